//! Chunks of whole lines, and the records in them.

use std::sync::Arc;

use memchr::memchr;

/// Bytes before the limit of a line in which a place to cut is looked for.
pub const CUT_SEARCH_BYTES: usize = 64 << 10;

/// Where lines come from: a file, standard input, or a member of an archive.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Source {
    /// The name to show, control characters escaped: `logs.tar.gz!var/log/syslog`.
    pub name: String,
    /// How many sources came before.
    pub index: u64,
}

/// Where a chunk stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChunkInfo {
    /// Where its lines come from.
    pub source: Arc<Source>,
    /// The number of its first line, counted from 1.
    pub first_line: u64,
    /// The unpacked bytes of the source before it.
    pub offset: u64,
    /// The bytes of its first line before it; more than 0 only in a line that was cut.
    pub column: u64,
    /// Lines that begin in it.
    pub lines: u64,
    /// Its length.
    pub bytes: u64,
}

/// Whole lines, or a piece of one that is too long. The buffer is used again for later chunks.
#[derive(Debug)]
pub struct Chunk {
    pub(super) info: ChunkInfo,
    pub(super) buffer: Vec<u8>,
    pub(super) length: usize,
    pub(super) line_bytes_max: usize,
}

impl Chunk {
    pub(super) fn new() -> Self {
        let source = Source {
            name: String::new(),
            index: 0,
        };
        Self {
            info: ChunkInfo {
                source: Arc::new(source),
                first_line: 1,
                offset: 0,
                column: 0,
                lines: 0,
                bytes: 0,
            },
            buffer: Vec::new(),
            length: 0,
            line_bytes_max: 1,
        }
    }

    /// Where it stands.
    pub fn info(&self) -> &ChunkInfo {
        &self.info
    }

    /// Its bytes, ends of lines included.
    pub fn bytes(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }

    /// Its lines and pieces of lines, in order.
    pub fn records(&self) -> Records<'_> {
        Records {
            rest: self.bytes(),
            line: self.info.first_line,
            column: self.info.column,
            offset: self.info.offset,
            line_bytes_max: self.line_bytes_max,
        }
    }
}

/// A line without its end, or a piece of one that is too long.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Record<'c> {
    /// The number of the line in its source, counted from 1.
    pub line: u64,
    /// The bytes of the line before it; more than 0 only behind a cut.
    pub column: u64,
    /// The unpacked bytes of the source before it.
    pub offset: u64,
    /// Its bytes, without `\n` and one `\r` before that.
    pub bytes: &'c [u8],
}

/// The records of a chunk.
#[derive(Clone, Debug)]
pub struct Records<'c> {
    rest: &'c [u8],
    line: u64,
    column: u64,
    offset: u64,
    line_bytes_max: usize,
}

impl<'c> Iterator for Records<'c> {
    type Item = Record<'c>;

    fn next(&mut self) -> Option<Record<'c>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let end = memchr(b'\n', self.rest);
            let length = end.unwrap_or(self.rest.len());
            let (line, column, offset) = (self.line, self.column, self.offset);
            if length > self.line_bytes_max {
                let (piece, rest) = split(self.rest, cut(self.rest, self.line_bytes_max));
                self.rest = rest;
                self.column += super::account::count(piece.len());
                self.offset += super::account::count(piece.len());
                return Some(Record {
                    line,
                    column,
                    offset,
                    bytes: piece,
                });
            }
            let (bytes, rest) = split(self.rest, length);
            self.rest = split(rest, 1).1;
            self.line += 1;
            self.column = 0;
            self.offset += super::account::count(length.saturating_add(1));
            // Behind a cut the end of the line alone may be left.
            if column > 0 && bytes.is_empty() {
                continue;
            }
            let bytes = match (end, bytes.split_last()) {
                (Some(_), Some((b'\r', before))) => before,
                _ => bytes,
            };
            return Some(Record {
                line,
                column,
                offset,
                bytes,
            });
        }
    }
}

/// How many of the bytes of a line that is longer than `line_bytes_max` are its next piece.
pub(super) fn cut(line: &[u8], line_bytes_max: usize) -> usize {
    let (piece, _) = split(line, line_bytes_max);
    let from = line_bytes_max.saturating_sub(CUT_SEARCH_BYTES);
    let (_, tail) = split(piece, from);
    let is_separator =
        |byte: &u8| matches!(byte, b'\t' | b'\r' | b' ' | b'"' | b'\'' | b',' | b';');
    match tail.iter().rposition(is_separator) {
        Some(last) => from + last + 1,
        None => line_bytes_max,
    }
}

fn split(bytes: &[u8], at: usize) -> (&[u8], &[u8]) {
    bytes.split_at_checked(at).unwrap_or((bytes, &[]))
}
