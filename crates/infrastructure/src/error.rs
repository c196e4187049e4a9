//! What can go wrong in the register.

use access::Refused;
use db::DbError;
use kernel::{Problem, ProblemKind};

use crate::model::Invalid;

/// A failure in the register.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such record. Said to readers of the register alone.
    #[error("there is no such record")]
    NotFound,
    /// A bad value.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Something refers to the record.
    #[error("{count} records refer to it")]
    InUse {
        /// How many do.
        count: usize,
    },
    /// The register is full.
    #[error("the register holds {max} records")]
    Full {
        /// How many it can hold.
        max: usize,
    },
    /// A table is too large.
    #[error("more than {max} at once")]
    TooLarge {
        /// How much is allowed.
        max: usize,
    },
    /// The register names as many as it may.
    #[error("{max} are named already")]
    Named {
        /// How many can be.
        max: usize,
    },
    /// Nobody else who can read the register may change it.
    #[error("nobody else who can read it may change it")]
    LastReader,
    /// Somebody else was first.
    #[error("the version is {current}, not {given}")]
    Stale {
        /// The version that the caller had.
        given: i64,
        /// The version that there is.
        current: i64,
    },
    /// A file cannot be read as one of the register.
    #[error("the file is none of the register: {0}")]
    File(#[source] serde_json::Error),
    /// A sealed record cannot be opened: the vault is not the one of this database.
    #[error("a record cannot be opened")]
    Sealed(#[source] seal::Error),
    /// A record cannot be written or read.
    #[error("a record cannot be read")]
    Record(#[source] serde_json::Error),
    /// The questionnaire that ships cannot be read.
    #[error("the questionnaire cannot be read")]
    Questions(#[source] toml::de::Error),
    /// The policy does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The register of incidents.
    #[error(transparent)]
    Incident(#[from] incidents::Error),
    /// The ledger of acts.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Error {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "infrastructure.not_found",
            Self::Invalid(_) => "infrastructure.invalid",
            Self::InUse { .. } => "infrastructure.in_use",
            Self::Full { .. } => "infrastructure.full",
            Self::TooLarge { .. } => "infrastructure.too_large",
            Self::Named { .. } => "infrastructure.named",
            Self::LastReader => "infrastructure.last_reader",
            Self::Stale { .. } => "infrastructure.stale",
            Self::File(_) => "infrastructure.file",
            Self::Sealed(_) => "infrastructure.sealed",
            Self::Record(_) => "infrastructure.record",
            Self::Questions(_) => "infrastructure.questions",
            Self::Refused(refused) => refused.code(),
            Self::Incident(error) => error.code(),
            Self::Audit(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            Error::NotFound => Self::new(ProblemKind::NotFound, code, detail),
            Error::Invalid(Invalid { field, rule }) => {
                Self::new(ProblemKind::Invalid, code, detail)
                    .with("rule", rule)
                    .at(field)
            }
            Error::InUse { count } => {
                Self::new(ProblemKind::Conflict, code, detail).with("count", count)
            }
            Error::TooLarge { max } => {
                Self::new(ProblemKind::TooLarge, code, detail).with("max", max)
            }
            Error::LastReader => Self::new(ProblemKind::Conflict, code, detail),
            Error::Full { max } | Error::Named { max } => {
                Self::new(ProblemKind::Conflict, code, detail).with("max", max)
            }
            Error::Stale { given, current } => Self::new(ProblemKind::Conflict, code, detail)
                .with("given", given)
                .with("current", current),
            Error::File(_) => Self::new(ProblemKind::Invalid, code, detail).at("file"),
            Error::Sealed(_) | Error::Record(_) | Error::Questions(_) => {
                Self::internal(code, error)
            }
            Error::Refused(refused) => refused.into(),
            Error::Incident(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Db(error) => error.into(),
        }
    }
}
