//! `comity stix match`: patterns against observed data.

use std::path::PathBuf;

use anyhow::Context;
use clap::ArgGroup;
use serde_json::{Value as Json, json};
use stix::{
    json::Value,
    pattern::{Limits, Matcher, Observed, Pattern},
    pattern_set::{PatternIndex, PatternSet, PatternSetBuilder, SetLimits},
};

use super::{
    batch,
    files::{UNREADABLE, read, unreadable, values},
};
use crate::{
    args::NodeArgs,
    output::{self, Failure},
};

const AFTER: &str = "\
Examples:
  comity stix match --pattern \"[ipv4-addr:value = '198.51.100.3']\" observed.json
  comity stix match --patterns patterns.txt --json *.json
  comity stix match --patterns patterns.txt --explain
  comity stix match --batch questions.jsonl

Each file is a bundle with observed-data objects and the observables that they refer to, or several,
one after the other. What is referred to is looked up within its bundle; all observations together
are what the patterns are held against.

--patterns reads one pattern a line, with # before comments, or JSON lines {\"id\": …, \"pattern\": …}.
--explain lists the patterns that no constant finds, which are tried on every observation.
--batch reads JSON lines {\"id\": …, \"pattern\": …, \"bundles\": [bundle…]} and answers each with
{\"id\": …, \"match\": true or false} or {\"id\": …, \"error\": {\"code\", \"message\", \"position\"}}.

Exit codes: 0 a pattern matches (--batch, --explain: done), 1 none does, 2 something cannot be read.";

/// Hold STIX patterns against observed data.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
#[command(group = ArgGroup::new("what").required(true).args(["pattern", "patterns", "batch"]))]
pub(crate) struct Match {
    /// One pattern.
    #[arg(long, value_name = "PATTERN")]
    pattern: Option<String>,
    /// A file of patterns.
    #[arg(long, value_name = "FILE")]
    patterns: Option<PathBuf>,
    /// A file of questions, each a pattern with its bundles; - is standard input.
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    batch: Option<PathBuf>,
    /// List the patterns that no constant finds, with the reason.
    #[arg(long, requires = "patterns")]
    explain: bool,
    /// Bundles with observed data; - is standard input.
    files: Vec<PathBuf>,
}

/// A pattern of a file.
struct Line {
    id: Json,
    text: String,
    number: usize,
}

impl Match {
    pub(crate) fn run(self, args: &NodeArgs) -> Result<u8, Failure> {
        if let Some(file) = &self.batch {
            return batch::run(file);
        }
        let lines = self.lines()?;
        let mut builder = PatternSetBuilder::new(SetLimits::default());
        for line in &lines {
            builder
                .add(&line.text)
                .with_context(|| line.described())
                .map_err(unreadable)?;
        }
        let set = builder.build();
        if self.explain {
            explain(&set, &lines, args.json);
        }
        if self.explain && self.files.is_empty() {
            return Ok(0);
        }
        if self.files.is_empty() {
            let none = anyhow::anyhow!("no file with observed data is named");
            return Err(Failure {
                hint: Some("- is standard input".to_owned()),
                ..unreadable(none)
            });
        }
        let texts = self
            .files
            .iter()
            .map(|file| read(file))
            .collect::<Result<Vec<_>, _>>()?;
        let mut documents = Vec::new();
        for (file, text) in self.files.iter().zip(&texts) {
            for document in values(file, text) {
                documents.push(document?);
            }
        }
        let mut observed = Vec::new();
        for document in &documents {
            let found = Observed::from_bundle(document.root());
            observed.extend(
                found
                    .context("the observed data cannot be used")
                    .map_err(unreadable)?,
            );
        }
        let answers = Answers {
            lines: &lines,
            observed: &observed,
            as_json: args.json,
        };
        answers.give(&set)
    }

    fn lines(&self) -> Result<Vec<Line>, Failure> {
        if let Some(text) = &self.pattern {
            let text = text.clone();
            return Ok(vec![Line {
                id: Json::Null,
                text,
                number: 0,
            }]);
        }
        let file = self.patterns.as_deref().context("no pattern is named")?;
        let reading = || format!("{} is not UTF-8 text", file.display());
        let text = String::from_utf8(read(file)?)
            .with_context(reading)
            .map_err(unreadable)?;
        let lines = text.lines().map(str::trim).enumerate();
        let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|(at, line)| Line::read(at + 1, line).map_err(unreadable))
            .collect()
    }
}

impl Line {
    fn read(number: usize, line: &str) -> anyhow::Result<Self> {
        if !line.starts_with('{') {
            return Ok(Self {
                id: json!(number),
                text: line.to_owned(),
                number,
            });
        }
        let described = || format!("line {number} of the patterns");
        let object: Json = serde_json::from_str(line).with_context(described)?;
        let text = object.get("pattern").and_then(Json::as_str);
        let text = text
            .context("a string \"pattern\" is missing")
            .with_context(described)?;
        let id = object.get("id").cloned().unwrap_or_else(|| json!(number));
        Ok(Self {
            id,
            text: text.to_owned(),
            number,
        })
    }

    fn described(&self) -> String {
        match self.number {
            0 => "the pattern cannot be used".to_owned(),
            number => format!("the pattern of line {number} cannot be used"),
        }
    }

    fn name(&self) -> String {
        match &self.id {
            Json::String(id) => id.clone(),
            id => id.to_string(),
        }
    }
}

/// The line of a pattern of the set.
fn line_of(lines: &[Line], index: PatternIndex) -> Option<&Line> {
    lines.get(usize::try_from(index.number()).ok()?)
}

/// What is said about each pattern.
struct Answers<'a> {
    lines: &'a [Line],
    observed: &'a [Observed<'a>],
    as_json: bool,
}

impl Answers<'_> {
    fn give(&self, set: &PatternSet) -> Result<u8, Failure> {
        let found = set.find_all(self.observed);
        let found = found
            .context("the observed data cannot be used")
            .map_err(unreadable)?;
        for index in &found.fulfilled {
            if let Some(line) = line_of(self.lines, *index) {
                self.show(line)?;
            }
        }
        for (index, error) in &found.failed {
            let line = line_of(self.lines, *index);
            let name = line.map(Line::name).unwrap_or_default();
            output::note(format_args!("pattern {name}: no answer: {error}"));
        }
        if !self.as_json {
            let (all, some) = (self.lines.len(), found.fulfilled.len());
            let observations = self.observed.len();
            output::note(format_args!(
                "{some} of {all} patterns match {observations} observations"
            ));
        }
        Ok(
            match (found.fulfilled.is_empty(), found.failed.is_empty()) {
                (_, false) => UNREADABLE,
                (empty, true) => u8::from(empty),
            },
        )
    }

    /// The pattern, and the observations of one match.
    fn show(&self, line: &Line) -> Result<(), Failure> {
        let pattern = Pattern::parse(&line.text)
            .context("the pattern")
            .map_err(unreadable)?;
        let matcher = Matcher::new(&pattern, &Limits::default());
        let found = matcher.and_then(|matcher| matcher.find(self.observed));
        let ids: Vec<&str> = found
            .ok()
            .flatten()
            .unwrap_or_default()
            .into_iter()
            .filter_map(|at| self.observed.get(at).map(Observed::id))
            .collect();
        if self.as_json {
            output::line(json!({"id": line.id, "pattern": line.text, "observed": ids}));
        } else {
            let name = if line.number == 0 {
                String::new()
            } else {
                format!("{}: ", line.name())
            };
            output::line(format_args!(
                "{name}{} matches {}",
                line.text,
                ids.join(", ")
            ));
        }
        Ok(())
    }
}

fn explain(set: &PatternSet, lines: &[Line], as_json: bool) {
    for (index, reason) in set.unindexed() {
        let Some(line) = line_of(lines, index) else {
            continue;
        };
        if as_json {
            let (id, text) = (&line.id, &line.text);
            output::line(json!({"id": id, "pattern": text, "unindexed": reason.to_string()}));
        } else {
            output::line(format_args!(
                "{}: tried on every observation: {reason}",
                line.name()
            ));
        }
    }
    let statistics = set.statistics();
    output::note(format_args!(
        "{} of {} patterns are found by no constant and tried on every observation",
        statistics.unindexed, statistics.patterns
    ));
}

/// The value of a member that must be a string.
pub(super) fn text<'d>(object: Value<'d>, name: &str) -> Option<&'d str> {
    object.get(name).and_then(Value::as_str)
}
