//! Many records at once: the lines of a chunk.

use super::Scratch;
use crate::set::{Match, Tables};

/// A line of a chunk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Line {
    /// Its number in the chunk, from 0.
    pub number: usize,
    /// Where it begins in the chunk.
    pub start: usize,
    /// Where it ends: the place of its line feed, or the end of the chunk.
    pub end: usize,
}

/// Reads the lines of a chunk; says how many there are.
pub(crate) fn scan_lines(
    tables: &Tables<'_>,
    chunk: &[u8],
    scratch: &mut Scratch,
    mut found: impl FnMut(Line, Match),
) -> usize {
    let mut lines = 0;
    let mut start = 0;
    for text in chunk.split_inclusive(|&byte| byte == b'\n') {
        let record = text.strip_suffix(b"\n").unwrap_or(text);
        let line = Line {
            number: lines,
            start,
            end: start + record.len(),
        };
        super::scan(tables, record, scratch, |hit| found(line, hit));
        lines += 1;
        start += text.len();
    }
    lines
}
