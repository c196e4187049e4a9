//! SQL of copies on their way, and of what parties wish.

use db::{Corrupt, DbError, Tx, query};
use kernel::{CircleId, MessageId, Mode, PartyCode, Timestamp};
use uuid::Uuid;

use super::{number, party, unsigned};
use crate::ops::{Asked, CircleCopy, CircleRequest, Wish};

/// Plans the copy of a version for a party.
pub(crate) async fn plan_copy(
    tx: &mut Tx,
    id: CircleId,
    version: u64,
    to: &PartyCode,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO circle_copy (circle, version, party) VALUES ($1, $2, $3)";
    query(SQL)
        .bind(id.uuid())
        .bind(number(version))
        .bind(to.as_str())
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes the message in which a copy travels. False if it travels already.
pub(crate) async fn set_copy(
    tx: &mut Tx,
    (id, version): (CircleId, u64),
    to: &PartyCode,
    message: MessageId,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE circle_copy SET message = $4 \
                       WHERE circle = $1 AND version = $2 AND party = $3 AND message IS NULL";
    let written = query(SQL)
        .bind(id.uuid())
        .bind(number(version))
        .bind(to.as_str())
        .bind(message.uuid())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// The newest copy for each party that was ever sent one.
pub(crate) async fn newest_copies(tx: &mut Tx, id: CircleId) -> Result<Vec<CircleCopy>, DbError> {
    const SQL: &str = "SELECT c.party, c.version, c.message FROM circle_copy AS c \
                       JOIN (SELECT party, MAX(version) AS newest FROM circle_copy \
                       WHERE circle = $1 GROUP BY party) AS n \
                       ON n.party = c.party AND n.newest = c.version \
                       WHERE c.circle = $1 ORDER BY c.party";
    let rows: Vec<(String, i64, Option<Uuid>)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let key = id.uuid();
    rows.into_iter()
        .map(|(code, version, message)| {
            Ok(CircleCopy {
                party: party("circle_copy", &code)?,
                version: unsigned(&key, version)?,
                message: message.map(MessageId::from_uuid),
            })
        })
        .collect()
}

/// Notes that a party asks to be let in.
pub(crate) async fn put_request(
    tx: &mut Tx,
    id: CircleId,
    from: &PartyCode,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO circle_request (circle, party, asked_at) VALUES ($1, $2, $3) \
                       ON CONFLICT DO NOTHING";
    query(SQL)
        .bind(id.uuid())
        .bind(from.as_str())
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets it. False if it did not ask.
pub(crate) async fn drop_request(
    tx: &mut Tx,
    id: CircleId,
    from: &PartyCode,
) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM circle_request WHERE circle = $1 AND party = $2";
    let written = query(SQL)
        .bind(id.uuid())
        .bind(from.as_str())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Who asks to be let in, the longest waiting first. There are [`crate::ops::REQUESTS_MAX`] at most.
pub(crate) async fn requests(tx: &mut Tx, id: CircleId) -> Result<Vec<CircleRequest>, DbError> {
    const SQL: &str = "SELECT party, asked_at FROM circle_request WHERE circle = $1 \
                       ORDER BY asked_at, party";
    let rows: Vec<(String, i64)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    rows.into_iter()
        .map(|(code, at)| {
            Ok(CircleRequest {
                party: party("circle_request", &code)?,
                asked_at: Timestamp::from_micros(at),
            })
        })
        .collect()
}

/// Notes what this party asks a steward for, in the place of what it asked before.
pub(crate) async fn put_asked(tx: &mut Tx, asked: &Asked) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO circle_asked \
                       (circle, exercise, steward, wish, version, message, asked_at) \
                       VALUES ($1, $2, $3, $4, $5, NULL, $6) \
                       ON CONFLICT (circle) DO UPDATE SET exercise = excluded.exercise, \
                       steward = excluded.steward, wish = excluded.wish, \
                       version = excluded.version, message = NULL, asked_at = excluded.asked_at";
    query(SQL)
        .bind(asked.circle.uuid())
        .bind(asked.mode.is_exercise())
        .bind(asked.steward.as_str())
        .bind(asked.wish.as_str())
        .bind(asked.version.map(number))
        .bind(asked.asked_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes the message in which that wish travels. False if another wish took its place, or it travels
/// already.
pub(crate) async fn set_asked(
    tx: &mut Tx,
    asked: &Asked,
    message: MessageId,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE circle_asked SET message = $4 \
                       WHERE circle = $1 AND wish = $2 AND asked_at = $3 AND message IS NULL";
    let written = query(SQL)
        .bind(asked.circle.uuid())
        .bind(asked.wish.as_str())
        .bind(asked.asked_at.as_micros())
        .bind(message.uuid())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Forgets a wish: it was granted, or makes no sense any more.
pub(crate) async fn drop_asked(tx: &mut Tx, id: CircleId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM circle_asked WHERE circle = $1";
    query(SQL).bind(id.uuid()).execute(tx).await?;
    Ok(())
}

/// What this party asks for of circles of a mode, oldest first. There are
/// [`crate::ops::CIRCLES_MAX`] at most.
pub(crate) async fn asked(tx: &mut Tx, mode: Mode) -> Result<Vec<Asked>, DbError> {
    const SQL: &str = "SELECT circle, steward, wish, version, message, asked_at \
                       FROM circle_asked WHERE exercise = $1 ORDER BY asked_at, circle";
    type Row = (Uuid, String, String, Option<i64>, Option<Uuid>, i64);
    let rows: Vec<Row> = query(SQL).bind(mode.is_exercise()).fetch_all(tx).await?;
    rows.into_iter()
        .map(|(id, steward, wish, version, message, at)| {
            Ok(Asked {
                circle: CircleId::from_uuid(id),
                mode,
                steward: party("circle_asked", &steward)?,
                wish: Wish::from_word(&wish)
                    .ok_or_else(|| Corrupt::new("circle_asked", "wish", &id))?,
                version: version.map(|version| unsigned(&id, version)).transpose()?,
                message: message.map(MessageId::from_uuid),
                asked_at: Timestamp::from_micros(at),
            })
        })
        .collect()
}
