//! Many records at once: the lines of a chunk.

use super::{
    Scratch, Window,
    classes::{count, next},
    planes::Plane,
};
use crate::{
    raw::{self, Work},
    set::{Match, Tables},
};

/// Lines are read together up to so many bytes: they and their classes stay in the fastest cache.
const WINDOW_BYTES: usize = 1 << 14;

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
    let mut begin = 0;
    while begin < chunk.len() {
        let end = lines_end(chunk, begin);
        if end - begin > WINDOW_BYTES {
            let text = chunk.get(begin..end).unwrap_or_default();
            let record = text.strip_suffix(b"\n").unwrap_or(text);
            let line = Line {
                number: lines,
                start: begin,
                end: begin + record.len(),
            };
            super::scan(tables, record, scratch, |hit| found(line, hit));
            lines += 1;
        } else {
            let window = Window {
                text: chunk,
                begin,
                end,
                has_lines: true,
            };
            super::scan_window(tables, window, scratch);
            if !scratch.reading.found.is_empty() {
                report(window, lines, scratch, &mut found);
            }
            let feeds = raw::with_bits(Ones(&scratch.reading.classes.feed));
            lines += count(feeds) + usize::from(chunk.get(end - 1) != Some(&b'\n'));
        }
        begin = end;
    }
    lines
}

/// Counts the bits of a plane.
struct Ones<'a>(&'a Plane);

#[expect(
    clippy::inline_always,
    reason = "compiled for what the processor has where it is called"
)]
impl Work for Ones<'_> {
    type Made = u32;

    #[inline(always)]
    fn work(self) -> u32 {
        self.0.words().iter().map(|word| word.count_ones()).sum()
    }
}

/// Where the lines of a window end, or where the one that is longer does.
fn lines_end(chunk: &[u8], begin: usize) -> usize {
    let Some((head, rest)) = chunk
        .get(begin..)
        .and_then(|bytes| bytes.split_at_checked(WINDOW_BYTES))
    else {
        return chunk.len();
    };
    let behind = || memchr::memchr(b'\n', rest);
    match memchr::memrchr(b'\n', head) {
        Some(at) => begin + at + 1,
        None => behind().map_or(chunk.len(), |at| begin + WINDOW_BYTES + at + 1),
    }
}

/// Says of what was found in a window in which line it is; `number` is that of the first.
fn report(
    window: Window<'_>,
    number: usize,
    scratch: &mut Scratch,
    found: &mut impl FnMut(Line, Match),
) {
    let mut feeds = feeds(&scratch.reading.classes.feed).map(|place| window.begin + place);
    let mut end_of_line = || feeds.next().unwrap_or(window.end);
    let mut line = Line {
        number,
        start: window.begin,
        end: end_of_line(),
    };
    for mut hit in scratch.reading.found.drain(..) {
        while line.end < hit.start {
            line = Line {
                number: line.number + 1,
                start: line.end + 1,
                end: end_of_line(),
            };
        }
        hit.start -= line.start;
        hit.end -= line.start;
        found(line, hit);
    }
}

/// The places of the line feeds.
fn feeds(plane: &Plane) -> impl Iterator<Item = usize> + '_ {
    plane.words().iter().enumerate().flat_map(|(at, &feeds)| {
        let mut feeds = feeds;
        std::iter::from_fn(move || Some(at * 64 + next(&mut feeds)?))
    })
}
