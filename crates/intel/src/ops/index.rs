//! Keeping what objects are found by in step with the entries: the one place that does.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use audit::Ground;
use db::Tx;
use kernel::boxed;
use stix::json::Document;
use tokio::task::spawn_blocking;

use crate::{
    Error,
    facts::{Facts, Held, RULES},
    intake::Incoming,
    jobs,
    model::Sighted,
    store::{self, common, reference, sighting, value},
};

/// More entries than this with one value make it common: it is counted and shown, and leads to no
/// object by itself.
pub const COMMON_OVER: usize = 100;
/// Contents that are looked at in one transaction.
const BATCH: i64 = 500;

/// Entries were added.
pub(super) async fn added(tx: &mut Tx, slot: i64, taken: &[(&Incoming, i64)]) -> Result<(), Error> {
    let facts = taken
        .iter()
        .map(|(incoming, place)| (&incoming.facts, *place));
    write(tx, slot, facts).await
}

async fn write<'f>(
    tx: &mut Tx,
    slot: i64,
    entries: impl Iterator<Item = (&'f Facts, i64)>,
) -> Result<(), Error> {
    let mut rows = Vec::new();
    let mut held: BTreeMap<_, &Held> = BTreeMap::new();
    let mut prefixes = BTreeSet::new();
    let mut sighted: Vec<(i64, &Sighted)> = Vec::new();
    let mut about: Vec<(&str, i64)> = Vec::new();
    for (facts, place) in entries {
        about.extend(facts.about.iter().map(|id| (&**id, place)));
        for value in &facts.values {
            rows.push((&value.key, place));
            held.insert(&value.key, value);
            if let Some((address, bits)) = value.key.as_network() {
                prefixes.insert((if address.is_ipv4() { 4 } else { 6 }, bits));
            }
        }
        sighted.extend(facts.sighted.as_ref().map(|said| (place, said)));
    }
    sighting::insert(tx, slot, &sighted).await?;
    about.sort_unstable();
    reference::insert(tx, slot, &about).await?;
    if rows.is_empty() {
        return Ok(());
    }
    // In the order of the index, pages of it are written once.
    rows.sort_unstable();
    value::insert(tx, slot, &rows).await?;
    value::insert_prefixes(tx, &prefixes).await?;
    let keys: Vec<_> = held.keys().copied().collect();
    let most = i64::try_from(COMMON_OVER).unwrap_or(i64::MAX);
    let over = common::over(tx, &keys, most).await?;
    let rows: Vec<_> = over
        .iter()
        .filter_map(|key| held.get(key))
        .map(|held| (&held.key, held.kind.name(), &*held.text))
        .collect();
    Ok(common::insert(tx, &rows).await?)
}

/// Entries are about to leave.
pub(super) async fn leave(tx: &mut Tx, slot: i64, places: &[i64]) -> Result<(), Error> {
    let mut all = Vec::new();
    for (place, body) in value::bodies(tx, slot, places).await? {
        all.push((place, facts_of(&body)));
    }
    let rows: Vec<_> = all
        .iter()
        .flat_map(|(place, facts)| facts.values.iter().map(|held| (&held.key, *place)))
        .collect();
    value::delete(tx, slot, &rows).await?;
    for (place, facts) in &all {
        let about: Vec<_> = facts.about.iter().map(|id| (&**id, *place)).collect();
        reference::delete(tx, slot, &about).await?;
        if let Some(said) = &facts.sighted {
            sighting::delete(tx, slot, *place, &said.of).await?;
        }
    }
    Ok(())
}

/// The facts of an object that was taken in; what was taken in is JSON.
pub(super) fn facts_of(body: &str) -> Facts {
    let document = Document::parse(body.as_bytes());
    document.map_or_else(
        |_unread| Facts::default(),
        |document| Facts::of(document.root()),
    )
}

/// Plans that what was there before the index gets into it, if anything was.
#[boxed]
pub async fn plan_index(tx: &mut Tx, ground: &Ground) -> Result<(), Error> {
    let (rules, upto) = value::state(tx).await?;
    if rules != RULES || upto.is_some() {
        ground.enqueue(tx, jobs::INDEX, &(), ground.now()).await?;
    }
    Ok(())
}

/// Brings what was there before into the index. Run twice, it does nothing more.
#[boxed]
pub async fn index_all(ground: &Ground) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    store::lock_place(&mut tx).await?;
    let (rules, _) = value::state(&mut tx).await?;
    if rules != RULES {
        value::clear(&mut tx).await?;
        value::set_state(&mut tx, RULES, Some(0)).await?;
    }
    tx.commit().await?;
    while index_some(ground).await? {}
    Ok(())
}

/// Takes the next contents; false if there is nothing left to do.
async fn index_some(ground: &Ground) -> Result<bool, Error> {
    let mut tx = ground.db.begin().await?;
    // Nothing is added or deleted meanwhile.
    store::lock_place(&mut tx).await?;
    let (_, Some(upto)) = value::state(&mut tx).await? else {
        return Ok(false);
    };
    let contents = value::contents_after(&mut tx, upto, BATCH).await?;
    let ends = contents.first().zip(contents.last());
    let Some((first, last)) = ends.map(|(first, last)| (first.0, last.0)) else {
        value::set_state(&mut tx, RULES, None).await?;
        tx.commit().await?;
        return Ok(false);
    };
    let read = move || -> HashMap<i64, Facts> {
        let facts = contents
            .iter()
            .map(|(number, body)| (*number, facts_of(body)));
        facts.collect()
    };
    let Ok(facts) = spawn_blocking(read).await else {
        return Ok(false);
    };
    let mut by_slot: BTreeMap<i64, Vec<(&Facts, i64)>> = BTreeMap::new();
    for (number, slot, place) in value::places_of(&mut tx, (first, last)).await? {
        if let Some(facts) = facts.get(&number) {
            by_slot.entry(slot).or_default().push((facts, place));
        }
    }
    for (slot, entries) in by_slot {
        write(&mut tx, slot, entries.into_iter()).await?;
    }
    value::set_state(&mut tx, RULES, Some(last)).await?;
    tx.commit().await?;
    Ok(true)
}
