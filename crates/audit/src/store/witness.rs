//! Rows of `witnessed` and `witness_conflict`.

use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use ledger::{Hash, empty_root};
use uuid::Uuid;

/// What is kept of another's ledger. An empty note: nothing was seen yet.
#[derive(Clone, Debug)]
pub(crate) struct Witnessed {
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) note: String,
    pub(crate) frozen_at: Option<i64>,
}

db::row! {
    struct WitnessedRow {
        size: i64,
        root: Vec<u8>,
        note: String,
        frozen_at: Option<i64>,
    }
}

db::row! {
    /// Two checkpoints of which one does not continue the other.
    #[derive(Debug)]
    pub(crate) struct ConflictRow {
        pub(crate) id: Uuid,
        pub(crate) origin: String,
        pub(crate) at: i64,
        pub(crate) reason: String,
        pub(crate) kept: String,
        pub(crate) shown: String,
    }
}

/// Makes a row for an origin, with nothing seen, if there is none.
pub(crate) async fn begin(tx: &mut Tx, origin: &str, at: i64) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO witnessed (origin, size, root, note, seen_at) \
                       VALUES ($1, 0, $2, '', $3) ON CONFLICT (origin) DO NOTHING";
    let root = empty_root();
    query(SQL)
        .bind(origin)
        .bind(root.as_bytes().as_slice())
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// What is kept of an origin, held until the transaction ends.
pub(crate) async fn seen_for_update(
    tx: &mut Tx,
    origin: &str,
) -> Result<Option<Witnessed>, DbError> {
    const SQL: Sql = Sql {
        sqlite: "SELECT size, root, note, frozen_at FROM witnessed WHERE origin = $1",
        postgres: "SELECT size, root, note, frozen_at FROM witnessed WHERE origin = $1 FOR UPDATE",
    };
    let sql = SQL.on(tx);
    row(origin, query(sql).bind(origin).fetch_optional(tx).await?)
}

/// What is kept of an origin.
pub(crate) async fn seen(tx: &mut Tx, origin: &str) -> Result<Option<Witnessed>, DbError> {
    const SQL: &str = "SELECT size, root, note, frozen_at FROM witnessed WHERE origin = $1";
    row(origin, query(SQL).bind(origin).fetch_optional(tx).await?)
}

fn row(origin: &str, row: Option<WitnessedRow>) -> Result<Option<Witnessed>, DbError> {
    let Some(row) = row else { return Ok(None) };
    let corrupt = |column| Corrupt::new("witnessed", column, &origin);
    Ok(Some(Witnessed {
        size: u64::try_from(row.size).map_err(|_negative| corrupt("size"))?,
        root: Hash::from_slice(&row.root).map_err(|_wrong_length| corrupt("root"))?,
        note: row.note,
        frozen_at: row.frozen_at,
    }))
}

/// Keeps a newer checkpoint of an origin.
pub(crate) async fn advance(
    tx: &mut Tx,
    origin: &str,
    at: i64,
    newer: &Witnessed,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE witnessed SET size = $2, root = $3, note = $4, seen_at = $5 \
                       WHERE origin = $1";
    query(SQL)
        .bind(origin)
        .bind(i64::try_from(newer.size).unwrap_or(i64::MAX))
        .bind(newer.root.as_bytes().as_slice())
        .bind(&newer.note)
        .bind(at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Freezes an origin, or with nothing thaws it. Gives false if nothing is kept of it.
pub(crate) async fn set_frozen(
    tx: &mut Tx,
    origin: &str,
    since: Option<i64>,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE witnessed SET frozen_at = $2 WHERE origin = $1";
    let changed = query(SQL).bind(origin).bind(since).execute(tx).await?;
    Ok(changed == 1)
}

pub(crate) async fn insert_conflict(tx: &mut Tx, row: &ConflictRow) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO witness_conflict (id, origin, at, reason, kept, shown) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    query(SQL)
        .bind(row.id)
        .bind(&row.origin)
        .bind(row.at)
        .bind(&row.reason)
        .bind(&row.kept)
        .bind(&row.shown)
        .execute(tx)
        .await?;
    Ok(())
}

/// The newest conflicts of an origin, or of all.
pub(crate) async fn conflicts(
    tx: &mut Tx,
    origin: Option<&str>,
    most: i64,
) -> Result<Vec<ConflictRow>, DbError> {
    const SQL: &str = "SELECT id, origin, at, reason, kept, shown FROM witness_conflict \
                       WHERE origin = coalesce($1, origin) ORDER BY id DESC LIMIT $2";
    query(SQL).bind(origin).bind(most).fetch_all(tx).await
}
