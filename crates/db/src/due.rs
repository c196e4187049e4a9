//! When the queue has something to do next.

use std::sync::atomic::{AtomicI64, Ordering};

use kernel::Timestamp;
use tokio::sync::Notify;

/// The next moment at which something is due, as far as this process knows, and a bell that rings
/// when a commit brings an earlier one. So whoever runs jobs need not look after every commit.
#[derive(Debug)]
pub struct Due {
    at: AtomicI64,
    sooner: Notify,
}

impl Due {
    pub(crate) const fn new() -> Self {
        Self {
            at: AtomicI64::new(i64::MAX),
            sooner: Notify::const_new(),
        }
    }

    /// Forgets what was known. Call it before looking, so that a commit meanwhile rings the bell.
    pub fn forget(&self) {
        self.at.store(i64::MAX, Ordering::SeqCst);
    }

    /// Takes over what was found by looking.
    pub fn found(&self, at: Timestamp) {
        self.at.fetch_min(at.as_micros(), Ordering::SeqCst);
    }

    /// Resolves once a commit of this process brought something that is due before all that was
    /// known. A ring that nobody waited for is kept.
    pub async fn sooner(&self) {
        self.sooner.notified().await;
    }

    pub(crate) fn committed(&self, at: i64) {
        if at < self.at.fetch_min(at, Ordering::SeqCst) {
            self.sooner.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, time::Duration};

    use tokio::time::timeout;

    use super::*;

    const SOON: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn only_what_is_due_before_the_rest_rings() {
        let due = Due::new();
        due.found(Timestamp::from_micros(10));
        due.committed(10);
        due.committed(11);
        assert!(timeout(SOON, pin!(due.sooner())).await.is_err());
        due.committed(9);
        due.sooner().await;
        due.forget();
        due.committed(20);
        due.sooner().await;
    }
}
