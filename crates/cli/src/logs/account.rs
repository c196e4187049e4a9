//! What all who read one input share: its limits, what it has cost, and why it failed.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

use super::{Options, error::LogError, progress::Progress};

/// The account of one input.
///
/// Decoders wrap the errors of what they read from in their own, so the first cause is kept here,
/// where it is found whatever the layers above make of it.
pub(super) struct Account {
    pub(super) options: Options,
    progress: Arc<Progress>,
    packed: AtomicU64,
    unpacked: AtomicU64,
    failure: Mutex<Option<LogError>>,
}

impl Account {
    pub(super) fn new(options: Options, progress: Arc<Progress>) -> Arc<Self> {
        Arc::new(Self {
            options,
            progress,
            packed: AtomicU64::new(0),
            unpacked: AtomicU64::new(0),
            failure: Mutex::new(None),
        })
    }

    /// Bytes read from the input itself.
    pub(super) fn packed(&self) -> u64 {
        self.packed.load(Relaxed)
    }

    pub(super) fn consume(&self, bytes: usize) {
        let bytes = count(bytes);
        self.packed.fetch_add(bytes, Relaxed);
        self.progress.consume(bytes);
    }

    /// Adds to the unpacked bytes of all layers, and gives their sum.
    pub(super) fn unpack(&self, bytes: usize) -> u64 {
        let bytes = count(bytes);
        self.unpacked
            .fetch_add(bytes, Relaxed)
            .saturating_add(bytes)
    }

    /// Keeps the first cause.
    pub(super) fn keep(&self, cause: LogError) {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        failure.get_or_insert(cause);
    }

    /// Keeps the first cause, and gives an error that stands for it.
    pub(super) fn fail(&self, cause: LogError) -> io::Error {
        self.keep(cause);
        ended()
    }

    pub(super) fn take_failure(&self) -> Option<LogError> {
        let failure = self.failure.lock();
        failure.unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// What a reader says whose failure is kept in the account.
#[derive(Debug, thiserror::Error)]
#[error("the input has failed before")]
struct HasFailed;

/// What a reader says whose failure is kept in the account.
pub(super) fn ended() -> io::Error {
    io::Error::other(HasFailed)
}

pub(super) fn has_failed_before(error: &io::Error) -> bool {
    let inner = error.get_ref();
    inner.is_some_and(<dyn std::error::Error + Send + Sync>::is::<HasFailed>)
}

/// A length as a count of bytes.
pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
