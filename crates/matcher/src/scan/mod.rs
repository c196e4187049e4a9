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
mod probes;
mod runs;
mod texts;
mod urls;
mod words;

pub use classes::is_name_char;
pub use lines::Line;

pub(crate) use classes::Block;
pub(crate) use lines::scan_lines;

use classes::{ahead, back, bits, cut_percent};

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
    blocks: Vec<Block>,
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
    let escaped = classes::classify(bytes, &mut reading.blocks);
    if tables.texts.any() {
        raw::with_bits(texts::Finder {
            tables,
            window,
            blocks: &reading.blocks,
            words,
            found: &mut reading.found,
        });
    }
    if escaped {
        cut_percent(bytes, &mut reading.blocks);
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
    blocks: &'a [Block],
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
            blocks,
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
            blocks,
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
    /// Reads all.
    #[inline(always)]
    fn work(mut self) {
        if self.tables.wanted.dotted {
            self.dotted_runs();
        }
        let mut before = &Block::EMPTY;
        let mut base = 0;
        for [block, after] in self.blocks.array_windows() {
            self.block(base, before, block, after);
            before = block;
            base += 64;
        }
        self.look_up_all();
    }
}

#[expect(
    clippy::inline_always,
    reason = "compiled for what the processor has where they are called"
)]
impl Scanner<'_> {
    /// The events of one block.
    #[inline(always)]
    fn block(&mut self, base: usize, before: &Block, block: &Block, after: &Block) {
        let wanted = self.tables.wanted;
        if wanted.long {
            self.long_words(base, before, block, after);
        }
        if block.colon != 0 {
            if wanted.v6 {
                let near = (1..=5).fold(0, |near, by| near | ahead(block.colon, after.colon, by));
                self.colons(base, block.colon & near);
            }
            if wanted.urls {
                let ends = back(block.word, before.word, 1)
                    & !ahead(block.name, after.name, 1)
                    & !ahead(block.colon, after.colon, 1);
                self.urls(base, block.colon & ends);
            }
        }
        if wanted.emails && block.at != 0 {
            self.emails(base, block.at & ahead(block.name, after.name, 1));
        }
        if block.joint != 0 {
            if wanted.cves {
                let letter = |block: &Block| block.word & !block.digit;
                let number = block.joint
                    & back(letter(block), letter(before), 1)
                    & ahead(block.digit, after.digit, 1);
                self.cves(base, number);
            }
            if wanted.ja4s {
                let pair = block.joint & ahead(block.joint, after.joint, 13);
                self.ja4s(base, pair);
            }
        }
        if wanted.asns {
            let letter = |block: &Block| block.word & !block.digit;
            let begins = letter(block)
                & !back(block.word, before.word, 1)
                & ahead(letter(block), letter(after), 1)
                & ahead(block.digit, after.digit, 2);
            self.asns(base, begins);
        }
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
        bits(self.blocks, |block| block.word, place) & 1 == 1
    }
}
