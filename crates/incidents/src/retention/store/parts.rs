//! SQL that takes away what an entry says, or all of it.

use db::{DbError, Tx, query, search};
use kernel::{IncidentId, IncidentRef, Timestamp};

/// What of the parts says something of somebody.
const PARTS: [&str; 23] = [
    "DELETE FROM incident_timeline WHERE incident = $1",
    "DELETE FROM incident_statement WHERE incident = $1",
    "DELETE FROM incident_link WHERE incident = $1",
    "DELETE FROM incident_attachment WHERE incident = $1",
    "DELETE FROM incident_course WHERE incident = $1",
    "DELETE FROM incident_task WHERE incident = $1",
    "DELETE FROM incident_note WHERE incident = $1",
    "DELETE FROM incident_mention WHERE incident = $1",
    "DELETE FROM incident_watch WHERE incident = $1",
    "DELETE FROM incident_indicator WHERE incident = $1",
    "DELETE FROM incident_change WHERE incident = $1",
    "DELETE FROM incident_lesson WHERE incident = $1",
    "DELETE FROM incident_item WHERE incident = $1",
    "DELETE FROM incident_hold WHERE incident = $1",
    "DELETE FROM incident_taken WHERE incident = $1",
    "UPDATE incident_assessment SET note = NULL WHERE incident = $1",
    "UPDATE incident_factor SET reason = CASE WHEN reason IS NULL THEN NULL ELSE '-' END, \
     evidence = '' WHERE incident = $1",
    "UPDATE incident_rating SET said_by = '-', source = NULL, note = NULL WHERE incident = $1",
    "UPDATE incident_filing SET reference = NULL WHERE incident = $1",
    "UPDATE incident_request SET authority = '-' WHERE incident = $1",
    "UPDATE incident_duty SET dropped_why = '-' WHERE incident = $1 AND dropped_why IS NOT NULL",
    "DELETE FROM incident_submission_part WHERE incident = $1",
    "UPDATE incident_split SET reason = '-' WHERE target = $1 OR source = $1",
];

/// Of figures of harm the numbers, their units and grades stay, and which measure they are of.
const HARM: &str = "UPDATE incident_harm SET what = coalesce(measure, unit), source = NULL, \
                    note = NULL, method = NULL, baseline = NULL, merge_key = NULL, cells = NULL, among = NULL, \
                    causality_evidence = CASE WHEN causality_evidence IS NULL THEN NULL ELSE '-' END, \
                    correction = CASE WHEN correction IS NULL THEN NULL ELSE '-' END \
                    WHERE incident = $1";

/// Takes away what the parts of an entry say of somebody, and what others call it that lead to it.
pub(crate) async fn clear(
    tx: &mut Tx,
    (id, public): (IncidentId, IncidentRef),
) -> Result<(), DbError> {
    const LABELS: &str = "UPDATE incident_link SET label = target WHERE target = $1";
    for sql in PARTS.into_iter().chain([HARM]) {
        query(sql).bind(id.uuid()).execute(tx).await?;
    }
    query(LABELS).bind(public.to_string()).execute(tx).await?;
    Ok(())
}

/// Notes when that was done.
pub(crate) async fn mark(tx: &mut Tx, id: IncidentId, at: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_erased (incident, at) VALUES ($1, $2) \
                       ON CONFLICT (incident) DO UPDATE SET at = excluded.at";
    let sql = query(SQL).bind(id.uuid()).bind(at.as_micros());
    sql.execute(tx).await?;
    Ok(())
}

/// Takes an entry away, with the words by which it is found and the links that lead to it.
pub(crate) async fn remove(
    tx: &mut Tx,
    (id, public): (IncidentId, IncidentRef),
) -> Result<(), DbError> {
    const LINKS: &str = "DELETE FROM incident_link WHERE target = $1";
    const ROW: &str = "DELETE FROM incident WHERE id = $1";
    query(LINKS).bind(public.to_string()).execute(tx).await?;
    search::remove(tx, search::Area::Incidents, id.uuid()).await?;
    query(ROW).bind(id.uuid()).execute(tx).await?;
    Ok(())
}
