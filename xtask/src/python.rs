//! A Python with the libraries that ours are measured against, in a virtual environment.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result};

use crate::shell;

/// What is installed, in the versions that the figures name.
const PACKAGES: [&str; 2] = ["stix2==3.0.2", "stix2-matcher==3.0.0"];

/// The variable by which benches find the interpreter.
pub(crate) const VARIABLE: &str = "COMITY_BENCH_PYTHON";

/// The interpreter, made when it is not there yet.
pub(crate) fn with_peers() -> Result<PathBuf> {
    let folder = shell::target().join("peers").join(PACKAGES.join("+"));
    let python = folder.join("bin/python");
    let done = folder.join("installed");
    if done.exists() {
        return Ok(python);
    }
    let needs = "the peers in Python need python3 with venv and pip: apt-get install python3-venv";
    shell::run(Command::new("python3").args(["-m", "venv"]).arg(&folder)).context(needs)?;
    let pip = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ];
    shell::run(Command::new(&python).args(pip).args(PACKAGES)).context(needs)?;
    std::fs::write(&done, "").context("the virtual environment cannot be marked as done")?;
    Ok(python)
}
