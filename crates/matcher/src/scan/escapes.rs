//! The second reading of a record, with the escapes of JSON and of logs undone.
//!
//! Nothing says whether a record is JSON: `C:\new` has a folder, `"a\nb"` a line end. So what has an
//! escape that matters is read both ways. Only the text between two separators that has one is read
//! again.

use super::{Reading, Scanner, Window, classes::next, separates};
use crate::{
    raw,
    set::{Match, Tables},
    value,
};

/// Room that is used again.
#[derive(Debug, Default)]
pub(super) struct Room {
    reading: Reading,
    decoded: Vec<u8>,
    /// Where each decoded byte came from, and where the last one's source ends.
    places: Vec<usize>,
}

impl Room {
    /// Reads a window again where that matters, after its first reading.
    pub(super) fn scan(&mut self, tables: &Tables<'_>, window: Window<'_>, first: &mut Reading) {
        let Window {
            text, begin, end, ..
        } = window;
        let window = text.get(begin..end).unwrap_or_default();
        let Reading {
            classes,
            found,
            slashes,
            ..
        } = first;
        slashes.sort_unstable();
        // What is before these has been read again, or is part of an escape.
        let (mut done, mut behind) = (0, 0);
        for (at, &escapes) in classes.escape.words().iter().enumerate() {
            let mut bits = escapes;
            while let Some(bit) = next(&mut bits) {
                let place = at * 64 + bit;
                if place < behind || window.get(place) != Some(&b'\\') {
                    continue;
                }
                match window.get(place + 1) {
                    Some(b'\\' | b'"') => {
                        behind = place + 2;
                        continue;
                    }
                    Some(b'/') if slashes.binary_search(&place).is_err() => continue,
                    _ => {}
                }
                let (start, end) = around(window, done, place);
                done = end;
                behind = end;
                let text = window.get(start..end).unwrap_or_default();
                if matters(text) {
                    self.scan_text(tables, text, begin + start, found);
                }
            }
        }
    }

    fn scan_text(
        &mut self,
        tables: &Tables<'_>,
        text: &[u8],
        start: usize,
        found: &mut Vec<Match>,
    ) {
        self.decode(text);
        let Self {
            reading,
            decoded,
            places,
        } = self;
        reading.classes.fill(decoded);
        reading.classes.cut_percent(decoded);
        raw::with_bits(Scanner::new(tables, decoded, reading));
        for mut hit in reading.found.drain(..) {
            let at = |place: usize| places.get(place).copied().unwrap_or_default();
            hit.start = start + at(hit.start);
            hit.end = start + at(hit.end);
            if !found.contains(&hit) {
                found.push(hit);
            }
        }
    }

    fn decode(&mut self, text: &[u8]) {
        self.decoded.clear();
        self.places.clear();
        let mut place = 0;
        while let Some((&byte, _)) = text.get(place..).and_then(<[u8]>::split_first) {
            let (bytes, length, taken) = match escape(text, place) {
                Some(escape) => escape,
                None => ([byte, 0, 0, 0], 1, 1),
            };
            for &byte in bytes.iter().take(length) {
                self.decoded.push(byte);
                self.places.push(place);
            }
            place += taken;
        }
        self.places.push(place);
    }
}

/// The text between two separators that a place is in, from `done` on.
fn around(window: &[u8], done: usize, place: usize) -> (usize, usize) {
    let before = window.get(done..place).unwrap_or_default();
    let start = before.iter().rposition(|&byte| separates(byte));
    let behind = window.get(place..).unwrap_or_default();
    let end = behind.iter().position(|&byte| separates(byte));
    (
        start.map_or(done, |found| done + found + 1),
        end.map_or(window.len(), |found| place + found),
    )
}

/// Whether another observable can be in a text when its escapes are undone. `\\` and `\"` separate
/// as they stand; `\/` is of interest in URLs.
fn matters(text: &[u8]) -> bool {
    let mut slash = false;
    let mut place = 0;
    while let Some(found) = text
        .get(place..)
        .unwrap_or_default()
        .iter()
        .position(|&byte| byte == b'\\')
    {
        place += found;
        match (text.get(place + 1), escape(text, place)) {
            (Some(b'\\' | b'"'), Some(_)) => place += 2,
            (Some(b'/'), Some(_)) => {
                slash = true;
                place += 2;
            }
            (_, Some(_)) => return true,
            (_, None) => place += 1,
        }
    }
    let scheme = |three: &[u8]| three.starts_with(b":/") || three == b":\\/";
    slash && text.windows(3).any(scheme)
}

/// The bytes that the escape at `place` stands for, how many, and how many bytes it takes.
fn escape(text: &[u8], place: usize) -> Option<([u8; 4], usize, usize)> {
    let [b'\\', code, ..] = text.get(place..)? else {
        return None;
    };
    let one = |byte| Some(([byte, 0, 0, 0], 1, 2));
    match code {
        b'\\' | b'"' | b'/' => one(*code),
        b'b' => one(8),
        b'f' => one(12),
        b'n' => one(b'\n'),
        b'r' => one(b'\r'),
        b't' => one(b'\t'),
        b'x' => {
            let &[high, low] = text.get(place + 2..place + 4)?.first_chunk::<2>()?;
            let byte = value::digit(high)? << 4 | value::digit(low)?;
            Some(([byte, 0, 0, 0], 1, 4))
        }
        b'u' => {
            let first = unit(text, place)?;
            let second = unit(text, place + 6).filter(|unit| (0xdc00..0xe000).contains(unit));
            let (code, taken) = match (first, second) {
                (0xd800..=0xdbff, Some(second)) => {
                    (0x1_0000 + ((first - 0xd800) << 10) + second - 0xdc00, 12)
                }
                _ => (first, 6),
            };
            let letter = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            let mut bytes = [0; 4];
            let length = letter.encode_utf8(&mut bytes).len();
            Some((bytes, length, taken))
        }
        _ => None,
    }
}

/// The number of `\uXXXX`.
fn unit(text: &[u8], place: usize) -> Option<u32> {
    let digits = text.get(place..place + 6)?.strip_prefix(b"\\u")?;
    let mut number = 0;
    for &digit in digits {
        number = number << 4 | u32::from(value::digit(digit)?);
    }
    Some(number)
}
