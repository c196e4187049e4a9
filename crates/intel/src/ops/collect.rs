//! Making and changing roots and collections.

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use kernel::{CollectionId, CollectionRef, Viewer, boxed};
use serde_json::json;

use super::{changed::changed_in, look::collection_in};
use crate::{
    Error,
    model::{Collection, Invalid, Name, Reader, Root, Settings},
    record, store,
};

/// The most readers that a collection names.
const READERS_MAX: usize = 1_000;
/// The most roots of a mode.
const ROOTS_MAX: usize = 100;

/// Makes a root. It is of the viewer's mode.
#[boxed]
pub async fn add_root(ground: &Ground, viewer: &Viewer, root: Root) -> Result<Root, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let root = Root {
        mode: viewer.mode,
        ..root
    };
    let mut tx = ground.db.begin().await?;
    store::lock_place(&mut tx).await?;
    let there = store::collection::roots(&mut tx, viewer.mode).await?;
    if there.len() >= ROOTS_MAX {
        return Err(Error::TooMany {
            what: "roots",
            max: ROOTS_MAX,
        });
    }
    if !store::collection::insert_root(&mut tx, &root).await? {
        return Err(Error::Taken {
            name: root.name.to_string(),
        });
    }
    let what = json!({ "title": root.title.as_str() });
    record::root(&mut tx, ground, viewer, &root, &what).await?;
    tx.commit().await?;
    Ok(root)
}

/// Makes a collection under a root of the viewer's mode.
#[boxed]
pub async fn create(
    ground: &Ground,
    viewer: &Viewer,
    root: &Name,
    settings: Settings,
) -> Result<Collection, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let settings = settings.checked()?;
    let mut tx = ground.db.begin().await?;
    store::lock_place(&mut tx).await?;
    let roots = store::collection::roots(&mut tx, viewer.mode).await?;
    if !roots.iter().any(|known| known.name == *root) {
        return Err(Error::NotFound { what: "root" });
    }
    let slot = store::collection::next_slot(&mut tx).await?;
    let most = super::look::COLLECTIONS_MAX;
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
        root: root.clone(),
        mode: viewer.mode,
        settings,
        steward: None,
        onward: false,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    if !store::collection::insert(&mut tx, &collection).await? {
        return Err(taken(&collection));
    }
    record::collection(
        &mut tx,
        ground,
        viewer,
        "intel.collection_created",
        &collection,
    )
    .await?;
    tx.commit().await?;
    Ok(collection)
}

/// Changes the settings of a collection that the caller has seen at `version`.
#[boxed]
pub async fn edit(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    version: i64,
    settings: Settings,
) -> Result<Collection, Error> {
    let settings = settings.checked()?;
    let mut tx = ground.db.begin().await?;
    let mut collection = own(&mut tx, viewer, (root, name), version).await?;
    ours(&collection)?;
    let alias = settings.alias.as_ref().map(Name::as_str);
    if let Some(alias) = alias
        && collection.settings.alias.as_ref().map(Name::as_str) != Some(alias)
        && store::collection::find(&mut tx, (root, viewer.mode), alias)
            .await?
            .is_some()
    {
        return Err(Error::Taken {
            name: alias.to_owned(),
        });
    }
    collection.settings = settings;
    save(&mut tx, ground, &mut collection).await?;
    record::collection(
        &mut tx,
        ground,
        viewer,
        "intel.collection_edited",
        &collection,
    )
    .await?;
    changed_in(&mut tx, ground, &collection, false).await?;
    tx.commit().await?;
    Ok(collection)
}

/// Whom a collection names, and whether each may write.
#[boxed]
pub async fn readers(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    name: &str,
) -> Result<Vec<(Reader, bool)>, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    Ok(store::collection::readers(&mut tx, shown.collection.slot).await?)
}

/// Names others as the readers of a collection that the caller has seen at `version`.
#[boxed]
pub async fn set_readers(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    version: i64,
    mut readers: Vec<(Reader, bool)>,
) -> Result<Collection, Error> {
    if readers.len() > READERS_MAX {
        return Err(Error::TooMany {
            what: "readers",
            max: READERS_MAX,
        });
    }
    readers.sort();
    if readers
        .windows(2)
        .any(|two| matches!(two, [one, other] if one.0 == other.0))
    {
        return Err(Error::Invalid(Invalid {
            field: "readers",
            rule: "each reader once",
        }));
    }
    let mut tx = ground.db.begin().await?;
    let mut collection = own(&mut tx, viewer, (root, name), version).await?;
    let others = |(reader, _): &(Reader, bool)| !reader.is_here();
    if collection.steward.is_some() && !collection.onward && readers.iter().any(others) {
        return Err(not_onward(&collection));
    }
    store::collection::set_readers(&mut tx, collection.slot, &readers).await?;
    save(&mut tx, ground, &mut collection).await?;
    record::readers(&mut tx, ground, viewer, &collection, &readers).await?;
    changed_in(&mut tx, ground, &collection, true).await?;
    tx.commit().await?;
    Ok(collection)
}

/// Takes a collection away with all that it holds. The caller has seen it at `version`.
#[boxed]
pub async fn drop_collection(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    version: i64,
) -> Result<(), Error> {
    policy::check_house(viewer, Act::IntelDelete)?;
    let mut tx = ground.db.begin().await?;
    let collection = own(&mut tx, viewer, place, version).await?;
    store::lock_place(&mut tx).await?;
    // Whoever was given it is asked to take it out.
    changed_in(&mut tx, ground, &collection, true).await?;
    let entries = store::collection::drop(&mut tx, collection.slot).await?;
    record::dropped(&mut tx, ground, viewer, (&collection, entries)).await?;
    tx.commit().await?;
    Ok(())
}

/// Says whether parties that get a collection of this party may pass it on.
#[boxed]
pub async fn set_onward(
    ground: &Ground,
    viewer: &Viewer,
    (root, name): (&str, &str),
    version: i64,
    onward: bool,
) -> Result<Collection, Error> {
    let mut tx = ground.db.begin().await?;
    let mut collection = own(&mut tx, viewer, (root, name), version).await?;
    ours(&collection)?;
    collection.onward = onward;
    save(&mut tx, ground, &mut collection).await?;
    let what = json!({ "version": collection.version, "onward": onward });
    let (code, subject) = ("intel.onward_set", &collection.public);
    audit::act(&mut tx, ground, viewer, code, subject, &what).await?;
    changed_in(&mut tx, ground, &collection, true).await?;
    tx.commit().await?;
    Ok(collection)
}

/// Nobody but its steward changes a collection.
fn ours(collection: &Collection) -> Result<(), Error> {
    match &collection.steward {
        None => Ok(()),
        Some(steward) => Err(Error::Theirs {
            steward: steward.clone(),
        }),
    }
}

fn not_onward(collection: &Collection) -> Error {
    match ours(collection) {
        Err(Error::Theirs { steward }) => Error::NotOnward { steward },
        Ok(()) | Err(_) => Error::ReadOnly,
    }
}

/// The collection, if the viewer may change it and has seen it as it is.
async fn own(
    tx: &mut Tx,
    viewer: &Viewer,
    (root, name): (&str, &str),
    given: i64,
) -> Result<Collection, Error> {
    policy::check_house(viewer, Act::IntelManage)?;
    let collection = collection_in(tx, viewer, root, name).await?.collection;
    if collection.version == given {
        Ok(collection)
    } else {
        let current = collection.version;
        Err(Error::Stale { given, current })
    }
}

async fn save(tx: &mut Tx, ground: &Ground, collection: &mut Collection) -> Result<(), Error> {
    let given = collection.version;
    collection.version += 1;
    collection.updated_at = ground.now();
    if store::collection::update(tx, collection).await? {
        return Ok(());
    }
    let current = collection.version;
    Err(Error::Stale { given, current })
}

fn taken(collection: &Collection) -> Error {
    let alias = collection.settings.alias.as_ref();
    Error::Taken {
        name: alias.map_or_else(String::new, Name::to_string),
    }
}
