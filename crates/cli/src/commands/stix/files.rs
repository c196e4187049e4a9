//! Files of STIX, or standard input.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use anyhow::Context;

use crate::output::Failure;

/// The exit code where something cannot be read.
pub(super) const UNREADABLE: u8 = 2;

/// Opens a file; `-` is standard input.
pub(super) fn open(path: &Path) -> Result<Box<dyn Read>, Failure> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = File::open(path).with_context(|| format!("{} cannot be opened", path.display()));
    Ok(Box::new(opened.map_err(unreadable)?))
}

/// All of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = open(path)?.read_to_end(&mut bytes);
    read.with_context(|| format!("{} cannot be read", path.display()))
        .map_err(unreadable)?;
    Ok(bytes)
}

/// A failure that says that something cannot be read.
pub(super) fn unreadable(error: anyhow::Error) -> Failure {
    Failure {
        error,
        hint: None,
        exit: UNREADABLE,
    }
}
