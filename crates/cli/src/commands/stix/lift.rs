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
    json::{Document, Spare, Value},
    lift::{Change, lift_bundle, lift_object},
    pretty,
};

use super::files::{any_size, read, values};
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
        let text = read(&self.file)?;
        let mut list = self.list()?;
        let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
        for document in values(&self.file, &text) {
            for change in lift(document?.root())? {
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
    let document = Document::parse_with(text.as_bytes(), &any_size(), Spare::default())?;
    output::line(pretty(document.root()));
    Ok(())
}
