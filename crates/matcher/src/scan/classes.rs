//! Which bytes of a record are of which class, 64 at a time, as bits.

/// The classes of 64 bytes; the lowest bit is of the first.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Block {
    /// ASCII letters and digits.
    pub(crate) word: u64,
    /// Digits.
    pub(crate) digit: u64,
    /// `.`
    pub(crate) dot: u64,
    /// `-` and `_`
    pub(crate) joint: u64,
    /// `:`
    pub(crate) colon: u64,
    /// Bytes beyond ASCII.
    pub(crate) high: u64,
    /// `@`
    pub(crate) at: u64,
    /// `\` and `%`
    pub(crate) escape: u64,
    /// Line feeds.
    pub(crate) feed: u64,
    /// What can be part of a name: words, dots, joints and what is beyond ASCII.
    pub(crate) name: u64,
}

impl Block {
    /// Of 64 bytes, on any processor.
    pub(crate) fn of(bytes: &[u8; 64]) -> Self {
        let is = |class: fn(u8) -> bool| bits_of(bytes, class);
        let (word, dot, high) = (
            is(|byte| byte.is_ascii_alphanumeric()),
            is(|byte| byte == b'.'),
            is(|byte| !byte.is_ascii()),
        );
        let joint = is(|byte| byte == b'-' || byte == b'_');
        Self {
            word,
            digit: is(|byte| byte.is_ascii_digit()),
            dot,
            joint,
            colon: is(|byte| byte == b':'),
            high,
            at: is(|byte| byte == b'@'),
            escape: is(|byte| byte == b'\\' || byte == b'%'),
            feed: is(|byte| byte == b'\n'),
            name: word | dot | joint | high,
        }
    }

    /// With other classes behind the first so many places.
    #[inline]
    pub(crate) fn followed_by(&self, other: &Self, places: u32) -> Self {
        Self {
            word: self.word | other.word << places,
            digit: self.digit | other.digit << places,
            dot: self.dot | other.dot << places,
            joint: self.joint | other.joint << places,
            colon: self.colon | other.colon << places,
            high: self.high | other.high << places,
            at: self.at | other.at << places,
            escape: self.escape | other.escape << places,
            feed: self.feed | other.feed << places,
            name: self.name | other.name << places,
        }
    }
}

/// A bit for each byte. Compilers make vectors of the first line; the product moves the lowest bit of
/// each of eight bytes into the highest byte.
#[inline]
fn bits_of(bytes: &[u8; 64], class: impl Fn(u8) -> bool) -> u64 {
    let ones = bytes.map(|byte| u8::from(class(byte)));
    let (eights, _) = ones.as_chunks::<8>();
    eights.iter().rev().fold(0, |bits, eight| {
        let eight = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080);
        bits << 8 | eight >> 56
    })
}

/// Takes the lowest bit.
#[inline]
pub(crate) fn next(bits: &mut u64) -> Option<usize> {
    if *bits == 0 {
        return None;
    }
    let bit = bits.trailing_zeros();
    *bits &= *bits - 1;
    usize::try_from(bit).ok()
}

/// The class of the byte so many places further, fewer than 64.
#[inline]
pub(crate) fn ahead(this: u64, after: u64, by: u32) -> u64 {
    // In two steps: a shift by 64 is none.
    this >> by | after << 1 << (63 - by)
}

/// The class of the byte so many places back, fewer than 64.
#[inline]
pub(crate) fn back(this: u64, before: u64, by: u32) -> u64 {
    this << by | before >> 1 >> (63 - by)
}

/// Where the run that a place is in ends, given the words of its class.
#[inline]
pub(crate) fn run_end(words: impl Fn(usize) -> Option<u64>, place: usize) -> usize {
    let mut at = place / 64;
    let mut shift = place % 64;
    while let Some(word) = words(at) {
        let others = !word >> shift << shift;
        if others != 0 {
            return at * 64 + count(others.trailing_zeros());
        }
        at += 1;
        shift = 0;
    }
    at * 64
}

/// Where the run that ends before a place begins, given the words of its class.
#[inline]
pub(crate) fn run_start(words: impl Fn(usize) -> u64, place: usize) -> usize {
    let mut at = place / 64;
    let mut mask = (1 << (place % 64)) - 1;
    loop {
        let others = !words(at) & mask;
        if others != 0 {
            return at * 64 + 64 - count(others.leading_zeros());
        }
        if at == 0 {
            return 0;
        }
        at -= 1;
        mask = u64::MAX;
    }
}

/// Events of a block that are written whether they are there or not.
pub(crate) const EVENTS_AT_LEAST: usize = 4;

/// Writes the places of bits behind those that are there.
#[inline]
pub(crate) fn write_events(bits: u64, base: usize, events: &mut [usize], written: &mut usize) {
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

#[inline]
pub(crate) fn without_lowest(bits: u64) -> u64 {
    bits & bits.wrapping_sub(1)
}

/// The place of a byte in its block.
#[inline]
pub(crate) fn shift(place: usize) -> u32 {
    u32::try_from(place % 64).unwrap_or(0)
}

#[inline]
pub(crate) fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(0)
}

/// Whether a character beyond ASCII is part of a name rather than beside it: letters, digits and
/// what modifies them are, punctuation, symbols and spaces are not.
pub fn is_name_char(found: char) -> bool {
    let beside = matches!(found,
        '\u{80}'..='\u{a9}' | '\u{ab}'..='\u{b1}' | '\u{b4}' | '\u{b6}' | '\u{b8}' | '\u{bb}'
        | '\u{bf}' | '\u{d7}' | '\u{f7}'
        | '\u{2000}'..='\u{200b}' | '\u{200e}'..='\u{2bff}' | '\u{2e00}'..='\u{2e7f}'
        | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{3030}' | '\u{303d}'..='\u{303f}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe6f}' | '\u{feff}'
        | '\u{ff00}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}'
        | '\u{ff5b}'..='\u{ff65}' | '\u{fff0}'..='\u{ffff}' | '\u{1f000}'..='\u{1faff}');
    !beside
}
