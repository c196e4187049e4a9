//! Text in UTF-16, as Windows writes it, turned into UTF-8.

use std::io::{self, BufRead, Read};

use super::peeked::Peeked;

/// Reads UTF-16 behind its mark and gives UTF-8. What is no character becomes U+FFFD.
pub(super) struct Utf16 {
    input: Peeked,
    is_big_endian: bool,
    /// The first byte of a unit whose second is still to come.
    half: Option<u8>,
    /// The first half of a surrogate pair.
    high: Option<u16>,
    is_ended: bool,
    text: Vec<u8>,
    start: usize,
}

impl Utf16 {
    /// `input` begins with the mark.
    pub(super) fn new(mut input: Peeked, is_big_endian: bool) -> Self {
        input.consume(2);
        Self {
            input,
            is_big_endian,
            half: None,
            high: None,
            is_ended: false,
            text: Vec::new(),
            start: 0,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.start = 0;
        while self.text.is_empty() && !self.is_ended {
            let bytes = self.input.fill_buf()?.to_vec();
            self.input.consume(bytes.len());
            for byte in &bytes {
                match self.half.take() {
                    None => self.half = Some(*byte),
                    Some(first) if self.is_big_endian => {
                        self.push(u16::from_be_bytes([first, *byte]));
                    }
                    Some(first) => self.push(u16::from_le_bytes([first, *byte])),
                }
            }
            if bytes.is_empty() {
                self.is_ended = true;
                if self.half.take().is_some() || self.high.take().is_some() {
                    self.write(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, unit: u16) {
        let is_high = (0xd800..0xdc00).contains(&unit);
        match self.high.take() {
            None if is_high => self.high = Some(unit),
            None => self.write_units([unit]),
            Some(high) if is_high => {
                self.write_units([high]);
                self.high = Some(unit);
            }
            Some(high) => self.write_units([high, unit]),
        }
    }

    fn write_units<const N: usize>(&mut self, units: [u16; N]) {
        for symbol in char::decode_utf16(units) {
            self.write(symbol.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
    }

    fn write(&mut self, symbol: char) {
        let mut bytes = [0; 4];
        let text = symbol.encode_utf8(&mut bytes);
        self.text.extend_from_slice(text.as_bytes());
    }
}

impl Read for Utf16 {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.start == self.text.len() {
            self.refill()?;
        }
        let mut rest = self.text.get(self.start..).unwrap_or_default();
        let count = rest.read(into)?;
        self.start += count;
        Ok(count)
    }
}
