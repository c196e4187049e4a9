//! SQL of who watches an entry, whom its notes mention, and what waits for one user.

use db::{DbError, Tx, query};
use kernel::{IncidentId, IncidentRef, Timestamp, UserId};
use uuid::Uuid;

use super::list::Sight;
use crate::work::{Mention, MyTask, Watched};

/// Begins or ends to watch.
pub(crate) async fn watch(
    tx: &mut Tx,
    id: IncidentId,
    user: UserId,
    since: Option<Timestamp>,
) -> Result<(), DbError> {
    const BEGIN: &str = "INSERT INTO incident_watch (user_id, incident, since) VALUES ($1, $2, $3) \
                         ON CONFLICT (user_id, incident) DO NOTHING";
    const END: &str = "DELETE FROM incident_watch WHERE user_id = $1 AND incident = $2";
    let sql = query(if since.is_some() { BEGIN } else { END });
    let sql = sql.bind(user.uuid()).bind(id.uuid());
    match since {
        Some(since) => sql.bind(since.as_micros()).execute(tx).await?,
        None => sql.execute(tx).await?,
    };
    Ok(())
}

/// How many watch, whether this user does, and how many mentions of him he has not seen.
pub(crate) async fn attention(
    tx: &mut Tx,
    id: IncidentId,
    user: Uuid,
) -> Result<(i64, i64, i64), DbError> {
    const SQL: &str = "SELECT (SELECT count(*) FROM incident_watch WHERE incident = $1), \
                       (SELECT count(*) FROM incident_watch WHERE incident = $1 AND user_id = $2), \
                       (SELECT count(*) FROM incident_mention WHERE incident = $1 \
                       AND user_id = $2 AND seen_at IS NULL)";
    query(SQL).bind(id.uuid()).bind(user).fetch_one(tx).await
}

/// Marks the mentions of a user as seen; gives how many there were.
pub(crate) async fn see(
    tx: &mut Tx,
    id: IncidentId,
    user: UserId,
    now: Timestamp,
) -> Result<u64, DbError> {
    const SQL: &str = "UPDATE incident_mention SET seen_at = $3 \
                       WHERE incident = $1 AND user_id = $2 AND seen_at IS NULL";
    let seen = query(SQL)
        .bind(id.uuid())
        .bind(user.uuid())
        .bind(now.as_micros());
    seen.execute(tx).await
}

/// The tasks of a user that are not done, in entries that he may see, the earliest due first.
pub(crate) async fn my_tasks(tx: &mut Tx, sight: Sight) -> Result<Vec<MyTask>, DbError> {
    let mut sql = query(
        "SELECT i.public_id, i.title, t.number, t.title AS task, t.due FROM incident_task t \
         JOIN incident i ON i.id = t.incident WHERE t.state IN ('open', 'doing') AND t.assignee = ",
    );
    sql.push_bind(sight.user).push(" AND ");
    sight.push(&mut sql);
    sql.push(" ORDER BY t.due IS NULL, t.due, i.id, t.number LIMIT 50");
    let rows: Vec<(Uuid, String, i64, String, Option<i64>)> = sql.fetch_all(tx).await?;
    let task = |(public, incident, number, title, due): (Uuid, _, _, _, Option<i64>)| MyTask {
        public: IncidentRef::from_uuid(public),
        incident,
        number,
        title,
        due: due.map(Timestamp::from_micros),
    };
    Ok(rows.into_iter().map(task).collect())
}

/// Where a user is mentioned and has not looked, in entries that he may see, newest first.
pub(crate) async fn my_mentions(tx: &mut Tx, sight: Sight) -> Result<Vec<Mention>, DbError> {
    let mut sql = query(
        "SELECT i.public_id, i.title, n.ordinal, n.written_by, n.written_at \
         FROM incident_mention m JOIN incident_note n ON n.incident = m.incident \
         AND n.ordinal = m.ordinal JOIN incident i ON i.id = m.incident \
         WHERE m.seen_at IS NULL AND m.user_id = ",
    );
    sql.push_bind(sight.user).push(" AND ");
    sight.push(&mut sql);
    sql.push(" ORDER BY n.written_at DESC, i.id LIMIT 50");
    let rows: Vec<(Uuid, String, i64, String, i64)> = sql.fetch_all(tx).await?;
    let mention = |(public, incident, ordinal, by, at): (Uuid, _, _, _, i64)| Mention {
        public: IncidentRef::from_uuid(public),
        incident,
        ordinal,
        by,
        at: Timestamp::from_micros(at),
    };
    Ok(rows.into_iter().map(mention).collect())
}

/// The entries that a user watches and may see, the latest changed first.
pub(crate) async fn my_watched(tx: &mut Tx, sight: Sight) -> Result<Vec<Watched>, DbError> {
    let mut sql = query(
        "SELECT i.public_id, i.title, i.updated_at FROM incident_watch w \
         JOIN incident i ON i.id = w.incident WHERE w.user_id = ",
    );
    sql.push_bind(sight.user).push(" AND ");
    sight.push(&mut sql);
    sql.push(" ORDER BY i.updated_at DESC, i.id LIMIT 50");
    let rows: Vec<(Uuid, String, i64)> = sql.fetch_all(tx).await?;
    let watched = |(public, incident, changed): (Uuid, _, i64)| Watched {
        public: IncidentRef::from_uuid(public),
        incident,
        changed: Timestamp::from_micros(changed),
    };
    Ok(rows.into_iter().map(watched).collect())
}
