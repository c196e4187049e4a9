//! Free texts by one of their words.

use std::{cmp::Reverse, collections::HashMap};

use super::{
    store::{Cold, Part},
    table::pair,
};
use crate::{Kind, value};

/// Bits of the filter for a text.
const FILTER_BITS: usize = 24;
const FILTER_BITS_MIN: usize = 1 << 10;

/// The hash of the first `count` bytes of a word, up to eight, in any case.
#[inline]
pub(crate) fn text_hash(text: &[u8], place: usize, count: usize) -> u64 {
    let mask = u64::MAX >> (64 - 8 * count.clamp(1, 8));
    let eight = text
        .get(place..place + 8)
        .and_then(<[u8]>::first_chunk::<8>);
    let bytes = match eight {
        Some(eight) => u64::from_le_bytes(*eight),
        None => near_the_end(text, place),
    };
    let word = (bytes | 0x2020_2020_2020_2020) & mask;
    let (low, high) = word.carrying_mul(0x9e37_79b9_7f4a_7c15, 0);
    low ^ high
}

fn near_the_end(text: &[u8], place: usize) -> u64 {
    let bytes = text.get(place..).unwrap_or_default().iter().take(8);
    let shifted = bytes.enumerate();
    shifted.fold(0, |word, (at, &byte)| word | u64::from(byte) << (8 * at))
}

/// What all words of an index have in common, so that others need not be looked up.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Shape {
    /// Three letters or digits.
    #[default]
    Short,
    /// Five, the first of them no digit.
    Long,
}

impl Shape {
    /// The bytes that every word has.
    #[inline]
    pub(crate) fn bytes(self) -> usize {
        match self {
            Self::Short => 3,
            Self::Long => 5,
        }
    }

    /// The number in a file, which stays.
    pub(super) fn code(self) -> u32 {
        match self {
            Self::Short => 0,
            Self::Long => 1,
        }
    }

    fn of(word: &[u8]) -> Self {
        let digit = word.first().is_some_and(u8::is_ascii_digit);
        if word.len() >= 5 && !digit {
            Self::Long
        } else {
            Self::Short
        }
    }
}

/// The bytes of the index.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub(super) shape: Shape,
    pub(super) filter: Vec<u8>,
    /// Hashes in order.
    pub(super) hashes: Vec<u8>,
    /// For each hash an indicator and where the word begins in its value.
    pub(super) places: Vec<u8>,
}

/// The index of free texts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Texts<'a> {
    pub(crate) shape: Shape,
    filter: &'a [[u8; 8]],
    cold: Cold<'a>,
}

impl<'a> Texts<'a> {
    #[inline]
    pub(super) fn new(shape: Shape, filter: &'a [u8], cold: Cold<'a>) -> Self {
        let (filter, _) = filter.as_chunks();
        Self {
            shape,
            filter,
            cold,
        }
    }

    #[inline]
    pub(crate) fn any(&self) -> bool {
        !self.filter.is_empty()
    }

    /// Whether a word can begin here, by its first bytes.
    #[inline]
    pub(crate) fn may_begin(&self, record: &[u8], at: usize) -> bool {
        let hash = text_hash(record, at, self.shape.bytes());
        let (place, bits) = place(hash, self.filter.len());
        let word = self.filter.get(place);
        word.is_some_and(|word| u64::from_le_bytes(*word) & bits == bits)
    }

    /// The indicators with a word of this hash, and where it begins.
    pub(crate) fn find(&self, hash: u64) -> impl Iterator<Item = (u32, usize)> + 'a {
        let cold = self.cold;
        let from = cold.first(Part::TextHashes, |eight| u64::from_le_bytes(eight) < hash);
        let hashes = (from..).map_while(move |at| Some((at, cold.eight(Part::TextHashes, at)?)));
        let same = hashes.take_while(move |(_, eight)| u64::from_le_bytes(*eight) == hash);
        let found = same.map_while(move |(at, _)| {
            let (number, offset) = pair(cold.eight(Part::TextPlaces, at)?);
            Some((number, usize::try_from(offset).unwrap_or(usize::MAX)))
        });
        // They are in order. A file in which they are not shall not name one many times.
        let mut after = 0;
        found.take_while(move |(number, _)| {
            let is_next = *number >= after;
            after = number.saturating_add(1);
            is_next
        })
    }
}

/// The word of the filter for a hash, and the four bits in it.
fn place(hash: u64, words: usize) -> (usize, u64) {
    let count = u64::try_from(words).unwrap_or(0);
    let word = (hash >> 32).wrapping_mul(count) >> 32;
    let bit = |from: u32| 1 << (hash >> from & 63);
    let bits = bit(0) | bit(6) | bit(12) | bit(18);
    (usize::try_from(word).unwrap_or(0), bits)
}

/// An index of these texts: numbers of indicators, kinds, values. Of each the word is taken that the
/// fewest have, of those that are long if there are.
pub(super) fn index<'a>(texts: impl Iterator<Item = (u32, Kind, &'a [u8])> + Clone) -> Sections {
    let hash = |text: &[u8], at: usize, word: &[u8]| text_hash(text, at, word.len().min(8));
    let mut common: HashMap<u64, u32> = HashMap::new();
    for (_, kind, text) in texts.clone() {
        for (at, word) in value::anchors(kind, text) {
            *common.entry(hash(text, at, word)).or_default() += 1;
        }
    }
    let mut shape = Shape::Long;
    let mut heads = Vec::new();
    let chosen = texts.filter_map(|(number, kind, text)| {
        let anchors = value::anchors(kind, text).map(|(at, word)| (hash(text, at, word), at, word));
        let rank = |hash: &u64, word: &[u8]| (Reverse(Shape::of(word)), common.get(hash).copied());
        let (hash, at, word) = anchors.min_by_key(|(hash, _, word)| rank(hash, word))?;
        shape = shape.min(Shape::of(word));
        let mut head = [0; 8];
        for (to, &from) in head.iter_mut().zip(word) {
            *to = from;
        }
        heads.push(head);
        Some((hash, number, u32::try_from(at).ok()?))
    });
    let mut chosen: Vec<_> = chosen.collect();
    let heads = heads.iter().map(|head| text_hash(head, 0, shape.bytes()));
    chosen.sort_unstable();
    if chosen.is_empty() {
        return Sections::default();
    }
    let words = (chosen.len() * FILTER_BITS).max(FILTER_BITS_MIN) / 64;
    let mut filter = vec![0_u64; words];
    for hash in heads {
        let (word, bits) = place(hash, words);
        if let Some(word) = filter.get_mut(word) {
            *word |= bits;
        }
    }
    let pairs = chosen.iter().map(|(_, number, at)| {
        let pair = u64::from(*number) | u64::from(*at) << 32;
        pair.to_le_bytes()
    });
    Sections {
        shape,
        filter: bytes(filter.iter().map(|word| word.to_le_bytes())),
        hashes: bytes(chosen.iter().map(|(hash, _, _)| hash.to_le_bytes())),
        places: bytes(pairs),
    }
}

fn bytes(words: impl Iterator<Item = [u8; 8]>) -> Vec<u8> {
    words.flatten().collect()
}
