//! UTF-16 as UTF-8, for lists and logs.

use std::io::{BufRead, Read, Result};

/// Bytes by which UTF-16 is known.
pub const HEAD_BYTES: usize = 512;
/// Units of a beginning that can be judged without a mark.
const UNITS_MIN: usize = 4;

/// How a text is written in UTF-16.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Order {
    /// Whether the higher byte of a unit comes first.
    pub is_big: bool,
    /// Bytes of the mark before it.
    pub mark_bytes: usize,
}

/// The order of a text in UTF-16, by its beginning; none where it is something else.
///
/// Without a mark it is known by its zeros: three of four units at least must be of ASCII.
pub fn order(head: &[u8]) -> Option<Order> {
    let marked = |is_big| Order {
        is_big,
        mark_bytes: 2,
    };
    match head {
        [0xff, 0xfe, ..] => return Some(marked(false)),
        [0xfe, 0xff, ..] => return Some(marked(true)),
        _ => {}
    }
    let head = head.get(..HEAD_BYTES).unwrap_or(head);
    let (units, _) = head.as_chunks::<2>();
    if units.len() < UNITS_MIN {
        return None;
    }
    let is_mostly = |is_ascii: fn(&&[u8; 2]) -> bool| {
        units.iter().filter(is_ascii).count() * 4 >= units.len() * 3
    };
    let little = is_mostly(|unit| matches!(unit, [1..=0x7f, 0]));
    let big = is_mostly(|unit| matches!(unit, [0, 1..=0x7f]));
    (little || big).then_some(Order {
        is_big: big,
        mark_bytes: 0,
    })
}

/// Reads UTF-16 and gives UTF-8. Half a pair, and half a unit at the end, become U+FFFD.
#[derive(Debug)]
pub struct Utf16<R> {
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
    pub fn new(source: R, is_big: bool) -> Self {
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
    fn the_order_is_seen_by_the_mark_or_by_zeros() {
        let unmarked = |is_big| Order {
            is_big,
            mark_bytes: 0,
        };
        let text = "evil.example \u{43f}\u{440}\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(order(&little), Some(unmarked(false)));
        assert_eq!(order(&big), Some(unmarked(true)));
        let marked = [&[0xff, 0xfe], &*little].concat();
        assert_eq!(order(&marked).map(|order| order.mark_bytes), Some(2));
        for other in [
            &b"evil.example"[..],
            b"",
            b"a\0b",
            &[0; 64],
            b"ab\0\0cd\0\0ef\0\0",
        ] {
            assert_eq!(order(other), None, "{other:?}");
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
