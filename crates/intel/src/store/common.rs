//! Values that more entries have than one value may lead to. How many statements are asked does not
//! depend on what the viewer does not see.

use db::{DbError, Engine, Query, Tx, dialect::Sql, query};
use kernel::hex;
use serde_json::json;

use super::value::{Found, ROWS_MAX, Sees, hexes, push_found};
use crate::model::Key;

/// So many keys are looked at in one statement.
const KEYS_AT_ONCE: usize = 100;

/// Those of the keys that more than so many entries have.
pub(crate) async fn over(tx: &mut Tx, keys: &[&Key], most: i64) -> Result<Vec<Key>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT unhex(w.value) FROM json_each($1) AS w WHERE $2 < \
                 (SELECT count(*) FROM (SELECT 1 FROM intel_value \
                 WHERE key = unhex(w.value) LIMIT $2 + 1))",
        postgres: "SELECT decode(w.value, 'hex') \
                   FROM json_array_elements_text(CAST($1 AS json)) AS w(value) WHERE $2 < \
                   (SELECT count(*) FROM (SELECT 1 FROM intel_value \
                   WHERE key = decode(w.value, 'hex') LIMIT $2 + 1) AS counted)",
    };
    let mut found = Vec::new();
    for keys in keys.chunks(ROWS_MAX) {
        let statement = query(SQL.on(tx)).bind(hexes(keys)).bind(most);
        let rows: Vec<(Vec<u8>,)> = statement.fetch_all(tx).await?;
        found.extend(rows.into_iter().map(|(key,)| Key::from_bytes(key)));
    }
    Ok(found)
}

/// Keeps in mind that values are common: a statement, whether there are any or not. PostgreSQL keeps no
/// NUL in a text.
pub(crate) async fn insert(tx: &mut Tx, values: &[(&Key, &str, &str)]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO intel_common (key, kind, text) \
                 SELECT unhex(json_extract(value, '$[0]')), json_extract(value, '$[1]'), \
                 json_extract(value, '$[2]') FROM json_each($1) WHERE true \
                 ON CONFLICT (key) DO NOTHING",
        postgres: "INSERT INTO intel_common (key, kind, text) \
                   SELECT decode(value->>0, 'hex'), value->>1, value->>2 \
                   FROM json_array_elements(CAST($1 AS json)) AS t(value) \
                   ON CONFLICT (key) DO NOTHING",
    };
    let rows: Vec<_> = values
        .iter()
        .map(|(key, kind, text)| (hex(key.bytes()), kind, text.replace('\0', "\u{fffd}")))
        .collect();
    let statement = query(SQL.on(tx)).bind(json!(rows).to_string());
    statement.execute(tx).await?;
    Ok(())
}

/// Adds how many entries with the key `k.key` the viewer sees, up to `most`.
fn push_count(statement: &mut Query<'_>, sees: &Sees, most: i64) {
    statement.push(
        "(SELECT count(*) FROM (SELECT 1 FROM intel_value AS v CROSS JOIN collection_entry AS e \
         WHERE e.slot = v.slot AND e.added = v.added AND v.key = k.key",
    );
    sees.push(statement, "v.slot");
    statement
        .push(" LIMIT ")
        .push_bind(most)
        .push(") AS counted)");
}

/// The first values in the order of their keys that are or were common and that more than `over` entries
/// have of those that the viewer sees, with how many, up to `most`. It is one statement, however many
/// are common to others.
pub(crate) async fn seen(
    tx: &mut Tx,
    sees: &Sees,
    (over, most): (i64, i64),
    values: i64,
) -> Result<Vec<(String, String, i64)>, DbError> {
    let mut statement = query("SELECT kind, text, entries FROM (SELECT k.key, k.kind, k.text, ");
    push_count(&mut statement, sees, most);
    statement.push(" AS entries FROM intel_common AS k) AS c WHERE entries > ");
    statement.push_bind(over).push(" ORDER BY key LIMIT ");
    statement.push_bind(values);
    statement.fetch_all(tx).await
}

/// Those of the keys that are or were common.
pub(crate) async fn of(tx: &mut Tx, keys: &[&Key]) -> Result<Vec<Key>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT c.key FROM json_each($1) AS w \
                 CROSS JOIN intel_common AS c ON c.key = unhex(w.value)",
        postgres: "SELECT c.key FROM json_array_elements_text(CAST($1 AS json)) AS w(value) \
                   JOIN intel_common AS c ON c.key = decode(w.value, 'hex')",
    };
    let rows: Vec<(Vec<u8>,)> = query(SQL.on(tx)).bind(hexes(keys)).fetch_all(tx).await?;
    Ok(rows
        .into_iter()
        .map(|(key,)| Key::from_bytes(key))
        .collect())
}

/// For each of these keys, the first of the entries that the viewer sees. One statement for
/// [`KEYS_AT_ONCE`], and one for none.
pub(crate) async fn first_of(
    tx: &mut Tx,
    keys: &[Key],
    sees: &Sees,
    most: i64,
) -> Result<Vec<Found>, DbError> {
    let none = [Key::from_bytes(Vec::new())];
    let keys = if keys.is_empty() { &none } else { keys };
    let mut all = Vec::new();
    for keys in keys.chunks(KEYS_AT_ONCE) {
        let mut statement = query("");
        for (number, key) in keys.iter().enumerate() {
            if number > 0 {
                statement.push(" UNION ALL ");
            }
            statement.push("SELECT key, slot, added, class, kind, stix_id FROM (");
            push_found(&mut statement, (key, key), sees, most);
            statement.push(") AS found");
        }
        let found: Vec<Found> = statement.fetch_all(tx).await?;
        all.extend(found);
    }
    Ok(all)
}

/// How many entries with each of these keys the viewer sees, up to `most`.
pub(crate) async fn counts(
    tx: &mut Tx,
    keys: &[Key],
    sees: &Sees,
    most: i64,
) -> Result<Vec<(Vec<u8>, i64)>, DbError> {
    let sqlite = tx.engine() == Engine::Sqlite;
    let mut statement = query("SELECT k.key, ");
    push_count(&mut statement, sees, most);
    let keys: Vec<&Key> = keys.iter().collect();
    if sqlite {
        statement.push(" AS entries FROM (SELECT unhex(value) AS key FROM json_each(");
        statement.push_bind(hexes(&keys)).push(")) AS k");
    } else {
        statement.push(
            " AS entries FROM (SELECT decode(value, 'hex') AS key \
             FROM json_array_elements_text(CAST(",
        );
        statement.push_bind(hexes(&keys));
        statement.push(" AS json)) AS t(value)) AS k");
    }
    statement.fetch_all(tx).await
}
