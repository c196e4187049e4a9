//! What is known of a set as a whole.

use super::{hash::Hasher, tables::Wanted, texts::Shape};
use crate::Kind;

/// What a set has besides its sections.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Facts {
    pub(super) hasher: Hasher,
    pub(super) count: u32,
    pub(super) counts: Counts,
    pub(super) wanted: Wanted,
    /// Lengths of runs of letters and digits that are values.
    pub(super) lengths: [u64; 3],
    /// Of the words by which free texts are looked for.
    pub(super) shape: Shape,
}

/// How many indicators there are of each kind, in the order of [`Kind::ALL`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Counts([u32; Kind::ALL.len()]);

impl Counts {
    pub(super) fn add(&mut self, kind: Kind, more: u32) {
        let all = Kind::ALL.iter().zip(&mut self.0);
        for (_, count) in all.filter(|(at, _)| **at == kind) {
            *count = count.saturating_add(more);
        }
    }

    pub(super) fn of(&self, kind: Kind) -> usize {
        let mut all = self.each();
        all.find(|(at, _)| *at == kind)
            .map_or(0, |(_, count)| count)
    }

    /// The indicators that are not carried alone.
    pub(super) fn looked_for(&self) -> usize {
        let all = self.each().filter(|(kind, _)| !kind.is_carried());
        all.map(|(_, count)| count).sum()
    }

    /// The kinds that there are.
    pub(super) fn each(&self) -> impl Iterator<Item = (Kind, usize)> {
        let all = Kind::ALL.iter().copied().zip(self.0);
        let count = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        all.filter(|(_, of)| *of > 0)
            .map(move |(kind, of)| (kind, count(of)))
    }
}
