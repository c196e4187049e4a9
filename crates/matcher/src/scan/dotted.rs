//! Names and IPv4 addresses: what has dots inside.

use super::{
    Scanner,
    classes::{Block, ahead, back, count, is_name_char, next, run_end, run_start, shift},
};
use crate::{
    Kind,
    set::Class,
    value::{self, NAME_BYTES_MAX},
};

/// Blocks whose runs are collected before they are read.
const GROUP_BLOCKS: usize = 64;
/// At most so many runs with a dot begin in a block: each has three bytes, and one behind it.
const BLOCK_RUNS_MAX: usize = 16;
/// Events of a block that are written whether they are there or not.
const EVENTS_AT_LEAST: usize = 4;

/// Runs of bytes of names with a dot in them, of some blocks.
///
/// They are sorted by what they can be before they are read, so that the processor need not guess
/// what comes next: it reads several at once.
#[derive(Debug)]
pub(super) struct Runs {
    /// Places of dots, one in each run.
    events: Vec<usize>,
    quads: Vec<Run>,
    names: Vec<Run>,
}

impl Default for Runs {
    fn default() -> Self {
        let most = GROUP_BLOCKS * BLOCK_RUNS_MAX + EVENTS_AT_LEAST;
        Self {
            events: vec![0; most],
            quads: vec![Run::default(); most],
            names: vec![Run::default(); most],
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

/// Writes a run behind `count` others, and counts it if it is wanted.
#[inline]
fn add(runs: &mut [Run], count: &mut usize, run: Run, is_wanted: bool) {
    if let Some(slot) = runs.get_mut(*count) {
        *slot = run;
    }
    *count += usize::from(is_wanted);
}

impl Scanner<'_> {
    /// Reads all names and IPv4 addresses.
    pub(super) fn dotted_runs(&mut self) {
        let mut before = Block::EMPTY;
        let mut is_open = false;
        let mut base = 0;
        while base < self.bytes.len() {
            let mut events = 0;
            let first = base / 64;
            let blocks = self.blocks.get(first..).unwrap_or_default();
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
            self.read_runs(events);
        }
    }

    fn read_runs(&mut self, events: usize) {
        let (mut quads, mut names) = (0, 0);
        for at in 0..events {
            let place = self.runs.events.get(at).copied().unwrap_or(0);
            self.sort_run(place, &mut quads, &mut names);
        }
        self.read_quads(quads);
        self.read_names(names);
    }

    fn read_quads(&mut self, quads: usize) {
        for at in 0..quads {
            let run = self.runs.quads.get(at).copied().unwrap_or_default();
            let (address, is_right) = quad_at(self.bytes, run);
            if is_right {
                self.address4(address, (run.start, run.start + run.length));
            }
        }
    }

    fn read_names(&mut self, names: usize) {
        for at in 0..names {
            let run = self.runs.names.get(at).copied().unwrap_or_default();
            let mut left = run.dots;
            let dots = std::iter::from_fn(move || {
                let place = 63_u32.checked_sub(left.leading_zeros())?;
                left &= !(1 << place);
                Some(run.start + count(place))
            });
            let place = (run.start, run.start + run.length);
            self.name(self.bytes, place, dots, place);
        }
    }

    /// Puts the run that a dot is in among those that can be addresses or names.
    #[inline]
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
        let of = |here: u64, after: u64| ahead(here, after, shift(start)) & mask;
        let (word, dots) = (of(here.word, after.word), of(here.dot, after.dot));
        let (digit, high) = (of(here.digit, after.digit), of(here.high, after.high));
        if word & 1 == 0 || high != 0 || dots & dots >> 1 != 0 {
            return self.dotted_by_bytes(place);
        }
        // What stands behind the last letter or digit is punctuation.
        let length = 64 - count(word.leading_zeros());
        let mask = u64::MAX >> (64 - length);
        let dots = dots & mask;
        let run = Run {
            start,
            length,
            dots,
        };
        let is_solid = word | dots == mask;
        // Three dots between digits at least are in an address.
        let between = dots & digit << 1 & digit >> 1;
        if !is_solid && has_three(between) {
            self.addresses(start, start + length);
        }
        let wanted = self.tables.wanted;
        let is_number = is_solid & (digit == word);
        let is_quad = is_number
            & (without_lowest(without_lowest(without_lowest(dots))) == 0)
            & has_three(dots)
            & wanted.v4;
        add(&mut self.runs.quads, quads, run, is_quad);
        let top = 64 - count(dots.leading_zeros());
        let letters = word & !digit;
        let is_top = if letters >> top == mask >> top {
            length - top >= 2
        } else if is_number {
            false
        } else {
            let label = self.bytes.get(start + top..start + length);
            label.is_some_and(value::is_top)
        };
        let is_user = self.bytes.get(start + length) == Some(&b'@');
        let is_name = (dots != 0) & !is_number & is_top & !is_user & wanted.names;
        add(&mut self.runs.names, names, run, is_name);
    }

    /// The same for runs that are long, or have two dots in a row or bytes beyond ASCII.
    #[cold]
    fn dotted_by_bytes(&mut self, place: usize) {
        let start = run_start(self.blocks, |block| block.name, place);
        let end = run_end(self.blocks, |block| block.name, place);
        self.addresses(start, end);
        if !self.tables.wanted.names {
            return;
        }
        let bytes = self.bytes;
        let mut piece = start;
        let mut place = start;
        let run = bytes.get(start..end).unwrap_or_default();
        for chunk in run.utf8_chunks() {
            for found in chunk.valid().chars() {
                let behind = place + found.len_utf8();
                let doubled = found == '.' && bytes.get(behind) == Some(&b'.') && behind < end
                    || found == '.' && place > start && bytes.get(place - 1) == Some(&b'.');
                if doubled || !found.is_ascii() && !is_name_char(found) {
                    self.piece(piece, place);
                    piece = behind;
                }
                place = behind;
            }
            if !chunk.invalid().is_empty() {
                self.piece(piece, place);
                place += chunk.invalid().len();
                piece = place;
            }
        }
        self.piece(piece, end);
    }

    /// A name with punctuation around it, perhaps.
    fn piece(&mut self, start: usize, end: usize) {
        let bytes = self.bytes;
        let Some((start, end)) = trimmed(bytes, start, end) else {
            return;
        };
        let text = bytes.get(start..end).unwrap_or_default();
        if bytes.get(end) == Some(&b'@') || !text.contains(&b'.') || text.len() > 4 * NAME_BYTES_MAX
        {
            return;
        }
        if text.is_ascii() {
            if value::is_name(text) {
                self.name(
                    bytes,
                    (start, end),
                    dots_of(bytes, start, end),
                    (start, end),
                );
            }
        } else if let Some(name) = str::from_utf8(text).ok().and_then(value::normal_name) {
            let name = name.as_bytes();
            self.name(
                name,
                (0, name.len()),
                dots_of(name, 0, name.len()),
                (start, end),
            );
        }
    }

    /// A name in `text`, given its dots from the right; `place` is where it stands.
    #[inline]
    fn name(
        &mut self,
        text: &[u8],
        (start, end): (usize, usize),
        dots: impl Iterator<Item = usize>,
        place: (usize, usize),
    ) {
        let tables = self.tables;
        let mut hash = tables.hasher.name();
        let mut right = end;
        for dot in dots {
            hash = hash.with(text, dot + 1, right);
            let is_top = right == end;
            right = dot;
            if is_top {
                if !tables.has_top(hash) {
                    return;
                }
                if !tables.wanted.tops {
                    continue;
                }
            }
            if tables.wanted.trees && tables.table.may_have(hash.value()) {
                let wanted = text.get(dot + 1..end).unwrap_or_default();
                self.report(hash.value(), place, |kind, name| {
                    kind == Kind::DomainTree && name.eq_ignore_ascii_case(wanted)
                });
            }
        }
        let hash = hash.with(text, start, right).value();
        if tables.table.may_have(hash) {
            let wanted = text.get(start..end).unwrap_or_default();
            self.report(hash, place, |kind, name| {
                matches!(kind, Kind::Domain | Kind::DomainTree) && name.eq_ignore_ascii_case(wanted)
            });
        }
    }

    /// IPv4 addresses among words that hyphens and the like separate.
    fn addresses(&mut self, start: usize, end: usize) {
        let mut begin = start;
        for at in start..=end {
            let is_part = self.is_word_at(at) || self.bytes.get(at) == Some(&b'.');
            if at == end || !is_part {
                self.address_word(begin, at);
                begin = at + 1;
            }
        }
    }

    /// A run of letters, digits and dots: two dots in a row end what is before them.
    fn address_word(&mut self, start: usize, end: usize) {
        let mut begin = start;
        while begin < end {
            let rest = self.bytes.get(begin..end).unwrap_or_default();
            let stop = rest.windows(2).position(|two| two == b"..");
            let stop = begin + stop.unwrap_or(rest.len());
            let word = self.bytes.get(begin..stop).unwrap_or_default();
            let lead = word.iter().take_while(|&&byte| byte == b'.').count();
            let trail = word.iter().rev().take_while(|&&byte| byte == b'.').count();
            if lead + trail < word.len() {
                self.quad(begin + lead, stop - trail);
            }
            begin = stop + 2;
        }
    }

    /// An IPv4 address, if it is one.
    fn quad(&mut self, start: usize, end: usize) {
        let text = self.bytes.get(start..end).unwrap_or_default();
        if let Some(address) = quad(text) {
            self.address4(address, (start, end));
        }
    }

    pub(super) fn address4(&mut self, address: u32, place: (usize, usize)) {
        let tables = self.tables;
        let hash = tables.hasher.number(Class::Address4, address);
        if tables.wanted.v4 && tables.table.may_have(hash) {
            let octets = address.to_be_bytes();
            self.report(hash, place, |kind, packed| {
                kind == Kind::Ipv4 && packed == octets
            });
        }
        if tables.may_have_net4(address) {
            let mut lengths = tables.wanted.net4_bits;
            while let Some(bits) = next(&mut lengths) {
                let bits = u8::try_from(bits).unwrap_or(32);
                let network = address & u32::MAX.checked_shl(u32::from(32 - bits)).unwrap_or(0);
                let hash = tables.hasher.number(Class::Net4(bits), network);
                if tables.table.may_have(hash) {
                    let [a, b, c, d] = network.to_be_bytes();
                    let wanted = [a, b, c, d, bits];
                    self.report(hash, place, |kind, packed| {
                        kind == Kind::Ipv4Net && packed == wanted
                    });
                }
            }
        }
    }
}

/// What is left of a name without what punctuation stands around it.
pub(super) fn trimmed(bytes: &[u8], start: usize, end: usize) -> Option<(usize, usize)> {
    let text = bytes.get(start..end)?;
    let first = text.iter().position(|byte| !b".-".contains(byte))?;
    let last = text.iter().rposition(|byte| !b".-_".contains(byte))?;
    (first <= last).then_some((start + first, start + last + 1))
}

/// The places of the dots, from the right.
fn dots_of(text: &[u8], start: usize, end: usize) -> impl Iterator<Item = usize> + '_ {
    (start..end).rev().filter(|&at| text.get(at) == Some(&b'.'))
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

/// Writes the places of bits behind those that are there.
#[inline]
fn write_events(bits: u64, base: usize, events: &mut [usize], written: &mut usize) {
    let mut bits = bits;
    let mut left = count(bits.count_ones());
    while let Some(slots) = events.get_mut(*written..*written + EVENTS_AT_LEAST) {
        for slot in slots {
            *slot = base + count(bits.trailing_zeros());
            bits = without_lowest(bits);
        }
        *written += left.min(EVENTS_AT_LEAST);
        if left <= EVENTS_AT_LEAST {
            return;
        }
        left -= EVENTS_AT_LEAST;
    }
}

/// Whether there are three bits at least.
fn has_three(bits: u64) -> bool {
    without_lowest(without_lowest(bits)) != 0
}

fn without_lowest(bits: u64) -> u64 {
    bits & bits.wrapping_sub(1)
}

/// The address that digits with three dots among them write, if they are right.
#[inline]
fn quad_at(bytes: &[u8], run: Run) -> (u32, bool) {
    let end = run.start + run.length;
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
        // One to three digits, of which the first is a zero only where it is alone.
        let least = u32::from(digits == 2) * 10 + u32::from(digits == 3) * 100;
        right &= digits <= 3;
        right &= number >= least;
        right &= number <= 255;
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

/// The address that four decimal numbers write.
fn quad(text: &[u8]) -> Option<u32> {
    if !(7..=15).contains(&text.len()) {
        return None;
    }
    let mut address = 0_u32;
    let mut number = 0_u32;
    let mut digits = 0;
    let mut dots = 0;
    for &byte in text {
        if byte == b'.' {
            if digits == 0 || number > 255 {
                return None;
            }
            address = address << 8 | number;
            (number, digits) = (0, 0);
            dots += 1;
        } else {
            // A zero is alone.
            if !byte.is_ascii_digit() || digits > 0 && number == 0 || digits == 3 {
                return None;
            }
            number = number * 10 + u32::from(byte - b'0');
            digits += 1;
        }
    }
    (dots == 3 && (1..=3).contains(&digits) && number <= 255).then_some(address << 8 | number)
}
