//! The real binary, run and served.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

/// Runs a command at a data folder.
pub(crate) fn comity(data: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_comity"))
        .args(words)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap()
}

/// What a command prints that does its work.
pub(crate) fn done(data: &Path, words: &[&str]) -> String {
    let output = comity(data, words);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// What such a command prints as JSON.
pub(crate) fn told(data: &Path, words: &[&str]) -> Value {
    serde_json::from_str(&done(data, words)).unwrap()
}

/// What a command says that fails.
pub(crate) fn refused(data: &Path, words: &[&str]) -> String {
    let output = comity(data, words);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{words:?}: {errors}");
    errors
}

/// What the doctor of a node finds of one thing.
pub(crate) fn found(data: &Path, what: &str) -> Vec<Value> {
    let output = comity(data, &["doctor", "--json"]);
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    found
        .into_iter()
        .filter(|row| row["what"] == what)
        .collect()
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The nodes of XA and XB; XB is a peer of XA by its card. Gives the fingerprint of XB.
pub(crate) fn neighbours(here: &Path, there: &Path) -> String {
    done(here, &["init", "--party", "XA"]);
    let other = told(there, &["init", "--party", "XB", "--json"]);
    let digits = other.get("fingerprint").and_then(Value::as_str).unwrap();
    let card = there.with_extension("card.json");
    fs::write(&card, done(there, &["peer", "card"])).unwrap();
    done(here, &["peer", "add", text(&card), "--fingerprint", digits]);
    digits.to_owned()
}

/// A node that serves until it is dropped.
pub(crate) struct Serving {
    process: Child,
    pub(crate) federation: String,
}

impl Serving {
    /// Starts one on free ports.
    pub(crate) fn start(data: &Path, words: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_comity"))
            .args(["serve", "--web", "127.0.0.1:0", "--data", text(data)])
            .args(words)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
        let line = said.find(|line| line.as_ref().unwrap().contains(" for nodes"));
        let line = line.unwrap().unwrap();
        let federation = line.split_whitespace().rev().nth(2).unwrap().to_owned();
        // What it logs is read and dropped, so that it never waits for a reader.
        std::thread::spawn(move || said.for_each(drop));
        Self {
            process,
            federation,
        }
    }
}

impl Serving {
    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
