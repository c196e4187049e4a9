//! What can go wrong with sharing.

use access::policy::Refused;
use db::DbError;
use kernel::{PartyCode, Problem, ProblemKind};
use queue::QueueError;

/// A failure of the room.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such share, or the viewer may not know of it.
    #[error("there is no such share")]
    NotFound,
    /// It does not wait for a decision.
    #[error("what {party} shares does not wait for a decision")]
    Decided {
        /// Who shares.
        party: PartyCode,
    },
    /// The peer does not answer.
    #[error("the node of {party} does not answer")]
    Silent {
        /// Whose node.
        party: PartyCode,
    },
    /// An attachment is not what its sender committed to.
    #[error("an attachment is not what its sender committed to")]
    Damaged,
    /// The policy does not allow it.
    #[error(transparent)]
    Refused(Refused),
    /// A file could not be read or written.
    #[error("a file could not be read or written")]
    Io(#[from] std::io::Error),
    /// A file could not be sealed or opened.
    #[error("a file could not be sealed or opened")]
    Seal(#[from] seal::Error),
    /// Collections.
    #[error(transparent)]
    Intel(#[from] intel::Error),
    /// The directory.
    #[error(transparent)]
    Directory(#[from] directory::Error),
    /// The post office.
    #[error(transparent)]
    Federation(#[from] federation::error::Error),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
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
            Self::NotFound => "share.not_found",
            Self::Decided { .. } => "share.decided",
            Self::Silent { .. } => "share.silent",
            Self::Damaged => "share.damaged",
            Self::Refused(refused) => refused.code(),
            Self::Io(_) => "file.io",
            Self::Seal(error) => error.code(),
            Self::Intel(error) => error.code(),
            Self::Directory(error) => error.code(),
            Self::Federation(error) => error.code(),
            Self::Queue(error) => error.code(),
            Self::Audit(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let code = error.code();
        let detail = error.to_string();
        match error {
            Error::NotFound => Self::new(ProblemKind::NotFound, code, detail),
            Error::Decided { party } => {
                Self::new(ProblemKind::Conflict, code, detail).with("party", party)
            }
            Error::Silent { party } => {
                Self::new(ProblemKind::Unavailable, code, detail).with("party", party)
            }
            Error::Damaged | Error::Io(_) | Error::Seal(_) => Self::internal(code, error),
            Error::Refused(refused) => refused.into(),
            Error::Intel(error) => error.into(),
            Error::Directory(error) => error.into(),
            Error::Federation(error) => error.into(),
            Error::Queue(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Db(error) => error.into(),
        }
    }
}
