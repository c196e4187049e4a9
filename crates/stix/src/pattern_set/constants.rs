//! Which of many constants equal a value.

use std::hash::{BuildHasher, RandomState};

use super::number::{narrow, widen};

/// A list's end, and a slot without entry.
const NONE: u32 = u32::MAX;

/// Every `path = constant` of the set, in one open hash table.
///
/// The hash has a key of its own in each set (patterns come from outside, and might be
/// chosen to collide).
#[derive(Debug, Default)]
pub(super) struct Constants {
    hasher: RandomState,
    /// The constants one after the other, each as often as it was added.
    bytes: Vec<u8>,
    entries: Vec<Entry>,
    /// The number of slots is a power of two, at least twice that of distinct constants.
    slots: Box<[Slot]>,
}

/// The places that a constant is compared with: a path and a kind of value.
pub(super) type Place = u32;

#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Where in the bytes the constant begins; the next entry's begins where it ends.
    start: u32,
    place: Place,
    target: u32,
    /// The next entry of the same constant at the same place.
    next: u32,
}

#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The hash's upper half: nearly always enough to see that it is another constant.
    tag: u32,
    /// The first entry of the constant.
    entry: u32,
}

impl Constants {
    /// Adds a constant, which is found after the next [`Constants::index`]. False when there is no
    /// room for more.
    #[must_use]
    pub(super) fn add(&mut self, place: Place, constant: &[u8], target: u32) -> bool {
        let end = self.bytes.len().saturating_add(constant.len());
        if narrow(end) == NONE || narrow(self.entries.len()) == NONE {
            return false;
        }
        let start = narrow(self.bytes.len());
        self.bytes.extend_from_slice(constant);
        self.entries.push(Entry {
            start,
            place,
            target,
            next: NONE,
        });
        true
    }

    /// Makes everything that was added so far be found.
    pub(super) fn index(&mut self) {
        self.bytes.shrink_to_fit();
        self.entries.shrink_to_fit();
        let slots = self.entries.len().saturating_mul(2).next_power_of_two();
        self.slots = vec![
            Slot {
                tag: 0,
                entry: NONE
            };
            slots
        ]
        .into();
        for number in 0..narrow(self.entries.len()) {
            let Some(entry) = self.entry(number) else {
                continue;
            };
            let (slot, tag) = self.find(entry.place, self.constant(number, entry));
            let first = self.slots.get(slot).map_or(NONE, |slot| slot.entry);
            // A list of equal constants: the new one comes second, so that the slot stays as it is.
            let before = if first == NONE {
                None
            } else {
                self.entries.get_mut(widen(first))
            };
            match before {
                Some(before) => {
                    let next = std::mem::replace(&mut before.next, number);
                    if let Some(entry) = self.entries.get_mut(widen(number)) {
                        entry.next = next;
                    }
                }
                None => {
                    if let Some(slot) = self.slots.get_mut(slot) {
                        *slot = Slot { tag, entry: number };
                    }
                }
            }
        }
    }

    /// Calls `hit` for each time that this constant was added for this place.
    #[inline]
    pub(super) fn equal(&self, place: Place, constant: &[u8], hit: &mut impl FnMut(u32)) {
        let (slot, _) = self.find(place, constant);
        let mut at = self.slots.get(slot).map_or(NONE, |slot| slot.entry);
        while let Some(entry) = self.entry(at) {
            hit(entry.target);
            at = entry.next;
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The slot of this constant, or the empty one where it would be.
    #[inline]
    fn find(&self, place: Place, constant: &[u8]) -> (usize, u32) {
        let hash = self.hasher.hash_one((place, constant));
        let tag = u32::try_from(hash >> 32).unwrap_or_default();
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = usize::try_from(hash & 0xffff_ffff).unwrap_or_default() & mask;
        while let Some(slot) = self.slots.get(at) {
            let same = || {
                let entry = self.entry(slot.entry);
                entry.is_some_and(|entry| {
                    entry.place == place && self.constant(slot.entry, entry) == constant
                })
            };
            if slot.entry == NONE || (slot.tag == tag && same()) {
                break;
            }
            at = (at + 1) & mask;
        }
        (at, tag)
    }

    fn entry(&self, number: u32) -> Option<Entry> {
        self.entries.get(widen(number)).copied()
    }

    fn constant(&self, number: u32, entry: Entry) -> &[u8] {
        let after = self.entry(number.saturating_add(1));
        let end = after.map_or(self.bytes.len(), |after| widen(after.start));
        self.bytes.get(widen(entry.start)..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(constants: &Constants, place: Place, constant: &[u8]) -> Vec<u32> {
        let mut found = Vec::new();
        constants.equal(place, constant, &mut |target| found.push(target));
        found.sort_unstable();
        found
    }

    #[test]
    fn a_constant_leads_to_each_who_added_it_for_that_place() {
        let mut constants = Constants::default();
        for (target, (place, constant)) in
            (0..).zip([(1, "a"), (2, "a"), (1, ""), (1, "b"), (1, "a"), (1, "a")])
        {
            assert!(constants.add(place, constant.as_bytes(), target));
        }
        constants.index();
        assert_eq!(equal(&constants, 1, b"a"), [0, 4, 5]);
        assert_eq!(equal(&constants, 2, b"a"), [1]);
        assert_eq!(equal(&constants, 1, b""), [2]);
        assert_eq!(equal(&constants, 2, b"b"), []);
    }

    #[test]
    fn each_of_many_is_found() {
        let mut constants = Constants::default();
        for number in 0..10_000_u32 {
            assert!(constants.add(number % 7, &number.to_le_bytes(), number));
        }
        constants.index();
        for number in 0..10_000_u32 {
            assert_eq!(
                equal(&constants, number % 7, &number.to_le_bytes()),
                [number]
            );
            assert_eq!(equal(&constants, number % 7 + 1, &number.to_le_bytes()), []);
        }
    }

    #[test]
    fn an_empty_set_finds_nothing() {
        let mut constants = Constants::default();
        assert_eq!(equal(&constants, 0, b"a"), []);
        constants.index();
        assert_eq!(equal(&constants, 0, b"a"), []);
    }
}
