//! What the units of an expression choose from.

use super::{
    Sighting, Steps,
    plan::{Nanos, Source, nanos},
};
use crate::pattern::error::MatchError;

/// A sighting that a unit may use.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub(super) index: usize,
    pub(super) number: u64,
    pub(super) first: Nanos,
    pub(super) last: Nanos,
}

/// The candidates of a unit by their beginning, and the longest of them.
#[derive(Debug)]
pub(super) struct Pool {
    pub(super) candidates: Vec<Candidate>,
    longest: Nanos,
}

/// When a unit's observations must end at the earliest and begin at the latest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    pub(super) end_from: Nanos,
    pub(super) begin_to: Nanos,
}

pub(super) const ALWAYS: Stretch = Stretch {
    end_from: Nanos::MIN,
    begin_to: Nanos::MAX,
};

impl Pool {
    pub(super) fn new(sources: &[Source], fulfilling: &[Vec<Sighting>]) -> Self {
        let mut candidates = Vec::new();
        for source in sources {
            for sighting in fulfilling.get(source.leaf).into_iter().flatten() {
                let (first, last) = (nanos(sighting.first), nanos(sighting.last));
                if first < source.stop && last >= source.start {
                    let Sighting { index, number, .. } = *sighting;
                    candidates.push(Candidate {
                        index,
                        number,
                        first,
                        last,
                    });
                }
            }
        }
        candidates.sort_unstable_by_key(|candidate| (candidate.first, candidate.index));
        candidates.dedup_by_key(|candidate| candidate.index);
        let length = |candidate: &Candidate| candidate.last.saturating_sub(candidate.first);
        let longest = candidates.iter().map(length).max().unwrap_or_default();
        Self {
            candidates,
            longest,
        }
    }

    /// Those that lie in the stretch of time.
    pub(super) fn within(&self, stretch: Stretch) -> impl Iterator<Item = &Candidate> {
        // What begins earlier than the longest could has ended.
        let earliest = stretch.end_from.saturating_sub(self.longest);
        let from = self
            .candidates
            .partition_point(|candidate| candidate.first < earliest);
        let begins = move |candidate: &&Candidate| candidate.first <= stretch.begin_to;
        let ends = move |candidate: &&Candidate| candidate.last >= stretch.end_from;
        self.candidates
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(begins)
            .filter(ends)
    }

    /// Whether those in the stretch of time are enough.
    pub(super) fn serves(
        &self,
        demand: u64,
        stretch: Stretch,
        steps: &mut Steps,
    ) -> Result<bool, MatchError> {
        let mut left = demand;
        for candidate in self.within(stretch) {
            steps.take(1)?;
            left = left.saturating_sub(candidate.number);
            if left == 0 {
                break;
            }
        }
        steps.take(1)?;
        Ok(left == 0)
    }
}
