//! Appending leaves and reading them.

use std::ops::Range;

use db::{Corrupt, Tx};
use kernel::{Cursor, Page, PageRequest, Timestamp, boxed};
use ledger::{Act, Hash, Record, leaf_hash};
use uuid::Uuid;

use crate::{
    Error, Ground, Log,
    log::Number,
    store::leaf::{self as rows, LeafRow, NewLeaf},
    subject,
};

/// What a leaf is to say. Its time is that of the append, its salt is drawn then.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Leaf {
    /// What happened.
    pub act: Act,
    /// To what: 1 to 128 visible ASCII characters, by rule a typed id.
    pub subject: String,
    /// The SHA-256 of the payload.
    pub sha256: [u8; 32],
}

/// A leaf as a list shows it. An erased one shows no digest.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeafView {
    /// Its index.
    pub index: u64,
    /// What happened.
    pub act: Act,
    /// When, by this node's clock.
    pub at: Timestamp,
    /// To what.
    pub subject: String,
    /// The SHA-256 of the payload; nothing once erased.
    pub sha256: Option<[u8; 32]>,
}

/// Appends leaves, all at the present moment, and gives their indices. They exist if and only if
/// the transaction commits. Leaves of one call stand side by side.
#[boxed]
pub async fn append(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    leaves: &[Leaf],
) -> Result<Vec<u64>, Error> {
    let indices = append_at(tx, ground, log, leaves, ground.now()).await?;
    Ok(indices.collect())
}

/// As [`append`], at a moment: the leaves' indices, one after the other.
pub(crate) async fn append_at(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    leaves: &[Leaf],
    at: Timestamp,
) -> Result<Range<u64>, Error> {
    // All salts at once: asking the system for each costs more than making the leaf.
    let mut salts = vec![0; leaves.len() * 32];
    ground.rng.fill(&mut salts);
    let (salts, _none_left) = salts.as_chunks::<32>();
    let mut new = Vec::with_capacity(leaves.len());
    for (leaf, salt) in leaves.iter().zip(salts) {
        let salt = *salt;
        // Made only to be refused here rather than when the tree is built.
        let (act, sha256) = (leaf.act.clone(), leaf.sha256);
        Record::new(act, at.as_micros(), &leaf.subject, sha256, salt)?;
        new.push(NewLeaf {
            act: act_number(&leaf.act),
            subject: subject::encode(&leaf.subject),
            sha256,
            salt,
        });
    }
    declare_codes(tx, leaves).await?;
    let number = ground.number(log);
    let first = match new.as_slice() {
        [] => return Ok(0..0),
        [leaf] => rows::append_one(tx, number, at.as_micros(), leaf).await?,
        many => rows::append_many(tx, number, at.as_micros(), many).await?,
    };
    let count = u64::try_from(new.len()).unwrap_or(u64::MAX);
    Ok(first..first.saturating_add(count))
}

/// One leaf.
#[boxed]
pub async fn leaf(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    index: u64,
) -> Result<Option<LeafView>, Error> {
    let row = rows::leaves(tx, ground.number(log), index, 1).await?.pop();
    row.map(|row| view(ground.number(log), &row)).transpose()
}

/// The leaves of a ledger, newest first. The cursor's key is the index.
#[boxed]
pub async fn leaves(
    tx: &mut Tx,
    ground: &Ground,
    log: Log,
    page: PageRequest,
) -> Result<Page<LeafView>, Error> {
    let number = ground.number(log);
    let before = page
        .after
        .and_then(|after| u64::try_from(after.key).ok())
        .unwrap_or(u64::MAX);
    let views = rows::leaves_before(tx, number, before, page.limit.probe())
        .await?
        .into_iter()
        .map(|row| view(number, &row))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Page::from_probe(views, page.limit, |leaf| Cursor {
        key: i64::try_from(leaf.index).unwrap_or(i64::MAX),
        id: Uuid::nil(),
    }))
}

/// The record of a leaf, with which anyone can compute its entry.
#[boxed]
pub async fn record(tx: &mut Tx, ground: &Ground, log: Log, index: u64) -> Result<Record, Error> {
    let number = ground.number(log);
    let row = rows::leaves(tx, number, index, 1).await?.pop();
    let row = row.ok_or(Error::NoLeaf { log, index })?;
    record_of(&row)?.ok_or(Error::Erased { log, index })
}

/// The number under which a leaf's row names an act: 0 to 2 for those of envelopes, for a code of
/// a local act 31 bits of its hash.
pub(crate) fn act_number(act: &Act) -> i64 {
    match act {
        Act::Sent => 0,
        Act::Received => 1,
        Act::Refused => 2,
        Act::Local(code) => {
            let [a, b, c, d, ..] = ledger::sha256(code.as_bytes());
            i64::from(u32::from_be_bytes([a, b, c, d]) >> 1).max(16)
        }
    }
}

/// The leaf hash of a row, erased or not.
pub(crate) fn hash_of(row: &LeafRow) -> Result<Hash, Error> {
    Ok(leaf_hash(&entry_of(row)?))
}

/// The entry of a row: computed from the record, or what was kept when that was erased.
pub(crate) fn entry_of(row: &LeafRow) -> Result<[u8; 32], Error> {
    if let Some(record) = record_of(row)? {
        return Ok(record.entry());
    }
    let entry = row.entry.as_deref().and_then(|entry| entry.try_into().ok());
    entry.ok_or_else(|| corrupt("entry", row))
}

async fn declare_codes(tx: &mut Tx, leaves: &[Leaf]) -> Result<(), Error> {
    let mut codes: Vec<&str> = leaves
        .iter()
        .filter_map(|leaf| match &leaf.act {
            Act::Local(code) => Some(code.as_str()),
            Act::Sent | Act::Received | Act::Refused => None,
        })
        .collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        let number = act_number(&Act::local(code)?);
        if let Some(other) = rows::declare(tx, number, code).await? {
            let code = code.to_owned();
            return Err(Error::CodeTaken { code, other });
        }
    }
    Ok(())
}

pub(crate) fn record_of(row: &LeafRow) -> Result<Option<Record>, Error> {
    let (Some(sha256), Some(salt)) = (&row.sha256, &row.salt) else {
        return Ok(None);
    };
    let sha256 = sha256.as_slice().try_into();
    let salt = salt.as_slice().try_into();
    let record = Record::new(
        act_of(row)?,
        row.at,
        &subject_of(row)?,
        sha256.map_err(|_wrong_length| corrupt("sha256", row))?,
        salt.map_err(|_wrong_length| corrupt("salt", row))?,
    )?;
    Ok(Some(record))
}

fn view(number: Number, row: &LeafRow) -> Result<LeafView, Error> {
    let sha256 = match &row.sha256 {
        None => None,
        Some(sha256) => {
            let sha256 = sha256.as_slice().try_into();
            Some(sha256.map_err(|_wrong_length| corrupt("sha256", row))?)
        }
    };
    Ok(LeafView {
        index: number.index(row.id),
        act: act_of(row)?,
        at: Timestamp::from_micros(row.at),
        subject: subject_of(row)?,
        sha256,
    })
}

fn act_of(row: &LeafRow) -> Result<Act, Error> {
    match (row.act, &row.code) {
        (0, None) => Ok(Act::Sent),
        (1, None) => Ok(Act::Received),
        (2, None) => Ok(Act::Refused),
        (_, Some(code)) => Ok(Act::local(code)?),
        (_, None) => Err(corrupt("act", row)),
    }
}

fn subject_of(row: &LeafRow) -> Result<String, Error> {
    subject::decode(&row.subject).ok_or_else(|| corrupt("subject", row))
}

fn corrupt(column: &'static str, row: &LeafRow) -> Error {
    Error::Db(Corrupt::new("ledger_leaf", column, &row.id).into())
}
