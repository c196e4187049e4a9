//! The queue's rows.

use std::time::Duration;

use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use kernel::{Clock, Cursor, JobId, Page, PageRequest, Rng, Timestamp};
use serde::Serialize;
use uuid::Uuid;

use crate::{DeadLetter, Holder, Job, QueueError, Stand, Standing, job::PAYLOAD_BYTES_MAX};

/// Enqueues a job, to run at `run_at` or as soon after as may be. It exists if and only if the
/// transaction commits.
pub async fn enqueue<T: Serialize>(
    tx: &mut Tx,
    (clock, rng): (&dyn Clock, &dyn Rng),
    kind: &str,
    payload: &T,
    run_at: Timestamp,
) -> Result<JobId, QueueError> {
    const SQL: &str = "INSERT INTO job (id, kind, payload, state, attempts, run_at, created_at) \
                       VALUES ($1, $2, $3, 'waiting', 0, $4, $5)";
    let payload = serde_json::to_string(payload).map_err(|source| QueueError::Payload {
        kind: kind.to_owned(),
        source,
    })?;
    if payload.len() > PAYLOAD_BYTES_MAX {
        return Err(QueueError::PayloadTooLarge {
            kind: kind.to_owned(),
            bytes: payload.len(),
        });
    }
    let id = JobId::new(clock, rng);
    let created = clock.now().as_micros();
    query(SQL)
        .bind(id.uuid())
        .bind(kind)
        .bind(&payload)
        .bind(run_at.as_micros())
        .bind(created)
        .execute(tx)
        .await?;
    tx.due(run_at);
    tx.wake();
    Ok(id)
}

/// Takes back a job that nobody has begun: it was a precaution, and is not needed any more. One that
/// is gone or running is left alone.
pub async fn cancel(tx: &mut Tx, id: JobId) -> Result<(), QueueError> {
    const SQL: &str = "DELETE FROM job WHERE id = $1 AND state = 'waiting'";
    query(SQL).bind(id.uuid()).execute(tx).await?;
    Ok(())
}

db::row! {
    struct JobRow {
        id: Uuid,
        kind: String,
        payload: String,
        attempts: i64,
        created_at: i64,
    }
}

db::row! {
    struct DeadRow {
        id: Uuid,
        kind: String,
        payload: String,
        attempts: i64,
        created_at: i64,
        last_error: Option<String>,
    }
}

db::row! {
    struct StandingRow {
        id: Uuid,
        kind: String,
        payload: String,
        state: String,
        attempts: i64,
        run_at: i64,
        created_at: i64,
        last_error: Option<String>,
    }
}

/// Takes up to `most` due jobs, each under a lease. One whose lease has run out, because its process
/// died, is due again; whoever holds it himself does not take it twice.
pub(crate) async fn take(
    tx: &mut Tx,
    holder: Holder,
    (now, lease): (Timestamp, Duration),
    most: i64,
) -> Result<Vec<Job>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = $2, \
                 holder = $4 WHERE id IN (SELECT id FROM job \
                 WHERE (state = 'waiting' AND run_at <= $1) \
                 OR (state = 'running' AND lease_until <= $1 AND (holder <> $4 OR holder IS NULL)) \
                 ORDER BY run_at, id LIMIT $3) \
                 RETURNING id, kind, payload, attempts, created_at",
        postgres: "UPDATE job SET state = 'running', attempts = attempts + 1, lease_until = $2, \
                   holder = $4 WHERE id IN (SELECT id FROM job \
                   WHERE (state = 'waiting' AND run_at <= $1) \
                   OR (state = 'running' AND lease_until <= $1 \
                   AND (holder <> $4 OR holder IS NULL)) ORDER BY run_at, id LIMIT $3 \
                   FOR UPDATE SKIP LOCKED) \
                   RETURNING id, kind, payload, attempts, created_at",
    };
    let sql = SQL.on(tx);
    let until = now.plus(lease);
    let rows: Vec<JobRow> = query(sql)
        .bind(now.as_micros())
        .bind(until.as_micros())
        .bind(most)
        .bind(holder.0)
        .fetch_all(tx)
        .await?;
    rows.into_iter().map(Job::try_from).collect()
}

/// Holds a job for longer. False if it is another's by now, or gone.
pub(crate) async fn renew(
    tx: &mut Tx,
    (holder, id): (Holder, JobId),
    until: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE job SET lease_until = $3 \
                       WHERE id = $1 AND holder = $2 AND state = 'running'";
    let statement = query(SQL).bind(id.uuid()).bind(holder.0);
    let held = statement.bind(until.as_micros()).execute(tx).await?;
    Ok(held == 1)
}

/// Makes the jobs due at once that a process held which is known to have ended. Gives their number.
pub async fn release(tx: &mut Tx, holder: Holder, now: Timestamp) -> Result<u64, DbError> {
    const SQL: &str = "UPDATE job SET lease_until = $2 WHERE holder = $1 AND state = 'running' \
                       AND lease_until > $2";
    let statement = query(SQL).bind(holder.0).bind(now.as_micros());
    let released = statement.execute(tx).await?;
    if released > 0 {
        tx.due(now);
        tx.wake();
    }
    Ok(released)
}

/// When the next job is due that a holder may take, if there is one.
pub(crate) async fn next_due(tx: &mut Tx, holder: Holder) -> Result<Option<Timestamp>, DbError> {
    const SQL: &str = "SELECT min(CASE WHEN state = 'waiting' THEN run_at ELSE lease_until END) \
                       FROM job WHERE state = 'waiting' \
                       OR (state = 'running' AND (holder <> $1 OR holder IS NULL))";
    let (due,): (Option<i64>,) = query(SQL).bind(holder.0).fetch_one(tx).await?;
    Ok(due.map(Timestamp::from_micros))
}

/// Removes a job that succeeded.
pub(crate) async fn done(tx: &mut Tx, (holder, id): (Holder, JobId)) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM job WHERE id = $1 AND holder = $2 AND state = 'running'";
    let statement = query(SQL).bind(id.uuid()).bind(holder.0);
    statement.execute(tx).await?;
    Ok(())
}

/// Puts a job back, to be tried again at `run_at`.
pub(crate) async fn again(
    tx: &mut Tx,
    (holder, id): (Holder, JobId),
    run_at: Timestamp,
    why: &str,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE job SET state = 'waiting', run_at = $3, lease_until = NULL, \
                       holder = NULL, last_error = $4 \
                       WHERE id = $1 AND holder = $2 AND state = 'running'";
    query(SQL)
        .bind(id.uuid())
        .bind(holder.0)
        .bind(run_at.as_micros())
        .bind(why)
        .execute(tx)
        .await?;
    tx.due(run_at);
    Ok(())
}

/// Makes a job a dead letter.
pub(crate) async fn give_up(
    tx: &mut Tx,
    (holder, id): (Holder, JobId),
    why: &str,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE job SET state = 'dead', lease_until = NULL, holder = NULL, \
                       last_error = $3 WHERE id = $1 AND holder = $2 AND state = 'running'";
    let statement = query(SQL).bind(id.uuid()).bind(holder.0);
    statement.bind(why).execute(tx).await?;
    Ok(())
}

/// The dead letters, oldest first.
pub async fn dead_letters(tx: &mut Tx, page: PageRequest) -> Result<Page<DeadLetter>, DbError> {
    const SQL: &str = "SELECT id, kind, payload, attempts, created_at, last_error FROM job \
                       WHERE state = 'dead' AND (created_at > $1 OR (created_at = $1 AND id > $2)) \
                       ORDER BY created_at, id LIMIT $3";
    let (key, id) = page
        .after
        .map_or((i64::MIN, Uuid::nil()), |after| (after.key, after.id));
    let rows: Vec<DeadRow> = query(SQL)
        .bind(key)
        .bind(id)
        .bind(page.limit.probe())
        .fetch_all(tx)
        .await?;
    let letters = rows
        .into_iter()
        .map(DeadLetter::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_probe(letters, page.limit, |letter| Cursor {
        key: letter.created_at.as_micros(),
        id: letter.id.uuid(),
    }))
}

/// Up to so many jobs of a kind, wherever they stand, oldest first.
pub async fn standing(tx: &mut Tx, kind: &str, most: i64) -> Result<Vec<Standing>, DbError> {
    const SQL: &str = "SELECT id, kind, payload, state, attempts, run_at, created_at, last_error \
                       FROM job WHERE kind = $1 ORDER BY created_at, id LIMIT $2";
    let rows: Vec<StandingRow> = query(SQL).bind(kind).bind(most).fetch_all(tx).await?;
    rows.into_iter().map(Standing::try_from).collect()
}

/// A job, if it is not done yet.
pub async fn find(tx: &mut Tx, id: JobId) -> Result<Option<Standing>, DbError> {
    const SQL: &str = "SELECT id, kind, payload, state, attempts, run_at, created_at, last_error \
                       FROM job WHERE id = $1";
    let row: Option<StandingRow> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    row.map(Standing::try_from).transpose()
}

/// Gives a dead letter a new life: all its tries over again, from `now` on.
pub async fn revive(tx: &mut Tx, id: JobId, now: Timestamp) -> Result<(), QueueError> {
    const SQL: &str = "UPDATE job SET state = 'waiting', attempts = 0, run_at = $2, created_at = $2 \
                       WHERE id = $1 AND state = 'dead'";
    let changed = query(SQL)
        .bind(id.uuid())
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    tx.due(now);
    tx.wake();
    if changed == 1 {
        Ok(())
    } else {
        Err(QueueError::NoDeadLetter { id })
    }
}

/// Removes a dead letter for good.
pub async fn bury(tx: &mut Tx, id: JobId) -> Result<(), QueueError> {
    const SQL: &str = "DELETE FROM job WHERE id = $1 AND state = 'dead'";
    let changed = query(SQL).bind(id.uuid()).execute(tx).await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(QueueError::NoDeadLetter { id })
    }
}

/// How many jobs wait or run, for the metrics and the doctor.
pub async fn count_waiting(tx: &mut Tx) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(*) FROM job WHERE state IN ('waiting', 'running')";
    let (count,): (i64,) = query(SQL).fetch_one(tx).await?;
    Ok(count)
}

impl TryFrom<JobRow> for Job {
    type Error = DbError;

    fn try_from(row: JobRow) -> Result<Self, DbError> {
        Ok(Self {
            id: JobId::from_uuid(row.id),
            kind: row.kind,
            payload: row.payload,
            attempts: attempts(row.attempts, row.id)?,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

impl TryFrom<DeadRow> for DeadLetter {
    type Error = DbError;

    fn try_from(row: DeadRow) -> Result<Self, DbError> {
        Ok(Self {
            id: JobId::from_uuid(row.id),
            kind: row.kind,
            payload: row.payload,
            attempts: attempts(row.attempts, row.id)?,
            created_at: Timestamp::from_micros(row.created_at),
            last_error: row.last_error.unwrap_or_default(),
        })
    }
}

impl TryFrom<StandingRow> for Standing {
    type Error = DbError;

    fn try_from(row: StandingRow) -> Result<Self, DbError> {
        let stand = match row.state.as_str() {
            "waiting" => Stand::Waiting {
                next: Timestamp::from_micros(row.run_at),
            },
            "running" => Stand::Running,
            "dead" => Stand::Dead,
            _ => return Err(Corrupt::new("job", "state", &row.id).into()),
        };
        Ok(Self {
            id: JobId::from_uuid(row.id),
            kind: row.kind,
            payload: row.payload,
            stand,
            attempts: attempts(row.attempts, row.id)?,
            created_at: Timestamp::from_micros(row.created_at),
            last_error: row.last_error.unwrap_or_default(),
        })
    }
}

fn attempts(stored: i64, id: Uuid) -> Result<u32, Corrupt> {
    u32::try_from(stored).map_err(|_range| Corrupt::new("job", "attempts", &id))
}
