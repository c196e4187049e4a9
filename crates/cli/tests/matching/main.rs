//! `comity match` from the outside: what it reads, prints and exits with.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod lists;
mod live;
mod outputs;
mod published;
mod sets;

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with files, and runs of the program in it.
struct Bench {
    folder: TempDir,
}

/// What a run came to.
#[derive(Debug)]
struct Run {
    code: i32,
    out: String,
    notes: String,
}

impl Bench {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let bench = Self {
            folder: TempDir::new().unwrap(),
        };
        for (name, bytes) in files {
            bench.write(name, bytes);
        }
        bench
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
        command
            .arg("match")
            .args(words)
            .current_dir(self.path())
            .env_remove("COMITY_DATA");
        command
    }

    fn run(&self, words: &[&str]) -> Run {
        self.run_with(words, b"")
    }

    /// With standard input.
    fn run_with(&self, words: &[&str], input: &[u8]) -> Run {
        let mut child = self
            .command(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        // A run that ends early has read enough.
        let _closed = stdin.write_all(input);
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            notes: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What is found, as lines of JSON.
    fn found(&self, words: &[&str]) -> Vec<Value> {
        let mut all = words.to_vec();
        all.push("--json");
        self.run(&all).json()
    }
}

impl Run {
    fn json(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// One member of each line, as text.
fn each<'v>(lines: &'v [Value], pointer: &str) -> Vec<&'v str> {
    let text = |line: &'v Value| line.pointer(pointer).and_then(Value::as_str);
    lines.iter().map(|line| text(line).unwrap_or("")).collect()
}
