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
    intake::{self, Batch, Incoming},
    model::{Collection, Refusal, Spec},
    ops::import::held::{HOUSE, Held, versions_of},
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
const MILLI: i64 = 1_000;
/// The last millisecond of the year 9999.
const LAST_MICROS: i64 = 253_402_300_799_999_000;

/// Makes newer versions of what the collection has with other content, and tells which versions the
/// event stands behind. What another gave before is his, unless nobody but the event can have it.
pub(super) async fn settle(
    tx: &mut Tx,
    (collection, row, giver): (&Collection, &model::Event, i64),
    objects: &mut [Value],
) -> Result<(Batch, Vec<Behind>), Error> {
    let slot = collection.slot;
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
    let (mut batch, mut all) = (Batch::default(), Vec::new());
    for object in objects {
        let incoming = match versioned(object, (row.timestamp, giver), &held) {
            Ok(incoming) => incoming,
            Err(refusal) => {
                batch.refusals.push(refusal);
                continue;
            }
        };
        let is_common = COMMON.contains(&incoming.kind.as_str());
        let shared = !OWN.contains(&incoming.kind.as_str());
        let mut here = held.get(&incoming.stix_id).into_iter().flatten();
        let is_given = here.any(|one| one.sha256 == incoming.sha256)
            && !known.contains(&(incoming.stix_id.as_str(), incoming.sha256.as_slice()));
        let is_his = is_common || (shared && is_given);
        if !is_his {
            all.push(Behind {
                stix_id: incoming.stix_id.clone(),
                sha256: incoming.sha256,
                shared,
            });
        }
        batch.objects.push(incoming);
    }
    Ok((batch, all))
}

/// The object as the version that it is: the one that the collection has with the same content, or
/// one that is newer than all that it has. What a guest's event becomes is beside what others gave.
fn versioned(
    object: &mut Value,
    (changed_at, giver): (i64, i64),
    held: &HashMap<String, Vec<Held>>,
) -> Result<Incoming, Refusal> {
    let incoming = read(object)?;
    let (Some(version), Some(_)) = (incoming.version, object.get("modified")) else {
        return Ok(incoming);
    };
    let counts = |one: &Held| giver == HOUSE || one.giver == giver;
    let of_spec = |one: &&Held| one.spec == Spec::V21 && one.version >= version && counts(one);
    let here = held.get(&incoming.stix_id).into_iter().flatten();
    let newer: BTreeMap<i64, &[u8]> = here
        .filter(of_spec)
        .map(|one| (one.version, one.sha256.as_slice()))
        .collect();
    let Some((&newest, _)) = newer.last_key_value() else {
        return Ok(incoming);
    };
    // What the event alone has is as it is now; of what others have too, each has his version.
    let most = if OWN.contains(&incoming.kind.as_str()) {
        1
    } else {
        newer.len()
    };
    for (&version, &sha256) in newer.iter().rev().take(most) {
        let same = at(object, version)?;
        if same.sha256 == sha256 {
            return Ok(same);
        }
    }
    let next = changed_at.saturating_mul(1_000_000).max(newest + MILLI);
    if next > LAST_MICROS {
        return at(object, version);
    }
    at(object, next - next.rem_euclid(MILLI))
}

/// The object with that moment as its version.
fn at(object: &mut Value, micros: i64) -> Result<Incoming, Refusal> {
    let nanos = u32::try_from(micros.rem_euclid(1_000_000) * 1_000).unwrap_or_default();
    let moment = Timestamp::from_parts(micros.div_euclid(1_000_000), nanos);
    if let Some(members) = object.as_object_mut() {
        members.insert("modified".to_owned(), json!(moment.to_string()));
    }
    read(object)
}

fn read(object: &Value) -> Result<Incoming, Refusal> {
    let text = object.to_string();
    let limits = intake::limits().object;
    let spare = stix::json::Spare::default();
    let document = Document::parse_with(text.as_bytes(), &limits, spare);
    let document = document.map_err(|error| Refusal {
        place: 0,
        stix_id: object
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        version: String::new(),
        code: "intel.unreadable".to_owned(),
        detail: error.to_string(),
    })?;
    intake::take(document.root(), 0, &mut TlpDefinitions::default())
}
