//! What the room that shares collections with other parties does with them: it asked the policy
//! already. Each is part of a larger transaction.

use std::collections::{BTreeMap, BTreeSet};

use audit::Ground;
use db::Tx;
use kernel::{CollectionId, CollectionRef, Mode, PartyCode, Tlp, boxed};

use super::{
    barred::barred_in,
    changed::changed_in,
    import::{
        adding::{Target, add_in},
        held::{loosest, versions_of},
    },
};
use crate::{
    Error,
    intake::{self, Batch},
    model::{Class, Collection, Outcome, Reader, Settings},
    store::{self, given as rows},
};

/// The most entries that are given, taken or taken out at once.
pub const ITEMS_MAX: usize = 10_000;

/// An entry, as it is given to another party.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Given {
    /// Its place.
    pub place: i64,
    /// What it is.
    pub item: Item,
    /// The object as it came.
    pub body: String,
}

/// What two parties call an entry by: an id, the SHA-256 of the canonical form, the label.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Item {
    /// The id of the object.
    pub stix_id: String,
    /// Of its canonical form (RFC 8785).
    pub sha256: Vec<u8>,
    /// The label here.
    pub tlp: Tlp,
}

/// An entry that was taken out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Gone {
    /// The place of its going, in the one order of all places.
    pub gone: i64,
    /// The place that it had.
    pub place: i64,
}

/// A collection of another party, to be kept here.
#[derive(Clone, Debug)]
pub struct Adopted {
    /// Whose it is.
    pub steward: PartyCode,
    /// Its settings, as they hold here.
    pub settings: Settings,
    /// Whether its steward lets others pass it on.
    pub onward: bool,
}

/// The collection with that id outside of the house.
#[boxed]
pub async fn collection_by_ref_in(
    tx: &mut Tx,
    id: CollectionRef,
    mode: Mode,
) -> Result<Option<Collection>, Error> {
    Ok(store::collection::by_ref(tx, id, mode).await?)
}

/// All collections of a mode.
#[boxed]
pub async fn collections_in(tx: &mut Tx, mode: Mode) -> Result<Vec<Collection>, Error> {
    let most = i64::try_from(super::COLLECTIONS_MAX).unwrap_or(i64::MAX);
    Ok(store::collection::list(tx, mode, None, most).await?)
}

/// Whom a collection names.
#[boxed]
pub async fn readers_in(tx: &mut Tx, collection: &Collection) -> Result<Vec<Reader>, Error> {
    let readers = store::collection::readers(tx, collection.slot).await?;
    Ok(readers.into_iter().map(|(reader, _)| reader).collect())
}

/// The entries after a place whose labels a mask holds, and the place up to which was looked, but
/// those of objects whose newest version has another label: an older, freer one does not go either. At
/// most [`ITEMS_MAX`], and no more bytes than `bytes_max` unless it is one; nothing at the end.
#[boxed]
pub async fn given_in(
    tx: &mut Tx,
    collection: &Collection,
    (mask, after): (i32, i64),
    bytes_max: i64,
) -> Result<Option<(Vec<Given>, i64)>, Error> {
    let most = i64::try_from(ITEMS_MAX).unwrap_or(i64::MAX);
    let mut until = None;
    let (mut bytes, mut some) = (0_i64, false);
    for (place, class, size) in rows::sizes(tx, collection.slot, after, most).await? {
        if mask & (1 << Class::from_code(class).tlp.code()) != 0 {
            bytes = bytes.saturating_add(size);
            if some && bytes > bytes_max {
                break;
            }
            some = true;
        }
        until = Some(place);
    }
    let Some(until) = until else { return Ok(None) };
    let found = rows::bodies(tx, collection.slot, (after, until), mask).await?;
    let ids = found.iter().map(|row| row.stix_id.clone()).collect();
    let barred = barred_in(tx, collection.slot, mask, &ids).await?;
    // What stands aside here would take a place there, where nobody knows who gave what.
    let goes =
        |row: &rows::Body| !barred.contains(&row.stix_id) && !Class::from_code(row.class).aside;
    let found = found.into_iter().filter(goes);
    let given = found.map(|row| Given {
        place: row.added,
        item: Item {
            stix_id: row.stix_id,
            sha256: row.sha256,
            tlp: Class::from_code(row.class).tlp,
        },
        body: row.object,
    });
    Ok(Some((given.collect(), until)))
}

/// What was taken out after a place, in order, up to [`ITEMS_MAX`].
#[boxed]
pub async fn gone_in(tx: &mut Tx, collection: &Collection, after: i64) -> Result<Vec<Gone>, Error> {
    let most = i64::try_from(ITEMS_MAX).unwrap_or(i64::MAX);
    let found = rows::gone(tx, collection.slot, after, most).await?;
    let gone = found.into_iter().map(|(gone, place)| Gone { gone, place });
    Ok(gone.collect())
}

/// The place of the newest going; 0 if nothing was taken out yet.
#[boxed]
pub async fn newest_gone_in(tx: &mut Tx, collection: &Collection) -> Result<i64, Error> {
    Ok(rows::newest_gone(tx, collection.slot).await?)
}

/// What a collection holds after that id, by id: all versions of each, at least `most` entries if
/// there are so many, and the id up to which; nothing at the end.
#[boxed]
pub async fn items_in(
    tx: &mut Tx,
    collection: &Collection,
    after: &str,
    most: i64,
) -> Result<Vec<Item>, Error> {
    let found = rows::items(tx, collection.slot, after, most).await?;
    Ok(found.into_iter().map(item).collect())
}

/// Makes the collection in which another party's objects are kept, under the first root.
#[boxed]
pub async fn adopt_in(
    tx: &mut Tx,
    ground: &Ground,
    mode: Mode,
    new: Adopted,
) -> Result<Collection, Error> {
    store::lock_place(tx).await?;
    let roots = store::collection::roots(tx, mode).await?;
    let usual = if mode.is_exercise() {
        "exercise"
    } else {
        "intel"
    };
    let named = roots.iter().find(|root| root.name.as_str() == usual);
    let root = named
        .or(roots.first())
        .ok_or(Error::NotFound { what: "root" })?;
    let slot = store::collection::next_slot(tx).await?;
    let most = super::COLLECTIONS_MAX;
    if usize::try_from(slot).unwrap_or(usize::MAX) > most {
        return Err(Error::TooMany {
            what: "collections",
            max: most,
        });
    }
    let now = ground.now();
    let collection = Collection {
        id: CollectionId::new(&*ground.clock, &*ground.rng),
        public: CollectionRef::random(&*ground.rng),
        slot,
        root: root.name.clone(),
        mode,
        settings: new.settings.checked()?,
        steward: Some(new.steward),
        onward: new.onward,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::collection::insert(tx, &collection).await?;
    Ok(collection)
}

/// What the steward of a collection says of it now. True if that is something new.
#[boxed]
pub async fn settle_in(
    tx: &mut Tx,
    ground: &Ground,
    collection: &mut Collection,
    (settings, onward): (Settings, bool),
) -> Result<bool, Error> {
    let settings = Settings {
        alias: collection.settings.alias.clone(),
        ..settings.checked()?
    };
    if collection.settings == settings && collection.onward == onward {
        return Ok(false);
    }
    collection.settings = settings;
    collection.onward = onward;
    collection.version += 1;
    collection.updated_at = ground.now();
    store::collection::update(tx, collection).await?;
    changed_in(tx, ground, collection, true).await?;
    Ok(true)
}

/// Takes objects that the steward of a collection gives, each as it was given, under the stricter of
/// its label and the one that it was given under. What had been taken out comes back. Gives what
/// became of them, and what the collection held of their ids before and after.
#[boxed]
pub async fn take_given_in(
    tx: &mut Tx,
    ground: &Ground,
    collection: &Collection,
    given: &[(Tlp, &str)],
) -> Result<(Outcome, Vec<Item>, Vec<Item>), Error> {
    let batch: Batch = intake::given(given);
    let ids: BTreeSet<String> = batch
        .objects
        .iter()
        .map(|one| one.stix_id.clone())
        .collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    store::lock_place(tx).await?;
    let before = held_in(tx, collection, &ids).await?;
    rows::unbury(tx, collection.slot, &ids).await?;
    let outcome = add_in(tx, ground, Target::whole(collection), batch).await?;
    let after = held_in(tx, collection, &ids).await?;
    Ok((outcome, before, after))
}

async fn held_in(tx: &mut Tx, collection: &Collection, ids: &[&str]) -> Result<Vec<Item>, Error> {
    let found = store::entry::present(tx, collection.slot, ids).await?;
    let held = found.into_iter().map(|row| Item {
        tlp: Class::from_code(row.class).tlp,
        stix_id: row.stix_id,
        sha256: row.sha256,
    });
    Ok(held.collect())
}

/// Takes versions of objects out, each named by its id and digest, and keeps in mind objects of which
/// nothing is left. Gives those that were there.
#[boxed]
pub async fn take_out_in(
    tx: &mut Tx,
    ground: &Ground,
    collection: &Collection,
    (by, named): (&str, &[(String, Vec<u8>)]),
) -> Result<Vec<Item>, Error> {
    store::lock_place(tx).await?;
    let mut of: BTreeMap<&str, BTreeSet<&[u8]>> = BTreeMap::new();
    for (stix_id, sha256) in named {
        of.entry(stix_id).or_default().insert(sha256);
    }
    let ids: Vec<&str> = of.keys().copied().collect();
    let mut versions = versions_of(tx, collection.slot, &ids).await?;
    let mut out = Vec::new();
    for (stix_id, digests) in of {
        let all = versions.remove(stix_id).unwrap_or_default();
        let (gone, left): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|held| digests.contains(held.sha256.as_slice()));
        if gone.is_empty() {
            continue;
        }
        super::delete::remove_in(tx, ground, collection, (stix_id, &gone, &left)).await?;
        if left.is_empty() {
            let mark = (ground.now().as_micros(), by);
            let what = (stix_id, loosest(&gone));
            store::entry::bury(tx, collection.slot, what, mark).await?;
        }
        out.extend(gone.into_iter().map(|held| Item {
            stix_id: stix_id.to_owned(),
            sha256: held.sha256,
            tlp: held.tlp,
        }));
    }
    if !out.is_empty() {
        changed_in(tx, ground, collection, false).await?;
    }
    Ok(out)
}

/// Takes everything out and keeps in mind what there was. Gives the number of entries.
#[boxed]
pub async fn empty_in(
    tx: &mut Tx,
    ground: &Ground,
    collection: &Collection,
    by: &str,
) -> Result<u64, Error> {
    let slot = collection.slot;
    let last = store::lock_place(tx).await?;
    let next = ground.now().as_micros().max(last + 1);
    rows::bury_all(tx, slot, (ground.now().as_micros(), by)).await?;
    let out = rows::note_all_gone(tx, slot, next).await?;
    let moved = i64::try_from(out).unwrap_or(i64::MAX);
    store::move_place(tx, next.saturating_add(moved)).await?;
    let objects = rows::delete_all(tx, slot).await?;
    store::value::forget_slot(tx, slot).await?;
    rows::drop_orphans(tx, &objects).await?;
    changed_in(tx, ground, collection, false).await?;
    Ok(out)
}

/// The collection gets another version number, so that whoever edits it has seen that it came back.
#[boxed]
pub async fn readopt_in(
    tx: &mut Tx,
    ground: &Ground,
    collection: &mut Collection,
) -> Result<(), Error> {
    collection.version += 1;
    collection.updated_at = ground.now();
    store::collection::update(tx, collection).await?;
    Ok(())
}

/// Notes the going of entries, for whoever was given them.
pub(super) async fn note_gone_in(
    tx: &mut Tx,
    ground: &Ground,
    collection: &Collection,
    (stix_id, places): (&str, &[i64]),
) -> Result<(), Error> {
    let last = store::lock_place(tx).await?;
    let next = ground.now().as_micros().max(last + 1);
    let many = i64::try_from(places.len()).unwrap_or(i64::MAX);
    rows::note_gone(tx, collection.slot, (stix_id, next), places).await?;
    store::move_place(tx, next.saturating_add(many)).await?;
    Ok(())
}

fn item((stix_id, sha256, class): (String, Vec<u8>, i32)) -> Item {
    Item {
        stix_id,
        sha256,
        tlp: Class::from_code(class).tlp,
    }
}
