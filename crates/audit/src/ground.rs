//! What every operation of a node stands on.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use db::{Db, Tx};
use kernel::{JobId, SharedClock, SharedRng, Timestamp, boxed};
use queue::QueueError;
use serde::Serialize;

use crate::{Error, Log, log::Number, recent::RecentLeaves, store};

/// The database, the time and chance of a node: the context that every operation takes. Clones
/// share all of it.
#[derive(Clone)]
pub struct Ground {
    /// The node's database.
    pub db: Db,
    /// The time.
    pub clock: SharedClock,
    /// Random bytes.
    pub rng: SharedRng,
    epochs: Arc<[AtomicU32; 3]>,
    pub(crate) recent: Arc<RecentLeaves>,
}

impl Ground {
    /// The ground on an open database. It reads which epoch each ledger is in.
    #[boxed]
    pub async fn open(db: Db, clock: SharedClock, rng: SharedRng) -> Result<Self, Error> {
        let mut tx = db.begin_read().await?;
        let epochs = store::tree::epochs(&mut tx).await?;
        Ok(Self {
            db,
            clock,
            rng,
            epochs: Arc::new(epochs.map(AtomicU32::new)),
            recent: Arc::default(),
        })
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Puts a job into the queue, to be run from that moment on when the transaction has committed.
    pub async fn enqueue<T: Serialize>(
        &self,
        tx: &mut Tx,
        kind: &str,
        job: &T,
        at: Timestamp,
    ) -> Result<JobId, QueueError> {
        let source = (self.clock.as_ref(), self.rng.as_ref());
        queue::enqueue(tx, source, kind, job, at).await
    }

    /// The epoch that a ledger is in: 0, until a restored node could not continue its tree.
    pub fn epoch(&self, log: Log) -> u32 {
        self.epochs
            .get(log.place())
            .map_or(0, |epoch| epoch.load(Ordering::SeqCst))
    }

    pub(crate) fn number(&self, log: Log) -> Number {
        Number::new(log, self.epoch(log))
    }

    pub(crate) fn enter_epoch(&self, log: Log, epoch: u32) {
        if let Some(current) = self.epochs.get(log.place()) {
            current.store(epoch, Ordering::SeqCst);
        }
    }
}

impl fmt::Debug for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ground")
            .field("db", &self.db)
            .finish_non_exhaustive()
    }
}
