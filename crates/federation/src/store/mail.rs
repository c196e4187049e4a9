//! What goes out and what came in.

use db::{Corrupt, DbError, Tx, query};
use kernel::{Cursor, MessageId, Mode, Page, PageRequest, PartyCode, Timestamp};
use uuid::Uuid;

use super::peer::{json, read};
use crate::{
    protocol::{Gap, Incoming, Outgoing, Stage},
    state::Grade,
};

/// A message on its way out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OutboxRow {
    /// Its state.
    pub outgoing: Outgoing,
    /// To whom.
    pub party: PartyCode,
    /// In which mode.
    pub mode: Mode,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// Its leaf in our own ledger.
    pub sent_leaf: Option<u64>,
}

/// A message that came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InboxRow {
    /// Its state.
    pub incoming: Incoming,
    /// From whom.
    pub party: PartyCode,
    /// In which mode.
    pub mode: Mode,
    /// When it came first.
    pub arrived_at: Timestamp,
    /// Its leaf in our ledger, once it was received.
    pub leaf: Option<u64>,
    /// In which epoch of our ledger that leaf is.
    pub epoch: u32,
}

/// A delivery as a list shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeliveryRow {
    /// The message.
    pub id: MessageId,
    /// The rest.
    pub row: OutboxRow,
}

db::row! {
    struct OutRow {
        id: Uuid,
        party: String,
        exercise: bool,
        outgoing: String,
        queued_at: i64,
        sent_leaf: Option<i64>,
    }
}

db::row! {
    struct InRow {
        id: Uuid,
        party: String,
        exercise: bool,
        incoming: String,
        arrived_at: i64,
        leaf: Option<i64>,
        epoch: i64,
    }
}

/// Puts an envelope into the outbox.
pub async fn insert_outgoing(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    id: MessageId,
    (outgoing, envelope): (&Outgoing, &[u8]),
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO outbox (id, party, exercise, code, outgoing, queued_at) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    const ENVELOPE: &str = "INSERT INTO outbox_envelope (id, envelope) VALUES ($1, $2)";
    query(SQL)
        .bind(id.uuid())
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(outgoing.delivery.code())
        .bind(json(outgoing))
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    query(ENVELOPE)
        .bind(id.uuid())
        .bind(envelope)
        .execute(tx)
        .await?;
    Ok(())
}

/// Writes the state of a message in the outbox.
pub async fn put_outgoing(tx: &mut Tx, id: MessageId, outgoing: &Outgoing) -> Result<(), DbError> {
    const SQL: &str = "UPDATE outbox SET code = $2, outgoing = $3 WHERE id = $1";
    query(SQL)
        .bind(id.uuid())
        .bind(outgoing.delivery.code())
        .bind(json(outgoing))
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes the leaf that says that we sent it.
pub async fn set_sent_leaf(tx: &mut Tx, id: MessageId, leaf: u64) -> Result<(), DbError> {
    const SQL: &str = "UPDATE outbox SET sent_leaf = $2 WHERE id = $1";
    let leaf = i64::try_from(leaf).unwrap_or(i64::MAX);
    query(SQL).bind(id.uuid()).bind(leaf).execute(tx).await?;
    Ok(())
}

/// The state of a message in the outbox.
pub async fn delivery(tx: &mut Tx, id: MessageId) -> Result<Option<OutboxRow>, DbError> {
    const SQL: &str = "SELECT id, party, exercise, outgoing, queued_at, sent_leaf \
                       FROM outbox WHERE id = $1";
    let row: Option<OutRow> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    row.map(OutboxRow::try_from).transpose()
}

/// What is known of an id in the traffic with a peer: the message that goes out under it, the one
/// that came under it, and the gap that it is.
pub async fn known(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    id: MessageId,
) -> Result<(Option<Outgoing>, Option<Incoming>, Option<Gap>), DbError> {
    const SQL: &str = "SELECT o.outgoing, i.incoming, g.gap FROM (SELECT 1 AS number) AS one \
                       LEFT JOIN outbox AS o ON o.id = $3 AND o.party = $1 AND o.exercise = $2 \
                       LEFT JOIN inbox AS i ON i.party = $1 AND i.exercise = $2 AND i.id = $3 \
                       LEFT JOIN gap AS g ON g.party = $1 AND g.exercise = $2 AND g.id = $3";
    let (outgoing, incoming, gap): (Option<String>, Option<String>, Option<String>) = query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(id.uuid())
        .fetch_one(tx)
        .await?;
    let id = id.uuid();
    Ok((
        outgoing
            .map(|text| read(&text, "outbox", "outgoing", &id))
            .transpose()?,
        incoming
            .map(|text| read(&text, "inbox", "incoming", &id))
            .transpose()?,
        gap.map(|text| read(&text, "gap", "gap", &id)).transpose()?,
    ))
}

/// The deliveries to a party, newest first.
pub async fn deliveries(
    tx: &mut Tx,
    mode: Mode,
    page: PageRequest,
) -> Result<Page<DeliveryRow>, DbError> {
    const SQL: &str = "SELECT id, party, exercise, outgoing, queued_at, sent_leaf FROM outbox \
                       WHERE exercise = $1 \
                       AND (queued_at < $2 OR (queued_at = $2 AND id < $3)) \
                       ORDER BY queued_at DESC, id DESC LIMIT $4";
    let (key, id) = page
        .after
        .map_or((i64::MAX, Uuid::max()), |after| (after.key, after.id));
    let rows: Vec<OutRow> = query(SQL)
        .bind(mode.is_exercise())
        .bind(key)
        .bind(id)
        .bind(page.limit.probe())
        .fetch_all(tx)
        .await?;
    let rows = rows
        .into_iter()
        .map(|row| {
            let id = MessageId::from_uuid(row.id);
            Ok(DeliveryRow {
                id,
                row: row.try_into()?,
            })
        })
        .collect::<Result<Vec<_>, DbError>>()?;
    Ok(Page::from_probe(rows, page.limit, |one| Cursor {
        key: one.row.queued_at.as_micros(),
        id: one.id.uuid(),
    }))
}

/// The envelope of a message in the outbox.
pub async fn envelope_out(tx: &mut Tx, id: MessageId) -> Result<Option<Vec<u8>>, DbError> {
    const SQL: &str = "SELECT envelope FROM outbox_envelope WHERE id = $1";
    let row: Option<(Vec<u8>,)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.map(|(envelope,)| envelope))
}

/// What came under an id from a peer.
pub async fn incoming(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    id: MessageId,
) -> Result<Option<InboxRow>, DbError> {
    const SQL: &str = "SELECT id, party, exercise, incoming, arrived_at, leaf, epoch FROM inbox \
                       WHERE party = $1 AND exercise = $2 AND id = $3";
    let row: Option<InRow> = query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(id.uuid())
        .fetch_optional(tx)
        .await?;
    row.map(InboxRow::try_from).transpose()
}

/// Writes what came under an id. An envelope is kept once, and only one proven to be the peer's.
pub async fn put_incoming(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    id: MessageId,
    (incoming, envelope): (&Incoming, Option<&[u8]>),
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO inbox (party, exercise, id, code, incoming, arrived_at) \
                       VALUES ($1, $2, $3, $4, $5, $6) \
                       ON CONFLICT (party, exercise, id) DO UPDATE SET code = excluded.code, \
                       incoming = excluded.incoming";
    const ENVELOPE: &str = "INSERT INTO inbox_envelope (party, exercise, id, envelope) \
                            VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(id.uuid())
        .bind(stage_code(incoming))
        .bind(json(incoming))
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    if let Some(envelope) = envelope {
        query(ENVELOPE)
            .bind(party.as_str())
            .bind(mode.is_exercise())
            .bind(id.uuid())
            .bind(envelope)
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// Notes the leaf of a received message, from which its receipt is made.
pub async fn bind_leaf(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    id: MessageId,
    (epoch, leaf): (u32, u64),
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE inbox SET leaf = $4, epoch = $5 \
                       WHERE party = $1 AND exercise = $2 AND id = $3";
    let leaf = i64::try_from(leaf).unwrap_or(i64::MAX);
    query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(id.uuid())
        .bind(leaf)
        .bind(i64::from(epoch))
        .execute(tx)
        .await?;
    Ok(())
}

/// The envelope of a message that came.
pub async fn envelope_in(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    id: MessageId,
) -> Result<Option<Vec<u8>>, DbError> {
    const SQL: &str = "SELECT envelope FROM inbox_envelope \
                       WHERE party = $1 AND exercise = $2 AND id = $3";
    let row: Option<(Vec<u8>,)> = query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(id.uuid())
        .fetch_optional(tx)
        .await?;
    Ok(row.map(|(envelope,)| envelope))
}

/// Puts another spelling of the same envelope in the place of the one that came: the one without its
/// sealed body, when that is to be removed.
pub async fn put_envelope_in(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    id: MessageId,
    envelope: &[u8],
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE inbox_envelope SET envelope = $4 \
                       WHERE party = $1 AND exercise = $2 AND id = $3";
    query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(id.uuid())
        .bind(envelope)
        .execute(tx)
        .await?;
    Ok(())
}

/// Received messages below a leaf whose receipts have no cosignatures yet, up to 200.
pub async fn own_grade(
    tx: &mut Tx,
    mode: Mode,
    (epoch, below): (u32, u64),
) -> Result<Vec<(PartyCode, MessageId)>, DbError> {
    const SQL: &str = "SELECT id, party, exercise, incoming, arrived_at, leaf, epoch FROM inbox \
                       WHERE code = 'received_own' AND exercise = $1 AND leaf < $2 AND epoch = $3 \
                       ORDER BY arrived_at LIMIT 200";
    let below = i64::try_from(below).unwrap_or(i64::MAX);
    let rows: Vec<InRow> = query(SQL)
        .bind(mode.is_exercise())
        .bind(below)
        .bind(i64::from(epoch))
        .fetch_all(tx)
        .await?;
    rows.into_iter()
        .map(|row| Ok((party(&row.party, "inbox")?, MessageId::from_uuid(row.id))))
        .collect()
}

fn stage_code(incoming: &Incoming) -> &'static str {
    match incoming.bound.as_ref().map(|bound| &bound.stage) {
        None => "damaged",
        Some(Stage::Waiting { .. }) => "waiting",
        Some(Stage::Received { grade: Grade::Own }) => "received_own",
        Some(Stage::Received {
            grade: Grade::Witnessed,
        }) => "received_witnessed",
        Some(Stage::Refused { .. }) => "refused",
    }
}

fn party(code: &String, table: &'static str) -> Result<PartyCode, DbError> {
    code.parse()
        .map_err(|_code| Corrupt::new(table, "party", code).into())
}

impl TryFrom<OutRow> for OutboxRow {
    type Error = DbError;

    fn try_from(row: OutRow) -> Result<Self, DbError> {
        Ok(Self {
            outgoing: read(&row.outgoing, "outbox", "outgoing", &row.id)?,
            party: party(&row.party, "outbox")?,
            mode: Mode::from_exercise(row.exercise),
            queued_at: Timestamp::from_micros(row.queued_at),
            sent_leaf: row.sent_leaf.and_then(|leaf| u64::try_from(leaf).ok()),
        })
    }
}

impl TryFrom<InRow> for InboxRow {
    type Error = DbError;

    fn try_from(row: InRow) -> Result<Self, DbError> {
        Ok(Self {
            incoming: read(&row.incoming, "inbox", "incoming", &row.id)?,
            party: party(&row.party, "inbox")?,
            mode: Mode::from_exercise(row.exercise),
            arrived_at: Timestamp::from_micros(row.arrived_at),
            leaf: row.leaf.and_then(|leaf| u64::try_from(leaf).ok()),
            epoch: u32::try_from(row.epoch)
                .map_err(|_range| Corrupt::new("inbox", "epoch", &row.id))?,
        })
    }
}
