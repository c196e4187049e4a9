//! Opening a database.

use std::{any::Any, future::Future, path::Path, sync::Arc, time::Duration};

use kernel::Timestamp;
use tokio::sync::futures::Notified;

use crate::{
    Address, Boxed, Due, Engine, Tx,
    engine::{Pools, Transaction},
    postgres, sqlite,
    tx::{Kind, Shared},
    wipe::Compacted,
};

/// How long a caller waits for a connection.
pub(crate) const ACQUIRE_WAIT: Duration = Duration::from_secs(10);

/// How a database is opened.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many connections read (SQLite) or do everything (PostgreSQL).
    pub connections_max: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self { connections_max: 8 }
    }
}

/// An open database. Clones share its connections.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Arc<dyn Pools>,
    shared: Arc<Shared>,
}

impl Db {
    /// Opens the database, creates an SQLite file that is not there yet, and brings the schema up
    /// to date. Fails, and changes nothing, if the database is newer than this program.
    pub fn open(address: &Address, options: Options) -> Boxed<'_, Self> {
        Box::pin(async move {
            let pools: Arc<dyn Pools> = match address {
                Address::Sqlite(path) => Arc::new(sqlite::open(path, options).await?),
                Address::Postgres(address) => Arc::new(postgres::open(address, options).await?),
            };
            Ok(Self {
                pools,
                shared: Arc::new(Shared::new()),
            })
        })
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        self.pools.engine()
    }

    /// Begins a transaction that may write. On SQLite the writers take turns.
    pub fn begin(&self) -> Boxed<'_, Tx> {
        Box::pin(async move {
            #[cfg(any(test, feature = "scratch"))]
            crate::scratch::asked();
            Ok(self.tx(self.pools.begin().await?, Kind::Writes))
        })
    }

    /// Begins a transaction that reads one consistent state.
    pub fn begin_read(&self) -> Boxed<'_, Tx> {
        Box::pin(async move {
            #[cfg(any(test, feature = "scratch"))]
            crate::scratch::asked();
            Ok(self.tx(self.pools.begin_read().await?, Kind::Reads))
        })
    }

    /// Begins to read without a transaction around the statements, which spares two of them. Here
    /// alone [`Tx::recall`] knows something. Whoever reads more than one thing asks
    /// [`Tx::is_still`] in the end, and where it is not so reads all again after
    /// [`Db::begin_read`].
    pub fn begin_glance(&self, now: Timestamp) -> Boxed<'_, Tx> {
        let seen = self.shared.memory.seen(now);
        Box::pin(async move { Ok(self.tx(self.pools.reader().await?, Kind::Glances(seen))) })
    }

    /// What [`Tx::recall`] would know if a glance began now.
    pub fn recall<T: Any + Send + Sync>(&self, about: &str, now: Timestamp) -> Option<Arc<T>> {
        let seen = self.shared.memory.seen(now);
        self.shared.memory.recall(about, seen)
    }

    fn tx(&self, inner: Box<dyn Transaction>, kind: Kind) -> Tx {
        Tx::new(inner, self.engine(), Arc::clone(&self.shared), kind)
    }

    /// Resolves at the next commit in this process of a transaction that called [`Tx::wake`].
    /// Other processes are not heard: whoever waits also looks now and then.
    pub fn woken(&self) -> Notified<'_> {
        self.shared.woken.notified()
    }

    /// When something is due next, for whoever runs jobs.
    pub fn due(&self) -> &Due {
        &self.shared.due
    }

    /// Closes all connections; what is under way ends first.
    pub fn close(&self) -> impl Future<Output = ()> + Send {
        self.pools.close()
    }

    /// Writes a consistent copy of an SQLite database to a new file, while others go on writing.
    /// On PostgreSQL, where `pg_dump` does this better, it returns false.
    pub fn copy_to<'a>(&'a self, path: &'a Path) -> Boxed<'a, bool> {
        self.pools.copy_to(path)
    }

    /// Writes an SQLite file anew, so that nothing of what was deleted is left in it, and empties its
    /// log. Writers wait meanwhile; a file that is larger than `bytes_max` is left alone.
    pub fn compact(&self, bytes_max: Option<u64>) -> Boxed<'_, Compacted> {
        self.pools.compact(bytes_max)
    }
}
