//! Giving out observations: each unit needs so many of its own, each observation can serve so often.
//!
//! A maximum flow from units to observations. Observations that the same units can use are one
//! class, of which there are few.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::{Steps, pool::Candidate};
use crate::pattern::error::MatchError;

/// A unit and the observations that it may use.
pub(super) struct Need<'c> {
    pub(super) demand: u64,
    /// In the stretch of time that is left to it.
    pub(super) candidates: Vec<&'c Candidate>,
}

/// Observations that serve the same units.
struct Class<'c> {
    members: Vec<&'c Candidate>,
    /// How often they can serve together.
    free: u64,
    /// The units, and how many observations each has.
    given: Vec<(usize, u64)>,
}

/// The indexes of observations that serve all needs, sorted; `None` if there are too few.
pub(super) fn assign(
    needs: &[Need<'_>],
    steps: &mut Steps,
) -> Result<Option<Vec<usize>>, MatchError> {
    let total = needs
        .iter()
        .fold(0_u64, |sum, need| sum.saturating_add(need.demand));
    // A unit whose observations outnumber all demands together gets its share whatever the others
    // take, so it can wait.
    let (plenty, scarce): (Vec<_>, Vec<_>) = needs
        .iter()
        .partition(|need| capacity(&need.candidates) >= total);
    let mut classes = classes(&scarce, steps)?;
    for (unit, need) in scarce.iter().enumerate() {
        let mut left = need.demand;
        while left > 0 {
            match augment(&mut classes, unit, left, steps)? {
                0 => return Ok(None),
                given => left = left.saturating_sub(given),
            }
        }
    }
    // How often each observation serves.
    let mut used = BTreeMap::new();
    for class in &classes {
        let taken = class
            .given
            .iter()
            .fold(0_u64, |sum, (_, given)| sum.saturating_add(*given));
        take(&class.members, taken, &mut used);
    }
    for need in plenty {
        steps.take(need.candidates.len())?;
        if take(&need.candidates, need.demand, &mut used) > 0 {
            return Ok(None);
        }
    }
    Ok(Some(used.into_keys().collect()))
}

/// How often these can serve.
pub(super) fn capacity(candidates: &[&Candidate]) -> u64 {
    candidates
        .iter()
        .fold(0, |sum, candidate| sum.saturating_add(candidate.number))
}

/// Uses observations until the amount is served, and says how much is not.
fn take(candidates: &[&Candidate], amount: u64, used: &mut BTreeMap<usize, u64>) -> u64 {
    let mut left = amount;
    for candidate in candidates {
        if left == 0 {
            break;
        }
        let before = used.get(&candidate.index).copied().unwrap_or_default();
        let now = candidate.number.saturating_sub(before).min(left);
        if now > 0 {
            used.insert(candidate.index, before.saturating_add(now));
            left = left.saturating_sub(now);
        }
    }
    left
}

fn classes<'c>(needs: &[&Need<'c>], steps: &mut Steps) -> Result<Vec<Class<'c>>, MatchError> {
    let mut users: BTreeMap<usize, (&Candidate, Vec<usize>)> = BTreeMap::new();
    for (unit, need) in needs.iter().enumerate() {
        steps.take(need.candidates.len())?;
        for candidate in &need.candidates {
            users
                .entry(candidate.index)
                .or_insert((candidate, Vec::new()))
                .1
                .push(unit);
        }
    }
    let mut classes: BTreeMap<Vec<usize>, Vec<&Candidate>> = BTreeMap::new();
    for (candidate, units) in users.into_values() {
        classes.entry(units).or_default().push(candidate);
    }
    let class = |(units, members): (Vec<usize>, Vec<&'c Candidate>)| Class {
        free: capacity(&members),
        given: units.into_iter().map(|unit| (unit, 0)).collect(),
        members,
    };
    Ok(classes.into_iter().map(class).collect())
}

/// Gives a unit up to so many more observations, along the shortest chain of units that can each
/// take from another class instead. Zero if there is no chain.
fn augment(
    classes: &mut [Class<'_>],
    unit: usize,
    most: u64,
    steps: &mut Steps,
) -> Result<u64, MatchError> {
    // For each class reached, the unit that would take from it and the class which that unit would
    // give up for it; none for the unit that is to gain.
    let mut reached: BTreeMap<usize, (usize, Option<usize>)> = BTreeMap::new();
    let mut queue = VecDeque::from([(unit, None)]);
    let mut queued = BTreeSet::from([unit]);
    let mut end = None;
    'search: while let Some((taker, from)) = queue.pop_front() {
        for (at, class) in classes.iter().enumerate() {
            steps.take(class.given.len().max(1))?;
            let usable = class.given.iter().any(|(user, _)| *user == taker);
            if !usable || reached.contains_key(&at) {
                continue;
            }
            reached.insert(at, (taker, from));
            if class.free > 0 {
                end = Some(at);
                break 'search;
            }
            for (user, given) in &class.given {
                if *given > 0 && queued.insert(*user) {
                    queue.push_back((*user, Some(at)));
                }
            }
        }
    }
    let Some(end) = end else { return Ok(0) };
    let chain = chain(&reached, end);
    let mut amount = most.min(classes.get(end).map_or(0, |class| class.free));
    for (_, taker, from) in &chain {
        if let Some(from) = from {
            amount = amount.min(given(classes, *from, *taker).copied().unwrap_or_default());
        }
    }
    if let Some(class) = classes.get_mut(end) {
        class.free = class.free.saturating_sub(amount);
    }
    for (at, taker, from) in chain {
        if let Some(gained) = given(classes, at, taker) {
            *gained = gained.saturating_add(amount);
        }
        if let Some(lost) = from.and_then(|from| given(classes, from, taker)) {
            *lost = lost.saturating_sub(amount);
        }
    }
    Ok(amount)
}

/// From the class with something left back to the unit that gains: class, who takes from it, and
/// the class that one gives up.
fn chain(
    reached: &BTreeMap<usize, (usize, Option<usize>)>,
    end: usize,
) -> Vec<(usize, usize, Option<usize>)> {
    let mut chain = Vec::new();
    let mut at = Some(end);
    while let Some(class) = at
        && let Some((taker, from)) = reached.get(&class)
    {
        chain.push((class, *taker, *from));
        at = *from;
    }
    chain
}

fn given<'a>(classes: &'a mut [Class<'_>], at: usize, unit: usize) -> Option<&'a mut u64> {
    let class = classes.get_mut(at)?;
    class
        .given
        .iter_mut()
        .find(|(user, _)| *user == unit)
        .map(|(_, given)| given)
}
