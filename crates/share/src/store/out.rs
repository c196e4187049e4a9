use db::{Corrupt, DbError, Tx, query};
use kernel::{CircleId, CollectionRef, MessageId, Mode, PartyCode, ShareId, Timestamp};
use uuid::Uuid;

use super::{count, tally};
use crate::model::{Held, Onward, OutShare, OutState, Sent, SentRow};

macro_rules! columns {
    () => {
        "id, collection, exercise, party, title, state, via, sequence, place, gone, mask, told, \
         resume, items, sum, changed_at, compared_at, their_state, their_sequence, their_items, \
         their_sum"
    };
}

db::row! {
    struct Row {
        id: Uuid,
        collection: Uuid,
        exercise: bool,
        party: String,
        title: String,
        state: String,
        via: Option<Uuid>,
        sequence: i64,
        place: i64,
        gone: i64,
        mask: i32,
        told: i64,
        resume: bool,
        items: i64,
        sum: Vec<u8>,
        changed_at: i64,
        compared_at: Option<i64>,
        their_state: Option<String>,
        their_sequence: Option<i64>,
        their_items: Option<i64>,
        their_sum: Option<Vec<u8>>,
    }
}

impl TryFrom<Row> for OutShare {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let key = row.id.to_string();
        let corrupt = |column| Corrupt::new("share", column, &key);
        let theirs = match (
            row.their_state,
            row.their_sequence,
            row.their_items,
            row.their_sum,
        ) {
            (Some(state), Some(sequence), Some(items), Some(sum)) => Some(Held {
                state,
                sequence,
                tally: tally(items, &sum, ("share", &key))?,
            }),
            _ => None,
        };
        Ok(Self {
            id: ShareId::from_uuid(row.id),
            collection: CollectionRef::from_uuid(row.collection),
            title: row.title,
            mode: Mode::from_exercise(row.exercise),
            party: row.party.parse().map_err(|_bad| corrupt("party"))?,
            state: OutState::from_word(&row.state).ok_or_else(|| corrupt("state"))?,
            via: row.via.map(CircleId::from_uuid),
            sequence: row.sequence,
            place: row.place,
            gone: row.gone,
            mask: row.mask,
            told: row.told,
            resume: row.resume,
            tally: tally(row.items, &row.sum, ("share", &key))?,
            changed_at: Timestamp::from_micros(row.changed_at),
            compared_at: row.compared_at.map(Timestamp::from_micros),
            theirs,
        })
    }
}

/// What a party is told of a collection.
pub(crate) async fn find(
    tx: &mut Tx,
    (collection, party): (CollectionRef, &PartyCode),
    mode: Mode,
) -> Result<Option<OutShare>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM share WHERE collection = $1 AND party = $2 AND exercise = $3"
    );
    let statement = query(SQL)
        .bind(collection.uuid())
        .bind(party.as_str())
        .bind(mode.is_exercise());
    let row: Option<Row> = statement.fetch_optional(tx).await?;
    row.map(OutShare::try_from).transpose()
}

/// The share with that row.
pub(crate) async fn by_id(
    tx: &mut Tx,
    id: ShareId,
    mode: Mode,
) -> Result<Option<OutShare>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM share WHERE id = $1 AND exercise = $2"
    );
    let statement = query(SQL).bind(id.uuid()).bind(mode.is_exercise());
    let row: Option<Row> = statement.fetch_optional(tx).await?;
    row.map(OutShare::try_from).transpose()
}

/// The share with that row, real or exercise.
pub(crate) async fn whatever_mode(tx: &mut Tx, id: ShareId) -> Result<Option<OutShare>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM share WHERE id = $1");
    let row: Option<Row> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    row.map(OutShare::try_from).transpose()
}

/// What a party is told, or all parties are, by party and title.
pub(crate) async fn of_party(
    tx: &mut Tx,
    party: Option<&PartyCode>,
    mode: Mode,
) -> Result<Vec<OutShare>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM share WHERE exercise = $1 AND (party = $2 OR $2 IS NULL) \
         ORDER BY party, title, collection"
    );
    let rows: Vec<Row> = query(SQL)
        .bind(mode.is_exercise())
        .bind(party.map(PartyCode::to_string))
        .fetch_all(tx)
        .await?;
    rows.into_iter().map(OutShare::try_from).collect()
}

/// Who is told of a collection.
pub(crate) async fn of_collection(
    tx: &mut Tx,
    collection: CollectionRef,
    mode: Mode,
) -> Result<Vec<OutShare>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM share WHERE collection = $1 AND exercise = $2 ORDER BY party"
    );
    let statement = query(SQL).bind(collection.uuid());
    let rows: Vec<Row> = statement.bind(mode.is_exercise()).fetch_all(tx).await?;
    rows.into_iter().map(OutShare::try_from).collect()
}

/// Writes a share, new or changed.
pub(crate) async fn put(tx: &mut Tx, share: &OutShare) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO share (id, collection, exercise, party, title, state, via, \
        sequence, place, gone, mask, told, resume, items, sum, changed_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
        ON CONFLICT (id) DO UPDATE SET title = excluded.title, state = excluded.state, \
        via = excluded.via, sequence = excluded.sequence, place = excluded.place, \
        gone = excluded.gone, mask = excluded.mask, told = excluded.told, \
        resume = excluded.resume, items = excluded.items, sum = excluded.sum, \
        changed_at = excluded.changed_at";
    query(SQL)
        .bind(share.id.uuid())
        .bind(share.collection.uuid())
        .bind(share.mode.is_exercise())
        .bind(share.party.as_str())
        .bind(share.title.as_str())
        .bind(share.state.as_str())
        .bind(share.via.map(CircleId::uuid))
        .bind(share.sequence)
        .bind(share.place)
        .bind(share.gone)
        .bind(share.mask)
        .bind(share.told)
        .bind(share.resume)
        .bind(count(&share.tally))
        .bind(share.tally.sum.as_bytes().as_slice())
        .bind(share.changed_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes what the other side stated.
pub(crate) async fn compared(
    tx: &mut Tx,
    id: ShareId,
    at: Timestamp,
    theirs: Option<&Held>,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE share SET compared_at = $2, their_state = $3, their_sequence = $4, \
                       their_items = $5, their_sum = $6 WHERE id = $1";
    query(SQL)
        .bind(id.uuid())
        .bind(at.as_micros())
        .bind(theirs.map(|held| held.state.clone()))
        .bind(theirs.map(|held| held.sequence))
        .bind(theirs.map(|held| count(&held.tally)))
        .bind(theirs.map(|held| held.tally.sum.as_bytes().to_vec()))
        .execute(tx)
        .await?;
    Ok(())
}

db::row! {
    struct Mail {
        sequence: i64,
        kind: String,
        message: Uuid,
        items: i64,
        sent_at: i64,
        confirmed_at: Option<i64>,
        removed: Option<i64>,
        onward: Option<String>,
    }
}

impl TryFrom<Mail> for SentRow {
    type Error = DbError;

    fn try_from(row: Mail) -> Result<Self, DbError> {
        let corrupt = |column| Corrupt::new("share_sent", column, &row.message);
        let onward = row.onward.as_deref().map(Onward::from_word);
        Ok(Self {
            sequence: row.sequence,
            kind: Sent::from_word(&row.kind).ok_or_else(|| corrupt("kind"))?,
            message: MessageId::from_uuid(row.message),
            items: row.items,
            sent_at: Timestamp::from_micros(row.sent_at),
            confirmed_at: row.confirmed_at.map(Timestamp::from_micros),
            removed: row.removed,
            onward: onward
                .map(|word| word.ok_or_else(|| corrupt("onward")))
                .transpose()?,
        })
    }
}

/// Notes a message; `gone` are the places after and up to which goings were looked at.
pub(crate) async fn insert_sent(
    tx: &mut Tx,
    share: ShareId,
    row: &SentRow,
    gone: (i64, i64),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO share_sent (share, sequence, kind, message, items, gone_after, \
                       gone_until, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    query(SQL)
        .bind(share.uuid())
        .bind(row.sequence)
        .bind(row.kind.as_str())
        .bind(row.message.uuid())
        .bind(row.items)
        .bind(gone.0)
        .bind(gone.1)
        .bind(row.sent_at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// Messages of a share, newest first.
pub(crate) async fn sent(tx: &mut Tx, share: ShareId, most: i64) -> Result<Vec<SentRow>, DbError> {
    const SQL: &str = "SELECT sequence, kind, message, items, sent_at, confirmed_at, removed, onward \
                       FROM share_sent WHERE share = $1 ORDER BY sequence DESC LIMIT $2";
    let rows: Vec<Mail> = query(SQL)
        .bind(share.uuid())
        .bind(most)
        .fetch_all(tx)
        .await?;
    rows.into_iter().map(SentRow::try_from).collect()
}

/// Where a message of ours belongs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Place {
    /// What it told of.
    pub(crate) share: ShareId,
    /// Its number.
    pub(crate) sequence: i64,
    /// How many objects it gives or names.
    pub(crate) items: i64,
}

/// Where a message of ours belongs, if it is about a collection.
pub(crate) async fn of_message(tx: &mut Tx, message: MessageId) -> Result<Option<Place>, DbError> {
    const SQL: &str = "SELECT share, sequence, items FROM share_sent WHERE message = $1";
    let row: Option<(Uuid, i64, i64)> = query(SQL).bind(message.uuid()).fetch_optional(tx).await?;
    Ok(row.map(|(share, sequence, items)| Place {
        share: ShareId::from_uuid(share),
        sequence,
        items,
    }))
}

/// The number of the newest message by which everything was taken back; 0 if there was none.
pub(crate) async fn floor(tx: &mut Tx, share: ShareId) -> Result<i64, DbError> {
    const SQL: &str = "SELECT coalesce(max(sequence), 0) AS floor FROM share_sent \
                       WHERE share = $1 AND kind = $2";
    let statement = query(SQL).bind(share.uuid()).bind(Sent::RemoveAll.as_str());
    let (floor,): (i64,) = statement.fetch_one(tx).await?;
    Ok(floor)
}

/// Notes that a party stated a removal. False if no removal has that number.
pub(crate) async fn confirm(
    tx: &mut Tx,
    (share, sequence): (ShareId, i64),
    at: Timestamp,
    (removed, onward): (i64, Onward),
) -> Result<bool, DbError> {
    const SQL: &str = "UPDATE share_sent SET confirmed_at = coalesce(confirmed_at, $3), \
                       removed = $4, onward = $5 \
                       WHERE share = $1 AND sequence = $2 AND kind <> $6";
    let written = query(SQL)
        .bind(share.uuid())
        .bind(sequence)
        .bind(at.as_micros())
        .bind(removed)
        .bind(onward.as_str())
        .bind(Sent::Share.as_str())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// How far those are, to whom a collection was passed on, with removing what went between two places:
/// those not told yet, those who have not confirmed with all theirs, those who have.
pub(crate) async fn passed_on(
    tx: &mut Tx,
    (collection, mode): (CollectionRef, Mode),
    (after, until): (i64, i64),
) -> Result<(i64, i64, i64), DbError> {
    const UNTOLD: &str = "SELECT count(*) AS untold FROM share WHERE collection = $1 \
                          AND exercise = $2 AND state = $3 AND gone < $4 AND sequence > 0";
    const TOLD: &str = "SELECT CAST(coalesce(sum(CASE WHEN m.confirmed_at IS NULL \
                        OR m.onward = $5 THEN 1 ELSE 0 END), 0) AS BIGINT) AS asked, \
                        count(*) AS told FROM share AS s JOIN share_sent AS m ON m.share = s.id \
                        WHERE s.collection = $1 AND s.exercise = $2 AND m.kind <> 'share' \
                        AND m.gone_until > $3 AND m.gone_after < $4";
    let (untold,): (i64,) = query(UNTOLD)
        .bind(collection.uuid())
        .bind(mode.is_exercise())
        .bind(OutState::Active.as_str())
        .bind(until)
        .fetch_one(tx)
        .await?;
    let (asked, told): (i64, i64) = query(TOLD)
        .bind(collection.uuid())
        .bind(mode.is_exercise())
        .bind(after)
        .bind(until)
        .bind(Onward::Asked.as_str())
        .fetch_one(tx)
        .await?;
    Ok((untold, asked, told - asked))
}
