//! The mails that wait for somebody.

use db::{DbError, Tx, query};
use kernel::{MailId, Timestamp};
use mail::Reference;
use uuid::Uuid;

use super::Row;

/// Notes that a mail waits.
pub(crate) async fn wait(tx: &mut Tx, id: MailId) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO mail_waiting (mail) VALUES ($1) ON CONFLICT (mail) DO NOTHING";
    query(SQL).bind(id.uuid()).execute(tx).await?;
    Ok(())
}

/// Notes of every mail that waits that it does: those that came before there was such a list.
pub(crate) async fn wait_all(tx: &mut Tx) -> Result<u64, DbError> {
    const SQL: &str = "INSERT INTO mail_waiting (mail) SELECT id FROM mail_item \
                       WHERE incoming = $1 AND state = 'new' ON CONFLICT (mail) DO NOTHING";
    query(SQL).bind(true).execute(tx).await
}

/// Notes that a mail waits no more.
pub(crate) async fn ended(tx: &mut Tx, id: MailId) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM mail_waiting WHERE mail = $1";
    query(SQL).bind(id.uuid()).execute(tx).await?;
    Ok(())
}

/// Mails that wait, before an id, newest first.
pub(crate) async fn waiting(tx: &mut Tx, (before, most): (Uuid, i64)) -> Result<Vec<Row>, DbError> {
    const SQL: &str = "SELECT id, incoming, reference, state, at, bytes, head, by_whom, changed_at \
                       FROM mail_item WHERE id IN (SELECT mail FROM mail_waiting WHERE mail < $1 \
                       ORDER BY mail DESC LIMIT $2) ORDER BY id DESC";
    query(SQL).bind(before).bind(most).fetch_all(tx).await
}

/// How many mails wait.
pub(crate) async fn count_waiting(tx: &mut Tx) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(*) FROM mail_waiting";
    let (count,): (i64,) = query(SQL).fetch_one(tx).await?;
    Ok(count)
}

/// Settles a mail that waits, under a reference and with another head. False if it waits no more.
pub(crate) async fn refile(
    tx: &mut Tx,
    id: MailId,
    (reference, head): (&Reference, Vec<u8>),
    (by, at): (&str, Timestamp),
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE mail_item SET reference = $2, head = $3, state = 'settled', \
                       by_whom = $4, changed_at = $5 WHERE id = $1 AND state = 'new'";
    let changed = query(SQL)
        .bind(id.uuid())
        .bind(reference.as_str())
        .bind(head)
        .bind(by)
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    ended(tx, id).await?;
    Ok(changed == 1)
}
