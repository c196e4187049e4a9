//! The program `comity` as a person starts it.

use std::{
    ffi::OsStr,
    path::PathBuf,
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

use crate::variable;

/// The built binary.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
}

/// How it ended and what it said.
#[derive(Debug)]
pub struct Finished {
    /// Nothing when a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Finished {
    /// Itself if it ended with this code, else what it said.
    pub fn expect(self, code: i32) -> Result<Self> {
        if self.code == Some(code) {
            return Ok(self);
        }
        bail!(
            "exit code {:?}, not {code}\n{}{}",
            self.code,
            self.stdout,
            self.stderr
        );
    }
}

impl Program {
    pub fn find() -> Result<Self> {
        let path = variable("COMITY_TEST_BIN")?;
        if !path.is_file() {
            bail!("{} is not built: run `cargo build -p cli`", path.display());
        }
        Ok(Self { path })
    }

    /// Runs it to its end.
    pub fn run<I: IntoIterator<Item: AsRef<OsStr>>>(&self, args: I) -> Result<Finished> {
        let output = self.command().args(args).output()?;
        Ok(Finished {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout)?,
            stderr: String::from_utf8(output.stderr)?,
        })
    }

    /// The program, which the system refuses more memory of its own than so many KiB.
    pub(crate) fn within(&self, memory_kib: Option<u64>) -> Command {
        let Some(kib) = memory_kib else {
            return self.command();
        };
        let mut command = Command::new("sh");
        let script = format!("ulimit -d {kib} && exec \"$0\" \"$@\"");
        command.args(["-c", &script]).arg(&self.path);
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.stdin(Stdio::null());
        command
    }
}
