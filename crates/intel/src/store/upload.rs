//! SQL of files that are handed in piece by piece.

use db::{DbError, Tx, query};
use kernel::{ImportId, Timestamp};

use crate::model::Stage;

/// Keeps a piece. One that comes again takes the place of the first.
pub(crate) async fn put_part(
    tx: &mut Tx,
    id: ImportId,
    part: i32,
    bytes: &[u8],
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO intel_import_part (import, part, bytes) VALUES ($1, $2, $3) \
                       ON CONFLICT (import, part) DO UPDATE SET bytes = excluded.bytes";
    let statement = query(SQL).bind(id.uuid()).bind(part).bind(bytes);
    statement.execute(tx).await?;
    Ok(())
}

/// The bytes of a piece that is here; zero where it is not.
pub(crate) async fn part_bytes(tx: &mut Tx, id: ImportId, part: i32) -> Result<i64, DbError> {
    const SQL: &str = "SELECT CAST(coalesce(max(length(bytes)), 0) AS bigint) \
                       FROM intel_import_part WHERE import = $1 AND part = $2";
    let (bytes,): (i64,) = query(SQL).bind(id.uuid()).bind(part).fetch_one(tx).await?;
    Ok(bytes)
}

/// Counts bytes of an import whose pieces still come. False if it is another's, or whole.
pub(crate) async fn grow(
    tx: &mut Tx,
    id: ImportId,
    submitter: &str,
    by: i64,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE intel_import SET bytes = bytes + $3 \
                       WHERE id = $1 AND submitter = $2 AND stage = 0";
    let statement = query(SQL).bind(id.uuid()).bind(submitter).bind(by);
    Ok(statement.execute(tx).await? == 1)
}

/// How many pieces there are, and the number of the last one.
pub(crate) async fn parts(tx: &mut Tx, id: ImportId) -> Result<(i64, i64), DbError> {
    const SQL: &str = "SELECT count(*), CAST(coalesce(max(part), -1) AS bigint) \
                       FROM intel_import_part WHERE import = $1";
    query(SQL).bind(id.uuid()).fetch_one(tx).await
}

/// Moves an import on from one stage to the next. False if it does not stand there.
pub(crate) async fn advance(
    tx: &mut Tx,
    id: ImportId,
    (from, to): (Stage, Stage),
    form: &str,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE intel_import SET stage = $3, form = $4 \
                       WHERE id = $1 AND stage = $2";
    let statement = query(SQL).bind(id.uuid()).bind(from.code());
    let statement = statement.bind(to.code()).bind(form);
    Ok(statement.execute(tx).await? == 1)
}

/// Forgets a file that has not begun. False if there is none.
pub(crate) async fn discard(tx: &mut Tx, id: ImportId) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM intel_import WHERE id = $1 AND stage < 2";
    Ok(query(SQL).bind(id.uuid()).execute(tx).await? == 1)
}

/// Forgets files that were handed in before a moment and have not begun.
pub(crate) async fn forget(tx: &mut Tx, before: Timestamp) -> Result<(), DbError> {
    const SQL: &str = "DELETE FROM intel_import WHERE stage < 2 AND requested_at < $1";
    query(SQL).bind(before.as_micros()).execute(tx).await?;
    Ok(())
}

/// How many files of somebody have not begun.
pub(crate) async fn waiting(tx: &mut Tx, submitter: &str) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(*) FROM intel_import WHERE stage < 2 AND submitter = $1";
    let (count,): (i64,) = query(SQL).bind(submitter).fetch_one(tx).await?;
    Ok(count)
}
