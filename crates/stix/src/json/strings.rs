//! Strings of the parser.

use super::{
    JsonError, JsonErrorKind,
    parse::{Parser, widen},
    value::Shape,
};

impl Parser<'_> {
    pub(super) fn string(&mut self) -> Result<(), JsonError> {
        let start = self.at + 1;
        self.at = start + plain_bytes(self.bytes.get(start..).unwrap_or_default());
        match self.peek() {
            Some(b'"') => {
                self.push(start, self.at, Shape::Plain);
                self.at += 1;
                Ok(())
            }
            Some(b'\\') => self.escaped_string(start),
            Some(_) => Err(JsonErrorKind::ControlCharacter.at(self.at)),
            None => Err(JsonErrorKind::Incomplete.at(self.at)),
        }
    }

    /// The string that begins at `start`, of which all before the first escape is read.
    fn escaped_string(&mut self, start: usize) -> Result<(), JsonError> {
        let begin = self.unescaped.len();
        let mut plain_from = start;
        loop {
            let plain = self.input.get(plain_from..self.at).unwrap_or_default();
            self.unescaped.push_str(plain);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                Some(_) => return Err(JsonErrorKind::ControlCharacter.at(self.at)),
                None => return Err(JsonErrorKind::Incomplete.at(self.at)),
            }
            plain_from = self.at;
            self.at += plain_bytes(self.bytes.get(self.at..).unwrap_or_default());
        }
        self.at += 1;
        self.push(begin, self.unescaped.len(), Shape::Unescaped);
        Ok(())
    }

    fn escape(&mut self) -> Result<(), JsonError> {
        let at = self.at;
        let Some(&kind) = self.bytes.get(at + 1) else {
            return Err(JsonErrorKind::Incomplete.at(self.bytes.len()));
        };
        self.at += 2;
        let character = match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode_escape(at)?,
            _ => return Err(JsonErrorKind::BadEscape.at(at)),
        };
        self.unescaped.push(character);
        Ok(())
    }

    /// What follows `\u`, a surrogate pair as one character (RFC 8259 §7).
    fn unicode_escape(&mut self, at: usize) -> Result<char, JsonError> {
        let first = self.four_digits(at)?;
        let code = match first {
            0xd800..=0xdbff => {
                for wanted in [b'\\', b'u'] {
                    match self.peek() {
                        Some(byte) if byte == wanted => self.at += 1,
                        Some(_) => return Err(JsonErrorKind::BadEscape.at(at)),
                        None => return Err(JsonErrorKind::Incomplete.at(self.at)),
                    }
                }
                match self.four_digits(at)? {
                    second @ 0xdc00..=0xdfff => {
                        0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)
                    }
                    _ => return Err(JsonErrorKind::BadEscape.at(at)),
                }
            }
            code => code,
        };
        char::from_u32(code).ok_or_else(|| JsonErrorKind::BadEscape.at(at))
    }

    fn four_digits(&mut self, at: usize) -> Result<u32, JsonError> {
        let mut code = 0;
        for _ in 0..4 {
            let Some(byte) = self.peek() else {
                return Err(JsonErrorKind::Incomplete.at(self.at));
            };
            let digit = char::from(byte).to_digit(16);
            code = code * 16 + digit.ok_or_else(|| JsonErrorKind::BadEscape.at(at))?;
            self.at += 1;
        }
        Ok(code)
    }
}

/// How many bytes go by before a quote, a backslash or a control character.
#[inline]
fn plain_bytes(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    let mut count = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        // Below 0x20, or zero after the wanted byte is taken out; the lowest hit is exact.
        let control = word.wrapping_sub(ONES * 0x20) & !word;
        let quote = word ^ (ONES * 0x22);
        let backslash = word ^ (ONES * 0x5c);
        let hits = (control
            | (quote.wrapping_sub(ONES) & !quote)
            | (backslash.wrapping_sub(ONES) & !backslash))
            & HIGH;
        if hits != 0 {
            return count + widen(hits.trailing_zeros() / 8);
        }
        count += 8;
    }
    count
        + rest
            .iter()
            .take_while(|byte| !matches!(byte, 0..0x20 | b'"' | b'\\'))
            .count()
}
