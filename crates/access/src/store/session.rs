//! SQL of sessions.

use db::{Corrupt, DbError, Tx, query};
use kernel::{Language, Mode, SessionId, Timestamp, UserId};
use uuid::Uuid;

/// A session as stored.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) id: SessionId,
    pub(crate) user: UserId,
    pub(crate) mode: Mode,
    pub(crate) language: Language,
    pub(crate) created_at: Timestamp,
    pub(crate) used_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

db::row! {
    struct Row {
        id: Uuid,
        user_id: Uuid,
        exercise: bool,
        language: String,
        created_at: i64,
        used_at: i64,
        expires_at: i64,
    }
}

impl TryFrom<Row> for Stored {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let language = Language::from_tag(&row.language)
            .ok_or_else(|| Corrupt::new("access_session", "language", &row.id))?;
        Ok(Self {
            id: SessionId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            mode: Mode::from_exercise(row.exercise),
            language,
            created_at: Timestamp::from_micros(row.created_at),
            used_at: Timestamp::from_micros(row.used_at),
            expires_at: Timestamp::from_micros(row.expires_at),
        })
    }
}

/// Adds a session under the hash of its token.
pub(crate) async fn insert(tx: &mut Tx, session: &Stored, token: &[u8; 32]) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO access_session (id, token_sha256, user_id, exercise, language, \
                       created_at, used_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    query(SQL)
        .bind(session.id.uuid())
        .bind(token.as_slice())
        .bind(session.user.uuid())
        .bind(session.mode.is_exercise())
        .bind(session.language.tag())
        .bind(session.created_at.as_micros())
        .bind(session.used_at.as_micros())
        .bind(session.expires_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// The session whose token has this hash.
pub(crate) async fn find(tx: &mut Tx, token: &[u8; 32]) -> Result<Option<Stored>, DbError> {
    const SQL: &str = "SELECT id, user_id, exercise, language, created_at, used_at, expires_at \
                       FROM access_session WHERE token_sha256 = $1";
    let row: Option<Row> = query(SQL).bind(token.as_slice()).fetch_optional(tx).await?;
    row.map(Stored::try_from).transpose()
}

/// Notes that a session is in use.
pub(crate) async fn touch(tx: &mut Tx, id: SessionId, now: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "UPDATE access_session SET used_at = $2 WHERE id = $1 AND used_at < $2";
    query(SQL)
        .bind(id.uuid())
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Sets mode and language of a session.
pub(crate) async fn change(
    tx: &mut Tx,
    id: SessionId,
    mode: Mode,
    language: Language,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE access_session SET exercise = $2, language = $3 WHERE id = $1";
    let written = query(SQL)
        .bind(id.uuid())
        .bind(mode.is_exercise())
        .bind(language.tag())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Ends a session.
pub(crate) async fn remove(tx: &mut Tx, id: SessionId) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM access_session WHERE id = $1";
    let gone = query(SQL).bind(id.uuid()).execute(tx).await?;
    Ok(gone == 1)
}

/// Ends all sessions of a user, but for one if it is named.
pub(crate) async fn remove_all(
    tx: &mut Tx,
    user: UserId,
    but: Option<SessionId>,
) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM access_session WHERE user_id = $1 AND id <> $2";
    let but = but.map_or(Uuid::nil(), SessionId::uuid);
    query(SQL).bind(user.uuid()).bind(but).execute(tx).await?;
    Ok(())
}

/// Removes sessions that have ended.
pub(crate) async fn purge(tx: &mut Tx, now: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM access_session WHERE expires_at <= $1";
    query(SQL).bind(now.as_micros()).execute(tx).await?;
    Ok(())
}
