use std::fmt;

/// Why a line is not taken in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Reason {
    /// Something that an asset cannot be without is not there.
    Missing,
    /// It is longer than allowed.
    TooLong,
    /// It has characters that are no text.
    Control,
    /// The line is not UTF-8.
    Encoding,
    /// The line has more or fewer cells than the first one.
    Cells,
    /// A quote is not closed.
    Quote,
    /// It is no CPE name.
    Cpe,
    /// It is no package URL.
    Purl,
    /// The line is no JSON object of texts and numbers.
    Json,
    /// The same asset stands in the file already, in another version.
    Double,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Missing,
        Self::TooLong,
        Self::Control,
        Self::Encoding,
        Self::Cells,
        Self::Quote,
        Self::Cpe,
        Self::Purl,
        Self::Json,
        Self::Double,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong => "too_long",
            Self::Control => "control",
            Self::Encoding => "encoding",
            Self::Cells => "cells",
            Self::Quote => "quote",
            Self::Cpe => "cpe",
            Self::Purl => "purl",
            Self::Json => "json",
            Self::Double => "double",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
