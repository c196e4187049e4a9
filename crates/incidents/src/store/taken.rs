//! SQL of what came from other registers: which entries, and what of them was not understood.

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, Mode, Timestamp, Tlp};
use serde_json::{Map, Value};

/// What an entry was taken from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Taken {
    /// SHA-256 of its line.
    pub(crate) sha256: [u8; 32],
    /// The version that the import wrote; a higher one was edited here.
    pub(crate) version: i64,
    /// What was not understood, by its JSON pointer.
    pub(crate) kept: Map<String, Value>,
}

/// A line that was not understood.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Unread {
    /// SHA-256 of it, by which they are ordered.
    pub(crate) sha256: [u8; 32],
    /// Its label, as far as one could be read.
    pub(crate) tlp: Tlp,
    /// The line.
    pub(crate) line: String,
}

/// What the entry was taken from, if it was.
pub(crate) async fn find(tx: &mut Tx, incident: IncidentId) -> Result<Option<Taken>, DbError> {
    const SQL: &str = "SELECT sha256, version, kept FROM incident_taken WHERE incident = $1";
    let row: Option<(Vec<u8>, i64, Option<String>)> =
        query(SQL).bind(incident.uuid()).fetch_optional(tx).await?;
    let bad = |column| Corrupt::new("incident_taken", column, &incident);
    row.map(|(sha256, version, kept)| {
        let kept = kept.map(|kept| serde_json::from_str(&kept)).transpose();
        Ok(Taken {
            sha256: sha256.try_into().map_err(|_length| bad("sha256"))?,
            version,
            kept: kept.map_err(|_unreadable| bad("kept"))?.unwrap_or_default(),
        })
    })
    .transpose()
}

/// Remembers what an entry was taken from.
pub(crate) async fn save(tx: &mut Tx, incident: IncidentId, taken: &Taken) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_taken (incident, sha256, version, kept) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT (incident) DO UPDATE SET \
                       sha256 = excluded.sha256, version = excluded.version, kept = excluded.kept";
    let kept = &taken.kept;
    let kept = (!kept.is_empty()).then(|| Value::Object(kept.clone()).to_string());
    query(SQL)
        .bind(incident.uuid())
        .bind(taken.sha256.to_vec())
        .bind(taken.version)
        .bind(kept)
        .execute(tx)
        .await?;
    Ok(())
}

/// Keeps a line that was not understood; false if it is there already.
pub(crate) async fn keep_unread(
    tx: &mut Tx,
    mode: Mode,
    unread: &Unread,
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO incident_unread (sha256, exercise, tlp, line, kept_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sha256) DO NOTHING";
    let written = query(SQL)
        .bind(unread.sha256.to_vec())
        .bind(mode.is_exercise())
        .bind(unread.tlp.code())
        .bind(unread.line.as_str())
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// How many lines are kept that were not understood.
pub(crate) async fn count_unread(tx: &mut Tx) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(*) FROM incident_unread";
    let (count,): (i64,) = query(SQL).fetch_one(tx).await?;
    Ok(count)
}

/// The next lines of a mode that were not understood, after this one, in the order of their digests.
pub(crate) async fn unread(
    tx: &mut Tx,
    mode: Mode,
    after: &[u8],
    limit: u16,
) -> Result<Vec<Unread>, DbError> {
    const SQL: &str = "SELECT sha256, tlp, line FROM incident_unread \
                       WHERE exercise = $1 AND sha256 > $2 ORDER BY sha256 LIMIT $3";
    let rows: Vec<(Vec<u8>, i32, String)> = query(SQL)
        .bind(mode.is_exercise())
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(tx)
        .await?;
    rows.into_iter()
        .map(|(sha256, tlp, line)| {
            let bad = |_length| Corrupt::new("incident_unread", "sha256", &"?");
            Ok(Unread {
                sha256: sha256.try_into().map_err(bad)?,
                tlp: Tlp::from_code(tlp),
                line,
            })
        })
        .collect()
}
