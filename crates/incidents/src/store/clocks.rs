//! SQL of the clocks of an entry: moments, duties, filings and requests. Rows are added and never changed, but
//! that a duty is dropped once.

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, IncidentRef, Timestamp};
use uuid::Uuid;

use super::{list::Sight, parts::parsed};
use crate::clocks::{
    Calendars, Clocks, Dropped, Duty, Filing, Occurred, ROWS_MAX, Reach, Request, all,
};

/// How many rows of one kind are read at most; more are never written.
const READ_MAX: i64 = 100;
const _: () = assert!(ROWS_MAX == 100, "what can be written can be read");

/// Writes when a moment was, under its number.
pub(crate) async fn add_moment(
    tx: &mut Tx,
    incident: IncidentId,
    ordinal: i64,
    occurred: &Occurred,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_moment \
                       (incident, ordinal, moment, at, entered_by, entered_at) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    query(SQL)
        .bind(incident.uuid())
        .bind(ordinal)
        .bind(occurred.moment.as_str())
        .bind(occurred.at.as_micros())
        .bind(occurred.by.as_str())
        .bind(occurred.entered_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes a duty under its number.
pub(crate) async fn add_duty(
    tx: &mut Tx,
    incident: IncidentId,
    ordinal: i64,
    duty: &Duty,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_duty (incident, ordinal, regime, zone, entered_by, \
                       entered_at, dropped_by, dropped_at, dropped_why) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    let dropped = duty.dropped.as_ref();
    query(SQL)
        .bind(incident.uuid())
        .bind(ordinal)
        .bind(duty.regime.as_str())
        .bind(duty.zone.as_str())
        .bind(duty.by.as_str())
        .bind(duty.entered_at.as_micros())
        .bind(dropped.map(|dropped| dropped.by.as_str()))
        .bind(dropped.map(|dropped| dropped.at.as_micros()))
        .bind(dropped.map(|dropped| dropped.why.as_str()))
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes a filing under its number.
pub(crate) async fn add_filing(
    tx: &mut Tx,
    incident: IncidentId,
    ordinal: i64,
    filing: &Filing,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_filing (incident, ordinal, regime, stage, at, \
                       authority, reference, entered_by, entered_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    query(SQL)
        .bind(incident.uuid())
        .bind(ordinal)
        .bind(filing.regime.as_str())
        .bind(filing.stage.as_str())
        .bind(filing.at.as_micros())
        .bind(filing.authority.as_str())
        .bind(filing.reference.as_ref().map(crate::model::Line::as_str))
        .bind(filing.by.as_str())
        .bind(filing.entered_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// What the entry keeps for its clocks.
pub(crate) async fn clocks(tx: &mut Tx, incident: IncidentId) -> Result<Clocks, DbError> {
    let duties = duties(tx, incident).await?;
    Ok(Clocks {
        occurred: moments(tx, incident).await?,
        calendars: calendars(tx, &duties).await?,
        duties,
        filings: filings(tx, incident).await?,
        requests: requests(tx, incident).await?,
    })
}

/// The calendars that the duties that hold ask for.
async fn calendars(tx: &mut Tx, duties: &[Duty]) -> Result<Calendars, DbError> {
    let held = |key: &str| {
        let mut held = duties.iter().filter(|duty| duty.dropped.is_none());
        held.any(|duty| duty.regime.as_str() == key)
    };
    // Data that cannot be read is told where it is reckoned with.
    let regimes = all().unwrap_or_default().iter();
    let regimes = regimes.filter(|regime| regime.counts_business_days() && held(&regime.key));
    let places: Vec<_> = regimes.flat_map(|regime| &regime.places).collect();
    if places.is_empty() {
        return Ok(Calendars::new());
    }
    super::calendar::calendars(tx, |reach| match reach {
        Reach::All => true,
        Reach::State(state) => places.contains(&&state),
    })
    .await
}

async fn moments(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Occurred>, DbError> {
    const SQL: &str = "SELECT moment, at, entered_by, entered_at FROM incident_moment \
                       WHERE incident = $1 ORDER BY ordinal LIMIT $2";
    let rows: Vec<(String, i64, String, i64)> = query(SQL)
        .bind(incident.uuid())
        .bind(READ_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_moment", column, &incident);
    rows.into_iter()
        .map(|(moment, at, by, entered_at)| {
            Ok(Occurred {
                moment: moment.parse().map_err(|_unreadable| bad("moment"))?,
                at: Timestamp::from_micros(at),
                by: by.parse().map_err(|_unreadable| bad("entered_by"))?,
                entered_at: Timestamp::from_micros(entered_at),
            })
        })
        .collect()
}

/// Says of the duties of a regime that hold that they do not apply.
pub(crate) async fn drop_duty(
    tx: &mut Tx,
    incident: IncidentId,
    regime: &str,
    dropped: &Dropped,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE incident_duty SET dropped_by = $3, dropped_at = $4, dropped_why = $5 \
                       WHERE incident = $1 AND regime = $2 AND dropped_at IS NULL";
    query(SQL)
        .bind(incident.uuid())
        .bind(regime)
        .bind(dropped.by.as_str())
        .bind(dropped.at.as_micros())
        .bind(dropped.why.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

db::row! {
    struct DutyRow {
        regime: String,
        zone: String,
        entered_by: String,
        entered_at: i64,
        dropped_by: Option<String>,
        dropped_at: Option<i64>,
        dropped_why: Option<String>,
    }
}

async fn duties(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Duty>, DbError> {
    const SQL: &str = "SELECT regime, zone, entered_by, entered_at, dropped_by, dropped_at, \
                       dropped_why FROM incident_duty WHERE incident = $1 ORDER BY ordinal LIMIT $2";
    let rows: Vec<DutyRow> = query(SQL)
        .bind(incident.uuid())
        .bind(READ_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_duty", column, &incident);
    rows.into_iter()
        .map(|row| {
            let dropped = match (row.dropped_by, row.dropped_at, row.dropped_why) {
                (None, None, None) => None,
                (Some(by), Some(at), Some(why)) => Some(Dropped {
                    by: by.parse().map_err(|_unreadable| bad("dropped_by"))?,
                    at: Timestamp::from_micros(at),
                    why: why.parse().map_err(|_unreadable| bad("dropped_why"))?,
                }),
                _ => return Err(bad("dropped_at").into()),
            };
            Ok(Duty {
                regime: row.regime.parse().map_err(|_unreadable| bad("regime"))?,
                zone: row.zone.parse().map_err(|_unreadable| bad("zone"))?,
                by: row
                    .entered_by
                    .parse()
                    .map_err(|_unreadable| bad("entered_by"))?,
                entered_at: Timestamp::from_micros(row.entered_at),
                dropped,
            })
        })
        .collect()
}

db::row! {
    struct FilingRow {
        regime: String,
        stage: String,
        at: i64,
        authority: String,
        reference: Option<String>,
        entered_by: String,
        entered_at: i64,
    }
}

async fn filings(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Filing>, DbError> {
    const SQL: &str = "SELECT regime, stage, at, authority, reference, entered_by, entered_at \
                       FROM incident_filing WHERE incident = $1 ORDER BY ordinal LIMIT $2";
    let rows: Vec<FilingRow> = query(SQL)
        .bind(incident.uuid())
        .bind(READ_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_filing", column, &incident);
    rows.into_iter()
        .map(|row| {
            Ok(Filing {
                regime: row.regime.parse().map_err(|_unreadable| bad("regime"))?,
                stage: row.stage.parse().map_err(|_unreadable| bad("stage"))?,
                at: Timestamp::from_micros(row.at),
                authority: row
                    .authority
                    .parse()
                    .map_err(|_unreadable| bad("authority"))?,
                reference: parsed(row.reference).map_err(|()| bad("reference"))?,
                by: row
                    .entered_by
                    .parse()
                    .map_err(|_unreadable| bad("entered_by"))?,
                entered_at: Timestamp::from_micros(row.entered_at),
            })
        })
        .collect()
}

/// Writes a request under its number.
pub(crate) async fn add_request(
    tx: &mut Tx,
    incident: IncidentId,
    ordinal: i64,
    request: &Request,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_request (incident, ordinal, regime, stage, at, \
                       authority, due_at, entered_by, entered_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    query(SQL)
        .bind(incident.uuid())
        .bind(ordinal)
        .bind(request.regime.as_str())
        .bind(request.stage.as_str())
        .bind(request.at.as_micros())
        .bind(request.authority.as_str())
        .bind(request.due.map(Timestamp::as_micros))
        .bind(request.by.as_str())
        .bind(request.entered_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

db::row! {
    struct RequestRow {
        regime: String,
        stage: String,
        at: i64,
        authority: String,
        due_at: Option<i64>,
        entered_by: String,
        entered_at: i64,
    }
}

async fn requests(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Request>, DbError> {
    const SQL: &str = "SELECT regime, stage, at, authority, due_at, entered_by, entered_at \
                       FROM incident_request WHERE incident = $1 ORDER BY ordinal LIMIT $2";
    let rows: Vec<RequestRow> = query(SQL)
        .bind(incident.uuid())
        .bind(READ_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_request", column, &incident);
    rows.into_iter()
        .map(|row| {
            Ok(Request {
                regime: row.regime.parse().map_err(|_unreadable| bad("regime"))?,
                stage: row.stage.parse().map_err(|_unreadable| bad("stage"))?,
                at: Timestamp::from_micros(row.at),
                authority: row
                    .authority
                    .parse()
                    .map_err(|_unreadable| bad("authority"))?,
                due: row.due_at.map(Timestamp::from_micros),
                by: row
                    .entered_by
                    .parse()
                    .map_err(|_unreadable| bad("entered_by"))?,
                entered_at: Timestamp::from_micros(row.entered_at),
            })
        })
        .collect()
}

/// The entries with duties on which work goes on, as far as the viewer may see them: the latest
/// entered first.
pub(crate) async fn watched(
    tx: &mut Tx,
    sight: Sight,
    limit: i64,
) -> Result<Vec<(IncidentId, IncidentRef, String)>, DbError> {
    let mut sql = query(
        "SELECT i.id, i.public_id, i.title FROM incident i WHERE i.status <> 'closed' \
         AND EXISTS (SELECT 1 FROM incident_duty d WHERE d.incident = i.id \
         AND d.dropped_at IS NULL) AND ",
    );
    sight.push(&mut sql);
    sql.push(" ORDER BY i.sort_at DESC, i.id DESC LIMIT ")
        .push_bind(limit);
    let rows: Vec<(Uuid, Uuid, String)> = sql.fetch_all(tx).await?;
    let rows = rows.into_iter();
    Ok(rows
        .map(|(id, public, title)| {
            (
                IncidentId::from_uuid(id),
                IncidentRef::from_uuid(public),
                title,
            )
        })
        .collect())
}

/// Writes clocks anew, in the place of what is there: for an import.
pub(crate) async fn replace_clocks(
    tx: &mut Tx,
    incident: IncidentId,
    clocks: &Clocks,
) -> Result<(), DbError> {
    const CLEAR: [&str; 4] = [
        "DELETE FROM incident_moment WHERE incident = $1",
        "DELETE FROM incident_duty WHERE incident = $1",
        "DELETE FROM incident_filing WHERE incident = $1",
        "DELETE FROM incident_request WHERE incident = $1",
    ];
    for sql in CLEAR {
        query(sql).bind(incident.uuid()).execute(tx).await?;
    }
    for (ordinal, one) in (0..).zip(&clocks.occurred) {
        add_moment(tx, incident, ordinal, one).await?;
    }
    for (ordinal, one) in (0..).zip(&clocks.duties) {
        add_duty(tx, incident, ordinal, one).await?;
    }
    for (ordinal, one) in (0..).zip(&clocks.filings) {
        add_filing(tx, incident, ordinal, one).await?;
    }
    for (ordinal, one) in (0..).zip(&clocks.requests) {
        add_request(tx, incident, ordinal, one).await?;
    }
    Ok(())
}
