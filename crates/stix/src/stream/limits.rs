//! What a stream allows, and why it could not be read further.

use std::io;

use crate::json::{JsonError, Limits};

/// What a reader of bundles allows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReadLimits {
    /// Of each object.
    pub object: Limits,
    /// How many objects there may be.
    pub objects_max: u64,
}

impl Default for ReadLimits {
    /// 64 MiB and 64 levels an object; any number of objects.
    fn default() -> Self {
        Self {
            object: Limits::default(),
            objects_max: u64::MAX,
        }
    }
}

/// Why a stream could not be read further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The source failed.
    #[error("the source cannot be read")]
    Read(#[source] io::Error),
    /// The text is not JSON; the position counts from the beginning of the stream.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// There are more objects than allowed.
    #[error("more than {0} objects")]
    TooMany(u64),
}

impl StreamError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read(_) => "stream.unreadable",
            Self::Json(error) => error.kind.code(),
            Self::TooMany(_) => "stream.too_many_objects",
        }
    }
}
