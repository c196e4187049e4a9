//! SQL of reminders.

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, IncidentRef, JobId, PageRequest, Timestamp, UserId};
use mail::Address;
use uuid::Uuid;

use super::remind::{Reminder, Step};
use crate::store::list::Sight;

/// Reminders that are read at most.
const READ_MAX: i64 = 200;

/// True where work on the entry goes on. Nobody else changes it until the transaction ends.
pub(crate) async fn hold(tx: &mut Tx, id: IncidentId) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE incident SET updated_at = updated_at \
                       WHERE id = $1 AND status <> 'closed'";
    Ok(query(SQL).bind(id.uuid()).execute(tx).await? == 1)
}

/// The job that looks next at an entry.
pub(crate) async fn planned(
    tx: &mut Tx,
    id: IncidentId,
) -> Result<Option<(JobId, Timestamp)>, DbError> {
    const SQL: &str = "SELECT job, run_at FROM incident_remind WHERE incident = $1";
    let row: Option<(Uuid, i64)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.map(|(job, at)| (JobId::from_uuid(job), Timestamp::from_micros(at))))
}

/// Notes the job that looks next at an entry, or that none does.
pub(crate) async fn set_planned(
    tx: &mut Tx,
    id: IncidentId,
    job: Option<(JobId, Timestamp)>,
) -> Result<(), DbError> {
    const SET: &str = "INSERT INTO incident_remind (incident, job, run_at) VALUES ($1, $2, $3) \
                       ON CONFLICT (incident) DO UPDATE SET job = excluded.job, \
                       run_at = excluded.run_at";
    const CLEAR: &str = "DELETE FROM incident_remind WHERE incident = $1";
    match job {
        Some((job, at)) => {
            let sql = query(SET).bind(id.uuid()).bind(job.uuid());
            sql.bind(at.as_micros()).execute(tx).await?
        }
        None => query(CLEAR).bind(id.uuid()).execute(tx).await?,
    };
    Ok(())
}

/// What was told of an entry: regime, stage, due time and step.
pub(crate) async fn told(
    tx: &mut Tx,
    id: IncidentId,
) -> Result<Vec<(String, String, Timestamp, Step)>, DbError> {
    const SQL: &str = "SELECT regime, stage, due_at, hours FROM incident_reminder \
                       WHERE incident = $1 ORDER BY told_at DESC LIMIT 2000";
    let rows: Vec<(String, String, i64, i64)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    rows.into_iter()
        .map(|(regime, stage, due, hours)| {
            Ok((regime, stage, Timestamp::from_micros(due), step(hours, id)?))
        })
        .collect()
}

fn step(hours: i64, id: impl std::fmt::Display) -> Result<Step, DbError> {
    let hours = u32::try_from(hours);
    let hours = hours.map_err(|_range| Corrupt::new("incident_reminder", "hours", &id))?;
    Ok(Step::of_hours(hours))
}

/// Notes that something was told; false where it had been.
pub(crate) async fn tell(
    tx: &mut Tx,
    id: IncidentId,
    (regime, stage, due): (&str, &str, Timestamp),
    (step, now): (Step, Timestamp),
) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO incident_reminder (incident, regime, stage, due_at, hours, \
                       told_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    let sql = query(SQL).bind(id.uuid()).bind(regime).bind(stage);
    let sql = sql.bind(due.as_micros()).bind(i64::from(step.hours()));
    Ok(sql.bind(now.as_micros()).execute(tx).await? == 1)
}

/// Takes back what was told of a report of an entry that is due at another time by now.
pub(crate) async fn forget(
    tx: &mut Tx,
    id: IncidentId,
    (regime, stage, due): (&str, &str, Timestamp),
) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM incident_reminder \
                       WHERE incident = $1 AND regime = $2 AND stage = $3 AND due_at <> $4";
    let sql = query(SQL).bind(id.uuid()).bind(regime).bind(stage);
    sql.bind(due.as_micros()).execute(tx).await?;
    Ok(())
}

/// Entries on which work goes on and that are reported, in the order of their ids.
pub(crate) async fn reported(
    tx: &mut Tx,
    after: Uuid,
    limit: i64,
) -> Result<Vec<IncidentId>, DbError> {
    const SQL: &str = "SELECT DISTINCT d.incident FROM incident_duty d \
                       JOIN incident i ON i.id = d.incident WHERE d.incident > $1 \
                       AND d.dropped_at IS NULL AND i.status <> 'closed' \
                       ORDER BY d.incident LIMIT $2";
    let rows: Vec<(Uuid,)> = query(SQL).bind(after).bind(limit).fetch_all(tx).await?;
    Ok(rows
        .into_iter()
        .map(|(id,)| IncidentId::from_uuid(id))
        .collect())
}

db::row! {
    struct ReminderRow {
        public_id: Uuid,
        title: String,
        regime: String,
        stage: String,
        due_at: i64,
        hours: i64,
        told_at: i64,
    }
}

/// What was told since then of reports that are still to be filed, in entries that the viewer may
/// see, the latest first.
pub(crate) async fn reminders(
    tx: &mut Tx,
    sight: Sight,
    since: Timestamp,
) -> Result<Vec<Reminder>, DbError> {
    let mut sql = query(
        "SELECT i.public_id, i.title, r.regime, r.stage, r.due_at, r.hours, r.told_at \
         FROM incident_reminder r JOIN incident i ON i.id = r.incident \
         WHERE i.status <> 'closed' AND EXISTS (SELECT 1 FROM incident_duty d \
         WHERE d.incident = r.incident AND d.regime = r.regime AND d.dropped_at IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM incident_filing f WHERE f.incident = r.incident \
         AND f.regime = r.regime AND f.stage = r.stage AND f.at >= coalesce((SELECT max(q.at) \
         FROM incident_request q WHERE q.incident = r.incident AND q.regime = r.regime \
         AND q.stage = r.stage), f.at)) AND r.told_at > ",
    );
    sql.push_bind(since.as_micros()).push(" AND ");
    sight.push(&mut sql);
    sql.push(" ORDER BY r.told_at DESC, r.due_at, i.id, r.regime, r.stage, r.hours LIMIT ")
        .push_bind(READ_MAX);
    let rows: Vec<ReminderRow> = sql.fetch_all(tx).await?;
    rows.into_iter()
        .map(|row| {
            let public = IncidentRef::from_uuid(row.public_id);
            Ok(Reminder {
                public,
                title: row.title,
                regime: row.regime,
                stage: row.stage,
                due: Timestamp::from_micros(row.due_at),
                step: step(row.hours, public)?,
                told_at: Timestamp::from_micros(row.told_at),
            })
        })
        .collect()
}

/// The entries that cross borders, as far as the viewer may see them, newest first: id, reference and
/// place in the list; one more than the page holds.
pub(crate) async fn crossing(
    tx: &mut Tx,
    sight: Sight,
    request: PageRequest,
) -> Result<Vec<(IncidentId, IncidentRef, i64)>, DbError> {
    let mut sql = query(
        "SELECT i.id, i.public_id, i.sort_at FROM incident i WHERE i.cross_border IS TRUE \
         AND NOT EXISTS (SELECT 1 FROM incident_merge m WHERE m.source = i.id) AND ",
    );
    sight.push(&mut sql);
    sql.push_after(("i.sort_at", "i.id"), request.after);
    sql.push(" ORDER BY i.sort_at DESC, i.id DESC LIMIT ")
        .push_bind(request.limit.probe());
    let rows: Vec<(Uuid, Uuid, i64)> = sql.fetch_all(tx).await?;
    let row = |(id, public, at)| {
        (
            IncidentId::from_uuid(id),
            IncidentRef::from_uuid(public),
            at,
        )
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Where somebody is reminded by mail.
pub(crate) async fn mail_address(tx: &mut Tx, user: UserId) -> Result<Option<Address>, DbError> {
    const SQL: &str = "SELECT address FROM reminder_mail WHERE user_id = $1";
    let row: Option<(String,)> = query(SQL).bind(user.uuid()).fetch_optional(tx).await?;
    let bad = |_unreadable| Corrupt::new("reminder_mail", "address", &user);
    let address = row.map(|(text,)| text.parse().map_err(bad));
    Ok(address.transpose()?)
}

/// Notes where somebody is reminded by mail, or that he is not.
pub(crate) async fn set_mail_address(
    tx: &mut Tx,
    user: UserId,
    address: Option<&Address>,
    now: Timestamp,
) -> Result<(), DbError> {
    const SET: &str = "INSERT INTO reminder_mail (user_id, address, chosen_at) VALUES ($1, $2, $3) \
                       ON CONFLICT (user_id) DO UPDATE SET address = excluded.address, \
                       chosen_at = excluded.chosen_at";
    const CLEAR: &str = "DELETE FROM reminder_mail WHERE user_id = $1";
    match address {
        Some(address) => {
            let sql = query(SET).bind(user.uuid()).bind(address.as_str());
            sql.bind(now.as_micros()).execute(tx).await?
        }
        None => query(CLEAR).bind(user.uuid()).execute(tx).await?,
    };
    Ok(())
}

/// Who is reminded by mail; the first 1,000.
pub(crate) async fn mail_users(tx: &mut Tx) -> Result<Vec<UserId>, DbError> {
    const SQL: &str = "SELECT user_id FROM reminder_mail ORDER BY user_id LIMIT 1000";
    let rows: Vec<(Uuid,)> = query(SQL).fetch_all(tx).await?;
    Ok(rows
        .into_iter()
        .map(|(id,)| UserId::from_uuid(id))
        .collect())
}

/// The reference of an entry.
pub(crate) async fn public(tx: &mut Tx, id: IncidentId) -> Result<Option<IncidentRef>, DbError> {
    const SQL: &str = "SELECT public_id FROM incident WHERE id = $1";
    let row: Option<(Uuid,)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.map(|(id,)| IncidentRef::from_uuid(id)))
}
