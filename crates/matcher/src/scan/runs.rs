//! Runs of bytes of names with a dot in them, many at once.
//!
//! They are sorted by what they can be before they are read, and all their hashes are known before
//! one is looked up: the processor need not guess what comes next, and waits for the memory once.

use super::{
    Scanner,
    classes::{EVENTS_AT_LEAST, count, without_lowest, write_events},
};
use crate::{
    set::{Class, Tables},
    value,
};

/// Blocks whose runs are collected before they are read.
const GROUP_BLOCKS: usize = 64;
/// At most so many runs with a dot begin in a block: each has three bytes, and one behind it.
const BLOCK_RUNS_MAX: usize = 16;
/// The bits of so many digits, the last of them in the highest byte.
const DIGITS: [u32; 4] = [0, 0x0f00_0000, 0x0f0f_0000, 0x0f0f_0f00];
/// What a digit counts, from the last on.
const WEIGHTS: u32 = 1 | 10 << 8 | 100 << 16;

/// Room for the runs of some blocks.
#[derive(Debug)]
pub(super) struct Runs {
    /// Ends of runs.
    events: Vec<usize>,
    quads: Vec<Run>,
    names: Vec<Run>,
    /// Numbers and hashes of the quads.
    addresses: Vec<(u32, u64)>,
    parents: Vec<Parent>,
}

impl Default for Runs {
    fn default() -> Self {
        let most = GROUP_BLOCKS * BLOCK_RUNS_MAX + EVENTS_AT_LEAST;
        Self {
            events: vec![0; most],
            quads: vec![Run::default(); most],
            names: vec![Run::default(); most],
            addresses: vec![(0, 0); most],
            parents: Vec::new(),
        }
    }
}

/// A run of up to 63 bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Run {
    end: usize,
    length: usize,
    /// One bit a dot; the highest is of the last byte.
    dots: u64,
}

impl Run {
    fn start(self) -> usize {
        self.end - self.length
    }

    fn place(self) -> (usize, usize) {
        (self.start(), self.end)
    }

    /// The places of the dots, from the right.
    fn dots(self) -> impl Iterator<Item = usize> {
        let mut left = self.dots;
        std::iter::from_fn(move || {
            let behind = left.leading_zeros();
            left &= !(1_u64.checked_shl(63_u32.checked_sub(behind)?)?);
            Some(self.end - 1 - count(behind))
        })
    }
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
    clippy::needless_bitwise_bool,
    reason = "compiled for what the processor has where they are called, without branches"
)]
impl Scanner<'_> {
    /// Reads all names and IPv4 addresses.
    #[inline(always)]
    pub(super) fn dotted_runs(&mut self) {
        let (mut is_open, mut is_dotted) = (false, false);
        let mut base = 0;
        while base < self.bytes.len() {
            let mut events = 0;
            let marks = &*self.marks;
            let names = self.classes.name.words().iter();
            let words = names.zip(&marks.starts).zip(&marks.inner);
            for ((&name, &starts), &inner) in words.skip(base / 64).take(GROUP_BLOCKS) {
                // A one that is added to the begin of a run goes on to the first of its inner
                // places, or behind the run; one that is added to that goes on to the end.
                let (sum, open) = (name & !inner).overflowing_add(starts | u64::from(is_open));
                let (sum, dotted) = name.carrying_add(sum & inner, is_dotted);
                (is_open, is_dotted) = (open, dotted);
                write_events(sum & !name, base, &mut self.runs.events, &mut events);
                base += 64;
            }
            if base >= self.bytes.len() {
                write_events(
                    u64::from(is_dotted),
                    base,
                    &mut self.runs.events,
                    &mut events,
                );
            }
            let (mut quads, mut names) = (0, 0);
            for at in 0..events {
                let end = self.runs.events.get(at).copied().unwrap_or(0);
                self.sort_run(end, &mut quads, &mut names);
            }
            self.read_quads(quads);
            self.read_names(names);
        }
    }

    /// Puts the run that ends here among those that can be addresses or names.
    #[inline(always)]
    fn sort_run(&mut self, end: usize, quads: &mut usize, names: &mut usize) {
        let classes = self.classes;
        let name = classes.name.up_to(end);
        let length = (!name).leading_zeros();
        let mask = !(u64::MAX >> (length & 63));
        let (word, dots) = (
            classes.word.up_to(end) & mask,
            classes.dot.up_to(end) & mask,
        );
        let digit = classes.digit.up_to(end) & mask;
        let high = if classes.has_high {
            classes.high.up_to(end)
        } else {
            0
        };
        let first = mask & mask.wrapping_neg();
        let is_plain = (word & first != 0) & (word >> 63 != 0) & (high & mask == 0);
        if !is_plain | (dots & dots << 1 != 0) {
            return self.dotted_by_bytes(end - 1);
        }
        let is_solid = word | dots == mask;
        // Three dots between digits at least are in an address.
        let between = dots & digit << 1 & digit >> 1;
        let run = Run {
            end,
            length: count(length),
            dots,
        };
        if !is_solid & (without_two(between) != 0) {
            self.addresses(run.start(), end);
        }
        let wanted = self.tables.wanted;
        let is_number = is_solid & (digit == word);
        let three = without_two(dots);
        let is_quad = is_number & (three != 0) & (without_lowest(three) == 0) & wanted.v4;
        add(&mut self.runs.quads, quads, run, is_quad);
        let top = dots.leading_zeros();
        let letters = (!(word & !digit)).leading_zeros();
        let mut is_top = (letters >= top) & (top >= 2);
        if !is_top & !is_number {
            is_top = self.is_top(end - count(top), end);
        }
        let is_user = classes.has_at && classes.at.has(end);
        let is_name = is_top & !is_user & wanted.names;
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
        let of = |bytes: &[u8], run| {
            let number = quad_at(bytes, run);
            (number, tables.hasher.number(Class::Address4, number))
        };
        let may_have = |(number, hash)| tables.table.may_have(hash) | tables.may_have_net4(number);
        if tables.table.is_near() {
            for at in 0..quads {
                let run = self.runs.quads.get(at).copied().unwrap_or_default();
                if may_have(of(self.bytes, run)) {
                    self.read_quad(at);
                }
            }
            return;
        }
        let addresses = self.runs.addresses.iter_mut();
        for (&run, address) in self.runs.quads.iter().zip(addresses).take(quads) {
            *address = of(self.bytes, run);
            let (number, hash) = *address;
            tables.table.prefetch(hash);
            tables.prefetch_net4(number);
        }
        for at in 0..quads {
            let address = self.runs.addresses.get(at).copied().unwrap_or_default();
            if may_have(address) {
                self.read_quad(at);
            }
        }
    }

    #[cold]
    fn read_quad(&mut self, run: usize) {
        let run = self.runs.quads.get(run).copied().unwrap_or_default();
        self.quad(run.start(), run.end);
    }

    #[inline(always)]
    fn read_names(&mut self, names: usize) {
        let tables = self.tables;
        if tables.table.is_near() {
            for at in 0..names {
                let name = self.runs.names.get(at).copied().unwrap_or_default();
                let mut may_have = false;
                hashes_of(tables, self.bytes, name, |hash| {
                    may_have |= tables.table.may_have(hash);
                });
                if may_have {
                    self.read_name(at);
                }
            }
            return;
        }
        let parents = &mut self.runs.parents;
        parents.clear();
        for (run, &name) in self.runs.names.iter().take(names).enumerate() {
            hashes_of(tables, self.bytes, name, |hash| {
                tables.table.prefetch(hash);
                parents.push(Parent { hash, run });
            });
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

/// The hashes of a name and of those that it is below, where names with this last label are in the
/// set.
#[expect(
    clippy::inline_always,
    reason = "compiled for what the processor has where it is called"
)]
#[inline(always)]
fn hashes_of(tables: &Tables<'_>, bytes: &[u8], name: Run, mut found: impl FnMut(u64)) {
    let mut dots = name.dots();
    let Some(dot) = dots.next() else { return };
    let hash = tables.hasher.name().with(bytes, dot + 1, name.end);
    if !tables.has_top(hash) {
        return;
    }
    if tables.wanted.tops {
        found(hash.value());
    }
    let (mut hash, mut right) = (hash, dot);
    for dot in dots {
        hash = hash.with(bytes, dot + 1, right);
        right = dot;
        if tables.wanted.trees {
            found(hash.value());
        }
    }
    found(hash.with(bytes, name.start(), right).value());
}

/// What is left without the two lowest bits.
#[inline]
fn without_two(bits: u64) -> u64 {
    without_lowest(without_lowest(bits))
}

/// The address that digits with three dots among them write; if they write none, any number.
#[inline]
fn quad_at(bytes: &[u8], run: Run) -> u32 {
    let tail = run
        .end
        .checked_sub(16)
        .and_then(|begin| bytes.get(begin..run.end)?.first_chunk());
    let mut tail = tail.map_or_else(
        || near_the_beginning(bytes, run.end),
        |tail| u128::from_le_bytes(*tail),
    );
    // With one more before the first number, which has none.
    let mut dots = run.dots | 1 << (63 - run.length % 64);
    let mut address = 0;
    for octet in 0..4 {
        let digits = dots.leading_zeros();
        dots = dots << 1 << (digits % 64);
        let last = u32::try_from(tail >> 96).unwrap_or(0);
        let last = last & DIGITS.get(count(digits % 4)).copied().unwrap_or(0);
        // The value of the digits is where hundreds, tens and ones meet.
        address |= last.wrapping_mul(WEIGHTS) >> 24 << (8 * octet);
        tail <<= 8 * (digits % 4 + 1);
    }
    address
}

/// The sixteen bytes before a place, of which some are before the first.
#[cold]
fn near_the_beginning(bytes: &[u8], end: usize) -> u128 {
    let head = bytes.get(..end).unwrap_or_default();
    head.iter()
        .fold(0, |tail, &byte| tail >> 8 | u128::from(byte) << 120)
}
