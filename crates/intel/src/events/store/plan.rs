//! What the engines say of how they would run a statement, and a database that is large enough to
//! mislead them.

use db::{Engine, Query, Tx, dialect::Sql, query};

/// Events of the collection, and attributes of the first.
pub(crate) const MANY: i64 = 20_000;

/// A collection with many events, of which the first has many attributes: each fiftieth is GREEN, the
/// others are RED or were taken back.
pub(crate) async fn fill(tx: &mut Tx) {
    const COLLECTION: Sql = Sql {
        sqlite: "INSERT INTO collection (id, public_id, slot, root, exercise, alias, title, \
                 description, ceiling, unmarked, version, created_at, updated_at) \
                 VALUES (x'01', x'01', 1, 'intel', 0, 'feed', 'A feed', '', 4, 1, 1, 0, 0)",
        postgres: "INSERT INTO collection (id, public_id, slot, root, exercise, alias, title, \
                   description, ceiling, unmarked, version, created_at, updated_at) \
                   VALUES (gen_random_uuid(), gen_random_uuid(), 1, 'intel', false, 'feed', \
                   'A feed', '', 4, 1, 1, 0, 0)",
    };
    const ORG: Sql = Sql {
        sqlite: "INSERT INTO misp_org (id, uuid, name) VALUES (1, randomblob(16), 'x')",
        postgres: "INSERT INTO misp_org (id, uuid, name) VALUES (1, gen_random_uuid(), 'x')",
    };
    const EVENTS: Sql = Sql {
        sqlite: "INSERT INTO misp_event (id, slot, uuid, tlp, org, orgc, locked, published, info, \
                 date, timestamp, publish_timestamp, sighted_at, threat_level, analysis, \
                 distribution, attributes, parts, creator, version, head, losses) \
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                 SELECT i, 1, randomblob(16), CASE WHEN i % 50 = 1 THEN 1 ELSE 4 END, 1, 1, 0, 0, \
                 'event', '2026-01-01', i % 977, 0, 0, 4, 0, 0, 0, 0, '', 1, '{}', '[]' FROM n",
        postgres: "INSERT INTO misp_event (id, slot, uuid, tlp, org, orgc, locked, published, \
                   info, date, timestamp, publish_timestamp, sighted_at, threat_level, analysis, \
                   distribution, attributes, parts, creator, version, head, losses) \
                   SELECT i, 1, gen_random_uuid(), CASE WHEN i % 50 = 1 THEN 1 ELSE 4 END, 1, 1, \
                   false, false, 'event', '2026-01-01', i % 977, 0, 0, 4, 0, 0, 0, 0, '', 1, \
                   '{}', '[]' FROM generate_series(1, $1) AS n(i)",
    };
    const ATTRIBUTES: Sql = Sql {
        sqlite: "INSERT INTO misp_attribute (id, event, object, slot, uuid, tlp, type, category, \
                 relation, value, to_ids, deleted, timestamp, body) \
                 WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
                 SELECT i, 1, 0, 1, randomblob(16), CASE WHEN i % 50 < 25 THEN 1 ELSE 4 END, \
                 'domain', 'x', '', 'v' || i, 1, i % 50 BETWEEN 1 AND 30, 0, hex(zeroblob(300)) FROM n",
        postgres: "INSERT INTO misp_attribute (id, event, object, slot, uuid, tlp, type, \
                   category, relation, value, to_ids, deleted, timestamp, body) \
                   SELECT i, 1, 0, 1, gen_random_uuid(), CASE WHEN i % 50 < 25 THEN 1 ELSE 4 END, \
                   'domain', 'x', '', 'v' || i, true, i % 50 BETWEEN 1 AND 30, 0, repeat('0', 600) \
                   FROM generate_series(1, $1) AS n(i)",
    };
    const VALUES: &str = "INSERT INTO misp_value (norm, attribute) \
                          SELECT CASE WHEN id % 100 = 0 THEN 'common' ELSE value END, id \
                          FROM misp_attribute";
    query(COLLECTION.on(tx)).execute(tx).await.unwrap();
    query(ORG.on(tx)).execute(tx).await.unwrap();
    for sql in [EVENTS, ATTRIBUTES] {
        query(sql.on(tx)).bind(MANY).execute(tx).await.unwrap();
    }
    query(VALUES).execute(tx).await.unwrap();
    // SQLite has no statistics in a node; PostgreSQL gathers them by itself.
    if tx.engine() == Engine::Postgres {
        for sql in [
            "ANALYZE misp_event",
            "ANALYZE misp_attribute",
            "ANALYZE misp_value",
        ] {
            query(sql).execute(tx).await.unwrap();
        }
    }
}

/// A statement that asks for a plan, to which the question is to be added.
pub(crate) fn explain(tx: &Tx) -> Query<'static> {
    const HEAD: Sql = Sql {
        sqlite: "EXPLAIN QUERY PLAN ",
        postgres: "EXPLAIN ",
    };
    query(HEAD.on(tx))
}

/// The plan, a line a step.
pub(crate) async fn lines(tx: &mut Tx, statement: Query<'_>) -> String {
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

/// Asserts that no table is read from its beginning to its end.
pub(crate) fn reads_no_whole_table(plan: &str) {
    for table in ["misp_event", "misp_attribute", "misp_value"] {
        let whole = [format!("Seq Scan on {table}"), format!("SCAN {table}\n")];
        for whole in whole {
            assert!(!format!("{plan}\n").contains(&whole), "{plan}");
        }
    }
    for alias in ["SCAN a", "SCAN e", "SCAN v", "SCAN f", "SCAN h"] {
        assert!(!plan.lines().any(|line| line.trim() == alias), "{plan}");
    }
}
