//! Sets of indicators.
//!
//! All that scanning needs lies in sections of bytes, little end first, without pointers: a section
//! can be in memory or in a file that is mapped.

mod builder;
mod hash;
mod table;
mod tables;
mod texts;

use std::{borrow::Cow, fmt};

pub use builder::{AddError, SetBuilder};

pub(crate) use hash::Class;
pub(crate) use tables::Tables;
pub(crate) use texts::{Shape, text_hash};

use hash::Hasher;
use tables::Wanted;

use crate::{
    Indicator, Kind, Value,
    indicator::{self, Context},
    scan::{self, Scratch},
};

/// Runs of letters and digits of these lengths can be values.
pub(crate) const LONG_BYTES_MIN: usize = 26;
pub(crate) const LONG_BYTES_MAX: usize = 128;

/// The number of an indicator in its set, from 0 in the order of being added.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct IndicatorIndex(u32);

impl IndicatorIndex {
    pub(crate) fn new(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// An indicator that a record contains.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Match {
    /// Where the observable begins in the record.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The indicator.
    pub indicator: IndicatorIndex,
    /// The indicator's kind.
    pub kind: Kind,
}

/// Bytes that a set reads.
type Section = Cow<'static, [u8]>;

/// Indicators, ready to be found.
pub struct Set {
    hasher: Hasher,
    count: u32,
    wanted: Wanted,
    /// The bytes of each indicator, one after the other, and where they begin.
    bytes: Section,
    begins: Section,
    filter: Section,
    slots: Section,
    /// Pairs of the first indicator of a value and a further one, in order.
    alike: Section,
    /// A bit for the first bits of each IPv4 address that is in a network.
    gate4: Section,
    /// A bit for the hash of each top label.
    tops: Section,
    /// Lengths of runs of letters and digits that are values.
    lengths: [u64; 3],
    texts: texts::Sections,
    contexts: Vec<Context>,
    /// What stands before the UUIDs of ids.
    heads: Vec<Box<str>>,
}

impl Set {
    /// Finds all indicators in a record. Those of free texts come first, then the others about in the
    /// order of the record; one found in two readings is reported once.
    pub fn scan(&self, record: &[u8], scratch: &mut Scratch, found: impl FnMut(Match)) {
        scan::scan(&self.tables(), record, scratch, found);
    }

    /// How many indicators there are.
    pub fn len(&self) -> usize {
        usize::try_from(self.count).unwrap_or(usize::MAX)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The bytes that the set takes in memory, about.
    pub fn memory_bytes(&self) -> usize {
        let sections = [
            &self.bytes,
            &self.begins,
            &self.filter,
            &self.slots,
            &self.alike,
            &self.gate4,
            &self.tops,
        ];
        let sections: usize = sections.iter().map(|section| section.len()).sum();
        sections + self.texts.memory_bytes() + self.contexts.len() * size_of::<Context>()
    }

    /// An indicator as it was added, its value in the normal form.
    pub fn indicator(&self, index: IndicatorIndex) -> Option<Indicator<'_>> {
        let (kind, packed, mut rest) = indicator::head(self.tables().bytes_of(index.0)?)?;
        let context = usize::try_from(indicator::take_number(&mut rest)?).ok()?;
        let context = self.contexts.get(context)?;
        let valid_from_us = indicator::take_time(&mut rest);
        let valid_until_us = indicator::take_time(&mut rest);
        let id = match usize::try_from(indicator::take_number(&mut rest)?).ok()? {
            0 => str::from_utf8(rest).ok()?.into(),
            head => {
                let head = self.heads.get(head - 1)?;
                indicator::join_uuid(head, *rest.first_chunk()?).into()
            }
        };
        Some(Indicator {
            value: Value::of_packed(kind, packed),
            id,
            source: (*context.source).into(),
            marking: context.marking.as_deref().map(Into::into),
            valid_from_us,
            valid_until_us,
            confidence: context.confidence,
        })
    }

    fn tables(&self) -> Tables<'_> {
        Tables::of(self)
    }
}

impl fmt::Debug for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Set")
            .field("count", &self.count)
            .field("memory_bytes", &self.memory_bytes())
            .finish_non_exhaustive()
    }
}
