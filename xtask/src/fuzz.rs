//! `cargo xtask fuzz`: the parsers of what comes from outside, fed with rubbish.

use std::{collections::BTreeSet, fs, path::PathBuf, process::Command};

use anyhow::{Context, Result, bail};

use crate::{args::Args, shell};

const SECONDS: u64 = 600;
/// The longest input that is kept.
const KEPT_BYTES_MAX: usize = 500;

pub(crate) fn run(mut args: Args) -> Result<()> {
    let seconds = match args.value("--seconds")? {
        None => SECONDS,
        Some(text) => text
            .parse()
            .with_context(|| format!("--seconds {text:?} is not a number"))?,
    };
    let keeps = args.flag("--keep");
    let wanted = args.positional();
    args.finish()?;
    if !shell::succeeds(shell::cargo().args(["fuzz", "--version"])) {
        shell::step("install cargo-fuzz");
        shell::run(shell::cargo().args(["install", "--locked", "cargo-fuzz"]))?;
    }
    let all = shell::output(shell::cargo().args(["fuzz", "list"]))?;
    let targets: Vec<_> = all
        .split_whitespace()
        .filter(|target| wanted.as_deref().is_none_or(|name| name == *target))
        .collect();
    if targets.is_empty() {
        bail!(
            "there is no such target; there are: {}",
            all.split_whitespace().collect::<Vec<_>>().join(" ")
        );
    }
    shell::step("write the seeds");
    shell::run(shell::cargo().args([
        "run",
        "--quiet",
        "--manifest-path",
        "fuzz/Cargo.toml",
        "--example",
        "seeds",
    ]))?;
    for target in targets {
        let corpus = Corpus::of(target);
        corpus.fill()?;
        shell::step(&format!("fuzz {target} for {seconds} s"));
        shell::run(
            chore("run", target)
                .arg("--")
                .arg(format!("-max_total_time={seconds}"))
                .args(["-max_len=262144", "-timeout=10", "-rss_limit_mb=2048"]),
        )?;
        if keeps {
            shell::step(&format!("keep what {target} has learned"));
            shell::run(&mut chore("cmin", target))?;
            corpus.keep()?;
        }
    }
    Ok(())
}

/// The sanitizer flags are unstable; a stable compiler takes them for these targets alone.
fn chore(word: &str, target: &str) -> Command {
    let mut command = shell::cargo();
    command.args(["fuzz", word, target]);
    command.env("RUSTC_BOOTSTRAP", "1");
    command
}

/// The inputs of a target: a folder that grows with each run, and the file of those that are kept.
struct Corpus {
    folder: PathBuf,
    kept: PathBuf,
}

impl Corpus {
    fn of(target: &str) -> Self {
        let fuzz = shell::root().join("fuzz");
        Self {
            folder: fuzz.join("corpus").join(target),
            kept: fuzz.join("kept").join(format!("{target}.jsonl")),
        }
    }

    /// Puts what is kept beside the seeds.
    fn fill(&self) -> Result<()> {
        if !self.kept.exists() {
            return Ok(());
        }
        let kept = fs::read_to_string(&self.kept)
            .with_context(|| format!("{} cannot be read", self.kept.display()))?;
        fs::create_dir_all(&self.folder)?;
        for (at, line) in kept.lines().enumerate() {
            let input: String = serde_json::from_str(line).with_context(|| {
                let file = self.kept.display();
                format!("line {} of {file} is no JSON string", at + 1)
            })?;
            fs::write(self.folder.join(format!("kept-{at}")), input)?;
        }
        Ok(())
    }

    /// Writes down the inputs that are text and short, as one JSON string a line.
    fn keep(&self) -> Result<()> {
        let mut inputs = BTreeSet::new();
        for entry in fs::read_dir(&self.folder)? {
            if let Ok(text) = fs::read_to_string(entry?.path())
                && text.len() <= KEPT_BYTES_MAX
            {
                inputs.insert(text);
            }
        }
        let mut lines = String::new();
        for input in &inputs {
            lines.push_str(&serde_json::to_string(input)?);
            lines.push('\n');
        }
        let folder = self.kept.parent().context("a file stands in a folder")?;
        fs::create_dir_all(folder)?;
        fs::write(&self.kept, lines)
            .with_context(|| format!("{} cannot be written", self.kept.display()))
    }
}
