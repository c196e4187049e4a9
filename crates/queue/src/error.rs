//! What can go wrong with the queue itself.

use db::DbError;
use kernel::{JobId, Problem, ProblemKind};

/// A failure of the queue, as opposed to one of a job.
#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    /// The payload is larger than a job may carry.
    #[error(
        "a job of kind {kind} carries {bytes} bytes, more than {}",
        crate::job::PAYLOAD_BYTES_MAX
    )]
    PayloadTooLarge {
        /// The kind of the job.
        kind: String,
        /// How large its payload is.
        bytes: usize,
    },
    /// The payload does not become JSON.
    #[error("the payload of a job of kind {kind} does not become JSON")]
    Payload {
        /// The kind of the job.
        kind: String,
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// There is no dead letter with this id.
    #[error("{id} is not among the dead letters")]
    NoDeadLetter {
        /// The id.
        id: JobId,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl QueueError {
    /// A stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::PayloadTooLarge { .. } => "queue.payload_too_large",
            Self::Payload { .. } => "queue.payload_unreadable",
            Self::NoDeadLetter { .. } => "queue.no_dead_letter",
            Self::Db(error) => error.code(),
        }
    }
}

impl From<QueueError> for Problem {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Db(error) => error.into(),
            QueueError::NoDeadLetter { id } => Self::new(
                ProblemKind::NotFound,
                "queue.no_dead_letter",
                "no such dead letter",
            )
            .with("id", id),
            other @ (QueueError::PayloadTooLarge { .. } | QueueError::Payload { .. }) => {
                Self::internal(other.code(), other)
            }
        }
    }
}
