//! `comity match compile`: lists of indicators as one file that is ready at once.

use std::{fs, path::PathBuf};

use anyhow::Context;
use clap::Args;
use kernel::{Clock, SystemClock};
use matcher::Provenance;

use super::{lists, show, told::counted};
use crate::{
    args::NodeArgs,
    output::{self, Failure},
};

const AFTER: &str = "\
Examples:
  comity match compile -o feed.cset feed.csv bundle.json misp-event.json
  comity match --indicators feed.cset access.log

The file is written beside its place and then exchanged for what is there, so that a search under
way goes on with the old one, and a stream goes over to the new one.

Exit codes: 0 done, 2 a list cannot be read, or there is nothing in it.";

/// Make one file of lists of indicators, ready at once.
#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(super) struct Compile {
    /// The file to write.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Lists of indicators: files, folders or patterns; - is standard input.
    #[arg(value_name = "LIST", required = true)]
    lists: Vec<PathBuf>,
    #[command(flatten)]
    reading: lists::Reading,
}

impl Compile {
    pub(super) fn run(&self, args: &NodeArgs) -> Result<u8, Failure> {
        let now = SystemClock.now();
        let loading = lists::Loading {
            files: &self.lists,
            collections: None,
            reading: &self.reading,
            max_marking: None,
            now,
            quiet: false,
        };
        let is_other = |metadata: fs::Metadata| !metadata.is_file();
        if fs::metadata(&self.output).is_ok_and(is_other) {
            return Err(anyhow::anyhow!("{} is no file", self.output.display()).into());
        }
        let lists::Compiled { set, notes } = loading.compile()?;
        if set.is_empty() {
            return Err(anyhow::anyhow!("there are no indicators, and no set is written").into());
        }
        let provenance = Provenance {
            program: "comity".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            made_us: now.as_micros(),
            notes,
        };
        set.write(&self.output, &provenance)
            .with_context(|| format!("{} cannot be written", self.output.display()))?;
        if args.json {
            show::print(&set, &provenance, true)?;
        } else {
            output::note(format!("{}: {}", self.output.display(), counted(set.len())));
        }
        Ok(0)
    }
}
