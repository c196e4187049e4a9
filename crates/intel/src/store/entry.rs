use db::{DbError, Tx, dialect::Sql, query};
use kernel::{Tlp, hex};
use serde_json::json;
use uuid::Uuid;

use crate::model::Class;

db::row! {
    /// An entry of a collection, as far as adding others depends on it.
    #[derive(Debug)]
    pub(crate) struct Present {
        pub(crate) stix_id: String,
        pub(crate) version: i64,
        pub(crate) added: i64,
        pub(crate) class: i32,
        pub(crate) sha256: Vec<u8>,
        pub(crate) giver: i64,
    }
}

/// An entry to be written.
#[derive(Debug)]
pub(crate) struct New<'o> {
    pub(crate) added: i64,
    pub(crate) class: Class,
    /// The number of its content.
    pub(crate) object: i64,
    pub(crate) kind: &'o str,
    pub(crate) stix_id: &'o str,
    pub(crate) version: i64,
    pub(crate) bytes: usize,
}

/// A content to be written.
#[derive(Debug)]
pub(crate) struct Content<'o> {
    pub(crate) number: i64,
    pub(crate) stix_id: &'o str,
    pub(crate) sha256: &'o [u8; 32],
    pub(crate) revoked: bool,
    pub(crate) body: &'o str,
}

/// The entries of these objects.
pub(crate) async fn present(tx: &mut Tx, slot: i64, ids: &[&str]) -> Result<Vec<Present>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT e.stix_id, e.version, e.added, e.class, v.sha256, e.giver \
                 FROM json_each($2) AS w CROSS JOIN collection_entry AS e \
                 INDEXED BY collection_entry_id ON e.slot = $1 AND e.stix_id = w.value \
                 JOIN stix_version AS v ON v.number = e.object ORDER BY e.added",
        postgres: "SELECT e.stix_id, e.version, e.added, e.class, v.sha256, e.giver \
                   FROM json_array_elements_text(CAST($2 AS json)) AS w(value) \
                   JOIN collection_entry AS e ON e.slot = $1 AND e.stix_id = w.value \
                   JOIN stix_version AS v ON v.number = e.object ORDER BY e.added",
    };
    let statement = query(SQL.on(tx)).bind(slot).bind(json!(ids).to_string());
    statement.fetch_all(tx).await
}

/// The number of a guest among those who give.
pub(crate) async fn giver(tx: &mut Tx, name: &str) -> Result<Option<i64>, DbError> {
    const SQL: &str = "SELECT number FROM intel_giver WHERE name = $1";
    let row: Option<(i64,)> = query(SQL).bind(name).fetch_optional(tx).await?;
    Ok(row.map(|(number,)| number))
}

/// Gives a guest a number, where he has none.
pub(crate) async fn insert_giver(tx: &mut Tx, name: &str) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO intel_giver (number, name) \
                       SELECT coalesce(max(number), 0) + 1, $1 FROM intel_giver WHERE true \
                       ON CONFLICT (name) DO NOTHING";
    query(SQL).bind(name).execute(tx).await?;
    Ok(())
}

/// Those of these objects that were deleted from the collection, with their labels.
pub(crate) async fn deleted(
    tx: &mut Tx,
    slot: i64,
    ids: &[&str],
) -> Result<Vec<(String, i32)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT t.stix_id, t.tlp FROM json_each($2) AS w CROSS JOIN collection_tombstone AS t \
                 ON t.slot = $1 AND t.stix_id = w.value",
        postgres: "SELECT t.stix_id, t.tlp \
                   FROM json_array_elements_text(CAST($2 AS json)) AS w(value) \
                   JOIN collection_tombstone AS t ON t.slot = $1 AND t.stix_id = w.value",
    };
    let statement = query(SQL.on(tx)).bind(slot).bind(json!(ids).to_string());
    statement.fetch_all(tx).await
}

/// The numbers of contents that are kept already, with their ids and digests in hexadecimal.
pub(crate) async fn contents(
    tx: &mut Tx,
    exercise: bool,
    wanted: &[(&str, String)],
) -> Result<Vec<(String, Vec<u8>, i64)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT v.stix_id, v.sha256, v.number FROM json_each($2) AS w \
                 CROSS JOIN stix_version AS v ON v.stix_id = json_extract(w.value, '$[0]') \
                 AND v.sha256 = unhex(json_extract(w.value, '$[1]')) AND v.exercise = $1",
        postgres: "SELECT v.stix_id, v.sha256, v.number \
                   FROM json_array_elements(CAST($2 AS json)) AS w(value) \
                   JOIN stix_version AS v ON v.stix_id = w.value->>0 \
                   AND v.sha256 = decode(w.value->>1, 'hex') AND v.exercise = $1",
    };
    let statement = query(SQL.on(tx)).bind(exercise);
    statement
        .bind(json!(wanted).to_string())
        .fetch_all(tx)
        .await
}

/// Writes contents.
pub(crate) async fn insert_contents(
    tx: &mut Tx,
    exercise: bool,
    contents: &[Content<'_>],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO stix_version (number, exercise, stix_id, sha256, revoked, body) \
                 SELECT json_extract(value, '$[0]'), $1, json_extract(value, '$[1]'), \
                 unhex(json_extract(value, '$[2]')), json_extract(value, '$[3]'), \
                 json_extract(value, '$[4]') FROM json_each($2)",
        postgres: "INSERT INTO stix_version (number, exercise, stix_id, sha256, revoked, body) \
                   SELECT CAST(value->>0 AS bigint), $1, value->>1, decode(value->>2, 'hex'), \
                   CAST(value->>3 AS boolean), value->>4 \
                   FROM json_array_elements(CAST($2 AS json)) AS t(value)",
    };
    let rows: Vec<_> = contents
        .iter()
        .map(|content| {
            let sha256 = hex(content.sha256);
            json!([
                content.number,
                content.stix_id,
                sha256,
                content.revoked,
                content.body
            ])
        })
        .collect();
    let statement = query(SQL.on(tx)).bind(exercise);
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    Ok(())
}

/// Writes entries that one gave.
pub(crate) async fn insert(
    tx: &mut Tx,
    (slot, giver): (i64, i64),
    entries: &[New<'_>],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO collection_entry (slot, giver, added, class, object, type, stix_id, \
                 version, bytes) SELECT $1, $2, json_extract(value, '$[0]'), \
                 json_extract(value, '$[1]'), json_extract(value, '$[2]'), \
                 json_extract(value, '$[3]'), json_extract(value, '$[4]'), \
                 json_extract(value, '$[5]'), json_extract(value, '$[6]') FROM json_each($3)",
        postgres: "INSERT INTO collection_entry (slot, giver, added, class, object, type, stix_id, \
                   version, bytes) SELECT CAST($1 AS bigint), CAST($2 AS bigint), \
                   CAST(value->>0 AS bigint), \
                   CAST(value->>1 AS integer), CAST(value->>2 AS bigint), value->>3, value->>4, \
                   CAST(value->>5 AS bigint), CAST(value->>6 AS integer) \
                   FROM json_array_elements(CAST($3 AS json)) AS t(value)",
    };
    let rows: Vec<_> = entries
        .iter()
        .map(|new| {
            let class = new.class.code();
            let (kind, id) = (new.kind, new.stix_id);
            json!([
                new.added,
                class,
                new.object,
                kind,
                id,
                new.version,
                new.bytes
            ])
        })
        .collect();
    let statement = query(SQL.on(tx)).bind(slot).bind(giver);
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    Ok(())
}

/// The slot stands in the rows: as a value of its own it has SQLite go through the whole collection.
const RECLASS: Sql = Sql {
    sqlite: "UPDATE collection_entry SET class = json_extract(w.value, '$[2]') \
             FROM json_each($1) AS w WHERE slot = json_extract(w.value, '$[0]') \
             AND added = json_extract(w.value, '$[1]')",
    postgres: "UPDATE collection_entry SET class = CAST(w.value->>2 AS integer) \
               FROM json_array_elements(CAST($1 AS json)) AS w(value) \
               WHERE slot = CAST(w.value->>0 AS bigint) AND added = CAST(w.value->>1 AS bigint)",
};

/// Gives entries, by their place, another class: a statement, whether there are any or not.
pub(crate) async fn reclass(tx: &mut Tx, slot: i64, changes: &[(i64, i32)]) -> Result<(), DbError> {
    let rows: Vec<_> = changes
        .iter()
        .map(|(added, class)| (slot, added, class))
        .collect();
    let statement = query(RECLASS.on(tx));
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    Ok(())
}

/// Counts entries anew: by type and class, and with an empty type for all of a class.
pub(crate) async fn count(
    tx: &mut Tx,
    slot: i64,
    changes: &[(String, i32, i64)],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO collection_count (slot, type, class, entries) \
                 SELECT $1, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]') FROM json_each($2) WHERE true \
                 ON CONFLICT (slot, type, class) \
                 DO UPDATE SET entries = collection_count.entries + excluded.entries",
        postgres: "INSERT INTO collection_count (slot, type, class, entries) \
                   SELECT $1, value->>0, CAST(value->>1 AS integer), CAST(value->>2 AS bigint) \
                   FROM json_array_elements(CAST($2 AS json)) AS t(value) \
                   ON CONFLICT (slot, type, class) \
                   DO UPDATE SET entries = collection_count.entries + excluded.entries",
    };
    let statement = query(SQL.on(tx)).bind(slot);
    statement
        .bind(json!(changes).to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// The types and classes that a collection has, with the number of entries of each; an empty type
/// stands for all.
pub(crate) async fn counts(
    tx: &mut Tx,
    slot: i64,
    kinds: &[&str],
) -> Result<Vec<(String, i32, i64)>, DbError> {
    let mut statement = query("SELECT type, class, entries FROM collection_count WHERE slot = ");
    statement.push_bind(slot);
    statement.push(" AND entries > 0 AND type IN (");
    statement.push_list(kinds.iter().copied());
    statement.push(") ORDER BY type, class");
    statement.fetch_all(tx).await
}

/// All types that a collection has, with their classes and numbers of entries.
pub(crate) async fn counts_of_types(
    tx: &mut Tx,
    slot: i64,
) -> Result<Vec<(String, i32, i64)>, DbError> {
    const SQL: &str = "SELECT type, class, entries FROM collection_count \
                       WHERE slot = $1 AND entries > 0 AND type <> '' ORDER BY type, class";
    query(SQL).bind(slot).fetch_all(tx).await
}

/// Takes entries out, by their place.
pub(crate) async fn delete(tx: &mut Tx, slot: i64, places: &[i64]) -> Result<(), DbError> {
    let mut statement = query("DELETE FROM collection_entry WHERE slot = ");
    statement.push_bind(slot);
    statement.push(" AND added IN (");
    statement.push_list(places.iter().copied());
    statement.push(")");
    statement.execute(tx).await?;
    Ok(())
}

/// Takes contents of an object away that stand in no collection any more.
pub(crate) async fn drop_orphans(tx: &mut Tx, stix_id: &str) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM stix_version WHERE stix_id = $1 \
                       AND NOT EXISTS (SELECT 1 FROM collection_entry AS e \
                       WHERE e.object = stix_version.number)";
    query(SQL).bind(stix_id).execute(tx).await?;
    Ok(())
}

/// Keeps in mind that an object was deleted, and under which label.
pub(crate) async fn bury(
    tx: &mut Tx,
    slot: i64,
    (stix_id, tlp): (&str, Tlp),
    mark: (i64, &str),
) -> Result<(), DbError> {
    bury_with(tx, (slot, None), (stix_id, tlp), mark).await
}

/// [`bury`], with the event or part of one that the object stood for.
pub(crate) async fn bury_with(
    tx: &mut Tx,
    (slot, part): (i64, Option<Uuid>),
    (stix_id, tlp): (&str, Tlp),
    (at, by): (i64, &str),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO collection_tombstone \
                       (slot, stix_id, deleted_at, deleted_by, tlp, part) \
                       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (slot, stix_id) DO NOTHING";
    let statement = query(SQL).bind(slot).bind(stix_id).bind(at).bind(by);
    statement.bind(tlp.code()).bind(part).execute(tx).await?;
    Ok(())
}

/// Forgets that objects were deleted with an event, or with a part of one.
pub(crate) async fn unbury_with(tx: &mut Tx, slot: i64, part: Uuid) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM collection_tombstone WHERE slot = $1 AND part = $2";
    query(SQL).bind(slot).bind(part).execute(tx).await?;
    Ok(())
}

/// Forgets that an object was deleted under a label of a mask. False if it was not.
pub(crate) async fn unbury(
    tx: &mut Tx,
    (slot, mask): (i64, i32),
    stix_id: &str,
) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM collection_tombstone WHERE slot = $1 AND stix_id = $2 \
                       AND (1 << tlp) & $3 <> 0";
    let statement = query(SQL).bind(slot).bind(stix_id).bind(mask);
    Ok(statement.execute(tx).await? == 1)
}
