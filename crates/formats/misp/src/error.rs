//! Why a document could not be read.

use std::fmt;

/// Why a document could not be read, and where.
#[derive(Debug)]
pub struct MispError {
    /// What is wrong.
    pub kind: MispErrorKind,
    /// The part in which it is, as a JSON pointer; empty where it is in none.
    pub path: String,
    /// The line, from 1; 0 where it is not known.
    pub line: usize,
    /// The column, from 1; 0 where it is not known.
    pub column: usize,
}

/// The kinds of [`MispError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum MispErrorKind {
    /// The source failed.
    Read(std::io::Error),
    /// The text is not JSON, or its values are not of the expected types.
    Json(serde_json::Error),
    /// One part is larger than allowed, in bytes.
    TooLarge(u64),
    /// There are more parts than allowed.
    TooMany(u64),
}

impl MispError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match &self.kind {
            MispErrorKind::Read(_) => "misp.unreadable",
            MispErrorKind::Json(error) if error.is_eof() => "misp.incomplete",
            MispErrorKind::Json(error) if error.is_syntax() => "misp.syntax",
            MispErrorKind::Json(_) => "misp.unexpected",
            MispErrorKind::TooLarge(_) => "misp.too_large",
            MispErrorKind::TooMany(_) => "misp.too_many",
        }
    }

    pub(crate) fn of_json(error: serde_json::Error, path: String) -> Self {
        let (line, column) = (error.line(), error.column());
        let kind = if error.is_io() {
            MispErrorKind::Read(error.into())
        } else {
            MispErrorKind::Json(error)
        };
        Self {
            kind,
            path,
            line,
            column,
        }
    }
}

impl fmt::Display for MispError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            MispErrorKind::Read(_) => f.write_str("the source cannot be read")?,
            MispErrorKind::Json(error) => {
                let text = error.to_string();
                // The position stands at the end of this message already.
                let bare = text
                    .rsplit_once(" at line ")
                    .map_or(&*text, |(bare, _)| bare);
                f.write_str(bare)?;
            }
            MispErrorKind::TooLarge(bytes_max) => {
                write!(f, "a part of more than {bytes_max} bytes")?;
            }
            MispErrorKind::TooMany(parts_max) => write!(f, "more than {parts_max} parts")?,
        }
        if !self.path.is_empty() {
            write!(f, " in {}", self.path)?;
        }
        if self.line > 0 {
            write!(f, " at line {} column {}", self.line, self.column)?;
        }
        Ok(())
    }
}

impl std::error::Error for MispError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            MispErrorKind::Read(error) => Some(error),
            _ => None,
        }
    }
}
