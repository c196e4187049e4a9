//! The same request twice has its effect once: answers are kept under a key that the caller chose.

use std::time::Duration;

use audit::Ground;
use kernel::{UserId, boxed};

use crate::{Error, model::OnceKey, store::answer};

/// How long an answer is kept.
pub const ANSWER_KEPT: Duration = Duration::from_hours(24);
/// How many answers are kept for a user at most.
const ANSWERS_MAX: i64 = 1_000;

/// Where a request with a key stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Once {
    /// It comes for the first time; the key is reserved for it.
    First,
    /// It was answered before; this is the answer, as it was handed to [`keep_answer`].
    Answered(Vec<u8>),
    /// It was begun before, and its end is not known: it is at work, or the node stopped.
    Begun,
}

/// Reserves a key of a user for a request, known by its digest. Another request under the same key
/// is refused.
#[boxed]
pub async fn begin_once(
    ground: &Ground,
    user: UserId,
    key: &OnceKey,
    request_sha256: &[u8; 32],
) -> Result<Once, Error> {
    let now = ground.now();
    let key = key.as_str();
    let mut tx = ground.db.begin().await?;
    answer::forget(&mut tx, now.minus(ANSWER_KEPT)).await?;
    let once = if answer::reserve(&mut tx, user, key, request_sha256, now).await? {
        if answer::count(&mut tx, user).await? > ANSWERS_MAX {
            return Err(Error::TooManyAnswers { max: ANSWERS_MAX });
        }
        Once::First
    } else {
        match answer::find(&mut tx, user, key).await? {
            Some(kept) if kept.request_sha256 != *request_sha256 => return Err(Error::KeyReused),
            Some(kept) => kept.answer.map_or(Once::Begun, Once::Answered),
            None => Once::Begun,
        }
    };
    tx.commit().await?;
    Ok(once)
}

/// Keeps the answer to the request that reserved the key. It may hold a secret: hand it over sealed.
#[boxed]
pub async fn keep_answer(
    ground: &Ground,
    user: UserId,
    key: &OnceKey,
    sealed: &[u8],
) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    answer::keep(&mut tx, user, key.as_str(), sealed).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives the key back: the request changed nothing, and may be made again.
#[boxed]
pub async fn release_once(ground: &Ground, user: UserId, key: &OnceKey) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    answer::release(&mut tx, user, key.as_str()).await?;
    tx.commit().await?;
    Ok(())
}
