//! Transactions on either engine.

use std::sync::Arc;

use kernel::Timestamp;
use tokio::sync::Notify;

use crate::{Boxed, Due, Engine, engine::Transaction};

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Tx {
    inner: Box<dyn Transaction>,
    engine: Engine,
    bells: Arc<Bells>,
    wake: bool,
    due: Option<i64>,
    only_reads: bool,
}

/// What a commit may ring.
#[derive(Debug)]
pub(crate) struct Bells {
    pub(crate) woken: Notify,
    pub(crate) due: Due,
}

impl Bells {
    pub(crate) const fn new() -> Self {
        Self {
            woken: Notify::const_new(),
            due: Due::new(),
        }
    }
}

impl Tx {
    pub(crate) const fn new(
        inner: Box<dyn Transaction>,
        engine: Engine,
        bells: Arc<Bells>,
        only_reads: bool,
    ) -> Self {
        Self {
            inner,
            engine,
            bells,
            wake: false,
            due: None,
            only_reads,
        }
    }

    /// Which engine the transaction runs on.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    pub(crate) fn inner(&mut self) -> &mut dyn Transaction {
        self.inner.as_mut()
    }

    /// Whether it is one of [`Db::begin_read`](crate::Db::begin_read): what it sees is committed.
    pub const fn only_reads(&self) -> bool {
        self.only_reads
    }

    /// Asks that whoever waits on [`Db::woken`](crate::Db::woken) be told when this commits.
    pub const fn wake(&mut self) {
        self.wake = true;
    }

    /// Says that something is due at a moment, so that whoever waits on
    /// [`Db::due`](crate::Db::due) is told when this commits.
    pub fn due(&mut self, at: Timestamp) {
        let at = at.as_micros();
        self.due = Some(self.due.map_or(at, |due| due.min(at)));
    }

    /// Makes everything durable, or fails and changes nothing.
    pub fn commit(self) -> Boxed<'static, ()> {
        Box::pin(async move {
            self.inner.commit().await?;
            if self.wake {
                self.bells.woken.notify_waiters();
            }
            if let Some(at) = self.due {
                self.bells.due.committed(at);
            }
            Ok(())
        })
    }
}
