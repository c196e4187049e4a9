//! What is missing is installed from Debian's packages where we may, and named where we may not.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::shell;

/// Installs `packages`, which are needed for `purpose`.
pub(crate) fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let Some(mut apt) = apt_get() else {
        bail!(
            "{purpose} is missing and cannot be installed from here\n\
             hint: on Debian or Ubuntu run `sudo apt-get install {}`; elsewhere install the same \
             programs and put them on the PATH",
            packages.join(" ")
        );
    };
    shell::step(&format!("install {purpose}: {}", packages.join(" ")));
    // A package list that cannot be renewed may still be good enough for the installation.
    if let Err(error) = shell::run(
        apt_get()
            .context("apt-get disappeared")?
            .args(["update", "-qq"]),
    ) {
        println!("note: {error:#}");
    }
    shell::run(
        apt.args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages),
    )
    .with_context(|| format!("{purpose} could not be installed"))
}

/// A program of one of these names, which is installed if none is there.
pub(crate) fn program(names: &[&str], packages: &[&str], purpose: &str) -> Result<PathBuf> {
    if let Some(found) = shell::which(names) {
        return Ok(found);
    }
    install(packages, purpose)?;
    shell::which(names).with_context(|| format!("{purpose} was installed, but is not on the PATH"))
}

/// Installs `packages` unless the file that they bring is there.
pub(crate) fn file(path: &str, packages: &[&str], purpose: &str) -> Result<()> {
    if !Path::new(path).exists() {
        install(packages, purpose)?;
    }
    Ok(())
}

/// `apt-get` as one who may use it, or nothing.
fn apt_get() -> Option<Command> {
    shell::which(&["apt-get"])?;
    let mut command = if is_root() {
        Command::new("env")
    } else {
        shell::which(&["sudo"])?;
        if !shell::succeeds(Command::new("sudo").args(["-n", "true"])) {
            return None;
        }
        let mut command = Command::new("sudo");
        command.args(["-n", "env"]);
        command
    };
    // RUNLEVEL=1: a service that comes with a package is not started beside ours.
    command.args(["DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get"]);
    Some(command)
}

/// Whether we run as the administrator.
pub(crate) fn is_root() -> bool {
    shell::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
