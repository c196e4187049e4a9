//! The search over the moments that `WITHIN` and `FOLLOWEDBY` turn on.

use std::cmp::Reverse;

use super::{
    Steps,
    expand::{Constraint, Kind},
    flow::{Need, assign},
    plan::Nanos,
    pool::{ALWAYS, Candidate, Pool, Stretch},
};
use crate::pattern::error::MatchError;

/// A system of units and constraints to be solved.
pub(super) struct Solver<'s> {
    units: &'s [(usize, u64)],
    constraints: &'s [Constraint],
    /// The constraints by the order in which their moments are chosen.
    order: Vec<usize>,
    /// The moment chosen for each constraint.
    chosen: Vec<Nanos>,
    pools: &'s [Pool],
    steps: &'s mut Steps,
}

/// What came of a choice of moments.
enum Outcome {
    /// The indexes of observations that fulfil all.
    Found(Vec<usize>),
    /// Each unit might have had enough, but together they have too few.
    Crowded,
    /// Some unit, looked at alone, had too few, and nothing else stood in the way.
    TooFew,
}

impl<'s> Solver<'s> {
    /// In the order of the text, a `FOLLOWEDBY` where its right side begins: so a choice comes
    /// before those that it puts off, and whatever is within a `WITHIN` or on the left of a
    /// `FOLLOWEDBY` is settled close to it.
    pub(super) fn new(
        units: &'s [(usize, u64)],
        constraints: &'s [Constraint],
        pools: &'s [Pool],
        steps: &'s mut Steps,
    ) -> Self {
        let mut order: Vec<_> = (0..constraints.len()).collect();
        order.sort_by_key(
            |at| match constraints.get(*at).map(|constraint| constraint.kind) {
                Some(Kind::Within { begin, end, .. }) => (begin, false, Reverse(end)),
                Some(Kind::Before { right, end, .. }) => (right, true, Reverse(end)),
                None => (usize::MAX, true, Reverse(0)),
            },
        );
        let chosen = vec![Nanos::MIN; constraints.len()];
        Self {
            units,
            constraints,
            order,
            chosen,
            pools,
            steps,
        }
    }

    pub(super) fn solve(&mut self) -> Result<Option<Vec<usize>>, MatchError> {
        let stretches = vec![ALWAYS; self.units.len()];
        // If there are too few without regard to time, no time will mend it.
        let found = self.assign(&stretches)?;
        if found.is_none() || self.constraints.is_empty() {
            return Ok(found);
        }
        match self.settle(0, &stretches)? {
            Outcome::Found(found) => Ok(Some(found)),
            Outcome::Crowded | Outcome::TooFew => Ok(None),
        }
    }

    /// Chooses a moment for the constraint at a place of the order, and with each those for the
    /// others. Recursion is as deep as there are constraints.
    ///
    /// Where a `FOLLOWEDBY` fails for want of single units, a later moment would fail too: it leaves
    /// less to the units on its right, which are those that are not settled, and what it gives to
    /// those on its left they had not lacked.
    fn settle(&mut self, place: usize, stretches: &[Stretch]) -> Result<Outcome, MatchError> {
        let Some((at, constraint)) = self.constraint(place) else {
            return Ok(self
                .assign(stretches)?
                .map_or(Outcome::Crowded, Outcome::Found));
        };
        let last = place.saturating_add(1) == self.order.len();
        let mut crowded = false;
        for moment in self.moments(constraint, stretches)? {
            self.steps.take(stretches.len())?;
            let (later, earlier, begin_to) = match constraint.kind {
                Kind::Within { begin, end, within } => {
                    (begin..end, begin..end, moment.saturating_add(within))
                }
                Kind::Before { begin, right, end } => (right..end, begin..right, moment),
            };
            let mut narrowed = stretches.to_vec();
            for stretch in narrowed.get_mut(later.clone()).into_iter().flatten() {
                stretch.end_from = stretch.end_from.max(moment);
            }
            // A later moment leaves no more of these.
            if !self.serves(later, &narrowed)? {
                break;
            }
            for stretch in narrowed.get_mut(earlier.clone()).into_iter().flatten() {
                stretch.begin_to = stretch.begin_to.min(begin_to);
            }
            if !self.serves(earlier, &narrowed)? {
                continue;
            }
            if !last && self.assign(&narrowed)?.is_none() {
                crowded = true;
                continue;
            }
            if let Some(chosen) = self.chosen.get_mut(at) {
                *chosen = moment;
            }
            match (
                self.settle(place.saturating_add(1), &narrowed)?,
                constraint.kind,
            ) {
                (Outcome::Found(found), _) => return Ok(Outcome::Found(found)),
                (Outcome::Crowded, _) => crowded = true,
                (Outcome::TooFew, Kind::Before { .. }) => break,
                (Outcome::TooFew, Kind::Within { .. }) => {}
            }
        }
        Ok(if crowded {
            Outcome::Crowded
        } else {
            Outcome::TooFew
        })
    }

    fn constraint(&self, place: usize) -> Option<(usize, Constraint)> {
        let at = *self.order.get(place)?;
        Some((at, *self.constraints.get(at)?))
    }

    /// The moments that a constraint can turn on, in order: when the first of its units ends, or the
    /// last on its left begins. Moments before each unit's first candidate begins are left out.
    fn moments(
        &mut self,
        constraint: Constraint,
        stretches: &[Stretch],
    ) -> Result<Vec<Nanos>, MatchError> {
        let (range, within, of): (_, _, fn(&Candidate) -> Nanos) = match constraint.kind {
            Kind::Within { begin, end, within } => (begin..end, within, |candidate| candidate.last),
            Kind::Before { begin, right, .. } => (begin..right, 0, |candidate| candidate.first),
        };
        let twin = constraint
            .twin
            .and_then(|twin| self.chosen.get(twin))
            .copied();
        let mut from = twin.unwrap_or(Nanos::MIN);
        let units = self.units.get(range.clone()).unwrap_or_default();
        let stretches = stretches.get(range).unwrap_or_default();
        let mut moments = Vec::new();
        for ((source, _), stretch) in units.iter().zip(stretches) {
            let pool = self.pools.get(*source);
            let mut candidates = pool
                .into_iter()
                .flat_map(|pool| pool.within(*stretch))
                .peekable();
            if let Some(first) = candidates.peek() {
                from = from.max(first.first.saturating_sub(within));
            }
            moments.extend(candidates.map(of));
        }
        self.steps.take(moments.len())?;
        moments.retain(|moment| *moment >= from);
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
