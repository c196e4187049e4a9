//! SQL of parties and their key sets; contacts in [`contact`], circles in [`circle`].

pub(crate) mod circle;
pub(crate) mod contact;

use db::{Corrupt, DbError, Tx, query};
use kernel::{Mode, PartyCode, PartyId, Timestamp};
use seal::keys::Fingerprint;
use uuid::Uuid;

use crate::model::{Address, Party, WebAddress};

db::row! {
    struct Row {
        id: Uuid,
        code: String,
        exercise: bool,
        own: bool,
        title: String,
        trust: String,
        trust_at: i64,
        fingerprint: Vec<u8>,
        federation: Option<String>,
        web: Option<String>,
        version: i64,
        created_at: i64,
    }
}

impl TryFrom<Row> for Party {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let bad = |column| Corrupt::new("directory_party", column, &row.id);
        let fingerprint = row.fingerprint.as_slice().try_into();
        Ok(Self {
            id: PartyId::from_uuid(row.id),
            code: row.code.parse().map_err(|_unreadable| bad("code"))?,
            mode: Mode::from_exercise(row.exercise),
            own: row.own,
            title: row.title.parse().map_err(|_unreadable| bad("title"))?,
            trust: row.trust.parse().map_err(|_unreadable| bad("trust"))?,
            trust_at: Timestamp::from_micros(row.trust_at),
            fingerprint: Fingerprint::from_bytes(
                fingerprint.map_err(|_unreadable| bad("fingerprint"))?,
            ),
            federation: row
                .federation
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(|_unreadable| bad("federation"))?,
            web: row
                .web
                .as_deref()
                .map(str::parse)
                .transpose()
                .map_err(|_unreadable| bad("web"))?,
            version: row.version,
            created_at: Timestamp::from_micros(row.created_at),
        })
    }
}

macro_rules! columns {
    () => {
        "id, code, exercise, own, title, trust, trust_at, fingerprint, federation, web, version, \
         created_at"
    };
}

/// Writes a party whose version is one above the stored one, or 1 for a new one. False if the
/// stored version is another.
pub(crate) async fn save(tx: &mut Tx, party: &Party) -> Result<bool, DbError> {
    const SQL: &str = concat!(
        "INSERT INTO directory_party (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (id) DO UPDATE SET title = excluded.title, trust = excluded.trust, \
         trust_at = excluded.trust_at, fingerprint = excluded.fingerprint, \
         federation = excluded.federation, web = excluded.web, version = excluded.version \
         WHERE directory_party.version = excluded.version - 1"
    );
    let written = query(SQL)
        .bind(party.id.uuid())
        .bind(party.code.as_str())
        .bind(party.mode.is_exercise())
        .bind(party.own)
        .bind(party.title.as_str())
        .bind(party.trust.as_str())
        .bind(party.trust_at.as_micros())
        .bind(party.fingerprint.as_bytes().as_slice())
        .bind(party.federation.as_ref().map(Address::as_str))
        .bind(party.web.as_ref().map(WebAddress::as_str))
        .bind(party.version)
        .bind(party.created_at.as_micros())
        .execute(tx)
        .await?;
    Ok(written == 1)
}

/// The party in that mode, removed ones too.
pub(crate) async fn find(
    tx: &mut Tx,
    code: &PartyCode,
    mode: Mode,
) -> Result<Option<Party>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM directory_party WHERE code = $1 AND exercise = $2"
    );
    let row: Option<Row> = query(SQL)
        .bind(code.as_str())
        .bind(mode.is_exercise())
        .fetch_optional(tx)
        .await?;
    row.map(Party::try_from).transpose()
}

/// All parties of both modes by code, removed ones too. There are [`crate::model::PARTIES_MAX`] at
/// most.
pub(crate) async fn all(tx: &mut Tx) -> Result<Vec<Party>, DbError> {
    const SQL: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM directory_party ORDER BY code, exercise"
    );
    let rows: Vec<Row> = query(SQL).fetch_all(tx).await?;
    rows.into_iter().map(Party::try_from).collect()
}

/// Keeps a key set of a party under its root.
pub(crate) async fn insert_key_set(
    tx: &mut Tx,
    party: &Party,
    seq: u64,
    document: &[u8],
    now: Timestamp,
) -> Result<(), DbError> {
    const SQL: &str = "INSERT INTO directory_key_set \
                       (party, fingerprint, seq, document, accepted_at) \
                       VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    query(SQL)
        .bind(party.id.uuid())
        .bind(party.fingerprint.as_bytes().as_slice())
        .bind(i64::try_from(seq).unwrap_or(i64::MAX))
        .bind(document)
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

/// The documents of a party's key sets under its present root, in order.
pub(crate) async fn key_sets(tx: &mut Tx, party: &Party) -> Result<Vec<Vec<u8>>, DbError> {
    const SQL: &str = "SELECT document FROM directory_key_set \
                       WHERE party = $1 AND fingerprint = $2 ORDER BY seq";
    let rows: Vec<(Vec<u8>,)> = query(SQL)
        .bind(party.id.uuid())
        .bind(party.fingerprint.as_bytes().as_slice())
        .fetch_all(tx)
        .await?;
    Ok(rows.into_iter().map(|(document,)| document).collect())
}
