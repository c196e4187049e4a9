//! The exact test of what the index suggests.

use std::collections::HashMap;

use super::{number::widen, required};
use crate::pattern::{
    Comparison, CompiledComparison, Limits, MatchError, Observed, Proposition, Test,
};

/// What stands in brackets, or a need that fulfils it by being met.
#[derive(Debug)]
pub(super) enum Check {
    /// The index alone decides.
    Met,
    Ready(Box<CompiledComparison>),
    /// With a regular expression, of which the compiled form takes a thousand times the room: it is
    /// made when first asked for.
    Source(Box<Comparison>),
}

impl Check {
    /// # Errors
    /// [`MatchError`] for a constant that cannot be used. A regular expression of plain syntax
    /// counts as usable here.
    pub(super) fn new(comparison: Comparison, limits: &Limits) -> Result<Self, MatchError> {
        let mut regex = false;
        refuse_unusable(&comparison, limits, &mut regex)?;
        if regex {
            return Ok(Self::Source(Box::new(comparison)));
        }
        Ok(Self::Ready(Box::new(CompiledComparison::new(
            &comparison,
            limits,
        )?)))
    }
}

/// Compiled comparisons with regular expressions, at most so many.
#[derive(Debug)]
pub(super) struct Cache {
    most: usize,
    places: HashMap<u32, usize>,
    entries: Vec<(u32, CompiledComparison)>,
    /// The state of the generator that says which entry makes room: no order of use can make every
    /// look a miss.
    dice: u32,
}

impl Cache {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            places: HashMap::new(),
            entries: Vec::new(),
            dice: 1,
        }
    }

    /// Whether the observation fulfils the check of this number.
    pub(super) fn holds(
        &mut self,
        number: u32,
        check: &Check,
        observed: &Observed<'_>,
        limits: &Limits,
    ) -> Result<bool, MatchError> {
        let source = match check {
            Check::Met => return Ok(true),
            Check::Ready(comparison) => return comparison.holds(observed),
            Check::Source(source) => source,
        };
        let known = self
            .places
            .get(&number)
            .and_then(|place| self.entries.get(*place));
        if let Some((_, comparison)) = known {
            return comparison.holds(observed);
        }
        let comparison = CompiledComparison::new(source, limits)?;
        let holds = comparison.holds(observed);
        self.insert(number, comparison);
        holds
    }

    fn insert(&mut self, number: u32, comparison: CompiledComparison) {
        if self.entries.len() < self.most {
            self.places.insert(number, self.entries.len());
            self.entries.push((number, comparison));
            return;
        }
        self.dice = self
            .dice
            .wrapping_mul(1_664_525)
            .wrapping_add(1_013_904_223);
        let place = widen(self.dice >> 8) % self.entries.len();
        if let Some(entry) = self.entries.get_mut(place) {
            self.places.remove(&entry.0);
            *entry = (number, comparison);
            self.places.insert(number, place);
        }
    }
}

/// Recursion is as deep as the comparison.
fn refuse_unusable(
    comparison: &Comparison,
    limits: &Limits,
    regex: &mut bool,
) -> Result<(), MatchError> {
    match comparison {
        Comparison::And(operands) | Comparison::Or(operands) => operands
            .iter()
            .try_for_each(|operand| refuse_unusable(operand, limits, regex)),
        Comparison::Test(proposition) => match &proposition.test {
            Test::Matches(text) => {
                *regex = true;
                if required::is_plain(text) {
                    Ok(())
                } else {
                    compile(proposition, limits)
                }
            }
            Test::IsSubset(_) | Test::IsSuperset(_) => compile(proposition, limits),
            _ => Ok(()),
        },
    }
}

fn compile(proposition: &Proposition, limits: &Limits) -> Result<(), MatchError> {
    CompiledComparison::new(&Comparison::Test(proposition.clone()), limits).map(drop)
}
