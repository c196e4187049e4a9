//! What can go wrong between nodes.

use db::DbError;
use kernel::{MessageId, Mode, PartyCode, Problem, ProblemKind};
use queue::QueueError;

use crate::{
    compose::ComposeError, files::FilesError, inspect::Unreadable, restored::StatementError,
};

/// A failure of federation.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The party is not a peer of this node, or none in this mode.
    #[error("{party} is not a peer of this node for {} traffic", mode.as_str())]
    NoPeer {
        /// The party.
        party: PartyCode,
        /// The mode.
        mode: Mode,
    },
    /// There is no such message, or it is not the asker's.
    #[error("no message {id}")]
    NoMessage {
        /// The id.
        id: MessageId,
    },
    /// Bytes that are no envelope.
    #[error("the envelope cannot be read")]
    Unreadable(#[from] Unreadable),
    /// The file was not asked for.
    #[error("this file was not asked for")]
    FileNotWanted,
    /// Making a message failed.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// A file could not be kept.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The ledger failed.
    #[error("the ledger failed")]
    Audit(#[from] audit::Error),
    /// The queue failed.
    #[error("the queue failed")]
    Queue(#[from] QueueError),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbError),
    /// The room that handles the kind could not take the message.
    #[error("the message could not be handed on")]
    Room(#[source] Problem),
    /// The node was restored from a backup and is not all there again: it signs and sends nothing.
    #[error("the node comes back from a backup and asks its peers what it lacks; try again soon")]
    Returning,
    /// A statement of a restore cannot be taken.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// A document could not be signed.
    #[error("a document could not be signed")]
    Seal(#[from] seal::Error),
    /// Work off the async threads was cut short by a shutdown.
    #[error("the node is stopping")]
    Stopping,
}

impl Error {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPeer { .. } => "federation.no_peer",
            Self::NoMessage { .. } => "federation.no_message",
            Self::Unreadable(error) => error.code(),
            Self::FileNotWanted => "federation.file_not_wanted",
            Self::Compose(_) => "federation.not_composed",
            Self::Files(error) => match error {
                FilesError::TooLarge => "file.too_large",
                FilesError::Offset { .. } => "file.wrong_offset",
                FilesError::Differs => "file.differs",
                FilesError::Full(_) => "file.no_space",
                FilesError::Io(_) => "file.io",
            },
            Self::Audit(error) => error.code(),
            Self::Queue(error) => error.code(),
            Self::Db(error) => error.code(),
            Self::Room(problem) => problem.code,
            Self::Returning => "node.returning",
            Self::Statement(_) => "federation.statement",
            Self::Seal(error) => error.code(),
            Self::Stopping => "node.stopping",
        }
    }

    /// True where the same may succeed later.
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Db(error)
            | Self::Audit(audit::Error::Db(error))
            | Self::Queue(QueueError::Db(error)) => error.is_transient(),
            Self::Files(FilesError::Full(_) | FilesError::Io(_))
            | Self::Returning
            | Self::Stopping => true,
            _ => false,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let code = error.code();
        let detail = error.to_string();
        let kind = match error {
            Error::Db(error) => return error.into(),
            Error::Audit(error) => return error.into(),
            Error::Queue(error) => return error.into(),
            Error::Room(problem) => return problem,
            Error::NoPeer { party, .. } => {
                return Self::new(ProblemKind::Invalid, code, detail).with("party", party);
            }
            Error::NoMessage { .. } | Error::FileNotWanted => ProblemKind::NotFound,
            Error::Unreadable(_)
            | Error::Statement(_)
            | Error::Compose(ComposeError::Body(_) | ComposeError::Header(_)) => {
                ProblemKind::Invalid
            }
            Error::Files(FilesError::TooLarge) => ProblemKind::TooLarge,
            Error::Files(FilesError::Offset { .. } | FilesError::Differs) => ProblemKind::Conflict,
            Error::Files(FilesError::Full(_)) | Error::Returning | Error::Stopping => {
                ProblemKind::Unavailable
            }
            Error::Files(FilesError::Io(_))
            | Error::Seal(_)
            | Error::Compose(ComposeError::Seal(_)) => {
                return Self::internal(code, error);
            }
        };
        Self::new(kind, code, detail)
    }
}
