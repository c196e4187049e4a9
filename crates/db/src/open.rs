//! Opening a database: pools, durability checks, migrations.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use sqlx::{
    ConnectOptions, Connection, Sqlite, Transaction,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    sqlite::{
        SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
        SqliteSynchronous,
    },
};
use tokio::sync::futures::Notified;
use tracing::log::LevelFilter;

use crate::{
    Address, DbError, Due, Engine, Tx,
    tx::Bells,
    wal::{self, WalKeeper},
};

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// How long a write waits for a lock that another process holds on the file.
const LOCK_WAIT: Duration = Duration::from_secs(5);
/// How many statements a connection keeps prepared: all that a message needs on its way.
const STATEMENTS_MAX: usize = 512;
/// How long a caller waits for a connection.
const ACQUIRE_WAIT: Duration = Duration::from_secs(10);

/// What a call comes to. Boxed, so that the way to a connection is compiled once and not again
/// wherever a transaction begins or ends.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, DbError>> + Send + 'a>>;

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
    pools: Pools,
    bells: Arc<Bells>,
}

#[derive(Clone, Debug)]
enum Pools {
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
        wal: Arc<WalKeeper>,
    },
    Postgres(PgPool),
}

impl Db {
    /// Opens the database, creates an SQLite file that is not there yet, and brings the schema up
    /// to date. Fails, and changes nothing, if the database is newer than this program.
    pub async fn open(address: &Address, options: Options) -> Result<Self, DbError> {
        let pools = match address {
            Address::Sqlite(path) => {
                let file = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(LOCK_WAIT)
                    .pragma("wal_autocheckpoint", wal::WRITER_PAGES)
                    .statement_cache_capacity(STATEMENTS_MAX)
                    .log_statements(LevelFilter::Trace)
                    .log_slow_statements(LevelFilter::Debug, Duration::from_secs(1));
                open_sqlite(file, options).await?
            }
            Address::Postgres(address) => {
                let server: PgConnectOptions = address.parse().map_err(DbError::from)?;
                open_postgres(server, options).await?
            }
        };
        Ok(Self {
            pools,
            bells: Arc::new(Bells::new()),
        })
    }

    /// Which engine this is.
    pub const fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres(_) => Engine::Postgres,
        }
    }

    /// Begins a transaction that may write. On SQLite the writers take turns.
    pub fn begin(&self) -> Boxed<'_, Tx> {
        let bells = Arc::clone(&self.bells);
        Box::pin(async move {
            Ok(match &self.pools {
                Pools::Sqlite { write, wal, .. } => {
                    Tx::sqlite(begin_immediate(write).await?, bells, Some(Arc::clone(wal)))
                }
                Pools::Postgres(pool) => Tx::postgres(pool.begin().await?, bells, false),
            })
        })
    }

    /// Begins a transaction that reads one consistent state.
    pub fn begin_read(&self) -> Boxed<'_, Tx> {
        const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let bells = Arc::clone(&self.bells);
        Box::pin(async move {
            Ok(match &self.pools {
                Pools::Sqlite { read, .. } => Tx::sqlite(read.begin().await?, bells, None),
                Pools::Postgres(pool) => Tx::postgres(pool.begin_with(BEGIN).await?, bells, true),
            })
        })
    }

    /// Resolves at the next commit in this process of a transaction that called [`Tx::wake`].
    /// Other processes are not heard: whoever waits also looks now and then.
    pub fn woken(&self) -> Notified<'_> {
        self.bells.woken.notified()
    }

    /// When something is due next, for whoever runs jobs.
    pub fn due(&self) -> &Due {
        &self.bells.due
    }

    /// Closes all connections; what is under way ends first.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read, wal } => {
                wal.stop().await;
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Writes a consistent copy of an SQLite database to a new file, while others go on writing.
    /// On PostgreSQL, where `pg_dump` does this better, it returns false.
    pub async fn copy_to(&self, path: &std::path::Path) -> Result<bool, DbError> {
        const COPY: &str = "VACUUM INTO $1";
        match &self.pools {
            Pools::Sqlite { read, .. } => {
                let target = path.to_string_lossy().into_owned();
                sqlx::query(COPY).bind(target).execute(read).await?;
                Ok(true)
            }
            Pools::Postgres(_) => Ok(false),
        }
    }
}

/// Begins to write. SQLite itself rolls a transaction back when the disk is full or fails; the pool
/// does not see that, and would hold the connection for one within a transaction for ever. Such a
/// connection is given up, and a new one takes its place.
async fn begin_immediate(write: &SqlitePool) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
    const BEGIN: &str = "BEGIN IMMEDIATE";
    match write.begin_with(BEGIN).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            write.acquire().await?.close().await?;
            write.begin_with(BEGIN).await
        }
        begun => begun,
    }
}

async fn open_sqlite(file: SqliteConnectOptions, options: Options) -> Result<Pools, DbError> {
    // The migrations run alone, before anybody else may look.
    let mut alone = file.connect().await?;
    migrate(&SQLITE, &mut alone).await?;
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
    Ok(Pools::Sqlite {
        wal: Arc::new(WalKeeper::start(&file).await?),
        write: pool(1).connect_with(file.clone()).await?,
        read: pool(options.connections_max).connect_with(file).await?,
    })
}

async fn check_durable(connection: &mut SqliteConnection) -> Result<(), DbError> {
    let (journal,): (String,) = sqlx::query_as("PRAGMA journal_mode")
        .fetch_one(&mut *connection)
        .await?;
    if journal != "wal" {
        return Err(DbError::NotDurable {
            setting: "journal_mode",
            wanted: "wal",
            found: journal,
        });
    }
    let (synchronous,): (i64,) = sqlx::query_as("PRAGMA synchronous")
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

async fn open_postgres(server: PgConnectOptions, options: Options) -> Result<Pools, DbError> {
    let server = server
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Debug, Duration::from_secs(1));
    let mut alone = server.connect().await?;
    migrate(&POSTGRES, &mut alone).await?;
    let (durable,): (String,) = sqlx::query_as("SHOW synchronous_commit")
        .fetch_one(&mut alone)
        .await?;
    if durable == "off" {
        return Err(DbError::NotDurable {
            setting: "synchronous_commit",
            wanted: "on",
            found: durable,
        });
    }
    alone.close().await?;
    let pool = PgPoolOptions::new()
        .max_connections(options.connections_max)
        .acquire_timeout(ACQUIRE_WAIT)
        .connect_with(server)
        .await?;
    Ok(Pools::Postgres(pool))
}

async fn migrate<C>(migrator: &Migrator, connection: &mut C) -> Result<(), DbError>
where
    C: sqlx::migrate::Migrate,
{
    let known = migrator
        .iter()
        .map(|migration| migration.version)
        .max()
        .unwrap_or(0);
    migrator
        .run_direct(None, connection, false)
        .await
        .map_err(|error| match error {
            MigrateError::VersionMissing(found) | MigrateError::VersionTooNew(found, _) => {
                DbError::Newer { found, known }
            }
            MigrateError::VersionMismatch(number) => DbError::Altered { number },
            MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => {
                match DbError::from(cause) {
                    DbError::Statement(cause) => DbError::Migration(MigrateError::Execute(cause)),
                    named => named,
                }
            }
            other => DbError::Migration(other),
        })
}
