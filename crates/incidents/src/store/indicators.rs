//! SQL of the indicators of an entry.

use std::collections::HashSet;

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, Timestamp};
use matcher::Value;

use crate::work::{INDICATORS_MAX, Indicator, parsed};

const _: () = assert!(INDICATORS_MAX == 20_000, "what can be written can be read");

/// Writes indicators one after the other, beginning with this number.
pub(crate) async fn add(
    tx: &mut Tx,
    id: IncidentId,
    first: i64,
    (values, by, at): (&[Value], &str, Timestamp),
) -> Result<(), DbError> {
    const SQL: db::dialect::Sql = db::dialect::Sql {
        sqlite: "INSERT INTO incident_indicator \
                 (incident, ordinal, kind, value, added_by, added_at) \
                 SELECT $1, $2 + key, json_extract(value, '$[0]'), json_extract(value, '$[1]'), \
                 $3, $4 FROM json_each($5)",
        postgres: "INSERT INTO incident_indicator \
                   (incident, ordinal, kind, value, added_by, added_at) \
                   SELECT $1, $2 + n - 1, one ->> 0, one ->> 1, $3, $4 \
                   FROM json_array_elements(CAST($5 AS json)) WITH ORDINALITY AS t(one, n)",
    };
    let rows: Vec<[String; 2]> = values
        .iter()
        .map(|value| [value.kind().name().to_owned(), value.to_string()])
        .collect();
    let sql = SQL.on(tx);
    query(sql)
        .bind(id.uuid())
        .bind(first)
        .bind(by)
        .bind(at.as_micros())
        .bind(serde_json::json!(rows).to_string())
        .execute(tx)
        .await?;
    Ok(())
}

/// The values that are there.
pub(crate) async fn known(tx: &mut Tx, id: IncidentId) -> Result<HashSet<Value>, DbError> {
    const SQL: &str = "SELECT kind, value FROM incident_indicator WHERE incident = $1 LIMIT 20000";
    let rows: Vec<(String, String)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let value = |(kind, value): (String, String)| {
        parsed(&kind, &value)
            .map_err(|_unreadable| Corrupt::new("incident_indicator", "value", &id).into())
    };
    rows.into_iter().map(value).collect()
}

/// A page of the indicators in the order in which they were kept, from a number on.
pub(crate) async fn page(
    tx: &mut Tx,
    id: IncidentId,
    from: i64,
    limit: i64,
) -> Result<Vec<Indicator>, DbError> {
    const SQL: &str = "SELECT ordinal, kind, value, added_by, added_at FROM incident_indicator \
                       WHERE incident = $1 AND ordinal >= $2 ORDER BY ordinal LIMIT $3";
    let rows: Vec<(i64, String, String, String, i64)> = query(SQL)
        .bind(id.uuid())
        .bind(from)
        .bind(limit)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_indicator", column, &id);
    let indicator = |(ordinal, kind, value, by, at): (i64, String, String, String, i64)| {
        Ok(Indicator {
            ordinal,
            value: parsed(&kind, &value).map_err(|_unreadable| bad("value"))?,
            added: (
                by.parse().map_err(|_unreadable| bad("added_by"))?,
                Timestamp::from_micros(at),
            ),
        })
    };
    rows.into_iter().map(indicator).collect()
}
