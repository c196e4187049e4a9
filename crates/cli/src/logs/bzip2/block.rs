//! One block: Huffman codes, runs, move to front, and the transform of Burrows and Wheeler undone.

use std::io;

use super::{
    bits::{Bits, CODE_BITS_MAX, Codes},
    damaged,
};

/// Symbols that share a table.
const GROUP_SYMBOLS: usize = 50;
const RUN_A: u16 = 0;
const RUN_B: u16 = 1;

/// A block that was read, on its way out.
#[derive(Default)]
pub(super) struct Block {
    /// A byte in the low bits, and above them where the next one is.
    places: Vec<u32>,
    at: u32,
    left: usize,
    last: u8,
    /// Equal bytes in a row; behind four of them stands how many more there are.
    equal: u8,
    repeat: u8,
    checksum: u32,
    expected: u32,
    is_open: bool,
}

impl Block {
    /// Reads a block behind its mark and gives its checksum.
    pub(super) fn read(&mut self, bits: &mut Bits, bytes_max: usize) -> io::Result<u32> {
        let expected = bits.take(32)?;
        if bits.flag()? {
            return Err(damaged("it is of the randomised kind of before 1997"));
        }
        let origin = bits.take(24)?;
        let mut front = used(bits)?;
        let alphabet = front.len() + 2;
        let (selectors, tables) = tables(bits, alphabet)?;
        self.places.clear();
        symbols(bits, &selectors, &tables, &mut front, |byte, count| {
            if count > bytes_max.saturating_sub(self.places.len()) {
                return Err(damaged("a block is longer than its head says"));
            }
            let length = self.places.len() + count;
            self.places.resize(length, u32::from(byte));
            Ok(())
        })?;
        link(&mut self.places)?;
        self.left = self.places.len();
        self.at = match self.places.get(index(origin)) {
            Some(place) => place >> 8,
            None => return Err(damaged("a block begins outside of itself")),
        };
        (self.equal, self.repeat) = (0, 0);
        (self.checksum, self.expected) = (u32::MAX, expected);
        self.is_open = true;
        Ok(expected)
    }

    /// Writes what is left of the block, as far as there is room.
    pub(super) fn write(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        for slot in into {
            let Some(byte) = self.next() else { break };
            *slot = byte;
            let [top, ..] = self.checksum.to_be_bytes();
            let change = CHECKSUMS.get(usize::from(top ^ byte)).copied();
            self.checksum = self.checksum << 8 ^ change.unwrap_or_default();
            written += 1;
        }
        if written == 0 && self.is_open && self.left == 0 && self.repeat == 0 {
            self.is_open = false;
            if !self.checksum != self.expected {
                return Err(damaged("the checksum of a block differs"));
            }
        }
        Ok(written)
    }

    fn next(&mut self) -> Option<u8> {
        loop {
            if self.repeat > 0 {
                self.repeat -= 1;
                return Some(self.last);
            }
            self.left = self.left.checked_sub(1)?;
            let place = self.places.get(index(self.at)).copied()?;
            let [byte, ..] = place.to_le_bytes();
            self.at = place >> 8;
            if self.equal == 4 {
                (self.equal, self.repeat) = (0, byte);
                continue;
            }
            let is_equal = self.equal > 0 && byte == self.last;
            self.equal = if is_equal { self.equal + 1 } else { 1 };
            self.last = byte;
            return Some(byte);
        }
    }
}

/// The bytes that the block has, in their order.
fn used(bits: &mut Bits) -> io::Result<Vec<u8>> {
    let ranges = bits.take(16)?;
    let mut front = Vec::with_capacity(256);
    for range in (0..16_u8).filter(|range| ranges >> (15 - range) & 1 == 1) {
        let own = bits.take(16)?;
        let own = (0..16_u8).filter(|low| own >> (15 - low) & 1 == 1);
        front.extend(own.map(|low| range << 4 | low));
    }
    if front.is_empty() {
        return Err(damaged("a block has no bytes"));
    }
    Ok(front)
}

/// Which table each group of symbols has, and the tables.
fn tables(bits: &mut Bits, alphabet: usize) -> io::Result<(Vec<usize>, Vec<Codes>)> {
    let count = bits.take(3)?;
    let groups = bits.take(15)?;
    if !(2..=6).contains(&count) || groups == 0 {
        return Err(damaged("a block has no tables"));
    }
    let mut front: Vec<usize> = (0..index(count)).collect();
    let mut selectors = Vec::with_capacity(index(groups));
    for _ in 0..groups {
        let mut place = 0;
        while bits.flag()? {
            place += 1;
            if place >= front.len() {
                return Err(damaged("a group names a table that is not there"));
            }
        }
        selectors.push(to_front(&mut front, place)?);
    }
    let mut tables = Vec::with_capacity(front.len());
    for _ in 0..count {
        tables.push(table(bits, alphabet)?);
    }
    Ok((selectors, tables))
}

fn table(bits: &mut Bits, alphabet: usize) -> io::Result<Codes> {
    let mut lengths = Vec::with_capacity(alphabet);
    let mut length = bits.take(5)?;
    for _ in 0..alphabet {
        loop {
            if !(1..=u32::from(CODE_BITS_MAX)).contains(&length) {
                return Err(damaged("a code is too long or too short"));
            }
            if !bits.flag()? {
                break;
            }
            length = if bits.flag()? { length - 1 } else { length + 1 };
        }
        let [low, ..] = length.to_le_bytes();
        lengths.push(low);
    }
    Codes::new(&lengths)
}

/// Reads the symbols up to the end of the block and gives runs of bytes.
fn symbols(
    bits: &mut Bits,
    selectors: &[usize],
    tables: &[Codes],
    front: &mut [u8],
    mut give: impl FnMut(u8, usize) -> io::Result<()>,
) -> io::Result<()> {
    let (mut run, mut weight) = (0_usize, 1_usize);
    for selector in selectors {
        let Some(codes) = tables.get(*selector) else {
            return Err(damaged("a group names a table that is not there"));
        };
        for _ in 0..GROUP_SYMBOLS {
            let symbol = codes.next(bits)?;
            if symbol == RUN_A || symbol == RUN_B {
                run = run.saturating_add(weight.saturating_mul(usize::from(symbol) + 1));
                weight = weight.saturating_mul(2);
                continue;
            }
            if run > 0 {
                give(front.first().copied().unwrap_or_default(), run)?;
                (run, weight) = (0, 1);
            }
            if usize::from(symbol) == front.len() + 1 {
                return Ok(());
            }
            give(to_front(front, usize::from(symbol) - 1)?, 1)?;
        }
    }
    Err(damaged("a block has no end"))
}

/// Moves what stands at `place` to the front and gives it.
fn to_front<T: Copy>(front: &mut [T], place: usize) -> io::Result<T> {
    let Some(moved) = front.get_mut(..=place) else {
        return Err(damaged("a symbol is none of the block"));
    };
    moved.rotate_right(1);
    let first = moved.first().copied();
    first.ok_or_else(|| damaged("a symbol is none of the block"))
}

/// Writes above each byte where the next one is.
fn link(places: &mut [u32]) -> io::Result<()> {
    let mut nexts = [0_u32; 256];
    for place in &*places {
        let [byte, ..] = place.to_le_bytes();
        if let Some(count) = nexts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for next in &mut nexts {
        sum += std::mem::replace(next, sum);
    }
    for at in 0..places.len() {
        let [byte, ..] = places.get(at).copied().unwrap_or_default().to_le_bytes();
        let Some(next) = nexts.get_mut(usize::from(byte)) else {
            continue;
        };
        let from = u32::try_from(at).map_err(|_long| damaged("a block is too long"))?;
        if let Some(place) = places.get_mut(index(*next)) {
            *place |= from << 8;
        }
        *next += 1;
    }
    Ok(())
}

fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// CRC-32 from the highest bit down.
const CHECKSUMS: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0_u32;
    let mut rest: &mut [u32] = &mut table;
    while let Some((slot, behind)) = rest.split_first_mut() {
        let mut value = byte << 24;
        let mut bit = 0;
        while bit < 8 {
            let carry = value >> 31;
            value = value << 1 ^ (0x04c1_1db7 * carry);
            bit += 1;
        }
        *slot = value;
        byte += 1;
        rest = behind;
    }
    table
};
