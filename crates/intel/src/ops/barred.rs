//! Which objects do not leave the house, because their newest version may not.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use audit::Ground;
use db::Tx;
use kernel::{Tlp, Viewer, boxed};

use super::{
    given::ITEMS_MAX,
    import::held::{Held, newest, versions_of},
    look::collection_in,
};
use crate::{
    Error,
    model::{ALL_LABELS, Class, Collection, holds},
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

/// How many versions of objects with labels of a mask stay in the house all the same, by label: their
/// newest version has another label. What the viewer may not see neither counts nor holds back.
#[boxed]
pub async fn staying(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    mask: i32,
) -> Result<BTreeMap<Tlp, i64>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let goes = |held: &&Held| holds(mask, held.tlp);
    let mut stay = BTreeMap::new();
    let mut barring = Barring::of(&mut tx, shown.collection.slot, (mask, shown.mask)).await?;
    while let Some(held) = barring.next(&mut tx).await? {
        for all in held.values() {
            // What another gave does not leave the house in any case.
            let owner = newest(all).map(|newest| newest.giver);
            let own = all.iter().filter(|one| Some(one.giver) == owner);
            for one in own.filter(goes) {
                *stay.entry(one.tlp).or_default() += 1;
            }
        }
    }
    Ok(stay)
}

/// Goes through all objects of a collection whose newest version has a label that a mask does not hold.
#[derive(Debug)]
pub struct Barring {
    slot: i64,
    mask: i32,
    sees: i32,
    /// The classes of such versions, and how far the last of them was read.
    classes: Vec<i32>,
    after: i64,
}

impl Barring {
    /// From the beginning, for who sees everything.
    #[boxed]
    pub async fn begin(tx: &mut Tx, collection: &Collection, mask: i32) -> Result<Self, Error> {
        Self::of(tx, collection.slot, (mask, ALL_LABELS)).await
    }

    async fn of(tx: &mut Tx, slot: i64, (mask, sees): (i32, i32)) -> Result<Self, Error> {
        let counts = store::entry::counts(tx, slot, &[""]).await?;
        let codes = counts.into_iter().map(|(_, code, _)| code);
        let bars = |code: &i32| {
            let class = Class::from_code(*code);
            !holds(mask, class.tlp) && class.is_last(sees)
        };
        Ok(Self {
            slot,
            mask,
            sees,
            classes: codes.filter(bars).collect(),
            after: i64::MIN,
        })
    }

    /// The ids of some more of them; nothing at the end.
    #[boxed]
    pub async fn ids(&mut self, tx: &mut Tx) -> Result<Option<BTreeSet<String>>, Error> {
        let next = self.next(tx).await?;
        Ok(next.map(|held| held.into_keys().collect()))
    }

    async fn next(&mut self, tx: &mut Tx) -> Result<Option<HashMap<String, Vec<Held>>>, Error> {
        let most = i64::try_from(ITEMS_MAX).unwrap_or(i64::MAX);
        while let Some(class) = self.classes.last() {
            let found = rows::of_class(tx, (self.slot, *class), self.after, most).await?;
            let Some((last, _)) = found.last() else {
                self.classes.pop();
                self.after = i64::MIN;
                continue;
            };
            self.after = *last;
            let ids: BTreeSet<&str> = found.iter().map(|(_, id)| id.as_str()).collect();
            let ids: Vec<&str> = ids.into_iter().collect();
            let mut held = versions_of(tx, self.slot, &ids).await?;
            for all in held.values_mut() {
                all.retain(|one| holds(self.sees, one.tlp));
            }
            keep_barred(tx, self.slot, self.mask, &mut held).await?;
            return Ok(Some(held));
        }
        Ok(None)
    }
}

/// [`barred_of_in`] by the number of the collection. An observable has no versions: who labels another
/// copy of it more strictly takes nothing from an event that has it under a freer label.
pub(crate) async fn barred_in(
    tx: &mut Tx,
    slot: i64,
    mask: i32,
    ids: &BTreeSet<String>,
) -> Result<BTreeSet<String>, Error> {
    let goes = |tlp: Tlp| holds(mask, tlp);
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
        keep_barred(tx, slot, mask, &mut held).await?;
        barred.extend(held.into_keys());
    }
    Ok(barred)
}

/// Keeps those objects whose newest version has a label that a mask does not hold.
async fn keep_barred(
    tx: &mut Tx,
    slot: i64,
    mask: i32,
    held: &mut HashMap<String, Vec<Held>>,
) -> Result<(), Error> {
    let goes = |tlp: Tlp| holds(mask, tlp);
    held.retain(|_, all| newest(all).is_some_and(|newest| !goes(newest.tlp)));
    let found: Vec<&str> = held.keys().map(String::as_str).collect();
    let of_events = crate::events::behind_in(tx, slot, &found).await?;
    let is_kept = |id: &str, held: &Held| {
        let is_of_event = || of_events.contains(&(id.to_owned(), held.sha256.clone()));
        held.version == held.place && goes(held.tlp) && is_of_event()
    };
    held.retain(|id, all| !all.iter().any(|one| is_kept(id, one)));
    Ok(())
}
