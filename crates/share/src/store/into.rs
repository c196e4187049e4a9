use db::{Corrupt, DbError, Tx, dialect::Sql, query};
use kernel::{CircleId, CollectionRef, MessageId, Mode, PartyCode, ShareId, Timestamp, Tlp};
use uuid::Uuid;

use super::{count, tally};
use crate::model::{About, InShare, InState, Onward};

macro_rules! columns {
    () => {
        "id, party, collection, exercise, state, via, about, kept_as, ceiling, sequence, items, \
         sum, stated_items, stated_sum, offered_at, decided_at, decided_by, compared_at"
    };
}

db::row! {
    struct Row {
        id: Uuid,
        party: String,
        collection: Uuid,
        exercise: bool,
        state: String,
        via: Option<Uuid>,
        about: String,
        kept_as: Option<Uuid>,
        ceiling: i32,
        sequence: i64,
        items: i64,
        sum: Vec<u8>,
        stated_items: i64,
        stated_sum: Vec<u8>,
        offered_at: i64,
        decided_at: Option<i64>,
        decided_by: Option<String>,
        compared_at: Option<i64>,
    }
}

impl TryFrom<Row> for InShare {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let key = row.id.to_string();
        let corrupt = |column| Corrupt::new("share_in", column, &key);
        let about: About =
            serde_json::from_str(&row.about).map_err(|_unreadable| corrupt("about"))?;
        Ok(Self {
            id: ShareId::from_uuid(row.id),
            party: row.party.parse().map_err(|_bad| corrupt("party"))?,
            collection: CollectionRef::from_uuid(row.collection),
            mode: Mode::from_exercise(row.exercise),
            state: InState::from_word(&row.state).ok_or_else(|| corrupt("state"))?,
            via: row.via.map(CircleId::from_uuid),
            about,
            kept_as: row.kept_as.map(CollectionRef::from_uuid),
            ceiling: Tlp::from_code(row.ceiling),
            sequence: row.sequence,
            tally: tally(row.items, &row.sum, ("share_in", &key))?,
            stated: tally(row.stated_items, &row.stated_sum, ("share_in", &key))?,
            offered_at: Timestamp::from_micros(row.offered_at),
            decided_at: row.decided_at.map(Timestamp::from_micros),
            decided_by: row.decided_by,
            compared_at: row.compared_at.map(Timestamp::from_micros),
        })
    }
}

/// What a party shares under that id.
pub(crate) async fn find(
    tx: &mut Tx,
    (collection, party): (CollectionRef, &PartyCode),
    mode: Mode,
) -> Result<Option<InShare>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM share_in WHERE collection = $1 AND party = $2 AND exercise = $3"
    );
    let row: Option<Row> = query(SQL)
        .bind(collection.uuid())
        .bind(party.as_str())
        .bind(mode.is_exercise())
        .fetch_optional(tx)
        .await?;
    row.map(InShare::try_from).transpose()
}

/// Whether another party than this one shares under that id, in either mode.
pub(crate) async fn is_anothers(
    tx: &mut Tx,
    collection: CollectionRef,
    party: &PartyCode,
) -> Result<bool, DbError> {
    const SQL: &str = "SELECT count(*) AS others FROM share_in \
                       WHERE collection = $1 AND party <> $2";
    let statement = query(SQL).bind(collection.uuid()).bind(party.as_str());
    let (others,): (i64,) = statement.fetch_one(tx).await?;
    Ok(others > 0)
}

/// The share with that row.
pub(crate) async fn by_id(tx: &mut Tx, id: ShareId) -> Result<Option<InShare>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM share_in WHERE id = $1");
    let row: Option<Row> = query(SQL).bind(id.uuid()).fetch_optional(tx).await?;
    row.map(InShare::try_from).transpose()
}

/// The share with that row, held until the transaction ends: whoever changes it begins here, so that
/// nobody writes over what another one counted meanwhile.
pub(crate) async fn locked(tx: &mut Tx, id: ShareId) -> Result<Option<InShare>, DbError> {
    const SQL: Sql = Sql {
        sqlite: concat!("SELECT ", columns!(), " FROM share_in WHERE id = $1"),
        postgres: concat!(
            "SELECT ",
            columns!(),
            " FROM share_in WHERE id = $1 FOR UPDATE"
        ),
    };
    let statement = query(SQL.on(tx)).bind(id.uuid());
    let row: Option<Row> = statement.fetch_optional(tx).await?;
    row.map(InShare::try_from).transpose()
}

/// What a party shares, or all parties do, by party and age.
pub(crate) async fn of_party(
    tx: &mut Tx,
    party: Option<&PartyCode>,
    mode: Mode,
) -> Result<Vec<InShare>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM share_in WHERE exercise = $1 AND (party = $2 OR $2 IS NULL) \
         ORDER BY party, offered_at, id"
    );
    let rows: Vec<Row> = query(SQL)
        .bind(mode.is_exercise())
        .bind(party.map(PartyCode::to_string))
        .fetch_all(tx)
        .await?;
    rows.into_iter().map(InShare::try_from).collect()
}

/// What is kept in that collection of this node.
pub(crate) async fn kept_as(
    tx: &mut Tx,
    collection: CollectionRef,
) -> Result<Option<InShare>, DbError> {
    const SQL: &str = concat!("SELECT ", columns!(), " FROM share_in WHERE kept_as = $1");
    let row: Option<Row> = query(SQL)
        .bind(collection.uuid())
        .fetch_optional(tx)
        .await?;
    row.map(InShare::try_from).transpose()
}

/// Writes a share, new or changed.
pub(crate) async fn put(tx: &mut Tx, share: &InShare) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO share_in (id, party, collection, exercise, state, via, about, \
        kept_as, ceiling, sequence, items, sum, stated_items, stated_sum, offered_at, decided_at, \
        decided_by, compared_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
        ON CONFLICT (id) DO UPDATE SET state = excluded.state, via = excluded.via, \
        about = excluded.about, kept_as = excluded.kept_as, ceiling = excluded.ceiling, \
        sequence = excluded.sequence, items = excluded.items, sum = excluded.sum, \
        stated_items = excluded.stated_items, stated_sum = excluded.stated_sum, \
        decided_at = excluded.decided_at, decided_by = excluded.decided_by, \
        compared_at = excluded.compared_at";
    let about = serde_json::to_string(&share.about).unwrap_or_default();
    query(SQL)
        .bind(share.id.uuid())
        .bind(share.party.as_str())
        .bind(share.collection.uuid())
        .bind(share.mode.is_exercise())
        .bind(share.state.as_str())
        .bind(share.via.map(CircleId::uuid))
        .bind(about)
        .bind(share.kept_as.map(CollectionRef::uuid))
        .bind(share.ceiling.code())
        .bind(share.sequence)
        .bind(count(&share.tally))
        .bind(share.tally.sum.as_bytes().as_slice())
        .bind(count(&share.stated))
        .bind(share.stated.sum.as_bytes().as_slice())
        .bind(share.offered_at.as_micros())
        .bind(share.decided_at.map(Timestamp::as_micros))
        .bind(share.decided_by.clone())
        .bind(share.compared_at.map(Timestamp::as_micros))
        .execute(tx)
        .await?;
    Ok(())
}

db::row! {
    /// A message that is taken and not carried out yet.
    #[derive(Debug)]
    pub(crate) struct Waiting {
        pub(crate) sequence: i64,
        pub(crate) message: Uuid,
        pub(crate) kind: String,
        pub(crate) content: String,
        pub(crate) files: String,
    }
}

/// Keeps a message until it is carried out.
pub(crate) async fn keep(
    tx: &mut Tx,
    share: ShareId,
    letter: &Waiting,
    at: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO share_letter (share, sequence, message, kind, content, files, \
                       arrived_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    query(SQL)
        .bind(share.uuid())
        .bind(letter.sequence)
        .bind(letter.message)
        .bind(letter.kind.as_str())
        .bind(letter.content.as_str())
        .bind(letter.files.as_str())
        .bind(at.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// The messages that wait, in order.
pub(crate) async fn waiting(tx: &mut Tx, share: ShareId) -> Result<Vec<Waiting>, DbError> {
    const SQL: &str = "SELECT sequence, message, kind, content, files FROM share_letter \
                       WHERE share = $1 ORDER BY sequence";
    query(SQL).bind(share.uuid()).fetch_all(tx).await
}

/// The sealed files of a message that was dropped, as [`Waiting`] has them.
pub(crate) type DroppedLetter = (String,);

/// Drops messages up to a number, and gives their sealed files.
pub(crate) async fn drop_letters(
    tx: &mut Tx,
    share: ShareId,
    until: i64,
) -> Result<Vec<DroppedLetter>, DbError> {
    const SQL: &str = "DELETE FROM share_letter WHERE share = $1 AND sequence <= $2 \
                       RETURNING files";
    let statement = query(SQL).bind(share.uuid()).bind(until);
    statement.fetch_all(tx).await
}

/// Notes an object that was given and is not kept.
pub(crate) async fn put_unkept(
    tx: &mut Tx,
    share: ShareId,
    (stix_id, version, code): (&str, &str, &str),
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO share_unkept (share, stix_id, version, code) \
                       VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (share, stix_id, version) DO UPDATE SET code = excluded.code";
    let statement = query(SQL).bind(share.uuid()).bind(stix_id).bind(version);
    statement.bind(code).execute(tx).await?;
    Ok(())
}

/// What was given and is not kept, by id: the id, the version, why.
pub(crate) async fn unkept(
    tx: &mut Tx,
    share: ShareId,
    most: i64,
) -> Result<Vec<(String, String, String)>, DbError> {
    const SQL: &str = "SELECT stix_id, version, code FROM share_unkept WHERE share = $1 \
                       ORDER BY stix_id, version LIMIT $2";
    query(SQL).bind(share.uuid()).bind(most).fetch_all(tx).await
}

/// Forgets what was not kept: of some ids, or all.
pub(crate) async fn forget_unkept(
    tx: &mut Tx,
    share: ShareId,
    ids: Option<&[String]>,
) -> Result<(), DbError> {
    let mut statement = query("DELETE FROM share_unkept WHERE share = ");
    statement.push_bind(share.uuid());
    if let Some(ids) = ids {
        if ids.is_empty() {
            return Ok(());
        }
        statement.push(" AND stix_id IN (");
        statement.push_list(ids.iter().cloned());
        statement.push(")");
    }
    statement.execute(tx).await?;
    Ok(())
}

db::row! {
    /// A removal that was carried out.
    #[derive(Debug)]
    pub(crate) struct Removal {
        pub(crate) sequence: i64,
        pub(crate) removed: i64,
        pub(crate) gone_after: i64,
        pub(crate) gone_until: i64,
        pub(crate) done_at: i64,
        pub(crate) stated: Option<String>,
    }
}

impl Removal {
    /// What was last stated of it.
    pub(crate) fn stated(&self) -> Option<Onward> {
        self.stated.as_deref().and_then(Onward::from_word)
    }
}

/// Notes a removal, or more of one.
pub(crate) async fn removed(tx: &mut Tx, share: ShareId, removal: &Removal) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO share_removal (share, sequence, removed, gone_after, gone_until, \
                       done_at) VALUES ($1, $2, $3, $4, $5, $6) \
                       ON CONFLICT (share, sequence) DO UPDATE SET \
                       removed = share_removal.removed + excluded.removed, \
                       gone_until = excluded.gone_until, done_at = excluded.done_at";
    query(SQL)
        .bind(share.uuid())
        .bind(removal.sequence)
        .bind(removal.removed)
        .bind(removal.gone_after)
        .bind(removal.gone_until)
        .bind(removal.done_at)
        .execute(tx)
        .await?;
    Ok(())
}

/// Removals that were carried out, newest first.
pub(crate) async fn removals(
    tx: &mut Tx,
    share: ShareId,
    most: i64,
) -> Result<Vec<Removal>, DbError> {
    const SQL: &str = "SELECT sequence, removed, gone_after, gone_until, done_at, stated \
                       FROM share_removal WHERE share = $1 ORDER BY sequence DESC LIMIT $2";
    query(SQL).bind(share.uuid()).bind(most).fetch_all(tx).await
}

/// Removals of which those to whom it was passed on have not all stated that they did them.
pub(crate) async fn unstated(tx: &mut Tx, share: ShareId) -> Result<Vec<i64>, DbError> {
    const SQL: &str = "SELECT sequence FROM share_removal WHERE share = $1 \
                       AND (stated IS NULL OR stated = $2) ORDER BY sequence";
    let statement = query(SQL).bind(share.uuid()).bind(Onward::Asked.as_str());
    let rows: Vec<(i64,)> = statement.fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(sequence,)| sequence).collect())
}

/// Notes what was stated of a removal, and in which message.
pub(crate) async fn stated(
    tx: &mut Tx,
    (share, sequence): (ShareId, i64),
    onward: Onward,
    message: MessageId,
) -> Result<(), DbError> {
    const SQL: &str = "UPDATE share_removal SET stated = $3, message = $4 \
                       WHERE share = $1 AND sequence = $2";
    query(SQL)
        .bind(share.uuid())
        .bind(sequence)
        .bind(onward.as_str())
        .bind(message.uuid())
        .execute(tx)
        .await?;
    Ok(())
}

/// How many shares of a party are known.
pub(crate) async fn count_of(tx: &mut Tx, party: &PartyCode, mode: Mode) -> Result<i64, DbError> {
    const SQL: &str = "SELECT count(*) AS many FROM share_in WHERE party = $1 AND exercise = $2";
    let statement = query(SQL).bind(party.as_str()).bind(mode.is_exercise());
    let (many,): (i64,) = statement.fetch_one(tx).await?;
    Ok(many)
}
