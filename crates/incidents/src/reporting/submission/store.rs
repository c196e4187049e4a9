//! SQL of reports for authorities. Their numbers begin with 0 here.

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, Timestamp};

use super::{NewSubmission, Part, Recipient, SUBMISSIONS_MAX, Share, Submission};
use crate::severity::Author;

const _: () = assert!(SUBMISSIONS_MAX == 100, "what can be written can be read");

/// Writes a report under its number.
pub(crate) async fn add(
    tx: &mut Tx,
    (id, ordinal): (IncidentId, i64),
    new: &NewSubmission,
    (by, at): (&str, Timestamp),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_submission (incident, ordinal, regime, stage, nature, \
                       corrects, written_by, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    const PART: &str = "INSERT INTO incident_submission_part (incident, ordinal, part, body) \
                        VALUES ($1, $2, $3, $4)";
    const COPY: &str = "INSERT INTO incident_submission_copy (incident, ordinal, place, part, \
                        authority) VALUES ($1, $2, $3, $4, $5)";
    let sql = query(SQL).bind(id.uuid()).bind(ordinal);
    let sql = sql.bind(new.regime.as_str()).bind(new.stage.as_str());
    let sql = sql
        .bind(new.nature.as_str())
        .bind(new.corrects.map(|number| number.saturating_sub(1)));
    sql.bind(by).bind(at.as_micros()).execute(tx).await?;
    for part in &new.parts {
        let sql = query(PART).bind(id.uuid()).bind(ordinal);
        let sql = sql.bind(part.part.as_str()).bind(part.body.as_str());
        sql.execute(tx).await?;
        for (place, name) in (1_i64..).zip(new.authorities()) {
            if part.authorities.contains(name) {
                let sql = query(COPY).bind(id.uuid()).bind(ordinal).bind(place);
                let sql = sql.bind(part.part.as_str()).bind(name.as_str());
                sql.execute(tx).await?;
            }
        }
    }
    Ok(())
}

/// Releases a part to an authority; false where it is not meant for it, or was released before.
pub(crate) async fn release(
    tx: &mut Tx,
    (id, ordinal): (IncidentId, i64),
    (place, part): (i64, Part),
    (by, at): (&str, Timestamp),
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE incident_submission_copy SET released_by = $5, released_at = $6 \
                       WHERE incident = $1 AND ordinal = $2 AND place = $3 AND part = $4 \
                       AND released_at IS NULL";
    let sql = query(SQL).bind(id.uuid()).bind(ordinal).bind(place);
    let sql = sql.bind(part.as_str()).bind(by).bind(at.as_micros());
    Ok(sql.execute(tx).await? == 1)
}

db::row! {
    struct SubmissionRow {
        ordinal: i64,
        regime: String,
        stage: String,
        nature: String,
        corrects: Option<i64>,
        written_by: String,
        written_at: i64,
    }
}

db::row! {
    struct CopyRow {
        ordinal: i64,
        place: i64,
        part: String,
        authority: String,
        released_by: Option<String>,
        released_at: Option<i64>,
    }
}

/// The reports of an entry, the first one first.
pub(crate) async fn submissions(tx: &mut Tx, id: IncidentId) -> Result<Vec<Submission>, DbError> {
    const SQL: &str = "SELECT ordinal, regime, stage, nature, corrects, written_by, written_at \
                       FROM incident_submission WHERE incident = $1 ORDER BY ordinal LIMIT 100";
    let rows: Vec<SubmissionRow> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let bad = |column| Corrupt::new("incident_submission", column, &id);
    let (parts, copies) = (parts(tx, id).await?, copies(tx, id).await?);
    rows.into_iter()
        .map(|row| {
            let by: Author = row
                .written_by
                .parse()
                .map_err(|_unreadable| bad("written_by"))?;
            let own = parts.iter().filter(|(ordinal, _)| *ordinal == row.ordinal);
            let mut own: Vec<_> = own.map(|(_, part)| part.clone()).collect();
            own.sort_by_key(|(part, _)| *part);
            Ok(Submission {
                number: row.ordinal.saturating_add(1),
                regime: row.regime.parse().map_err(|_unreadable| bad("regime"))?,
                stage: row.stage.parse().map_err(|_unreadable| bad("stage"))?,
                nature: row.nature.parse().map_err(|_unreadable| bad("nature"))?,
                corrects: row.corrects.map(|ordinal| ordinal.saturating_add(1)),
                written: (by, Timestamp::from_micros(row.written_at)),
                parts: own,
                recipients: recipients(&copies, row.ordinal),
            })
        })
        .collect()
}

async fn parts(
    tx: &mut Tx,
    id: IncidentId,
) -> Result<Vec<(i64, (Part, crate::model::Prose))>, DbError> {
    const SQL: &str = "SELECT ordinal, part, body FROM incident_submission_part \
                       WHERE incident = $1 ORDER BY ordinal, part LIMIT 800";
    let rows: Vec<(i64, String, String)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let bad = |column| Corrupt::new("incident_submission_part", column, &id);
    rows.into_iter()
        .map(|(ordinal, part, body)| {
            let part = part.parse().map_err(|_unreadable| bad("part"))?;
            let body = body.parse().map_err(|_unreadable| bad("body"))?;
            Ok((ordinal, (part, body)))
        })
        .collect()
}

type Copied = (i64, i64, crate::model::Line<200>, Share);

async fn copies(tx: &mut Tx, id: IncidentId) -> Result<Vec<Copied>, DbError> {
    const SQL: &str = "SELECT ordinal, place, part, authority, released_by, released_at \
                       FROM incident_submission_copy WHERE incident = $1 \
                       ORDER BY ordinal, place, part LIMIT 16000";
    let rows: Vec<CopyRow> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let bad = |column| Corrupt::new("incident_submission_copy", column, &id);
    rows.into_iter()
        .map(|row| {
            let released = match (row.released_by, row.released_at) {
                (None, None) => None,
                (Some(by), Some(at)) => {
                    let by = by.parse().map_err(|_unreadable| bad("released_by"))?;
                    Some((by, Timestamp::from_micros(at)))
                }
                _ => return Err(bad("released_at").into()),
            };
            let part = row.part.parse().map_err(|_unreadable| bad("part"))?;
            let name = row
                .authority
                .parse()
                .map_err(|_unreadable| bad("authority"))?;
            Ok((row.ordinal, row.place, name, Share { part, released }))
        })
        .collect()
}

fn recipients(copies: &[Copied], of: i64) -> Vec<Recipient> {
    let mut all: Vec<Recipient> = Vec::new();
    for (_, place, name, share) in copies.iter().filter(|(ordinal, ..)| *ordinal == of) {
        match all.last_mut() {
            Some(last) if last.place == *place => last.shares.push(share.clone()),
            _ => all.push(Recipient {
                place: *place,
                name: name.clone(),
                shares: vec![share.clone()],
            }),
        }
    }
    for one in &mut all {
        one.shares.sort_by_key(|share| share.part);
    }
    all
}
