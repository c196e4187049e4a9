//! Transactions on either engine.

use std::sync::Arc;

use sqlx::{Postgres, Sqlite, Transaction};
use tokio::sync::Notify;

use crate::{DbError, Engine};

/// A transaction. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub struct Tx {
    /// The engine's own transaction, for [`on!`](crate::on).
    #[doc(hidden)]
    pub inner: TxInner,
    woken: Arc<Notify>,
    wake: bool,
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
    pub(crate) const fn sqlite(tx: Transaction<'static, Sqlite>, woken: Arc<Notify>) -> Self {
        Self {
            inner: TxInner::Sqlite(tx),
            woken,
            wake: false,
        }
    }

    pub(crate) const fn postgres(tx: Transaction<'static, Postgres>, woken: Arc<Notify>) -> Self {
        Self {
            inner: TxInner::Postgres(tx),
            woken,
            wake: false,
        }
    }

    /// Which engine the transaction runs on.
    pub const fn engine(&self) -> Engine {
        match self.inner {
            TxInner::Sqlite(_) => Engine::Sqlite,
            TxInner::Postgres(_) => Engine::Postgres,
        }
    }

    /// Asks that whoever waits on [`Db::woken`](crate::Db::woken) be told when this commits.
    pub const fn wake(&mut self) {
        self.wake = true;
    }

    /// Makes everything durable, or fails and changes nothing.
    pub async fn commit(self) -> Result<(), DbError> {
        match self.inner {
            TxInner::Sqlite(tx) => tx.commit().await?,
            TxInner::Postgres(tx) => tx.commit().await?,
        }
        if self.wake {
            self.woken.notify_waiters();
        }
        Ok(())
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
