//! SQL of what entries add to counts.

use db::{DbError, Tx, dialect::Sql, query};
use kernel::{IncidentId, Tlp};
use uuid::Uuid;

use super::{list::Sight, severity};
use crate::severity::Level;

/// What an entry adds to counts, to be written.
#[derive(Debug)]
pub(crate) struct Put {
    pub(crate) incident: IncidentId,
    pub(crate) exercise: bool,
    pub(crate) tlp: Tlp,
    pub(crate) line: String,
}

/// Writes lines, in place of those that are there.
pub(crate) async fn put(tx: &mut Tx, all: &[Put]) -> Result<(), DbError> {
    const INTO: &str = "INSERT INTO incident_fact (incident, exercise, tlp, line)";
    const AFTER: &str =
        " ON CONFLICT (incident) DO UPDATE SET tlp = excluded.tlp, line = excluded.line";
    let values = all.iter().map(|row| {
        [
            row.incident.uuid().into(),
            row.exercise.into(),
            row.tlp.code().into(),
            row.line.as_str().into(),
        ]
    });
    db::rows((INTO, AFTER), values).insert(tx).await
}

/// Takes the line of an entry away.
pub(crate) async fn remove(tx: &mut Tx, incident: IncidentId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM incident_fact WHERE incident = $1";
    query(SQL).bind(incident.uuid()).execute(tx).await?;
    Ok(())
}

/// The lines of the entries that the viewer may read, each with an end of line behind it.
pub(crate) async fn lines(tx: &mut Tx, sight: Sight) -> Result<Vec<String>, DbError> {
    const OPEN: Sql = Sql {
        sqlite: "SELECT coalesce(group_concat(line, char(10)), '') FROM incident_fact \
                 WHERE exercise = $1 AND ((1 << tlp) & $2) <> 0",
        postgres: "SELECT coalesce(string_agg(line, chr(10)), '') FROM incident_fact \
                   WHERE exercise = $1 AND ((1 << tlp) & $2) <> 0",
    };
    const NAMED: &str = "SELECT f.line FROM incident_named n \
                         JOIN incident_fact f ON f.incident = n.incident \
                         WHERE n.user_id = $4 AND f.exercise = $1 \
                         AND ((1 << f.tlp) & $2) = 0 AND ((1 << f.tlp) & $3) <> 0";
    let open = query(OPEN.on(tx))
        .bind(sight.exercise)
        .bind(sight.open_mask);
    let (open,): (String,) = open.fetch_one(tx).await?;
    let named = query(NAMED).bind(sight.exercise).bind(sight.open_mask);
    let named = named.bind(sight.named_mask).bind(sight.user);
    let named: Vec<(String,)> = named.fetch_all(tx).await?;
    let named = named.into_iter().map(|(line,)| line);
    Ok([open]
        .into_iter()
        .filter(|open| !open.is_empty())
        .chain(named)
        .collect())
}

/// By which rules the lines were written.
pub(crate) async fn rules(tx: &mut Tx) -> Result<i64, DbError> {
    const SQL: &str = "SELECT rules FROM incident_fact_rules WHERE id = 1";
    let (rules,): (i64,) = query(SQL).fetch_one(tx).await?;
    Ok(rules)
}

/// Notes by which rules the lines are written now.
pub(crate) async fn set_rules(tx: &mut Tx, rules: i64) -> Result<(), DbError> {
    const SQL: &str = "UPDATE incident_fact_rules SET rules = $1 WHERE id = 1";
    query(SQL).bind(rules).execute(tx).await?;
    Ok(())
}

/// The level that lists show of an entry.
pub(crate) async fn level(tx: &mut Tx, incident: IncidentId) -> Result<Option<Level>, DbError> {
    const SQL: &str = "SELECT level FROM incident WHERE id = $1";
    let row: Option<(Option<i32>,)> = query(SQL).bind(incident.uuid()).fetch_optional(tx).await?;
    let Some(number) = row.and_then(|(level,)| level) else {
        return Ok(None);
    };
    let bad = |()| db::Corrupt::new("incident", "level", &incident);
    Ok(Some(severity::level(number).map_err(bad)?))
}

/// Those of the entries after one, up to another, that have a level or are reported by a regime.
pub(crate) async fn judged(
    tx: &mut Tx,
    (after, until): (Uuid, Uuid),
) -> Result<Vec<Uuid>, DbError> {
    const SQL: &str = "SELECT id FROM incident WHERE id > $1 AND id <= $2 AND level IS NOT NULL \
                       UNION SELECT incident FROM incident_duty WHERE incident > $1 \
                       AND incident <= $2";
    let rows: Vec<(Uuid,)> = query(SQL).bind(after).bind(until).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Those of the entries after one, up to another, that were merged into others.
pub(crate) async fn merged(
    tx: &mut Tx,
    (after, until): (Uuid, Uuid),
) -> Result<Vec<Uuid>, DbError> {
    const SQL: &str = "SELECT source FROM incident_merge WHERE source > $1 AND source <= $2";
    let rows: Vec<(Uuid,)> = query(SQL).bind(after).bind(until).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
