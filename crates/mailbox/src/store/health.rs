//! How the servers do, and how many mails came and went.

use db::{DbError, Tx, query};
use kernel::Timestamp;
use uuid::Uuid;

db::row! {
    pub(crate) struct HealthRow {
        pub(crate) code: Option<String>,
        pub(crate) failure: Option<String>,
        pub(crate) since: i64,
        pub(crate) tried_at: i64,
        pub(crate) worked_at: Option<i64>,
    }
}

/// Notes what came of a try to work with a server: nothing, or a code and what was wrong.
pub(crate) async fn note_health(
    tx: &mut Tx,
    place: &str,
    failure: Option<(&str, &str)>,
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO mail_health (place, code, failure, since, tried_at, worked_at) \
                       VALUES ($1, $2, $3, $4, $4, $5) \
                       ON CONFLICT (place) DO UPDATE SET code = excluded.code, failure = excluded.failure, \
                       since = CASE WHEN (mail_health.code IS NULL) = (excluded.code IS NULL) \
                       THEN mail_health.since ELSE excluded.since END, tried_at = excluded.tried_at, \
                       worked_at = COALESCE(excluded.worked_at, mail_health.worked_at)";
    let (code, why) = failure.unzip();
    let worked_at = failure.is_none().then(|| at.as_micros());
    query(SQL)
        .bind(place)
        .bind(code.map(str::to_owned))
        .bind(why.map(str::to_owned))
        .bind(at.as_micros())
        .bind(worked_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// How a server does, if it was ever tried.
pub(crate) async fn health(tx: &mut Tx, place: &str) -> Result<Option<HealthRow>, DbError> {
    const SQL: &str =
        "SELECT code, failure, since, tried_at, worked_at FROM mail_health WHERE place = $1";
    query(SQL).bind(place).fetch_optional(tx).await
}

/// When the newest mail came in.
pub(crate) async fn last_at(tx: &mut Tx) -> Result<Option<i64>, DbError> {
    const SQL: &str = "SELECT at FROM mail_item WHERE incoming = $1 ORDER BY id DESC LIMIT 1";
    let row: Option<(i64,)> = query(SQL).bind(true).fetch_optional(tx).await?;
    Ok(row.map(|(at,)| at))
}

/// How many mails of one direction stand in each state, of those from an id on.
pub(crate) async fn counts(
    tx: &mut Tx,
    is_incoming: bool,
    from: Uuid,
) -> Result<Vec<(String, i64)>, DbError> {
    const SQL: &str = "SELECT state, count(*) FROM mail_item WHERE incoming = $1 AND id >= $2 \
                       GROUP BY state ORDER BY state";
    query(SQL).bind(is_incoming).bind(from).fetch_all(tx).await
}
