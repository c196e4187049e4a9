//! Many patterns at once: which of up to a million a stream of observations fulfils.
//!
//! What an observation costs depends on what it contains and on what it fulfils, not on how many
//! patterns there are. Each pattern is found by something that an observation must contain to fulfil
//! it: a constant of `=` or `IN`, a network, a range, a text that `LIKE` or `MATCHES` cannot do
//! without. All of those lie in an index under their paths, an object is walked along all the paths
//! once, and only what the index suggests is tried, by the same code that evaluates a single
//! pattern. Most patterns are one equality; of them nothing is kept but the constant.
//!
//! A pattern without any such thing (`!=`, `NOT`, `MATCHES` without a text of four bytes) is tried on
//! every value at its path; the plainest of the regular expressions first together, as one automaton.
//! [`PatternSet::unindexed`] lists these patterns.
//!
//! # Streams
//!
//! A [`Stream`] says of each observation which patterns it completes: those for which it, together
//! with none or more of the observations before it, is a match (STIX 2.1 §9.5). A pattern can so be
//! reported again by each further observation. What came before is kept as long as it can be part of
//! a match, in bounded memory. That is exact while
//!
//! - observations come in the order of `first_observed`, or no later than [`SetLimits::lateness`]
//!   behind the latest, for patterns with `WITHIN` around all of the expression;
//! - no more than [`SetLimits::kept_per_bracket_max`] observations that fulfil one bracket of one
//!   pattern can be part of later matches, nor [`SetLimits::kept_max`] in all. A pattern of only
//!   `AND`, `OR` and `REPEATS` needs no more of them than it asks for; others need all that
//!   `WITHIN` around all of the expression leaves, and without it all there are.
//!
//! Where that is not so a match may be missed, never invented, and [`Stream::losses`] counts what
//! could not be kept. [`PatternSet::find_all`] has no such bounds.

mod automata;
mod builder;
mod check;
mod combo;
mod constants;
mod grams;
mod index;
mod intervals;
mod need;
mod number;
mod paths;
mod required;
mod stream;
mod subject;

use std::time::Duration;

pub use builder::PatternSetBuilder;
pub use combo::Losses;
pub use need::Unindexed;
pub use stream::{Found, Stream};

use check::Check;
use combo::Combo;
use index::Index;

use crate::pattern::{Limits, MatchError, PatternError};

/// The number of a pattern in its set, from 0 in the order of being added.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PatternIndex(u32);

impl PatternIndex {
    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }
}

/// What a set and its streams may take.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SetLimits {
    /// Of each pattern on each observation.
    pub matching: Limits,
    /// How many patterns there may be.
    pub patterns_max: u32,
    /// Observations that a stream keeps for one bracket of one pattern.
    pub kept_per_bracket_max: usize,
    /// Observations that a stream keeps in all, counted for each bracket.
    pub kept_max: usize,
    /// How long behind the latest an observation may come without a match being missed.
    pub lateness: Duration,
    /// Comparisons with regular expressions that are kept compiled.
    pub regexes_max: usize,
}

impl Default for SetLimits {
    /// Ten million patterns; 1,024 observations a bracket and a million in all; no lateness; 1,024
    /// regular expressions.
    fn default() -> Self {
        Self {
            matching: Limits::default(),
            patterns_max: 10_000_000,
            kept_per_bracket_max: 1 << 10,
            kept_max: 1 << 20,
            lateness: Duration::ZERO,
            regexes_max: 1 << 10,
        }
    }
}

/// Why a pattern is not in a set.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// The text is no pattern.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// A constant cannot be used.
    #[error(transparent)]
    Unusable(#[from] MatchError),
    /// There are as many patterns, or constants, as fit.
    #[error("no more patterns fit")]
    Full,
}

impl SetError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Pattern(error) => error.code(),
            Self::Unusable(error) => error.code(),
            Self::Full => "pattern_set.full",
        }
    }
}

/// Patterns, indexed by what they look for.
#[derive(Debug)]
pub struct PatternSet {
    limits: SetLimits,
    count: u32,
    index: Index,
    targets: Vec<Target>,
    combos: Vec<Combo>,
    unindexed: Vec<(PatternIndex, Unindexed)>,
}

/// Numbers from here on are of targets, those before are of patterns that a clue fulfils alone.
const TARGETS: u32 = 1 << 31;

/// What the index suggests where a clue alone does not decide.
#[derive(Debug)]
struct Target {
    suggestion: Suggestion,
    check: Check,
}

/// What holds if the check does.
#[derive(Clone, Copy, Debug)]
enum Suggestion {
    /// The pattern.
    Pattern(u32),
    /// One of the brackets of a pattern of several.
    Leaf { combo: u32, leaf: usize },
}

/// How much of what a set has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Statistics {
    /// Patterns.
    pub patterns: usize,
    /// Different paths.
    pub paths: usize,
    /// Constants that values are looked up among.
    pub constants: usize,
    /// What is tried after the index suggests it.
    pub checks: usize,
    /// Patterns of several observations, or with a qualifier.
    pub combinations: usize,
    /// Patterns that no constant finds.
    pub unindexed: usize,
}

impl PatternSet {
    /// How many patterns there are.
    pub fn len(&self) -> usize {
        number::widen(self.count)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The patterns that no constant finds, with the reason, in their order.
    pub fn unindexed(&self) -> impl Iterator<Item = (PatternIndex, Unindexed)> {
        self.unindexed.iter().copied()
    }

    /// How much of what there is.
    pub fn statistics(&self) -> Statistics {
        Statistics {
            patterns: self.len(),
            paths: self.index.paths(),
            constants: self.index.constants(),
            checks: self.targets.len(),
            combinations: self.combos.len(),
            unindexed: self.unindexed.len(),
        }
    }

    /// A stream of observations, none so far.
    pub fn stream(&self) -> Stream<'_> {
        Stream::new(self)
    }
}
