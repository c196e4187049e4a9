//! What is known of a peer.

use crate::protocol::{Head, Holdings, Standing};
use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use kernel::{Mode, PartyCode, Timestamp};
use serde::{Serialize, de::DeserializeOwned};

/// A peer's row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PeerRow {
    /// Whose.
    pub party: PartyCode,
    /// In which mode.
    pub mode: Mode,
    /// Whether its ledger is believed.
    pub standing: Standing,
    /// Its last checkpoint that followed from the ones before.
    pub head: Option<Head>,
    /// What both sides must agree on.
    pub holdings: Holdings,
    /// When it answered last.
    pub heard_at: Option<Timestamp>,
    /// When it could not be reached last, and why.
    pub failed: Option<(Timestamp, String)>,
    /// In which epoch its ledger is: 0 until it stated, signed, that it was restored.
    pub epoch: u32,
    /// Its newest statement that it was restored, an envelope as JSON.
    pub restored: Option<String>,
}

db::row! {
    struct Row {
        party: String,
        exercise: bool,
        standing: String,
        head: Option<String>,
        holdings: String,
        heard_at: Option<i64>,
        failed_at: Option<i64>,
        failure: Option<String>,
        epoch: i64,
        restored: Option<String>,
    }
}

/// Reads a peer's row and holds it until the transaction ends, so that one thing happens at a time
/// between two nodes. A peer seen for the first time gets a row.
pub async fn lock_peer(tx: &mut Tx, party: &PartyCode, mode: Mode) -> Result<PeerRow, DbError> {
    const INSERT: &str = "INSERT INTO peer (party, exercise, standing, holdings) \
                          VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    const SELECT: Sql = Sql {
        sqlite: "SELECT party, exercise, standing, head, holdings, heard_at, failed_at, failure, \
                 epoch, restored \
                 FROM peer WHERE party = $1 AND exercise = $2",
        postgres: "SELECT party, exercise, standing, head, holdings, heard_at, failed_at, failure, \
                   epoch, restored \
                   FROM peer WHERE party = $1 AND exercise = $2 FOR UPDATE",
    };
    let select = SELECT.on(tx);
    let found: Option<Row> = query(select)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .fetch_optional(tx)
        .await?;
    if let Some(row) = found {
        return row.try_into();
    }
    let (standing, holdings) = (json(&Standing::default()), json(&Holdings::default()));
    query(INSERT)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(standing)
        .bind(holdings)
        .execute(tx)
        .await?;
    let row: Row = query(select)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .fetch_one(tx)
        .await?;
    row.try_into()
}

/// A peer's row, if there was traffic with it.
pub async fn peer(tx: &mut Tx, party: &PartyCode, mode: Mode) -> Result<Option<PeerRow>, DbError> {
    const SQL: &str = "SELECT party, exercise, standing, head, holdings, heard_at, failed_at, failure, \
                       epoch, restored FROM peer WHERE party = $1 AND exercise = $2";
    let row: Option<Row> = query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .fetch_optional(tx)
        .await?;
    row.map(PeerRow::try_from).transpose()
}

/// All peers with whom there was traffic, in one mode.
pub async fn peers(tx: &mut Tx, mode: Mode) -> Result<Vec<PeerRow>, DbError> {
    const SQL: &str = "SELECT party, exercise, standing, head, holdings, heard_at, failed_at, failure, \
                       epoch, restored \
                       FROM peer WHERE exercise = $1 ORDER BY party";
    let rows: Vec<Row> = query(SQL).bind(mode.is_exercise()).fetch_all(tx).await?;
    rows.into_iter().map(PeerRow::try_from).collect()
}

/// Writes whether a peer's ledger is believed.
pub async fn put_ledger(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    standing: &Standing,
    head: Option<Head>,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE peer SET standing = $3, head = $4 WHERE party = $1 AND exercise = $2";
    let head = head.as_ref().map(json);
    query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(json(standing))
        .bind(head)
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes the epoch in which a peer's ledger is, with the statement that says so.
pub async fn put_epoch(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    epoch: u32,
    statement: &str,
) -> Result<(), DbError> {
    const SQL: &str =
        "UPDATE peer SET epoch = $3, restored = $4 WHERE party = $1 AND exercise = $2";
    query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(i64::from(epoch))
        .bind(statement)
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes what both sides must agree on.
pub async fn put_holdings(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    holdings: &Holdings,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE peer SET holdings = $3 WHERE party = $1 AND exercise = $2";
    query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(json(holdings))
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that a peer answered.
pub async fn set_heard(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE peer SET heard_at = $3, failed_at = NULL, failure = NULL \
                       WHERE party = $1 AND exercise = $2";
    query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that a peer could not be reached.
pub async fn set_failed(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    at: Timestamp,
    why: &str,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE peer SET failed_at = $3, failure = $4 \
                       WHERE party = $1 AND exercise = $2";
    query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(at.as_micros())
        .bind(why)
        .execute(tx)
        .await?;
    Ok(())
}

/// Keeps a signed checkpoint of a peer.
pub async fn put_checkpoint(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    head: Head,
    note: &str,
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO peer_checkpoint (party, exercise, size, root, note, at) \
                       VALUES ($1, $2, $3, $4, $5, $6) \
                       ON CONFLICT (party, exercise, size, root) DO UPDATE SET note = excluded.note";
    // Old ones serve no comparison any more: the new one was proven to continue them. Those kept as
    // evidence are in the table of that name.
    const PRUNE: &str =
        "DELETE FROM peer_checkpoint WHERE party = $1 AND exercise = $2 AND size < $3";
    let size = i64::try_from(head.size).unwrap_or(i64::MAX);
    query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(size)
        .bind(head.root.as_bytes().as_slice())
        .bind(note)
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    let keep_from = size.saturating_sub(10_000);
    query(PRUNE)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(keep_from)
        .execute(tx)
        .await?;
    Ok(())
}

/// A kept checkpoint of a peer.
pub async fn checkpoint_note(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    head: Head,
) -> Result<Option<String>, DbError> {
    const SQL: &str = "SELECT note FROM peer_checkpoint \
                       WHERE party = $1 AND exercise = $2 AND size = $3 AND root = $4";
    let size = i64::try_from(head.size).unwrap_or(i64::MAX);
    let row: Option<(String,)> = query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(size)
        .bind(head.root.as_bytes().as_slice())
        .fetch_optional(tx)
        .await?;
    Ok(row.map(|(note,)| note))
}

impl TryFrom<Row> for PeerRow {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let key = &row.party;
        Ok(Self {
            party: key
                .parse()
                .map_err(|_code| Corrupt::new("peer", "party", key))?,
            mode: Mode::from_exercise(row.exercise),
            standing: read(&row.standing, "peer", "standing", key)?,
            head: row
                .head
                .map(|head| read(&head, "peer", "head", key))
                .transpose()?,
            holdings: read(&row.holdings, "peer", "holdings", key)?,
            heard_at: row.heard_at.map(Timestamp::from_micros),
            failed: row
                .failed_at
                .map(|at| (Timestamp::from_micros(at), row.failure.unwrap_or_default())),
            epoch: u32::try_from(row.epoch).map_err(|_range| Corrupt::new("peer", "epoch", key))?,
            restored: row.restored,
        })
    }
}

/// State as text. These types hold words, numbers and digests only, which JSON can always write.
pub(super) fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

pub(super) fn read<T: DeserializeOwned>(
    text: &str,
    table: &'static str,
    column: &'static str,
    key: &impl ToString,
) -> Result<T, DbError> {
    serde_json::from_str(text).map_err(|_unreadable| Corrupt::new(table, column, key).into())
}
