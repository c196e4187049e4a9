//! `cargo xtask fuzz`: the parsers of what comes from outside, fed with rubbish.

use anyhow::{Context, Result, bail};

use crate::{args::Args, shell};

const SECONDS: u64 = 600;

pub(crate) fn run(mut args: Args) -> Result<()> {
    let seconds = match args.value("--seconds")? {
        None => SECONDS,
        Some(text) => text
            .parse()
            .with_context(|| format!("--seconds {text:?} is not a number"))?,
    };
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
        shell::step(&format!("fuzz {target} for {seconds} s"));
        // The sanitizer flags are unstable; a stable compiler takes them for these targets alone.
        shell::run(
            shell::cargo()
                .args(["fuzz", "run", target, "--"])
                .arg(format!("-max_total_time={seconds}"))
                .args(["-max_len=262144", "-timeout=10", "-rss_limit_mb=2048"])
                .env("RUSTC_BOOTSTRAP", "1"),
        )?;
    }
    Ok(())
}
