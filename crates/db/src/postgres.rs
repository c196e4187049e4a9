//! PostgreSQL: one pool for everything.

use std::{future::Future, path::Path, pin::Pin, time::Duration};

use sqlx::{
    ConnectOptions as _, Connection as _, Postgres,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    query_as, query_with,
};
use tracing::log::LevelFilter;

use crate::{
    Boxed, DbError, Engine, Options, Query, Row, Rows,
    engine::{Pools, Transaction, Written, run_statements},
    migrations,
    open::ACQUIRE_WAIT,
    wipe::Compacted,
};

/// Connects to the server.
pub(crate) async fn open(address: &str, options: Options) -> Result<PgPools, DbError> {
    let server: PgConnectOptions = address.parse().map_err(DbError::from)?;
    let server = server
        .log_statements(LevelFilter::Trace)
        .log_slow_statements(LevelFilter::Debug, Duration::from_secs(1));
    let mut alone = server.connect().await?;
    migrations::run(Engine::Postgres, &mut alone).await?;
    let (durable,): (String,) = query_as("SHOW synchronous_commit")
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
    Ok(PgPools(pool))
}

#[derive(Debug)]
pub(crate) struct PgPools(PgPool);

impl Pools for PgPools {
    fn engine(&self) -> Engine {
        Engine::Postgres
    }

    fn begin(&self) -> Boxed<'_, Box<dyn Transaction>> {
        Box::pin(async move {
            let pool = self.0.clone();
            whole(async move { pool.begin().await }).await
        })
    }

    fn begin_read(&self) -> Boxed<'_, Box<dyn Transaction>> {
        const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Box::pin(async move {
            let pool = self.0.clone();
            whole(async move { pool.begin_with(BEGIN).await }).await
        })
    }

    fn reader(&self) -> Boxed<'_, Box<dyn Transaction>> {
        Box::pin(async move {
            let tx = self.0.acquire().await?;
            let begun: Box<dyn Transaction> = Box::new(PgReader { tx });
            Ok(begun)
        })
    }

    fn close(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.0.close())
    }

    fn copy_to<'a>(&'a self, _path: &'a Path) -> Boxed<'a, bool> {
        Box::pin(async { Ok(false) })
    }

    fn compact(&self, _bytes_max: Option<u64>) -> Boxed<'_, Compacted> {
        Box::pin(async { Ok(Compacted::NotHere) })
    }
}

#[derive(Debug)]
struct PgReader {
    tx: PoolConnection<Postgres>,
}

impl Transaction for PgReader {
    run_statements!(Postgres, done => None, columns);

    fn commit(self: Box<Self>) -> Boxed<'static, ()> {
        Box::pin(async { Ok(()) })
    }
}

#[derive(Debug)]
struct PgTx {
    tx: sqlx::Transaction<'static, Postgres>,
}

impl Transaction for PgTx {
    run_statements!(Postgres, done => None, columns);

    fn commit(self: Box<Self>) -> Boxed<'static, ()> {
        Box::pin(async move { Ok(self.tx.commit().await?) })
    }
}

/// Begins a transaction also where who asked for it is gone meanwhile, such as a client that hangs up.
/// The library forgets one that was half begun, and the next one on its connection would be within it.
#[expect(
    clippy::disallowed_methods,
    reason = "it ends with the answer of the server, and there is nothing to lose in it"
)]
async fn whole(
    beginning: impl Future<Output = sqlx::Result<sqlx::Transaction<'static, Postgres>>> + Send + 'static,
) -> Result<Box<dyn Transaction>, DbError> {
    let begun = tokio::spawn(beginning).await;
    let tx = begun.map_err(|_ended| sqlx::Error::WorkerCrashed)??;
    Ok(Box::new(PgTx { tx }))
}
