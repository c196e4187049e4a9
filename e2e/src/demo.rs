//! The demo, told to its end, with its three consoles.

use std::{
    io::{BufRead, BufReader, Read},
    process::{ChildStdout, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{Browser, Program, node::enter, process::Process};

/// The step after which the consoles can be used.
const LAST_STEP: &str = "The three consoles are open";

/// The demo with its three consoles, until this is dropped.
#[derive(Debug)]
pub struct Demo {
    process: Process,
    /// Kept open: a program that cannot print ends.
    output: BufReader<ChildStdout>,
    steps: Vec<Value>,
}

impl Demo {
    /// Starts it and waits until it has told the story and opened the consoles.
    pub fn start(program: &Program) -> Result<Self> {
        let mut command = program.command();
        command
            .args(["demo", "--fast", "--json"])
            .stdout(Stdio::piped());
        let mut process = Process::start("the demo", &mut command)?;
        let mut demo = Self {
            output: BufReader::new(process.stdout()?),
            process,
            steps: Vec::new(),
        };
        loop {
            let mut line = String::new();
            if demo.output.read_line(&mut line)? == 0 {
                bail!("the demo ended before it was ready: {:#?}", demo.steps);
            }
            let step: Value = serde_json::from_str(&line)?;
            let title = step.get("title").and_then(Value::as_str);
            let ready = title == Some(LAST_STEP);
            demo.steps.push(step);
            if ready {
                return Ok(demo);
            }
        }
    }

    /// What it has told so far: one value a step.
    pub fn steps(&self) -> &[Value] {
        &self.steps
    }

    /// The value beside a label of the last step: a console's address, the password.
    pub fn told(&self, label: &str) -> Result<&str> {
        let facts = self.steps.last().and_then(|step| step.get("facts"));
        let facts = facts.and_then(Value::as_array).context("no facts")?;
        let fact = facts
            .iter()
            .find(|fact| fact.get(0).and_then(Value::as_str) == Some(label));
        let value = fact.and_then(|fact| fact.get(1)).and_then(Value::as_str);
        value.with_context(|| format!("the demo says nothing of {label}"))
    }

    /// Signs somebody in at the console of a party.
    pub fn sign_in(&self, browser: &Browser, party: &str, user: &str) -> Result<()> {
        enter(browser, self.told(party)?, (user, self.told("password")?))
    }

    /// Asks it to end, as Ctrl-C does, and returns its exit code.
    pub fn stop(mut self) -> Result<Option<i32>> {
        self.process.signal("INT")?;
        self.output.read_to_string(&mut String::new())?;
        self.process.wait()
    }
}
