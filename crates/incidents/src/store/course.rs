//! SQL of the course of an entry. Rows are added and never changed; what an entry says is kept as the
//! JSON of the interface.

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, Timestamp};

use super::parts::parsed;
use crate::{
    course::{Content, ENTRIES_MAX, Entry},
    harm::Correction,
    model::Line,
    wire::ContentBody,
};

/// How many rows are read at most; more are never written.
const READ_MAX: i64 = 5_000;
const _: () = assert!(ENTRIES_MAX == 5_000, "what can be written can be read");

/// Writes an entry under its number.
pub(crate) async fn add(tx: &mut Tx, incident: IncidentId, entry: &Entry) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_course (incident, ordinal, kind, body, source, corrects, \
                       correction, entered_by, entered_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    // A body is made of words, numbers and dates, which are always written.
    let body = serde_json::to_string(&ContentBody::from(&entry.content)).unwrap_or_default();
    query(SQL)
        .bind(incident.uuid())
        .bind(i64::from(entry.number))
        .bind(entry.content.kind())
        .bind(body)
        .bind(entry.source.as_ref().map(Line::as_str))
        .bind(entry.corrects.as_ref().map(|one| i64::from(one.number)))
        .bind(entry.corrects.as_ref().map(|one| one.reason.as_str()))
        .bind(entry.by.as_str())
        .bind(entry.entered_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

db::row! {
    struct CourseRow {
        ordinal: i64,
        body: String,
        source: Option<String>,
        corrects: Option<i64>,
        correction: Option<String>,
        entered_by: String,
        entered_at: i64,
    }
}

/// The entries, in the order of their numbers.
pub(crate) async fn entries(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Entry>, DbError> {
    const SQL: &str = "SELECT ordinal, body, source, corrects, correction, entered_by, entered_at \
                       FROM incident_course WHERE incident = $1 ORDER BY ordinal LIMIT $2";
    let rows: Vec<CourseRow> = query(SQL)
        .bind(incident.uuid())
        .bind(READ_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_course", column, &incident);
    rows.into_iter()
        .map(|row| {
            let body: ContentBody =
                serde_json::from_str(&row.body).map_err(|_unreadable| bad("body"))?;
            let number = row.corrects.map(u32::try_from).transpose();
            let corrects = Correction::read(
                number.map_err(|_large| bad("corrects"))?,
                row.correction.as_deref(),
            );
            Ok(Entry {
                number: u32::try_from(row.ordinal).map_err(|_large| bad("ordinal"))?,
                content: Content::try_from(body).map_err(|_unreadable| bad("body"))?,
                source: parsed(row.source).map_err(|()| bad("source"))?,
                corrects: corrects.map_err(|_unreadable| bad("correction"))?,
                by: row
                    .entered_by
                    .parse()
                    .map_err(|_unreadable| bad("entered_by"))?,
                entered_at: Timestamp::from_micros(row.entered_at),
            })
        })
        .collect()
}

/// Writes the entries anew, in the place of those that are there: for an import.
pub(crate) async fn replace(
    tx: &mut Tx,
    incident: IncidentId,
    entries: &[Entry],
) -> Result<(), DbError> {
    const CLEAR: &str = "DELETE FROM incident_course WHERE incident = $1";
    query(CLEAR).bind(incident.uuid()).execute(tx).await?;
    for entry in entries {
        add(tx, incident, entry).await?;
    }
    Ok(())
}
