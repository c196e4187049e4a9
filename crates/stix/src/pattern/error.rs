//! What is wrong with a pattern, and what keeps it from an answer.

use std::fmt;

/// A text that is no STIX pattern, and where.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{kind} at byte {position}")]
pub struct PatternError {
    /// What is wrong.
    pub kind: PatternErrorKind,
    /// Byte offset in the pattern, from 0.
    pub position: usize,
}

impl PatternError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Line and column, in characters and from 1, within the text that was parsed.
    pub fn line_and_column(&self, text: &str) -> (usize, usize) {
        let mut at = self.position.min(text.len());
        while !text.is_char_boundary(at) {
            at = at.saturating_sub(1);
        }
        let before = text.get(..at).unwrap_or_default();
        let line = before.rsplit('\n').next().unwrap_or_default();
        (
            before.matches('\n').count().saturating_add(1),
            line.chars().count().saturating_add(1),
        )
    }
}

/// The kinds of [`PatternError`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PatternErrorKind {
    /// Something else stands where this was expected.
    Expected {
        /// What the grammar allows here.
        expected: &'static str,
        /// What stands here.
        found: String,
    },
    /// A word or character that can be mended as the hint says.
    Hint(&'static str),
    /// A literal, string or comment that the text ends within.
    Unclosed(&'static str),
    /// A literal that says nothing, such as a date that does not exist.
    BadLiteral(String),
    /// A qualifier whose number makes no sense.
    BadQualifier(&'static str),
    /// A qualifier that the observation expression already has (STIX 2.1 §9.5).
    DuplicateQualifier(&'static str),
    /// Operands of `AND` that no one object can fulfil, since its type would be two (§9.5).
    AndAcrossTypes,
    /// A set of constants of different types (§9.6.1).
    MixedSet,
    /// A text that cannot be a hash of the kind that the path names.
    BadHash {
        /// The key of the `hashes` dictionary.
        algorithm: String,
    },
    /// More bytes than [`PATTERN_BYTES_MAX`](super::PATTERN_BYTES_MAX).
    TooLarge(usize),
    /// More comparisons, constants and steps than [`NODES_MAX`](super::NODES_MAX).
    TooManyNodes(usize),
    /// More parentheses within parentheses than [`DEPTH_MAX`](super::DEPTH_MAX).
    TooDeep(usize),
    /// More qualifiers on one expression than [`QUALIFIERS_MAX`](super::QUALIFIERS_MAX).
    TooManyQualifiers(usize),
}

impl PatternErrorKind {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Expected { .. } | Self::Hint(_) | Self::Unclosed(_) => "pattern.syntax",
            Self::BadLiteral(_) => "pattern.bad_literal",
            Self::BadQualifier(_) => "pattern.bad_qualifier",
            Self::DuplicateQualifier(_) => "pattern.duplicate_qualifier",
            Self::AndAcrossTypes => "pattern.and_across_types",
            Self::MixedSet => "pattern.mixed_set",
            Self::BadHash { .. } => "pattern.bad_hash",
            Self::TooLarge(_) | Self::TooManyNodes(_) => "pattern.too_large",
            Self::TooDeep(_) | Self::TooManyQualifiers(_) => "pattern.too_deep",
        }
    }

    pub(super) fn at(self, position: usize) -> PatternError {
        PatternError {
            kind: self,
            position,
        }
    }
}

impl fmt::Display for PatternErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expected { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Unclosed(what) => write!(f, "{what} that does not end"),
            Self::Hint(text) | Self::BadQualifier(text) => f.write_str(text),
            Self::BadLiteral(text) => f.write_str(text),
            Self::DuplicateQualifier(name) => {
                write!(f, "a second {name} on one observation expression")
            }
            Self::AndAcrossTypes => f.write_str(
                "no one object can fulfil both sides of this AND, for their types differ",
            ),
            Self::MixedSet => f.write_str("a set of constants of different types"),
            Self::BadHash { algorithm } => write!(f, "a text that is no {algorithm} hash"),
            Self::TooLarge(limit) => write!(f, "a pattern of more than {limit} bytes"),
            Self::TooManyNodes(limit) => {
                write!(f, "more than {limit} comparisons, constants and steps")
            }
            Self::TooDeep(limit) => write!(f, "more than {limit} levels of parentheses"),
            Self::TooManyQualifiers(limit) => {
                write!(f, "more than {limit} qualifiers on one expression")
            }
        }
    }
}

/// Why a pattern has no answer.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MatchError {
    /// A constant of `MATCHES` that is no regular expression we can run.
    #[error("the regular expression {regex:?} cannot be used: {problem}")]
    Regex {
        /// As the pattern has it.
        regex: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A constant of `MATCHES` or `LIKE` that takes more work than allowed on a value.
    #[error("the expression {expression:?} needs more work on a value than allowed")]
    RegexLimit {
        /// As the pattern has it.
        expression: String,
    },
    /// A constant of `ISSUBSET` or `ISSUPERSET` that is neither address nor network.
    #[error("{text:?} is neither an IP address nor a network in CIDR notation")]
    Address {
        /// As the pattern has it.
        text: String,
    },
    /// A pattern whose answer needs more steps than allowed.
    #[error("no answer within {steps_max} steps")]
    SearchLimit {
        /// The limit.
        steps_max: u64,
    },
    /// An observed-data object that says not when, how often or what was observed.
    #[error("the observed-data object {id:?}: {problem}")]
    Observation {
        /// Its id, if it has one.
        id: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl MatchError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Regex { .. } => "pattern.regex",
            Self::RegexLimit { .. } => "pattern.regex_limit",
            Self::Address { .. } => "pattern.bad_address",
            Self::SearchLimit { .. } => "pattern.search_limit",
            Self::Observation { .. } => "pattern.bad_observation",
        }
    }
}
