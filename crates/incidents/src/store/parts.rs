//! SQL of what belongs to an entry: timeline, harm, statements, links, attachments.

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, IncidentRef, Timestamp};
use uuid::Uuid;

use super::row::date;
use crate::model::{Attachment, Link, PARTS_MAX, Statement, TIMELINE_MAX, TimelineEntry};

/// How many rows of one kind are read at most; more are never written.
const READ_MAX: i64 = 1_000;
/// The same, for the timeline.
const TIMELINE_READ_MAX: i64 = 10_000;
const _: () = assert!(
    PARTS_MAX == 1_000 && TIMELINE_MAX == 10_000,
    "what can be written can be read"
);

/// The kinds of part that are numbered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Numbered {
    Timeline,
    Harm,
    Statements,
}

/// The number that the next part of this kind takes. There are no gaps, so it is how many there are.
pub(crate) async fn count(
    tx: &mut Tx,
    incident: IncidentId,
    kind: Numbered,
) -> Result<i64, DbError> {
    let sql = match kind {
        Numbered::Timeline => {
            "SELECT coalesce(max(ordinal), -1) + 1 FROM incident_timeline WHERE incident = $1"
        }
        Numbered::Harm => {
            "SELECT coalesce(max(ordinal), -1) + 1 FROM incident_harm WHERE incident = $1"
        }
        Numbered::Statements => {
            "SELECT coalesce(max(ordinal), -1) + 1 FROM incident_statement WHERE incident = $1"
        }
    };
    let (count,): (i64,) = query(sql).bind(incident.uuid()).fetch_one(tx).await?;
    Ok(count)
}

/// Removes timeline, harm and statements, before an import writes them anew.
pub(crate) async fn clear(tx: &mut Tx, incident: IncidentId) -> Result<(), DbError> {
    const CLEAR: [&str; 3] = [
        "DELETE FROM incident_timeline WHERE incident = $1",
        "DELETE FROM incident_harm WHERE incident = $1",
        "DELETE FROM incident_statement WHERE incident = $1",
    ];
    for sql in CLEAR {
        query(sql).bind(incident.uuid()).execute(tx).await?;
    }
    Ok(())
}

/// The timeline, in order of time.
pub(crate) async fn timeline(
    tx: &mut Tx,
    incident: IncidentId,
) -> Result<Vec<TimelineEntry>, DbError> {
    const SQL: &str = "SELECT at, fidelity, what, source FROM incident_timeline \
                       WHERE incident = $1 ORDER BY at, ordinal LIMIT $2";
    type Row = (i64, String, String, Option<String>);
    let rows: Vec<Row> = query(SQL)
        .bind(incident.uuid())
        .bind(TIMELINE_READ_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_timeline", column, &incident);
    rows.into_iter()
        .map(|(at, fidelity, what, source)| {
            Ok(TimelineEntry {
                at: date(Some(at), Some(&fidelity), || bad("fidelity"))?
                    .ok_or_else(|| bad("at"))?,
                what: what.parse().map_err(|_unreadable| bad("what"))?,
                source: parsed(source).map_err(|()| bad("source"))?,
            })
        })
        .collect()
}

db::row! {
    struct StatementRow {
        kind: String,
        said_by: String,
        country: Option<String>,
        role: Option<String>,
        actor: Option<String>,
        says: String,
        cites: Option<String>,
        document: Option<String>,
        line: Option<i64>,
        at: Option<i64>,
        fidelity: Option<String>,
        note: Option<String>,
    }
}

/// The statements, in the order in which they were entered.
pub(crate) async fn statements(
    tx: &mut Tx,
    incident: IncidentId,
) -> Result<Vec<Statement>, DbError> {
    const SQL: &str = "SELECT kind, said_by, country, role, actor, says, cites, document, line, at, \
                       fidelity, note FROM incident_statement WHERE incident = $1 \
                       ORDER BY ordinal LIMIT $2";
    let rows: Vec<StatementRow> = query(SQL)
        .bind(incident.uuid())
        .bind(READ_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_statement", column, &incident);
    rows.into_iter()
        .map(|row| {
            Ok(Statement {
                kind: row.kind.parse().map_err(|_unreadable| bad("kind"))?,
                by: row.said_by.parse().map_err(|_unreadable| bad("said_by"))?,
                country: parsed(row.country).map_err(|()| bad("country"))?,
                role: parsed(row.role).map_err(|()| bad("role"))?,
                actor: parsed(row.actor).map_err(|()| bad("actor"))?,
                says: row.says.parse().map_err(|_unreadable| bad("says"))?,
                cites: parsed(row.cites).map_err(|()| bad("cites"))?,
                document: parsed(row.document).map_err(|()| bad("document"))?,
                line: row
                    .line
                    .map(u32::try_from)
                    .transpose()
                    .map_err(|_unreadable| bad("line"))?,
                at: date(row.at, row.fidelity.as_deref(), || bad("at"))?,
                note: parsed(row.note).map_err(|()| bad("note"))?,
            })
        })
        .collect()
}

/// Removes a link; false if there was none.
pub(crate) async fn remove_link(
    tx: &mut Tx,
    incident: IncidentId,
    kind: &str,
    target: &str,
) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM incident_link WHERE incident = $1 AND kind = $2 AND target = $3";
    let removed = query(SQL)
        .bind(incident.uuid())
        .bind(kind)
        .bind(target)
        .execute(tx)
        .await?;
    Ok(removed == 1)
}

/// The links, in the order in which they were made.
pub(crate) async fn links(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Link>, DbError> {
    const SQL: &str = "SELECT kind, target, label FROM incident_link WHERE incident = $1 \
                       ORDER BY added_at, kind, target LIMIT $2";
    let rows: Vec<(String, String, String)> = query(SQL)
        .bind(incident.uuid())
        .bind(READ_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_link", column, &incident);
    rows.into_iter()
        .map(|(kind, target, label)| {
            Ok(Link {
                kind: kind.parse().map_err(|_unreadable| bad("kind"))?,
                target: target.parse().map_err(|_unreadable| bad("target"))?,
                label: label.parse().map_err(|_unreadable| bad("label"))?,
            })
        })
        .collect()
}

/// The entries that link to a target, whoever asks: the op decides what may be shown.
pub(crate) async fn linked_to(
    tx: &mut Tx,
    kind: &str,
    target: &str,
) -> Result<Vec<IncidentRef>, DbError> {
    const SQL: &str = "SELECT i.public_id FROM incident_link l JOIN incident i ON i.id = l.incident \
                       WHERE l.kind = $1 AND l.target = $2 ORDER BY i.id LIMIT $3";
    let rows: Vec<(Uuid,)> = query(SQL)
        .bind(kind)
        .bind(target)
        .bind(READ_MAX)
        .fetch_all(tx)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id,)| IncidentRef::from_uuid(id))
        .collect())
}

/// Writes what is known of a file; a second time changes nothing.
pub(crate) async fn add_attachment(
    tx: &mut Tx,
    incident: IncidentId,
    file: &Attachment,
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_attachment \
                       (incident, sha256, size, name, media_type, added_at) \
                       VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (incident, sha256) DO NOTHING";
    // A file larger than i64::MAX bytes does not exist.
    let size = i64::try_from(file.size).unwrap_or(i64::MAX);
    query(SQL)
        .bind(incident.uuid())
        .bind(file.sha256.to_vec())
        .bind(size)
        .bind(file.name.as_str())
        .bind(file.media_type.as_str())
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// The files, in the order in which they were added.
pub(crate) async fn attachments(
    tx: &mut Tx,
    incident: IncidentId,
) -> Result<Vec<Attachment>, DbError> {
    const SQL: &str = "SELECT sha256, size, name, media_type FROM incident_attachment \
                       WHERE incident = $1 ORDER BY added_at, sha256 LIMIT $2";
    let rows: Vec<(Vec<u8>, i64, String, String)> = query(SQL)
        .bind(incident.uuid())
        .bind(READ_MAX)
        .fetch_all(tx)
        .await?;
    let bad = |column| Corrupt::new("incident_attachment", column, &incident);
    rows.into_iter()
        .map(|(sha256, size, name, media_type)| {
            Ok(Attachment {
                sha256: <[u8; 32]>::try_from(sha256).map_err(|_length| bad("sha256"))?,
                size: u64::try_from(size).map_err(|_unreadable| bad("size"))?,
                name: name.parse().map_err(|_unreadable| bad("name"))?,
                media_type: media_type
                    .parse()
                    .map_err(|_unreadable| bad("media_type"))?,
            })
        })
        .collect()
}

pub(super) fn parsed<T: std::str::FromStr>(text: Option<String>) -> Result<Option<T>, ()> {
    text.map(|text| text.parse().map_err(drop)).transpose()
}
