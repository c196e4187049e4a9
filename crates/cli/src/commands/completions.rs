//! `comity completions`: for shells.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::{
    args::Args,
    output::{self, Failure},
};

const AFTER: &str = "\
Examples:
  comity completions bash > /etc/bash_completion.d/comity

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Print the completions of a shell.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Result<u8, Failure> {
        let mut text = Vec::new();
        clap_complete::generate(self.shell, &mut Args::command(), "comity", &mut text);
        output::bytes(&text)?;
        Ok(0)
    }
}
