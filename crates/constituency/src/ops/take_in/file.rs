//! A file in pieces, record by record.

use audit::Ground;
use db::Tx;

use crate::{
    Error,
    csv::{self, Cut},
    line::{Column, Columns, Line, Reason, Refused},
    model::{Form, Import},
    store::import as sql,
};

/// What some programs put before a text in UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// Bytes in which the first record must end.
const HEAD_BYTES: usize = csv::RECORD_BYTES_MAX * 2;
/// Bytes of the file from the place up to which it was taken in.
pub(super) struct File {
    parts: Vec<(i32, i64)>,
    /// The next piece to be read.
    next: usize,
    pub(super) bytes: Vec<u8>,
    /// How much of `bytes` is done with.
    pub(super) done: usize,
}

/// The record or line at the beginning of the bytes.
pub(in crate::ops) fn next<'b>(
    import: &Import,
    bytes: &'b [u8],
    is_last: bool,
) -> Option<(Cut, &'b [u8])> {
    let cut = match import.form {
        Form::Csv => csv::cut(bytes, import.delimiter, is_last)?,
        Form::Lines => {
            let seen = bytes.get(..csv::RECORD_BYTES_MAX).unwrap_or(bytes);
            match seen.iter().position(|byte| *byte == b'\n') {
                Some(at) => Cut {
                    bytes: at.saturating_add(1),
                    lines: 1,
                },
                None if seen.len() < bytes.len() || seen.len() == csv::RECORD_BYTES_MAX => Cut {
                    bytes: seen.len(),
                    lines: 0,
                },
                None if is_last && !bytes.is_empty() => Cut {
                    bytes: bytes.len(),
                    lines: 1,
                },
                None => return None,
            }
        }
    };
    Some((cut, bytes.get(..cut.bytes)?))
}

/// A record or line as an asset. `organisation` is whose it is where the line does not say.
pub(in crate::ops) fn read(
    record: &[u8],
    (import, organisation): (&Import, &str),
    (columns, places, header): (&Columns, &[(Column, usize)], usize),
) -> Result<Line, Refused> {
    let text = std::str::from_utf8(record).map_err(|_no_text| Reason::Encoding)?;
    match import.form {
        Form::Lines => Line::of_json(text, columns, organisation),
        Form::Csv => {
            let cells = csv::cells(text, import.delimiter).ok_or(Reason::Quote)?;
            if cells.len() == header {
                Line::of_cells(&cells, places, organisation)
            } else {
                Err(Reason::Cells.into())
            }
        }
    }
}

/// The beginning of a file, without the mark that some programs put before it, and how long that is.
pub(in crate::ops) async fn head(tx: &mut Tx, import: &Import) -> Result<(Vec<u8>, i64), Error> {
    let mut head = Vec::new();
    for part in 0.. {
        match sql::part(tx, import.number, part).await? {
            Some(bytes) if head.len() < HEAD_BYTES => head.extend_from_slice(&bytes),
            _ => break,
        }
    }
    head.truncate(HEAD_BYTES);
    if head.starts_with(MARK) {
        head.drain(..MARK.len());
        return Ok((head, 3));
    }
    Ok((head, 0))
}

impl File {
    /// The file, from the piece that holds the place up to which it was taken in.
    pub(super) async fn open(tx: &mut Tx, import: &Import) -> Result<Self, Error> {
        let parts = sql::parts(tx, import.number).await?;
        let (mut begins, mut next) = (0, 0);
        for (_, length) in &parts {
            if begins + length > import.place {
                break;
            }
            begins += length;
            next += 1;
        }
        let done = usize::try_from(import.place - begins).unwrap_or_default();
        Ok(Self {
            parts,
            next,
            bytes: Vec::new(),
            done,
        })
    }

    pub(super) const fn is_last(&self) -> bool {
        self.next >= self.parts.len()
    }

    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.done..).unwrap_or_default()
    }

    /// Reads the next piece.
    pub(super) async fn more(&mut self, ground: &Ground, number: i64) -> Result<(), Error> {
        let Some(&(part, _)) = self.parts.get(self.next) else {
            return Ok(());
        };
        let mut tx = ground.db.begin_read().await?;
        let bytes = sql::part(&mut tx, number, part).await?.unwrap_or_default();
        // Nothing is read yet where `done` is the place in the first piece.
        let begun = !self.bytes.is_empty();
        if begun {
            self.bytes.drain(..self.done.min(self.bytes.len()));
            self.done = 0;
        }
        self.bytes.extend_from_slice(&bytes);
        self.next += 1;
        Ok(())
    }
}
