//! SQL of legal holds.

use db::{Corrupt, DbError, Tx, query};
use kernel::{IncidentId, Timestamp};

use super::{HOLDS_MAX, Hold};

const _: () = assert!(HOLDS_MAX == 100, "what can be written can be read");

/// Writes a hold under the next number, which it gives.
pub(crate) async fn add(
    tx: &mut Tx,
    id: IncidentId,
    (by, at, reason): (&str, Timestamp, &str),
    until: Option<Timestamp>,
) -> Result<i64, DbError> {
    const SQL: &str = "INSERT INTO incident_hold (incident, ordinal, placed_by, placed_at, reason, \
                       until) VALUES ($1, (SELECT coalesce(max(ordinal), 0) + 1 FROM incident_hold \
                       WHERE incident = $1), $2, $3, $4, $5) RETURNING ordinal";
    let sql = query(SQL).bind(id.uuid()).bind(by).bind(at.as_micros());
    let sql = sql.bind(reason).bind(until.map(Timestamp::as_micros));
    let (number,): (i64,) = sql.fetch_one(tx).await?;
    Ok(number)
}

/// Lifts a hold; false where there is none that lasts under that number.
pub(crate) async fn lift(
    tx: &mut Tx,
    (id, number): (IncidentId, i64),
    (by, at, reason): (&str, Timestamp, &str),
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE incident_hold SET lifted_by = $3, lifted_at = $4, lifted_why = $5 \
                       WHERE incident = $1 AND ordinal = $2 AND lifted_at IS NULL \
                       AND (until IS NULL OR until > $4)";
    let sql = query(SQL).bind(id.uuid()).bind(number).bind(by);
    Ok(sql.bind(at.as_micros()).bind(reason).execute(tx).await? == 1)
}

db::row! {
    struct HoldRow {
        ordinal: i64,
        placed_by: String,
        placed_at: i64,
        reason: String,
        until: Option<i64>,
        lifted_by: Option<String>,
        lifted_at: Option<i64>,
        lifted_why: Option<String>,
    }
}

/// The holds of an entry, the last first.
pub(crate) async fn holds(tx: &mut Tx, id: IncidentId) -> Result<Vec<Hold>, DbError> {
    const SQL: &str = "SELECT ordinal, placed_by, placed_at, reason, until, lifted_by, lifted_at, \
                       lifted_why FROM incident_hold WHERE incident = $1 \
                       ORDER BY ordinal DESC LIMIT 100";
    let rows: Vec<HoldRow> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let hold = |row: HoldRow| {
        let lifted = match (row.lifted_by, row.lifted_at, row.lifted_why) {
            (None, None, None) => None,
            (Some(by), Some(at), Some(why)) => Some((by, Timestamp::from_micros(at), why)),
            _ => return Err(Corrupt::new("incident_hold", "lifted_at", &id).into()),
        };
        Ok(Hold {
            number: row.ordinal,
            placed: (row.placed_by, Timestamp::from_micros(row.placed_at)),
            reason: row.reason,
            until: row.until.map(Timestamp::from_micros),
            lifted,
        })
    };
    rows.into_iter().map(hold).collect()
}

/// Whether a hold lasts on an entry, or on one that it was merged with or split from.
pub(crate) async fn is_held(tx: &mut Tx, id: IncidentId, now: Timestamp) -> Result<bool, DbError> {
    const SQL: &str = "WITH RECURSIVE family (id) AS (SELECT i.id FROM incident i WHERE i.id = $1 \
                       UNION SELECT CASE WHEN m.source = f.id THEN m.target ELSE m.source END \
                       FROM (SELECT source, target FROM incident_merge \
                       UNION ALL SELECT source, target FROM incident_split) m JOIN family f \
                       ON m.target = f.id OR m.source = f.id) \
                       SELECT count(*) FROM incident_hold h JOIN family f ON h.incident = f.id \
                       WHERE h.lifted_at IS NULL AND (h.until IS NULL OR h.until > $2)";
    let sql = query(SQL).bind(id.uuid()).bind(now.as_micros());
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count > 0)
}
