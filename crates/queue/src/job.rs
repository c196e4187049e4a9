//! A job, and what becomes of one that fails.

use std::fmt;

use kernel::{JobId, Rng, Timestamp, uuid_v4};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// The largest payload: a job names what it is about, it does not carry it.
pub(crate) const PAYLOAD_BYTES_MAX: usize = 64 * 1024;

/// A job as its handler sees it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Its kind, such as `keyset.fetch`.
    pub kind: String,
    /// What it is about, as JSON.
    pub payload: String,
    /// How many tries there have been, this one included.
    pub attempts: u32,
    /// When it was enqueued.
    pub created_at: Timestamp,
}

impl Job {
    /// The payload as a value. A payload that cannot be read will not become readable: the job is
    /// given up.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, JobFailure> {
        serde_json::from_str(&self.payload)
            .map_err(|error| JobFailure::Final(format!("unreadable payload: {error}")))
    }
}

/// Who holds jobs: one run of one process. No two are the same.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Holder(pub(crate) Uuid);

impl Holder {
    /// A new one.
    pub fn random(rng: &dyn Rng) -> Self {
        Self(uuid_v4(rng))
    }

    /// The one with that text.
    pub fn from_text(text: &str) -> Option<Self> {
        Uuid::try_parse(text).ok().map(Self)
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a job did not succeed. The text is for the operator; it holds no secret and no content.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum JobFailure {
    /// It may succeed later.
    #[error("{0}")]
    Again(String),
    /// It may succeed much later: it is tried without a limit, until its handler says otherwise.
    #[error("{0}")]
    Patient(String),
    /// It will never succeed.
    #[error("{0}")]
    Final(String),
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Stand {
    /// It is tried then, or as soon after as may be.
    Waiting {
        /// When.
        next: Timestamp,
    },
    /// Somebody is at it.
    Running,
    /// It was given up.
    Dead,
}

/// A job as people look at it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Standing {
    /// Its id.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub payload: String,
    /// Where it stands.
    pub stand: Stand,
    /// How many tries there were.
    pub attempts: u32,
    /// When it was enqueued.
    pub created_at: Timestamp,
    /// What was wrong the last time; empty before the first try.
    pub last_error: String,
}

/// A job that was given up, waiting for a person.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct DeadLetter {
    /// Its id.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// What it was about.
    pub payload: String,
    /// How many tries there were.
    pub attempts: u32,
    /// When it was enqueued.
    pub created_at: Timestamp,
    /// What was wrong the last time.
    pub last_error: String,
}
