//! Scratch databases for tests: each test has its own, on either engine.
//!
//! PostgreSQL's address is in `COMITY_TEST_POSTGRES`. Where it is missing the test fails: a contract
//! that was checked on one engine only was not checked.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    clippy::unreachable,
    reason = "test code: a surprise ends the test, and the address comes from the environment"
)]

use std::{cell::Cell, env, fs, future::Future};

use kernel::{OsRng, uuid_v4};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use tokio::runtime::Builder;

use crate::{Address, Db, Engine, Options};

/// A database of its own, gone when the test ends.
#[derive(Debug)]
pub struct Scratch {
    /// The open database.
    pub db: Db,
    /// Where it is, to open it a second time.
    pub address: Address,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(#[expect(dead_code, reason = "held until the test ends")] TempDir),
    Schema(String),
}

impl Scratch {
    /// A new database on that engine.
    pub async fn open(engine: Engine) -> Self {
        let (address, place) = match engine {
            Engine::Sqlite => {
                let folder = TempDir::new().expect("a temporary folder can be made");
                let address = Address::Sqlite(folder.path().join("comity.db"));
                (address, Place::Folder(folder))
            }
            Engine::Postgres => {
                let name = format!("t_{}", uuid_v4(&OsRng).simple());
                run_on_server(format!("CREATE SCHEMA {name}")).await;
                let address = with_schema(&server(), &name);
                (Address::Postgres(address), Place::Schema(name))
            }
        };
        let options = Options { connections_max: 4 };
        let db = Db::open(&address, options)
            .await
            .expect("a scratch database opens");
        Self { db, address, place }
    }

    /// A copy of the database as it is now, like a backup that is brought back.
    pub async fn copy(&self) -> Self {
        let mut copy = Self::open(self.db.engine()).await;
        match (&copy.address, &self.place, &copy.place) {
            (Address::Sqlite(path), _, _) => {
                copy.db.close().await;
                let folder = path.parent().expect("the file is in a folder");
                for left in fs::read_dir(folder).expect("the folder can be read") {
                    let left = left.expect("the folder can be read").path();
                    fs::remove_file(left).expect("a new database can be removed");
                }
                let copied = self.db.copy_to(path).await;
                copied.expect("a database can be copied");
                let options = Options { connections_max: 4 };
                copy.db = Db::open(&copy.address, options)
                    .await
                    .expect("the copy opens");
            }
            (Address::Postgres(_), Place::Schema(source), Place::Schema(target)) => {
                copy_schema(source, target).await;
            }
            (Address::Postgres(_), _, _) => unreachable!("PostgreSQL has schemas"),
        }
        copy
    }

    /// Does what a server does by itself within a minute of many writes: PostgreSQL gathers its
    /// statistics and marks what all may see. SQLite has nothing to do.
    pub async fn settle(&self) {
        let Place::Schema(name) = &self.place else {
            return;
        };
        for (table,) in tables(name).await {
            run_on_server(format!("VACUUM (ANALYZE) {name}.{table}")).await;
        }
    }

    /// Closes and removes the database.
    pub async fn remove(self) {
        self.db.close().await;
        if let Place::Schema(name) = &self.place {
            run_on_server(format!("DROP SCHEMA {name} CASCADE")).await;
        }
    }
}

/// Runs a test body on a scratch database of that engine, on a runtime of its own.
pub fn run<F: Future<Output = ()>>(engine: Engine, body: impl FnOnce(Db) -> F) {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let scratch = Scratch::open(engine).await;
        body(scratch.db.clone()).await;
        scratch.remove().await;
    });
}

tokio::task_local! {
    /// How often the work that goes on has asked a database, where somebody counts.
    static ASKED: Cell<usize>;
}

/// Does the work and gives how often it asked a database: what begins and what ends a transaction
/// counts as a statement too. What others do meanwhile does not count, and neither does what the work
/// has done by tasks of their own.
///
/// Programs have no code for this: it comes with the feature `scratch`.
pub async fn counted<F: Future>(work: F) -> (F::Output, usize) {
    let work = async {
        let done = work.await;
        (done, ASKED.with(Cell::get))
    };
    ASKED.scope(Cell::new(0), work).await
}

/// One more statement.
pub(crate) fn asked() {
    // Mostly nobody counts.
    let _counted = ASKED.try_with(|asked| asked.set(asked.get() + 1));
}

/// Whether somebody counts: then nothing is recalled, so that what a request takes does not depend on
/// those before it.
pub(crate) fn is_counted() -> bool {
    ASKED.try_with(|_| ()).is_ok()
}

fn server() -> String {
    env::var("COMITY_TEST_POSTGRES").expect(
        "COMITY_TEST_POSTGRES names a PostgreSQL server for tests; \
         `cargo xtask test` starts one and sets it",
    )
}

fn with_schema(server: &str, schema: &str) -> String {
    let join = if server.contains('?') { '&' } else { '?' };
    format!("{server}{join}options=-c%20search_path%3D{schema}")
}

async fn connect() -> PgConnection {
    PgConnection::connect(&server())
        .await
        .expect("the PostgreSQL server for tests answers")
}

async fn run_on_server(script: String) {
    let mut connection = connect().await;
    sqlx::raw_sql(AssertSqlSafe(script))
        .execute(&mut connection)
        .await
        .expect("a scratch schema can be made, filled and dropped");
    connection.close().await.expect("the connection closes");
}

async fn tables(schema: &str) -> Vec<(String,)> {
    const TABLES: &str = "SELECT tablename FROM pg_tables \
                          WHERE schemaname = $1 AND tablename <> '_sqlx_migrations'";
    let mut connection = connect().await;
    let tables = sqlx::query_as(TABLES)
        .bind(schema)
        .fetch_all(&mut connection)
        .await
        .expect("the tables can be listed");
    connection.close().await.expect("the connection closes");
    tables
}

async fn copy_schema(source: &str, target: &str) {
    let tables = tables(source).await;
    // One transaction that checks no foreign key: the order of the tables does not matter.
    let copies = tables.iter().map(|(table,)| {
        format!(
            "DELETE FROM {target}.{table}; INSERT INTO {target}.{table} TABLE {source}.{table};"
        )
    });
    let copies: String = copies.collect();
    let script = format!("BEGIN; SET LOCAL session_replication_role = replica; {copies} COMMIT;");
    run_on_server(script).await;
}

/// Runs each named `async fn NAME(db: Db)` as a test on SQLite and on PostgreSQL.
///
/// ```text
/// db::contract! { a_row_comes_back, a_second_row_is_refused }
/// async fn a_row_comes_back(db: Db) { … }
/// ```
#[macro_export]
macro_rules! contract {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[test] fn $name() { $crate::scratch::run($crate::Engine::Sqlite, super::$name); })+
        }
        mod postgres {
            $(#[test] fn $name() { $crate::scratch::run($crate::Engine::Postgres, super::$name); })+
        }
    };
}
