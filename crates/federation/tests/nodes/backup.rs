//! Backups of a node's database, for tests, on either engine.

use db::{
    Address, Db, Engine, Options,
    scratch::Scratch,
    sqlx::{self, AssertSqlSafe, Connection, PgConnection},
};

/// A copy of the database as it is now.
pub(crate) async fn copy_of(from: &Scratch) -> Scratch {
    match from.db.engine() {
        Engine::Sqlite => copy_file(from).await,
        Engine::Postgres => copy_schema(from).await,
    }
}

async fn copy_file(from: &Scratch) -> Scratch {
    let mut copy = Scratch::open(Engine::Sqlite).await;
    copy.db.close().await;
    let path = match &copy.address {
        Address::Sqlite(path) => Some(path),
        Address::Postgres(_) => None,
    };
    let path = path.unwrap();
    let folder = path.parent().unwrap();
    for left in std::fs::read_dir(folder).unwrap() {
        std::fs::remove_file(left.unwrap().path()).unwrap();
    }
    assert!(from.db.copy_to(path).await.unwrap());
    copy.db = Db::open(&copy.address, Options { connections_max: 4 })
        .await
        .unwrap();
    copy
}

async fn copy_schema(from: &Scratch) -> Scratch {
    let copy = Scratch::open(Engine::Postgres).await;
    let schema = |scratch: &Scratch| {
        let address = match &scratch.address {
            Address::Sqlite(_) => None,
            Address::Postgres(address) => Some(address.clone()),
        };
        let address = address.unwrap();
        let name = address.rsplit("%3D").next().unwrap().to_owned();
        (address, name)
    };
    let ((address, source), (_, target)) = (schema(from), schema(&copy));
    let mut connection = PgConnection::connect(&address).await.unwrap();
    let tables: Vec<(String,)> = sqlx::query_as(
        "SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename <> '_sqlx_migrations'",
    )
    .bind(&source)
    .fetch_all(&mut connection)
    .await
    .unwrap();
    // One transaction that checks no foreign key: the order of the tables does not matter.
    let copies = tables.iter().map(|(table,)| {
        format!(
            "DELETE FROM {target}.{table}; INSERT INTO {target}.{table} TABLE {source}.{table};"
        )
    });
    let copies: String = copies.collect();
    let script = format!("BEGIN; SET LOCAL session_replication_role = replica; {copies} COMMIT;");
    sqlx::raw_sql(AssertSqlSafe(script))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    copy
}
