//! `comity stix`: STIX files, without a node.

mod batch;
mod check;
mod files;
mod fmt;
mod lift;
mod matches;

use clap::Subcommand;

use crate::{args::NodeArgs, output::Failure};

pub(crate) const AFTER: &str = "\
Examples:
  comity stix check bundle.json
  comity stix match --pattern \"[ipv4-addr:value = '198.51.100.3']\" observed.json
  comity stix match --patterns patterns.txt observed.json
  comity stix lift old.json > new.json
  comity stix fmt bundle.json

A file is a bundle, an array of objects, or objects one after the other; - is standard input.

Exit codes: 0 done, valid or found, 1 not so, 2 something cannot be read.";

/// Check, match, lift and format STIX.
#[derive(Debug, Subcommand)]
pub(crate) enum Stix {
    Check(check::Check),
    Match(matches::Match),
    Lift(lift::Lift),
    Fmt(fmt::Fmt),
}

impl Stix {
    pub(crate) fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        match self {
            Self::Check(command) => Ok(command.run(args)),
            Self::Match(command) => command.run(args),
            Self::Lift(command) => command.run(),
            Self::Fmt(command) => command.run(),
        }
    }
}
