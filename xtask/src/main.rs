//! The chores of the project: check, test, tidy, bless, fuzz, audit, bench, postgres.
//!
//! `cargo xtask` without arguments says what there is. Everything here runs on a machine that has
//! Rust and nothing else; what is missing is installed where that is allowed, and named otherwise.
#![forbid(unsafe_code)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore speaks to the person who started it"
)]

mod args;
mod audit;
mod bench;
mod bless;
mod browser;
mod build_figure;
mod check;
mod debian;
mod fuzz;
mod machine;
mod match_figures;
mod peers;
mod postgres;
mod process_figures;
mod shell;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::args::Args;

const USAGE: &str = "\
The chores of the project.

Usage: cargo xtask COMMAND [OPTIONS]

  check                         all that must hold before a change lands: fmt, clippy, doc,
                                test, deny, tidy
  test [-p CRATE]... [--no-browser] [-- RUNNER ARGUMENTS]
                                all tests, with a PostgreSQL and a browser that it finds or installs
  tidy                          the rules of the house that no compiler checks
  bless                         write the golden files anew; look at the difference before you commit
  fuzz [TARGET] [--seconds N] [--keep]
                                fuzz one target or all of them, 600 seconds each by default;
                                --keep writes what they have learned to fuzz/kept
  audit                         known vulnerabilities in dependencies, where their list can be had
  bench [AREA] [--json]         measure ledger, messages, register, stix, match and process, or one
                                of them or build; exit code 0 only when every bar holds
  postgres [-- COMMAND...]      a scratch PostgreSQL for COMMAND (COMITY_TEST_POSTGRES), or until
                                Ctrl-C
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut args = Args::from_env();
    let Some(command) = args.positional() else {
        print!("{USAGE}");
        return Ok(());
    };
    match command.as_str() {
        "check" => check::run(args),
        "test" => test::run(args),
        "tidy" => tidy::run(args),
        "bless" => bless::run(args),
        "fuzz" => fuzz::run(args),
        "audit" => audit::run(args),
        "bench" => bench::run(args),
        "postgres" => postgres::run(args),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command {other:?}; `cargo xtask help` lists them"),
    }
}
