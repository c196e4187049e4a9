use db::{DbError, Engine, Query, Tx, dialect::Sql, query};
use serde_json::json;

use super::search::labels;
use crate::events::model::{Brief, Tag};

macro_rules! brief_columns {
    () => {
        "e.id, e.slot, e.uuid, e.tlp, e.orgc, e.info, e.date, e.timestamp, e.published, \
         e.threat_level, e.analysis"
    };
}

/// Events of a collection, those first that were changed last: after the end of a page, which is told
/// by the moment and the number of its last event.
pub(crate) async fn newest(
    tx: &mut Tx,
    (slot, mask): (i64, i32),
    end: Option<(i64, i64)>,
    most: u32,
) -> Result<Vec<Brief>, DbError> {
    let mut statement = query("");
    of_newest(&mut statement, tx.engine(), (slot, mask), (end, most));
    statement.fetch_all(tx).await
}

/// An index has the events of one label side by side: the page is put together from the beginnings of
/// such runs.
fn of_newest(
    statement: &mut Query<'_>,
    engine: Engine,
    (slot, mask): (i64, i32),
    (end, most): (Option<(i64, i64)>, u32),
) {
    statement.push(concat!(
        "SELECT ",
        brief_columns!(),
        " FROM misp_event AS e WHERE e.id IN (SELECT id FROM \
         (SELECT 0 AS timestamp, 0 AS id WHERE 1 = 0"
    ));
    for tlp in labels(mask) {
        statement
            .push(" UNION ALL SELECT timestamp, id FROM (SELECT timestamp, id FROM misp_event");
        if engine == Engine::Sqlite {
            statement.push(" INDEXED BY misp_event_newest");
        }
        statement.push(" WHERE slot = ").push_bind(slot);
        statement.push(" AND tlp = ").push_bind(tlp);
        if let Some((timestamp, id)) = end {
            statement
                .push(" AND (timestamp, id) < (")
                .push_bind(timestamp);
            statement.push(", ").push_bind(id).push(")");
        }
        statement
            .push(" ORDER BY timestamp DESC, id DESC LIMIT ")
            .push_bind(i64::from(most));
        statement.push(") AS run");
    }
    statement
        .push(") AS runs ORDER BY timestamp DESC, id DESC LIMIT ")
        .push_bind(i64::from(most));
    statement.push(") ORDER BY e.timestamp DESC, e.id DESC");
}

/// These events, those first that were changed last.
pub(crate) async fn these(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Brief>, DbError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = query(concat!(
        "SELECT ",
        brief_columns!(),
        " FROM misp_event AS e WHERE e.id IN ("
    ));
    statement.push_list(ids.iter().copied());
    statement.push(") ORDER BY e.timestamp DESC, e.id DESC");
    statement.fetch_all(tx).await
}

/// The tags of these events themselves, by name.
pub(crate) async fn tags(tx: &mut Tx, events: &[i64]) -> Result<Vec<(i64, Tag)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT g.event, t.id, t.name, t.colour FROM json_each($1) AS w \
                 CROSS JOIN misp_tagged AS g INDEXED BY misp_tagged_event \
                 ON g.event = w.value AND g.attribute = 0 \
                 JOIN misp_tag AS t ON t.id = g.tag ORDER BY g.event, t.name",
        postgres: "SELECT g.event, t.id, t.name, t.colour \
                   FROM json_array_elements_text(CAST($1 AS json)) AS w(value) \
                   JOIN misp_tagged AS g ON g.event = CAST(w.value AS bigint) AND g.attribute = 0 \
                   JOIN misp_tag AS t ON t.id = g.tag ORDER BY g.event, t.name",
    };
    let statement = query(SQL.on(tx)).bind(json!(events).to_string());
    let rows: Vec<(i64, i64, String, String)> = statement.fetch_all(tx).await?;
    let tag = |(event, id, name, colour)| (event, Tag { id, name, colour });
    Ok(rows.into_iter().map(tag).collect())
}

/// The events behind an object of STIX in a collection.
pub(crate) async fn behind(
    tx: &mut Tx,
    slot: i64,
    stix_id: &str,
    most: u32,
) -> Result<Vec<Brief>, DbError> {
    const SQL: Sql = Sql {
        sqlite: concat!(
            "SELECT ",
            brief_columns!(),
            " FROM (SELECT DISTINCT event FROM misp_expressed INDEXED BY misp_expressed_object \
             WHERE slot = $1 AND stix_id = $2) AS x \
             CROSS JOIN misp_event AS e ON e.id = x.event ORDER BY x.event LIMIT $3"
        ),
        postgres: concat!(
            "SELECT ",
            brief_columns!(),
            " FROM (SELECT DISTINCT event FROM misp_expressed \
             WHERE slot = $1 AND stix_id = $2) AS x \
             JOIN misp_event AS e ON e.id = x.event ORDER BY x.event LIMIT $3"
        ),
    };
    let statement = query(SQL.on(tx)).bind(slot).bind(stix_id);
    statement.bind(i64::from(most)).fetch_all(tx).await
}

#[cfg(test)]
mod tests;
