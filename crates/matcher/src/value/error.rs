//! Why a text is no value.

use crate::Kind;

/// Why a text is no value of a kind.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// The text has another form.
    #[error("not a value of kind {kind}: expected {expected}")]
    Shape {
        /// The kind.
        kind: Kind,
        /// What was expected.
        expected: &'static str,
    },
    /// One character cannot be.
    #[error("not a value of kind {kind}: {found:?} at byte {at}, expected {expected}")]
    Unexpected {
        /// The kind.
        kind: Kind,
        /// The character.
        found: char,
        /// Where it begins, in bytes of the text without white space around it, refanged.
        at: usize,
        /// What was expected.
        expected: &'static str,
    },
    /// The text is too short or too long.
    #[error("not a value of kind {kind}: {length} bytes, expected {expected}")]
    Length {
        /// The kind.
        kind: Kind,
        /// The length found, in bytes.
        length: usize,
        /// What was expected.
        expected: &'static str,
    },
    /// A checksum is not that of the rest, so that a character is wrong.
    #[error("not a value of kind {kind}: the checksum ({method}) is wrong")]
    Checksum {
        /// The kind.
        kind: Kind,
        /// How it is computed.
        method: &'static str,
    },
    /// It would be found nearly everywhere.
    #[error("too broad a value of kind {kind}: {reason}")]
    Broad {
        /// The kind.
        kind: Kind,
        /// Why so.
        reason: &'static str,
    },
}

impl ValueError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Shape { .. } => "value.shape",
            Self::Unexpected { .. } => "value.unexpected",
            Self::Length { .. } => "value.length",
            Self::Checksum { .. } => "value.checksum",
            Self::Broad { .. } => "value.broad",
        }
    }
}

pub(crate) fn shape(kind: Kind, expected: &'static str) -> ValueError {
    ValueError::Shape { kind, expected }
}
