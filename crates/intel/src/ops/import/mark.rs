//! Labels by marking definitions that came before, or come later.
//!
//! An object may refer to a definition that stands behind it in its envelope, that came in another, or
//! that comes later. What is known when the object is added labels it. Where the definition comes
//! later, the entry is labelled more strictly then, never less. A definition that a guest gave labels
//! what he gave alone.

use std::collections::{BTreeMap, BTreeSet};

use audit::Ground;
use db::Tx;
use kernel::{Mode, Tlp, boxed};
use serde::{Deserialize, Serialize};
use stix::{json::Document, marking};

use super::held::{Counted, classes, versions_of};
use crate::{
    Error,
    intake::{Batch, Incoming, kernel_tlp},
    jobs,
    ops::{changed_in, given},
    store::{self, mark},
};

/// Entries that are labelled anew in one transaction.
const AT_ONCE: i64 = 500;

/// A definition that came after what refers to it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Marking {
    id: String,
    tlp: i32,
    mode: Mode,
    giver: i64,
}

/// Labels objects by the definitions of their batch, and by those that are here.
pub(crate) async fn resolve(
    tx: &mut Tx,
    (mode, giver): (Mode, i64),
    batch: &mut Batch,
) -> Result<(), Error> {
    let unknown = batch.objects.iter().flat_map(Incoming::unknown_marks);
    let unknown: BTreeSet<String> = unknown.map(str::to_owned).collect();
    if unknown.is_empty() {
        return Ok(());
    }
    let mut known: BTreeMap<String, Tlp> = BTreeMap::new();
    let mut learn = |id: &str, tlp: Tlp| {
        let strictest = known.entry(id.to_owned()).or_insert(tlp);
        *strictest = tlp.max(*strictest);
    };
    for object in &batch.objects {
        if let Some(tlp) = object.says.filter(|_| unknown.contains(&object.stix_id)) {
            learn(&object.stix_id, tlp);
        }
    }
    let ids: Vec<&str> = unknown.iter().map(String::as_str).collect();
    for (id, body) in mark::definitions(tx, (mode.is_exercise(), giver), &ids).await? {
        let document = Document::parse(body.as_bytes());
        let said = document.ok().and_then(|document| {
            marking::Tlp::from_any_definition(document.root()).map(kernel_tlp)
        });
        if let Some(tlp) = said {
            learn(&id, tlp);
        }
    }
    for object in &mut batch.objects {
        object.learn(&known);
    }
    Ok(())
}

/// Keeps in mind what waits for definitions, and labels what waited for those that came.
pub(crate) async fn settle(
    tx: &mut Tx,
    ground: &Ground,
    (slot, mode, giver): (i64, Mode, i64),
    taken: &[(&Incoming, i64)],
) -> Result<(), Error> {
    let waiting: Vec<_> = taken
        .iter()
        .flat_map(|(object, place)| object.unknown_marks().map(|id| (id, *place)))
        .collect();
    if !waiting.is_empty() {
        mark::wait(tx, slot, &waiting).await?;
    }
    for (object, _) in taken {
        let Some(tlp) = object.says else { continue };
        let job = Marking {
            id: object.stix_id.clone(),
            tlp: tlp.code(),
            mode,
            giver,
        };
        if label_some(tx, ground, &job).await? {
            ground.enqueue(tx, jobs::MARK, &job, ground.now()).await?;
        }
    }
    Ok(())
}

/// Labels all entries that wait for a definition. Run twice, it does nothing more.
#[boxed]
pub(crate) async fn label_on(ground: &Ground, job: &Marking) -> Result<(), Error> {
    loop {
        let mut tx = ground.db.begin().await?;
        store::lock_place(&mut tx).await?;
        let more = label_some(&mut tx, ground, job).await?;
        tx.commit().await?;
        if !more {
            return Ok(());
        }
    }
}

/// Labels some; false if none is left.
async fn label_some(tx: &mut Tx, ground: &Ground, job: &Marking) -> Result<bool, Error> {
    let which = (job.mode.is_exercise(), job.giver);
    let found = mark::waiting(tx, which, &job.id, AT_ONCE).await?;
    let more = i64::try_from(found.len()).is_ok_and(|count| count == AT_ONCE);
    let mut slots: BTreeMap<i64, BTreeMap<String, Vec<i64>>> = BTreeMap::new();
    for row in found {
        let objects = slots.entry(row.slot).or_default();
        objects.entry(row.stix_id).or_default().push(row.added);
    }
    for (slot, objects) in slots {
        let places: Vec<i64> = objects.values().flatten().copied().collect();
        label_in(tx, ground, slot, (&objects, Tlp::from_code(job.tlp))).await?;
        mark::forget(tx, (&job.id, slot), &places).await?;
    }
    Ok(more)
}

/// Gives entries of objects at least a label. Others, who were given them, are told that they are gone:
/// they have them under another one.
async fn label_in(
    tx: &mut Tx,
    ground: &Ground,
    slot: i64,
    (objects, tlp): (&BTreeMap<String, Vec<i64>>, Tlp),
) -> Result<(), Error> {
    let Some(collection) = store::collection::in_slot(tx, slot).await? else {
        return Ok(());
    };
    let ids: Vec<&str> = objects.keys().map(String::as_str).collect();
    let mut versions = versions_of(tx, slot, &ids).await?;
    let (mut counted, mut changed) = (Counted::default(), Vec::new());
    let mut gone = Vec::new();
    for (id, places) in objects {
        let Some(all) = versions.get_mut(id) else {
            continue;
        };
        let mut stricter = Vec::new();
        for held in all.iter_mut().filter(|held| places.contains(&held.place)) {
            if held.tlp < tlp {
                held.tlp = tlp;
                stricter.push(held.place);
            }
        }
        if stricter.is_empty() {
            continue;
        }
        let kind = id.split("--").next().unwrap_or_default();
        for (place, class) in classes(all) {
            let stored = all.iter().find(|held| held.place == place);
            let stored = stored.and_then(|held| held.stored);
            if let Some(stored) = stored.filter(|stored| *stored != class.code()) {
                changed.push((place, class.code()));
                counted.change(kind, stored, -1);
                counted.change(kind, class.code(), 1);
            }
        }
        gone.push((id, stricter));
    }
    if gone.is_empty() {
        return Ok(());
    }
    store::entry::reclass(tx, slot, &changed).await?;
    counted.write(tx, slot).await?;
    for (id, places) in gone {
        given::note_gone_in(tx, ground, &collection, (id, &places)).await?;
    }
    changed_in(tx, ground, &collection, false).await
}
