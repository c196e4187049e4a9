//! `comity stix fmt`: STIX for people, or in its canonical form.

use std::path::PathBuf;

use anyhow::Context;
use stix::{ReadLimits, Stream, json, pretty};

use super::files::{open, read, unreadable, values};
use crate::output::{self, Failure};

const AFTER: &str = "\
Examples:
  comity stix fmt bundle.json
  comity stix fmt --canonical bundle.json

Values keep their text, such as the digits of times. --canonical prints one object a line in the form
of RFC 8785, without the bundle around them.

Exit codes: 0 done, 2 a file cannot be read.";

/// Print STIX indented, properties in the order of the specification.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Fmt {
    /// A bundle, an array or single objects; - is standard input.
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Print the canonical form (RFC 8785), one object a line.
    #[arg(long)]
    canonical: bool,
}

impl Fmt {
    pub(crate) fn run(self) -> Result<u8, Failure> {
        if self.canonical {
            self.canonical()?;
        } else {
            self.indented()?;
        }
        Ok(0)
    }

    fn canonical(&self) -> Result<(), Failure> {
        let mut stream = Stream::new(open(&self.file)?, ReadLimits::default());
        let reading = || format!("{} cannot be read on", self.file.display());
        loop {
            let mut text = Ok(String::new());
            let next = stream.next(|object| text = json::canonical(object));
            if next.with_context(reading).map_err(unreadable)?.is_none() {
                return Ok(());
            }
            output::line(text.with_context(reading).map_err(unreadable)?);
        }
    }

    /// One value after the other, each with all that is in it.
    fn indented(&self) -> Result<(), Failure> {
        let text = read(&self.file)?;
        for document in values(&self.file, &text) {
            output::line(pretty(document?.root()));
        }
        Ok(())
    }
}
