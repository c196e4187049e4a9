//! Which objects do not leave the house, because their newest version may not.

use std::collections::BTreeSet;

use db::Tx;
use kernel::{Tlp, boxed};

use super::{
    given::ITEMS_MAX,
    import::held::{Held, newest, versions_of},
};
use crate::{
    Error,
    model::{Class, Collection},
    store::{self, given as rows},
};

/// Which objects that came between two places have a newest version whose label a mask does not hold.
#[boxed]
pub async fn barred_since_in(
    tx: &mut Tx,
    collection: &Collection,
    mask: i32,
    (after, until): (i64, i64),
) -> Result<BTreeSet<String>, Error> {
    let slot = collection.slot;
    let ids = rows::stricter(tx, slot, (after, until), mask).await?;
    barred_in(tx, slot, mask, &ids.into_iter().collect()).await
}

/// Which of these objects have a newest version whose label a mask does not hold.
#[boxed]
pub async fn barred_of_in(
    tx: &mut Tx,
    collection: &Collection,
    mask: i32,
    ids: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Error> {
    barred_in(tx, collection.slot, mask, ids).await
}

/// [`barred_of_in`] by the number of the collection. An observable has no versions: who labels another
/// copy of it more strictly takes nothing from an event that has it under a freer label.
pub(crate) async fn barred_in(
    tx: &mut Tx,
    slot: i64,
    mask: i32,
    ids: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Error> {
    let goes = |tlp: Tlp| mask & (1 << tlp.code()) != 0;
    let counts = store::entry::counts(tx, slot, &[""]).await?;
    if counts
        .iter()
        .all(|(_, class, _)| goes(Class::from_code(*class).tlp))
    {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut barred = BTreeSet::new();
    for some in ids.chunks(ITEMS_MAX) {
        let mut held = versions_of(tx, slot, some).await?;
        held.retain(|_, all| newest(all).is_some_and(|newest| !goes(newest.tlp)));
        let found: Vec<&str> = held.keys().map(String::as_str).collect();
        let of_events = crate::events::behind_in(tx, slot, &found).await?;
        let is_kept = |id: &str, held: &Held| {
            let is_of_event = || of_events.contains(&(id.to_owned(), held.sha256.clone()));
            held.version == held.place && goes(held.tlp) && is_of_event()
        };
        let found = held.iter();
        let found = found.filter(|(id, all)| !all.iter().any(|one| is_kept(id, one)));
        barred.extend(found.map(|(id, _)| id.clone()));
    }
    Ok(barred)
}
