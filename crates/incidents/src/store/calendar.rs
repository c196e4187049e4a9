//! SQL of the calendars by which business days are counted, and of the due times that they gave.

use std::collections::BTreeMap;

use db::{Corrupt, DbError, Tx, query, setting};
use jiff::civil::Date;
use kernel::{IncidentId, IncidentRef, Timestamp};
use uuid::Uuid;

use crate::clocks::{CALENDARS_MAX, Calendars, DAYS_MAX, DaysOff, Reach};

/// How many times a calendar was changed.
const CHANGES: &str = "incidents.calendar_changes";

const _: () = assert!(
    CALENDARS_MAX == 60 && DAYS_MAX == 500,
    "what can be written can be read"
);

/// The calendars with that reach.
pub(crate) async fn calendars(
    tx: &mut Tx,
    wanted: impl Fn(Reach) -> bool,
) -> Result<Calendars, DbError> {
    const SQL: &str = "SELECT reach, weekend FROM reporting_calendar ORDER BY reach LIMIT 60";
    let rows: Vec<(String, String)> = query(SQL).fetch_all(tx).await?;
    let mut all = Calendars::new();
    for (text, weekend) in rows {
        let bad = |column| Corrupt::new("reporting_calendar", column, &text);
        let reach: Reach = text.parse().map_err(|_unreadable| bad("reach"))?;
        if wanted(reach) {
            let weekend = weekend.parse().map_err(|_unreadable| bad("weekend"))?;
            let days = days(tx, &text).await?;
            all.insert(reach, DaysOff { weekend, days });
        }
    }
    Ok(all)
}

async fn days(
    tx: &mut Tx,
    reach: &str,
) -> Result<BTreeMap<Date, crate::model::Line<120>>, DbError> {
    const SQL: &str =
        "SELECT day, name FROM reporting_day_off WHERE reach = $1 ORDER BY day LIMIT 500";
    let rows: Vec<(String, String)> = query(SQL).bind(reach).fetch_all(tx).await?;
    let bad = |column| Corrupt::new("reporting_day_off", column, &reach);
    let rows = rows.into_iter().map(|(day, name)| {
        let day = day.parse().map_err(|_unreadable| bad("day"))?;
        Ok((day, name.parse().map_err(|_unreadable| bad("name"))?))
    });
    rows.collect()
}

/// Writes a calendar in the place of what is there.
pub(crate) async fn put(
    tx: &mut Tx,
    (reach, kept): (Reach, &DaysOff),
    (by, at): (&str, Timestamp),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO reporting_calendar (reach, weekend, changed_by, changed_at) \
                       VALUES ($1, $2, $3, $4)";
    const DAY: &str = "INSERT INTO reporting_day_off (reach, day, name) VALUES ($1, $2, $3)";
    remove(tx, reach).await?;
    let (reach, weekend) = (reach.to_string(), kept.weekend.to_string());
    let sql = query(SQL).bind(reach.as_str()).bind(weekend).bind(by);
    sql.bind(at.as_micros()).execute(tx).await?;
    for (day, name) in &kept.days {
        let sql = query(DAY).bind(reach.as_str()).bind(day.to_string());
        sql.bind(name.as_str()).execute(tx).await?;
    }
    Ok(())
}

/// Takes a calendar away; false where there is none.
pub(crate) async fn remove(tx: &mut Tx, reach: Reach) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM reporting_calendar WHERE reach = $1";
    let sql = query(SQL).bind(reach.to_string());
    Ok(sql.execute(tx).await? == 1)
}

/// How many times a calendar was changed.
pub(crate) async fn changes(tx: &mut Tx) -> Result<i64, DbError> {
    let text = setting::read(tx, CHANGES).await?;
    Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Nobody else changes a calendar until the transaction ends.
pub(crate) async fn hold(tx: &mut Tx) -> Result<(), DbError> {
    const SQL: &str = "UPDATE setting SET value = value WHERE name = $1";
    query(SQL).bind(CHANGES).execute(tx).await?;
    Ok(())
}

/// Notes that one was changed.
pub(crate) async fn changed(tx: &mut Tx) -> Result<(), DbError> {
    let next = changes(tx).await?.saturating_add(1);
    setting::write(tx, CHANGES, &next.to_string()).await
}

/// Notes until when a report is due, unless a change of a calendar is still to be told of it.
pub(crate) async fn say_due(
    tx: &mut Tx,
    id: IncidentId,
    (regime, stage, due): (&str, &str, Timestamp),
    changes: i64,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_due (incident, regime, stage, due_at, changes) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (incident, regime, stage) \
                       DO UPDATE SET due_at = excluded.due_at \
                       WHERE incident_due.changes = excluded.changes";
    let sql = query(SQL).bind(id.uuid()).bind(regime).bind(stage);
    sql.bind(due.as_micros()).bind(changes).execute(tx).await?;
    Ok(())
}

/// Notes it after a change of a calendar. Gives until when it was due before.
pub(crate) async fn say_due_anew(
    tx: &mut Tx,
    id: IncidentId,
    (regime, stage, due): (&str, &str, Timestamp),
    changes: i64,
) -> Result<Option<Timestamp>, DbError> {
    const BEFORE: &str = "SELECT due_at FROM incident_due \
                          WHERE incident = $1 AND regime = $2 AND stage = $3";
    const SQL: &str = "INSERT INTO incident_due (incident, regime, stage, due_at, changes) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (incident, regime, stage) \
                       DO UPDATE SET due_at = excluded.due_at, changes = excluded.changes";
    let before = query(BEFORE).bind(id.uuid()).bind(regime).bind(stage);
    let before: Option<(i64,)> = before.fetch_optional(tx).await?;
    let sql = query(SQL).bind(id.uuid()).bind(regime).bind(stage);
    sql.bind(due.as_micros()).bind(changes).execute(tx).await?;
    Ok(before.map(|(due,)| Timestamp::from_micros(due)))
}

/// Entries that are reported by one of these regimes, in the order of their ids; also those on which
/// work has ended.
pub(crate) async fn reported_by(
    tx: &mut Tx,
    regimes: &[&str],
    after: Uuid,
    limit: i64,
) -> Result<Vec<(IncidentId, IncidentRef)>, DbError> {
    let mut sql = query(
        "SELECT DISTINCT i.id, i.public_id FROM incident_duty d JOIN incident i ON i.id = d.incident \
         WHERE d.dropped_at IS NULL AND d.regime IN (",
    );
    sql.push_list(regimes.iter().copied());
    sql.push(") AND i.id > ").push_bind(after);
    sql.push(" ORDER BY i.id LIMIT ").push_bind(limit);
    let rows: Vec<(Uuid, Uuid)> = sql.fetch_all(tx).await?;
    let row = |(id, public)| (IncidentId::from_uuid(id), IncidentRef::from_uuid(public));
    Ok(rows.into_iter().map(row).collect())
}
