//! How the engines read a page, as they say themselves.

use db::{Db, Engine, Tx, dialect::Sql, query};

use super::{Asked, runs};
use crate::model::{Cut, Filter, PAGE_BYTES_MAX, Spec, Versions};

db::contract! {
    a_page_reads_its_runs_of_an_index_and_nothing_else,
}

/// Enough that an engine would rather read it all than sort, were it to choose so.
const ENTRIES: i64 = 20_000;
/// Newest, oldest and only version of a GREEN object of STIX 2.1.
const CLASS: i32 = 1 + 8 + 16 + 32 + 64;

async fn fill(tx: &mut Tx) {
    const COLLECTION: Sql = Sql {
        sqlite: "INSERT INTO collection (id, public_id, slot, root, exercise, alias, title, \
                 description, ceiling, unmarked, version, created_at, updated_at) \
                 VALUES (x'01', x'01', 1, 'intel', 0, 'feed', 'A feed', '', 4, 1, 1, 0, 0)",
        postgres: "INSERT INTO collection (id, public_id, slot, root, exercise, alias, title, \
                   description, ceiling, unmarked, version, created_at, updated_at) \
                   VALUES (gen_random_uuid(), gen_random_uuid(), 1, 'intel', false, 'feed', \
                   'A feed', '', 4, 1, 1, 0, 0)",
    };
    const OBJECT: &str = "INSERT INTO stix_version (number, exercise, stix_id, sha256, revoked, \
                          body) SELECT 1, exercise, 'x', $1, exercise, '{}' FROM collection";
    const NUMBERS: &str = "INSERT INTO collection_entry (slot, added, class, object, type, stix_id, \
                           version, bytes) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL \
                           SELECT i + 1 FROM n WHERE i < $1) \
                           SELECT 1, i, $2 - (i % 2) * 8, 1, CASE WHEN i % 10 < 2 THEN 'malware' \
                           ELSE 'indicator' END, 'x--' || i, i, 300 \
                           FROM n";
    const COUNTS: &str = "INSERT INTO collection_count (slot, type, class, entries) \
                          SELECT 1, t.type, c.class, 10000 FROM \
                          (SELECT '' AS type UNION ALL SELECT 'malware') AS t CROSS JOIN \
                          (SELECT DISTINCT class FROM collection_entry) AS c";
    query(COLLECTION.on(tx)).execute(tx).await.unwrap();
    query(OBJECT).bind(vec![0_u8]).execute(tx).await.unwrap();
    let numbers = query(NUMBERS).bind(ENTRIES).bind(CLASS);
    numbers.execute(tx).await.unwrap();
    query(COUNTS).execute(tx).await.unwrap();
}

/// The plan of a page, a line a step.
async fn plan_of(tx: &mut Tx, filter: &Filter) -> String {
    const HEAD: Sql = Sql {
        sqlite: "EXPLAIN QUERY PLAN SELECT v.body, p.taken FROM (SELECT added, object, place <= ",
        postgres: "EXPLAIN SELECT v.body, p.taken FROM (SELECT added, object, place <= ",
    };
    let asked = Asked {
        slot: 1,
        mask: 0b11111,
        filter,
        cut: Cut {
            after: ENTRIES / 2,
            entries: 100,
        },
        bytes_max: PAGE_BYTES_MAX,
        is_backward: false,
    };
    let head = HEAD.on(tx);
    let mut statement = runs(tx, &asked, head).await.unwrap().unwrap();
    statement.push(") AS p JOIN stix_version AS v ON v.number = p.object");
    let lines: Vec<String> = match tx.engine() {
        Engine::Sqlite => {
            let rows: Vec<(i64, i64, i64, String)> = statement.fetch_all(tx).await.unwrap();
            rows.into_iter().map(|(.., line)| line).collect()
        }
        Engine::Postgres => {
            let rows: Vec<(String,)> = statement.fetch_all(tx).await.unwrap();
            rows.into_iter().map(|(line,)| line).collect()
        }
    };
    lines.join("\n")
}

async fn a_page_reads_its_runs_of_an_index_and_nothing_else(db: Db) {
    let mut tx = db.begin().await.unwrap();
    fill(&mut tx).await;
    let is_sqlite = tx.engine() == Engine::Sqlite;
    // SQLite has no statistics in a node, and is told the index; PostgreSQL gathers them by itself.
    if !is_sqlite {
        query("ANALYZE collection_entry")
            .execute(&mut tx)
            .await
            .unwrap();
    }
    let newest = Filter::default();
    let everything = Filter {
        versions: Versions::All,
        specs: vec![Spec::V20, Spec::V21],
        ..Filter::default()
    };
    let typed = Filter {
        types: vec!["malware".to_owned()],
        ..Filter::default()
    };
    for (filter, index) in [
        (newest, "collection_entry_class"),
        (everything, "collection_entry_class"),
        (typed, "collection_entry_type"),
    ] {
        let plan = plan_of(&mut tx, &filter).await;
        assert!(plan.contains(index), "{plan}");
        if is_sqlite {
            assert!(plan.contains("SEARCH collection_entry"), "{plan}");
            assert!(!plan.contains("SCAN collection_entry"), "{plan}");
        } else {
            assert!(!plan.contains("Seq Scan on collection_entry"), "{plan}");
            assert!(
                !plan.contains("Bitmap"),
                "a run is read in its order: {plan}"
            );
        }
    }
}
