//! `cargo xtask check`: all that must hold before a change lands.

use anyhow::Result;

use crate::{args::Args, shell, test, tidy};

pub(crate) fn run(args: Args) -> Result<()> {
    if !args.finish()?.is_empty() {
        anyhow::bail!("check takes no arguments: it checks everything");
    }
    shell::step("format");
    shell::run(shell::cargo().args(["fmt", "--all", "--check"]))?;
    tidy::run(Args::new([]))?;
    shell::step("lints");
    shell::run(shell::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))?;
    shell::step("documentation");
    shell::run(
        shell::cargo()
            .args(["doc", "--workspace", "--no-deps", "--quiet"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    deny()?;
    test::run(Args::new([]))
}

/// Licences, bans and sources of all dependencies.
fn deny() -> Result<()> {
    shell::step("dependencies");
    if !shell::succeeds(shell::cargo().args(["deny", "--version"])) {
        println!(
            "note: cargo-deny is not here, so licences, bans and sources were NOT checked\n\
             hint: cargo install --locked cargo-deny"
        );
        return Ok(());
    }
    shell::run(shell::cargo().args(["deny", "check", "licenses", "bans", "sources"]))
}
