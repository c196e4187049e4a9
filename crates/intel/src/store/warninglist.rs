use db::{DbError, Tx, dialect::Sql, query};
use kernel::{Timestamp, hex};
use serde_json::json;

use crate::model::{Key, Warninglist, list_kind_code, list_kind_from_code};

/// Rows of one statement.
const ROWS_MAX: usize = 20_000;

db::row! {
    struct Row {
        number: i64,
        name: String,
        version: i64,
        description: String,
        kind: i32,
        attributes: String,
        prefixes: String,
        enabled: bool,
        entries: i64,
        unusable: i64,
        imported_at: i64,
    }
}

/// A list, and the lengths of the prefixes of its networks, by family.
pub(crate) type Stored = (Warninglist, Vec<(u8, u8)>);

impl From<Row> for Stored {
    fn from(row: Row) -> Self {
        let list = Warninglist {
            number: row.number,
            name: row.name,
            version: row.version,
            description: row.description,
            kind: list_kind_from_code(row.kind),
            attributes: serde_json::from_str(&row.attributes).unwrap_or_default(),
            enabled: row.enabled,
            entries: row.entries,
            unusable: row.unusable,
            imported_at: Timestamp::from_micros(row.imported_at),
        };
        (
            list,
            serde_json::from_str(&row.prefixes).unwrap_or_default(),
        )
    }
}

/// All lists, by name.
pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<Stored>, DbError> {
    const SQL: &str = "SELECT number, name, version, description, kind, attributes, prefixes, \
                       enabled, entries, unusable, imported_at FROM warninglist ORDER BY name";
    let rows: Vec<Row> = query(SQL).fetch_all(tx).await?;
    Ok(rows.into_iter().map(Stored::from).collect())
}

/// Writes a list without its entries.
pub(crate) async fn insert(
    tx: &mut Tx,
    list: &Warninglist,
    prefixes: &[(u8, u8)],
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO warninglist (number, name, version, description, kind, \
                       attributes, prefixes, enabled, entries, unusable, imported_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    query(SQL)
        .bind(list.number)
        .bind(&list.name)
        .bind(list.version)
        .bind(&list.description)
        .bind(list_kind_code(list.kind))
        .bind(json!(list.attributes).to_string())
        .bind(json!(prefixes).to_string())
        .bind(list.enabled)
        .bind(list.entries)
        .bind(list.unusable)
        .bind(list.imported_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes entries that are found by their keys.
pub(crate) async fn insert_keys(tx: &mut Tx, list: i64, keys: &[Key]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO warninglist_entry (key, list) SELECT unhex(value), $1 \
                 FROM json_each($2) WHERE true ON CONFLICT DO NOTHING",
        postgres: "INSERT INTO warninglist_entry (key, list) SELECT decode(value, 'hex'), $1 \
                   FROM json_array_elements_text(CAST($2 AS json)) AS t(value) \
                   ON CONFLICT DO NOTHING",
    };
    for keys in keys.chunks(ROWS_MAX) {
        let statement = query(SQL.on(tx)).bind(list);
        statement.bind(hexes(keys)).execute(tx).await?;
    }
    Ok(())
}

/// Writes entries that are looked for within values.
pub(crate) async fn insert_texts(
    tx: &mut Tx,
    list: i64,
    entries: &[String],
) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO warninglist_text (list, place, entry) \
                 SELECT $1, $2 + key, value FROM json_each($3)",
        postgres: "INSERT INTO warninglist_text (list, place, entry) \
                   SELECT $1, $2 + place, value FROM json_array_elements_text(CAST($3 AS json)) \
                   WITH ORDINALITY AS t(value, place)",
    };
    for (number, entries) in entries.chunks(ROWS_MAX).enumerate() {
        let first = number.saturating_mul(ROWS_MAX);
        let statement = query(SQL.on(tx)).bind(list);
        let statement = statement.bind(i64::try_from(first).unwrap_or(i64::MAX));
        statement
            .bind(json!(entries).to_string())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Takes a list out with all its entries. False if there is none.
pub(crate) async fn delete(tx: &mut Tx, number: i64) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM warninglist WHERE number = $1";
    const KEYS: &str = "DELETE FROM warninglist_entry WHERE list = $1";
    const TEXTS: &str = "DELETE FROM warninglist_text WHERE list = $1";
    query(KEYS).bind(number).execute(tx).await?;
    query(TEXTS).bind(number).execute(tx).await?;
    Ok(query(SQL).bind(number).execute(tx).await? == 1)
}

/// Says whether values are held against a list. False if there is none.
pub(crate) async fn enable(tx: &mut Tx, number: i64, enabled: bool) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE warninglist SET enabled = $2 WHERE number = $1";
    Ok(query(SQL).bind(number).bind(enabled).execute(tx).await? == 1)
}

/// Those of the keys that are entries, with the numbers of their lists.
pub(crate) async fn listed(tx: &mut Tx, keys: &[Key]) -> Result<Vec<(Key, i64)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT e.key, e.list FROM json_each($1) AS w \
                 CROSS JOIN warninglist_entry AS e ON e.key = unhex(w.value)",
        postgres: "SELECT e.key, e.list FROM json_array_elements_text(CAST($1 AS json)) \
                   AS w(value) JOIN warninglist_entry AS e ON e.key = decode(w.value, 'hex')",
    };
    let mut found = Vec::new();
    for keys in keys.chunks(ROWS_MAX) {
        let rows: Vec<(Vec<u8>, i64)> = query(SQL.on(tx)).bind(hexes(keys)).fetch_all(tx).await?;
        found.extend(
            rows.into_iter()
                .map(|(key, list)| (Key::from_bytes(key), list)),
        );
    }
    Ok(found)
}

/// The entries of a list that are looked for within values, in their order.
pub(crate) async fn texts(tx: &mut Tx, list: i64) -> Result<Vec<String>, DbError> {
    const SQL: &str = "SELECT entry FROM warninglist_text WHERE list = $1 ORDER BY place";
    let rows: Vec<(String,)> = query(SQL).bind(list).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(entry,)| entry).collect())
}

/// What is another after every change of the lists.
pub(crate) async fn token(tx: &mut Tx) -> Result<Vec<u8>, DbError> {
    const SQL: &str = "SELECT token FROM warninglist_state WHERE id = 1";
    let (token,): (Vec<u8>,) = query(SQL).fetch_one(tx).await?;
    Ok(token)
}

/// Notes that the lists have changed.
pub(crate) async fn set_token(tx: &mut Tx, token: &[u8]) -> Result<(), DbError> {
    const SQL: &str = "UPDATE warninglist_state SET token = $1 WHERE id = 1";
    query(SQL).bind(token).execute(tx).await?;
    Ok(())
}

fn hexes(keys: &[Key]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| hex(key.bytes())).collect();
    json!(keys).to_string()
}
