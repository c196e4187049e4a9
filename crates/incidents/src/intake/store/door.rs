//! SQL of the door: whether the public address is on, and how often a caller has come.

use db::{DbError, Tx, query};
use kernel::{Mode, Timestamp};

/// Whether the public address of the form is on.
pub(in crate::intake) async fn is_public(tx: &mut Tx, mode: Mode) -> Result<bool, DbError> {
    const SQL: &str = "SELECT public FROM report_form WHERE exercise = $1";
    let row: Option<(bool,)> = query(SQL)
        .bind(mode.is_exercise())
        .fetch_optional(tx)
        .await?;
    Ok(row.is_some_and(|(public,)| public))
}

/// Turns the public address of the form on or off.
pub(in crate::intake) async fn set_public(
    tx: &mut Tx,
    mode: Mode,
    public: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO report_form (exercise, public, changed_at) VALUES ($1, $2, $3) \
                       ON CONFLICT (exercise) DO UPDATE SET public = excluded.public, \
                       changed_at = excluded.changed_at";
    query(SQL)
        .bind(mode.is_exercise())
        .bind(public)
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Counts a caller in a minute, unless he has had his share. Minutes that are over are forgotten.
pub(in crate::intake) async fn take(
    tx: &mut Tx,
    minute: i64,
    caller: &[u8; 32],
    most: i64,
) -> Result<bool, DbError> {
    const FORGET: &str = "DELETE FROM report_caller WHERE minute < $1";
    const TAKE: &str = "INSERT INTO report_caller (minute, caller, taken) VALUES ($1, $2, 1) \
                        ON CONFLICT (minute, caller) DO UPDATE SET taken = report_caller.taken + 1 \
                        WHERE report_caller.taken < $3";
    query(FORGET).bind(minute).execute(tx).await?;
    let written = query(TAKE)
        .bind(minute)
        .bind(caller.to_vec())
        .bind(most)
        .execute(tx)
        .await?;
    Ok(written == 1)
}
