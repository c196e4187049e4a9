//! Which roots and collections a viewer may know of.

use std::sync::Arc;

use access::policy::{self, Act, Area};
use audit::Ground;
use db::Tx;
use kernel::{Mode, Tlp, Viewer, boxed};

use crate::{
    Error,
    model::{Class, Collection, Reader, Root, Shown},
    store,
};

/// The most collections of a node that are listed.
pub const COLLECTIONS_MAX: usize = 2_000;

/// The roots of the viewer's mode, by name. Who sees none of its collections still sees a root: it
/// says nothing of what it holds.
#[boxed]
pub async fn roots(ground: &Ground, viewer: &Viewer) -> Result<Vec<Root>, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    let now = ground.now();
    let about = format!("{:?}", viewer.mode);
    if let Some(roots) = ground.db.recall::<Vec<Root>>(&about, now) {
        return Ok(Vec::clone(&roots));
    }
    let mut tx = ground.db.begin_glance(now).await?;
    let roots = store::collection::roots(&mut tx, viewer.mode).await?;
    tx.keep(&about, Arc::new(roots.clone()));
    Ok(roots)
}

/// The collections that the viewer may know of, under one root or under all, in the order in which
/// they were made.
#[boxed]
pub async fn collections(
    ground: &Ground,
    viewer: &Viewer,
    root: Option<&str>,
) -> Result<Vec<Shown>, Error> {
    let mut tx = ground.db.begin_read().await?;
    collections_in(&mut tx, viewer, root).await
}

/// [`collections`] as part of a larger transaction.
pub(super) async fn collections_in(
    tx: &mut Tx,
    viewer: &Viewer,
    root: Option<&str>,
) -> Result<Vec<Shown>, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    if let Some(root) = root {
        known_root(tx, viewer, root).await?;
    }
    let most = i64::try_from(COLLECTIONS_MAX).unwrap_or(i64::MAX);
    let mut all = Vec::new();
    for collection in store::collection::list(tx, viewer.mode, root, most).await? {
        all.extend(shown(tx, viewer, collection).await?);
    }
    Ok(all)
}

/// The collection of a root with that id or alias.
#[boxed]
pub async fn collection(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    name: &str,
) -> Result<Shown, Error> {
    let mut tx = ground.db.begin_glance(ground.now()).await?;
    let shown = collection_in(&mut tx, viewer, root, name).await;
    if tx.is_still() {
        return shown;
    }
    let mut tx = ground.db.begin_read().await?;
    collection_in(&mut tx, viewer, root, name).await
}

/// [`collection`] as part of a larger transaction.
#[boxed]
pub(crate) async fn collection_in(
    tx: &mut Tx,
    viewer: &Viewer,
    root: &str,
    name: &str,
) -> Result<Shown, Error> {
    policy::check_house(viewer, Act::IntelRead)?;
    let missing = Error::NotFound { what: "collection" };
    let found = find(tx, (root, viewer.mode), name).await?;
    let Some(found) = Option::clone(&found) else {
        return Err(missing);
    };
    shown(tx, viewer, found).await?.ok_or(missing)
}

/// The collection of a root with that id or alias, or that there is none, as a glance may know.
async fn find(
    tx: &mut Tx,
    place: (&str, Mode),
    name: &str,
) -> Result<Arc<Option<Collection>>, Error> {
    // As code would write it: no two places look alike, whatever somebody put into a path.
    let about = format!("{:?}", (place, name));
    if let Some(found) = tx.recall(&about) {
        return Ok(found);
    }
    let found = Arc::new(store::collection::find(tx, place, name).await?);
    tx.keep(&about, Arc::clone(&found));
    Ok(found)
}

/// Whom a collection names, as a glance may know.
async fn readers(tx: &mut Tx, slot: i64) -> Result<Arc<Vec<(Reader, bool)>>, Error> {
    let about = slot.to_string();
    if let Some(readers) = tx.recall(&about) {
        return Ok(readers);
    }
    let readers = Arc::new(store::collection::readers(tx, slot).await?);
    tx.keep(&about, Arc::clone(&readers));
    Ok(readers)
}

/// The collections that the viewer may know of, in the order in which they were made: all of his
/// mode, or one.
pub(crate) async fn seen_in(
    tx: &mut Tx,
    viewer: &Viewer,
    place: Option<(&str, &str)>,
) -> Result<Vec<Shown>, Error> {
    if let Some((root, name)) = place {
        return Ok(vec![collection_in(tx, viewer, root, name).await?]);
    }
    policy::check_house(viewer, Act::IntelRead)?;
    let most = i64::try_from(COLLECTIONS_MAX).unwrap_or(i64::MAX);
    let mut all = Vec::new();
    for collection in store::collection::list(tx, viewer.mode, None, most).await? {
        all.extend(shown(tx, viewer, collection).await?);
    }
    Ok(all)
}

/// The collection, if the viewer may change what it holds by this act.
pub(crate) async fn writable_in(
    tx: &mut Tx,
    viewer: &Viewer,
    (root, name): (&str, &str),
    act: Act,
) -> Result<Shown, Error> {
    let shown = collection_in(tx, viewer, root, name).await?;
    // A missing role or scope has a reason of its own.
    policy::check_house(viewer, act)?;
    if shown.can_write {
        Ok(shown)
    } else {
        Err(Error::ReadOnly)
    }
}

async fn known_root(tx: &mut Tx, viewer: &Viewer, name: &str) -> Result<(), Error> {
    let roots = store::collection::roots(tx, viewer.mode).await?;
    if roots.iter().any(|root| root.name.as_str() == name) {
        Ok(())
    } else {
        Err(Error::NotFound { what: "root" })
    }
}

/// The collection as the viewer may know it; nothing if he may not.
///
/// Whoever is of the house sees all collections, and may add to them if his roles say so. A guest,
/// whose roles reach what clients may have, sees those that name him. RED is seen by whom the
/// collection names one by one.
pub(crate) async fn shown(
    tx: &mut Tx,
    viewer: &Viewer,
    collection: Collection,
) -> Result<Option<Shown>, Error> {
    let visible = policy::visible(viewer, Area::Intel);
    let ours = collection.steward.is_none();
    let writes = ours && policy::check_house(viewer, Act::IntelWrite).is_ok();
    let of_house = visible.open_mask & (1 << Tlp::AmberStrict.code()) != 0;
    let may_hold_red = collection.settings.ceiling == Tlp::Red;
    if of_house && !may_hold_red {
        return Ok(Some(Shown {
            collection,
            mask: visible.open_mask,
            can_write: writes,
        }));
    }
    let as_reader = Reader::of(viewer);
    let named = readers(tx, collection.slot).await?;
    let named: Vec<_> = named
        .iter()
        .filter(|(reader, _)| as_reader.contains(reader))
        .collect();
    if !of_house && named.is_empty() {
        return Ok(None);
    }
    let by_itself = named.iter().any(|(reader, _)| reader.is_one());
    let by_name = if by_itself { visible.named_mask } else { 0 };
    let let_write = named.iter().any(|(_, may_write)| *may_write);
    Ok(Some(Shown {
        collection,
        mask: visible.open_mask | by_name,
        can_write: writes && (of_house || let_write),
    }))
}

/// How many entries of a type and label a collection has.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Contents {
    /// The type.
    pub kind: String,
    /// The label.
    pub tlp: Tlp,
    /// Objects, each counted once.
    pub objects: i64,
    /// Versions of objects.
    pub versions: i64,
}

/// What a collection has of what the viewer sees, by type and label.
#[boxed]
pub async fn contents(
    ground: &Ground,
    viewer: &Viewer,
    root: &str,
    name: &str,
) -> Result<Vec<Contents>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = collection_in(&mut tx, viewer, root, name).await?;
    let counts = store::entry::counts_of_types(&mut tx, shown.collection.slot).await?;
    let mut all: Vec<Contents> = Vec::new();
    for (kind, class, entries) in counts {
        let class = Class::from_code(class);
        if !shown.sees(class.tlp) {
            continue;
        }
        let objects = if class.newest && class.top {
            entries
        } else {
            0
        };
        let same = all
            .iter_mut()
            .find(|had| had.kind == kind && had.tlp == class.tlp);
        if let Some(had) = same {
            had.objects += objects;
            had.versions += entries;
        } else {
            all.push(Contents {
                kind,
                tlp: class.tlp,
                objects,
                versions: entries,
            });
        }
    }
    Ok(all)
}
