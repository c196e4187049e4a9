//! What can be done with evidence. Each op asks the policy, loads, decides, saves, and adds a line of
//! custody and its leaf in one transaction.

mod custody;
mod keep;
mod read;
mod upload;

use access::policy::{self, Act, Subject};
use db::Tx;
use kernel::{EvidenceRef, IncidentRef, Tlp, Viewer, boxed};
use seal::data::DataKey;
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::{
    Locker,
    model::{Deed, Entry, Item, Outcome, State},
    store,
};
use crate::{
    error::{Error, EvidenceFault},
    model::Incident,
    ops::{is_named, load},
};

pub use custody::{answer, export, hand_over};
pub(crate) use keep::remove_from;
pub use keep::{destroy, remove_files, seal, verify};
pub(crate) use read::visible;
pub use read::{Bytes, copy, list, view, view_all};
pub(crate) use upload::forget;
pub use upload::{Upload, begin};

/// Whether the viewer may do this to an item of that label.
fn sees(viewer: &Viewer, act: Act, incident: &Incident, tlp: Tlp) -> bool {
    let named = is_named(viewer, &incident.facts);
    let subject = Subject::content(incident.mode, tlp, named);
    policy::decide(viewer, act, &subject).is_allowed()
}

/// The incident and the item, if the viewer may do this to both.
async fn find(
    tx: &mut Tx,
    viewer: &Viewer,
    act: Act,
    (public, id): (IncidentRef, EvidenceRef),
) -> Result<(Incident, Item), Error> {
    let incident = load(tx, viewer, act, public).await?;
    let found = store::item(tx, incident.id, id).await?;
    let seen = found.filter(|item| sees(viewer, act, &incident, item.facts.tlp));
    Ok((incident, seen.ok_or(EvidenceFault::NotFound)?))
}

/// The same, in a transaction in which nobody else writes of the item.
async fn hold(
    tx: &mut Tx,
    viewer: &Viewer,
    act: Act,
    at: (IncidentRef, EvidenceRef),
) -> Result<(Incident, Item), Error> {
    // The lock first, so that what is read after it stays so until the end.
    store::next_line(tx, at.1).await?;
    find(tx, viewer, act, at).await
}

/// What a line says beside who, when and what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    pub(crate) reason: String,
    pub(crate) receiver: Option<String>,
    pub(crate) user: Option<kernel::UserId>,
    pub(crate) answers: Option<i64>,
    pub(crate) outcome: Option<Outcome>,
}

impl Said {
    pub(crate) fn why(reason: &super::model::Reason) -> Self {
        Self {
            reason: reason.as_str().to_owned(),
            ..Self::default()
        }
    }
}

/// A line as the commitment in the ledger has it.
#[derive(Serialize)]
struct Sworn<'a> {
    act: &'static str,
    answers: Option<i64>,
    at: String,
    by: &'a str,
    evidence: String,
    number: i64,
    outcome: Option<&'static str>,
    reason: &'a str,
    receiver: Option<&'a str>,
}

/// Adds a line of custody, and the leaf that proves it. The ledger, which auditors read, has a
/// commitment to the line, and no word of it.
#[boxed]
pub(crate) async fn record(
    tx: &mut Tx,
    ground: &audit::Ground,
    viewer: &Viewer,
    (incident, id): (IncidentRef, EvidenceRef),
    (deed, said): (Deed, Said),
) -> Result<Entry, Error> {
    let number = store::next_line(tx, id).await?;
    let (at, who) = (ground.now(), viewer.label());
    let sworn = Sworn {
        act: deed.as_str(),
        answers: said.answers,
        at: at.to_string(),
        by: &who,
        evidence: id.to_string(),
        number,
        outcome: said.outcome.map(Outcome::as_str),
        reason: &said.reason,
        receiver: said.receiver.as_deref(),
    };
    let text = serde_json::to_string(&sworn).map_err(Error::Unwritable)?;
    let salts = audit::salts(tx, ground, &incident.to_string()).await?;
    let place = format!("line {id} {number}");
    let body = json!({
        "evidence": id.to_string(),
        "line": number,
        "line_commitment": salts.commitment(&place, text.as_bytes()),
        "outcome": sworn.outcome,
    });
    let code = format!("evidence.{}", deed.as_str().replace('-', "_"));
    let leaf = audit::act(tx, ground, viewer, &code, &incident, &body).await?;
    let line = Entry {
        number,
        deed,
        at,
        who,
        reason: said.reason,
        receiver: said.receiver,
        user: said.user,
        answers: said.answers,
        outcome: said.outcome,
        leaf,
    };
    store::add_line(tx, id, &line).await?;
    Ok(line)
}

/// Where a key is sealed for.
fn key_place(id: EvidenceRef) -> String {
    format!("incident_item.sealed_key/{id}")
}

/// Where a piece is sealed for: it opens as this piece of this item alone.
fn piece_place(id: EvidenceRef, ordinal: i64) -> String {
    format!("incident_item_piece/{id}/{ordinal}")
}

/// The key of an item that is here.
async fn key_of(tx: &mut Tx, locker: &Locker, item: &Item) -> Result<DataKey, Error> {
    let sealed = store::sealed_key(tx, item.id).await?;
    let sealed = sealed.ok_or(EvidenceFault::Destroyed)?;
    let opened = locker.data_key.open(&sealed, &key_place(item.id));
    let opened = opened.map_err(Error::Unsealable)?;
    let mut key = Zeroizing::new([0; 32]);
    if opened.len() != key.len() {
        return Err(Error::Unsealable(seal::Error::BadRecord));
    }
    key.copy_from_slice(&opened);
    Ok(DataKey::from_bytes(key))
}

/// Refuses what is done to bytes that are gone.
fn here(item: &Item) -> Result<(), EvidenceFault> {
    match item.state {
        State::Held | State::Sealed => Ok(()),
        State::Coming | State::Destroyed => Err(EvidenceFault::Destroyed),
    }
}
