//! A server of SMTP (aiosmtpd), in Python, on loopback.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

use crate::dovecot::PASSWORD;

const SERVER: &str = include_str!("smtpd.py");

pub(crate) struct Smtpd {
    folder: TempDir,
    process: Child,
    port: u16,
}

impl Smtpd {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let python = std::env::var_os("COMITY_TEST_PYTHON");
        let python = python
            .expect("COMITY_TEST_PYTHON names a Python with aiosmtpd: run `cargo xtask test`");
        let mut process = Command::new(python)
            .args(["-c", SERVER])
            .arg(folder.path())
            .arg(PASSWORD)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port = line
            .trim()
            .parse()
            .expect("the server of SMTP says its port: is aiosmtpd installed?");
        Self {
            folder,
            process,
            port,
        }
    }

    pub(crate) fn address(&self) -> String {
        format!("smtp+plain://127.0.0.1:{}", self.port)
    }

    /// The next `MAIL`, `RCPT` or `DATA` is answered with this.
    pub(crate) fn refuse(&self, command: &str, answer: &str) {
        let name = self.folder.path().join(format!("refuse-{command}"));
        fs::write(name, answer).unwrap();
    }

    /// The same server, as one that has STARTTLS, which it has not.
    pub(crate) fn address_with_tls(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// What was handed over, in order.
    pub(crate) fn mails(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        names.retain(|path| path.extension().is_some_and(|kind| kind == "eml"));
        names.sort();
        names
            .iter()
            .map(|path| fs::read_to_string(path).unwrap())
            .collect()
    }
}

impl Drop for Smtpd {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
