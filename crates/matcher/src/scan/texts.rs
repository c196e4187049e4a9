//! Free texts: file names, user agents, registry keys and mutexes.
//!
//! Each text is looked for by one of its words, of which the first eight bytes are looked up; the
//! rest is compared around it.

use super::{
    Window,
    classes::{EVENTS_AT_LEAST, ahead, back, count, next, run_end, run_start, write_events},
    marks::fill,
    planes::{Classes, Plane},
};
use crate::{
    Kind,
    raw::Work,
    set::{IndicatorIndex, Match, Shape, Tables, text_hash},
    value::{self, WORD_BYTES_MIN},
};

/// Blocks whose words are collected before they are looked up.
const GROUP_BLOCKS: usize = 64;
/// At most so many words of three letters begin in a block.
const BLOCK_WORDS_MAX: usize = 16;

/// Room for the places where words begin.
#[derive(Debug)]
pub(super) struct Words {
    places: Vec<usize>,
    /// Bytes of words; a percent sign has not been looked at.
    part: Plane,
    starts: Vec<u64>,
    /// Letters of escapes that words seem to begin with.
    escaped: Vec<u64>,
}

impl Default for Words {
    fn default() -> Self {
        Self {
            places: vec![0; GROUP_BLOCKS * BLOCK_WORDS_MAX + EVENTS_AT_LEAST],
            part: Plane::default(),
            starts: Vec::new(),
            escaped: Vec::new(),
        }
    }
}

/// Finds the free texts of a window.
pub(super) struct Finder<'a> {
    pub(super) tables: &'a Tables<'a>,
    pub(super) window: Window<'a>,
    pub(super) classes: &'a Classes,
    /// Whether the window has escapes.
    pub(super) escaped: bool,
    pub(super) words: &'a mut Words,
    pub(super) found: &'a mut Vec<Match>,
}

#[expect(
    clippy::inline_always,
    reason = "compiled for what the processor has where it is called"
)]
impl Work for Finder<'_> {
    type Made = ();

    #[inline(always)]
    fn work(mut self) {
        const { assert!(WORD_BYTES_MIN == 3, "the shifts leave runs of three") };
        let texts = self.tables.texts;
        let Window { text, begin, .. } = self.window;
        self.mark(texts.shape);
        if self.escaped {
            self.behind_escapes();
        }
        for first in (0..self.words.starts.len()).step_by(GROUP_BLOCKS) {
            let Words { places, starts, .. } = &mut *self.words;
            let mut count = 0;
            let group = starts.iter().enumerate().skip(first).take(GROUP_BLOCKS);
            for (number, starts) in group {
                write_events(*starts, number * 64, places, &mut count);
            }
            for at in 0..count {
                let place = self.words.places.get(at).copied().unwrap_or(0);
                if texts.may_begin(text, begin + place) {
                    self.look_up(place);
                }
            }
        }
    }
}

impl Finder<'_> {
    /// Marks where words begin that may be those of the set.
    #[expect(
        clippy::inline_always,
        reason = "compiled for what the processor has where it is called"
    )]
    #[inline(always)]
    fn mark(&mut self, shape: Shape) {
        let Classes {
            word,
            high,
            digit,
            escape,
            ..
        } = self.classes;
        let Words {
            part,
            starts,
            escaped,
            ..
        } = &mut *self.words;
        part.resize(self.classes.len());
        starts.resize(self.classes.len(), 0);
        fill(
            part.words_mut(),
            [word.words(), high.words()],
            |[word, high]| word | high,
        );
        let parts = [part.before(), part.words(), part.after()];
        let three = |[before, this, after]: [u64; 3]| {
            let begins = this & !back(this, before, 1);
            begins & ahead(this, after, 1) & ahead(this, after, 2)
        };
        match shape {
            Shape::Short => fill(starts, parts, three),
            Shape::Long => {
                let [before, this, after] = parts;
                let inputs = [before, this, after, digit.words()];
                fill(starts, inputs, |[before, this, after, digit]| {
                    let five = ahead(this, after, 3) & ahead(this, after, 4);
                    three([before, this, after]) & !digit & five
                });
            }
        }
        if self.escaped {
            escaped.resize(self.classes.len(), 0);
            let [before, this, _] = parts;
            let inputs = [before, this, escape.before(), escape.words()];
            fill(escaped, inputs, |[before, this, escape_before, escape]| {
                this & !back(this, before, 1) & back(escape, escape_before, 1)
            });
        }
    }

    /// Looks up words that begin with the letter of an escape, which is before the word rather than
    /// in it.
    fn behind_escapes(&mut self) {
        let Window { text, begin, .. } = self.window;
        for number in 0..self.words.escaped.len() {
            let mut escaped = self.words.escaped.get(number).copied().unwrap_or(0);
            while let Some(bit) = next(&mut escaped) {
                let place = number * 64 + bit;
                let is_escaped = is_escaped_control(text, begin + place);
                if is_escaped && self.tables.texts.may_begin(text, begin + place + 1) {
                    self.look_up(place + 1);
                }
            }
        }
    }

    /// Looks for texts that have the word at a place of the window.
    #[cold]
    fn look_up(&mut self, place: usize) {
        let Window { text, begin, .. } = self.window;
        let run = count((!self.words.part.from(place)).trailing_zeros());
        let hash = text_hash(text, begin + place, run.min(8));
        let (start, end) = self.record_around(place);
        let record = text.get(start..end).unwrap_or_default();
        let first = self.found.len();
        verify(self.tables, record, begin + place - start, hash, self.found);
        for hit in self.found.get_mut(first..).unwrap_or_default() {
            hit.start += start;
            hit.end += start;
        }
    }

    /// The record that a place of the window is in.
    fn record_around(&self, place: usize) -> (usize, usize) {
        let window = self.window;
        if !window.has_lines {
            return (0, window.text.len());
        }
        let line = |number| self.classes.feed.words().get(number).map(|feeds| !feeds);
        let start = run_start(|number| line(number).unwrap_or(0), place);
        let end = run_end(line, place);
        (window.begin + start, window.end.min(window.begin + end))
    }
}

fn verify(tables: &Tables<'_>, record: &[u8], place: usize, hash: u64, found: &mut Vec<Match>) {
    for (number, offset) in tables.texts.find(hash) {
        let Some((kind, text)) = tables.value(number) else {
            continue;
        };
        let plain = around(record, place, kind, text, offset, false);
        let span = plain.or_else(|| around(record, place, kind, text, offset, true));
        if let Some((start, end)) = span {
            for number in tables.alike(number) {
                found.push(Match {
                    start,
                    end,
                    indicator: IndicatorIndex::new(number),
                    kind,
                });
            }
        }
    }
}

/// Where the text stands whose word at `offset` is at `place`, if it does.
fn around(
    record: &[u8],
    place: usize,
    kind: Kind,
    text: &[u8],
    offset: usize,
    json: bool,
) -> Option<(usize, usize)> {
    let (head, rest) = text.split_at_checked(offset)?;
    let end = forward(record, place, rest, json)?;
    if !may_end(record, end, kind) {
        return None;
    }
    let Some((short, others)) = value::hive(kind, text) else {
        let start = backward(record, place, head, json)?;
        return may_begin(record, start, kind).then_some((start, end));
    };
    let place = backward(record, place, head.get(short.len()..)?, json)?;
    let mut hives = std::iter::once(&short).chain(others);
    hives.find_map(|hive| {
        let start = backward(record, place, hive.as_bytes(), json)?;
        may_begin(record, start, kind).then_some((start, end))
    })
}

/// How a byte of a text may be written.
fn written(byte: u8, json: bool) -> bool {
    json && matches!(byte, b'\\' | b'"')
}

/// Where a text that begins at `place` ends.
fn forward(record: &[u8], place: usize, text: &[u8], json: bool) -> Option<usize> {
    let mut place = place;
    for &byte in text {
        if written(byte, json) || json && byte == b'/' && record.get(place) == Some(&b'\\') {
            if record.get(place) != Some(&b'\\') {
                return None;
            }
            place += 1;
        }
        if !record.get(place)?.eq_ignore_ascii_case(&byte) {
            return None;
        }
        place += 1;
    }
    Some(place)
}

/// Where a text that ends before `place` begins.
fn backward(record: &[u8], place: usize, text: &[u8], json: bool) -> Option<usize> {
    let mut place = place;
    for &byte in text.iter().rev() {
        place = place.checked_sub(1)?;
        if !record.get(place)?.eq_ignore_ascii_case(&byte) {
            return None;
        }
        let before = || {
            place
                .checked_sub(1)
                .filter(|&at| record.get(at) == Some(&b'\\'))
        };
        if written(byte, json) {
            place = before()?;
        } else if json && byte == b'/' {
            place = before().unwrap_or(place);
        }
    }
    Some(place)
}

fn may_begin(record: &[u8], start: usize, kind: Kind) -> bool {
    let Some(before) = start.checked_sub(1) else {
        return true;
    };
    let byte = record.get(before).copied().unwrap_or(0);
    if is_escaped_control(record, before) {
        return true;
    }
    if kind != Kind::UserAgent {
        return !is_part(byte) && byte != b'.';
    }
    let opens = |byte: u8| byte < b' ' || b"\"'|=,;:".contains(&byte);
    let spaced = || {
        let earlier = before.checked_sub(1).and_then(|at| record.get(at));
        byte == b' ' && earlier.is_some_and(|&byte| opens(byte))
    };
    opens(byte) || spaced()
}

fn may_end(record: &[u8], end: usize, kind: Kind) -> bool {
    let Some(&byte) = record.get(end) else {
        return true;
    };
    let after = record.get(end + 1).copied();
    match (kind, byte) {
        (Kind::UserAgent, b'\\') => matches!(after, Some(b'"' | b'n' | b'r' | b't')),
        (Kind::UserAgent, _) => byte < b' ' || b"\"'|,;".contains(&byte),
        (Kind::RegistryKey, b'\\') => after == Some(b'"'),
        (_, b'.') => !after.is_some_and(is_part),
        _ => !is_part(byte),
    }
}

/// Whether a byte beside a text makes it part of something longer.
fn is_part(byte: u8) -> bool {
    value::is_word(byte) || matches!(byte, b'_' | b'-')
}

/// Whether the byte is the letter of `\n` and the like.
fn is_escaped_control(record: &[u8], place: usize) -> bool {
    let head = record.get(..place).unwrap_or_default();
    let slashes = head.iter().rev().take_while(|&&byte| byte == b'\\');
    matches!(record.get(place), Some(b'b' | b'f' | b'n' | b'r' | b't')) && slashes.count() % 2 == 1
}
