//! Why bytes are no header.

use super::HEADER_BYTES_MAX;

/// Why bytes are no header, or a header not that of its body.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum HeaderError {
    /// More than [`HEADER_BYTES_MAX`].
    #[error("a header of {bytes} bytes; {HEADER_BYTES_MAX} are allowed")]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// A version that this code does not know.
    #[error("format version {version} is not known here")]
    FormatVersion {
        /// The version.
        version: u64,
    },
    /// Not JSON, or a field is missing, unknown or wrong.
    #[error("not a header: {detail}")]
    Malformed {
        /// What the parser says.
        detail: String,
    },
    /// The same content in another spelling.
    #[error("the header is not in its canonical form")]
    NotCanonical,
    /// A field has a value that no header may have.
    #[error("{field}: {problem}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The copy in the body says something else.
    #[error("{field} in the body differs from the header")]
    CopyDiffers {
        /// The field.
        field: &'static str,
    },
    /// Not a message kind.
    #[error("not a message kind: 2 to 24 of A-Z and '-'")]
    Kind,
}

impl HeaderError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "header.too_large",
            Self::FormatVersion { .. } => "header.format_version",
            Self::Malformed { .. } => "header.malformed",
            Self::NotCanonical => "header.not_canonical",
            Self::Invalid { .. } => "header.invalid",
            Self::CopyDiffers { .. } => "header.copy_differs",
            Self::Kind => "header.kind",
        }
    }
}
