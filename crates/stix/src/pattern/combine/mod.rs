//! Which observations fulfil an observation expression together (STIX 2.1 §9.5).
//!
//! A *binding* gives each `[ … ]` of an expression, as often as `REPEATS` asks, an observation of
//! its own. The question is whether one exists whose times fit. Time enters in two ways only:
//! `WITHIN` asks that each observation begins before the first to end plus the duration, and
//! `FOLLOWEDBY` that none of the left begins after one of the right ended. Once it is fixed what
//! "first to end" and "last to begin" are, each `[ … ]` is left with the observations of one stretch
//! of time, and what remains is a matching in a bipartite graph. So the search runs over those few
//! moments, not over the observations, and `REPEATS 1000000 TIMES` costs no more than `REPEATS 2`.
//!
//! It is polynomial for a given number of `WITHIN`, `FOLLOWEDBY` and alternatives with a qualifier,
//! and exponential in that number. A limit of steps ends what would take too long.

mod expand;
mod flow;
mod plan;
mod pool;
mod search;

use super::{Observation, error::MatchError};
use crate::Timestamp;

/// One observed-data object that fulfils what stands in brackets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Sighting {
    /// What tells it from others, and what the answer names it by.
    pub(crate) index: usize,
    /// `first_observed`.
    pub(crate) first: Timestamp,
    /// `last_observed`.
    pub(crate) last: Timestamp,
    /// `number_observed`: how many observations it counts as.
    pub(crate) number: u64,
}

/// An observation expression made ready for the search.
#[derive(Debug)]
pub(crate) struct Combination {
    plan: plan::Plan,
}

impl Combination {
    pub(crate) fn new(expression: &Observation) -> Self {
        Self {
            plan: plan::Plan::new(expression),
        }
    }

    /// The indexes of sightings that fulfil the expression together, sorted. `fulfilling` has one
    /// list for each `[ … ]`, in the order of the text; within a list each index occurs once.
    ///
    /// # Errors
    /// [`MatchError::SearchLimit`] when `steps_max` are not enough; then it is not known.
    pub(crate) fn find(
        &self,
        fulfilling: &[Vec<Sighting>],
        steps_max: u64,
    ) -> Result<Option<Vec<usize>>, MatchError> {
        expand::find(&self.plan, fulfilling, steps_max)
    }
}

/// The budget of one search.
struct Steps {
    left: u64,
    max: u64,
}

impl Steps {
    fn new(max: u64) -> Self {
        Self { left: max, max }
    }

    fn take(&mut self, steps: usize) -> Result<(), MatchError> {
        let left = u64::try_from(steps)
            .ok()
            .and_then(|steps| self.left.checked_sub(steps));
        self.left = left.ok_or(MatchError::SearchLimit {
            steps_max: self.max,
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
