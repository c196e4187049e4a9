//! Taking objects out for good, and letting them in again.

use access::policy::Act;
use audit::Ground;
use db::Tx;
use kernel::{Viewer, boxed};

use super::{
    changed::changed_in,
    given,
    import::held::{Counted, Held, classes, loosest, versions_of},
    index,
    look::writable_in,
};
use crate::{
    Error,
    model::{Collection, Filter, Shown, holds},
    record, store,
};

/// Takes the versions of an object that a filter names out of a collection. When its last version
/// goes, the object stays deleted: whoever hands it in again is told so. Gives the number of versions
/// that went.
#[boxed]
pub async fn delete(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    stix_id: &str,
    filter: &Filter,
) -> Result<usize, Error> {
    let mut tx = ground.db.begin().await?;
    let Shown {
        collection, mask, ..
    } = writable_in(&mut tx, viewer, (root, name), Act::IntelDelete).await?;
    store::lock_place(&mut tx).await?;
    let mut versions = versions_of(&mut tx, collection.slot, &[stix_id]).await?;
    let all = versions.remove(stix_id).unwrap_or_default();
    let before = classes(&all);
    let (gone, left): (Vec<_>, Vec<_>) = all.into_iter().partition(|version| {
        let moment = kernel::Timestamp::from_micros(version.version);
        let class = before.get(&version.place).copied();
        class.is_some_and(|class| {
            let seen = holds(mask, class.tlp);
            let named = filter.wants(class, mask) && filter.moments().contains(&moment);
            seen && (filter.wants_any_version(class, mask) || named)
        })
    });
    if gone.is_empty() {
        return Err(Error::NotFound { what: "object" });
    }
    remove_in(&mut tx, ground, &collection, (stix_id, &gone, &left)).await?;
    if left.is_empty() {
        let by = viewer.label();
        let mark = (ground.now().as_micros(), by.as_str());
        let what = (stix_id, loosest(&gone));
        store::entry::bury(&mut tx, collection.slot, what, mark).await?;
    }
    changed_in(&mut tx, ground, &collection, false).await?;
    let what = (&collection, stix_id, gone.len());
    record::object(&mut tx, ground, viewer, "intel.object_deleted", what).await?;
    tx.commit().await?;
    Ok(gone.len())
}

/// Lets an object that was deleted be handed in again.
#[boxed]
pub async fn restore(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    stix_id: &str,
) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    let Shown {
        collection, mask, ..
    } = writable_in(&mut tx, viewer, (root, name), Act::IntelDelete).await?;
    if !store::entry::unbury(&mut tx, (collection.slot, mask), stix_id).await? {
        return Err(Error::NotFound {
            what: "deleted object",
        });
    }
    let what = (&collection, stix_id, 0);
    record::object(&mut tx, ground, viewer, "intel.object_restored", what).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes versions of an object out. The caller holds the place.
pub(crate) async fn remove_in(
    tx: &mut Tx,
    ground: &Ground,
    collection: &Collection,
    (stix_id, gone, left): (&str, &[Held], &[Held]),
) -> Result<(), Error> {
    let slot = collection.slot;
    let kind = stix_id.split("--").next().unwrap_or_default();
    let mut counted = Counted::default();
    for version in gone.iter().filter_map(|version| version.stored) {
        counted.change(kind, version, -1);
    }
    let mut changed = Vec::new();
    for (place, class) in classes(left) {
        let stored = left.iter().find(|version| version.place == place);
        if let Some(stored) = stored.and_then(|version| version.stored)
            && stored != class.code()
        {
            changed.push((place, class.code()));
            counted.change(kind, stored, -1);
            counted.change(kind, class.code(), 1);
        }
    }
    let places: Vec<_> = gone.iter().map(|version| version.place).collect();
    index::leave(tx, slot, &places).await?;
    store::entry::delete(tx, slot, &places).await?;
    store::entry::reclass(tx, slot, &changed).await?;
    counted.write(tx, slot).await?;
    store::entry::drop_orphans(tx, stix_id).await?;
    given::note_gone_in(tx, ground, collection, (stix_id, &places)).await
}
