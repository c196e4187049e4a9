//! Runs of bytes of names with a dot in them, many at once.
//!
//! They are sorted by what they can be before they are read, and all their hashes are known before
//! one is looked up: the processor need not guess what comes next, and waits for the memory once.

use super::{
    Scanner,
    classes::{Block, EVENTS_AT_LEAST, ahead, back, count, shift, without_lowest, write_events},
};
use crate::{
    set::{Class, NameHash},
    value,
};

/// Blocks whose runs are collected before they are read.
const GROUP_BLOCKS: usize = 64;
/// At most so many runs with a dot begin in a block: each has three bytes, and one behind it.
const BLOCK_RUNS_MAX: usize = 16;
/// The least number of so many digits without a zero before it.
const LEAST: [u32; 4] = [0, 0, 10, 100];

/// Room for the runs of some blocks.
#[derive(Debug)]
pub(super) struct Runs {
    /// Places of dots, one in each run.
    events: Vec<usize>,
    quads: Vec<Run>,
    names: Vec<Run>,
    addresses: Vec<Address>,
    parents: Vec<Parent>,
}

impl Default for Runs {
    fn default() -> Self {
        let most = GROUP_BLOCKS * BLOCK_RUNS_MAX + EVENTS_AT_LEAST;
        Self {
            events: vec![0; most],
            quads: vec![Run::default(); most],
            names: vec![Run::default(); most],
            addresses: vec![Address::default(); most],
            parents: Vec::new(),
        }
    }
}

/// A run of up to 64 bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    start: usize,
    length: usize,
    /// One bit a dot; the lowest is of the first byte.
    dots: u64,
}

impl Run {
    fn end(self) -> usize {
        self.start + self.length
    }

    fn place(self) -> (usize, usize) {
        (self.start, self.end())
    }

    /// The places of the dots, from the right.
    fn dots(self) -> impl Iterator<Item = usize> {
        let mut left = self.dots;
        std::iter::from_fn(move || {
            let place = 63_u32.checked_sub(left.leading_zeros())?;
            left &= !(1 << place);
            Some(self.start + count(place))
        })
    }
}

/// An IPv4 address that is to be looked up.
#[derive(Clone, Copy, Debug, Default)]
struct Address {
    number: u32,
    hash: u64,
    place: (usize, usize),
}

/// A name, or one that it is below, that is to be looked up.
#[derive(Clone, Copy, Debug, Default)]
struct Parent {
    hash: u64,
    /// The number of the run.
    run: usize,
}

/// Writes an item behind `count` others, and counts it if it is wanted.
#[inline]
fn add<T>(items: &mut [T], count: &mut usize, item: T, is_wanted: bool) {
    if let Some(slot) = items.get_mut(*count) {
        *slot = item;
    }
    *count += usize::from(is_wanted);
}

#[expect(
    clippy::inline_always,
    reason = "compiled for what the processor has where they are called"
)]
impl Scanner<'_> {
    /// Reads all names and IPv4 addresses.
    #[inline(always)]
    pub(super) fn dotted_runs(&mut self) {
        let mut before = Block::EMPTY;
        let mut is_open = false;
        let mut base = 0;
        while base < self.bytes.len() {
            let mut events = 0;
            let blocks = self.blocks.get(base / 64..).unwrap_or_default();
            for [block, after] in blocks.array_windows().take(GROUP_BLOCKS) {
                let inner = inner_dots(&before, block, after);
                let starts = block.name & !back(block.name, before.name, 1) | u64::from(is_open);
                // A one that is added to the begin of a run goes on to the first of its inner dots,
                // or behind the run.
                let (sum, carry) = (block.name & !inner).overflowing_add(starts);
                is_open = carry;
                write_events(sum & inner, base, &mut self.runs.events, &mut events);
                before = *block;
                base += 64;
            }
            let (mut quads, mut names) = (0, 0);
            for at in 0..events {
                let place = self.runs.events.get(at).copied().unwrap_or(0);
                self.sort_run(place, &mut quads, &mut names);
            }
            self.read_quads(quads);
            self.read_names(names);
        }
    }

    /// Puts the run that a dot is in among those that can be addresses or names.
    #[inline(always)]
    fn sort_run(&mut self, place: usize, quads: &mut usize, names: &mut usize) {
        let at = place / 64;
        let name = |at: usize| self.blocks.get(at).map_or(0, |block| block.name);
        let (here, by) = (name(at), shift(place));
        // The bytes before the dot, the last of them in the highest bit.
        let before = at.checked_sub(1).map_or(0, name) >> by | here << 1 << (63 - by);
        let head = count(before.leading_ones());
        let length = head + count(ahead(here, name(at + 1), by).trailing_ones());
        let start = place.saturating_sub(head);
        if head == 64 || length > 64 {
            return self.dotted_by_bytes(place);
        }
        let Some([here, after]) = self.blocks.get(start / 64..start / 64 + 2) else {
            return;
        };
        let mask = u64::MAX >> (64 - length);
        let by = shift(start);
        let of = |here: u64, after: u64| ahead(here, after, by) & mask;
        let (word, dots) = (of(here.word, after.word), of(here.dot, after.dot));
        let (digit, high) = (of(here.digit, after.digit), of(here.high, after.high));
        if (word & 1 == 0) | (high != 0) | (dots & dots >> 1 != 0) {
            return self.dotted_by_bytes(place);
        }
        // What stands behind the last letter or digit is punctuation.
        let length = 64 - count(word.leading_zeros());
        let mask = u64::MAX >> (64 - length);
        let dots = dots & mask;
        let is_solid = word | dots == mask;
        // Three dots between digits at least are in an address.
        let between = dots & digit << 1 & digit >> 1;
        if !is_solid & (without_two(between) != 0) {
            self.addresses(start, start + length);
        }
        let run = Run {
            start,
            length,
            dots,
        };
        let wanted = self.tables.wanted;
        let is_number = is_solid & (digit == word);
        let three = without_two(dots);
        let is_quad = is_number & (three != 0) & (without_lowest(three) == 0) & wanted.v4;
        add(&mut self.runs.quads, quads, run, is_quad);
        let top = 64 - count(dots.leading_zeros());
        let letters = word & !digit;
        let mut is_top = (letters >> top == mask >> top) & (length - top >= 2);
        if !is_top & !is_number {
            is_top = self.is_top(start + top, start + length);
        }
        let is_user = self.bytes.get(start + length) == Some(&b'@');
        let is_name = (dots != 0) & is_top & !is_user & wanted.names;
        add(&mut self.runs.names, names, run, is_name);
    }

    #[cold]
    fn is_top(&self, start: usize, end: usize) -> bool {
        let label = self.bytes.get(start..end);
        label.is_some_and(value::is_top)
    }

    #[inline(always)]
    fn read_quads(&mut self, quads: usize) {
        let tables = self.tables;
        let mut addresses = 0;
        for run in self.runs.quads.iter().take(quads) {
            let (number, is_right) = quad_at(self.bytes, *run);
            let hash = tables.hasher.number(Class::Address4, number);
            tables.table.prefetch(hash);
            tables.prefetch_net4(number);
            let address = Address {
                number,
                hash,
                place: run.place(),
            };
            add(&mut self.runs.addresses, &mut addresses, address, is_right);
        }
        for at in 0..addresses {
            let Some(address) = self.runs.addresses.get(at).copied() else {
                return;
            };
            if tables.table.may_have(address.hash) | tables.may_have_net4(address.number) {
                self.address4(address.number, address.place);
            }
        }
    }

    #[inline(always)]
    fn read_names(&mut self, names: usize) {
        let tables = self.tables;
        let wanted = tables.wanted;
        self.runs.parents.clear();
        for (run, name) in self.runs.names.iter().take(names).enumerate() {
            let mut dots = name.dots();
            let Some(dot) = dots.next() else { continue };
            let mut hash = tables.hasher.name();
            hash = hash.with(self.bytes, dot + 1, name.end());
            if !tables.has_top(hash) {
                continue;
            }
            let mut look_up = |hash: NameHash| {
                let hash = hash.value();
                tables.table.prefetch(hash);
                self.runs.parents.push(Parent { hash, run });
            };
            if wanted.tops {
                look_up(hash);
            }
            let mut right = dot;
            for dot in dots {
                hash = hash.with(self.bytes, dot + 1, right);
                right = dot;
                if wanted.trees {
                    look_up(hash);
                }
            }
            look_up(hash.with(self.bytes, name.start, right));
        }
        let mut read = None;
        for at in 0..self.runs.parents.len() {
            let Some(&Parent { hash, run }) = self.runs.parents.get(at) else {
                return;
            };
            if tables.table.may_have(hash) && read != Some(run) {
                read = Some(run);
                self.read_name(run);
            }
        }
    }

    #[cold]
    fn read_name(&mut self, run: usize) {
        let run = self.runs.names.get(run).copied().unwrap_or_default();
        self.name(self.bytes, run.place(), run.dots(), run.place());
    }
}

/// The dots of a block that show that an address or a name may be around them.
#[inline]
fn inner_dots(before: &Block, block: &Block, after: &Block) -> u64 {
    // The last dot of a name has a letter behind it, the first of an address another dot near it.
    // Most numbers have neither.
    let letter = |block: &Block| block.word & !block.digit | block.high;
    let solid = |block: &Block| block.name & !block.dot;
    let near = (2..=4).fold(0, |near, by| near | ahead(block.dot, after.dot, by));
    let digit = near & ahead(block.digit, after.digit, 1);
    let letter = ahead(letter(block), letter(after), 1);
    block.dot & back(solid(block), solid(before), 1) & (letter | digit)
}

/// What is left without the two lowest bits.
#[inline]
fn without_two(bits: u64) -> u64 {
    without_lowest(without_lowest(bits))
}

/// The address that digits with three dots among them write, and whether it is right.
#[inline]
fn quad_at(bytes: &[u8], run: Run) -> (u32, bool) {
    let end = run.end();
    let mut dots = run.dots;
    let mut begin = run.start;
    let mut address = 0;
    let mut right = true;
    for _ in 0..4 {
        // No dot is behind the last of the numbers.
        let stop = end.min(run.start + count(dots.trailing_zeros()));
        dots = without_lowest(dots);
        let digits = stop - begin;
        let number = number(bytes, stop, digits);
        let least = LEAST.get(digits).copied().unwrap_or(u32::MAX);
        right &= (number >= least) & (number <= 255);
        address = address << 8 | number;
        begin = stop + 1;
    }
    (address, right)
}

/// The number of the one to three digits before a place.
#[inline]
fn number(bytes: &[u8], end: usize, digits: usize) -> u32 {
    let four = end
        .checked_sub(4)
        .and_then(|begin| bytes.get(begin..end)?.first_chunk::<4>());
    let four = match four {
        Some(four) => u32::from_le_bytes(*four),
        None => (0..end).fold(0, |four, at| {
            let byte = bytes.get(at).copied().unwrap_or(0);
            four >> 8 | u32::from(byte) << 24
        }),
    };
    let [_, hundreds, tens, ones] =
        (four & u32::MAX << (32 - 8 * digits.min(4)) & 0x0f0f_0f0f).to_le_bytes();
    u32::from(hundreds) * 100 + u32::from(tens) * 10 + u32::from(ones)
}
