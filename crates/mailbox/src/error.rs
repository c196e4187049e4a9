//! What can go wrong in the mailbox.

use access::Refused;
use db::DbError;
use kernel::{Problem, ProblemKind};

/// A failure in the mailbox.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such mail, or the viewer may not know of it.
    #[error("no such mail")]
    NotFound,
    /// The operator configured no mailbox, or no server for this direction.
    #[error("the node has no {what} in its configuration")]
    Unset {
        /// What is missing.
        what: &'static str,
    },
    /// The mail names nobody to whom an answer could go.
    #[error("the mail names no address that can be written to")]
    NoReader,
    /// A mail of ours is not answered or settled.
    #[error("this is a mail of ours")]
    Ours,
    /// The mail is in a report, or was dealt with.
    #[error("the mail does not wait, or is in a report")]
    Filed,
    /// There is no report of that number, or the viewer may not handle it.
    #[error("there is no such report")]
    NoReport,
    /// A bad value.
    #[error("{field} is not {rule}")]
    Invalid {
        /// The field.
        field: &'static str,
        /// What it should be.
        rule: &'static str,
    },
    /// A key that cannot be used.
    #[error("the key cannot be used: {0}")]
    Key(#[source] mail::KeyError),
    /// The server.
    #[error(transparent)]
    Server(#[from] mail::Error),
    /// The policy does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A sealed record cannot be opened: the vault is not the one of this database.
    #[error("a mail cannot be opened")]
    Sealed(#[source] seal::Error),
    /// A record cannot be written or read as JSON.
    #[error("a record cannot be read")]
    Record(#[source] serde_json::Error),
    /// The reader of mails ended: an error of the program.
    #[error("a mail could not be read")]
    Reader(#[source] tokio::task::JoinError),
    /// The register, which keeps reports.
    #[error(transparent)]
    Register(#[from] incidents::Error),
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
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "mail.not_found",
            Self::Unset { .. } => "mail.unset",
            Self::NoReader => "mail.no_reader",
            Self::Ours => "mail.ours",
            Self::Filed => "mail.filed",
            Self::NoReport => "mail.no_report",
            Self::Invalid { .. } => "mail.invalid",
            Self::Key(_) => "mail.key",
            Self::Server(error) => error.code(),
            Self::Refused(refused) => refused.code(),
            Self::Sealed(_) => "mail.sealed",
            Self::Record(_) => "mail.record",
            Self::Reader(_) => "mail.reader",
            Self::Register(error) => error.code(),
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
            Error::NotFound => Self::new(ProblemKind::NotFound, code, detail),
            Error::Unset { .. } | Error::NoReader | Error::Ours | Error::Filed => {
                Self::new(ProblemKind::Conflict, code, detail)
            }
            Error::NoReport => Self::new(ProblemKind::AtOdds, code, detail).at("reference"),
            Error::Invalid { field, rule } => Self::new(ProblemKind::Invalid, code, detail)
                .with("rule", rule)
                .at(field),
            Error::Key(_) => Self::new(ProblemKind::Invalid, code, detail).at("key"),
            Error::Refused(refused) => refused.into(),
            Error::Server(_) | Error::Sealed(_) | Error::Record(_) | Error::Reader(_) => {
                Self::internal(code, error)
            }
            Error::Register(error) => error.into(),
            Error::Queue(error) => error.into(),
            Error::Audit(error) => error.into(),
            Error::Db(error) => error.into(),
        }
    }
}
