//! Making a set.

use std::{num::NonZero, ops::Range};

use super::{
    Counts, Facts, Hot, IndicatorIndex, Set,
    hash::Hasher,
    index::Index,
    intern::Interned,
    store::{Built, Cold, Part, Store},
    tables::{Tables, Wanted},
    texts,
};
use crate::{
    Indicator, Kind,
    indicator::{self, Context},
};

/// Why an indicator is not in a set.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AddError {
    /// There are as many indicators as fit: four billion, or 4 GiB of them.
    #[error("no more indicators fit")]
    Full,
}

impl AddError {
    /// A stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Full => "set.full",
        }
    }
}

/// Indicators that become a set.
#[derive(Debug, Default)]
pub struct SetBuilder {
    seed: u64,
    bytes: Vec<u8>,
    begins: Vec<u8>,
    contexts: Interned,
    heads: Interned,
    context: Vec<u8>,
    count: u32,
    counts: Counts,
}

impl SetBuilder {
    /// An empty set. Whoever must expect indicators that were made to have the same hashes gives a
    /// seed that their makers cannot know.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Adds an indicator. Several may have the same value; all of them are found.
    pub fn add(&mut self, indicator: &Indicator<'_>) -> Result<IndicatorIndex, AddError> {
        let begin = u32::try_from(self.bytes.len()).ok().ok_or(AddError::Full)?;
        // The last number stands for none.
        let next = self.count.checked_add(1).filter(|next| *next < u32::MAX);
        let next = next.ok_or(AddError::Full)?;
        let packed = indicator.value.packed();
        self.bytes.push(indicator.value.kind().code());
        indicator::put_number(indicator::length(packed), &mut self.bytes);
        self.bytes.extend(packed);
        self.context.clear();
        Context::of(indicator).put(&mut self.context);
        let context = self.contexts.place(&self.context);
        indicator::put_number(context, &mut self.bytes);
        indicator::put_time(indicator.valid_from_us, &mut self.bytes);
        indicator::put_time(indicator.valid_until_us, &mut self.bytes);
        if let Some((head, uuid)) = indicator::split_uuid(&indicator.id) {
            let head = self.heads.place(head.as_bytes());
            indicator::put_number(head + 1, &mut self.bytes);
            self.bytes.extend(uuid);
        } else {
            indicator::put_number(0, &mut self.bytes);
            self.bytes.extend(indicator.id.bytes());
        }
        if u32::try_from(self.bytes.len()).is_err() {
            self.bytes.truncate(usize::try_from(begin).unwrap_or(0));
            return Err(AddError::Full);
        }
        self.begins.extend(begin.to_le_bytes());
        self.counts.add(indicator.value.kind(), 1);
        let index = IndicatorIndex::new(self.count);
        self.count = next;
        Ok(index)
    }

    /// Adds indicators of another one, by their numbers and in their order; where they do not all
    /// fit, none.
    pub fn append(&mut self, other: &Self, numbers: Range<u32>) -> Result<(), AddError> {
        let numbers = other.within(numbers);
        let more = numbers.end - numbers.start;
        let count = self.count.checked_add(more).filter(|it| *it < u32::MAX);
        let count = count.ok_or(AddError::Full)?;
        if self.is_empty() {
            (self.contexts, self.heads) = (other.contexts.clone(), other.heads.clone());
        }
        let bytes = other.place(numbers.start)..other.place(numbers.end);
        let (before, known) = (self.bytes.len(), self.begins.len());
        if self.contexts.begins_with(&other.contexts) && self.heads.begins_with(&other.heads) {
            for number in numbers.clone() {
                let begin = before + (other.place(number) - bytes.start);
                self.begin(begin);
            }
            self.bytes
                .extend(other.bytes.get(bytes).unwrap_or_default());
        } else {
            for packed in other.each(numbers.clone()) {
                self.begin(self.bytes.len());
                self.take_over(packed, other);
            }
        }
        if u32::try_from(self.bytes.len()).is_err() {
            self.bytes.truncate(before);
            self.begins.truncate(known);
            return Err(AddError::Full);
        }
        for packed in other.each(numbers) {
            let kind = packed.first().and_then(|code| Kind::of_code(*code));
            if let Some(kind) = kind {
                self.counts.add(kind, 1);
            }
        }
        self.count = count;
        Ok(())
    }

    fn begin(&mut self, place: usize) {
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        self.begins.extend(place.to_le_bytes());
    }

    /// The numbers that there are.
    fn within(&self, numbers: Range<u32>) -> Range<u32> {
        let end = numbers.end.min(self.count);
        numbers.start.min(end)..end
    }

    /// Where the bytes of an indicator begin, and those of the one before end.
    fn place(&self, number: u32) -> usize {
        let at = usize::try_from(number).unwrap_or(usize::MAX);
        let begin = self.begins.as_chunks().0.get(at);
        let begin = begin.and_then(|begin| usize::try_from(u32::from_le_bytes(*begin)).ok());
        begin.unwrap_or(self.bytes.len())
    }

    /// Appends the bytes of an indicator of another one, who has their common parts elsewhere.
    fn take_over(&mut self, packed: &[u8], other: &Self) {
        let behind_value = indicator::head(packed).map(|(_, _, rest)| rest);
        let mut rest = behind_value.unwrap_or_default();
        let value = packed.len() - rest.len();
        self.bytes.extend(packed.get(..value).unwrap_or_default());
        let context = indicator::take_number(&mut rest).and_then(|at| other.contexts.item(at));
        let context = self.contexts.place(context.unwrap_or_default());
        indicator::put_number(context, &mut self.bytes);
        let times = rest;
        indicator::take_time(&mut rest);
        indicator::take_time(&mut rest);
        let length = times.len() - rest.len();
        self.bytes.extend(times.get(..length).unwrap_or_default());
        let head = indicator::take_number(&mut rest).and_then(|head| head.checked_sub(1));
        let head = head.and_then(|at| other.heads.item(at));
        let head = head.map_or(0, |head| self.heads.place(head) + 1);
        indicator::put_number(head, &mut self.bytes);
        self.bytes.extend(rest);
    }

    /// The bytes of indicators.
    fn each(&self, numbers: Range<u32>) -> impl Iterator<Item = &[u8]> {
        numbers.filter_map(|number| self.bytes.get(self.place(number)..self.place(number + 1)))
    }

    /// Indicators by their numbers, their values in the normal form.
    pub fn indicators(&self, numbers: Range<u32>) -> impl Iterator<Item = Indicator<'_>> {
        self.each(self.within(numbers)).filter_map(|packed| {
            super::unpacked(packed, |part, place| match part {
                Part::Contexts => self.contexts.item(place),
                Part::Heads => self.heads.item(place),
                _ => None,
            })
        })
    }

    /// How many indicators there are.
    pub fn len(&self) -> usize {
        usize::try_from(self.count).unwrap_or(usize::MAX)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The set.
    pub fn build(self) -> Set {
        self.build_on(NonZero::<usize>::MIN)
    }

    /// The same set, made on so many cores.
    pub fn build_on(mut self, threads: NonZero<usize>) -> Set {
        self.bytes.shrink_to_fit();
        let end = u32::try_from(self.bytes.len()).unwrap_or(u32::MAX);
        self.begins.extend(end.to_le_bytes());
        self.begins.shrink_to_fit();
        let mut facts = Facts {
            hasher: Hasher::new(self.seed),
            count: self.count,
            counts: self.counts,
            wanted: Wanted::default(),
            lengths: [0; 3],
            shape: texts::Shape::default(),
        };
        let mut built = Built {
            bytes: self.bytes,
            begins: self.begins,
            contexts: self.contexts.bytes,
            heads: self.heads.bytes,
            ..Built::default()
        };
        let mut hot = Hot::default();
        let tables = Tables::new(&facts, &hot, Cold::Built(&built));
        let index = Index::new(&tables, &self.counts, self.count, threads.get());
        index.put(&mut facts, &mut hot, &mut built);
        Set {
            facts,
            hot,
            store: Store::Built(built),
            provenance: None,
        }
    }
}
