//! `cargo xtask bench`: the figures of `docs/performance.md`, measured anew.
//!
//! Each crate with figures has a `benches/figures.rs` that prints one JSON object a line. The words
//! on the command line are prefixes of areas.

use std::{fs, process::Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    args::Args,
    postgres::{self, Cluster},
    process_figures, shell,
};

pub(crate) fn run(mut args: Args) -> Result<()> {
    let as_json = args.flag("--json");
    let area = args.positional();
    args.finish()?;
    let mut figures = Vec::new();
    let crates: Vec<_> = crates_with_figures()?
        .into_iter()
        .filter(|name| area.as_ref().is_none_or(|area| area == name))
        .collect();
    if !crates.is_empty() {
        let cluster = Cluster::start()?;
        for name in &crates {
            figures.extend(measure(name, cluster.address())?);
        }
    }
    if area
        .as_deref()
        .is_none_or(|area| area == process_figures::AREA)
    {
        figures.extend(process_figures::measure()?);
    }
    if figures.is_empty() {
        bail!(
            "nothing is measured there; areas: {} {}",
            crates_with_figures()?.join(" "),
            process_figures::AREA
        );
    }
    for figure in &figures {
        if as_json {
            println!("{}", figure.json);
        } else {
            println!("{}", figure.line());
        }
    }
    let missed: Vec<_> = figures.iter().filter(|figure| !figure.ok).collect();
    if !missed.is_empty() {
        let names: Vec<_> = missed.iter().map(|figure| figure.text("name")).collect();
        bail!(
            "{} of {} bars missed: {}",
            missed.len(),
            figures.len(),
            names.join(", ")
        );
    }
    Ok(())
}

/// One measured number.
#[derive(Debug)]
pub(crate) struct Figure {
    json: Value,
    ok: bool,
}

impl Figure {
    /// Reads `{"area","name","value","unit","peer","ratio","bar","ok"}`; `peer`, `ratio` and `bar`
    /// may be null.
    pub(crate) fn parse(line: &str) -> Result<Self> {
        Self::new(serde_json::from_str(line).with_context(|| format!("not JSON: {line}"))?)
    }

    pub(crate) fn new(json: Value) -> Result<Self> {
        for key in [
            "area", "name", "value", "unit", "peer", "ratio", "bar", "ok",
        ] {
            if json.get(key).is_none() {
                bail!("a figure without {key:?}: {json}");
            }
        }
        let ok = json.get("ok").and_then(Value::as_bool);
        let ok = ok.with_context(|| format!("`ok` is not a truth value: {json}"))?;
        Ok(Self { json, ok })
    }

    fn line(&self) -> String {
        let mark = if self.ok { "ok    " } else { "MISSED" };
        let mut line = format!(
            "{mark}  {:<11} {:<58} {:>12} {}",
            self.text("area"),
            self.text("name"),
            self.text("value"),
            self.text("unit")
        );
        for (key, prefix) in [("peer", "against"), ("ratio", "ratio"), ("bar", "bar")] {
            let text = self.text(key);
            if !text.is_empty() {
                line.extend(["  ", prefix, " ", &text]);
            }
        }
        line
    }

    fn text(&self, key: &str) -> String {
        match self.json.get(key) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        }
    }
}

fn crates_with_figures() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(shell::root().join("crates"))? {
        let entry = entry?;
        if entry.path().join("benches/figures.rs").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Runs the figures of one crate; what it says beside them goes to our standard error.
fn measure(name: &str, postgres: &str) -> Result<Vec<Figure>> {
    eprintln!("==> measure {name}");
    let output = shell::cargo()
        .args(["bench", "--quiet", "-p", name, "--bench", "figures"])
        .env(postgres::VARIABLE, postgres)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo bench")?;
    let text = String::from_utf8(output.stdout).context("the figures are not text")?;
    let (figures, other): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.starts_with('{'));
    for line in other {
        eprintln!("{line}");
    }
    // A harness may end with an error because a bar was missed: its figures say so themselves.
    if !output.status.success() && figures.is_empty() {
        bail!(
            "the figures of {name} could not be measured: {}",
            output.status
        );
    }
    figures.into_iter().map(Figure::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_names_everything() {
        let line = r#"{"area":"ledger","name":"append","value":0.97,"unit":"of plain inserts","peer":"INSERT","ratio":0.97,"bar":">= 0.95","ok":true}"#;
        let figure = Figure::parse(line).unwrap();
        assert!(figure.ok);
        assert!(figure.line().contains("bar >= 0.95"));
        assert!(Figure::parse(r#"{"area":"ledger","ok":true}"#).is_err());
        assert!(Figure::parse(&line.replace("true", "\"yes\"")).is_err());
    }
}
