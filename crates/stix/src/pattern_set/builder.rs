//! Adding patterns to a set.

use std::collections::HashMap;

use super::{
    PatternIndex, PatternSet, SetError, SetLimits, Suggestion, TARGETS, Target,
    check::Check,
    combo::Combo,
    index::{Gathered, Index},
    need::{Need, Unindexed},
    number::{narrow, widen},
    paths::PathId,
};
use crate::pattern::{Comparison, Observation, Pattern, Proposition, Relation, Test};

/// Takes patterns, one after the other, and makes a [`PatternSet`] of them.
#[derive(Debug, Default)]
pub struct PatternSetBuilder {
    limits: SetLimits,
    count: u32,
    /// Nothing more fits.
    full: bool,
    index: Index,
    gathered: Gathered,
    targets: Vec<Target>,
    combos: Vec<Combo>,
    unindexed: Vec<(PatternIndex, Unindexed)>,
    /// The paths of equality tests by their text, which most patterns repeat.
    known: HashMap<Box<str>, PathId>,
}

impl PatternSetBuilder {
    /// An empty set.
    pub fn new(limits: SetLimits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// Adds a pattern, whose number is that of the patterns before it.
    ///
    /// # Errors
    /// [`SetError`] if it is none, can never be evaluated, or does not fit; then the set is as it
    /// was.
    pub fn add(&mut self, text: &str) -> Result<PatternIndex, SetError> {
        let plain = plain_equality(text);
        if let Some((path, constant)) = plain
            && let Some(path) = self.known.get(path).copied()
        {
            let index = self.next()?;
            self.full = !self.index.add_text(path, constant, index);
            return self.finish();
        }
        let pattern = Pattern::parse(text)?;
        let known = plain.and_then(|(path, _)| Some((path, equality(&pattern)?)));
        let known =
            known.map(|(text, (object_type, steps))| (text, self.index.path(object_type, steps)));
        let added = self.add_pattern(&pattern)?;
        if let Some((text, path)) = known {
            self.known.insert(text.into(), path);
        }
        Ok(added)
    }

    /// Adds a pattern that is parsed already.
    ///
    /// # Errors
    /// As [`PatternSetBuilder::add`].
    pub fn add_pattern(&mut self, pattern: &Pattern) -> Result<PatternIndex, SetError> {
        let index = self.next()?;
        let mut suggestions = Vec::new();
        let mut brackets = Vec::new();
        if single_alternatives(&pattern.expression, &mut brackets) {
            for comparison in brackets {
                suggestions.push((Suggestion::Pattern(index), comparison));
            }
            return self.add_brackets(index, suggestions);
        }
        brackets.clear();
        all_brackets(&pattern.expression, &mut brackets);
        let combo = narrow(self.combos.len());
        for (leaf, comparison) in (0..).zip(brackets) {
            suggestions.push((Suggestion::Leaf { combo, leaf }, comparison));
        }
        let combo = Combo::new(index, pattern.expression.clone());
        let added = self.add_brackets(index, suggestions)?;
        self.combos.push(combo);
        Ok(added)
    }

    /// Everything that was added, ready to be asked.
    pub fn build(mut self) -> PatternSet {
        self.index.index(self.gathered);
        self.targets.shrink_to_fit();
        self.combos.shrink_to_fit();
        self.unindexed.shrink_to_fit();
        PatternSet {
            limits: self.limits,
            count: self.count,
            index: self.index,
            targets: self.targets,
            combos: self.combos,
            unindexed: self.unindexed,
        }
    }

    fn add_brackets(
        &mut self,
        index: u32,
        brackets: Vec<(Suggestion, &Comparison)>,
    ) -> Result<PatternIndex, SetError> {
        let mut made = Vec::with_capacity(brackets.len());
        for (suggestion, comparison) in brackets {
            let need = Need::of(comparison);
            let check = if need.enough {
                Check::Met
            } else {
                Check::new(comparison.clone(), &self.limits.matching)?
            };
            made.push((suggestion, need, check));
        }
        let mut reason = None;
        for (suggestion, need, check) in made {
            let target = if let (Suggestion::Pattern(pattern), Check::Met) = (suggestion, &check) {
                pattern
            } else {
                self.targets.push(Target { suggestion, check });
                // Of the two halves of the numbers, the upper is that of targets.
                narrow(self.targets.len() - 1) | TARGETS
            };
            reason = reason.or(need.unindexed);
            for clue in &need.clues {
                self.full |= !self.index.add(clue, target, &mut self.gathered);
            }
        }
        self.full |= widen(TARGETS) <= self.targets.len();
        let added = self.finish()?;
        self.unindexed
            .extend(reason.map(|reason| (PatternIndex(index), reason)));
        Ok(added)
    }

    fn next(&self) -> Result<u32, SetError> {
        if self.full || self.count >= self.limits.patterns_max.min(TARGETS) {
            return Err(SetError::Full);
        }
        Ok(self.count)
    }

    /// Counts what was added, if all of it fitted. Otherwise what did is left over, for a number
    /// that no pattern will have.
    fn finish(&mut self) -> Result<PatternIndex, SetError> {
        if self.full {
            return Err(SetError::Full);
        }
        let index = self.count;
        self.count = index.saturating_add(1);
        Ok(PatternIndex(index))
    }
}

/// The path and the constant of `[path = 'constant']` in its commonest spelling. A text is split only
/// where each half would be read alike in any such text: neither half has a blank, a comment or an
/// escape, and the constant no apostrophe.
fn plain_equality(text: &str) -> Option<(&str, &str)> {
    let (path, constant) = text
        .strip_prefix('[')?
        .strip_suffix("']")?
        .split_once(" = '")?;
    let of_path = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b':' | b'.' | b'\'' | b'[' | b']' | b'*')
    };
    let plain = text.len() <= PLAIN_BYTES_MAX
        && path.bytes().all(of_path)
        && !constant.bytes().any(|byte| matches!(byte, b'\'' | b'\\'));
    plain.then_some((path, constant))
}

/// What is longer may break a limit of the parser.
const PLAIN_BYTES_MAX: usize = 4096;

/// The path of a pattern that is one equality with a string, and nothing else.
fn equality(pattern: &Pattern) -> Option<(&str, &[crate::pattern::Step])> {
    let Observation::Test(Comparison::Test(proposition)) = &pattern.expression else {
        return None;
    };
    let Proposition {
        path,
        negated: false,
        test: Test::Compare(Relation::Equal, literal),
    } = proposition
    else {
        return None;
    };
    let text = matches!(literal, crate::pattern::Literal::String(_));
    let short = path.steps.len() <= Need::STEPS_MAX;
    (text && short).then_some((path.object_type.as_str(), path.steps.as_slice()))
}

/// Whether the expression is fulfilled by any one observation that fulfils one of its brackets,
/// which are added.
fn single_alternatives<'p>(
    expression: &'p Observation,
    brackets: &mut Vec<&'p Comparison>,
) -> bool {
    match expression {
        Observation::Test(comparison) => {
            brackets.push(comparison);
            true
        }
        Observation::Or(operands) => operands
            .iter()
            .all(|operand| single_alternatives(operand, brackets)),
        _ => false,
    }
}

fn all_brackets<'p>(expression: &'p Observation, brackets: &mut Vec<&'p Comparison>) {
    match expression {
        Observation::Test(comparison) => brackets.push(comparison),
        Observation::And(operands)
        | Observation::Or(operands)
        | Observation::FollowedBy(operands) => {
            for operand in operands {
                all_brackets(operand, brackets);
            }
        }
        Observation::Qualified(inner, _) => all_brackets(inner, brackets),
    }
}
