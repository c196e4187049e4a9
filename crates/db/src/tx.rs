//! Transactions on either engine.

use std::{
    any::Any,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use kernel::Timestamp;
use tokio::sync::Notify;

use crate::{
    Boxed, Due, Engine,
    engine::Transaction,
    hints::Hints,
    memory::{Memory, Seen},
};

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Tx {
    inner: Box<dyn Transaction>,
    engine: Engine,
    shared: Arc<Shared>,
    wake: bool,
    due: Option<i64>,
    hints: Hints,
    kind: Kind,
}

/// What a transaction is there for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Writes,
    Reads,
    /// Reads what nobody changed since, or tells that somebody did.
    Glances(Seen),
}

/// What the transactions of a process tell each other when they commit.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Which of the databases that this process has opened it is.
    number: u64,
    pub(crate) woken: Notify,
    pub(crate) due: Due,
    pub(crate) memory: Memory,
    hints: Mutex<Hints>,
}

impl Shared {
    pub(crate) fn new() -> Self {
        static OPENED: AtomicU64 = AtomicU64::new(0);
        Self {
            number: OPENED.fetch_add(1, Ordering::Relaxed),
            woken: Notify::const_new(),
            due: Due::new(),
            memory: Memory::default(),
            hints: Mutex::new(Hints::new()),
        }
    }

    fn hints(&self) -> MutexGuard<'_, Hints> {
        self.hints.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tx {
    pub(crate) const fn new(
        inner: Box<dyn Transaction>,
        engine: Engine,
        shared: Arc<Shared>,
        kind: Kind,
    ) -> Self {
        Self {
            inner,
            engine,
            shared,
            wake: false,
            due: None,
            hints: Hints::new(),
            kind,
        }
    }

    /// Which engine the transaction runs on.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// Which of the databases that this process has opened it runs on, for what is kept in memory
    /// beside them.
    pub fn database(&self) -> u64 {
        self.shared.number
    }

    /// The engine's transaction, for one statement.
    pub(crate) fn inner(&mut self) -> &mut dyn Transaction {
        #[cfg(any(test, feature = "scratch"))]
        crate::scratch::asked();
        self.inner.as_mut()
    }

    /// Whether it is not one of [`Db::begin`](crate::Db::begin): what it sees is committed.
    pub fn only_reads(&self) -> bool {
        self.kind != Kind::Writes
    }

    /// What a glance read lately, under words of the reader's choice, if nobody wrote since.
    pub fn recall<T: Any + Send + Sync>(&self, about: &str) -> Option<Arc<T>> {
        let Kind::Glances(seen) = self.kind else {
            return None;
        };
        self.shared.memory.recall(about, seen)
    }

    /// Keeps what a glance has read for those that come next.
    pub fn keep<T: Any + Send + Sync>(&self, about: &str, item: Arc<T>) {
        if let Kind::Glances(seen) = self.kind {
            self.shared.memory.keep(about, seen, item);
        }
    }

    /// Whether nobody of this process wrote since a glance began: all that it read is of one state.
    pub fn is_still(&self) -> bool {
        match self.kind {
            Kind::Glances(seen) => self.shared.memory.is_still(seen),
            Kind::Reads | Kind::Writes => true,
        }
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

    /// What this transaction, or else a committed one of this process, last left about something
    /// with [`Tx::leave_hint`]. It may be out of date, so the statement that takes it must check it.
    pub fn hint(&self, about: (&'static str, i64)) -> Option<i64> {
        let own = self.hints.get(about);
        own.or_else(|| self.shared.hints().get(about))
    }

    /// Leaves a number for the rest of this transaction and, once it is committed, for others. What
    /// it is about is named by a table and a number of its owner's choice.
    pub fn leave_hint(&mut self, about: (&'static str, i64), value: i64) {
        self.hints.set(about, value);
    }

    /// Makes everything durable, or fails and changes nothing.
    pub fn commit(self) -> Boxed<'static, ()> {
        Box::pin(async move {
            #[cfg(any(test, feature = "scratch"))]
            crate::scratch::asked();
            // Also where nobody waits for the end any more.
            let writes = self.kind == Kind::Writes;
            let written = writes.then(|| Written(&self.shared.memory));
            self.inner.commit().await?;
            drop(written);
            if self.wake {
                self.shared.woken.notify_waiters();
            }
            if let Some(at) = self.due {
                self.shared.due.committed(at);
            }
            self.shared.hints().committed(&self.hints);
            Ok(())
        })
    }
}

/// Says that something may have been written, whether or not it went well.
struct Written<'a>(&'a Memory);

impl Drop for Written<'_> {
    fn drop(&mut self) {
        self.0.written();
    }
}
