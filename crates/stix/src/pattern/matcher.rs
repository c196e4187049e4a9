//! A pattern against observations.

use super::{
    Observation, Pattern,
    combine::{Combination, Sighting},
    compile::CompiledComparison,
    error::MatchError,
    observed::Observed,
};

/// What an answer may cost.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Work of one regular expression on one value, if it has what only a backtracking engine can
    /// do: its attempts times the bytes of the value.
    pub regex_work_max: u64,
    /// Steps of the search for observations that fulfil a pattern together.
    pub search_steps_max: u64,
}

impl Default for Limits {
    /// 2³¹ and 50 million: a second or a few on a slow core.
    fn default() -> Self {
        Self {
            regex_work_max: 1 << 31,
            search_steps_max: 50_000_000,
        }
    }
}

/// A pattern made ready.
#[derive(Debug)]
pub struct Matcher {
    /// What stands in brackets, in the order of the text.
    comparisons: Vec<CompiledComparison>,
    combination: Combination,
    limits: Limits,
}

impl Matcher {
    /// Makes a pattern ready: regular expressions are compiled here, and only here.
    ///
    /// # Errors
    /// [`MatchError`] for a constant that cannot be used.
    pub fn new(pattern: &Pattern, limits: &Limits) -> Result<Self, MatchError> {
        let mut comparisons = Vec::new();
        compile(&pattern.expression, limits, &mut comparisons)?;
        let combination = Combination::new(&pattern.expression);
        Ok(Self {
            comparisons,
            combination,
            limits: *limits,
        })
    }

    /// Whether the observations fulfil the pattern.
    ///
    /// # Errors
    /// [`MatchError`] when a limit stopped the search; then it is not known.
    pub fn matches(&self, observed: &[Observed<'_>]) -> Result<bool, MatchError> {
        Ok(self.find(observed)?.is_some())
    }

    /// The places of observed-data objects that fulfil the pattern together, sorted; `None` if none
    /// do. Of several such sets it is any one.
    ///
    /// # Errors
    /// As [`Matcher::matches`].
    pub fn find(&self, observed: &[Observed<'_>]) -> Result<Option<Vec<usize>>, MatchError> {
        let mut sightings = Vec::with_capacity(self.comparisons.len());
        for comparison in &self.comparisons {
            let mut fulfilling = Vec::new();
            for (index, observation) in observed.iter().enumerate() {
                if comparison.holds(observation)? {
                    fulfilling.push(Sighting {
                        index,
                        first: observation.first_observed(),
                        last: observation.last_observed(),
                        number: observation.number_observed(),
                    });
                }
            }
            sightings.push(fulfilling);
        }
        self.combination
            .find(&sightings, self.limits.search_steps_max)
    }
}

/// Recursion is as deep as the tree.
fn compile(
    observation: &Observation,
    limits: &Limits,
    comparisons: &mut Vec<CompiledComparison>,
) -> Result<(), MatchError> {
    match observation {
        Observation::Test(comparison) => {
            comparisons.push(CompiledComparison::new(comparison, limits)?);
        }
        Observation::And(operands)
        | Observation::Or(operands)
        | Observation::FollowedBy(operands) => {
            for operand in operands {
                compile(operand, limits, comparisons)?;
            }
        }
        Observation::Qualified(inner, _) => compile(inner, limits, comparisons)?,
    }
    Ok(())
}
