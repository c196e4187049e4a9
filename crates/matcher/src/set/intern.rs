//! Bytes that many indicators have in common.

use std::collections::HashMap;

use crate::indicator;

/// Bytes of which each is kept once, behind its length.
#[derive(Clone, Debug, Default)]
pub(super) struct Interned {
    known: HashMap<Box<[u8]>, u64>,
    pub(super) bytes: Vec<u8>,
    /// What was asked for last, which is mostly asked for again.
    last: Vec<u8>,
    last_place: Option<u64>,
}

impl Interned {
    /// Where an item begins.
    pub(super) fn place(&mut self, item: &[u8]) -> u64 {
        if let Some(place) = self.last_place.filter(|_| *self.last == *item) {
            return place;
        }
        let known = self.known.get(item).copied();
        let place = known.unwrap_or_else(|| self.add(item));
        self.last.clear();
        self.last.extend(item);
        self.last_place = Some(place);
        place
    }

    /// The item that begins there.
    pub(super) fn item(&self, place: u64) -> Option<&[u8]> {
        let mut rest = self.bytes.get(usize::try_from(place).ok()?..)?;
        let length = indicator::take_number(&mut rest)?;
        rest.get(..usize::try_from(length).ok()?)
    }

    /// Whether each item of another one begins in this one where it does there.
    pub(super) fn begins_with(&self, other: &Self) -> bool {
        self.bytes.starts_with(&other.bytes)
    }

    fn add(&mut self, item: &[u8]) -> u64 {
        let place = indicator::length(&self.bytes);
        indicator::put_number(indicator::length(item), &mut self.bytes);
        self.bytes.extend(item);
        self.known.insert(item.into(), place);
        place
    }
}
