//! `comity incident`: incidents from files of other formats, and into them.

mod export;
mod import;

use crate::{args::NodeArgs, output::Failure};

pub(crate) const AFTER: &str = "\
Examples:
  comity incident import vcdb/data/json/validated
  comity incident import cases.csv --preview
  comity incident export --as veris incidents.json

docs/users/incident-formats.md says what becomes of each field, and what each format loses.

Exit codes: 0 done, 1 failed, 2 wrong usage or unreadable file, 3 done as far as listed.";

/// Take incidents in from VERIS, CSV, STIX and MISP, and write them as these and as IODEF.
#[derive(clap::Subcommand, Debug)]
pub(crate) enum Incident {
    Import(import::ImportIncidents),
    Export(export::ExportIncidents),
}

impl Incident {
    pub(crate) async fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        match self {
            Self::Import(command) => command.run(args).await,
            Self::Export(command) => command.run(args).await,
        }
    }
}
