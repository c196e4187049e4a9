use db::{DbError, Tx, dialect::Sql, query};
use serde_json::json;

use super::value::Sees;

/// Rows of one statement.
const ROWS_MAX: usize = 20_000;

/// Adds what entries are about: ids with the places of the entries.
pub(crate) async fn insert(tx: &mut Tx, slot: i64, rows: &[(&str, i64)]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO intel_reference (to_id, slot, added) \
                 SELECT json_extract(value, '$[0]'), $1, json_extract(value, '$[1]') \
                 FROM json_each($2) WHERE true ON CONFLICT DO NOTHING",
        postgres: "INSERT INTO intel_reference (to_id, slot, added) \
                   SELECT value->>0, $1, CAST(value->>1 AS bigint) \
                   FROM json_array_elements(CAST($2 AS json)) AS t(value) ON CONFLICT DO NOTHING",
    };
    write(tx, slot, rows, SQL).await
}

/// Takes out what entries are about.
pub(crate) async fn delete(tx: &mut Tx, slot: i64, rows: &[(&str, i64)]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "DELETE FROM intel_reference WHERE (to_id, slot, added) IN \
                 (SELECT json_extract(value, '$[0]'), $1, json_extract(value, '$[1]') \
                 FROM json_each($2))",
        postgres: "DELETE FROM intel_reference AS r USING json_array_elements(CAST($2 AS json)) \
                   AS t(value) WHERE r.to_id = t.value->>0 AND r.slot = $1 \
                   AND r.added = CAST(t.value->>1 AS bigint)",
    };
    write(tx, slot, rows, SQL).await
}

async fn write(tx: &mut Tx, slot: i64, rows: &[(&str, i64)], sql: Sql) -> Result<(), DbError> {
    for rows in rows.chunks(ROWS_MAX) {
        let statement = query(sql.on(tx)).bind(slot);
        statement.bind(json!(rows).to_string()).execute(tx).await?;
    }
    Ok(())
}

/// Whether an entry of a collection is about an object that is none of those which events stand behind.
pub(crate) async fn is_told_of(tx: &mut Tx, slot: i64, id: &str) -> Result<bool, DbError> {
    const SQL: &str = "SELECT count(*) AS found FROM (SELECT 1 FROM intel_reference AS r \
                       JOIN collection_entry AS e ON e.slot = r.slot AND e.added = r.added \
                       WHERE r.to_id = $1 AND r.slot = $2 AND NOT EXISTS \
                       (SELECT 1 FROM misp_expressed AS x \
                       WHERE x.slot = e.slot AND x.stix_id = e.stix_id) LIMIT 1) AS told";
    let (found,): (i64,) = query(SQL).bind(id).bind(slot).fetch_one(tx).await?;
    Ok(found > 0)
}

db::row! {
    /// An entry that is about an object.
    #[derive(Clone, Debug)]
    pub(crate) struct About {
        pub(crate) stix_id: String,
        pub(crate) class: i32,
        pub(crate) revoked: bool,
        pub(crate) body: String,
    }
}

/// The newest entries of a collection that are about an object, of those that the viewer sees.
pub(crate) async fn about(
    tx: &mut Tx,
    (slot, mask): (i64, i32),
    id: &str,
    most: i64,
) -> Result<Vec<About>, DbError> {
    let mut statement = query(
        "SELECT e.stix_id, e.class, v.revoked, v.body FROM intel_reference AS r \
         CROSS JOIN collection_entry AS e CROSS JOIN stix_version AS v \
         WHERE e.slot = r.slot AND e.added = r.added AND v.number = e.object AND r.slot = ",
    );
    statement.push_bind(slot).push(" AND r.to_id = ");
    statement.push_bind(id.to_owned());
    Sees::new([(slot, mask)]).push(&mut statement, "r.slot");
    statement
        .push(" ORDER BY r.added DESC LIMIT ")
        .push_bind(most);
    statement.fetch_all(tx).await
}
