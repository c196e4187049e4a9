//! Receipts that peers gave, and files that they owe.

use db::{DbError, Tx, query};
use kernel::{MessageId, PartyCode, Timestamp};

use crate::{model::Digest, state::Grade};

/// Keeps a receipt that a peer gave. A better one takes the place of the one before.
pub async fn put_receipt(
    tx: &mut Tx,
    id: MessageId,
    grade: Grade,
    receipt: &str,
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO receipt (id, grade, receipt, at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (id) DO UPDATE SET grade = excluded.grade, \
                       receipt = excluded.receipt, at = excluded.at \
                       WHERE receipt.grade = 'own'";
    query(SQL)
        .bind(id.uuid())
        .bind(grade_code(grade))
        .bind(receipt)
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// The receipt that a peer gave for a message.
pub async fn receipt(
    tx: &mut Tx,
    id: MessageId,
) -> Result<Option<(Grade, String, Timestamp)>, DbError> {
    const SQL: &str = "SELECT grade, receipt, at FROM receipt WHERE id = $1";
    let row: Option<(String, String, i64)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.map(|(grade, receipt, at)| {
        let grade = if grade == "witnessed" {
            Grade::Witnessed
        } else {
            Grade::Own
        };
        (grade, receipt, Timestamp::from_micros(at))
    }))
}

/// Notes that a file is wanted from a peer.
pub async fn want_file(
    tx: &mut Tx,
    party: &PartyCode,
    sha256: &Digest,
    size: u64,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO wanted_file (party, sha256, size) VALUES ($1, $2, $3) \
                       ON CONFLICT DO NOTHING";
    let size = i64::try_from(size).unwrap_or(i64::MAX);
    query(SQL)
        .bind(party.as_str())
        .bind(sha256.as_bytes().as_slice())
        .bind(size)
        .execute(tx)
        .await?;
    Ok(())
}

/// The size of a file that is wanted from a peer, if it is.
pub async fn wanted_file(
    tx: &mut Tx,
    party: &PartyCode,
    sha256: &Digest,
) -> Result<Option<u64>, DbError> {
    const SQL: &str = "SELECT size FROM wanted_file WHERE party = $1 AND sha256 = $2";
    let row: Option<(i64,)> = query(SQL)
        .bind(party.as_str())
        .bind(sha256.as_bytes().as_slice())
        .fetch_optional(tx)
        .await?;
    Ok(row.and_then(|(size,)| u64::try_from(size).ok()))
}

/// Notes that a file is no longer wanted from a peer.
pub async fn wanted_no_more(
    tx: &mut Tx,
    party: &PartyCode,
    sha256: &Digest,
) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM wanted_file WHERE party = $1 AND sha256 = $2";
    query(SQL)
        .bind(party.as_str())
        .bind(sha256.as_bytes().as_slice())
        .execute(tx)
        .await?;
    Ok(())
}

const fn grade_code(grade: Grade) -> &'static str {
    match grade {
        Grade::Own => "own",
        Grade::Witnessed => "witnessed",
    }
}
