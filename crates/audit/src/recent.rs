//! The hashes of leaves that were read lately.
//!
//! A proof needs those around the right edge, and every receipt needs two proofs there. A leaf that
//! was committed never changes its hash, not even when it is erased; so only what a transaction
//! saw that reads alone is remembered.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use ledger::Hash;

use crate::log::Number;

/// How many groups are remembered, 512 bytes each.
const GROUPS_MAX: usize = 64;

struct Group {
    number: Number,
    /// Its first leaf.
    first: u64,
    /// The hashes of its first leaves.
    hashes: Vec<Hash>,
}

/// Groups of sixteen leaves, the one used last in front.
#[derive(Default)]
pub(crate) struct RecentLeaves(Mutex<VecDeque<Group>>);

impl RecentLeaves {
    /// The first hashes of a group, as many as are remembered.
    pub(crate) fn get(&self, number: Number, first: u64) -> Vec<Hash> {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = groups
            .iter()
            .position(|group| group.number == number && group.first == first)
            .and_then(|at| groups.remove(at));
        let Some(group) = found else {
            return Vec::new();
        };
        let hashes = group.hashes.clone();
        groups.push_front(group);
        hashes
    }

    /// Remembers the first hashes of a group, if they are more than before.
    pub(crate) fn put(&self, number: Number, first: u64, hashes: &[Hash]) {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = groups
            .iter_mut()
            .find(|group| group.number == number && group.first == first);
        if let Some(group) = known {
            if group.hashes.len() < hashes.len() {
                group.hashes = hashes.to_vec();
            }
            return;
        }
        groups.truncate(GROUPS_MAX - 1);
        groups.push_front(Group {
            number,
            first,
            hashes: hashes.to_vec(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Log;

    fn hashes(count: u8) -> Vec<Hash> {
        (0..count).map(|byte| Hash::new([byte; 32])).collect()
    }

    #[test]
    fn the_longest_start_of_a_group_is_remembered() {
        let (groups, number) = (RecentLeaves::default(), Number::new(Log::Exchange, 0));
        assert!(groups.get(number, 7).is_empty());
        groups.put(number, 7, &hashes(3));
        groups.put(number, 7, &hashes(2));
        assert_eq!(groups.get(number, 7), hashes(3));
        assert!(groups.get(Number::new(Log::Exchange, 1), 7).is_empty());
        assert!(groups.get(Number::new(Log::Acts, 0), 7).is_empty());
    }

    #[test]
    fn what_was_not_used_for_the_longest_time_is_forgotten() {
        let (groups, number) = (RecentLeaves::default(), Number::new(Log::Exchange, 0));
        for index in 0..u64::try_from(GROUPS_MAX).unwrap() {
            groups.put(number, index, &hashes(1));
        }
        assert_eq!(groups.get(number, 0), hashes(1));
        groups.put(number, 1_000, &hashes(1));
        assert_eq!(groups.get(number, 0), hashes(1));
        assert!(groups.get(number, 1).is_empty());
    }
}
