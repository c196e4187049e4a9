//! The binary `comity`: one file a command.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod heaps;
mod meter;
mod output;
mod postgres;
mod transfer;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = args::Args::parse();
    match commands::run(args) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output::failure(&failure);
            ExitCode::from(failure.exit)
        }
    }
}
