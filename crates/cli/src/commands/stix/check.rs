//! `comity stix check`: what is wrong with STIX objects.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::Context;
use serde_json::json;
use stix::{
    ReadLimits, Seen, Stream,
    check::{Finding, Report, Severity, check_bundle, check_object},
    json::{Document, Value},
};

use super::files::{UNREADABLE, open, unreadable};
use crate::{
    args::NodeArgs,
    output::{self, Failure},
};

const AFTER: &str = "\
Examples:
  comity stix check bundle.json
  comity stix check --errors *.json
  comity stix check --json bundle.json | jq .code

An error is a MUST of STIX 2.1 that is not kept, a warning a SHOULD. Warnings that several objects
share are shown once, with their number; --json prints each, one a line.

Exit codes: 0 no errors, 1 errors, 2 a file cannot be read.";

/// Say what is wrong with STIX 2.1 objects.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Check {
    /// Bundles, arrays or single objects; - is standard input.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Leave out warnings.
    #[arg(long)]
    errors: bool,
}

/// What a file came to.
#[derive(Default)]
struct Sum {
    objects: u64,
    errors: u64,
    warnings: u64,
}

impl Check {
    pub(crate) fn run(self, args: &NodeArgs) -> u8 {
        let (mut faulty, mut unread) = (false, false);
        for file in &self.files {
            match self.examine(file, args.json) {
                Ok(sum) => faulty |= sum.errors > 0,
                Err(failure) => {
                    unread = true;
                    output::failure(&failure);
                }
            }
        }
        if unread { UNREADABLE } else { u8::from(faulty) }
    }

    fn examine(&self, file: &Path, as_json: bool) -> Result<Sum, Failure> {
        let name = file.display().to_string();
        let mut stream = Stream::new(open(file)?, ReadLimits::default());
        let mut sum = Sum::default();
        let mut shared = Shared::default();
        loop {
            let mut findings = Vec::new();
            let mut id = String::new();
            let seen = stream.step(|object| {
                id = name_of(object);
                findings = self.findings(|report| check_object(object, report));
            });
            let reading = || format!("{name} cannot be read on");
            let Some(seen) = seen.with_context(reading).map_err(unreadable)? else {
                break;
            };
            let number = match seen {
                Seen::Object(place) => {
                    sum.objects += 1;
                    Some(place.in_bundle.unwrap_or(sum.objects - 1))
                }
                Seen::Bundle(bundle) => {
                    let members = Document::parse(bundle.as_json().as_bytes());
                    let members = members.with_context(reading).map_err(unreadable)?;
                    id = name_of(members.root());
                    findings = self.findings(|report| {
                        check_bundle(members.root(), bundle.objects(), report);
                    });
                    None
                }
            };
            for finding in findings {
                match finding.severity {
                    Severity::Error => sum.errors += 1,
                    Severity::Warning => sum.warnings += 1,
                }
                if as_json {
                    json_line(&name, number, &id, &finding);
                } else if finding.severity == Severity::Error {
                    output::line(format_args!("{name}: {id}: {finding}"));
                } else {
                    shared.add(&id, finding);
                }
            }
        }
        if !as_json {
            shared.show(&name);
            sum.show(&name);
        }
        Ok(sum)
    }

    fn findings<'d>(&self, check: impl FnOnce(&mut Report<'d>)) -> Vec<Finding> {
        let mut report = if self.errors {
            Report::of_errors()
        } else {
            Report::default()
        };
        check(&mut report);
        report.into_findings()
    }
}

/// Warnings by what they say, each with the first object that has it and how many have it.
#[derive(Default)]
struct Shared(BTreeMap<(&'static str, String), (String, Finding, u64)>);

impl Shared {
    fn add(&mut self, id: &str, finding: Finding) {
        let key = (finding.code, finding.message.clone());
        let (_, _, count) = self
            .0
            .entry(key)
            .or_insert_with(|| (id.to_owned(), finding, 0));
        *count += 1;
    }

    fn show(&self, name: &str) {
        for (id, finding, count) in self.0.values() {
            match count - 1 {
                0 => output::line(format_args!("{name}: {id}: {finding}")),
                more => output::line(format_args!("{name}: {id} and {more} more: {finding}")),
            }
        }
    }
}

impl Sum {
    fn show(&self, name: &str) {
        let Self {
            objects,
            errors,
            warnings,
        } = self;
        let verdict = if *errors == 0 { "valid" } else { "INVALID" };
        output::note(format_args!(
            "{name}: {verdict}; {objects} objects, {errors} errors, {warnings} warnings"
        ));
    }
}

/// Of a bundle itself the number is null.
fn json_line(file: &str, number: Option<u64>, id: &str, finding: &Finding) {
    output::line(json!({
        "file": file,
        "object": number,
        "id": id,
        "severity": finding.severity.as_str(),
        "code": finding.code,
        "clause": finding.reference(),
        "pointer": finding.pointer,
        "message": finding.message,
    }));
}

/// What people call the object: its id, or its type.
fn name_of(object: Value<'_>) -> String {
    let text = |name| object.get(name).and_then(Value::as_str);
    let name = text("id").or_else(|| text("type")).unwrap_or("an object");
    name.chars().take(120).filter(|c| !c.is_control()).collect()
}
