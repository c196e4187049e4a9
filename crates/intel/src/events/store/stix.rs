use std::collections::BTreeSet;

use db::{DbError, Tx, dialect::Sql, query};
use kernel::hex;
use serde_json::json;

/// A version of an object of STIX, as an event stands behind it.
#[derive(Clone, Debug)]
pub(crate) struct Behind {
    pub(crate) stix_id: String,
    /// Of its canonical form.
    pub(crate) sha256: [u8; 32],
    /// Whether others may stand behind the object too.
    pub(crate) shared: bool,
}

db::row! {
    /// A version of an object that an event stood behind.
    #[derive(Clone, Debug)]
    pub(crate) struct Row {
        pub(crate) event: i64,
        pub(crate) slot: i64,
        pub(crate) stix_id: String,
        /// Empty where it is not known which version it was.
        pub(crate) sha256: Vec<u8>,
        /// That of the event.
        pub(crate) version: i64,
        pub(crate) shared: bool,
    }
}

/// Keeps in mind which versions of which objects an event of that version stands behind: event,
/// collection, version.
pub(crate) async fn note(
    tx: &mut Tx,
    (event, slot, version): (i64, i64, i64),
    all: &[Behind],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO misp_expressed (event, stix_id, sha256, slot, version, shared) \
                 SELECT DISTINCT $1, json_extract(value, '$[0]'), \
                 unhex(json_extract(value, '$[1]')), $2, $3, json_extract(value, '$[2]') \
                 FROM json_each($4) WHERE true ON CONFLICT (event, stix_id, sha256) \
                 DO UPDATE SET version = excluded.version",
        postgres: "INSERT INTO misp_expressed (event, stix_id, sha256, slot, version, shared) \
                   SELECT DISTINCT CAST($1 AS bigint), value->>0, decode(value->>1, 'hex'), \
                   CAST($2 AS bigint), CAST($3 AS bigint), CAST(value->>2 AS boolean) \
                   FROM json_array_elements(CAST($4 AS json)) AS t(value) \
                   ON CONFLICT (event, stix_id, sha256) DO UPDATE SET version = excluded.version",
    };
    let rows: Vec<_> = all
        .iter()
        .map(|one| json!([one.stix_id, hex(&one.sha256), one.shared]))
        .collect();
    let statement = query(SQL.on(tx)).bind(event).bind(slot).bind(version);
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    Ok(())
}

/// Versions of objects that an event stood behind before a version and no longer: what is its alone
/// comes before what others may stand behind.
pub(crate) async fn stale(
    tx: &mut Tx,
    (event, before): (i64, i64),
    most: u32,
) -> Result<Vec<Row>, DbError> {
    const SQL: &str = "SELECT event, slot, stix_id, sha256, version, shared FROM misp_expressed \
                       WHERE event = $1 AND version < $2 ORDER BY shared, stix_id LIMIT $3";
    let statement = query(SQL).bind(event).bind(before);
    statement.bind(i64::from(most)).fetch_all(tx).await
}

/// Who stands or stood behind these objects of a collection.
pub(crate) async fn of(tx: &mut Tx, slot: i64, ids: &[&str]) -> Result<Vec<Row>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT x.event, x.slot, x.stix_id, x.sha256, x.version, x.shared \
                 FROM json_each($2) AS w CROSS JOIN misp_expressed AS x \
                 INDEXED BY misp_expressed_object ON x.slot = $1 AND x.stix_id = w.value",
        postgres: "SELECT x.event, x.slot, x.stix_id, x.sha256, x.version, x.shared \
                   FROM json_array_elements_text(CAST($2 AS json)) AS w(value) \
                   JOIN misp_expressed AS x ON x.slot = $1 AND x.stix_id = w.value",
    };
    let statement = query(SQL.on(tx)).bind(slot).bind(json!(ids).to_string());
    statement.fetch_all(tx).await
}

/// Forgets that an event stood behind versions of an object before a version.
pub(crate) async fn forget(
    tx: &mut Tx,
    (event, before): (i64, i64),
    stix_id: &str,
) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM misp_expressed \
                       WHERE event = $1 AND stix_id = $2 AND version < $3";
    let statement = query(SQL).bind(event).bind(stix_id).bind(before);
    statement.execute(tx).await?;
    Ok(())
}

/// Those versions of these objects that events stand behind, by id and digest.
pub(crate) async fn behind_in(
    tx: &mut Tx,
    slot: i64,
    ids: &[&str],
) -> Result<BTreeSet<(String, Vec<u8>)>, DbError> {
    let rows = of(tx, slot, ids).await?.into_iter();
    Ok(rows.map(|row| (row.stix_id, row.sha256)).collect())
}
