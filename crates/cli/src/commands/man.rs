//! `comity man`: manual pages.

use std::{fs, path::PathBuf};

use clap::CommandFactory;

use crate::{
    args::Args,
    output::{self, Failure},
};

const AFTER: &str = "\
Examples:
  comity man | man -l -
  comity man /usr/local/share/man/man1

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Print the manual page, or write the pages of all commands into a folder.
#[derive(clap::Args, Debug)]
#[command(after_help = AFTER)]
pub(crate) struct Man {
    /// The folder.
    folder: Option<PathBuf>,
}

impl Man {
    pub(crate) fn run(self) -> Result<u8, Failure> {
        let command = Args::command();
        if let Some(folder) = self.folder {
            fs::create_dir_all(&folder)?;
            clap_mangen::generate_to(command, folder)?;
        } else {
            let mut text = Vec::new();
            clap_mangen::Man::new(command).render(&mut text)?;
            output::bytes(&text)?;
        }
        Ok(0)
    }
}
