//! What can go wrong with the ledgers.

use db::DbError;
use kernel::{Problem, ProblemKind};
use queue::QueueError;

use crate::Log;

/// A failure of a ledger.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database failed.
    #[error("the database failed under a ledger")]
    Db(#[from] DbError),
    /// A key, text or proof is not what it should be.
    #[error("the ledger's bytes are not acceptable")]
    Ledger(#[from] ledger::Error),
    /// There is no such leaf.
    #[error("the ledger {log} has no leaf {index}")]
    NoLeaf {
        /// The ledger.
        log: Log,
        /// The index asked for.
        index: u64,
    },
    /// The leaf's salt was erased, and its meaning with it.
    #[error("leaf {index} of the ledger {log} was erased")]
    Erased {
        /// The ledger.
        log: Log,
        /// The index asked for.
        index: u64,
    },
    /// No checkpoint of that size is kept, or none covers the leaf yet.
    #[error("the ledger {log} has no checkpoint for size {size}")]
    NoCheckpoint {
        /// The ledger.
        log: Log,
        /// The size asked for, or the least that would do.
        size: u64,
    },
    /// The text of an act is too long to be kept.
    #[error("the body of an act has {bytes} bytes, more than {limit}")]
    BodyTooLarge {
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// What an act changed cannot be written as JSON.
    #[error("the body of an act is not JSON")]
    Body(#[source] serde_json::Error),
    /// Two codes of acts fall on the same number; one has to be renamed.
    #[error("the act {code} has the number of the act {other}")]
    CodeTaken {
        /// The code that was to be used.
        code: String,
        /// The code that has its number.
        other: String,
    },
    /// The tree that the leaves make is not the one that was signed.
    #[error("the leaves of the ledger {log} do not make the tree of its checkpoint of size {size}")]
    Broken {
        /// The ledger.
        log: Log,
        /// The size of the checkpoint.
        size: u64,
    },
    /// The queue failed.
    #[error("the queue failed under a ledger")]
    Queue(#[from] QueueError),
}

impl Error {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Db(error) => error.code(),
            Self::Ledger(error) => error.code(),
            Self::NoLeaf { .. } => "ledger.no_leaf",
            Self::Erased { .. } => "ledger.erased",
            Self::NoCheckpoint { .. } => "ledger.no_checkpoint",
            Self::BodyTooLarge { .. } => "ledger.body_too_large",
            Self::Body(_) => "ledger.body_not_json",
            Self::CodeTaken { .. } => "ledger.code_taken",
            Self::Broken { .. } => "ledger.broken",
            Self::Queue(_) => "ledger.queue",
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        match error {
            Error::Db(error) => error.into(),
            Error::Queue(error) => error.into(),
            Error::NoLeaf { .. } | Error::NoCheckpoint { .. } => {
                Self::new(ProblemKind::NotFound, code, detail)
            }
            Error::Erased { .. } => Self::new(ProblemKind::Conflict, code, detail),
            Error::BodyTooLarge { .. } => Self::new(ProblemKind::TooLarge, code, detail),
            Error::Ledger(error) => Self::new(ProblemKind::Invalid, code, error.to_string()),
            Error::Body(_) | Error::CodeTaken { .. } | Error::Broken { .. } => {
                Self::internal(code, error)
            }
        }
    }
}
