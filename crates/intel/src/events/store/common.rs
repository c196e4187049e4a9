use db::{DbError, Engine, Query, Tx, query};
use serde_json::json;

use super::search::{Seen, labels, push_seen};

/// More attributes than this with one value make it common: it leads to no event by itself.
pub(crate) const COMMON_OVER: i64 = 100;
/// So many attributes with a value are looked at for the events that have it.
const LOOKED_MAX: i64 = 10_000;
/// Types whose values say nothing by being the same.
const IDLE: &str = " AND a.type NOT IN ('aba-rtn', 'anonymised', 'boolean', 'comment', 'cortex', \
                    'counter', 'float', 'gender', 'http-method', 'nationality', 'port', \
                    'size-in-bytes') AND a.body NOT LIKE '%\"disable_correlation\":true%'";

/// The events of a collection that have one of these values, those first that were changed last.
pub(crate) async fn events_with(
    tx: &mut Tx,
    (slot, mask): (i64, i32),
    norms: &[String],
    most: u32,
) -> Result<Vec<i64>, DbError> {
    let mut statement = query("SELECT DISTINCT e.id, e.timestamp FROM (SELECT a.event FROM ");
    push_norms(&mut statement, tx.engine(), norms);
    statement.push(
        " CROSS JOIN misp_value AS v CROSS JOIN misp_attribute AS a \
         WHERE v.norm = w.value AND a.id = v.attribute AND a.deleted = ",
    );
    statement
        .push_bind(false)
        .push(" AND +a.slot = ")
        .push_bind(slot);
    statement.push(" AND a.tlp IN (").push_list(labels(mask));
    statement.push(") LIMIT ").push_bind(LOOKED_MAX);
    statement.push(
        ") AS f JOIN misp_event AS e ON e.id = f.event \
         ORDER BY e.timestamp DESC, e.id DESC LIMIT ",
    );
    statement.push_bind(i64::from(most));
    let rows: Vec<(i64, i64)> = statement.fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(id, _)| id).collect())
}

/// Attributes that are seen and have one of these values: the value and the event, for each value one
/// more than make it common.
pub(crate) async fn holders(
    tx: &mut Tx,
    seen: &Seen,
    norms: &[String],
) -> Result<Vec<(String, i64)>, DbError> {
    let mut statement = query("");
    of_holders(&mut statement, tx.engine(), seen, norms);
    statement.fetch_all(tx).await
}

fn of_holders(statement: &mut Query<'_>, engine: Engine, seen: &Seen, norms: &[String]) {
    let some = |statement: &mut Query<'_>| {
        statement.push(
            " FROM misp_value AS v CROSS JOIN misp_attribute AS a \
             WHERE v.norm = w.value AND a.id = v.attribute AND a.deleted = ",
        );
        statement.push_bind(false).push(IDLE).push(" AND ");
        push_seen(statement, seen, ("+a.slot", "a.tlp"));
        statement.push(" LIMIT ").push_bind(COMMON_OVER + 1);
    };
    match engine {
        Engine::Sqlite => {
            statement.push("SELECT w.value, f.event FROM ");
            push_norms(statement, engine, norms);
            statement.push(
                " CROSS JOIN misp_value AS h CROSS JOIN misp_attribute AS f \
                 WHERE h.norm = w.value AND f.id = h.attribute \
                 AND h.attribute IN (SELECT v.attribute",
            );
            some(statement);
            statement.push(")");
        }
        Engine::Postgres => {
            statement.push("SELECT w.value, f.event FROM ");
            push_norms(statement, engine, norms);
            statement.push(" CROSS JOIN LATERAL (SELECT a.event");
            some(statement);
            statement.push(") AS f");
        }
    }
}

fn push_norms(statement: &mut Query<'_>, engine: Engine, norms: &[String]) {
    let norms = json!(norms).to_string();
    match engine {
        Engine::Sqlite => {
            statement.push("json_each(").push_bind(norms).push(") AS w");
        }
        Engine::Postgres => {
            statement.push("json_array_elements_text(CAST(");
            statement.push_bind(norms).push(" AS json)) AS w(value)");
        }
    }
}

#[cfg(test)]
mod tests;
