//! A process that a journey starts, and that ends with it.

use std::{
    fs,
    process::{Child, ChildStdout, Command, ExitStatus},
};

use anyhow::{Context, Result, bail};

/// A process; it is ended when this is dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    /// What it is, for messages.
    name: &'static str,
}

impl Process {
    pub(crate) fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command.spawn();
        let child = child.with_context(|| format!("{name} cannot be started"))?;
        Ok(Self { child, name })
    }

    /// What it prints, if that was piped.
    pub(crate) fn stdout(&mut self) -> Result<ChildStdout> {
        let output = self.child.stdout.take();
        output.with_context(|| format!("no output of {}", self.name))
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Sends it a signal, such as `TERM`.
    pub(crate) fn signal(&self, signal: &str) -> Result<()> {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([format!("-{signal}"), id])
            .status()?;
        if !sent.success() {
            bail!("{} had ended already", self.name);
        }
        Ok(())
    }

    /// The most memory that it has had, in KiB, as long as it runs.
    pub(crate) fn peak_kib(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|line| line.split_whitespace().next());
        Ok(peak.context("the system does not say the peak")?.parse()?)
    }

    /// Waits for its end and returns its exit code.
    pub(crate) fn wait(&mut self) -> Result<Option<i32>> {
        Ok(self.child.wait()?.code())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Ok(None) = self.child.try_wait()
            && let Err(error) = self.child.kill().and_then(|()| self.child.wait().map(drop))
        {
            eprintln!("{} did not end: {error}", self.name);
        }
    }
}
