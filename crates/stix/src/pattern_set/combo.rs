//! Patterns of several observations: what is kept of those that came before, and when a new one
//! completes the pattern.

use std::time::Duration;

use crate::{
    Timestamp,
    pattern::{Combination, Comparison, MatchError, Observation, Observed, Qualifier, Sighting},
};

/// An observation expression without what stands in its brackets.
#[derive(Debug)]
pub(super) struct Combo {
    pub(super) pattern: u32,
    expression: Observation,
    leaves: usize,
    /// How many observations fulfil it together at least on some way; with one, none need be kept.
    needed: u64,
    /// How far apart the observations of one match can be, if that is bounded.
    horizon: Option<Duration>,
    /// Whether times matter to no match, so that the first observations are as good as any.
    timeless: bool,
}

/// What of a stream can still be part of a match.
#[derive(Debug, Default)]
pub(super) struct Window {
    /// By bracket, in the order of arrival.
    kept: Vec<Vec<Sighting>>,
    /// The latest beginning so far.
    newest: Option<Timestamp>,
    /// The latest end among what was let go for its age.
    forgotten: Option<Timestamp>,
}

/// What a stream could not keep. Zero throughout, no match was missed.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Losses {
    /// Observations that might have been part of a later match, counted for each bracket.
    pub dropped: u64,
    /// Observations that came so late that what they might have completed was gone, counted for each
    /// pattern.
    pub late: u64,
}

/// What windows may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) per_bracket: usize,
    pub(super) lateness: Duration,
    pub(super) steps_max: u64,
}

impl Combo {
    /// Takes out what stands in brackets.
    pub(super) fn new(pattern: u32, mut expression: Observation) -> Self {
        let mut leaves = 0;
        strip(&mut expression, &mut leaves);
        let needed = needed(&expression);
        let horizon = horizon(&expression);
        let timeless = timeless(&expression);
        Self {
            pattern,
            expression,
            leaves,
            needed,
            horizon,
            timeless,
        }
    }

    /// The observations that fulfil the pattern together, of all that fulfil each bracket.
    pub(super) fn find(
        &self,
        fulfilling: &[Vec<Sighting>],
        steps_max: u64,
    ) -> Result<Option<Vec<usize>>, MatchError> {
        Combination::new(&self.expression).find(fulfilling, steps_max)
    }

    pub(super) fn leaves(&self) -> usize {
        self.leaves
    }

    /// Whether a match has the new observation, which fulfils these brackets, and otherwise
    /// observations of the window; afterwards the window has it too.
    pub(super) fn observe(
        &self,
        window: &mut Window,
        sighting: Sighting,
        brackets: &[usize],
        bounds: &Bounds,
        losses: &mut Losses,
    ) -> Result<bool, MatchError> {
        window.kept.resize_with(self.leaves, Vec::new);
        if let Some(horizon) = self.horizon {
            if window
                .forgotten
                .is_some_and(|gone| sighting.first.since(gone) <= horizon)
            {
                losses.late = losses.late.saturating_add(1);
            }
            self.forget(window, sighting.first, bounds.lateness);
        }
        let mut complete = Ok(false);
        for bracket in brackets {
            complete = self.completes(window, sighting, *bracket, brackets, bounds.steps_max);
            if !matches!(complete, Ok(false)) {
                break;
            }
        }
        if self.needed > 1 {
            for bracket in brackets {
                if let Some(kept) = window.kept.get_mut(*bracket) {
                    self.keep(kept, sighting, bounds.per_bracket, losses);
                }
            }
        }
        complete
    }

    /// Lets go what is too old for an observation that begins then and for all that begin no
    /// earlier. By `WITHIN`, each observation of a match begins before the first to end plus the
    /// duration.
    pub(super) fn forget(&self, window: &mut Window, begin: Timestamp, lateness: Duration) {
        let Some(horizon) = self.horizon else { return };
        let newest = window.newest.map_or(begin, |newest| newest.max(begin));
        window.newest = Some(newest);
        let age_max = horizon.saturating_add(lateness);
        for kept in &mut window.kept {
            let forgotten = &mut window.forgotten;
            kept.retain(|old| {
                let stays = newest.since(old.last) <= age_max;
                if !stays {
                    *forgotten = (*forgotten).max(Some(old.last));
                }
                stays
            });
        }
    }

    /// Whether a match has the new observation for this bracket.
    fn completes(
        &self,
        window: &Window,
        sighting: Sighting,
        bracket: usize,
        brackets: &[usize],
        steps_max: u64,
    ) -> Result<bool, MatchError> {
        let mut slots = Vec::new();
        let mut leaf = 0;
        let Some(forced) = force(&self.expression, bracket, &mut leaf, &mut slots) else {
            return Ok(false);
        };
        let mut fulfilling = Vec::with_capacity(slots.len());
        for slot in slots {
            let mut list = Vec::new();
            if let Slot::Any(leaf) = slot {
                list.extend_from_slice(window.kept.get(leaf).map_or(&[], Vec::as_slice));
            }
            // One that was observed several times can serve several times.
            if slot.takes_new(brackets) {
                list.push(sighting);
            }
            fulfilling.push(list);
        }
        Ok(Combination::new(&forced)
            .find(&fulfilling, steps_max)?
            .is_some())
    }

    fn keep(&self, kept: &mut Vec<Sighting>, sighting: Sighting, most: usize, losses: &mut Losses) {
        // Any of so many is free for a match that needs one, so a further one changes nothing.
        if self.timeless && u64::try_from(kept.len()).is_ok_and(|kept| kept >= self.needed) {
            return;
        }
        if kept.len() < most {
            kept.push(sighting);
            return;
        }
        losses.dropped = losses.dropped.saturating_add(1);
        // Where nothing bounds how far apart observations are, the first are worth most.
        if self.horizon.is_some() && !kept.is_empty() {
            kept.remove(0);
            kept.push(sighting);
        }
    }
}

impl Window {
    pub(super) fn len(&self) -> usize {
        self.kept.iter().map(Vec::len).sum()
    }
}

/// What a `[ … ]` of an expression with a forced one draws from.
#[derive(Clone, Copy, Debug)]
enum Slot {
    /// The new observation alone.
    Forced,
    /// The window, and the new observation where it fulfils this bracket.
    Any(usize),
}

impl Slot {
    fn takes_new(self, brackets: &[usize]) -> bool {
        match self {
            Self::Forced => true,
            Self::Any(leaf) => brackets.contains(&leaf),
        }
    }
}

fn strip(expression: &mut Observation, leaves: &mut usize) {
    match expression {
        Observation::Test(comparison) => {
            *comparison = Comparison::And(Vec::new());
            *leaves = leaves.saturating_add(1);
        }
        Observation::And(operands)
        | Observation::Or(operands)
        | Observation::FollowedBy(operands) => {
            for operand in operands {
                strip(operand, leaves);
            }
        }
        Observation::Qualified(inner, _) => strip(inner, leaves),
    }
}

/// The expression whose matches are those in which the bracket has the forced observation: of
/// alternatives only the one with the bracket is left, and of repetitions one stands apart. Adds
/// what its brackets draw from. None, and nothing is added, if the bracket is not within.
fn force(
    expression: &Observation,
    bracket: usize,
    leaf: &mut usize,
    slots: &mut Vec<Slot>,
) -> Option<Observation> {
    match expression {
        Observation::Test(_) => {
            let here = *leaf == bracket;
            *leaf = leaf.saturating_add(1);
            slots.extend(here.then_some(Slot::Forced));
            here.then(|| expression.clone())
        }
        Observation::Or(operands) => operands.iter().fold(None, |found, operand| {
            force(operand, bracket, leaf, slots).or(found)
        }),
        Observation::And(operands) => {
            force_one(operands, bracket, leaf, slots).map(Observation::And)
        }
        Observation::FollowedBy(operands) => {
            force_one(operands, bracket, leaf, slots).map(Observation::FollowedBy)
        }
        Observation::Qualified(inner, Qualifier::Repeats(times)) => {
            let first = *leaf;
            let once = force(inner, bracket, leaf, slots)?;
            let Some(others @ 1..) = times.checked_sub(1) else {
                return Some(once);
            };
            slots.extend((first..*leaf).map(Slot::Any));
            let others = Observation::Qualified(inner.clone(), Qualifier::Repeats(others));
            Some(Observation::And(vec![once, others]))
        }
        Observation::Qualified(inner, qualifier) => {
            let inner = force(inner, bracket, leaf, slots)?;
            Some(Observation::Qualified(Box::new(inner), qualifier.clone()))
        }
    }
}

fn force_one(
    operands: &[Observation],
    bracket: usize,
    leaf: &mut usize,
    slots: &mut Vec<Slot>,
) -> Option<Vec<Observation>> {
    let before = slots.len();
    let mut forced = Vec::with_capacity(operands.len());
    let mut found = false;
    for operand in operands {
        let first = *leaf;
        let one = force(operand, bracket, leaf, slots);
        found |= one.is_some();
        if one.is_none() {
            slots.extend((first..*leaf).map(Slot::Any));
        }
        forced.push(one.unwrap_or_else(|| operand.clone()));
    }
    if !found {
        slots.truncate(before);
        return None;
    }
    Some(forced)
}

/// The fewest observations of a match, counted with repetitions, on its most demanding way.
fn needed(expression: &Observation) -> u64 {
    let all =
        |operands: &[Observation]| operands.iter().map(needed).fold(0_u64, u64::saturating_add);
    match expression {
        Observation::Test(_) => 1,
        Observation::And(operands) | Observation::FollowedBy(operands) => all(operands),
        Observation::Or(operands) => operands.iter().map(needed).max().unwrap_or(0),
        Observation::Qualified(inner, Qualifier::Repeats(times)) => {
            needed(inner).saturating_mul(*times)
        }
        Observation::Qualified(inner, _) => needed(inner),
    }
}

fn horizon(expression: &Observation) -> Option<Duration> {
    match expression {
        Observation::Test(_) => Some(Duration::ZERO),
        Observation::Or(operands) => {
            let each = operands.iter().map(horizon);
            each.collect::<Option<Vec<_>>>()
                .map(|each| each.into_iter().max().unwrap_or_default())
        }
        Observation::And(operands) | Observation::FollowedBy(operands) => match operands.as_slice()
        {
            [only] => horizon(only),
            _ => None,
        },
        Observation::Qualified(inner, Qualifier::Within(within)) => {
            Some(horizon(inner).map_or(*within, |inner| inner.min(*within)))
        }
        Observation::Qualified(inner, Qualifier::Repeats(0 | 1) | Qualifier::StartStop { .. }) => {
            horizon(inner)
        }
        Observation::Qualified(_, Qualifier::Repeats(_)) => None,
    }
}

fn timeless(expression: &Observation) -> bool {
    match expression {
        Observation::Test(_) => true,
        Observation::And(operands) | Observation::Or(operands) => operands.iter().all(timeless),
        Observation::Qualified(inner, Qualifier::Repeats(_)) => timeless(inner),
        Observation::FollowedBy(_) | Observation::Qualified(..) => false,
    }
}

/// What an observation counts as.
pub(super) fn sighting(index: usize, observed: &Observed<'_>) -> Sighting {
    Sighting {
        index,
        first: observed.first_observed(),
        last: observed.last_observed(),
        number: observed.number_observed(),
    }
}
