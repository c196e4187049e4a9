//! Lists and counts, filtered by what the viewer sees.

use db::{Corrupt, DbError, Query, Tx, query};
use kernel::{Cursor, Limit, MessageId, PageRequest, PartyCode, ThreadId, Timestamp};
use uuid::Uuid;

use super::{Place, Sight};
use crate::model::{Tab, Verb};

/// Up to what number is counted.
const COUNT_MAX: i64 = 1_000;

/// A filter as SQL needs it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Narrow {
    pub(crate) party: Option<PartyCode>,
    pub(crate) tab: Option<Tab>,
    /// Blind tokens, all of which one message has to have.
    pub(crate) tokens: Vec<String>,
    /// Only these threads.
    pub(crate) threads: Option<Vec<ThreadId>>,
}

/// A running clock.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    pub(crate) place: Place,
    pub(crate) message: MessageId,
    pub(crate) verb: Verb,
    pub(crate) due: Timestamp,
    pub(crate) ours: bool,
}

db::row! {
    struct ThreadRow {
        exercise: bool,
        party: String,
        id: Uuid,
        last_at: i64,
    }
}

db::row! {
    struct ClockRow {
        exercise: bool,
        party: String,
        id: Uuid,
        thread: Uuid,
        waits: i32,
        ack_by: Option<i64>,
        next_by: i64,
    }
}

fn place(exercise: bool, party: &str, thread: Uuid) -> Result<Place, DbError> {
    Ok(Place {
        exercise,
        party: party
            .parse()
            .map_err(|_unreadable| Corrupt::new("exchange_thread", "party", &party))?,
        thread: ThreadId::from_uuid(thread),
    })
}

/// Pushes the condition that the thread `t` is closed now.
fn push_closed(sql: &mut Query<'_>, now: Timestamp) {
    sql.push("(t.state = 'closed' OR (t.state = 'closing' AND t.closes_at <= ")
        .push_bind(now.as_micros());
    sql.push("))");
}

/// A page of threads in which the viewer sees something, the liveliest first; one more than the page
/// holds.
pub(crate) async fn page(
    tx: &mut Tx,
    sight: Sight,
    narrow: &Narrow,
    (request, now): (PageRequest, Timestamp),
) -> Result<Vec<(Place, Timestamp)>, DbError> {
    let mut sql = query(
        "SELECT t.exercise, t.party, t.id, t.last_at FROM exchange_thread t WHERE t.exercise = ",
    );
    sql.push_bind(sight.exercise);
    sql.push(
        " AND EXISTS (SELECT 1 FROM exchange_message m WHERE m.party = t.party \
              AND m.thread = t.id AND ",
    );
    sight.push(&mut sql);
    match narrow.tab {
        Some(Tab::WaitingForUs) => {
            sql.push(" AND m.waits = 1");
        }
        Some(Tab::WaitingForThem) => {
            sql.push(" AND m.waits = 2");
        }
        Some(Tab::Open | Tab::Closed) | None => {}
    }
    for token in &narrow.tokens {
        sql.push(" AND EXISTS (SELECT 1 FROM search_token s WHERE s.area = 2 AND s.token = ")
            .push_bind(token.as_str());
        sql.push(" AND s.rank = 0 AND s.id = m.id)");
    }
    sql.push(")");
    match narrow.tab {
        Some(Tab::Closed) => {
            sql.push(" AND ");
            push_closed(&mut sql, now);
        }
        Some(Tab::Open | Tab::WaitingForUs | Tab::WaitingForThem) => {
            sql.push(" AND NOT ");
            push_closed(&mut sql, now);
        }
        None => {}
    }
    if let Some(party) = &narrow.party {
        sql.push(" AND t.party = ").push_bind(party.as_str());
    }
    if let Some(threads) = &narrow.threads {
        sql.push(" AND t.id IN (");
        sql.push_list(threads.iter().map(|thread| thread.uuid()));
        sql.push(")");
    }
    sql.push_after(("t.last_at", "t.id"), request.after);
    sql.push(" ORDER BY t.last_at DESC, t.id DESC LIMIT ")
        .push_bind(request.limit.probe());
    let rows: Vec<ThreadRow> = sql.fetch_all(tx).await?;
    rows.into_iter()
        .map(|row| {
            let at = Timestamp::from_micros(row.last_at);
            Ok((place(row.exercise, &row.party, row.id)?, at))
        })
        .collect()
}

/// A page of running clocks that the viewer sees, by when they run out; one more than the page holds.
pub(crate) async fn clocks(
    tx: &mut Tx,
    sight: Sight,
    (request, now): (PageRequest, Timestamp),
) -> Result<Vec<Running>, DbError> {
    let mut sql = query(
        "SELECT m.exercise, m.party, m.id, m.thread, m.waits, m.ack_by, m.next_by \
         FROM exchange_message m JOIN exchange_thread t ON t.exercise = m.exercise \
         AND t.party = m.party AND t.id = m.thread WHERE m.next_by IS NOT NULL AND ",
    );
    sight.push(&mut sql);
    sql.push(" AND NOT ");
    push_closed(&mut sql, now);
    if let Some(Cursor { key, id }) = request.after {
        sql.push(" AND (m.next_by, m.id) > (").push_bind(key);
        sql.push(", ").push_bind(id);
        sql.push(")");
    }
    sql.push(" ORDER BY m.next_by, m.id LIMIT ")
        .push_bind(request.limit.probe());
    let rows: Vec<ClockRow> = sql.fetch_all(tx).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Running {
                place: place(row.exercise, &row.party, row.thread)?,
                message: MessageId::from_uuid(row.id),
                verb: if row.ack_by == Some(row.next_by) {
                    Verb::Acknowledge
                } else {
                    Verb::Answer
                },
                due: Timestamp::from_micros(row.next_by),
                ours: row.waits == 1,
            })
        })
        .collect()
}

/// Asking messages that the viewer sees and that wait without a clock, the newest first: with whom,
/// and which.
pub(crate) async fn timeless(
    tx: &mut Tx,
    sight: Sight,
    (limit, now): (Limit, Timestamp),
) -> Result<Vec<(PartyCode, MessageId)>, DbError> {
    let mut sql = query(
        "SELECT m.party, m.id FROM exchange_message m JOIN exchange_thread t \
         ON t.exercise = m.exercise AND t.party = m.party AND t.id = m.thread \
         WHERE m.waits <> 0 AND m.next_by IS NULL AND ",
    );
    sight.push(&mut sql);
    sql.push(" AND NOT ");
    push_closed(&mut sql, now);
    sql.push(" ORDER BY m.at DESC, m.id DESC LIMIT ")
        .push_bind(limit.probe() - 1);
    let rows: Vec<(String, Uuid)> = sql.fetch_all(tx).await?;
    rows.into_iter()
        .map(|(party, id)| {
            let code = party.parse().map_err(|_unreadable| {
                DbError::from(Corrupt::new("exchange_message", "party", &party))
            })?;
            Ok((code, MessageId::from_uuid(id)))
        })
        .collect()
}

/// How many threads in which the viewer sees something are not closed.
pub(crate) async fn count_open(tx: &mut Tx, sight: Sight, now: Timestamp) -> Result<i64, DbError> {
    let mut sql =
        query("SELECT count(*) FROM (SELECT 1 FROM exchange_thread t WHERE t.exercise = ");
    sql.push_bind(sight.exercise);
    sql.push(" AND NOT ");
    push_closed(&mut sql, now);
    sql.push(
        " AND EXISTS (SELECT 1 FROM exchange_message m WHERE m.party = t.party \
              AND m.thread = t.id AND ",
    );
    sight.push(&mut sql);
    sql.push(") LIMIT ").push_bind(COUNT_MAX);
    sql.push(") AS c");
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count)
}

/// How many asking messages that the viewer sees wait: for us, for them, beyond their time.
pub(crate) async fn count_waiting(
    tx: &mut Tx,
    sight: Sight,
    now: Timestamp,
) -> Result<[i64; 3], DbError> {
    let mut sql = query(
        "SELECT coalesce(sum(CASE WHEN w.waits = 1 THEN 1 ELSE 0 END), 0), \
         coalesce(sum(CASE WHEN w.waits = 2 THEN 1 ELSE 0 END), 0), \
         coalesce(sum(CASE WHEN w.next_by < ",
    );
    sql.push_bind(now.as_micros());
    sql.push(
        " THEN 1 ELSE 0 END), 0) FROM (SELECT m.waits, m.next_by FROM exchange_message m \
              JOIN exchange_thread t ON t.exercise = m.exercise AND t.party = m.party \
              AND t.id = m.thread WHERE m.waits <> 0 AND ",
    );
    sight.push(&mut sql);
    sql.push(" AND NOT ");
    push_closed(&mut sql, now);
    sql.push(" LIMIT ").push_bind(COUNT_MAX);
    sql.push(") AS w");
    let (ours, theirs, overdue): (i64, i64, i64) = sql.fetch_one(tx).await?;
    Ok([ours, theirs, overdue])
}

/// How many threads hold something that came and that the user has not read.
pub(crate) async fn count_unread(tx: &mut Tx, sight: Sight) -> Result<i64, DbError> {
    let mut sql =
        query("SELECT count(*) FROM (SELECT 1 FROM exchange_thread t WHERE t.exercise = ");
    sql.push_bind(sight.exercise);
    sql.push(
        " AND EXISTS (SELECT 1 FROM exchange_message m WHERE m.party = t.party \
              AND m.thread = t.id AND ",
    );
    sight.push(&mut sql);
    sql.push(" AND m.ours = ").push_bind(false);
    sql.push(" AND NOT EXISTS (SELECT 1 FROM exchange_seen s WHERE s.user_id = ")
        .push_bind(sight.user);
    sql.push(
        " AND s.exercise = m.exercise AND s.party = m.party AND s.thread = m.thread \
              AND s.at >= m.at)) LIMIT ",
    )
    .push_bind(COUNT_MAX);
    sql.push(") AS c");
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count)
}

/// How many messages of ours that the viewer sees have no receipt and are stuck.
pub(crate) async fn count_stuck(tx: &mut Tx, sight: Sight) -> Result<i64, DbError> {
    let mut sql = query(
        "SELECT count(*) FROM (SELECT 1 FROM outbox o JOIN exchange_message m \
         ON m.exercise = o.exercise AND m.party = o.party AND m.id = o.id \
         WHERE o.code IN ('undeliverable', 'refused') AND ",
    );
    sight.push(&mut sql);
    sql.push(" LIMIT ").push_bind(COUNT_MAX);
    sql.push(") AS c");
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count)
}

/// Whether the viewer sees anything of a thread, with whomever.
pub(crate) async fn sees_thread(
    tx: &mut Tx,
    sight: Sight,
    thread: ThreadId,
) -> Result<bool, DbError> {
    let mut sql = query("SELECT count(*) FROM exchange_message m WHERE m.thread = ");
    sql.push_bind(thread.uuid());
    sql.push(" AND ");
    sight.push(&mut sql);
    let (count,): (i64,) = sql.fetch_one(tx).await?;
    Ok(count > 0)
}
