//! Scratch databases for tests: each test has its own, on either engine.
//!
//! PostgreSQL's address is in `COMITY_TEST_POSTGRES`. Where it is missing the test fails: a contract
//! that was checked on one engine only was not checked.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    reason = "test code: a surprise ends the test, and the address comes from the environment"
)]

use std::{env, future::Future};

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

async fn run_on_server(statement: String) {
    let mut connection = PgConnection::connect(&server())
        .await
        .expect("the PostgreSQL server for tests answers");
    sqlx::raw_sql(AssertSqlSafe(statement))
        .execute(&mut connection)
        .await
        .expect("a scratch schema can be made and dropped");
    connection.close().await.expect("the connection closes");
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
