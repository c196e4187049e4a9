//! `cargo xtask bless`: what the program prints today becomes what the tests expect.

use anyhow::Result;

use crate::{args::Args, postgres::Cluster, shell};

/// Tests that compare with golden files of their own write them instead when this is set.
const VARIABLE: &str = "COMITY_BLESS";

pub(crate) fn run(args: Args) -> Result<()> {
    let rest = args.finish()?;
    let cluster = Cluster::start()?;
    shell::step("write the golden files anew");
    shell::run(
        shell::cargo()
            .args([
                "test",
                "--workspace",
                "--exclude",
                "e2e",
                "--no-fail-fast",
                "--quiet",
            ])
            .args(["--lib", "--bins", "--tests"])
            .args(rest)
            .env("INSTA_UPDATE", "always")
            .env("INSTA_FORCE_PASS", "1")
            .env(VARIABLE, "1")
            .env(crate::postgres::VARIABLE, cluster.address()),
    )?;
    println!("Done. Look at `git diff` before you commit: a golden file is a promise.");
    Ok(())
}
