//! Hashes of values.
//!
//! Texts are read from their end, eight bytes at a time, with the bit that tells lower from upper
//! case set: so a name has been hashed when its parents have, and no byte is brought into lower case
//! before something was found. Two values may have one hash; whoever finds one compares the bytes.

/// What a hash is of; equal bytes of two classes have different hashes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Class {
    Address4,
    Address6,
    Net4(u8),
    Net6(u8),
    Name,
    Word,
    Url,
    Host,
    Email,
    Asn,
    Cve,
    Ja4,
    Text,
}

const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
const LABEL: u64 = 0xd6e8_feb8_6659_fd93;
const SECOND: u64 = 0xa24b_aed4_963e_e407;
const LOWER: u64 = 0x2020_2020_2020_2020;

#[inline]
fn mix(left: u64, right: u64) -> u64 {
    let (low, high) = left.carrying_mul(right, 0);
    low ^ high
}

/// Where the hashes of one set begin: whoever knows neither seed nor set cannot make values meet.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Hasher(pub(super) u64);

impl Hasher {
    pub(crate) fn new(seed: u64) -> Self {
        Self(mix(seed ^ 0xa076_1d64_78bd_642f, MULTIPLIER))
    }

    fn begin(self, class: Class) -> u64 {
        let code: u64 = match class {
            Class::Address4 => 1,
            Class::Address6 => 2,
            Class::Name => 3,
            Class::Word => 4,
            Class::Url => 5,
            Class::Email => 6,
            Class::Asn => 7,
            Class::Cve => 8,
            Class::Ja4 => 9,
            Class::Text => 10,
            Class::Host => 11,
            Class::Net4(bits) => 0x100 | u64::from(bits),
            Class::Net6(bits) => 0x200 | u64::from(bits),
        };
        self.0 ^ code.wrapping_mul(0xe703_7ed1_a0b4_28db)
    }

    pub(crate) fn number(self, class: Class, number: u32) -> u64 {
        mix(self.begin(class) ^ u64::from(number), MULTIPLIER)
    }

    pub(crate) fn wide(self, class: Class, number: u128) -> u64 {
        let (high, low) = (number >> 64, number & u128::from(u64::MAX));
        let half = |half: u128| u64::try_from(half).unwrap_or(0);
        let first = mix(self.begin(class) ^ half(high), MULTIPLIER);
        mix(first ^ half(low), MULTIPLIER)
    }

    /// Of a text in any case.
    pub(crate) fn text(self, class: Class, text: &[u8]) -> u64 {
        fold(self.begin(class), text, 0, text.len())
    }

    /// Of a name without any label yet.
    pub(crate) fn name(self) -> NameHash {
        NameHash(self.begin(Class::Name))
    }
}

/// The hash of the last labels of a name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NameHash(u64);

impl NameHash {
    /// Of the name with one more label before it, `text` from `begin` to `end`.
    #[inline]
    pub(crate) fn with(self, text: &[u8], begin: usize, end: usize) -> Self {
        Self(fold(self.0 ^ LABEL, text, begin, end))
    }

    pub(crate) fn value(self) -> u64 {
        self.0
    }
}

#[inline]
fn fold(state: u64, text: &[u8], begin: usize, end: usize) -> u64 {
    // Most labels have up to sixteen bytes: those are read alike, whatever their number.
    let length = end - begin;
    if length > 16 {
        return fold_long(state, text, begin, end);
    }
    let last = length.min(8);
    pair(
        state,
        tail(text, end, last),
        tail(text, end - last, length - last),
    )
}

fn fold_long(state: u64, text: &[u8], begin: usize, end: usize) -> u64 {
    let mut state = state;
    let mut end = end;
    while begin < end {
        let last = (end - begin).min(8);
        let rest = (end - begin - last).min(8);
        state = pair(state, tail(text, end, last), tail(text, end - last, rest));
        end -= last + rest;
    }
    state
}

/// Both factors depend on the state, and so on the seed: nobody can choose bytes that make one zero.
#[inline]
fn pair(state: u64, last: u64, rest: u64) -> u64 {
    mix(state ^ last, state.rotate_left(32) ^ SECOND ^ rest)
}

/// The up to 8 bytes before `end`, each with the bit of lower case set.
#[inline]
pub(crate) fn tail(text: &[u8], end: usize, count: usize) -> u64 {
    // In two steps: a shift by 64 is none.
    let half = 32 - 4 * count.min(8);
    let keep = |bytes: u64| bytes >> half >> half;
    let eight = end
        .checked_sub(8)
        .and_then(|begin| text.get(begin..end)?.first_chunk::<8>());
    let bytes = match eight {
        Some(eight) => keep(u64::from_le_bytes(*eight)),
        None => near_the_beginning(text, end, count),
    };
    bytes | keep(LOWER)
}

#[cold]
fn near_the_beginning(text: &[u8], end: usize, count: usize) -> u64 {
    let bytes = text.get(end.saturating_sub(count)..end).unwrap_or_default();
    let shifted = bytes.iter().enumerate();
    shifted.fold(0, |word, (at, &byte)| word | u64::from(byte) << (8 * at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_depends_on_no_case_and_on_nothing_around_the_text() {
        let hasher = Hasher::new(7);
        let word = |text: &[u8]| hasher.text(Class::Word, text);
        assert_eq!(word(b"D41D8CD98F00B204"), word(b"d41d8cd98f00b204"));
        assert_ne!(word(b"d41d8cd98f00b204"), word(b"d41d8cd98f00b205"));
        assert_ne!(
            hasher.text(Class::Url, b"a"),
            hasher.text(Class::Email, b"a")
        );
        let name = |text: &[u8], labels: &[(usize, usize)]| {
            let add = |hash: NameHash, &(begin, end): &_| hash.with(text, begin, end);
            labels.iter().fold(hasher.name(), add).value()
        };
        let alone = name(b"evil.com", &[(5, 8), (0, 4)]);
        assert_eq!(alone, name(b"https://EVIL.COM", &[(13, 16), (8, 12)]));
        assert_ne!(alone, name(b"evilcom", &[(0, 7)]));
        assert_ne!(alone, name(b"com.evil", &[(4, 8), (0, 3)]));
    }
}
