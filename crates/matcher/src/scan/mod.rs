//! Finding what can be an observable in a record and asking the set for it.
//!
//! The bytes of a record are sorted into classes, 64 at a time, which gives a bit for each byte and
//! class. All further steps work on those bits: they go from one event to the next (a dot between
//! two bytes of a name, a run of 26 letters and digits, two colons near each other, an `@`), take the
//! run around it, look at its shape, and only then at its bytes. What stands between events costs
//! nothing further.
//!
//! What there is most of (runs with dots, words, hosts of URLs) goes through lists: one loop fills a
//! list, the next reads it, and neither has a branch that the processor could not foresee.

mod classes;
mod colons;
mod dotted;
mod escapes;
mod lines;
mod marks;
mod planes;
mod probes;
mod runs;
mod texts;
mod urls;
mod words;

pub use classes::is_name_char;
pub use lines::Line;

pub(crate) use classes::Block;
pub(crate) use lines::scan_lines;
pub(crate) use planes::{Classes, Row};

use crate::{
    Kind,
    raw::{self, Work},
    set::{IndicatorIndex, Match, Tables},
};

/// Records are read in windows of this size where they are longer, cut where nothing can be cut in
/// two; a run without such a place makes a window longer.
const WINDOW_BYTES: usize = 1 << 16;

/// Room that is used again for each record.
#[derive(Debug, Default)]
pub struct Scratch {
    reading: Reading,
    second: escapes::Room,
    words: texts::Words,
}

/// Room for one reading of some bytes.
#[derive(Debug, Default)]
struct Reading {
    classes: Classes,
    marks: marks::Marks,
    normal: Vec<u8>,
    runs: runs::Runs,
    probes: Vec<probes::Probe>,
    /// What was found.
    found: Vec<Match>,
    /// Backslashes before slashes in what may be a URL of the set without them.
    slashes: Vec<usize>,
}

/// What is read in one go.
#[derive(Clone, Copy, Debug)]
struct Window<'a> {
    /// The record, or the chunk of records, that it is part of.
    text: &'a [u8],
    begin: usize,
    end: usize,
    /// Whether line feeds end records.
    has_lines: bool,
}

/// Reads one record.
pub(crate) fn scan(
    tables: &Tables<'_>,
    record: &[u8],
    scratch: &mut Scratch,
    mut found: impl FnMut(Match),
) {
    let mut begin = 0;
    while begin < record.len() {
        let window = Window {
            text: record,
            begin,
            end: window_end(record, begin),
            has_lines: false,
        };
        scan_window(tables, window, scratch);
        scratch.reading.found.drain(..).for_each(&mut found);
        begin = window.end;
    }
}

fn window_end(record: &[u8], begin: usize) -> usize {
    let Some((head, rest)) = record
        .get(begin..)
        .and_then(|bytes| bytes.split_at_checked(WINDOW_BYTES))
    else {
        return record.len();
    };
    let inside = head.iter().rposition(|&byte| separates(byte));
    let behind = || rest.iter().position(|&byte| separates(byte));
    match inside {
        Some(at) => begin + at + 1,
        None => behind().map_or(record.len(), |at| begin + WINDOW_BYTES + at + 1),
    }
}

/// Whether no observable but a free text goes over this byte, in whatever reading.
pub(crate) fn separates(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, 0x7f | b'"' | b'<' | b'>')
}

/// Puts what is found in a window into the reading's room, in the order of its places in the whole
/// text.
fn scan_window(tables: &Tables<'_>, window: Window<'_>, scratch: &mut Scratch) {
    let bytes = window.text.get(window.begin..window.end);
    let bytes = bytes.unwrap_or_default();
    let Scratch {
        reading,
        second,
        words,
    } = scratch;
    let escaped = reading.classes.fill(bytes);
    if tables.texts.any() {
        raw::with_bits(texts::Finder {
            tables,
            window,
            classes: &reading.classes,
            escaped,
            words,
            found: &mut reading.found,
        });
    }
    if escaped {
        reading.classes.cut_percent(bytes);
    }
    let first = reading.found.len();
    raw::with_bits(Scanner::new(tables, bytes, reading));
    for hit in reading.found.get_mut(first..).unwrap_or_default() {
        hit.start += window.begin;
        hit.end += window.begin;
    }
    if escaped {
        second.scan(tables, window, reading);
    }
    reading.found.sort_by_key(|hit| hit.start);
}

/// One reading of some bytes.
struct Scanner<'a> {
    tables: &'a Tables<'a>,
    bytes: &'a [u8],
    classes: &'a Classes,
    marks: &'a mut marks::Marks,
    normal: &'a mut Vec<u8>,
    runs: &'a mut runs::Runs,
    probes: &'a mut Vec<probes::Probe>,
    found: &'a mut Vec<Match>,
    slashes: &'a mut Vec<usize>,
    /// Runs that end here have been read.
    coloned_to: usize,
}

impl<'a> Scanner<'a> {
    /// Of bytes whose classes are in the room.
    fn new(tables: &'a Tables<'a>, bytes: &'a [u8], reading: &'a mut Reading) -> Self {
        let Reading {
            classes,
            marks,
            normal,
            runs,
            probes,
            found,
            slashes,
        } = reading;
        slashes.clear();
        Self {
            tables,
            bytes,
            classes,
            marks,
            normal,
            runs,
            probes,
            found,
            slashes,
            coloned_to: 0,
        }
    }
}

#[expect(
    clippy::inline_always,
    reason = "compiled for what the processor has where it is called"
)]
impl Work for Scanner<'_> {
    type Made = ();

    /// Reads all.
    #[inline(always)]
    fn work(mut self) {
        let tables = self.tables;
        let wanted = tables.wanted;
        marks::Marking {
            classes: self.classes,
            wanted,
            marks: self.marks,
        }
        .work();
        if wanted.dotted {
            self.dotted_runs();
        }
        for number in 0..self.marks.any.len() {
            if self.marks.any.get(number).is_some_and(|&any| any != 0) {
                self.marked(number);
            }
        }
        self.look_up_all();
    }
}

impl Scanner<'_> {
    /// What is marked in one word.
    fn marked(&mut self, number: usize) {
        let base = number * 64;
        let of = |marks: &[u64]| marks.get(number).copied().unwrap_or(0);
        let marks = &*self.marks;
        let (long, colons, urls) = (of(&marks.long), of(&marks.colons), of(&marks.urls));
        let (emails, cves) = (of(&marks.emails), of(&marks.cves));
        let (ja4s, asns) = (of(&marks.ja4s), of(&marks.asns));
        self.long_words(base, long);
        self.colons(base, colons);
        self.urls(base, urls);
        self.emails(base, emails);
        self.cves(base, cves);
        self.ja4s(base, ja4s);
        self.asns(base, asns);
    }

    /// Reports the indicators of a hash that are what was read.
    #[cold]
    fn report(
        &mut self,
        hash: u64,
        (start, end): (usize, usize),
        is: impl Fn(Kind, &[u8]) -> bool,
    ) {
        let tables = self.tables;
        // One value of a kind is what was read, even if a file has it in many slots.
        let mut reported = 0_u64;
        for number in tables.table.find(hash) {
            let Some((kind, packed)) = tables.value(number) else {
                continue;
            };
            let bit = 1 << (kind.code() % 64);
            if reported & bit != 0 || !is(kind, packed) {
                continue;
            }
            reported |= bit;
            for number in tables.alike(number) {
                self.found.push(Match {
                    start,
                    end,
                    indicator: IndicatorIndex::new(number),
                    kind,
                });
            }
        }
    }

    /// Whether the byte is a letter or a digit that is no part of a percent-encoding.
    fn is_word_at(&self, place: usize) -> bool {
        self.classes.word.has(place)
    }
}
