//! What both engines promise.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: a surprise ends the test"
)]

use db::{
    Address, Db, DbError, Engine, Options, Tx, on,
    scratch::Scratch,
    search::{self, Area},
    setting,
    sqlx::{query, query_as},
};
use kernel::{OsRng, uuid_v4};
use tokio::runtime::Runtime;
use uuid::Uuid;

db::contract! {
    what_is_committed_is_there,
    what_is_dropped_is_not,
    writers_take_turns,
    a_second_row_of_a_key_is_a_duplicate,
    a_newer_database_is_refused,
    tokens_are_replaced,
    a_commit_wakes_who_asked,
}

async fn value(tx: &mut Tx, name: &str) -> Option<String> {
    setting::read(tx, name).await.unwrap()
}

async fn what_is_committed_is_there(db: Db) {
    let mut tx = db.begin().await.unwrap();
    setting::write(&mut tx, "a", "1").await.unwrap();
    setting::write(&mut tx, "a", "2").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.begin_read().await.unwrap();
    assert_eq!(value(&mut tx, "a").await.as_deref(), Some("2"));
}

async fn what_is_dropped_is_not(db: Db) {
    let mut tx = db.begin().await.unwrap();
    setting::write(&mut tx, "a", "1").await.unwrap();
    drop(tx);
    let mut tx = db.begin_read().await.unwrap();
    assert_eq!(value(&mut tx, "a").await, None);
}

async fn writers_take_turns(db: Db) {
    const LOCK: &str = "UPDATE setting SET value = value WHERE name = 'count'";
    let mut tx = db.begin().await.unwrap();
    setting::write(&mut tx, "count", "0").await.unwrap();
    tx.commit().await.unwrap();
    let add = |db: Db| async move {
        for _ in 0..10 {
            let mut tx = db.begin().await.unwrap();
            on!(tx, conn => query(LOCK).execute(conn).await.map(drop)).unwrap();
            let count: u32 = value(&mut tx, "count").await.unwrap().parse().unwrap();
            setting::write(&mut tx, "count", &(count + 1).to_string())
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
    };
    tokio::join!(add(db.clone()), add(db.clone()), add(db.clone()));
    let mut tx = db.begin_read().await.unwrap();
    assert_eq!(value(&mut tx, "count").await.as_deref(), Some("30"));
}

async fn a_second_row_of_a_key_is_a_duplicate(db: Db) {
    const SQL: &str = "INSERT INTO setting (name, value) VALUES ('a', 'x')";
    let mut tx = db.begin().await.unwrap();
    on!(tx, conn => query(SQL).execute(conn).await.map(drop)).unwrap();
    let error = on!(tx, conn => query(SQL).execute(conn).await.map(drop)).unwrap_err();
    assert!(DbError::from(error).is_duplicate());
}

async fn a_newer_database_is_refused(db: Db) {
    const SQL: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                       VALUES (9999, 'from the future', true, $1, 0)";
    let scratch = Scratch::open(db.engine()).await;
    let mut tx = scratch.db.begin().await.unwrap();
    on!(tx, conn => query(SQL).bind(vec![0_u8; 4]).execute(conn).await.map(drop)).unwrap();
    tx.commit().await.unwrap();
    let error = Db::open(&scratch.address, Options::default())
        .await
        .expect_err("it is newer");
    assert!(
        matches!(error, DbError::Newer { found: 9999, .. }),
        "{error:?}"
    );
    assert!(error.to_string().contains("newer program"));
    scratch.remove().await;
}

async fn tokens_are_replaced(db: Db) {
    const SQL: &str = "SELECT token FROM search_token WHERE area = $1 AND id = $2 ORDER BY token";
    let id: Uuid = uuid_v4(&OsRng);
    let mut tx = db.begin().await.unwrap();
    for text in ["Old words \"quoted\"", "新词 New"] {
        search::index(&mut tx, Area::Incidents, id, &search::tokens([text]))
            .await
            .unwrap();
    }
    let rows: Vec<(String,)> = on!(tx, conn =>
        query_as(SQL).bind(Area::Incidents.code()).bind(id).fetch_all(conn).await)
    .unwrap();
    assert_eq!(rows, [("new".to_owned(),), ("新词".to_owned(),)]);
}

async fn a_commit_wakes_who_asked(db: Db) {
    let waiting = db.woken();
    tokio::pin!(waiting);
    waiting.as_mut().enable();
    let mut tx = db.begin().await.unwrap();
    setting::write(&mut tx, "a", "1").await.unwrap();
    tx.wake();
    tx.commit().await.unwrap();
    waiting.await;
}

#[test]
fn a_read_only_file_says_so() {
    Runtime::new().unwrap().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("not-a-database.db");
        std::fs::write(&path, vec![7; 4096]).unwrap();
        let error = Db::open(&Address::Sqlite(path), Options::default()).await;
        assert!(error.is_err(), "a file of another kind is refused");
    });
}

#[test]
fn both_schemas_have_the_same_tables_and_columns() {
    Runtime::new().unwrap().block_on(async {
        let sqlite = Scratch::open(Engine::Sqlite).await;
        let postgres = Scratch::open(Engine::Postgres).await;
        assert_eq!(columns(&sqlite.db).await, columns(&postgres.db).await);
        sqlite.remove().await;
        postgres.remove().await;
    });
}

async fn columns(db: &Db) -> Vec<(String, String)> {
    const SQLITE: &str = "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c \
                          WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' \
                          AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY 1, 2";
    const POSTGRES: &str = "SELECT CAST(table_name AS text), CAST(column_name AS text) \
                            FROM information_schema.columns WHERE table_schema = current_schema() \
                            AND table_name NOT LIKE '\\_sqlx%' \
                            ORDER BY CAST(table_name AS text) COLLATE \"C\", \
                            CAST(column_name AS text) COLLATE \"C\"";
    let mut tx = db.begin_read().await.unwrap();
    let sql = match db.engine() {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    on!(tx, conn => query_as(sql).fetch_all(conn).await).unwrap()
}
