//! Which version the objects of an event are, and which of them the event stands behind.
//!
//! What becomes of an event says when the part of MISP was changed that it stands for. Where other
//! things change, such as the label of the event, the object is a newer version all the same.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::Tx;
use serde_json::{Value, json};
use stix::{Timestamp, json::Document, marking::TlpDefinitions};

use crate::{
    Error,
    events::{
        model,
        store::{self, stix::Behind},
    },
    intake::{self, Incoming},
    model::{Collection, Spec},
    ops::import::adding::{Held, versions_of},
};

/// Types of objects that are known by the UUID of a part of the event, or made of such.
const OWN: &[&str] = &[
    "grouping",
    "indicator",
    "note",
    "observed-data",
    "opinion",
    "relationship",
    "report",
    "sighting",
    "x-misp-attribute",
    "x-misp-object",
];
/// Types of objects that tell nothing of the event: who made something, and what labels mean.
const COMMON: &[&str] = &["identity", "marking-definition"];
/// So many objects are looked up at once.
const AT_ONCE: usize = 1_000;
const MILLI: i64 = 1_000;
/// The last millisecond of the year 9999.
const LAST_MICROS: i64 = 253_402_300_799_999_000;

/// Makes newer versions of what the collection has with other content, and tells which versions the
/// event stands behind. What another gave before is his, unless nobody but the event can have it.
pub(super) async fn settle(
    tx: &mut Tx,
    (collection, row): (&Collection, &model::Event),
    objects: &mut [Value],
) -> Result<Vec<Behind>, Error> {
    let mut all = Vec::new();
    for some in objects.chunks_mut(AT_ONCE) {
        all.extend(settle_some(tx, (collection.slot, row), some).await?);
    }
    Ok(all)
}

async fn settle_some(
    tx: &mut Tx,
    (slot, row): (i64, &model::Event),
    objects: &mut [Value],
) -> Result<Vec<Behind>, Error> {
    let ids: BTreeSet<String> = objects
        .iter()
        .filter_map(|object| object.get("id")?.as_str())
        .map(str::to_owned)
        .collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    let held = versions_of(tx, slot, &ids).await?;
    let known = store::stix::of(tx, slot, &ids).await?;
    let known: BTreeSet<_> = known
        .iter()
        .map(|one| (one.stix_id.as_str(), one.sha256.as_slice()))
        .collect();
    let mut all = Vec::new();
    for object in objects {
        let Some(incoming) = versioned(object, row.timestamp, &held) else {
            continue;
        };
        let kind = incoming.kind.as_str();
        if COMMON.contains(&kind) {
            continue;
        }
        // An object of this type has the UUID of the attribute, or of the cluster of a galaxy.
        let shared = !OWN.contains(&kind);
        let here = held.get(&incoming.stix_id).into_iter().flatten();
        let is_given = here.into_iter().any(|one| one.sha256 == incoming.sha256)
            && !known.contains(&(incoming.stix_id.as_str(), incoming.sha256.as_slice()));
        if !(shared && is_given) {
            all.push(Behind {
                stix_id: incoming.stix_id,
                sha256: incoming.sha256,
                shared,
            });
        }
    }
    Ok(all)
}

/// The object as the version that it is: the one that the collection has with the same content, or
/// one that is newer than all of them.
fn versioned(
    object: &mut Value,
    changed_at: i64,
    held: &HashMap<String, Vec<Held>>,
) -> Option<Incoming> {
    let incoming = read(object)?;
    let (Some(version), Some(_)) = (incoming.version, object.get("modified")) else {
        return Some(incoming);
    };
    let of_spec = |one: &&Held| one.spec == Spec::V21 && one.version >= version;
    let here = held.get(&incoming.stix_id).into_iter().flatten();
    let newer: BTreeMap<i64, &[u8]> = here
        .filter(of_spec)
        .map(|one| (one.version, one.sha256.as_slice()))
        .collect();
    let Some((&newest, _)) = newer.last_key_value() else {
        return Some(incoming);
    };
    for (&version, &sha256) in newer.iter().rev() {
        let same = at(object, version).filter(|same| same.sha256 == sha256);
        if let Some(same) = same {
            return Some(same);
        }
    }
    let next = changed_at.saturating_mul(1_000_000).max(newest + MILLI);
    if next > LAST_MICROS {
        return read(object);
    }
    at(object, next - next.rem_euclid(MILLI))
}

/// The object with that moment as its version.
fn at(object: &mut Value, micros: i64) -> Option<Incoming> {
    let nanos = u32::try_from(micros.rem_euclid(1_000_000) * 1_000).ok()?;
    let moment = Timestamp::from_parts(micros.div_euclid(1_000_000), nanos);
    let members = object.as_object_mut()?;
    members.insert("modified".to_owned(), json!(moment.to_string()));
    read(object)
}

fn read(object: &Value) -> Option<Incoming> {
    let text = object.to_string();
    let limits = intake::limits().object;
    let spare = stix::json::Spare::default();
    let document = Document::parse_with(text.as_bytes(), &limits, spare).ok()?;
    intake::take(document.root(), 0, &mut TlpDefinitions::default()).ok()
}
