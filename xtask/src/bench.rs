//! `cargo xtask bench`: the figures of `docs/performance.md`, measured anew.
//!
//! A crate with figures has a `benches/figures.rs` that prints one JSON object a line.

use std::{ffi::OsStr, process::Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    args::Args,
    build_figure, match_figures, peers,
    postgres::{self, Cluster},
    process_figures, shell,
};

/// Where the figures of an area come from.
#[derive(Clone, Copy)]
enum Source {
    /// The bench `figures` of this crate.
    Crate(&'static str),
    /// These benches of the STIX library, beside its peers.
    Stix(&'static [&'static str]),
    /// The program, asked over HTTP in this way, beside its peers.
    Http(&'static str),
    /// The program as a process.
    Process,
    /// The search for indicators, beside what people use for it today.
    Match,
    /// The build from nothing. It takes minutes, so it is measured only when it is named.
    Build,
}

const AREAS: [(&str, Source); 11] = [
    ("ledger", Source::Crate("audit")),
    ("messages", Source::Crate("testkit")),
    ("register", Source::Crate("incidents")),
    ("constituency", Source::Crate("constituency")),
    ("intel", Source::Crate("intel")),
    ("stix", Source::Stix(&["objects", "patterns"])),
    ("taxii", Source::Http("taxii")),
    ("misp", Source::Http("misp")),
    (match_figures::AREA, Source::Match),
    ("process", Source::Process),
    ("build", Source::Build),
];

pub(crate) fn run(mut args: Args) -> Result<()> {
    let as_json = args.flag("--json");
    let area = args.positional();
    args.finish()?;
    let chosen: Vec<Source> = AREAS
        .iter()
        .filter(|(name, source)| match &area {
            Some(area) => area == name,
            None => !matches!(source, Source::Build),
        })
        .map(|(_, source)| *source)
        .collect();
    if chosen.is_empty() {
        let names: Vec<_> = AREAS.iter().map(|(name, _)| *name).collect();
        bail!("nothing is measured there; areas: {}", names.join(" "));
    }
    let mut figures = Vec::new();
    for source in chosen {
        let measured = measure(source)?;
        for figure in &measured {
            if as_json {
                println!("{}", figure.json);
            } else {
                println!("{}", figure.line());
            }
        }
        figures.extend(measured);
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

fn measure(source: Source) -> Result<Vec<Figure>> {
    match source {
        Source::Crate(name) => {
            let cluster = Cluster::start()?;
            let address = OsStr::new(cluster.address());
            of_bench(name, "figures", &[(postgres::VARIABLE, address)])
        }
        Source::Stix(benches) => {
            let peers = peers::of_stix()?;
            let peers = peers
                .each_ref()
                .map(|(name, path)| (*name, path.as_os_str()));
            let mut figures = Vec::new();
            for bench in benches {
                figures.extend(of_bench("stix", bench, &peers)?);
            }
            Ok(figures)
        }
        Source::Http(area) => {
            shell::output(shell::cargo().args(["build", "--release", "--quiet", "-p", "cli"]))?;
            let program = shell::target().join("release/comity");
            let python = peers::clients()?;
            let cluster = Cluster::start()?;
            let variables = [
                ("COMITY_TEST_BIN", program.as_os_str()),
                ("COMITY_TEST_PYTHON", python.as_os_str()),
                (postgres::VARIABLE, OsStr::new(cluster.address())),
            ];
            run_bench("e2e", &["http", "--", area], &variables)
        }
        Source::Process => process_figures::measure(),
        Source::Match => match_figures::measure(),
        Source::Build => build_figure::measure(),
    }
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

/// Runs one bench of a crate, which finds its peers by variables; what it says beside its figures
/// goes to our standard error.
pub(crate) fn of_bench(name: &str, bench: &str, peers: &[(&str, &OsStr)]) -> Result<Vec<Figure>> {
    run_bench(name, &[bench], peers)
}

/// The same, with words for the bench.
fn run_bench(name: &str, bench: &[&str], peers: &[(&str, &OsStr)]) -> Result<Vec<Figure>> {
    eprintln!("==> measure {name}");
    let output = shell::cargo()
        .args(["bench", "--quiet", "-p", name, "--bench"])
        .args(bench)
        .envs(peers.iter().copied())
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
