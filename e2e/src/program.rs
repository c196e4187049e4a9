//! The program `comity` as a person starts it.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, bail};

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

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command.stdin(Stdio::null());
        command
    }
}

/// The demo with its three consoles, until this is dropped.
#[derive(Debug)]
pub struct Demo {
    process: Child,
    /// Kept open: a program that cannot print ends.
    output: BufReader<ChildStdout>,
    said: String,
}

impl Demo {
    /// Starts it and waits until it has told the story and said `ready_line`.
    pub fn start(program: &Program, ready_line: &str) -> Result<Self> {
        let mut process = program
            .command()
            .args(["demo", "--fast"])
            .stdout(Stdio::piped())
            .spawn()?;
        let output = process.stdout.take().context("no output of the demo")?;
        let mut demo = Self {
            process,
            output: BufReader::new(output),
            said: String::new(),
        };
        loop {
            let begin = demo.said.len();
            if demo.output.read_line(&mut demo.said)? == 0 {
                bail!("the demo ended before it was ready:\n{}", demo.said);
            }
            if demo
                .said
                .get(begin..)
                .is_some_and(|line| line.contains(ready_line))
            {
                return Ok(demo);
            }
        }
    }

    /// What it has printed so far.
    pub fn said(&self) -> &str {
        &self.said
    }

    /// Asks it to end, as Ctrl-C does, and returns its exit code.
    pub fn stop(mut self) -> Result<Option<i32>> {
        let id = self.process.id().to_string();
        let asked = Command::new("kill").args(["-INT", &id]).status()?;
        if !asked.success() {
            bail!("the demo had ended already");
        }
        self.output.read_to_string(&mut self.said)?;
        Ok(self.process.wait()?.code())
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        if let Ok(None) = self.process.try_wait()
            && let Err(error) = self
                .process
                .kill()
                .and_then(|()| self.process.wait().map(drop))
        {
            eprintln!("the demo did not end: {error}");
        }
    }
}
