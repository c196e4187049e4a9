//! UTF-16 as UTF-8, for lists and logs.

use std::io::{BufRead, Read, Result};

/// Reads UTF-16 and gives UTF-8. Half a pair, and half a unit at the end, become U+FFFD.
pub(crate) struct Utf16<R> {
    source: R,
    is_big: bool,
    /// A unit that awaits the second half of its pair.
    high: Option<u16>,
    /// The first byte of a unit.
    odd: Option<u8>,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: BufRead> Utf16<R> {
    /// Of a source behind its mark, whose byte order is known.
    pub(crate) fn new(source: R, is_big: bool) -> Self {
        Self {
            source,
            is_big,
            high: None,
            odd: None,
            ready: Vec::new(),
            given: 0,
            ended: false,
        }
    }

    fn fill(&mut self) -> Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() && !self.ended {
            let buffer = self.source.fill_buf()?;
            let taken = buffer.len();
            if taken == 0 {
                self.ended = true;
                if self.high.take().is_some() || self.odd.take().is_some() {
                    put(char::REPLACEMENT_CHARACTER, &mut self.ready);
                }
                break;
            }
            for &byte in buffer {
                let Some(first) = self.odd.take() else {
                    self.odd = Some(byte);
                    continue;
                };
                let unit = if self.is_big {
                    u16::from_be_bytes([first, byte])
                } else {
                    u16::from_le_bytes([first, byte])
                };
                self.high = put_unit(self.high, unit, &mut self.ready);
            }
            self.source.consume(taken);
        }
        Ok(())
    }
}

/// Appends what a unit ends; gives back what awaits another.
fn put_unit(high: Option<u16>, unit: u16, ready: &mut Vec<u8>) -> Option<u16> {
    let is_high = (0xd800..0xdc00).contains(&unit);
    if let Some(high) = high {
        if let Some(Ok(letter)) = char::decode_utf16([high, unit]).next() {
            put(letter, ready);
            return None;
        }
        put(char::REPLACEMENT_CHARACTER, ready);
    }
    if is_high {
        return Some(unit);
    }
    let letter = char::from_u32(unit.into());
    put(letter.unwrap_or(char::REPLACEMENT_CHARACTER), ready);
    None
}

fn put(letter: char, ready: &mut Vec<u8>) {
    ready.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

impl<R: BufRead> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        if self.given == self.ready.len() {
            self.fill()?;
        }
        let mut rest = self.ready.get(self.given..).unwrap_or_default();
        let count = rest.read(into)?;
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn read(bytes: &[u8], is_big: bool, buffer_bytes: usize) -> String {
        let mut text = String::new();
        let source = BufReader::with_capacity(buffer_bytes, bytes);
        Utf16::new(source, is_big)
            .read_to_string(&mut text)
            .unwrap();
        text
    }

    #[test]
    fn both_orders_are_read_wherever_the_buffer_ends() {
        let text = "evil.example\n\u{e4}\u{20ac}\u{1f600}\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for buffer_bytes in [1, 2, 3, 64] {
            assert_eq!(read(&little, false, buffer_bytes), text);
            assert_eq!(read(&big, true, buffer_bytes), text);
        }
    }

    #[test]
    fn halves_are_replaced() {
        assert_eq!(read(&[0x3d, 0xd8, b'a', 0], false, 64), "\u{fffd}a");
        assert_eq!(read(&[0x00, 0xdc, b'a', 0], false, 64), "\u{fffd}a");
        assert_eq!(read(&[b'a', 0, b'b'], false, 64), "a\u{fffd}");
        assert_eq!(read(&[0x3d, 0xd8], false, 64), "\u{fffd}");
    }
}
