//! From a hash to the indicators that may have it: a filter that stays in the cache, and behind it a
//! table. Both are plain bytes, little end first.

use super::store::{Cold, Part};
use crate::raw;

/// Slots for four indicators where three are: few steps to an empty one.
const SLOTS_PER_THREE: usize = 4;
/// Bits of the filter for an indicator, and how many of them one sets, all in one word.
const FILTER_BITS: usize = 16;
const SLOTS_MIN: usize = 8;

/// A place among `count` for the upper half of a hash.
fn place(hash: u64, count: usize) -> usize {
    let count = u64::try_from(count).unwrap_or(0);
    usize::try_from((hash >> 32).wrapping_mul(count) >> 32).unwrap_or(0)
}

/// The bits that a hash sets in a word of the filter.
fn pattern(hash: u64) -> u64 {
    let bit = |from: u32| 1 << (hash >> from & 63);
    bit(0) | bit(6) | bit(12) | bit(18)
}

fn fingerprint(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or(0)
}

/// Two numbers that lie together.
pub(crate) fn pair([a, b, c, d, second @ ..]: [u8; 8]) -> (u32, u32) {
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes(second))
}

/// A filter and a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'a> {
    filter: &'a [[u8; 8]],
    cold: Cold<'a>,
}

impl<'a> Table<'a> {
    pub(super) fn new(filter: &'a [u8], cold: Cold<'a>) -> Self {
        let (filter, _) = filter.as_chunks();
        Self { filter, cold }
    }

    /// Whether an indicator may have this hash; it is never wrong when it says no.
    #[inline]
    pub(crate) fn may_have(&self, hash: u64) -> bool {
        let word = self.filter.get(place(hash, self.filter.len()));
        let pattern = pattern(hash);
        word.is_some_and(|word| u64::from_le_bytes(*word) & pattern == pattern)
    }

    /// Says that [`Table::may_have`] will be asked for this hash.
    #[inline]
    pub(crate) fn prefetch(&self, hash: u64) {
        if let Some(word) = self.filter.get(place(hash, self.filter.len())) {
            raw::prefetch(word);
        }
    }

    /// The indicators with this hash, or with one that looks the same.
    pub(crate) fn find(&self, hash: u64) -> impl Iterator<Item = u32> + 'a {
        let cold = self.cold;
        let slot = move |at| cold.eight(Part::Slots, at);
        probe(hash, cold.eights(Part::Slots), slot)
    }
}

/// Goes through slots from that of a hash to an empty one.
fn probe(
    hash: u64,
    slots: usize,
    slot: impl Fn(usize) -> Option<[u8; 8]>,
) -> impl Iterator<Item = u32> {
    let first = place(hash, slots);
    let wanted = fingerprint(hash);
    let around = (first..slots).chain(0..first);
    around
        .map_while(move |at| {
            let (fingerprint, number) = pair(slot(at)?);
            Some((fingerprint, number.checked_sub(1)?))
        })
        .filter_map(move |(fingerprint, number)| (fingerprint == wanted).then_some(number))
}

/// A filter and a table that are filled.
#[derive(Debug)]
pub(crate) struct TableBuilder {
    filter: Vec<u8>,
    slots: Vec<u8>,
}

impl TableBuilder {
    /// For so many indicators, and hashes that are in the filter alone.
    pub(crate) fn new(count: usize, more: usize) -> Self {
        let slots = (count * SLOTS_PER_THREE / 3 + 1).max(SLOTS_MIN);
        let words = ((count + more) * FILTER_BITS / 64 + 1).max(SLOTS_MIN);
        Self {
            filter: vec![0; words * 8],
            slots: vec![0; slots * 8],
        }
    }

    /// The indicators so far with this hash, or with one that looks the same.
    pub(crate) fn find(&self, hash: u64) -> impl Iterator<Item = u32> {
        let (slots, _) = self.slots.as_chunks::<8>();
        probe(hash, slots.len(), |at| slots.get(at).copied())
    }

    /// Lets the filter say yes to a hash.
    pub(crate) fn note(&mut self, hash: u64) {
        let (words, _) = self.filter.as_chunks_mut::<8>();
        let count = words.len();
        if let Some(word) = words.get_mut(place(hash, count)) {
            *word = (u64::from_le_bytes(*word) | pattern(hash)).to_le_bytes();
        }
    }

    pub(crate) fn insert(&mut self, hash: u64, number: u32) {
        self.note(hash);
        let (slots, _) = self.slots.as_chunks_mut::<8>();
        let first = place(hash, slots.len());
        let (before, from) = slots.split_at_mut(first);
        let mut around = from.iter_mut().chain(before);
        if let Some(slot) = around.find(|slot| slot.ends_with(&[0; 4])) {
            let filled = u64::from(fingerprint(hash)) | u64::from(number + 1) << 32;
            *slot = filled.to_le_bytes();
        }
    }

    /// The bytes of the filter and of the table.
    pub(crate) fn into_sections(self) -> (Vec<u8>, Vec<u8>) {
        (self.filter, self.slots)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::store::Built, *};

    #[test]
    fn what_was_put_in_is_found() {
        let mut builder = TableBuilder::new(1000, 0);
        let hash = |number: u32| u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for number in 0..1000 {
            builder.insert(hash(number), number);
        }
        let (filter, slots) = builder.into_sections();
        let built = Built {
            slots,
            ..Built::default()
        };
        let table = Table::new(&filter, Cold::Built(&built));
        for number in 0..1000 {
            assert!(table.may_have(hash(number)));
            assert!(table.find(hash(number)).any(|found| found == number));
        }
        let strangers = (1000..11_000).filter(|&number| table.may_have(hash(number)));
        assert!(strangers.count() < 500);
    }
}
