//! Messages.

use db::{Corrupt, DbError, Tx, query};
use federation::model::{Digest, Header};
use kernel::{MessageId, Mode, PartyCode, ThreadId, Timestamp, Tlp, UserId};
use uuid::Uuid;

use super::{Place, Sight};
use crate::state::Said;

/// A message without its body.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// Where it belongs.
    pub(crate) place: Place,
    /// The message.
    pub(crate) id: MessageId,
    /// Whether it is one of ours.
    pub(crate) ours: bool,
    /// Its label.
    pub(crate) tlp: Tlp,
    /// The user who wrote it, if it is one of ours.
    pub(crate) author: Option<UserId>,
    /// The kinds of desks of ours that it is from or for.
    pub(crate) desk: i32,
    /// When it was queued or came.
    pub(crate) at: Timestamp,
    /// The signed header.
    pub(crate) header: Header,
    /// SHA-256 of the header.
    pub(crate) sha256: Digest,
    /// What it does.
    pub(crate) said: Said,
    /// The title, sealed.
    pub(crate) title: Option<Vec<u8>>,
    /// When this node learned that it was taken back.
    pub(crate) gone_at: Option<Timestamp>,
}

/// What an asking message waits for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Clocks {
    /// 1: for us, 2: for them, 0: for nobody.
    pub(crate) waits: i32,
    /// When the acknowledgement is due.
    pub(crate) ack_by: Option<Timestamp>,
    /// When the answer is due.
    pub(crate) answer_by: Option<Timestamp>,
}

db::row! {
    struct Row {
        exercise: bool,
        party: String,
        id: Uuid,
        thread: Uuid,
        ours: bool,
        tlp: i32,
        author: Option<Uuid>,
        desk: i32,
        at: i64,
        header: String,
        sha256: Vec<u8>,
        said: String,
        title: Option<Vec<u8>>,
        gone_at: Option<i64>,
    }
}

impl TryFrom<Row> for Kept {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let bad = |column| Corrupt::new("exchange_message", column, &row.id);
        let party: PartyCode = row.party.parse().map_err(|_unreadable| bad("party"))?;
        let header = Header::parse(row.header.as_bytes());
        let sha256 = row.sha256.as_slice().try_into();
        let said = serde_json::from_str(&row.said);
        Ok(Self {
            id: MessageId::from_uuid(row.id),
            ours: row.ours,
            tlp: Tlp::from_code(row.tlp),
            author: row.author.map(UserId::from_uuid),
            desk: row.desk,
            at: Timestamp::from_micros(row.at),
            header: header.map_err(|_unreadable| bad("header"))?,
            sha256: Digest::from_bytes(sha256.map_err(|_unreadable| bad("sha256"))?),
            said: said.map_err(|_unreadable| bad("said"))?,
            gone_at: row.gone_at.map(Timestamp::from_micros),
            place: Place {
                exercise: row.exercise,
                party,
                thread: ThreadId::from_uuid(row.thread),
            },
            title: row.title,
        })
    }
}

macro_rules! columns {
    () => {
        "m.exercise, m.party, m.id, m.thread, m.ours, m.tlp, m.author, m.desk, m.at, m.header, \
         m.sha256, m.said, m.title, m.gone_at"
    };
}

/// Writes a message. False if there is one with that id from or to that party, which stays.
pub(crate) async fn insert(tx: &mut Tx, kept: &Kept, body: Option<&[u8]>) -> Result<bool, DbError> {
    const SQL: &str = "INSERT INTO exchange_message (exercise, party, id, thread, ours, tlp, author, \
                       desk, at, header, sha256, said, title, body, gone_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
                       ON CONFLICT (exercise, party, id) DO NOTHING";
    let header = kept.header.to_bytes().unwrap_or_default();
    let header = String::from_utf8(header).unwrap_or_default();
    let said = serde_json::json!(kept.said).to_string();
    let written = query(SQL)
        .bind(kept.place.exercise)
        .bind(kept.place.party.as_str())
        .bind(kept.id.uuid())
        .bind(kept.place.thread.uuid())
        .bind(kept.ours)
        .bind(kept.tlp.code())
        .bind(kept.author.map(UserId::uuid))
        .bind(kept.desk)
        .bind(kept.at.as_micros())
        .bind(header)
        .bind(kept.sha256.as_bytes().as_slice())
        .bind(said)
        .bind(kept.title.as_deref())
        .bind(body)
        .bind(kept.gone_at.map(Timestamp::as_micros))
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// The message with that id; the one known first, should two parties use one id.
pub(crate) async fn find(tx: &mut Tx, mode: Mode, id: MessageId) -> Result<Option<Kept>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM exchange_message m WHERE m.exercise = $1 AND m.id = $2 ORDER BY m.at, m.party LIMIT 1"
    );
    let row: Option<Row> = query(SQL)
        .bind(mode.is_exercise())
        .bind(id.uuid())
        .fetch_optional(tx)
        .await?;
    row.map(Kept::try_from).transpose()
}

/// The message with that id from or to that party.
pub(crate) async fn find_of(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    id: MessageId,
) -> Result<Option<Kept>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM exchange_message m WHERE m.exercise = $1 AND m.party = $2 AND m.id = $3"
    );
    let row: Option<Row> = query(SQL)
        .bind(mode.is_exercise())
        .bind(party.as_str())
        .bind(id.uuid())
        .fetch_optional(tx)
        .await?;
    row.map(Kept::try_from).transpose()
}

/// The messages of threads that a viewer sees, each thread's in the order in which they were queued
/// or came.
pub(crate) async fn seen(
    tx: &mut Tx,
    sight: Sight,
    places: &[Place],
) -> Result<Vec<Kept>, DbError> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = query(concat!(
        "SELECT ",
        columns!(),
        " FROM exchange_message m WHERE "
    ));
    sight.push(&mut sql);
    sql.push(" AND (");
    for (number, place) in places.iter().enumerate() {
        sql.push(if number == 0 {
            "(m.party = "
        } else {
            " OR (m.party = "
        })
        .push_bind(place.party.as_str());
        sql.push(" AND m.thread = ")
            .push_bind(place.thread.uuid())
            .push(")");
    }
    sql.push(") ORDER BY m.at, m.id");
    let rows: Vec<Row> = sql.fetch_all(tx).await?;
    rows.into_iter().map(Kept::try_from).collect()
}

/// What was said in a thread, by whoever may see it.
pub(crate) async fn said(tx: &mut Tx, place: &Place) -> Result<Vec<Said>, DbError> {
    const SQL: &str = "SELECT id, said FROM exchange_message \
                       WHERE exercise = $1 AND party = $2 AND thread = $3";
    let rows: Vec<(Uuid, String)> = query(SQL)
        .bind(place.exercise)
        .bind(place.party.as_str())
        .bind(place.thread.uuid())
        .fetch_all(tx)
        .await?;
    rows.into_iter()
        .map(|(id, said)| {
            serde_json::from_str(&said)
                .map_err(|_unreadable| Corrupt::new("exchange_message", "said", &id).into())
        })
        .collect()
}

/// The sealed body of a message.
pub(crate) async fn body(
    tx: &mut Tx,
    place: &Place,
    id: MessageId,
) -> Result<Option<Vec<u8>>, DbError> {
    const SQL: &str = "SELECT body FROM exchange_message \
                       WHERE exercise = $1 AND party = $2 AND id = $3";
    let row: Option<(Option<Vec<u8>>,)> = query(SQL)
        .bind(place.exercise)
        .bind(place.party.as_str())
        .bind(id.uuid())
        .fetch_optional(tx)
        .await?;
    Ok(row.and_then(|(body,)| body))
}

/// Notes that a message was taken back. With `remove`, its title and body go.
pub(crate) async fn take_back(
    tx: &mut Tx,
    place: &Place,
    id: MessageId,
    (at, remove): (Timestamp, bool),
) -> Result<(), DbError> {
    const MARK: &str = "UPDATE exchange_message SET gone_at = coalesce(gone_at, $4) \
                        WHERE exercise = $1 AND party = $2 AND id = $3";
    const REMOVE: &str = "UPDATE exchange_message SET gone_at = coalesce(gone_at, $4), \
                          title = NULL, body = NULL \
                          WHERE exercise = $1 AND party = $2 AND id = $3";
    let sql = if remove { REMOVE } else { MARK };
    query(sql)
        .bind(place.exercise)
        .bind(place.party.as_str())
        .bind(id.uuid())
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes what a message waits for.
pub(crate) async fn set_clocks(
    tx: &mut Tx,
    place: &Place,
    id: MessageId,
    clocks: Clocks,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE exchange_message SET waits = $4, ack_by = $5, answer_by = $6, \
                       next_by = $7 WHERE exercise = $1 AND party = $2 AND id = $3";
    let next = clocks.ack_by.into_iter().chain(clocks.answer_by).min();
    query(SQL)
        .bind(place.exercise)
        .bind(place.party.as_str())
        .bind(id.uuid())
        .bind(clocks.waits)
        .bind(clocks.ack_by.map(Timestamp::as_micros))
        .bind(clocks.answer_by.map(Timestamp::as_micros))
        .bind(next.map(Timestamp::as_micros))
        .execute(tx)
        .await?;
    Ok(())
}

/// Keeps a party's word that it removed what a withdrawal of ours took back.
pub(crate) async fn put_removal(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    withdrawal: MessageId,
    removed_at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO exchange_removal (exercise, party, withdrawal, removed_at) \
                       VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    query(SQL)
        .bind(mode.is_exercise())
        .bind(party.as_str())
        .bind(withdrawal.uuid())
        .bind(removed_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// When a party says that it removed what a withdrawal took back.
pub(crate) async fn removal(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    withdrawal: MessageId,
) -> Result<Option<Timestamp>, DbError> {
    const SQL: &str = "SELECT removed_at FROM exchange_removal \
                       WHERE exercise = $1 AND party = $2 AND withdrawal = $3";
    let row: Option<(i64,)> = query(SQL)
        .bind(mode.is_exercise())
        .bind(party.as_str())
        .bind(withdrawal.uuid())
        .fetch_optional(tx)
        .await?;
    Ok(row.map(|(at,)| Timestamp::from_micros(at)))
}
