//! Entries as they are given to other parties, and what was taken out.

use db::{DbError, Tx, dialect::Sql, query};
use serde_json::json;

db::row! {
    /// An entry with its object.
    pub(crate) struct Body {
        pub(crate) added: i64,
        pub(crate) stix_id: String,
        pub(crate) class: i32,
        pub(crate) sha256: Vec<u8>,
        pub(crate) object: String,
    }
}

/// So many contents are dropped by one statement.
const DROPPED_AT_ONCE: usize = 1_000;

/// Places, classes and sizes of the entries after a place.
pub(crate) async fn sizes(
    tx: &mut Tx,
    slot: i64,
    after: i64,
    most: i64,
) -> Result<Vec<(i64, i32, i64)>, DbError> {
    const SQL: &str = "SELECT added, class, CAST(bytes AS BIGINT) AS bytes FROM collection_entry \
                       WHERE slot = $1 AND added > $2 ORDER BY added LIMIT $3";
    let statement = query(SQL).bind(slot).bind(after).bind(most);
    statement.fetch_all(tx).await
}

/// The entries between two places whose labels a mask holds.
pub(crate) async fn bodies(
    tx: &mut Tx,
    slot: i64,
    (after, until): (i64, i64),
    mask: i32,
) -> Result<Vec<Body>, DbError> {
    const SQL: &str = "SELECT e.added, e.stix_id, e.class, v.sha256, v.body AS object \
                       FROM collection_entry AS e JOIN stix_version AS v ON v.number = e.object \
                       WHERE e.slot = $1 AND e.added > $2 AND e.added <= $3 \
                       AND ((1 << (e.class & 7)) & $4) <> 0 ORDER BY e.added";
    let statement = query(SQL).bind(slot).bind(after).bind(until).bind(mask);
    statement.fetch_all(tx).await
}

/// The objects of the entries between two places whose labels a mask does not hold.
pub(crate) async fn stricter(
    tx: &mut Tx,
    slot: i64,
    (after, until): (i64, i64),
    mask: i32,
) -> Result<Vec<String>, DbError> {
    const SQL: &str = "SELECT DISTINCT stix_id FROM collection_entry \
                       WHERE slot = $1 AND added > $2 AND added <= $3 \
                       AND ((1 << (class & 7)) & $4) = 0";
    let statement = query(SQL).bind(slot).bind(after).bind(until).bind(mask);
    let rows: Vec<(String,)> = statement.fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The objects of the entries of a class after a place, with their places.
pub(crate) async fn of_class(
    tx: &mut Tx,
    (slot, class): (i64, i32),
    after: i64,
    most: i64,
) -> Result<Vec<(i64, String)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT added, stix_id FROM collection_entry INDEXED BY collection_entry_class \
                 WHERE slot = $1 AND class = $2 AND added > $3 ORDER BY added LIMIT $4",
        postgres: "SELECT added, stix_id FROM collection_entry \
                   WHERE slot = $1 AND class = $2 AND added > $3 ORDER BY added LIMIT $4",
    };
    let statement = query(SQL.on(tx)).bind(slot).bind(class).bind(after);
    statement.bind(most).fetch_all(tx).await
}

/// What a collection holds of the ids after one, by id. The last id is whole, however many versions
/// it has.
pub(crate) async fn items(
    tx: &mut Tx,
    slot: i64,
    after: &str,
    most: i64,
) -> Result<Vec<(String, Vec<u8>, i32)>, DbError> {
    const SQL: &str = "SELECT e.stix_id, v.sha256, e.class FROM collection_entry AS e \
                       JOIN stix_version AS v ON v.number = e.object \
                       WHERE e.slot = $1 AND e.stix_id > $2 AND e.stix_id <= \
                       (SELECT max(stix_id) FROM (SELECT stix_id FROM collection_entry \
                       WHERE slot = $1 AND stix_id > $2 ORDER BY stix_id LIMIT $3) AS first) \
                       ORDER BY e.stix_id, e.version, e.added";
    let statement = query(SQL).bind(slot).bind(after).bind(most);
    statement.fetch_all(tx).await
}

/// Notes that the entries of an object at these places are gone.
pub(crate) async fn note_gone(
    tx: &mut Tx,
    slot: i64,
    (stix_id, next): (&str, i64),
    places: &[i64],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO collection_gone (slot, gone, added, stix_id) \
                 SELECT $1, $3 + key, value, $2 FROM json_each($4)",
        postgres: "INSERT INTO collection_gone (slot, gone, added, stix_id) \
                   SELECT $1, $3 + place - 1, CAST(value AS bigint), $2 \
                   FROM json_array_elements_text(CAST($4 AS json)) \
                   WITH ORDINALITY AS t(value, place)",
    };
    let statement = query(SQL.on(tx)).bind(slot).bind(stix_id).bind(next);
    statement
        .bind(json!(places).to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that all entries are gone. Gives their number.
pub(crate) async fn note_all_gone(tx: &mut Tx, slot: i64, next: i64) -> Result<u64, DbError> {
    const SQL: &str = "INSERT INTO collection_gone (slot, gone, added, stix_id) \
                       SELECT slot, $2 + row_number() OVER (ORDER BY added) - 1, added, stix_id \
                       FROM collection_entry WHERE slot = $1";
    query(SQL).bind(slot).bind(next).execute(tx).await
}

/// What went after a place, in order: the place of its going, and the place that it had.
pub(crate) async fn gone(
    tx: &mut Tx,
    slot: i64,
    after: i64,
    most: i64,
) -> Result<Vec<(i64, i64)>, DbError> {
    const SQL: &str = "SELECT gone, added FROM collection_gone WHERE slot = $1 AND gone > $2 \
                       ORDER BY gone LIMIT $3";
    let statement = query(SQL).bind(slot).bind(after).bind(most);
    statement.fetch_all(tx).await
}

/// The place of the newest going.
pub(crate) async fn newest_gone(tx: &mut Tx, slot: i64) -> Result<i64, DbError> {
    const SQL: &str = "SELECT coalesce(max(gone), 0) AS gone FROM collection_gone WHERE slot = $1";
    let (gone,): (i64,) = query(SQL).bind(slot).fetch_one(tx).await?;
    Ok(gone)
}

/// Forgets that objects were deleted.
pub(crate) async fn unbury(tx: &mut Tx, slot: i64, ids: &[&str]) -> Result<(), DbError> {
    let mut statement = query("DELETE FROM collection_tombstone WHERE slot = ");
    statement.push_bind(slot);
    statement.push(" AND stix_id IN (");
    statement.push_list(ids.iter().map(|id| (*id).to_owned()));
    statement.push(")");
    if !ids.is_empty() {
        statement.execute(tx).await?;
    }
    Ok(())
}

/// Keeps in mind that all objects were deleted.
pub(crate) async fn bury_all(tx: &mut Tx, slot: i64, (at, by): (i64, &str)) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO collection_tombstone \
                       (slot, stix_id, deleted_at, deleted_by, tlp) \
                       SELECT slot, stix_id, $2, $3, min(class & 7) FROM collection_entry \
                       WHERE slot = $1 GROUP BY slot, stix_id ON CONFLICT (slot, stix_id) DO NOTHING";
    query(SQL).bind(slot).bind(at).bind(by).execute(tx).await?;
    Ok(())
}

/// Takes all entries out. Gives the numbers of their contents.
pub(crate) async fn delete_all(tx: &mut Tx, slot: i64) -> Result<Vec<i64>, DbError> {
    const COUNTS: &str = "DELETE FROM collection_count WHERE slot = $1";
    const SQL: &str = "DELETE FROM collection_entry WHERE slot = $1 RETURNING object";
    query(COUNTS).bind(slot).execute(tx).await?;
    let rows: Vec<(i64,)> = query(SQL).bind(slot).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(object,)| object).collect())
}

/// Takes those of these contents away that stand in no collection any more.
pub(crate) async fn drop_orphans(tx: &mut Tx, objects: &[i64]) -> Result<(), DbError> {
    for some in objects.chunks(DROPPED_AT_ONCE) {
        let mut statement = query("DELETE FROM stix_version WHERE number IN (");
        statement.push_list(some.iter().copied());
        statement.push(
            ") AND NOT EXISTS (SELECT 1 FROM collection_entry AS e \
             WHERE e.object = stix_version.number)",
        );
        statement.execute(tx).await?;
    }
    Ok(())
}
