//! Files of STIX, or standard input.

use std::{
    fs::File,
    io::{self, Read},
    iter,
    path::Path,
};

use anyhow::Context;
use stix::json::{Document, Limits, Spare};

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

/// Limits for what a person names on the command line: as large as memory holds.
pub(super) fn any_size() -> Limits {
    Limits {
        bytes_max: usize::MAX,
        ..Limits::default()
    }
}

/// What a file has, one value after the other; it ends at the first that cannot be read.
pub(super) fn values<'t>(
    path: &Path,
    text: &'t [u8],
) -> impl Iterator<Item = Result<Document<'t>, Failure>> {
    let mut rest = text.trim_ascii();
    iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let at = text.len() - rest.len();
        let parsed = Document::parse_prefix(rest, &any_size(), Spare::default());
        let parsed =
            parsed.with_context(|| format!("{} cannot be read from byte {at} on", path.display()));
        Some(match parsed {
            Ok((document, taken)) => {
                rest = rest.get(taken..).unwrap_or_default().trim_ascii_start();
                Ok(document)
            }
            Err(error) => {
                rest = &[];
                Err(unreadable(error))
            }
        })
    })
}

/// A failure that says that something cannot be read.
pub(super) fn unreadable(error: anyhow::Error) -> Failure {
    Failure {
        error,
        hint: None,
        exit: UNREADABLE,
    }
}
