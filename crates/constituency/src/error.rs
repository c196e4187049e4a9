//! What can go wrong in the room.

use access::Refused;
use db::DbError;
use kernel::{Problem, ProblemKind};

use crate::model::Invalid;

/// A failure in the room.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing.
    #[error("there is no such {what}")]
    NotFound {
        /// What was looked for.
        what: &'static str,
    },
    /// A bad value.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// The import does not stand where this could be done.
    #[error("the import is not at a stage where this can be done")]
    Stage,
    /// A file or a piece of it is too large.
    #[error("more than {max} at once")]
    TooLarge {
        /// How much is allowed.
        max: usize,
    },
    /// Too many files wait.
    #[error("{max} files wait already")]
    TooMany {
        /// How many may wait.
        max: i64,
    },
    /// The file is in UTF-16, or something else that is no text.
    #[error("the file is not text in UTF-8")]
    Encoding,
    /// The file is no catalogue.
    #[error("the file is no catalogue of known exploited vulnerabilities")]
    Catalogue(#[source] serde_json::Error),
    /// Somebody else was first.
    #[error("the version is {current}, not {given}")]
    Stale {
        /// The version that the caller had.
        given: i64,
        /// The version that there is.
        current: i64,
    },
    /// What was stored cannot be read.
    #[error("a record cannot be read")]
    Record(#[source] serde_json::Error),
    /// The policy does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] queue::QueueError),
    /// The ledger of acts.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Error {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "constituency.not_found",
            Self::Invalid(_) => "constituency.invalid",
            Self::Stage => "constituency.stage",
            Self::TooLarge { .. } => "constituency.too_large",
            Self::TooMany { .. } => "constituency.too_many",
            Self::Encoding => "constituency.encoding",
            Self::Catalogue(_) => "constituency.catalogue",
            Self::Stale { .. } => "constituency.stale",
            Self::Record(_) => "constituency.record",
            Self::Refused(refused) => refused.code(),
            Self::Queue(error) => error.code(),
            Self::Audit(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            Error::NotFound { .. } => Self::new(ProblemKind::NotFound, code, detail),
            Error::Invalid(Invalid { field, rule }) => {
                Self::new(ProblemKind::Invalid, code, detail)
                    .with("rule", rule)
                    .at(field)
            }
            Error::Stage => Self::new(ProblemKind::Conflict, code, detail),
            Error::Stale { given, current } => Self::new(ProblemKind::Conflict, code, detail)
                .with("given", given)
                .with("current", current),
            Error::TooLarge { max } => {
                Self::new(ProblemKind::TooLarge, code, detail).with("max", max)
            }
            Error::TooMany { max } => {
                Self::new(ProblemKind::Conflict, code, detail).with("max", max)
            }
            Error::Encoding | Error::Catalogue(_) => {
                Self::new(ProblemKind::Invalid, code, detail).at("file")
            }
            Error::Refused(refused) => refused.into(),
            Error::Record(_) => Self::internal(code, error),
            Error::Queue(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Db(error) => error.into(),
        }
    }
}
