//! Asking a set.

use std::collections::HashMap;

use super::{
    PatternIndex, PatternSet, Suggestion, TARGETS, Target,
    check::Cache,
    combo::{Bounds, Losses, Window, sighting},
    number::widen,
};
use crate::pattern::{MatchError, Observed};

/// The patterns that some observations fulfil.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Sorted.
    pub fulfilled: Vec<PatternIndex>,
    /// Those for which it is not known, and why, sorted. None of them is in the other list.
    pub failed: Vec<(PatternIndex, MatchError)>,
}

/// Observations one after the other, and what of them can still be part of a match.
#[derive(Debug)]
pub struct Stream<'s> {
    set: &'s PatternSet,
    cache: Cache,
    /// By the number of the combination.
    windows: HashMap<u32, Window>,
    /// Observations in all windows.
    kept: usize,
    observations: usize,
    losses: Losses,
    /// Of the observation in hand.
    suggested: Vec<u32>,
    fulfilled: Vec<u32>,
    brackets: Vec<usize>,
    failed: Vec<(PatternIndex, MatchError)>,
}

impl<'s> Stream<'s> {
    pub(super) fn new(set: &'s PatternSet) -> Self {
        Self {
            set,
            cache: Cache::new(set.limits.regexes_max),
            windows: HashMap::new(),
            kept: 0,
            observations: 0,
            losses: Losses::default(),
            suggested: Vec::new(),
            fulfilled: Vec::new(),
            brackets: Vec::new(),
            failed: Vec::new(),
        }
    }

    /// Calls `found` for each pattern that the observation completes, once and in their order.
    ///
    /// # Errors
    /// [`MatchError::SearchLimit`] when the observation's objects refer to each other in too many
    /// ways; then no pattern has seen it. What fails for single patterns is in [`Stream::failed`].
    pub fn observe(
        &mut self,
        observed: &Observed<'_>,
        mut found: impl FnMut(PatternIndex),
    ) -> Result<(), MatchError> {
        self.failed.clear();
        self.fulfilled.clear();
        suggest(self.set, observed, &mut self.suggested)?;
        self.observations = self.observations.saturating_add(1);
        let alone = self.suggested.partition_point(|number| *number < TARGETS);
        self.fulfilled.extend(self.suggested.iter().take(alone));
        if alone < self.suggested.len() {
            self.check(observed, alone);
            self.fulfilled.sort_unstable();
            self.fulfilled.dedup();
        }
        self.fulfilled
            .iter()
            .for_each(|pattern| found(PatternIndex(*pattern)));
        Ok(())
    }

    /// The patterns of which it is not known whether the last observation completes them, with the
    /// reason.
    pub fn failed(&self) -> &[(PatternIndex, MatchError)] {
        &self.failed
    }

    /// What could not be kept so far.
    pub fn losses(&self) -> Losses {
        self.losses
    }

    /// How many observations are kept, counted for each bracket that they fulfil.
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// Tries what the index suggests. The brackets of one pattern have numbers side by side.
    fn check(&mut self, observed: &Observed<'_>, from: usize) {
        let mut combo = None;
        for at in from..self.suggested.len() {
            let number = self.suggested.get(at).map_or(0, |number| number & !TARGETS);
            let Some(target) = self.set.targets.get(widen(number)) else {
                continue;
            };
            if let Suggestion::Leaf { combo: other, .. } = target.suggestion
                && combo != Some(other)
            {
                self.combine(combo.replace(other), observed);
            }
            let holds =
                self.cache
                    .holds(number, &target.check, observed, &self.set.limits.matching);
            match (holds, target.suggestion) {
                (Ok(false), _) => {}
                (Ok(true), Suggestion::Pattern(pattern)) => self.fulfilled.push(pattern),
                (Ok(true), Suggestion::Leaf { leaf, .. }) => self.brackets.push(leaf),
                (Err(error), _) => self.fail(target, error),
            }
        }
        self.combine(combo, observed);
    }

    /// Gives the observation to a pattern of several, for the brackets that it fulfils.
    fn combine(&mut self, number: Option<u32>, observed: &Observed<'_>) {
        if self.brackets.is_empty() {
            return;
        }
        let combo = number.and_then(|number| self.set.combos.get(widen(number)));
        let (Some(number), Some(combo)) = (number, combo) else {
            return;
        };
        let limits = &self.set.limits;
        let mut bounds = Bounds {
            per_bracket: limits.kept_per_bracket_max,
            lateness: limits.lateness,
            steps_max: limits.matching.search_steps_max,
        };
        if self.kept.saturating_add(self.brackets.len()) > limits.kept_max {
            self.forget(observed);
            if self.kept.saturating_add(self.brackets.len()) > limits.kept_max {
                bounds.per_bracket = 0;
            }
        }
        let window = self.windows.entry(number).or_default();
        let before = window.len();
        let sighting = sighting(self.observations, observed);
        let complete = combo.observe(window, sighting, &self.brackets, &bounds, &mut self.losses);
        self.kept = self
            .kept
            .saturating_sub(before)
            .saturating_add(window.len());
        match complete {
            Ok(true) => self.fulfilled.push(combo.pattern),
            Ok(false) => {}
            Err(error) => self.failed.push((PatternIndex(combo.pattern), error)),
        }
        self.brackets.clear();
    }

    /// Lets go what is too old in every window.
    fn forget(&mut self, observed: &Observed<'_>) {
        let mut kept = 0_usize;
        for (number, window) in &mut self.windows {
            if let Some(combo) = self.set.combos.get(widen(*number)) {
                combo.forget(window, observed.first_observed(), self.set.limits.lateness);
            }
            kept = kept.saturating_add(window.len());
        }
        self.kept = kept;
    }

    fn fail(&mut self, target: &Target, error: MatchError) {
        self.failed.push((self.set.pattern_of(target), error));
    }
}

impl PatternSet {
    /// Every pattern that the observations fulfil, as [`Matcher::matches`](crate::pattern::Matcher)
    /// says for each alone.
    ///
    /// Where that fails because of an observation that the index does not suggest, this does not.
    ///
    /// # Errors
    /// [`MatchError::SearchLimit`] when an observation's objects refer to each other in too many
    /// ways.
    pub fn find_all(&self, observed: &[Observed<'_>]) -> Result<Found, MatchError> {
        let mut cache = Cache::new(self.limits.regexes_max);
        let mut suggested = Vec::new();
        let mut done = vec![false; self.len()];
        let mut failed: HashMap<PatternIndex, MatchError> = HashMap::new();
        let mut fulfilling = HashMap::new();
        for (at, observation) in observed.iter().enumerate() {
            suggest(self, observation, &mut suggested)?;
            for number in &suggested {
                if *number < TARGETS {
                    mark(&mut done, *number);
                    continue;
                }
                let number = number & !TARGETS;
                let Some(target) = self.targets.get(widen(number)) else {
                    continue;
                };
                if let Suggestion::Pattern(pattern) = target.suggestion
                    && done.get(widen(pattern)) == Some(&true)
                {
                    continue;
                }
                match cache.holds(number, &target.check, observation, &self.limits.matching) {
                    Ok(false) => {}
                    Err(error) => {
                        failed.entry(self.pattern_of(target)).or_insert(error);
                    }
                    Ok(true) => match target.suggestion {
                        Suggestion::Pattern(pattern) => mark(&mut done, pattern),
                        Suggestion::Leaf { combo, leaf } => {
                            let lists: &mut Vec<Vec<_>> = fulfilling.entry(combo).or_default();
                            if lists.len() <= leaf {
                                lists.resize_with(leaf.saturating_add(1), Vec::new);
                            }
                            if let Some(list) = lists.get_mut(leaf) {
                                list.push(sighting(at, observation));
                            }
                        }
                    },
                }
            }
        }
        for (number, mut lists) in fulfilling {
            let Some(combo) = self.combos.get(widen(number)) else {
                continue;
            };
            lists.resize_with(combo.leaves(), Vec::new);
            match combo.find(&lists, self.limits.matching.search_steps_max) {
                Ok(Some(_)) => mark(&mut done, combo.pattern),
                Ok(None) => {}
                Err(error) => {
                    failed.entry(PatternIndex(combo.pattern)).or_insert(error);
                }
            }
        }
        Ok(self.found(&done, failed))
    }

    fn found(&self, done: &[bool], failed: HashMap<PatternIndex, MatchError>) -> Found {
        let is_done = |pattern: PatternIndex| done.get(widen(pattern.0)) == Some(&true);
        let fulfilled = (0..self.count)
            .map(PatternIndex)
            .filter(|p| is_done(*p))
            .collect();
        let mut failed: Vec<_> = failed.into_iter().filter(|(p, _)| !is_done(*p)).collect();
        failed.sort_unstable_by_key(|(pattern, _)| *pattern);
        Found { fulfilled, failed }
    }

    fn pattern_of(&self, target: &Target) -> PatternIndex {
        PatternIndex(match target.suggestion {
            Suggestion::Pattern(pattern) => pattern,
            Suggestion::Leaf { combo, .. } => self
                .combos
                .get(widen(combo))
                .map_or(0, |combo| combo.pattern),
        })
    }
}

/// Suggestions that are collected before it is looked whether they repeat, as those of a list with
/// the same value over and over do.
const SUGGESTED_ROOM: usize = 1 << 16;

/// What the index suggests for an observation, sorted, each once.
fn suggest(
    set: &PatternSet,
    observed: &Observed<'_>,
    suggested: &mut Vec<u32>,
) -> Result<(), MatchError> {
    suggested.clear();
    let mut room = SUGGESTED_ROOM;
    set.index.search(observed, &mut |number| {
        if suggested.len() >= room {
            suggested.sort_unstable();
            suggested.dedup();
            room = suggested.len().saturating_mul(2).max(SUGGESTED_ROOM);
        }
        suggested.push(number);
    })?;
    suggested.sort_unstable();
    suggested.dedup();
    Ok(())
}

fn mark(done: &mut [bool], pattern: u32) {
    if let Some(done) = done.get_mut(widen(pattern)) {
        *done = true;
    }
}
