//! What both engines promise.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "test code: a surprise ends the test"
)]

use std::{
    error::Error as _,
    future::{Future as _, poll_fn},
    sync::Arc,
    task::Poll,
};

use db::{
    Address, Db, DbError, Engine, Options, Tx, query,
    scratch::Scratch,
    search::{self, Area},
    setting,
};
use kernel::{Cursor, OsRng, Timestamp, uuid_v4};
use tokio::{runtime::Runtime, task::yield_now};
use uuid::Uuid;

db::contract! {
    what_is_committed_is_there,
    what_is_dropped_is_not,
    who_leaves_before_it_has_begun_leaves_nothing_behind,
    a_glance_reads_what_is_committed,
    a_glance_keeps_what_it_read_until_somebody_writes,
    writers_take_turns,
    a_second_row_of_a_key_is_a_duplicate,
    a_newer_database_is_refused,
    tokens_are_replaced,
    tokens_that_came_one_after_the_other_go_together,
    a_commit_wakes_who_asked,
    a_hint_is_left_to_others_by_a_commit,
    every_type_of_value_comes_back,
    a_text_is_put_together_with_its_values,
    what_does_not_fit_is_an_error,
}

const NOW: Timestamp = Timestamp::from_micros(0);

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

async fn a_glance_reads_what_is_committed(db: Db) {
    let mut writing = db.begin().await.unwrap();
    setting::write(&mut writing, "a", "1").await.unwrap();
    let mut tx = db.begin_glance(NOW).await.unwrap();
    assert_eq!(value(&mut tx, "a").await, None);
    assert!(tx.is_still());
    writing.commit().await.unwrap();
    assert_eq!(value(&mut tx, "a").await.as_deref(), Some("1"));
    assert!(!tx.is_still());
    assert!(tx.only_reads());
}

async fn a_glance_keeps_what_it_read_until_somebody_writes(db: Db) {
    let tx = db.begin_glance(NOW).await.unwrap();
    tx.keep("a", Arc::new(7_u8));
    let recall = async |db: &Db| db.begin_glance(NOW).await.unwrap().recall::<u8>("a");
    assert_eq!(recall(&db).await.as_deref(), Some(&7));
    assert_eq!(db.recall::<u8>("a", NOW).as_deref(), Some(&7));
    // Who reads one state does not mix it with an earlier one.
    let reading = db.begin_read().await.unwrap();
    assert_eq!(reading.recall::<u8>("a"), None);
    reading.keep("b", Arc::new(7_u8));
    assert_eq!(db.recall::<u8>("b", NOW), None);
    reading.commit().await.unwrap();
    let writing = db.begin().await.unwrap();
    assert_eq!(writing.recall::<u8>("a"), None);
    drop(writing);
    assert_eq!(recall(&db).await.as_deref(), Some(&7));
    db.begin().await.unwrap().commit().await.unwrap();
    assert_eq!(recall(&db).await, None);
    // It began before somebody wrote.
    tx.keep("a", Arc::new(7_u8));
    assert_eq!(recall(&db).await, None);
}

async fn writers_take_turns(db: Db) {
    const LOCK: &str = "UPDATE setting SET value = value WHERE name = 'count'";
    let mut tx = db.begin().await.unwrap();
    setting::write(&mut tx, "count", "0").await.unwrap();
    tx.commit().await.unwrap();
    let add = |db: Db| async move {
        for _ in 0..10 {
            let mut tx = db.begin().await.unwrap();
            query(LOCK).execute(&mut tx).await.unwrap();
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
    query(SQL).execute(&mut tx).await.unwrap();
    let error = query(SQL).execute(&mut tx).await.unwrap_err();
    assert!(error.is_duplicate());
}

async fn a_newer_database_is_refused(db: Db) {
    const SQL: &str = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                       VALUES (9999, 'from the future', true, $1, 0)";
    let scratch = Scratch::open(db.engine()).await;
    let mut tx = scratch.db.begin().await.unwrap();
    query(SQL)
        .bind(vec![0_u8; 4])
        .execute(&mut tx)
        .await
        .unwrap();
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
    for (key, text) in [(7, "Old words \"quoted\""), (8, "新词 New")] {
        let at = Cursor { key, id };
        search::index(&mut tx, Area::Incidents, at, &search::tokens([text]))
            .await
            .unwrap();
    }
    let rows: Vec<(String,)> = query(SQL)
        .bind(Area::Incidents.code())
        .bind(id)
        .fetch_all(&mut tx)
        .await
        .unwrap();
    assert_eq!(rows, [("new".to_owned(),), ("新词".to_owned(),)]);
}

async fn tokens_that_came_one_after_the_other_go_together(db: Db) {
    const LEFT: &str =
        "SELECT (SELECT count(*) FROM search_token), (SELECT count(*) FROM search_row)";
    let [one, other]: [Uuid; 2] = [uuid_v4(&OsRng), uuid_v4(&OsRng)];
    let mut tx = db.begin().await.unwrap();
    let words = |text: &str| search::tokens([text]);
    let at = |key, id| Cursor { key, id };
    for (key, text) in [(7, "power plant"), (7, "plant stopped"), (9, "again")] {
        search::add(&mut tx, Area::Exchange, at(key, one), &words(text))
            .await
            .unwrap();
    }
    let many = [
        (at(7, other), words("power plant")),
        (at(8, uuid_v4(&OsRng)), words("")),
    ];
    search::add_many(&mut tx, Area::Exchange, &many)
        .await
        .unwrap();
    search::remove(&mut tx, Area::Incidents, one).await.unwrap();
    search::remove(&mut tx, Area::Exchange, one).await.unwrap();
    let left: (i64, i64) = query(LEFT).fetch_one(&mut tx).await.unwrap();
    assert_eq!(left, (2, 1));
    search::remove(&mut tx, Area::Exchange, other)
        .await
        .unwrap();
    let left: (i64, i64) = query(LEFT).fetch_one(&mut tx).await.unwrap();
    assert_eq!(left, (0, 0));
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

db::row! {
    #[derive(Debug, PartialEq)]
    struct Values {
        boolean: Option<bool>,
        small: Option<i32>,
        integer: Option<i64>,
        words: Option<String>,
        bytes: Option<Vec<u8>>,
        id: Option<Uuid>,
    }
}

async fn a_hint_is_left_to_others_by_a_commit(db: Db) {
    const ABOUT: (&str, i64) = ("leaf", 7);
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.hint(ABOUT), None);
    tx.leave_hint(ABOUT, 3);
    assert_eq!(tx.hint(ABOUT), Some(3));
    assert_eq!(tx.hint(("leaf", 8)), None);
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    assert_eq!(tx.hint(ABOUT), None, "it was not committed");
    tx.leave_hint(ABOUT, 4);
    tx.leave_hint(ABOUT, 5);
    tx.commit().await.unwrap();
    let tx = db.begin_read().await.unwrap();
    assert_eq!(tx.hint(ABOUT), Some(5));
}

async fn every_type_of_value_comes_back(db: Db) {
    const SQL: &str = "SELECT CAST($1 AS boolean) AS boolean, CAST($2 AS int) AS small, \
                       CAST($3 AS bigint) AS integer, CAST($4 AS text) AS words, $5 AS bytes, \
                       $6 AS id";
    let filled = Values {
        boolean: Some(true),
        small: Some(i32::MIN),
        integer: Some(i64::MAX),
        words: Some("\u{202e}ملف \"$1\" 文件".to_owned()),
        bytes: Some(vec![0, 255, 36, 49]),
        id: Some(uuid_v4(&OsRng)),
    };
    let empty = Values {
        boolean: None,
        small: None,
        integer: None,
        words: None,
        bytes: None,
        id: None,
    };
    let mut tx = db.begin_read().await.unwrap();
    for values in [filled, empty] {
        let statement = || {
            query(SQL)
                .bind(values.boolean)
                .bind(values.small)
                .bind(values.integer)
                .bind(values.words.as_deref())
                .bind(values.bytes.as_deref())
                .bind(values.id)
        };
        let row: Values = statement().fetch_one(&mut tx).await.unwrap();
        assert_eq!(row, values);
        let rows: Vec<Values> = statement().fetch_all(&mut tx).await.unwrap();
        assert_eq!(rows, [row]);
    }
}

async fn a_text_is_put_together_with_its_values(db: Db) {
    const REMOVE: &str = "DELETE FROM setting WHERE name <> $1";
    let mut tx = db.begin().await.unwrap();
    for name in ["a", "b", "c'; --"] {
        setting::write(&mut tx, name, "1").await.unwrap();
    }
    let mut sql = query("SELECT name FROM setting WHERE value = ");
    sql.push_bind("1").push(" AND name IN (");
    sql.push_list(["c'; --", "a", "x"]).push(") ORDER BY name");
    let names: Vec<(String,)> = sql.fetch_all(&mut tx).await.unwrap();
    assert_eq!(names, [("a".to_owned(),), ("c'; --".to_owned(),)]);
    assert_eq!(query(REMOVE).bind("a").execute(&mut tx).await.unwrap(), 2);
}

async fn what_does_not_fit_is_an_error(db: Db) {
    const NONE: &str = "SELECT name FROM setting WHERE name = 'not there'";
    const WORD: &str = "SELECT 'word' AS word";
    const NULL: &str = "SELECT CAST(NULL AS text)";
    const NULL_WORD: &str = "SELECT CAST(NULL AS bigint) AS word";
    db::row! {
        struct Word {
            word: i64,
        }
    }
    let mut tx = db.begin_read().await.unwrap();
    let none: Option<(String,)> = query(NONE).fetch_optional(&mut tx).await.unwrap();
    assert_eq!(none, None);
    let none: Result<(String,), _> = query(NONE).fetch_one(&mut tx).await;
    assert!(matches!(none, Err(DbError::Statement(_))), "{none:?}");
    let other: Result<(i64,), _> = query(WORD).fetch_one(&mut tx).await;
    assert!(matches!(other, Err(DbError::Statement(_))), "{other:?}");
    let null: Result<(String,), _> = query(NULL).fetch_one(&mut tx).await;
    assert!(matches!(null, Err(DbError::Statement(_))), "{null:?}");
    for text in [WORD, NULL_WORD] {
        let wrong: Result<Word, _> = query(text).fetch_one(&mut tx).await;
        let cause = wrong
            .err()
            .and_then(|error| Some(error.source()?.to_string()));
        let cause = cause.unwrap_or_default();
        assert!(cause.contains("column word:"), "{cause}");
    }
}

#[test]
fn a_file_of_another_kind_is_refused() {
    Runtime::new().unwrap().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("not-a-database.db");
        std::fs::write(&path, vec![7; 4096]).unwrap();
        let error = Db::open(&Address::Sqlite(path), Options::default()).await;
        assert!(error.is_err(), "a file of another kind is refused");
    });
}

#[test]
fn who_waits_behind_a_writer_is_told_of_the_lock_that_it_waits_for() {
    Runtime::new().unwrap().block_on(async {
        let scratch = Scratch::open(Engine::Sqlite).await;
        let options = Options { connections_max: 1 };
        let other = Db::open(&scratch.address, options).await.unwrap();
        let held = other.begin().await.unwrap();
        // One waits for the file, the others for the one connection that writes.
        let begin = || scratch.db.begin();
        let (first, second, third) = tokio::join!(begin(), begin(), begin());
        for waited in [first, second, third] {
            assert_eq!(waited.map(|_| ()).unwrap_err().code(), "db.locked");
        }
        drop(held);
        other.close().await;
        let mut tx = scratch.db.begin().await.unwrap();
        setting::write(&mut tx, "where", "after").await.unwrap();
        tx.commit().await.unwrap();
        scratch.remove().await;
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
    query(sql).fetch_all(&mut tx).await.unwrap()
}

async fn who_leaves_before_it_has_begun_leaves_nothing_behind(db: Db) {
    for polls in 0..200 {
        let mut beginning = Box::pin(db.begin_read());
        for _ in 0..polls {
            if poll_fn(|context| Poll::Ready(beginning.as_mut().poll(context).is_ready())).await {
                break;
            }
            yield_now().await;
        }
        drop(beginning);
        // The next one gets its connection, and writes: nothing was begun there.
        let mut tx = db.begin().await.unwrap();
        let sql = "DELETE FROM setting WHERE name = 'nothing'";
        assert_eq!(query(sql).execute(&mut tx).await.unwrap(), 0);
        tx.commit().await.unwrap();
    }
}
