//! Threads, and until when somebody has read them.

use db::{Corrupt, DbError, Tx, query};
use kernel::{Mode, PartyCode, ThreadId, Timestamp, UserId};

use super::Place;
use crate::state::ThreadState;

/// Writes where a thread stands after something was said in it at `at`.
pub(crate) async fn put(
    tx: &mut Tx,
    place: &Place,
    (state, closes_at): (&ThreadState, Option<Timestamp>),
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO exchange_thread (exercise, party, id, created_at, last_at, state, \
                       closes_at) VALUES ($1, $2, $3, $4, $4, $5, $6) \
                       ON CONFLICT (exercise, party, id) DO UPDATE SET last_at = excluded.last_at, \
                       state = excluded.state, closes_at = excluded.closes_at";
    query(SQL)
        .bind(place.exercise)
        .bind(place.party.as_str())
        .bind(place.thread.uuid())
        .bind(at.as_micros())
        .bind(state.code())
        .bind(closes_at.map(Timestamp::as_micros))
        .execute(tx)
        .await?;
    Ok(())
}

/// With whom this party speaks under that id, the first one first.
pub(crate) async fn parties(
    tx: &mut Tx,
    mode: Mode,
    thread: ThreadId,
) -> Result<Vec<PartyCode>, DbError> {
    const SQL: &str = "SELECT party FROM exchange_thread WHERE exercise = $1 AND id = $2 \
                       ORDER BY created_at, party";
    let rows: Vec<(String,)> = query(SQL)
        .bind(mode.is_exercise())
        .bind(thread.uuid())
        .fetch_all(tx)
        .await?;
    rows.into_iter()
        .map(|(party,)| {
            party
                .parse()
                .map_err(|_unreadable| Corrupt::new("exchange_thread", "party", &party).into())
        })
        .collect()
}

/// Notes that a user has read a thread up to that moment.
pub(crate) async fn put_seen(
    tx: &mut Tx,
    user: UserId,
    place: &Place,
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO exchange_seen (user_id, exercise, party, thread, at) \
                       VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT (user_id, exercise, party, thread) \
                       DO UPDATE SET at = excluded.at";
    query(SQL)
        .bind(user.uuid())
        .bind(place.exercise)
        .bind(place.party.as_str())
        .bind(place.thread.uuid())
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Until when a user has read a thread.
pub(crate) async fn read_until(
    tx: &mut Tx,
    user: UserId,
    place: &Place,
) -> Result<Option<Timestamp>, DbError> {
    const SQL: &str = "SELECT at FROM exchange_seen \
                       WHERE user_id = $1 AND exercise = $2 AND party = $3 AND thread = $4";
    let row: Option<(i64,)> = query(SQL)
        .bind(user.uuid())
        .bind(place.exercise)
        .bind(place.party.as_str())
        .bind(place.thread.uuid())
        .fetch_optional(tx)
        .await?;
    Ok(row.map(|(at,)| Timestamp::from_micros(at)))
}
