//! `comity stix lift`: STIX 2.0 as STIX 2.1.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufWriter, Write},
    path::PathBuf,
};

use anyhow::Context;
use kernel::{OsRng, random_array};
use serde_json::json;
use stix::{
    json::{Document, Limits, Spare, Value},
    lift::{Change, lift_bundle, lift_object},
    pretty,
};

use super::files::{read, unreadable};
use crate::output::{self, Failure};

const AFTER: &str = "\
Examples:
  comity stix lift old.json > new.json
  comity stix lift --changes changes.jsonl old.json > new.json

What STIX 2.1 has no place for is kept under a name of one's own (x_…). What is STIX 2.1 already stays
as it is. How many changes there were is said on standard error; --changes writes each, one JSON
object a line: {\"pointer\", \"code\", \"what\"}, where the pointer leads into the input.

Exit codes: 0 done, 2 the file cannot be read.";

/// Lift STIX 2.0 to 2.1, and list what changed.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Lift {
    /// A bundle or single objects; - is standard input.
    #[arg(default_value = "-")]
    file: PathBuf,
    /// Write each change to this file.
    #[arg(long, value_name = "FILE")]
    changes: Option<PathBuf>,
}

impl Lift {
    pub(crate) fn run(self) -> Result<u8, Failure> {
        let bytes = read(&self.file)?;
        let limits = Limits {
            bytes_max: usize::MAX,
            ..Limits::default()
        };
        let mut list = self.list()?;
        let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
        let mut rest = bytes.as_slice().trim_ascii();
        while !rest.is_empty() {
            let before = bytes.len() - rest.len();
            let reading = || {
                format!(
                    "{} cannot be read from byte {before} on",
                    self.file.display()
                )
            };
            let parsed = Document::parse_prefix(rest, &limits, Spare::default());
            let (document, taken) = parsed.with_context(reading).map_err(unreadable)?;
            for change in lift(document.root())? {
                *counts.entry(change.what.code()).or_default() += 1;
                if let Some(list) = &mut list {
                    let (pointer, code) = (&change.pointer, change.what.code());
                    let what = change.to_string();
                    writeln!(
                        list,
                        "{}",
                        json!({"pointer": pointer, "code": code, "what": what})
                    )?;
                }
            }
            rest = rest.get(taken..).unwrap_or_default().trim_ascii_start();
        }
        if let Some(mut list) = list {
            list.flush()?;
        }
        if counts.is_empty() {
            output::note("nothing to change: this is STIX 2.1 already");
        }
        for (code, count) in counts {
            output::note(format_args!("{count:>7} {code}"));
        }
        Ok(0)
    }

    fn list(&self) -> Result<Option<BufWriter<File>>, Failure> {
        let Some(path) = &self.changes else {
            return Ok(None);
        };
        let made = File::create(path);
        let made = made.with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Some(BufWriter::new(made)))
    }
}

/// Prints what becomes of a value and gives what changed.
fn lift(value: Value<'_>) -> Result<Vec<Change>, Failure> {
    let mut random = || random_array(&OsRng);
    if value.get("type").and_then(Value::as_str) == Some("bundle") {
        let lifted = lift_bundle(value, &mut random);
        print(&lifted.json)?;
        return Ok(lifted.changes);
    }
    let lifted = lift_object(value, &mut random);
    for object in &lifted.objects {
        print(object)?;
    }
    Ok(lifted.changes)
}

fn print(text: &str) -> Result<(), Failure> {
    let limits = Limits {
        bytes_max: usize::MAX,
        ..Limits::default()
    };
    let document = Document::parse_with(text.as_bytes(), &limits, Spare::default())?;
    output::line(pretty(document.root()));
    Ok(())
}
