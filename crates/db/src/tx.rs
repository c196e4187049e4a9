//! Transactions on either engine.

use std::sync::Arc;

use kernel::Timestamp;
use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::Notify;

use crate::{Boxed, Due, Engine, wal::WalKeeper};

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Tx {
    /// The engine's own transaction, for [`on!`](crate::on).
    #[doc(hidden)]
    pub inner: TxInner,
    bells: Arc<Bells>,
    wake: bool,
    due: Option<i64>,
    only_reads: bool,
    /// Who moves the log of what is written, on SQLite.
    wal: Option<Arc<WalKeeper>>,
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

/// The engine's own transaction.
#[doc(hidden)]
#[derive(Debug)]
pub enum TxInner {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    pub(crate) const fn sqlite(
        tx: Transaction<'static, Sqlite>,
        bells: Arc<Bells>,
        wal: Option<Arc<WalKeeper>>,
    ) -> Self {
        Self {
            only_reads: wal.is_none(),
            wal,
            inner: TxInner::Sqlite(tx),
            bells,
            wake: false,
            due: None,
        }
    }

    pub(crate) const fn postgres(
        tx: Transaction<'static, Postgres>,
        bells: Arc<Bells>,
        only_reads: bool,
    ) -> Self {
        Self {
            only_reads,
            wal: None,
            inner: TxInner::Postgres(tx),
            bells,
            wake: false,
            due: None,
        }
    }

    /// Which engine the transaction runs on.
    pub const fn engine(&self) -> Engine {
        match self.inner {
            TxInner::Sqlite(_) => Engine::Sqlite,
            TxInner::Postgres(_) => Engine::Postgres,
        }
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
            match self.inner {
                TxInner::Sqlite(tx) => tx.commit().await?,
                TxInner::Postgres(tx) => tx.commit().await?,
            }
            if let Some(wal) = self.wal {
                wal.committed();
            }
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

/// Runs one expression on whichever engine the transaction belongs to. The name before the arrow is
/// bound to the connection.
///
/// ```
/// # async fn example(tx: &mut db::Tx) -> Result<(), db::DbError> {
/// const COUNT: &str = "SELECT count(*) FROM job WHERE kind = $1";
/// let (count,): (i64,) =
///     db::on!(tx, conn => db::sqlx::query_as(COUNT).bind("poll").fetch_one(conn).await)?;
/// # Ok(())
/// # }
/// ```
///
/// An `execute` gives a different type on each engine; take what both have:
/// `on!(tx, conn => query(SQL).execute(conn).await.map(|done| done.rows_affected()))`.
#[macro_export]
macro_rules! on {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx.inner {
            $crate::TxInner::Sqlite(ref mut tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::TxInner::Postgres(ref mut tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}
