//! Where the notes of two nodes differ.

use db::{Corrupt, DbError, Tx, query};
use kernel::{Cursor, MessageId, Mode, Page, PageRequest, PartyCode, Timestamp};
use uuid::Uuid;

use super::peer::{json, read};
use crate::protocol::Gap;

/// A difference as a list shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct GapRow {
    /// The message.
    pub id: MessageId,
    /// With which peer.
    pub party: PartyCode,
    /// How the notes differ.
    pub gap: Gap,
    /// Since when that is known.
    pub since: Timestamp,
}

db::row! {
    struct Row {
        party: String,
        id: Uuid,
        gap: String,
        since: i64,
    }
}

/// Sets or removes a difference between the two sides' notes.
pub async fn put_gap(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
    id: MessageId,
    gap: Option<Gap>,
    at: Timestamp,
) -> Result<(), DbError> {
    const PUT: &str = "INSERT INTO gap (party, exercise, id, gap, since) VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT (party, exercise, id) DO UPDATE SET gap = excluded.gap";
    const REMOVE: &str = "DELETE FROM gap WHERE party = $1 AND exercise = $2 AND id = $3";
    let statement = query(if gap.is_some() { PUT } else { REMOVE })
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(id.uuid());
    let statement = match gap {
        Some(gap) => statement.bind(json(&gap)).bind(at.as_micros()),
        None => statement,
    };
    statement.execute(tx).await?;
    Ok(())
}

/// The differences between the two sides' notes.
pub async fn gaps(
    tx: &mut Tx,
    (party, mode): (&PartyCode, Mode),
) -> Result<Vec<(MessageId, Gap)>, DbError> {
    const SQL: &str = "SELECT id, gap FROM gap WHERE party = $1 AND exercise = $2 ORDER BY id";
    let rows: Vec<(Uuid, String)> = query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .fetch_all(tx)
        .await?;
    rows.into_iter()
        .map(|(id, gap)| Ok((MessageId::from_uuid(id), read(&gap, "gap", "gap", &id)?)))
        .collect()
}

/// All open differences of a mode, oldest first. They stand until they are resolved.
pub async fn open_gaps(
    tx: &mut Tx,
    mode: Mode,
    page: PageRequest,
) -> Result<Page<GapRow>, DbError> {
    const SQL: &str = "SELECT party, id, gap, since FROM gap \
                       WHERE exercise = $1 AND (since > $2 OR (since = $2 AND id > $3)) \
                       ORDER BY since, id LIMIT $4";
    let (key, id) = page
        .after
        .map_or((i64::MIN, Uuid::nil()), |after| (after.key, after.id));
    let rows: Vec<Row> = query(SQL)
        .bind(mode.is_exercise())
        .bind(key)
        .bind(id)
        .bind(page.limit.probe())
        .fetch_all(tx)
        .await?;
    let rows = rows
        .into_iter()
        .map(GapRow::try_from)
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_probe(rows, page.limit, |row| Cursor {
        key: row.since.as_micros(),
        id: row.id.uuid(),
    }))
}

/// How many messages this node lacks by the notes of a peer: sent and forgotten, or receipted and
/// missing.
pub async fn lacking(tx: &mut Tx, (party, mode): (&PartyCode, Mode)) -> Result<u64, DbError> {
    const SQL: &str = "SELECT count(id) FROM gap WHERE party = $1 AND exercise = $2 \
                       AND gap IN ($3, $4)";
    let (count,): (i64,) = query(SQL)
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .bind(json(&Gap::WeMiss))
        .bind(json(&Gap::WeForgot))
        .fetch_one(tx)
        .await?;
    Ok(u64::try_from(count).unwrap_or_default())
}

impl TryFrom<Row> for GapRow {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        Ok(Self {
            gap: read(&row.gap, "gap", "gap", &row.id)?,
            party: row
                .party
                .parse()
                .map_err(|_code| Corrupt::new("gap", "party", &row.id))?,
            id: MessageId::from_uuid(row.id),
            since: Timestamp::from_micros(row.since),
        })
    }
}
