//! What an event says already.

use db::{DbError, Query, Tx, dialect::Sql, query};
use serde_json::json;

use crate::events::norm;

// SQLite would go by the type, all of whose attributes it would read.
const SQL: Sql = Sql {
    sqlite: "SELECT DISTINCT w.key FROM json_each($1) AS w \
             CROSS JOIN misp_value AS v ON v.norm = json_extract(w.value, '$[0]') \
             CROSS JOIN misp_attribute AS a ON a.id = v.attribute \
             WHERE a.event = $2 AND a.object = 0 AND a.deleted = $3 \
             AND a.type = json_extract(w.value, '$[1]') \
             AND a.category = json_extract(w.value, '$[2]') \
             AND a.value = json_extract(w.value, '$[3]')",
    postgres: "SELECT DISTINCT w.place - 1 FROM \
               json_array_elements(CAST($1 AS json)) WITH ORDINALITY AS w(value, place) \
               JOIN misp_value AS v ON v.norm = w.value->>0 \
               JOIN misp_attribute AS a ON a.id = v.attribute \
               WHERE a.event = $2 AND a.object = 0 AND a.deleted = $3 \
               AND a.type = w.value->>1 AND a.category = w.value->>2 AND a.value = w.value->>3",
};

/// What attributes say: type, category and value of each.
pub(crate) type Said<'a> = (&'a str, &'a str, &'a str);

/// The places, among these, of what an attribute of an event outside of its objects says already.
pub(crate) async fn similar(
    tx: &mut Tx,
    event: i64,
    said: &[Said<'_>],
) -> Result<Vec<usize>, DbError> {
    if said.is_empty() {
        return Ok(Vec::new());
    }
    let statement = bound(query(SQL.on(tx)), event, said);
    let found: Vec<(i64,)> = statement.fetch_all(tx).await?;
    let places = found.into_iter();
    Ok(places
        .filter_map(|(place,)| usize::try_from(place).ok())
        .collect())
}

fn bound<'q>(statement: Query<'q>, event: i64, said: &[Said<'_>]) -> Query<'q> {
    let row =
        |(kind, category, value): &Said<'_>| json!([norm::plain(value), kind, category, value]);
    let rows: Vec<_> = said.iter().map(row).collect();
    statement
        .bind(json!(rows).to_string())
        .bind(event)
        .bind(false)
}

#[cfg(test)]
mod tests {
    use db::{Db, Engine};

    use super::{super::plan, *};

    db::contract! {
        only_what_has_the_value_is_read,
    }

    async fn only_what_has_the_value_is_read(db: Db) {
        let mut tx = db.begin().await.unwrap();
        plan::fill(&mut tx).await;
        let said = [
            ("domain", "x", "v31"),
            ("domain", "other", "v31"),
            ("url", "x", "v32"),
            ("domain", "x", "absent"),
            ("domain", "x", "v33"),
            // Taken back.
            ("domain", "x", "v1"),
        ];
        let mut statement = plan::explain(&tx);
        statement.push(SQL.on(&tx));
        let lines = plan::lines(&mut tx, bound(statement, 1, &said)).await;
        // PostgreSQL has statistics, and reads a table whole that is this small.
        if tx.engine() == Engine::Sqlite {
            plan::reads_no_whole_table(&lines);
            assert!(!lines.contains("misp_attribute_type"), "{lines}");
        }
        let mut found = similar(&mut tx, 1, &said).await.unwrap();
        found.sort_unstable();
        assert_eq!(found, [0, 4]);
        assert!(similar(&mut tx, 2, &said).await.unwrap().is_empty());
    }
}
