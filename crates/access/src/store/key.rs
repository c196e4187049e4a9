//! SQL of API keys.

use db::{Corrupt, DbError, FromRow, Tx, query};
use kernel::{ApiKeyId, Mode, Scopes, Timestamp, UserId};
use uuid::Uuid;

use super::{Owner, OwnerRow, PARTY_SETTING, owner_columns};
use crate::model::ApiKey;

db::row! {
    struct Row {
        id: Uuid,
        user_id: Uuid,
        label: String,
        prefix: String,
        secret_sha256: Vec<u8>,
        scopes: String,
        exercise: bool,
        created_at: i64,
        expires_at: i64,
        last_used_at: Option<i64>,
        revoked_at: Option<i64>,
    }
}

impl TryFrom<Row> for (ApiKey, [u8; 32]) {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let bad = |column| Corrupt::new("access_key", column, &row.id);
        let sha256 = row
            .secret_sha256
            .as_slice()
            .try_into()
            .map_err(|_unreadable| bad("secret_sha256"))?;
        let key = ApiKey {
            id: ApiKeyId::from_uuid(row.id),
            user: UserId::from_uuid(row.user_id),
            label: row.label.parse().map_err(|_unreadable| bad("label"))?,
            prefix: row.prefix,
            scopes: Scopes::from_words(&row.scopes),
            mode: Mode::from_exercise(row.exercise),
            created_at: Timestamp::from_micros(row.created_at),
            expires_at: Timestamp::from_micros(row.expires_at),
            last_used_at: row.last_used_at.map(Timestamp::from_micros),
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
        };
        Ok((key, sha256))
    }
}

macro_rules! columns {
    () => {
        "id, user_id, label, prefix, secret_sha256, scopes, exercise, created_at, expires_at, \
         last_used_at, revoked_at"
    };
}

/// Adds a key under the hash of its secret.
pub(crate) async fn insert(tx: &mut Tx, key: &ApiKey, secret: &[u8; 32]) -> Result<(), DbError> {
    const SQL: &str = concat!(
        "INSERT INTO access_key (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    query(SQL)
        .bind(key.id.uuid())
        .bind(key.user.uuid())
        .bind(key.label.as_str())
        .bind(key.prefix.as_str())
        .bind(secret.as_slice())
        .bind(key.scopes.to_words())
        .bind(key.mode.is_exercise())
        .bind(key.created_at.as_micros())
        .bind(key.expires_at.as_micros())
        .bind(key.last_used_at.map(Timestamp::as_micros))
        .bind(key.revoked_at.map(Timestamp::as_micros))
        .execute(tx)
        .await?;
    Ok(())
}

/// What a request with a key is decided by.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) key: ApiKey,
    pub(crate) secret_sha256: [u8; 32],
    /// Whose it is.
    pub(crate) owner: Owner,
}

/// A key beside its owner.
struct Joined {
    key: Row,
    owner: OwnerRow,
}

impl FromRow for Joined {
    fn from_row(row: &db::Row) -> Result<Self, DbError> {
        Ok(Self {
            key: Row::from_row(row)?,
            owner: OwnerRow::from_row(row)?,
        })
    }
}

/// The key with that prefix, the hash of its secret, and whose it is, in one statement.
pub(crate) async fn find(tx: &mut Tx, prefix: &str) -> Result<Option<Found>, DbError> {
    const SQL: &str = concat!(
        "SELECT k.id, k.user_id, k.label, k.prefix, k.secret_sha256, k.scopes, k.exercise, \
         k.created_at, k.expires_at, k.last_used_at, k.revoked_at, ",
        owner_columns!(),
        " FROM access_key AS k JOIN access_user AS u ON u.id = k.user_id WHERE k.prefix = $2"
    );
    let row = query(SQL).bind(PARTY_SETTING).bind(prefix);
    let row: Option<Joined> = row.fetch_optional(tx).await?;
    let Some(Joined { key, owner }) = row else {
        return Ok(None);
    };
    let (key, secret_sha256) = key.try_into()?;
    Ok(Some(Found {
        key,
        secret_sha256,
        owner: owner.try_into()?,
    }))
}

/// The newest 200 keys of a user, revoked and expired ones too.
pub(crate) async fn list(tx: &mut Tx, user: UserId) -> Result<Vec<ApiKey>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM access_key WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT 200"
    );
    let rows: Vec<Row> = query(SQL).bind(user.uuid()).fetch_all(tx).await?;
    rows.into_iter()
        .map(|row| <(ApiKey, [u8; 32])>::try_from(row).map(|(key, _secret)| key))
        .collect()
}

/// How many valid keys a user has.
pub(crate) async fn count(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(*) FROM access_key \
                       WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2";
    let (count,): (i64,) = query(SQL)
        .bind(user.uuid())
        .bind(now.as_micros())
        .fetch_one(tx)
        .await?;
    Ok(count)
}

/// Notes that a key was used.
pub(crate) async fn touch(tx: &mut Tx, id: ApiKeyId, now: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "UPDATE access_key SET last_used_at = $2 WHERE id = $1";
    query(SQL)
        .bind(id.uuid())
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Revokes a key of a user. False if there is none, or it is revoked already.
pub(crate) async fn revoke(
    tx: &mut Tx,
    id: ApiKeyId,
    user: UserId,
    now: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE access_key SET revoked_at = $3 \
                       WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL";
    let written = query(SQL)
        .bind(id.uuid())
        .bind(user.uuid())
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}
