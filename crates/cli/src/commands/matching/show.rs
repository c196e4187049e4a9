//! `comity match show`: what is in a compiled set.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use kernel::{Timestamp, Tlp};
use matcher::{Provenance, Set};
use serde::Serialize;
use serde_json::json;

use super::{aim::Aim, print::Known, told::counted};
use crate::{
    args::NodeArgs,
    output::{self, Failure},
};

const AFTER: &str = "\
Examples:
  comity match show feed.cset
  comity match show --all feed.cset > indicators.jsonl

Exit codes: 0 done, 2 the set cannot be read.";

/// Say what is in a compiled set.
#[derive(Args, Debug)]
#[command(after_help = AFTER)]
pub(super) struct Show {
    /// Print each indicator, a line of JSON each, rules and patterns too.
    #[arg(long)]
    all: bool,
    /// Print only indicators that may be shown to readers of this label.
    #[arg(long, value_name = "LABEL", requires = "all")]
    max_marking: Option<Tlp>,
    /// The compiled set.
    #[arg(value_name = "SET")]
    set: PathBuf,
}

/// An indicator with its kind.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(flatten)]
    known: Known<'a>,
}

impl Show {
    pub(super) fn run(&self, args: &NodeArgs) -> Result<u8, Failure> {
        let set = Set::open(&self.set).with_context(|| self.set.display().to_string())?;
        if self.all {
            self.all_of(&set)?;
        } else {
            let provenance = set.provenance().cloned().unwrap_or_default();
            print(&set, &provenance, args.json)?;
        }
        match set.damage() {
            None => Ok(0),
            Some(damage) => {
                let damage = anyhow::Error::new(damage);
                Err(damage.context(self.set.display().to_string()).into())
            }
        }
    }

    fn all_of(&self, set: &Set) -> Result<(), Failure> {
        let aim = Aim {
            max_marking: self.max_marking,
            ..Aim::default()
        };
        let mut out = Vec::new();
        for (_, indicator) in set.indicators() {
            if aim.may_show(&indicator) {
                let kind = indicator.value.kind().name();
                let known = Known::of(&indicator);
                serde_json::to_writer(&mut out, &Line { kind, known })?;
                out.push(b'\n');
            }
            if out.len() > 1 << 16 {
                output::bytes(&out)?;
                out.clear();
            }
        }
        output::bytes(&out)
    }
}

/// Says what a set is made of.
pub(super) fn print(set: &Set, provenance: &Provenance, as_json: bool) -> Result<(), Failure> {
    let made = Timestamp::from_micros(provenance.made_us);
    if as_json {
        let kinds = set
            .counts()
            .map(|(kind, count)| (kind.name().to_owned(), json!(count)));
        return output::json(&json!({
            "program": provenance.program,
            "version": provenance.version,
            "made": made,
            "indicators": set.len(),
            "kinds": kinds.collect::<serde_json::Map<_, _>>(),
            "notes": provenance.notes,
        }));
    }
    output::line(format!(
        "{}, compiled at {made} by {} {}",
        counted(set.len()),
        provenance.program,
        provenance.version
    ));
    for (kind, count) in set.counts() {
        output::line(format!("  {:<14} {count}", kind.name()));
    }
    for (key, value) in &provenance.notes {
        output::line(format!("{key}: {value}"));
    }
    Ok(())
}
