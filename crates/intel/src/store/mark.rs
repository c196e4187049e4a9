//! Marking definitions, and entries that wait for one.

use db::{DbError, Tx, dialect::Sql, query};
use serde_json::json;

db::row! {
    /// An entry that waits for a definition.
    #[derive(Debug)]
    pub(crate) struct Waiting {
        pub(crate) slot: i64,
        pub(crate) added: i64,
        pub(crate) stix_id: String,
    }
}

/// The marking definitions of these ids that the house or somebody gave, in whichever collection of
/// the mode they stand.
pub(crate) async fn definitions(
    tx: &mut Tx,
    (exercise, giver): (bool, i64),
    ids: &[&str],
) -> Result<Vec<(String, String)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT v.stix_id, v.body FROM json_each($1) AS w CROSS JOIN stix_version AS v \
                 INDEXED BY stix_version_content ON v.stix_id = w.value AND v.exercise = $2 \
                 WHERE EXISTS (SELECT 1 FROM collection_entry AS e \
                 WHERE e.object = v.number AND e.giver IN (0, $3))",
        postgres: "SELECT v.stix_id, v.body \
                   FROM json_array_elements_text(CAST($1 AS json)) AS w(value) \
                   JOIN stix_version AS v ON v.stix_id = w.value AND v.exercise = $2 \
                   WHERE EXISTS (SELECT 1 FROM collection_entry AS e \
                   WHERE e.object = v.number AND e.giver IN (0, $3))",
    };
    let statement = query(SQL.on(tx)).bind(json!(ids).to_string());
    statement.bind(exercise).bind(giver).fetch_all(tx).await
}

/// Keeps in mind that entries wait for definitions: the id of the definition, and the place.
pub(crate) async fn wait(tx: &mut Tx, slot: i64, rows: &[(&str, i64)]) -> Result<(), DbError> {
    const SQL: Sql = Sql {
        sqlite: "INSERT INTO collection_unknown_mark (marking, slot, added) \
                 SELECT json_extract(value, '$[0]'), $1, json_extract(value, '$[1]') \
                 FROM json_each($2) WHERE true ON CONFLICT (marking, slot, added) DO NOTHING",
        postgres: "INSERT INTO collection_unknown_mark (marking, slot, added) \
                   SELECT value->>0, CAST($1 AS bigint), CAST(value->>1 AS bigint) \
                   FROM json_array_elements(CAST($2 AS json)) AS t(value) \
                   ON CONFLICT (marking, slot, added) DO NOTHING",
    };
    let statement = query(SQL.on(tx)).bind(slot);
    statement.bind(json!(rows).to_string()).execute(tx).await?;
    Ok(())
}

/// Entries of a mode that wait for a definition which somebody gave: those of the house wait for one of
/// the house alone.
pub(crate) async fn waiting(
    tx: &mut Tx,
    (exercise, giver): (bool, i64),
    marking: &str,
    most: i64,
) -> Result<Vec<Waiting>, DbError> {
    const SQL: &str = "SELECT m.slot, m.added, e.stix_id FROM collection_unknown_mark AS m \
                       JOIN collection AS c ON c.slot = m.slot AND c.exercise = $2 \
                       JOIN collection_entry AS e ON e.slot = m.slot AND e.added = m.added \
                       WHERE m.marking = $1 AND ($3 = 0 OR e.giver = $3) \
                       ORDER BY m.slot, m.added LIMIT $4";
    let statement = query(SQL).bind(marking).bind(exercise).bind(giver);
    statement.bind(most).fetch_all(tx).await
}

/// Forgets that entries of a collection wait for a definition.
pub(crate) async fn forget(
    tx: &mut Tx,
    (marking, slot): (&str, i64),
    places: &[i64],
) -> Result<(), DbError> {
    let mut statement = query("DELETE FROM collection_unknown_mark WHERE marking = ");
    statement.push_bind(marking.to_owned());
    statement.push(" AND slot = ").push_bind(slot);
    statement.push(" AND added IN (");
    statement.push_list(places.iter().copied());
    statement.push(")");
    statement.execute(tx).await?;
    Ok(())
}
