//! SQL of evidence and its custody.

use db::{Corrupt, DbError, Tx, query};
use kernel::{EvidenceRef, IncidentId, Timestamp, Tlp, UserId};
use seal::Digest;
use uuid::Uuid;

use super::model::{Deed, Entry, Facts, Item, LINES_MAX, State};
use crate::store::{date, date_columns};

const _: () = assert!(LINES_MAX == 10_000, "what is written can be read");

/// Makes room for an item whose bytes are coming. Its name and the like are written when all are here.
pub(crate) async fn begin(
    tx: &mut Tx,
    (incident, id): (IncidentId, EvidenceRef),
    facts: &Facts,
    (by, at): (&str, Timestamp),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_item (id, incident, number, tlp, state, name, kind, \
                       collected_at, collected_fidelity, collected_by, place, description, size, \
                       put_by, put_at) \
                       VALUES ($1, $2, 0, $3, 'coming', $4, $5, $6, $7, $8, $9, $10, 0, $11, $12)";
    let (collected, fidelity) = date_columns(facts.collected_at);
    let sql = query(SQL)
        .bind(id.uuid())
        .bind(incident.uuid())
        .bind(facts.tlp.code())
        .bind(facts.name.as_str())
        .bind(facts.kind.as_str())
        .bind(collected)
        .bind(fidelity)
        .bind(facts.collected_by.as_ref().map(crate::model::Line::as_str))
        .bind(facts.place.as_ref().map(crate::model::Line::as_str))
        .bind(facts.description.as_str())
        .bind(by)
        .bind(at.as_micros());
    sql.execute(tx).await?;
    Ok(())
}

/// Writes that the next piece lies under that digest.
pub(crate) async fn add_piece(
    tx: &mut Tx,
    id: EvidenceRef,
    (ordinal, file): (i64, &Digest),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_item_piece (item, ordinal, file) VALUES ($1, $2, $3)";
    let sql = query(SQL).bind(id.uuid()).bind(ordinal);
    sql.bind(file.as_bytes().as_slice()).execute(tx).await?;
    Ok(())
}

/// Where the pieces lie, in their order.
pub(crate) async fn pieces(tx: &mut Tx, id: EvidenceRef) -> Result<Vec<Digest>, DbError> {
    const SQL: &str =
        "SELECT file FROM incident_item_piece WHERE item = $1 ORDER BY ordinal LIMIT 10000";
    let rows: Vec<(Vec<u8>,)> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    rows.into_iter().map(|(file,)| digest(id, &file)).collect()
}

/// Where the pieces of all items of an incident lie, also of those that are still coming.
pub(crate) async fn files_of(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Digest>, DbError> {
    const SQL: &str = "SELECT e.id, p.file FROM incident_item e \
                       JOIN incident_item_piece p ON p.item = e.id WHERE e.incident = $1";
    let rows: Vec<(Uuid, Vec<u8>)> = query(SQL).bind(incident.uuid()).fetch_all(tx).await?;
    let file = |(id, file): (Uuid, Vec<u8>)| digest(EvidenceRef::from_uuid(id), &file);
    rows.into_iter().map(file).collect()
}

fn digest(id: EvidenceRef, bytes: &[u8]) -> Result<Digest, DbError> {
    let bytes = bytes.try_into();
    let bytes = bytes.map_err(|_wrong_length| Corrupt::new("incident_item_piece", "file", &id))?;
    Ok(Digest::from_bytes(bytes))
}

/// What becomes known when all bytes are here. False where the room that was made is gone.
pub(crate) async fn complete(
    tx: &mut Tx,
    (incident, id): (IncidentId, EvidenceRef),
    (size, sha256, sealed_key): (u64, &[u8; 32], &[u8]),
    at: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE incident_item SET state = 'held', size = $3, sha256 = $4, sealed_key = $5, \
                       put_at = $6, number = 1 + (SELECT coalesce(max(number), 0) FROM incident_item \
                       WHERE incident = $2) WHERE id = $1 AND incident = $2 AND state = 'coming'";
    let done = query(SQL)
        .bind(id.uuid())
        .bind(incident.uuid())
        .bind(i64::try_from(size).unwrap_or(i64::MAX))
        .bind(sha256.as_slice())
        .bind(sealed_key)
        .bind(at.as_micros());
    Ok(done.execute(tx).await? == 1)
}

/// Forgets an item whose bytes did not all come. False where they did.
pub(crate) async fn forget(tx: &mut Tx, id: EvidenceRef) -> Result<bool, DbError> {
    const SQL: &str = "DELETE FROM incident_item WHERE id = $1 AND state = 'coming'";
    Ok(query(SQL).bind(id.uuid()).execute(tx).await? == 1)
}

db::row! {
    struct ItemRow {
        id: Uuid,
        number: i64,
        tlp: i32,
        state: String,
        name: String,
        kind: String,
        collected_at: Option<i64>,
        collected_fidelity: Option<String>,
        collected_by: Option<String>,
        place: Option<String>,
        description: String,
        size: i64,
        sha256: Option<Vec<u8>>,
        holder: Option<String>,
        put_by: String,
        put_at: i64,
        verified_at: Option<i64>,
        verified_as: Option<String>,
        pending: Option<i64>,
    }
}

/// The columns of an item, in the order of [`ItemRow`].
macro_rules! items {
    ($filter:literal) => {
        concat!(
            "SELECT e.id, e.number, e.tlp, e.state, e.name, e.kind, e.collected_at, \
             e.collected_fidelity, e.collected_by, e.place, e.description, e.size, e.sha256, \
             e.holder, e.put_by, e.put_at, v.at AS verified_at, v.outcome AS verified_as, \
             (SELECT max(h.ordinal) FROM incident_item_custody h WHERE h.item = e.id \
             AND h.act = 'handed-over' AND NOT EXISTS (SELECT 1 FROM incident_item_custody a \
             WHERE a.item = e.id AND a.answers = h.ordinal)) AS pending \
             FROM incident_item e LEFT JOIN incident_item_custody v ON v.item = e.id AND v.ordinal = \
             (SELECT max(o.ordinal) FROM incident_item_custody o WHERE o.item = e.id \
             AND o.act = 'verified') WHERE e.state <> 'coming' AND ",
            $filter
        )
    };
}

/// The items of an incident, whoever asks: the op decides what may be shown.
pub(crate) async fn items(tx: &mut Tx, incident: IncidentId) -> Result<Vec<Item>, DbError> {
    const SQL: &str = items!("e.incident = $1 ORDER BY e.number, e.id LIMIT 1000");
    let rows: Vec<ItemRow> = query(SQL).bind(incident.uuid()).fetch_all(tx).await?;
    rows.into_iter().map(ItemRow::into_item).collect()
}

/// One item of an incident.
pub(crate) async fn item(
    tx: &mut Tx,
    incident: IncidentId,
    id: EvidenceRef,
) -> Result<Option<Item>, DbError> {
    const SQL: &str = items!("e.incident = $1 AND e.id = $2");
    let sql = query(SQL).bind(incident.uuid()).bind(id.uuid());
    let row: Option<ItemRow> = sql.fetch_optional(tx).await?;
    row.map(ItemRow::into_item).transpose()
}

/// How many items an incident has, and how many are coming.
pub(crate) async fn count(tx: &mut Tx, incident: IncidentId) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(*) FROM incident_item WHERE incident = $1";
    let (count,): (i64,) = query(SQL).bind(incident.uuid()).fetch_one(tx).await?;
    Ok(count)
}

/// The key under which the bytes are sealed, itself sealed; nothing once they are destroyed.
pub(crate) async fn sealed_key(tx: &mut Tx, id: EvidenceRef) -> Result<Option<Vec<u8>>, DbError> {
    const SQL: &str = "SELECT sealed_key FROM incident_item WHERE id = $1";
    let row: Option<(Option<Vec<u8>>,)> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    Ok(row.and_then(|(key,)| key))
}

/// Where an item stands from now on. In the transaction nobody else writes of it.
pub(crate) async fn set_state(tx: &mut Tx, id: EvidenceRef, state: State) -> Result<(), DbError> {
    const SQL: &str = "UPDATE incident_item SET state = $2 WHERE id = $1";
    let sql = query(SQL).bind(id.uuid()).bind(state.as_str());
    sql.execute(tx).await?;
    Ok(())
}

/// Who has an item in hand from now on.
pub(crate) async fn set_holder(tx: &mut Tx, id: EvidenceRef, who: &str) -> Result<(), DbError> {
    const SQL: &str = "UPDATE incident_item SET holder = $2 WHERE id = $1";
    query(SQL).bind(id.uuid()).bind(who).execute(tx).await?;
    Ok(())
}

/// Removes the key and where the pieces lie.
pub(crate) async fn destroy(tx: &mut Tx, id: EvidenceRef) -> Result<(), DbError> {
    const ALL: [&str; 2] = [
        "UPDATE incident_item SET state = 'destroyed', sealed_key = NULL WHERE id = $1",
        "DELETE FROM incident_item_piece WHERE item = $1",
    ];
    for sql in ALL {
        query(sql).bind(id.uuid()).execute(tx).await?;
    }
    Ok(())
}

/// The number that the next line of custody takes. Nobody else adds one until the transaction ends.
pub(crate) async fn next_line(tx: &mut Tx, id: EvidenceRef) -> Result<i64, DbError> {
    const HOLD: &str = "UPDATE incident_item SET number = number WHERE id = $1";
    const SQL: &str =
        "SELECT coalesce(max(ordinal), 0) + 1 FROM incident_item_custody WHERE item = $1";
    query(HOLD).bind(id.uuid()).execute(tx).await?;
    let (next,): (i64,) = query(SQL).bind(id.uuid()).fetch_one(tx).await?;
    Ok(next)
}

/// Writes a line of custody.
pub(crate) async fn add_line(tx: &mut Tx, id: EvidenceRef, line: &Entry) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO incident_item_custody (item, ordinal, act, at, who, reason, \
                       receiver, user_id, answers, outcome, leaf) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    query(SQL)
        .bind(id.uuid())
        .bind(line.number)
        .bind(line.deed.as_str())
        .bind(line.at.as_micros())
        .bind(line.who.as_str())
        .bind(line.reason.as_str())
        .bind(line.receiver.as_deref())
        .bind(line.user.map(UserId::uuid))
        .bind(line.answers)
        .bind(line.outcome.map(super::model::Outcome::as_str))
        .bind(i64::try_from(line.leaf).unwrap_or(i64::MAX))
        .execute(tx)
        .await?;
    Ok(())
}

db::row! {
    struct LineRow {
        ordinal: i64,
        act: String,
        at: i64,
        who: String,
        reason: String,
        receiver: Option<String>,
        user_id: Option<Uuid>,
        answers: Option<i64>,
        outcome: Option<String>,
        leaf: i64,
    }
}

/// The custody of an item, from its first line on.
pub(crate) async fn lines(tx: &mut Tx, id: EvidenceRef) -> Result<Vec<Entry>, DbError> {
    const SQL: &str = "SELECT ordinal, act, at, who, reason, receiver, user_id, answers, outcome, \
                       leaf FROM incident_item_custody WHERE item = $1 ORDER BY ordinal LIMIT 10000";
    let rows: Vec<LineRow> = query(SQL).bind(id.uuid()).fetch_all(tx).await?;
    let bad = |column| Corrupt::new("incident_item_custody", column, &id);
    let line = |row: LineRow| {
        let deed: Result<Deed, _> = row.act.parse();
        let outcome = row.outcome.map(|word| word.parse()).transpose();
        Ok(Entry {
            number: row.ordinal,
            deed: deed.map_err(|_unreadable| bad("act"))?,
            at: Timestamp::from_micros(row.at),
            who: row.who,
            reason: row.reason,
            receiver: row.receiver,
            user: row.user_id.map(UserId::from_uuid),
            answers: row.answers,
            outcome: outcome.map_err(|_unreadable| bad("outcome"))?,
            leaf: u64::try_from(row.leaf).map_err(|_negative| bad("leaf"))?,
        })
    };
    rows.into_iter().map(line).collect()
}

impl ItemRow {
    fn into_item(self) -> Result<Item, DbError> {
        let id = EvidenceRef::from_uuid(self.id);
        let bad = |column| Corrupt::new("incident_item", column, &id);
        let line = |text: Option<String>, column| match text {
            None => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_unreadable| bad(column)),
        };
        let sha256 = self.sha256.unwrap_or_default();
        let outcome = self.verified_as.map(|word| word.parse()).transpose();
        let outcome = outcome.map_err(|_unreadable| bad("outcome"))?;
        Ok(Item {
            id,
            number: self.number,
            state: self.state.parse().map_err(|_unreadable| bad("state"))?,
            facts: Facts {
                name: self.name.parse().map_err(|_unreadable| bad("name"))?,
                kind: self.kind.parse().map_err(|_unreadable| bad("kind"))?,
                collected_at: date(
                    self.collected_at,
                    self.collected_fidelity.as_deref(),
                    || bad("collected_at"),
                )?,
                collected_by: line(self.collected_by, "collected_by")?,
                place: match self.place {
                    None => None,
                    Some(text) => Some(text.parse().map_err(|_unreadable| bad("place"))?),
                },
                description: self
                    .description
                    .parse()
                    .map_err(|_unreadable| bad("description"))?,
                tlp: Tlp::from_code(self.tlp),
            },
            size: u64::try_from(self.size).map_err(|_negative| bad("size"))?,
            sha256: sha256.try_into().map_err(|_wrong_length| bad("sha256"))?,
            holder: self.holder,
            put_by: self.put_by,
            put_at: Timestamp::from_micros(self.put_at),
            verified: self.verified_at.map(Timestamp::from_micros).zip(outcome),
            pending: self.pending,
        })
    }
}
