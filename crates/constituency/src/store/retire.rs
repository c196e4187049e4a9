//! SQL of assets that a whole list does not name any more.

use db::{DbError, Tx, dialect::Sql, query};
use kernel::{Mode, Timestamp};
use serde_json::json;
use uuid::Uuid;

/// Notes organisations that an import names.
pub(crate) async fn scope(tx: &mut Tx, import: i64, organisations: &[i64]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO constituency_import_scope (import, organisation) \
                 SELECT $1, value FROM json_each($2) WHERE true \
                 ON CONFLICT (import, organisation) DO NOTHING",
        postgres: "INSERT INTO constituency_import_scope (import, organisation) \
                   SELECT $1, CAST(value AS bigint) \
                   FROM json_array_elements_text(CAST($2 AS json)) AS t(value) \
                   ON CONFLICT (import, organisation) DO NOTHING",
    };
    if organisations.is_empty() {
        return Ok(());
    }
    let statement = query(SQL.on(tx)).bind(import);
    let rows = json!(organisations).to_string();
    statement.bind(rows).execute(tx).await?;
    Ok(())
}

/// How many assets of the organisations of an import are there, and how many of them it and later ones
/// have not seen.
pub(crate) async fn unseen(
    tx: &mut Tx,
    mode: Mode,
    import: i64,
) -> Result<(i64, i64, i64), DbError> {
    const SQL: &str = "SELECT CAST(coalesce(sum(there), 0) AS bigint), \
                       CAST(coalesce(sum(gone), 0) AS bigint), \
                       CAST(coalesce(max(CASE WHEN gone * 10 > there THEN 1 ELSE 0 END), 0) AS bigint) \
                       FROM (SELECT count(*) AS there, \
                       sum(CASE WHEN import < $1 THEN 1 ELSE 0 END) AS gone \
                       FROM constituency_asset WHERE exercise = $2 \
                       AND retired_at IS NULL AND organisation IN \
                       (SELECT organisation FROM constituency_import_scope WHERE import = $1) \
                       GROUP BY organisation) AS each";
    let statement = query(SQL).bind(import).bind(mode.is_exercise());
    statement.fetch_one(tx).await
}

/// Retires what an import and later ones have not seen, in one statement. Gives how many these were.
pub(crate) async fn retire(
    tx: &mut Tx,
    mode: Mode,
    (import, at): (i64, Timestamp),
) -> Result<u64, DbError> {
    const SQL: &str = "UPDATE constituency_asset SET retired_at = $3 WHERE exercise = $2 \
                       AND import < $1 AND retired_at IS NULL AND organisation IN \
                       (SELECT organisation FROM constituency_import_scope WHERE import = $1)";
    let statement = query(SQL).bind(import).bind(mode.is_exercise());
    statement.bind(at.as_micros()).execute(tx).await
}

/// Brings assets back that an import names again as they were.
pub(crate) async fn bring_back(
    tx: &mut Tx,
    (import, at): (i64, Timestamp),
    ids: &[Uuid],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "UPDATE constituency_asset SET retired_at = NULL, changed_at = $3, \
                 import = max(import, $1) WHERE id IN (SELECT unhex(value) FROM json_each($2))",
        postgres: "UPDATE constituency_asset SET retired_at = NULL, changed_at = $3, \
                   import = greatest(import, $1) WHERE id IN (SELECT CAST(value AS uuid) \
                   FROM json_array_elements_text(CAST($2 AS json)) AS w(value))",
    };
    if ids.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = ids.iter().map(|id| id.simple().to_string()).collect();
    query(SQL.on(tx))
        .bind(import)
        .bind(json!(ids).to_string())
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Lines of an import that were refused, but for those of assets that it states otherwise elsewhere.
pub(crate) async fn unread(tx: &mut Tx, import: i64) -> Result<i64, DbError> {
    const SQL: &str =
        "SELECT count(*) FROM constituency_refused WHERE import = $1 AND reason <> 'double'";
    let (count,): (i64,) = query(SQL).bind(import).fetch_one(tx).await?;
    Ok(count)
}

/// Assets of an organisation that are there, by their names, after one of that name and id.
pub(crate) async fn there(
    tx: &mut Tx,
    organisation: i64,
    (after, most): (&(String, Uuid), i64),
) -> Result<Vec<(String, Uuid)>, DbError> {
    const SQL: &str = "SELECT name_key, id FROM constituency_asset WHERE organisation = $1 \
                       AND retired_at IS NULL AND (name_key, id) > ($2, $3) \
                       ORDER BY name_key, id LIMIT $4";
    query(SQL)
        .bind(organisation)
        .bind(&after.0)
        .bind(after.1)
        .bind(most)
        .fetch_all(tx)
        .await
}
