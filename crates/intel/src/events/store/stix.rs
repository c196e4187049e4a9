use db::{DbError, Tx, dialect::Sql, query};
use serde_json::json;

/// Keeps in mind which objects an event of that version stands behind: event, collection, version.
pub(crate) async fn note(
    tx: &mut Tx,
    (event, slot, version): (i64, i64, i64),
    ids: &[String],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO misp_expressed (event, stix_id, slot, version) \
                 SELECT DISTINCT $1, value, $2, $3 FROM json_each($4) WHERE true \
                 ON CONFLICT (event, stix_id) DO UPDATE SET version = excluded.version",
        postgres: "INSERT INTO misp_expressed (event, stix_id, slot, version) \
                   SELECT DISTINCT CAST($1 AS bigint), value, CAST($2 AS bigint), \
                   CAST($3 AS bigint) FROM json_array_elements_text(CAST($4 AS json)) AS t(value) \
                   ON CONFLICT (event, stix_id) DO UPDATE SET version = excluded.version",
    };
    let statement = query(SQL.on(tx)).bind(event).bind(slot).bind(version);
    statement.bind(json!(ids).to_string()).execute(tx).await?;
    Ok(())
}

/// Objects that an event stood behind before a version and no longer, with their collections.
pub(crate) async fn stale(
    tx: &mut Tx,
    (event, before): (i64, i64),
    most: u32,
) -> Result<Vec<(i64, String)>, DbError> {
    const SQL: &str = "SELECT slot, stix_id FROM misp_expressed \
                       WHERE event = $1 AND version < $2 ORDER BY stix_id LIMIT $3";
    let statement = query(SQL).bind(event).bind(before);
    statement.bind(i64::from(most)).fetch_all(tx).await
}

/// Forgets that an event stood behind an object.
pub(crate) async fn forget(tx: &mut Tx, event: i64, stix_id: &str) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM misp_expressed WHERE event = $1 AND stix_id = $2";
    query(SQL).bind(event).bind(stix_id).execute(tx).await?;
    Ok(())
}
