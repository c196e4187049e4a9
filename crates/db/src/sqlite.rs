//! SQLite: one connection that writes, some that read.

use std::{
    future::Future,
    path::Path,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, Connection as _, Sqlite,
    pool::PoolConnection,
    query_as, query_with,
    sqlite::{
        SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
        SqliteSynchronous,
    },
};
use tracing::log::LevelFilter;

use crate::{
    Boxed, DbError, Engine, Options, Query, Row, Rows,
    engine::{Pools, Transaction, Written, run_statements},
    migrations,
    open::ACQUIRE_WAIT,
    wal::{self, WalKeeper},
    wipe::Compacted,
};

/// How long a write waits for a lock that another process holds on the file.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// How much of the file a connection remembers, in KiB below zero: enough for the words that most
/// entries of a large register have.
const CACHE: &str = "-8192";
/// The same for the one that writes: enough for the pages that a thousand objects touch in indexes
/// of a million, so that no page goes to the log twice in a transaction.
const WRITER_CACHE: &str = "-65536";
/// How many statements a connection keeps prepared: all that a message needs on its way.
const STATEMENTS_MAX: usize = 512;

#[derive(Debug)]
pub(crate) struct SqlitePools {
    write: SqlitePool,
    read: SqlitePool,
    wal: Arc<WalKeeper>,
    /// Whether the last who began to write found the file locked by another program.
    locked: AtomicBool,
}

impl SqlitePools {
    /// Begins to write. Those who wait for the one connection that writes, while who has it waits for
    /// another program, are told what they really wait for.
    async fn begin_write(&self) -> Result<sqlx::Transaction<'static, Sqlite>, DbError> {
        let begun = begin_immediate(&self.write).await;
        let begun = begun.map_err(|error| match DbError::from(error) {
            DbError::Busy(error) if self.locked.load(Ordering::Relaxed) => DbError::Locked(error),
            error => error,
        });
        let locked = matches!(begun, Err(DbError::Locked(_)));
        self.locked.store(locked, Ordering::Relaxed);
        begun
    }
}

/// Opens the file, or makes it.
pub(crate) async fn open(path: &Path, options: Options) -> Result<SqlitePools, DbError> {
    let file = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(LOCK_WAIT)
        .pragma("wal_autocheckpoint", wal::WRITER_PAGES)
        .pragma("cache_size", CACHE)
        .pragma("secure_delete", "FAST")
        .statement_cache_capacity(STATEMENTS_MAX)
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Debug, Duration::from_secs(1));
    // The migrations run alone, before anybody else may look.
    let mut alone = file.connect().await?;
    migrations::run(Engine::Sqlite, &mut alone).await?;
    check_durable(&mut alone).await?;
    alone.close().await?;
    let pool = |connections: u32| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .min_connections(1)
            .acquire_timeout(ACQUIRE_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .after_connect(|connection, _meta| {
                Box::pin(async move {
                    check_durable(connection)
                        .await
                        .map_err(|error| sqlx::Error::Configuration(Box::new(error)))
                })
            })
    };
    Ok(SqlitePools {
        wal: Arc::new(WalKeeper::start(&file).await?),
        write: pool(1)
            .connect_with(file.clone().pragma("cache_size", WRITER_CACHE))
            .await?,
        read: pool(options.connections_max).connect_with(file).await?,
        locked: AtomicBool::new(false),
    })
}

async fn check_durable(connection: &mut SqliteConnection) -> Result<(), DbError> {
    let (journal,): (String,) = query_as("PRAGMA journal_mode")
        .fetch_one(&mut *connection)
        .await?;
    if journal != "wal" {
        return Err(DbError::NotDurable {
            setting: "journal_mode",
            wanted: "wal",
            found: journal,
        });
    }
    let (synchronous,): (i64,) = query_as("PRAGMA synchronous")
        .fetch_one(&mut *connection)
        .await?;
    if synchronous != 2 {
        return Err(DbError::NotDurable {
            setting: "synchronous",
            wanted: "2 (FULL)",
            found: synchronous.to_string(),
        });
    }
    Ok(())
}

/// Begins to write. SQLite itself rolls a transaction back when the disk is full or fails; the pool
/// does not see that, and would hold the connection for one within a transaction for ever. Such a
/// connection is given up, and a new one takes its place.
async fn begin_immediate(
    write: &SqlitePool,
) -> Result<sqlx::Transaction<'static, Sqlite>, sqlx::Error> {
    const BEGIN: &str = "BEGIN IMMEDIATE";
    match write.begin_with(BEGIN).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            write.acquire().await?.close().await?;
            write.begin_with(BEGIN).await
        }
        begun => begun,
    }
}

impl Pools for SqlitePools {
    fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    fn begin(&self) -> Boxed<'_, Box<dyn Transaction>> {
        Box::pin(async move {
            let tx = self.begin_write().await?;
            let wal = Some(Arc::clone(&self.wal));
            let begun: Box<dyn Transaction> = Box::new(SqliteTx { tx, wal });
            Ok(begun)
        })
    }

    fn begin_read(&self) -> Boxed<'_, Box<dyn Transaction>> {
        Box::pin(async move {
            let tx = self.read.begin().await?;
            let begun: Box<dyn Transaction> = Box::new(SqliteTx { tx, wal: None });
            Ok(begun)
        })
    }

    fn reader(&self) -> Boxed<'_, Box<dyn Transaction>> {
        Box::pin(async move {
            let tx = self.read.acquire().await?;
            let begun: Box<dyn Transaction> = Box::new(SqliteReader { tx });
            Ok(begun)
        })
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            self.wal.stop().await;
            self.read.close().await;
            self.write.close().await;
        })
    }

    fn copy_to<'a>(&'a self, path: &'a Path) -> Boxed<'a, bool> {
        const COPY: &str = "VACUUM INTO $1";
        Box::pin(async move {
            let target = path.to_string_lossy().into_owned();
            sqlx::query(COPY).bind(target).execute(&self.read).await?;
            Ok(true)
        })
    }

    fn compact(&self, bytes_max: Option<u64>) -> Boxed<'_, Compacted> {
        const SIZE: &str = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size";
        const EMPTY: &str = "PRAGMA wal_checkpoint(TRUNCATE)";
        Box::pin(async move {
            let mut writer = self.write.acquire().await?;
            let (bytes,): (i64,) = query_as(SIZE).fetch_one(&mut *writer).await?;
            let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
            if bytes_max.is_some_and(|most| bytes > most) {
                return Ok(Compacted::TooLarge);
            }
            sqlx::query("VACUUM").execute(&mut *writer).await?;
            let emptied: (i64, i64, i64) = query_as(EMPTY).fetch_one(&mut *writer).await?;
            Ok(if emptied.0 == 0 {
                Compacted::Whole
            } else {
                Compacted::Read
            })
        })
    }
}

#[derive(Debug)]
struct SqliteReader {
    tx: PoolConnection<Sqlite>,
}

impl Transaction for SqliteReader {
    run_statements!(Sqlite, done => Some(done.last_insert_rowid()), places);

    fn commit(self: Box<Self>) -> Boxed<'static, ()> {
        Box::pin(async { Ok(()) })
    }
}

#[derive(Debug)]
struct SqliteTx {
    tx: sqlx::Transaction<'static, Sqlite>,
    /// Who moves the log of what is written.
    wal: Option<Arc<WalKeeper>>,
}

impl Transaction for SqliteTx {
    run_statements!(Sqlite, done => Some(done.last_insert_rowid()), places);

    fn commit(self: Box<Self>) -> Boxed<'static, ()> {
        Box::pin(async move {
            self.tx.commit().await?;
            if let Some(wal) = self.wal {
                wal.committed();
            }
            Ok(())
        })
    }
}
