//! What a duty officer has to know, and what is kept for a third party.

use db::{Corrupt, DbError, Tx, query};
use kernel::{ActId, Cursor, MessageId, Mode, Page, PageRequest, PartyCode, Timestamp};
use uuid::Uuid;

/// An alarm to be raised.
#[derive(Clone, Debug)]
pub struct NewAlarm<'a> {
    /// Its id.
    pub id: ActId,
    /// About which peer.
    pub party: &'a PartyCode,
    /// In which mode.
    pub mode: Mode,
    /// When.
    pub at: Timestamp,
    /// A stable code, such as `split_view`.
    pub code: &'static str,
    /// About which message.
    pub message: Option<MessageId>,
    /// More of it, as JSON.
    pub detail: &'a str,
}

/// An alarm as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AlarmRow {
    /// Its id.
    pub id: ActId,
    /// About which peer.
    pub party: PartyCode,
    /// When.
    pub at: Timestamp,
    /// A stable code, such as `split_view`.
    pub code: String,
    /// About which message.
    pub message: Option<MessageId>,
    /// More of it, as JSON.
    pub detail: String,
    /// When somebody said that he knows, and who.
    pub seen: Option<(Timestamp, String)>,
}

/// Evidence to be kept.
#[derive(Clone, Debug)]
pub struct NewEvidence<'a> {
    /// Its id.
    pub id: ActId,
    /// Against which peer.
    pub party: &'a PartyCode,
    /// In which mode.
    pub mode: Mode,
    /// When.
    pub at: Timestamp,
    /// A stable code, such as `split_view`.
    pub code: &'static str,
    /// More of it, as JSON.
    pub detail: &'a str,
    /// The bytes that were held.
    pub held: Option<&'a [u8]>,
    /// The bytes that do not agree with them.
    pub shown: Option<&'a [u8]>,
}

db::row! {
    /// Evidence as it was kept.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub struct EvidenceRow {
        /// Its id.
        pub id: Uuid,
        /// When, in microseconds since 1970.
        pub at: i64,
        /// A stable code, such as `split_view`.
        pub code: String,
        /// More of it, as JSON.
        pub detail: String,
        /// The bytes that were held.
        pub held: Option<Vec<u8>>,
        /// The bytes that do not agree with them.
        pub shown: Option<Vec<u8>>,
    }
}

db::row! {
    struct Row {
        id: Uuid,
        party: String,
        at: i64,
        code: String,
        message: Option<Uuid>,
        detail: String,
        seen_at: Option<i64>,
        seen_by: Option<String>,
    }
}

/// Raises an alarm.
pub async fn insert_alarm(tx: &mut Tx, alarm: &NewAlarm<'_>) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO alarm (id, party, exercise, at, code, message, detail) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7)";
    query(SQL)
        .bind(alarm.id.uuid())
        .bind(alarm.party.as_str())
        .bind(alarm.mode.is_exercise())
        .bind(alarm.at.as_micros())
        .bind(alarm.code)
        .bind(alarm.message.map(MessageId::uuid))
        .bind(alarm.detail)
        .execute(tx)
        .await?;
    Ok(())
}

/// Alarms, newest first.
pub async fn alarms(tx: &mut Tx, mode: Mode, page: PageRequest) -> Result<Page<AlarmRow>, DbError> {
    const SQL: &str = "SELECT id, party, at, code, message, detail, seen_at, seen_by FROM alarm \
                       WHERE exercise = $1 AND (at < $2 OR (at = $2 AND id < $3)) \
                       ORDER BY at DESC, id DESC LIMIT $4";
    let (key, id) = page
        .after
        .map_or((i64::MAX, Uuid::max()), |after| (after.key, after.id));
    let rows: Vec<Row> = query(SQL)
        .bind(mode.is_exercise())
        .bind(key)
        .bind(id)
        .bind(page.limit.probe())
        .fetch_all(tx)
        .await?;
    let rows = rows
        .into_iter()
        .map(AlarmRow::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_probe(rows, page.limit, |alarm| Cursor {
        key: alarm.at.as_micros(),
        id: alarm.id.uuid(),
    }))
}

/// Notes who has seen an alarm. False if there is none such, or somebody has already.
pub async fn mark_alarm_seen(
    tx: &mut Tx,
    id: ActId,
    who: &str,
    at: Timestamp,
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE alarm SET seen_at = $2, seen_by = $3 \
                       WHERE id = $1 AND seen_at IS NULL";
    let changed = query(SQL)
        .bind(id.uuid())
        .bind(at.as_micros())
        .bind(who)
        .execute(tx)
        .await?;
    Ok(changed == 1)
}

/// Keeps evidence.
pub async fn insert_evidence(tx: &mut Tx, evidence: &NewEvidence<'_>) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO evidence (id, party, exercise, at, code, detail, held, shown) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    query(SQL)
        .bind(evidence.id.uuid())
        .bind(evidence.party.as_str())
        .bind(evidence.mode.is_exercise())
        .bind(evidence.at.as_micros())
        .bind(evidence.code)
        .bind(evidence.detail)
        .bind(evidence.held)
        .bind(evidence.shown)
        .execute(tx)
        .await?;
    Ok(())
}

/// The evidence against a peer, oldest first.
pub async fn evidence(
    tx: &mut Tx,
    party: &PartyCode,
    mode: Mode,
) -> Result<Vec<EvidenceRow>, DbError> {
    const SQL: &str = "SELECT id, at, code, detail, held, shown FROM evidence \
                       WHERE party = $1 AND exercise = $2 ORDER BY at, id LIMIT 1000";
    query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .fetch_all(tx)
        .await
}

impl TryFrom<Row> for AlarmRow {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let party = row
            .party
            .parse()
            .map_err(|_code| Corrupt::new("alarm", "party", &row.id))?;
        Ok(Self {
            id: ActId::from_uuid(row.id),
            party,
            at: Timestamp::from_micros(row.at),
            code: row.code,
            message: row.message.map(MessageId::from_uuid),
            detail: row.detail,
            seen: row
                .seen_at
                .map(|at| (Timestamp::from_micros(at), row.seen_by.unwrap_or_default())),
        })
    }
}
