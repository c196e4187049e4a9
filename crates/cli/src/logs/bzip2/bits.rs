//! Bits from the highest down, and the codes of Huffman in them.

use std::io::{self, BufRead, ErrorKind};

use super::{super::peeked::Peeked, damaged};

/// Bits of the longest code.
pub(super) const CODE_BITS_MAX: u8 = 20;
/// Bits of a code that one look finds.
const FAST_BITS: u8 = 10;

pub(super) struct Bits {
    input: Peeked,
    word: u64,
    count: u8,
}

impl Bits {
    pub(super) fn new(input: Peeked) -> Self {
        Self {
            input,
            word: 0,
            count: 0,
        }
    }

    /// The input behind the byte whose bits were taken last.
    pub(super) fn into_input(self) -> Peeked {
        self.input
    }

    /// The next bits, at most 32.
    pub(super) fn take(&mut self, count: u8) -> io::Result<u32> {
        let bits = self.peek(count)?;
        self.count -= count;
        Ok(bits)
    }

    pub(super) fn flag(&mut self) -> io::Result<bool> {
        Ok(self.take(1)? == 1)
    }

    fn peek(&mut self, count: u8) -> io::Result<u32> {
        while self.count < count {
            let Some(byte) = self.input.fill_buf()?.first().copied() else {
                return Err(ErrorKind::UnexpectedEof.into());
            };
            self.input.consume(1);
            self.word = self.word << 8 | u64::from(byte);
            self.count += 8;
        }
        let bits = self.word >> (self.count - count) & ((1 << count) - 1);
        u32::try_from(bits).map_err(|_too_many| damaged("more than 32 bits were asked for"))
    }
}

/// The codes of one table.
pub(super) struct Codes {
    /// Symbol and length for each beginning; length zero where the code is longer.
    fast: Vec<(u16, u8)>,
    /// Behind the last code of each length, aligned to the longest; and what to add to a code to
    /// find its symbol.
    ends: Vec<(u32, u32)>,
    symbols: Vec<u16>,
}

impl Codes {
    /// `lengths` has one length a symbol, from 1 to [`CODE_BITS_MAX`].
    pub(super) fn new(lengths: &[u8]) -> io::Result<Self> {
        let mut codes = Self {
            fast: vec![(0, 0); 1 << FAST_BITS],
            ends: vec![(0, 0)],
            symbols: Vec::with_capacity(lengths.len()),
        };
        let mut code = 0_u32;
        for length in 1..=CODE_BITS_MAX {
            code <<= 1;
            let first = u32::try_from(codes.symbols.len()).unwrap_or(u32::MAX);
            let shift = first.wrapping_sub(code);
            for (symbol, _) in (0_u16..).zip(lengths).filter(|(_, own)| **own == length) {
                if code >> length != 0 {
                    return Err(damaged("a table of codes is overfull"));
                }
                codes.symbols.push(symbol);
                if length <= FAST_BITS {
                    codes.fill(code, length, symbol);
                }
                code += 1;
            }
            codes.ends.push((code << (CODE_BITS_MAX - length), shift));
        }
        Ok(codes)
    }

    fn fill(&mut self, code: u32, length: u8, symbol: u16) {
        let spare = FAST_BITS - length;
        let first = usize::try_from(code << spare).unwrap_or(usize::MAX);
        let places = self.fast.iter_mut().skip(first).take(1 << spare);
        places.for_each(|place| *place = (symbol, length));
    }

    /// The next symbol. A stream has at least 80 bits behind its last one.
    pub(super) fn next(&self, bits: &mut Bits) -> io::Result<u16> {
        let ahead = bits.peek(CODE_BITS_MAX)?;
        let fast = usize::try_from(ahead >> (CODE_BITS_MAX - FAST_BITS)).unwrap_or(usize::MAX);
        if let Some((symbol, length @ 1..)) = self.fast.get(fast).copied() {
            bits.count -= length;
            return Ok(symbol);
        }
        for (length, (end, shift)) in (0_u8..).zip(&self.ends).skip(1) {
            if ahead < *end {
                let index = (ahead >> (CODE_BITS_MAX - length)).wrapping_add(*shift);
                let index = usize::try_from(index).unwrap_or(usize::MAX);
                bits.count -= length;
                let symbol = self.symbols.get(index).copied();
                return symbol.ok_or_else(|| damaged("a code has no symbol"));
            }
        }
        Err(damaged("a code has no symbol"))
    }
}
