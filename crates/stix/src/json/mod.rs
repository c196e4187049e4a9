//! JSON as STIX needs it: strict, bounded, borrowed, and in the order in which it came.
//!
//! A [`Document`] is one parsed value. Its nodes lie in one vector and point into the input, so
//! that a text without escapes is never copied and a document costs three allocations whatever its
//! size, or none when the [`Spare`] buffers of the one before are given back.
//!
//! Beyond RFC 8259 a document must have no member twice in one object (I-JSON, RFC 7493 §2.3), no
//! lone surrogate and no more depth or bytes than its [`Limits`] allow.

mod canonical;
mod duplicates;
mod error;
mod number;
mod parse;
mod strings;
mod value;

pub use canonical::canonical;
pub(crate) use canonical::write_string;
pub use error::{JsonError, JsonErrorKind};
pub use number::Number;
pub(crate) use parse::is_white;
pub use value::{Items, Kind, Members, Value};

use value::Node;

/// What a document may be at most.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    /// Containers within containers.
    pub depth_max: usize,
    /// Bytes of one document. Never more than 4 GiB − 1 count.
    pub bytes_max: usize,
}

impl Default for Limits {
    /// Depth 64, 64 MiB.
    fn default() -> Self {
        Self {
            depth_max: 64,
            bytes_max: 64 << 20,
        }
    }
}

/// Buffers of a document that is no longer needed, for the next one.
#[derive(Debug, Default)]
pub struct Spare {
    nodes: Vec<Node>,
    unescaped: String,
}

/// One parsed JSON value that borrows its input.
#[derive(Debug)]
pub struct Document<'a> {
    input: &'a str,
    /// The strings that bore escapes, one after the other.
    unescaped: String,
    /// Never empty; the first is the root.
    nodes: Vec<Node>,
}

impl<'a> Document<'a> {
    /// The one value that `input` is, with nothing but white space around it.
    pub fn parse(input: &'a [u8]) -> Result<Self, JsonError> {
        Self::parse_with(input, &Limits::default(), Spare::default())
    }

    /// As [`Document::parse`], within `limits` and with the buffers of an earlier document.
    pub fn parse_with(input: &'a [u8], limits: &Limits, spare: Spare) -> Result<Self, JsonError> {
        parse::whole(input, limits, spare)
    }

    /// The value that `input` begins with, and the number of bytes that it and the white space
    /// before it take. [`JsonErrorKind::Incomplete`] says that more input may mend the error.
    ///
    /// A number at the very end of `input` counts as incomplete, since it might go on.
    pub fn parse_prefix(
        input: &'a [u8],
        limits: &Limits,
        spare: Spare,
    ) -> Result<(Self, usize), JsonError> {
        parse::prefix(input, limits, spare)
    }

    /// As [`Document::parse_prefix`], of what is known to be text. After an error `spare` has its
    /// buffers again.
    pub(crate) fn parse_prefix_of_text(
        input: &'a str,
        limits: &Limits,
        spare: &mut Spare,
    ) -> Result<(Self, usize), JsonError> {
        parse::prefix_of_text(input, limits, spare)
    }

    /// The outermost value.
    pub fn root(&self) -> Value<'_> {
        Value::new(self, 0)
    }

    /// The buffers, for the next document.
    pub fn into_spare(self) -> Spare {
        Spare {
            nodes: self.nodes,
            unescaped: self.unescaped,
        }
    }
}
