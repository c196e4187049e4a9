//! SQL of answers that are kept for a request that comes again.

use db::{Corrupt, DbError, Tx, query};
use kernel::{Timestamp, UserId};

/// What is kept under a key.
pub(crate) struct Kept {
    /// SHA-256 of the request.
    pub(crate) request_sha256: [u8; 32],
    /// The answer, sealed; nothing as long as its request is at work.
    pub(crate) answer: Option<Vec<u8>>,
}

/// Reserves a key for a request; false if the key is taken.
pub(crate) async fn reserve(
    tx: &mut Tx,
    user: UserId,
    key: &str,
    request_sha256: &[u8; 32],
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO access_answer (user_id, key, request_sha256, begun_at) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT (user_id, key) DO NOTHING";
    let written = query(SQL)
        .bind(user.uuid())
        .bind(key)
        .bind(request_sha256.to_vec())
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// What is kept under a key.
pub(crate) async fn find(tx: &mut Tx, user: UserId, key: &str) -> Result<Option<Kept>, DbError> {
    const SQL: &str =
        "SELECT request_sha256, answer FROM access_answer WHERE user_id = $1 AND key = $2";
    let row: Option<(Vec<u8>, Option<Vec<u8>>)> = query(SQL)
        .bind(user.uuid())
        .bind(key)
        .fetch_optional(tx)
        .await?;
    row.map(|(request_sha256, answer)| {
        let bad = |_length| Corrupt::new("access_answer", "request_sha256", &user);
        Ok(Kept {
            request_sha256: request_sha256.try_into().map_err(bad)?,
            answer,
        })
    })
    .transpose()
}

/// Keeps the answer to the request that reserved the key.
pub(crate) async fn keep(
    tx: &mut Tx,
    user: UserId,
    key: &str,
    answer: &[u8],
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE access_answer SET answer = $3 WHERE user_id = $1 AND key = $2";
    query(SQL)
        .bind(user.uuid())
        .bind(key)
        .bind(answer)
        .execute(tx)
        .await?;
    Ok(())
}

/// Gives a key back.
pub(crate) async fn release(tx: &mut Tx, user: UserId, key: &str) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM access_answer WHERE user_id = $1 AND key = $2";
    query(SQL).bind(user.uuid()).bind(key).execute(tx).await?;
    Ok(())
}

/// How many keys a user has reserved.
pub(crate) async fn count(tx: &mut Tx, user: UserId) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(*) FROM access_answer WHERE user_id = $1";
    let (count,): (i64,) = query(SQL).bind(user.uuid()).fetch_one(tx).await?;
    Ok(count)
}

/// Forgets what was begun before.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM access_answer WHERE begun_at < $1";
    query(SQL).bind(before.as_micros()).execute(tx).await?;
    Ok(())
}
