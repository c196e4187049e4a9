//! From a hash to the indicators that may have it: a filter that stays in the cache, and behind it a
//! table. Both are plain bytes, little end first.

use super::store::{Cold, Part};
use crate::raw::{self, Pages};

/// Slots for four indicators where three are: few steps to an empty one.
const SLOTS_PER_THREE: usize = 4;
/// Bits of the filter for an indicator, and how many of them one sets, all in one word.
const FILTER_BITS: usize = 16;
const SLOTS_MIN: usize = 8;
/// Words of a filter that fit into the cache of one core beside what else is in use.
const NEAR_WORDS: usize = 1 << 15;

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

    /// Whether the filter stays in a cache near to the core, so that prefetching it saves nothing.
    #[inline]
    pub(crate) fn is_near(&self) -> bool {
        self.filter.len() <= NEAR_WORDS
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
pub(super) struct TableBuilder {
    filter: Pages,
    slots: Pages,
}

impl TableBuilder {
    /// For so many indicators, and hashes that are in the filter alone.
    pub(super) fn new(count: usize, more: usize) -> Self {
        let slots = (count * SLOTS_PER_THREE / 3 + 1).max(SLOTS_MIN);
        let words = ((count + more) * FILTER_BITS / 64 + 1).max(SLOTS_MIN);
        Self {
            filter: Pages::zeroed(words * 8),
            slots: Pages::zeroed(slots * 8),
        }
    }

    /// All of it.
    pub(super) fn whole(&mut self) -> TablePart<'_> {
        let words = Stretch::whole(&mut self.filter);
        let slots = Stretch::whole(&mut self.slots);
        TablePart {
            number: 0,
            words,
            slots,
        }
    }

    /// Parts for hashes that begin with the same bits: two to the power of `bits`.
    pub(super) fn parts(&mut self, bits: u32) -> Vec<TablePart<'_>> {
        let words = Stretch::whole(&mut self.filter).split(bits);
        let slots = Stretch::whole(&mut self.slots).split(bits);
        let parts = words.into_iter().zip(slots).enumerate();
        parts
            .map(|(number, (words, slots))| TablePart {
                number,
                words,
                slots,
            })
            .collect()
    }

    /// The bytes of the filter and of the table.
    pub(super) fn into_sections(self) -> (Pages, Pages) {
        (self.filter, self.slots)
    }
}

/// A part of a filter and a table: what hashes with the same first bits need of both.
#[derive(Debug)]
pub(super) struct TablePart<'t> {
    pub(super) number: usize,
    words: Stretch<'t>,
    slots: Stretch<'t>,
}

impl TablePart<'_> {
    /// The indicators so far with this hash, or with one that looks the same.
    pub(super) fn find(&self, hash: u64) -> impl Iterator<Item = u32> {
        let wanted = fingerprint(hash);
        self.slots
            .reach(hash)
            .map_while(|slot| {
                let (fingerprint, number) = pair(*slot);
                Some((fingerprint, number.checked_sub(1)?))
            })
            .filter_map(move |(fingerprint, number)| (fingerprint == wanted).then_some(number))
    }

    /// Lets the filter say yes to a hash; false where its word is the first of the next part.
    pub(super) fn note(&mut self, hash: u64) -> bool {
        let Some(word) = self.words.reach_mut(hash).next() else {
            return false;
        };
        *word = (u64::from_le_bytes(*word) | pattern(hash)).to_le_bytes();
        true
    }

    /// Puts an indicator into the table; false where there is no room before the end of the part.
    pub(super) fn insert(&mut self, hash: u64, number: u32) -> bool {
        let mut slots = self.slots.reach_mut(hash);
        let Some(slot) = slots.find(|slot| slot.ends_with(&[0; 4])) else {
            return false;
        };
        let filled = u64::from(fingerprint(hash)) | u64::from(number + 1) << 32;
        *slot = filled.to_le_bytes();
        true
    }
}

/// Groups of eight bytes that lie together, of all that there are.
#[derive(Debug)]
struct Stretch<'t> {
    eights: &'t mut [[u8; 8]],
    /// How many there are before it, and in all.
    before: usize,
    of: usize,
}

impl<'t> Stretch<'t> {
    fn whole(bytes: &'t mut [u8]) -> Self {
        let (eights, _) = bytes.as_chunks_mut();
        let of = eights.len();
        let before = 0;
        Self { eights, before, of }
    }

    /// Stretches for hashes that begin with the same bits.
    fn split(self, bits: u32) -> Vec<Self> {
        let Self { eights, of, .. } = self;
        let mut rest = eights;
        let mut before = 0;
        let ends = (1..=1_u64 << bits).map(|part| {
            // The first hash of the next part; behind the last one there is none.
            let next = part << (32 - bits);
            let end = next.checked_shl(32).filter(|_| next < 1 << 32);
            end.map_or(of, |hash| place(hash, of))
        });
        ends.map(|end| {
            let all = std::mem::take(&mut rest);
            let at = end.saturating_sub(before).min(all.len());
            let (eights, behind) = all.split_at_mut(at);
            rest = behind;
            let stretch = Self { eights, before, of };
            before = end;
            stretch
        })
        .collect()
    }

    fn offset(&self, hash: u64) -> usize {
        place(hash, self.of)
            .saturating_sub(self.before)
            .min(self.eights.len())
    }

    fn is_whole(&self) -> bool {
        self.eights.len() == self.of
    }

    /// From the place of a hash to the end of the stretch; of all of them, around to it.
    fn reach(&self, hash: u64) -> impl Iterator<Item = &[u8; 8]> {
        let (before, from) = self.eights.split_at(self.offset(hash));
        let around = if self.is_whole() { before } else { &[] };
        from.iter().chain(around)
    }

    fn reach_mut(&mut self, hash: u64) -> impl Iterator<Item = &mut [u8; 8]> {
        let is_whole = self.is_whole();
        let (before, from) = self.eights.split_at_mut(self.offset(hash));
        let around = if is_whole { before } else { &mut [] };
        from.iter_mut().chain(around)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::store::Built, *};

    #[test]
    fn what_was_put_in_is_found() {
        let mut builder = TableBuilder::new(1000, 0);
        let hash = |number: u32| u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut left = Vec::new();
        for (part, prefix) in builder.parts(3).iter_mut().zip(0_u64..) {
            let of_part = (0..1000).filter(|number| hash(*number) >> 61 == prefix);
            for number in of_part {
                let is_noted = part.note(hash(number));
                let is_inserted = part.insert(hash(number), number);
                left.push((number, is_noted, is_inserted));
            }
        }
        let mut whole = builder.whole();
        assert!(
            left.iter()
                .any(|(_, is_noted, is_inserted)| !is_noted || !is_inserted)
        );
        for (number, is_noted, is_inserted) in left {
            assert!(is_noted || whole.note(hash(number)));
            assert!(is_inserted || whole.insert(hash(number), number));
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
