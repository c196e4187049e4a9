//! SQL of the register.

use db::{DbError, Tx, dialect::Sql, query};
use kernel::{InfrastructureId, Mode, Timestamp, UserId};
use uuid::Uuid;

use crate::model::Rights;

/// A record as it is stored: sealed.
pub(crate) struct Sealed {
    pub(crate) id: InfrastructureId,
    pub(crate) version: i64,
    pub(crate) body: Vec<u8>,
    pub(crate) updated_at: Timestamp,
}

fn sealed((id, version, body, at): (Uuid, i64, Vec<u8>, i64)) -> Sealed {
    Sealed {
        id: InfrastructureId::from_uuid(id),
        version,
        body,
        updated_at: Timestamp::from_micros(at),
    }
}

/// What the register says a user may do.
pub(crate) async fn rights(tx: &mut Tx, user: UserId) -> Result<Rights, DbError> {
    const SQL: &str = "SELECT may_edit, may_export FROM infrastructure_grant WHERE user_id = $1";
    let found: Option<(bool, bool)> = query(SQL).bind(user.uuid()).fetch_optional(tx).await?;
    Ok(
        found.map_or(Rights::default(), |(may_edit, may_export)| Rights {
            is_named: true,
            may_edit,
            may_export,
        }),
    )
}

/// Somebody whom the register names, or whom it named once.
pub(crate) struct Named {
    pub(crate) user: UserId,
    pub(crate) rights: Rights,
    /// Since when.
    pub(crate) at: i64,
    /// Who said so, and why.
    pub(crate) by: String,
    pub(crate) reason: String,
}

/// Whom the register names, each with the latest reason.
pub(crate) async fn grants(tx: &mut Tx) -> Result<Vec<Named>, DbError> {
    const SQL: &str = "SELECT g.user_id, g.may_edit, g.may_export, g.granted_at, g.granted_by, \
                       coalesce((SELECT n.reason FROM infrastructure_naming n \
                       WHERE n.user_id = g.user_id ORDER BY n.number DESC LIMIT 1), '') \
                       FROM infrastructure_grant g ORDER BY g.user_id";
    let rows: Vec<(Uuid, bool, bool, i64, String, String)> = query(SQL).fetch_all(tx).await?;
    let named = |(id, may_edit, may_export, at, by, reason)| Named {
        user: UserId::from_uuid(id),
        rights: Rights {
            is_named: true,
            may_edit,
            may_export,
        },
        at,
        by,
        reason,
    };
    Ok(rows.into_iter().map(named).collect())
}

/// Whom the register names. The rows stay locked, so that two people cannot take each other out at the
/// same time.
pub(crate) async fn grants_locked(tx: &mut Tx) -> Result<Vec<(UserId, Rights)>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT user_id, may_edit, may_export FROM infrastructure_grant ORDER BY user_id",
        postgres: "SELECT user_id, may_edit, may_export FROM infrastructure_grant \
                   ORDER BY user_id FOR UPDATE",
    };
    let rows: Vec<(Uuid, bool, bool)> = query(SQL.on(tx)).fetch_all(tx).await?;
    let named = |(id, may_edit, may_export)| {
        let rights = Rights {
            is_named: true,
            may_edit,
            may_export,
        };
        (UserId::from_uuid(id), rights)
    };
    Ok(rows.into_iter().map(named).collect())
}

/// Who was named and named no more, the latest first.
pub(crate) async fn namings(tx: &mut Tx, most: i64) -> Result<Vec<Named>, DbError> {
    const SQL: &str = "SELECT user_id, may_read, may_edit, may_export, at, by_whom, reason \
                       FROM infrastructure_naming ORDER BY number DESC LIMIT $1";
    let rows: Vec<(Uuid, bool, bool, bool, i64, String, String)> =
        query(SQL).bind(most).fetch_all(tx).await?;
    let named = |(id, is_named, may_edit, may_export, at, by, reason)| Named {
        user: UserId::from_uuid(id),
        rights: Rights {
            is_named,
            may_edit,
            may_export,
        },
        at,
        by,
        reason,
    };
    Ok(rows.into_iter().map(named).collect())
}

/// Keeps that somebody was named, or named no more, and why.
pub(crate) async fn say(
    tx: &mut Tx,
    (user, rights): (UserId, Rights),
    (at, by, reason): (Timestamp, &str, &str),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO infrastructure_naming (at, user_id, may_read, may_edit, \
                       may_export, by_whom, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    query(SQL)
        .bind(at.as_micros())
        .bind(user.uuid())
        .bind(rights.is_named)
        .bind(rights.may_edit)
        .bind(rights.may_export)
        .bind(by)
        .bind(reason)
        .execute(tx)
        .await?;
    Ok(())
}

/// Names somebody.
pub(crate) async fn grant(
    tx: &mut Tx,
    user: UserId,
    rights: Rights,
    (at, by): (Timestamp, &str),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO infrastructure_grant (user_id, may_edit, may_export, \
                       granted_at, granted_by) VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT (user_id) DO UPDATE SET may_edit = excluded.may_edit, \
                       may_export = excluded.may_export, granted_at = excluded.granted_at, \
                       granted_by = excluded.granted_by";
    query(SQL)
        .bind(user.uuid())
        .bind(rights.may_edit)
        .bind(rights.may_export)
        .bind(at.as_micros())
        .bind(by)
        .execute(tx)
        .await?;
    Ok(())
}

/// Names somebody no more. False if he was not named.
pub(crate) async fn revoke(tx: &mut Tx, user: UserId) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM infrastructure_grant WHERE user_id = $1";
    Ok(query(SQL).bind(user.uuid()).execute(tx).await? == 1)
}

/// All records of a mode.
pub(crate) async fn all(tx: &mut Tx, mode: Mode) -> Result<Vec<Sealed>, DbError> {
    const SQL: &str = "SELECT id, version, body, updated_at FROM infrastructure_record \
                       WHERE exercise = $1 ORDER BY id";
    let rows = query(SQL).bind(mode.is_exercise()).fetch_all(tx).await?;
    Ok(rows.into_iter().map(sealed).collect())
}

/// Writes a record: a new one, or the one that is there at the version before. False if it is there
/// at another.
pub(crate) async fn put(tx: &mut Tx, mode: Mode, record: &Sealed) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO infrastructure_record (id, exercise, version, body, updated_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET \
                       version = excluded.version, body = excluded.body, \
                       updated_at = excluded.updated_at \
                       WHERE infrastructure_record.version = excluded.version - 1 \
                       AND infrastructure_record.exercise = excluded.exercise";
    let written = query(SQL)
        .bind(record.id.uuid())
        .bind(mode.is_exercise())
        .bind(record.version)
        .bind(&record.body)
        .bind(record.updated_at.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Takes a record out.
pub(crate) async fn remove(tx: &mut Tx, id: InfrastructureId) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM infrastructure_record WHERE id = $1";
    Ok(query(SQL).bind(id.uuid()).execute(tx).await? == 1)
}
