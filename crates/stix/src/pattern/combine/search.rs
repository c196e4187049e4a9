//! The search over the moments that `WITHIN` and `FOLLOWEDBY` turn on.

use super::{
    Steps,
    expand::Constraint,
    flow::{Need, assign},
    plan::Nanos,
    pool::{ALWAYS, Candidate, Pool, Stretch},
};
use crate::pattern::error::MatchError;

/// A system of units and constraints to be solved.
pub(super) struct Solver<'s> {
    pub(super) units: &'s [(usize, u64)],
    pub(super) constraints: &'s [Constraint],
    pub(super) pools: &'s [Pool],
    pub(super) steps: &'s mut Steps,
}

impl Solver<'_> {
    pub(super) fn solve(&mut self) -> Result<Option<Vec<usize>>, MatchError> {
        let stretches = vec![ALWAYS; self.units.len()];
        // If there are too few without regard to time, no time will mend it.
        let found = self.assign(&stretches)?;
        if found.is_none() || self.constraints.is_empty() {
            return Ok(found);
        }
        self.settle(self.constraints, &stretches)
    }

    /// Tries the moments of the first constraint, and with each the other constraints. Recursion is
    /// as deep as there are constraints, no more than [`UNITS_MAX`] by far.
    fn settle(
        &mut self,
        constraints: &[Constraint],
        stretches: &[Stretch],
    ) -> Result<Option<Vec<usize>>, MatchError> {
        let Some((constraint, others)) = constraints.split_last() else {
            return self.assign(stretches);
        };
        for moment in self.moments(*constraint, stretches)? {
            self.steps.take(stretches.len())?;
            let mut narrowed = stretches.to_vec();
            let (later, earlier) = match *constraint {
                Constraint::Within { begin, end, within } => {
                    (begin..end, (begin..end, moment.saturating_add(within)))
                }
                Constraint::Before { begin, right, end } => (right..end, (begin..right, moment)),
            };
            for stretch in narrowed.get_mut(later.clone()).into_iter().flatten() {
                stretch.end_from = stretch.end_from.max(moment);
            }
            // A later moment leaves no more of these.
            if !self.serves(later.clone(), &narrowed)? {
                return Ok(None);
            }
            let (earlier, begin_to) = earlier;
            for stretch in narrowed.get_mut(earlier.clone()).into_iter().flatten() {
                stretch.begin_to = stretch.begin_to.min(begin_to);
            }
            if !self.serves(earlier, &narrowed)? {
                continue;
            }
            let found = self.settle(others, &narrowed)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The moments that a constraint can turn on, in order: when the first of its units ends, or the
    /// last on its left begins.
    fn moments(
        &mut self,
        constraint: Constraint,
        stretches: &[Stretch],
    ) -> Result<Vec<Nanos>, MatchError> {
        let (range, of): (_, fn(&Candidate) -> Nanos) = match constraint {
            Constraint::Within { begin, end, .. } => (begin..end, |candidate| candidate.last),
            Constraint::Before { begin, right, .. } => (begin..right, |candidate| candidate.first),
        };
        let units = self.units.get(range.clone()).unwrap_or_default();
        let stretches = stretches.get(range).unwrap_or_default();
        let mut moments = Vec::new();
        for ((source, _), stretch) in units.iter().zip(stretches) {
            let pool = self.pools.get(*source);
            moments.extend(
                pool.into_iter()
                    .flat_map(|pool| pool.within(*stretch))
                    .map(of),
            );
        }
        self.steps.take(moments.len())?;
        moments.sort_unstable();
        moments.dedup();
        Ok(moments)
    }

    /// Whether each of the units has enough candidates, looked at alone.
    fn serves(
        &mut self,
        range: std::ops::Range<usize>,
        stretches: &[Stretch],
    ) -> Result<bool, MatchError> {
        let units = self.units.get(range.clone()).unwrap_or_default();
        let stretches = stretches.get(range).unwrap_or_default();
        for ((source, demand), stretch) in units.iter().zip(stretches) {
            let Some(pool) = self.pools.get(*source) else {
                return Ok(false);
            };
            if !pool.serves(*demand, *stretch, self.steps)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives out the candidates that the stretches leave.
    fn assign(&mut self, stretches: &[Stretch]) -> Result<Option<Vec<usize>>, MatchError> {
        let demands = self.units.iter().map(|(_, demand)| *demand);
        let total = demands.fold(0_u64, u64::saturating_add);
        let mut needs = Vec::with_capacity(self.units.len());
        for ((source, demand), stretch) in self.units.iter().zip(stretches) {
            let mut candidates = Vec::new();
            // With as many as all need together, more would change nothing.
            let mut enough = total;
            for candidate in self
                .pools
                .get(*source)
                .into_iter()
                .flat_map(|p| p.within(*stretch))
            {
                if enough == 0 {
                    break;
                }
                self.steps.take(1)?;
                enough = enough.saturating_sub(candidate.number);
                candidates.push(candidate);
            }
            needs.push(Need {
                demand: *demand,
                candidates,
            });
        }
        assign(&needs, self.steps)
    }
}
