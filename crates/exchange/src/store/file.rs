//! Files of messages: put, sent, received.

use db::{Corrupt, DbError, Tx, query};
use federation::model::Digest;
use kernel::{FileId, MessageId, Mode, PartyCode, Timestamp, UserId};
use uuid::Uuid;

use crate::model::FileState;

/// A file.
#[derive(Clone, Debug)]
pub(crate) struct KeptFile {
    pub(crate) id: FileId,
    pub(crate) exercise: bool,
    /// The message that it belongs to, with whom, and its place there from 1.
    pub(crate) of: Option<(PartyCode, MessageId, u32)>,
    /// Who put it.
    pub(crate) owner: Option<UserId>,
    /// Name and media type, sealed, while it is not sent.
    pub(crate) named: Option<Vec<u8>>,
    pub(crate) size: Option<u64>,
    pub(crate) sha256: Option<Digest>,
    /// The sealed file that this node can open.
    pub(crate) blob: Digest,
    /// The sealed file that goes to the other party.
    pub(crate) travels: Option<Digest>,
    pub(crate) state: FileState,
    pub(crate) created_at: Timestamp,
}

db::row! {
    struct Row {
        id: Uuid,
        exercise: bool,
        party: Option<String>,
        message: Option<Uuid>,
        number: Option<i32>,
        owner: Option<Uuid>,
        named: Option<Vec<u8>>,
        size: Option<i64>,
        sha256: Option<Vec<u8>>,
        blob: Vec<u8>,
        travels: Option<Vec<u8>>,
        state: String,
        created_at: i64,
    }
}

impl TryFrom<Row> for KeptFile {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let bad = |column| Corrupt::new("exchange_file", column, &row.id);
        let digest = |column, bytes: &[u8]| {
            let bytes = bytes.try_into().map_err(|_wrong_length| bad(column))?;
            Ok::<_, DbError>(Digest::from_bytes(bytes))
        };
        let of = match (&row.party, row.message, row.number) {
            (Some(party), Some(message), Some(number)) => Some((
                party.parse().map_err(|_unreadable| bad("party"))?,
                MessageId::from_uuid(message),
                u32::try_from(number).map_err(|_negative| bad("number"))?,
            )),
            _ => None,
        };
        Ok(Self {
            id: FileId::from_uuid(row.id),
            exercise: row.exercise,
            of,
            owner: row.owner.map(UserId::from_uuid),
            size: row.size.and_then(|size| u64::try_from(size).ok()),
            sha256: row
                .sha256
                .as_deref()
                .map(|bytes| digest("sha256", bytes))
                .transpose()?,
            blob: digest("blob", &row.blob)?,
            travels: row
                .travels
                .as_deref()
                .map(|bytes| digest("travels", bytes))
                .transpose()?,
            state: FileState::from_word(&row.state).ok_or_else(|| bad("state"))?,
            created_at: Timestamp::from_micros(row.created_at),
            named: row.named,
        })
    }
}

macro_rules! columns {
    () => {
        "id, exercise, party, message, number, owner, named, size, sha256, blob, travels, state, \
         created_at"
    };
}

/// Writes a file.
pub(crate) async fn insert(tx: &mut Tx, file: &KeptFile) -> Result<(), DbError> {
    const SQL: &str = concat!(
        "INSERT INTO exchange_file (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING"
    );
    let (party, message, number) = match &file.of {
        Some((party, message, number)) => (
            Some(party.as_str()),
            Some(message.uuid()),
            i32::try_from(*number).ok(),
        ),
        None => (None, None, None),
    };
    query(SQL)
        .bind(file.id.uuid())
        .bind(file.exercise)
        .bind(party)
        .bind(message)
        .bind(number)
        .bind(file.owner.map(UserId::uuid))
        .bind(file.named.as_deref())
        .bind(file.size.and_then(|size| i64::try_from(size).ok()))
        .bind(
            file.sha256
                .as_ref()
                .map(|digest| digest.as_bytes().as_slice()),
        )
        .bind(file.blob.as_bytes().as_slice())
        .bind(
            file.travels
                .as_ref()
                .map(|digest| digest.as_bytes().as_slice()),
        )
        .bind(file.state.as_str())
        .bind(file.created_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// The file with that id.
pub(crate) async fn find(tx: &mut Tx, id: FileId) -> Result<Option<KeptFile>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM exchange_file WHERE id = $1");
    let row: Option<Row> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    row.map(KeptFile::try_from).transpose()
}

/// The files of a message, in their order.
pub(crate) async fn of_message(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    message: MessageId,
) -> Result<Vec<KeptFile>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM exchange_file WHERE exercise = $1 AND party = $2 AND message = $3 ORDER BY number"
    );
    let rows: Vec<Row> = query(SQL)
        .bind(mode.is_exercise())
        .bind(party.as_str())
        .bind(message.uuid())
        .fetch_all(tx)
        .await?;
    rows.into_iter().map(KeptFile::try_from).collect()
}

/// Gives a file that was put to a message. False if it was sent or dropped meanwhile.
pub(crate) async fn give(
    tx: &mut Tx,
    id: FileId,
    (party, message, number): (&PartyCode, MessageId, u32),
    travels: &Digest,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE exchange_file SET party = $2, message = $3, number = $4, \
                       travels = $5, named = NULL WHERE id = $1 AND message IS NULL";
    let written = query(SQL)
        .bind(id.uuid())
        .bind(party.as_str())
        .bind(message.uuid())
        .bind(i32::try_from(number).unwrap_or(i32::MAX))
        .bind(travels.as_bytes().as_slice())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// Writes what opening a received file has shown.
pub(crate) async fn set_opened(
    tx: &mut Tx,
    id: FileId,
    state: FileState,
    (size, sha256): (Option<u64>, Option<Digest>),
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE exchange_file SET state = $2, size = $3, sha256 = $4 WHERE id = $1 AND state = 'unread'";
    query(SQL)
        .bind(id.uuid())
        .bind(state.as_str())
        .bind(size.and_then(|size| i64::try_from(size).ok()))
        .bind(sha256.as_ref().map(|digest| digest.as_bytes().as_slice()))
        .execute(tx)
        .await?;
    Ok(())
}

/// Drops a file that was put and never sent, and gives its sealed file; nothing if it was sent.
pub(crate) async fn drop_unsent(tx: &mut Tx, id: FileId) -> Result<Option<Digest>, DbError> {
    const SQL: &str = "DELETE FROM exchange_file WHERE id = $1 AND message IS NULL RETURNING blob";
    let row: Option<(Vec<u8>,)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    let Some((blob,)) = row else { return Ok(None) };
    let bytes = blob.as_slice().try_into();
    let bytes = bytes.map_err(|_wrong_length| Corrupt::new("exchange_file", "blob", &id))?;
    Ok(Some(Digest::from_bytes(bytes)))
}

/// Drops the files of a message that was taken back.
pub(crate) async fn drop_of_message(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    message: MessageId,
) -> Result<(), DbError> {
    const SQL: &str =
        "DELETE FROM exchange_file WHERE exercise = $1 AND party = $2 AND message = $3";
    query(SQL)
        .bind(mode.is_exercise())
        .bind(party.as_str())
        .bind(message.uuid())
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether any file that is kept lies in this sealed file.
pub(crate) async fn is_used(tx: &mut Tx, blob: &Digest) -> Result<bool, DbError> {
    const SQL: &str = "SELECT id FROM exchange_file WHERE blob = $1 OR travels = $1 LIMIT 1";
    let row: Option<(Uuid,)> = query(SQL)
        .bind(blob.as_bytes().as_slice())
        .fetch_optional(tx)
        .await?;
    Ok(row.is_some())
}
