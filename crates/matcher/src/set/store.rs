//! Where the sections of a set lie: in memory, or in the bytes of a file.
//!
//! The hot ones, which each record asks, are always in memory. The cold ones are asked when the
//! filter lets something through; of a file each block is checked when it is first used.

use std::ops::Range;

use super::file::File;
use crate::{indicator, raw::Pages};

/// The sections, in the order of the file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Part {
    Filter,
    Gate4,
    Tops,
    TextFilter,
    Slots,
    Begins,
    Bytes,
    Alike,
    TextHashes,
    TextPlaces,
    Contexts,
    Heads,
}

impl Part {
    pub(super) const ALL: [Self; 12] = [
        Self::Filter,
        Self::Gate4,
        Self::Tops,
        Self::TextFilter,
        Self::Slots,
        Self::Begins,
        Self::Bytes,
        Self::Alike,
        Self::TextHashes,
        Self::TextPlaces,
        Self::Contexts,
        Self::Heads,
    ];

    /// Whether each record may ask it.
    pub(super) fn is_hot(self) -> bool {
        matches!(
            self,
            Self::Filter | Self::Gate4 | Self::Tops | Self::TextFilter
        )
    }

    /// The number in a file, which stays.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Filter => 1,
            Self::Gate4 => 2,
            Self::Tops => 3,
            Self::TextFilter => 4,
            Self::Slots => 5,
            Self::Begins => 6,
            Self::Bytes => 7,
            Self::Alike => 8,
            Self::TextHashes => 9,
            Self::TextPlaces => 10,
            Self::Contexts => 11,
            Self::Heads => 12,
        }
    }
}

/// What each record asks.
#[derive(Debug, Default)]
pub(super) struct Hot {
    pub(super) filter: Pages,
    /// A bit for the first bits of each IPv4 address that is in a network.
    pub(super) gate4: Vec<u8>,
    /// A bit for the hash of each top label.
    pub(super) tops: Vec<u8>,
    pub(super) text_filter: Vec<u8>,
}

impl Hot {
    /// The bytes of a section; none of a cold one.
    pub(super) fn part(&self, part: Part) -> &[u8] {
        match part {
            Part::Filter => &self.filter,
            Part::Gate4 => &self.gate4,
            Part::Tops => &self.tops,
            Part::TextFilter => &self.text_filter,
            _ => &[],
        }
    }
}

/// Cold sections in memory.
#[derive(Debug, Default)]
pub(super) struct Built {
    pub(super) slots: Pages,
    /// Where the bytes of each indicator begin, and where the last end.
    pub(super) begins: Vec<u8>,
    pub(super) bytes: Vec<u8>,
    /// Pairs of the first indicator of a value and a further one, in order.
    pub(super) alike: Vec<u8>,
    pub(super) text_hashes: Vec<u8>,
    pub(super) text_places: Vec<u8>,
    /// What indicators have in common, and what stands before the UUIDs of ids: lengths and bytes.
    pub(super) contexts: Vec<u8>,
    pub(super) heads: Vec<u8>,
}

/// All sections but the hot ones.
#[derive(Debug)]
pub(super) enum Store {
    Built(Built),
    File(Box<File>),
}

impl Store {
    #[inline]
    pub(super) fn cold(&self) -> Cold<'_> {
        match self {
            Self::Built(built) => Cold::Built(built),
            Self::File(file) => Cold::File(file),
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        match self {
            Self::Built(built) => Part::ALL.iter().map(|part| built.part(*part).len()).sum(),
            Self::File(file) => file.memory_bytes(),
        }
    }
}

/// Reads cold sections. What is not there, or is damaged, is nothing.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cold<'a> {
    Built(&'a Built),
    File(&'a File),
}

impl<'a> Cold<'a> {
    pub(super) fn get(self, part: Part, range: Range<usize>) -> Option<&'a [u8]> {
        match self {
            Self::Built(built) => built.part(part).get(range),
            Self::File(file) => file.get(part, range),
        }
    }

    /// The bytes of a section.
    pub(super) fn length(self, part: Part) -> usize {
        match self {
            Self::Built(built) => built.part(part).len(),
            Self::File(file) => file.length(part),
        }
    }

    /// How many times eight bytes a section has.
    pub(super) fn eights(self, part: Part) -> usize {
        self.length(part) / 8
    }

    pub(super) fn eight(self, part: Part, at: usize) -> Option<[u8; 8]> {
        let begin = at.checked_mul(8)?;
        self.get(part, begin..begin.checked_add(8)?)?
            .first_chunk()
            .copied()
    }

    /// The first eight bytes that are not below, where a section is in order.
    pub(super) fn first(self, part: Part, below: impl Fn([u8; 8]) -> bool) -> usize {
        let (mut from, mut to) = (0, self.eights(part));
        while from < to {
            let middle = from.midpoint(to);
            if self.eight(part, middle).is_some_and(&below) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    /// The bytes behind a length.
    pub(super) fn item(self, part: Part, place: u64) -> Option<&'a [u8]> {
        /// A number takes so many bytes at most.
        const NUMBER_BYTES_MAX: usize = 10;
        let begin = usize::try_from(place).ok()?;
        let end = begin.checked_add(NUMBER_BYTES_MAX)?.min(self.length(part));
        let head = self.get(part, begin..end)?;
        let mut rest = head;
        let length = usize::try_from(indicator::take_number(&mut rest)?).ok()?;
        let begin = end - rest.len();
        self.get(part, begin..begin.checked_add(length)?)
    }
}

impl Built {
    fn part(&self, part: Part) -> &[u8] {
        match part {
            Part::Filter | Part::Gate4 | Part::Tops | Part::TextFilter => &[],
            Part::Slots => &self.slots,
            Part::Begins => &self.begins,
            Part::Bytes => &self.bytes,
            Part::Alike => &self.alike,
            Part::TextHashes => &self.text_hashes,
            Part::TextPlaces => &self.text_places,
            Part::Contexts => &self.contexts,
            Part::Heads => &self.heads,
        }
    }
}
