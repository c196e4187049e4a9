//! What was done, by whom and why: a leaf that cannot be changed, and a row that can be read.

use std::{collections::BTreeMap, fmt::Display};

use db::Tx;
use kernel::{Cursor, Limit, Page, PageRequest, Timestamp, Viewer, boxed};
use ledger::{Act, Hash, Record};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    Error, Ground, Leaf, Log,
    append::append_at,
    log::Number,
    store::act::{self as rows, ActRow, NewAct},
};

/// The longest body of an act.
pub const ACT_BODY_BYTES_MAX: usize = 256 * 1024;

/// Rows that one statement writes.
const ROWS_AT_ONCE: usize = 500;

/// An act as auditors, and the History of what it was done to, show it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct ActEntry {
    /// Index of its leaf in the `acts` ledger of its epoch.
    pub index: u64,
    /// When, by this node's clock.
    pub at: Timestamp,
    /// Who, as [`Viewer::label`] has it.
    pub who: String,
    /// What, as a stable code.
    pub code: String,
    /// To what.
    pub subject: String,
    /// The JSON text whose SHA-256 the leaf holds; nothing once erased. Its member `what` is what
    /// the room gave.
    pub body: Option<String>,
    /// Where a list goes on after this entry.
    #[serde(skip)]
    key: i64,
}

impl ActEntry {
    /// What the room gave with the act, such as what changed and why.
    pub fn what(&self) -> Option<Value> {
        let mut body: Value = serde_json::from_str(self.body.as_deref()?).ok()?;
        body.get_mut("what").map(Value::take)
    }
}

/// Records an act of a viewer, in the transaction of the change: a leaf of the `acts` ledger and a
/// row that people read. `what` says what changed and why, in any form that is JSON; it must hold
/// nothing that is sealed, since auditors read it. Gives the leaf's index.
///
/// A subject that no leaf can name, such as what somebody typed in as his name, stands in the leaf
/// by its digest; row and body have it in full.
pub async fn act<T: Serialize + ?Sized + Sync>(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &str,
    subject: &(impl Display + Sync + ?Sized),
    what: &T,
) -> Result<u64, Error> {
    let (leaf, new) = said(ground.now(), viewer, code, subject.to_string(), what)?;
    record(tx, ground, leaf, &new).await
}

/// [`act`] for many subjects at once, in order: what each was done to, and what changed. Their leaves
/// stand side by side.
pub async fn act_many<T: Serialize + Sync>(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &str,
    each: &[(String, T)],
) -> Result<(), Error> {
    let at = ground.now();
    let mut leaves = Vec::with_capacity(each.len());
    let mut rows = Vec::with_capacity(each.len());
    for (subject, what) in each {
        let (leaf, new) = said(at, viewer, code, subject.clone(), what)?;
        leaves.push(leaf);
        rows.push(new);
    }
    record_many(tx, ground, &leaves, (at, &rows)).await
}

/// The leaf and the row of an act.
fn said<T: Serialize + ?Sized>(
    at: Timestamp,
    viewer: &Viewer,
    code: &str,
    subject: String,
    what: &T,
) -> Result<(Leaf, NewAct), Error> {
    let who = viewer.label();
    let exercise = viewer.mode.is_exercise();
    let body = body([
        ("at", at.to_string().into()),
        ("code", code.into()),
        ("exercise", exercise.into()),
        ("party", viewer.party.as_str().into()),
        ("subject", subject.as_str().into()),
        ("what", serde_json::to_value(what).map_err(Error::Body)?),
        ("who", who.as_str().into()),
    ])?;
    let leaf = Leaf {
        act: Act::local(code)?,
        subject: leaf_subject(&subject),
        sha256: ledger::sha256(body.as_bytes()),
    };
    let new = NewAct {
        at,
        who,
        code: code.to_owned(),
        subject,
        exercise,
        body,
    };
    Ok((leaf, new))
}

#[boxed]
async fn record_many(
    tx: &mut Tx,
    ground: &Ground,
    leaves: &[Leaf],
    (at, new): (Timestamp, &[NewAct]),
) -> Result<(), Error> {
    let indices = append_at(tx, ground, Log::Acts, leaves, at).await?;
    let number = ground.number(Log::Acts);
    let numbered: Vec<(i64, &NewAct)> = indices.map(|index| number.id(index)).zip(new).collect();
    for some in numbered.chunks(ROWS_AT_ONCE) {
        rows::insert_many(tx, some).await?;
    }
    Ok(())
}

/// What is the same for every kind of act.
#[boxed]
async fn record(tx: &mut Tx, ground: &Ground, leaf: Leaf, new: &NewAct) -> Result<u64, Error> {
    let index = append_at(tx, ground, Log::Acts, &[leaf], new.at)
        .await?
        .start;
    rows::insert(tx, ground.number(Log::Acts).id(index), new).await?;
    Ok(index)
}

/// What was done to a subject, newest first, in the mode that the viewer looks at. The room asks
/// beforehand whether the viewer may see the subject.
pub async fn history(
    tx: &mut Tx,
    viewer: &Viewer,
    subject: &(impl Display + Sync + ?Sized),
    page: PageRequest,
) -> Result<Page<ActEntry>, Error> {
    history_without(tx, viewer, subject, &[], page).await
}

/// The same without the acts whose codes begin with one of `hidden`: they are on no page and cut none
/// short.
pub async fn history_without(
    tx: &mut Tx,
    viewer: &Viewer,
    subject: &(impl Display + Sync + ?Sized),
    hidden: &[&str],
    page: PageRequest,
) -> Result<Page<ActEntry>, Error> {
    let about = (&*subject.to_string(), viewer.mode.is_exercise());
    let found = rows::of_subject(tx, about, hidden, before(page), page.limit.probe()).await?;
    Ok(entries(found, page))
}

/// What was done to any of these subjects, newest first, as many acts as the limit allows. The room
/// asks beforehand whether the viewer may see them.
#[boxed]
pub async fn histories(
    tx: &mut Tx,
    viewer: &Viewer,
    subjects: &[String],
    limit: Limit,
) -> Result<Vec<ActEntry>, Error> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let page = PageRequest { after: None, limit };
    let exercise = viewer.mode.is_exercise();
    let found = rows::of_subjects(tx, subjects, exercise, limit.probe()).await?;
    Ok(entries(found, page).items)
}

/// What was done at all, newest first, in the mode that the viewer looks at; for auditors.
#[boxed]
pub async fn acts(
    tx: &mut Tx,
    viewer: &Viewer,
    page: PageRequest,
) -> Result<Page<ActEntry>, Error> {
    let exercise = viewer.mode.is_exercise();
    let found = rows::all(tx, exercise, before(page), page.limit.probe()).await?;
    Ok(entries(found, page))
}

fn before(page: PageRequest) -> i64 {
    page.after.map_or(i64::MAX, |after| after.key)
}

fn entries(rows: Vec<ActRow>, page: PageRequest) -> Page<ActEntry> {
    let entries = rows
        .into_iter()
        .map(|row| ActEntry {
            index: Number::index_of(row.leaf),
            at: Timestamp::from_micros(row.at),
            who: row.who,
            code: row.code,
            subject: row.subject,
            body: row.body,
            key: row.leaf,
        })
        .collect();
    Page::from_probe(entries, page.limit, |entry: &ActEntry| Cursor {
        key: entry.key,
        id: Uuid::nil(),
    })
}

/// The subject itself where a leaf can name it, else `sha256--` and its digest.
fn leaf_subject(subject: &str) -> String {
    let fits = Record::new(Act::Sent, 0, subject, [0; 32], [0; 32]).is_ok();
    if fits {
        subject.to_owned()
    } else {
        let digest = Hash::new(ledger::sha256(subject.as_bytes()));
        format!("sha256--{}", digest.to_hex())
    }
}

/// JSON with sorted members and no white space, so that it is one text only.
fn body<const N: usize>(members: [(&str, Value); N]) -> Result<String, Error> {
    let members: BTreeMap<&str, Value> = members
        .into_iter()
        .map(|(name, value)| (name, sorted(value)))
        .collect();
    let body = serde_json::to_string(&members).map_err(Error::Body)?;
    if body.len() > ACT_BODY_BYTES_MAX {
        return Err(Error::BodyTooLarge {
            bytes: body.len(),
            limit: ACT_BODY_BYTES_MAX,
        });
    }
    Ok(body)
}

/// Whether maps keep the order of their making is a feature of `serde_json` that any crate may
/// turn on, so it is not relied upon.
fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        Value::Object(members) => {
            let members: BTreeMap<String, Value> = members
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .collect();
            members.into_iter().collect()
        }
        scalar => scalar,
    }
}
