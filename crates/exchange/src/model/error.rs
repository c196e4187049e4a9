//! Why words cannot be taken.

use kernel::{Problem, ProblemKind};

/// A field of a statement is wrong.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct StatementError {
    /// Where it stands, such as `details.questions[2]`; empty for the whole.
    pub field: String,
    /// What is wrong with it.
    pub problem: FieldProblem,
}

/// What is wrong with a field.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum FieldProblem {
    /// It is missing.
    #[error("is missing")]
    Missing,
    /// It has another type, form or length.
    #[error("{0}")]
    Invalid(String),
    /// A list is too short or too long.
    #[error("has {count} entries; {min} to {max} are allowed")]
    Count {
        /// How many it has.
        count: usize,
        /// The fewest.
        min: usize,
        /// The most.
        max: usize,
    },
    /// Two fields contradict each other.
    #[error("contradicts {other}")]
    Contradicts {
        /// The other.
        other: &'static str,
    },
    /// An attribution to an actor or a State without two independent pieces of evidence
    /// (A/70/174 para. 28 (f): accusations should be substantiated).
    #[error("needs two pieces of evidence from different collectors")]
    Unsubstantiated,
    /// A reference to an evidence item that is not there.
    #[error("names evidence that is not listed")]
    UnknownEvidence,
}

impl StatementError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        self.problem.code()
    }

    pub(crate) fn new(field: impl Into<String>, problem: FieldProblem) -> Self {
        Self {
            field: field.into(),
            problem,
        }
    }
}

impl FieldProblem {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "statement.field_missing",
            Self::Invalid(_) => "statement.field_invalid",
            Self::Count { .. } => "statement.field_count",
            Self::Contradicts { .. } => "statement.field_contradicts",
            Self::Unsubstantiated => "statement.unsubstantiated",
            Self::UnknownEvidence => "statement.unknown_evidence",
        }
    }
}

impl From<StatementError> for Problem {
    fn from(error: StatementError) -> Self {
        Self::new(ProblemKind::Invalid, error.code(), error.to_string()).at(error.field)
    }
}
