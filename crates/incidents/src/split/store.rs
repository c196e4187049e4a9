//! SQL of parts that go to a new entry, and of which entry was made of which.

use std::collections::{BTreeMap, BTreeSet};

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, IncidentRef, Timestamp};
use uuid::Uuid;

use super::model::{Part, PartKind};
use crate::{
    merge::{
        model::{Merged, Moved},
        store::parts::{Run, TABLES, Table, apply, count, leader},
    },
    model::Dated,
    store::date,
};

/// The timeline by its numbers, in order of time.
pub(super) async fn timeline(tx: &mut Tx, of: IncidentId) -> Result<Vec<Part>, DbError> {
    const SQL: &str = "SELECT ordinal, at, fidelity, what FROM incident_timeline \
                       WHERE incident = $1 ORDER BY at, ordinal LIMIT 10000";
    let rows: Vec<(i64, i64, String, String)> = query(SQL).bind(of.uuid()).fetch_all(tx).await?;
    let part = |(ordinal, at, fidelity, what): (i64, i64, String, String)| {
        let bad = || Corrupt::new("incident_timeline", "fidelity", &of);
        let at: Option<Dated> = date(Some(at), Some(&fidelity), bad)?;
        let about = at.map_or_else(String::new, |at| at.to_string());
        Ok(Part::new(
            (PartKind::Timeline, ordinal.to_string()),
            &what,
            about,
        ))
    };
    rows.into_iter().map(part).collect()
}

/// Gives chosen parts to another entry, under numbers one after the other. Those that stay close up,
/// but tasks and evidence, which people call by their number, keep it.
pub(super) async fn move_out(
    tx: &mut Tx,
    (from, to): (IncidentId, IncidentId),
    chosen: &BTreeMap<PartKind, BTreeSet<i64>>,
) -> Result<(), DbError> {
    for (kind, numbers) in chosen {
        for table in &TABLES {
            if leader(table.name) != kind.table() {
                continue;
            }
            apply(tx, table, &runs(table, numbers, (from, to))).await?;
            let end = table.base.saturating_add(count(tx, table, from).await?);
            renumber_merges(tx, from, (table, numbers), end).await?;
        }
    }
    Ok(())
}

/// Where the rows of a table go.
fn runs(table: &Table, numbers: &BTreeSet<i64>, (from, to): (IncidentId, IncidentId)) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut gone = 0;
    let mut rest = numbers.iter().copied().peekable();
    while let Some(first) = rest.next() {
        let mut end = first.saturating_add(1);
        while rest.next_if_eq(&end).is_some() {
            end = end.saturating_add(1);
        }
        runs.push(Run {
            from,
            numbers: (first, end),
            to,
            by: table.base + gone - first,
        });
        gone += end - first;
        if !table.keeps {
            runs.push(Run {
                from,
                numbers: (end, rest.peek().copied().unwrap_or(i64::MAX)),
                to: from,
                by: -gone,
            });
        }
    }
    runs
}

/// What came by merges stands under other numbers where others left before it, and no longer under those
/// at the end that are free again for what is added.
async fn renumber_merges(
    tx: &mut Tx,
    of: IncidentId,
    (table, numbers): (&Table, &BTreeSet<i64>),
    free: i64,
) -> Result<(), DbError> {
    const READ: &str = "SELECT source, moved FROM incident_merge WHERE target = $1 LIMIT 10000";
    const WRITE: &str = "UPDATE incident_merge SET moved = $2 WHERE source = $1";
    let rows: Vec<(Uuid, String)> = query(READ).bind(of.uuid()).fetch_all(tx).await?;
    for (source, text) in rows {
        let bad = || Corrupt::new("incident_merge", "moved", &of);
        let mut moved: Moved = serde_json::from_str(&text).map_err(|_unreadable| bad())?;
        let ranges = moved.ranges.iter_mut();
        for range in ranges.filter(|range| range.table == table.name) {
            let less = |before: i64| {
                let gone = numbers.range(..before).count();
                before.saturating_sub(i64::try_from(gone).unwrap_or(i64::MAX))
            };
            let end = range.first.saturating_add(range.count);
            let (first, end) = if table.keeps {
                (range.first.min(free), end.min(free))
            } else {
                (less(range.first), less(end))
            };
            range.first = first;
            range.count = end.saturating_sub(first);
        }
        let text = serde_json::to_string(&moved).map_err(|_unwritable| bad())?;
        query(WRITE).bind(source).bind(text).execute(tx).await?;
    }
    Ok(())
}

/// Writes that an entry was made of parts of another.
pub(super) async fn add(
    tx: &mut Tx,
    (source, target): (IncidentId, IncidentId),
    (by, at, reason): (&str, Timestamp, &str),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_split (target, source, by_whom, at, reason) \
                       VALUES ($1, $2, $3, $4, $5)";
    let sql = query(SQL).bind(target.uuid()).bind(source.uuid());
    let sql = sql.bind(by).bind(at.as_micros()).bind(reason);
    sql.execute(tx).await?;
    Ok(())
}

/// From which entry this one was split (`from`), or which were split from it and were not merged into
/// another since, the last first.
pub(super) async fn splits(
    tx: &mut Tx,
    id: IncidentId,
    from: bool,
) -> Result<Vec<Merged>, DbError> {
    const FROM: &str = "SELECT i.public_id, i.title, s.by_whom, s.at, s.reason FROM incident_split s \
                        JOIN incident i ON i.id = s.source WHERE s.target = $1";
    const OFF: &str = "SELECT i.public_id, i.title, s.by_whom, s.at, s.reason FROM incident_split s \
                       JOIN incident i ON i.id = s.target WHERE s.source = $1 \
                       AND NOT EXISTS (SELECT 1 FROM incident_merge m WHERE m.source = s.target) \
                       ORDER BY s.at DESC, i.id DESC LIMIT 1000";
    let sql = query(if from { FROM } else { OFF }).bind(id.uuid());
    let rows: Vec<(Uuid, String, String, i64, String)> = sql.fetch_all(tx).await?;
    let read = |(other, title, by, at, reason): (Uuid, String, String, i64, String)| Merged {
        other: IncidentRef::from_uuid(other),
        title,
        by,
        at: Timestamp::from_micros(at),
        reason,
    };
    Ok(rows.into_iter().map(read).collect())
}
