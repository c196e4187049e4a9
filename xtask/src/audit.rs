//! `cargo xtask audit`: known vulnerabilities in dependencies.

use anyhow::Result;

use crate::{args::Args, shell};

/// The list of advisories is fetched over the network, which not every machine may do: that it
/// could not be had is said, and is no failure. A vulnerability that was found is one.
pub(crate) fn run(args: Args) -> Result<()> {
    args.finish()?;
    shell::step("advisories");
    if !shell::succeeds(shell::cargo().args(["deny", "--version"])) {
        println!(
            "note: cargo-deny is not here, so advisories were NOT checked\n\
             hint: cargo install --locked cargo-deny"
        );
        return Ok(());
    }
    if let Err(error) = shell::run(shell::cargo().args(["deny", "fetch", "db"])) {
        println!("note: {error:#}");
        println!("note: the list of advisories could not be had, so they were NOT checked");
        return Ok(());
    }
    shell::run(shell::cargo().args(["deny", "check", "advisories"]))
}
