//! STIX patterns that no table of values answers, held against records one after the other.

use matcher::{Indicator, Kind, Set};
use stix::{
    json::Document,
    pattern::{Objects, Observed},
    pattern_set::{PatternIndex, PatternSet, PatternSetBuilder, SetLimits, Stream},
};

/// The patterns of all sets, and whose they are.
#[derive(Debug)]
pub(super) struct Patterns {
    set: PatternSet,
    indicators: Vec<Indicator<'static>>,
}

/// What could not be done with a pattern.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) indicator: Indicator<'static>,
    pub(super) reason: String,
}

impl Patterns {
    /// The patterns that sets carry, and those that are refused.
    pub(super) fn of<'s>(sets: impl Iterator<Item = &'s Set>) -> (Option<Self>, Vec<Refused>) {
        let mut builder = PatternSetBuilder::new(SetLimits::default());
        let mut indicators = Vec::new();
        let mut refused = Vec::new();
        let with_patterns = sets.filter(|set| {
            let mut counts = set.counts();
            counts.any(|(kind, count)| kind == Kind::StixPattern && count > 0)
        });
        let all = with_patterns.flat_map(Set::indicators);
        let patterns = all.filter(|(_, it)| it.value.kind() == Kind::StixPattern);
        for (_, indicator) in patterns {
            let indicator = indicator.into_owned();
            match builder.add(&indicator.value.to_string()) {
                Ok(_) => indicators.push(indicator),
                Err(error) => refused.push(Refused {
                    indicator,
                    reason: error.to_string(),
                }),
            }
        }
        let patterns = (!indicators.is_empty()).then(|| Self {
            set: builder.build(),
            indicators,
        });
        (patterns, refused)
    }

    pub(super) fn len(&self) -> usize {
        self.indicators.len()
    }

    /// How many of them are tried on every record.
    pub(super) fn slow(&self) -> usize {
        self.set.statistics().unindexed
    }

    pub(super) fn watch(&self) -> Watch<'_> {
        Watch {
            patterns: self,
            stream: self.set.stream(),
        }
    }
}

/// Patterns, and what of the records so far can still be part of a match.
#[derive(Debug)]
pub(super) struct Watch<'p> {
    patterns: &'p Patterns,
    stream: Stream<'p>,
}

impl<'p> Watch<'p> {
    /// Calls `found` with each indicator whose pattern the record completes. `observed` is what
    /// [`observed`](super::observe::observed) made of it.
    pub(super) fn see(&mut self, observed: &str, mut found: impl FnMut(&'p Indicator<'static>)) {
        let Ok(document) = Document::parse(observed.as_bytes()) else {
            return;
        };
        let Ok(observed) = Observed::new(document.root(), &Objects::default()) else {
            return;
        };
        let indicators = &self.patterns.indicators;
        let of = |index: PatternIndex| indicators.get(usize::try_from(index.number()).ok()?);
        // A record whose objects refer to each other in too many ways: ours refer to none.
        let _seen = self.stream.observe(&observed, |index| {
            if let Some(indicator) = of(index) {
                found(indicator);
            }
        });
    }

    /// Records that could not be kept although they might have been part of a later match.
    pub(super) fn lost(&self) -> u64 {
        let losses = self.stream.losses();
        losses.dropped.saturating_add(losses.late)
    }
}
