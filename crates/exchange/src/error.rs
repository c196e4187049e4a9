//! What can go wrong in the exchange.

use access::Refused;
use db::DbError;
use kernel::{MessageId, PartyCode, Problem, ProblemKind};
use queue::QueueError;

use crate::model::StatementError;

/// A failure of the exchange.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thread, or the viewer may not know of it.
    #[error("no such thread")]
    NoThread,
    /// There is no such message, or the viewer may not know of it.
    #[error("no such message")]
    NoMessage,
    /// There is no such file, or it is not the viewer's.
    #[error("no such file")]
    NoFile,
    /// The policy does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The words break a rule of their kind.
    #[error("a field of the statement cannot be taken")]
    Statement(#[from] StatementError),
    /// A value cannot be used.
    #[error("{field} {rule}")]
    Invalid {
        /// Which.
        field: &'static str,
        /// What is asked for.
        rule: &'static str,
    },
    /// The party has no desk to write to or from, or not this one.
    #[error("{party} has no such desk")]
    NoDesk {
        /// The party.
        party: PartyCode,
    },
    /// The life cycle does not have this step now.
    #[error("a thread that is {state} does not allow {kind} now")]
    NotAllowed {
        /// What was to be said.
        kind: &'static str,
        /// Where the thread stands.
        state: &'static str,
    },
    /// Somebody of this party said it already.
    #[error("it was answered meanwhile")]
    Meanwhile {
        /// By this message.
        by: MessageId,
    },
    /// More was asked than the close covers.
    #[error("the thread has changed meanwhile")]
    Stale,
    /// A file is larger than can be sent.
    #[error("a file has at most {} bytes", crate::model::FILE_BYTES_MAX)]
    TooLarge,
    /// A file has no name or media type that can travel.
    #[error("the file cannot be sent: {problem}")]
    BadFile {
        /// Why.
        problem: &'static str,
    },
    /// The plaintext of a file is not what its sender committed to.
    #[error("the file is damaged")]
    Damaged,
    /// The words were removed when their sender took them back.
    #[error("the message was withdrawn")]
    Withdrawn,
    /// A sealed record does not open: the data key is another one, or the row was changed.
    #[error("a sealed record cannot be opened")]
    Unreadable,
    /// Reading what is to be put, or writing what is to be shown.
    #[error("a file cannot be read or written")]
    Io(#[from] std::io::Error),
    /// Sealing, sending.
    #[error(transparent)]
    Federation(#[from] federation::error::Error),
    /// Keys, sealed files.
    #[error("a sealed file cannot be made or opened")]
    Seal(#[from] seal::Error),
    /// The directory.
    #[error(transparent)]
    Directory(#[from] directory::Error),
    /// The register.
    #[error(transparent)]
    Incidents(#[from] incidents::Error),
    /// The ledger of acts.
    #[error(transparent)]
    Audit(#[from] audit::Error),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl Error {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoThread => "thread.not_found",
            Self::NoMessage => "message.not_found",
            Self::NoFile => "file.not_found",
            Self::Refused(refused) => refused.code(),
            Self::Statement(error) => error.code(),
            Self::Invalid { .. } => "message.invalid",
            Self::NoDesk { .. } => "message.no_desk",
            Self::NotAllowed { .. } => "thread.not_allowed",
            Self::Meanwhile { .. } => "message.answered_meanwhile",
            Self::Stale => "thread.stale",
            Self::TooLarge => "file.too_large",
            Self::BadFile { .. } => "file.bad_name",
            Self::Damaged => "file.damaged",
            Self::Withdrawn => "message.withdrawn",
            Self::Unreadable => "message.unreadable",
            Self::Io(_) => "file.io",
            Self::Federation(error) => error.code(),
            Self::Seal(error) => error.code(),
            Self::Directory(error) => error.code(),
            Self::Incidents(error) => error.code(),
            Self::Audit(error) => error.code(),
            Self::Queue(error) => error.code(),
            Self::Db(error) => error.code(),
        }
    }

    /// True where the same may succeed later.
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Db(error)
            | Self::Audit(audit::Error::Db(error))
            | Self::Queue(QueueError::Db(error)) => error.is_transient(),
            Self::Federation(error) => error.is_transient(),
            Self::Io(_) => true,
            _ => false,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let (code, detail) = (error.code(), error.to_string());
        let plain = |kind| Self::new(kind, code, detail.clone());
        match error {
            Error::NoThread | Error::NoMessage | Error::NoFile => plain(ProblemKind::NotFound),
            Error::Refused(refused) => refused.into(),
            Error::Statement(error) => error.into(),
            Error::Invalid { field, rule } => {
                plain(ProblemKind::Invalid).with("rule", rule).at(field)
            }
            Error::NoDesk { party } => plain(ProblemKind::Invalid).with("party", party),
            Error::NotAllowed { kind, state } => plain(ProblemKind::Conflict)
                .with("kind", kind)
                .with("state", state),
            Error::Meanwhile { by } => plain(ProblemKind::Conflict).with("by", by),
            Error::Stale | Error::Damaged | Error::Withdrawn => plain(ProblemKind::Conflict),
            Error::TooLarge => plain(ProblemKind::TooLarge),
            Error::BadFile { problem } => plain(ProblemKind::Invalid).with("rule", problem),
            Error::Federation(error) => error.into(),
            Error::Directory(error) => error.into(),
            Error::Incidents(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Db(error) => error.into(),
            Error::Unreadable | Error::Io(_) | Error::Seal(_) | Error::Queue(_) => {
                Self::internal(code, error)
            }
        }
    }
}
