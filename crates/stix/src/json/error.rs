//! What is wrong with a JSON text, and where.

use std::fmt;

/// A text that is not the JSON that we take.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{kind} at byte {position}")]
pub struct JsonError {
    /// What is wrong.
    pub kind: JsonErrorKind,
    /// Byte offset in the input, from 0.
    pub position: usize,
}

/// The kinds of [`JsonError`].
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum JsonErrorKind {
    /// The input ends within a value.
    Incomplete,
    /// Bytes that are not UTF-8.
    NotUtf8,
    /// Something else stands where this was expected.
    Expected(&'static str),
    /// A control character within a string, unescaped.
    ControlCharacter,
    /// An escape that JSON does not know, or half of a surrogate pair.
    BadEscape,
    /// A member that the object already has.
    DuplicateMember(String),
    /// More containers within containers than allowed.
    TooDeep(usize),
    /// More bytes than allowed.
    TooLarge(usize),
    /// Something follows the value.
    TrailingBytes,
}

impl JsonErrorKind {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Incomplete => "json.incomplete",
            Self::NotUtf8 => "json.not_utf8",
            Self::Expected(_) => "json.syntax",
            Self::ControlCharacter => "json.control_character",
            Self::BadEscape => "json.bad_escape",
            Self::DuplicateMember(_) => "json.duplicate_member",
            Self::TooDeep(_) => "json.too_deep",
            Self::TooLarge(_) => "json.too_large",
            Self::TrailingBytes => "json.trailing_bytes",
        }
    }

    /// Whether the text may be JSON all the same (RFC 8259 leaves such to who reads), so that what
    /// stands around the value can be read.
    pub fn is_within(&self) -> bool {
        matches!(
            self,
            Self::BadEscape | Self::DuplicateMember(_) | Self::TooDeep(_)
        )
    }

    pub(crate) fn at(self, position: usize) -> JsonError {
        JsonError {
            kind: self,
            position,
        }
    }
}

impl fmt::Display for JsonErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Incomplete => f.write_str("the text ends within a value"),
            Self::NotUtf8 => f.write_str("bytes that are not UTF-8"),
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::ControlCharacter => {
                f.write_str("a control character in a string must be escaped")
            }
            Self::BadEscape => f.write_str("an escape that JSON does not know"),
            Self::DuplicateMember(name) => write!(f, "member {name:?} occurs twice in one object"),
            Self::TooDeep(limit) => write!(f, "more than {limit} levels"),
            Self::TooLarge(limit) => write!(f, "more than {limit} bytes"),
            Self::TrailingBytes => f.write_str("something follows the value"),
        }
    }
}
