//! Which roots and collections a viewer may know of.

use std::{collections::HashMap, sync::Arc};

use access::policy::{self, Act, Area};
use audit::Ground;
use db::Tx;
use kernel::{Tlp, Viewer, boxed};

use crate::{
    Error,
    model::{Class, Collection, Reader, Root, Shown},
    store,
};

/// The most collections of a node that are listed.
pub const COLLECTIONS_MAX: usize = 2_000;
/// No collection has it.
pub(crate) const NO_SLOT: i64 = 0;

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
    seen_of(tx, viewer, root).await
}

/// Those under one root, or all. The number of statements does not depend on how many others there
/// are.
async fn seen_of(tx: &mut Tx, viewer: &Viewer, root: Option<&str>) -> Result<Vec<Shown>, Error> {
    let as_reader = Reader::of(viewer);
    let mut named: HashMap<i64, Vec<(Reader, bool)>> = HashMap::new();
    for (slot, reader, may_write) in store::collection::named(tx, &as_reader).await? {
        named.entry(slot).or_default().push((reader, may_write));
    }
    // Those that he may not know of take no place of those that he may.
    let all = store::collection::list(tx, viewer.mode, root, i64::MAX).await?;
    let seen = all.into_iter().filter_map(|collection| {
        let named = named.remove(&collection.slot).unwrap_or_default();
        judged(viewer, collection, &named)
    });
    Ok(seen.take(COLLECTIONS_MAX).collect())
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
    let found = found(tx, viewer, root, name).await?;
    let Some(collection) = found.collection.clone() else {
        return Err(missing);
    };
    let as_reader = Reader::of(viewer);
    let named = found.readers.iter();
    let named: Vec<_> = named
        .filter(|(reader, _)| as_reader.contains(reader))
        .cloned()
        .collect();
    judged(viewer, collection, &named).ok_or(missing)
}

/// What stands under a name.
struct Found {
    collection: Option<Collection>,
    readers: Vec<(Reader, bool)>,
}

/// The collection of a root with that id or alias and whom it names, as a glance may know. It is known
/// of what this viewer asked for, so that he does not notice what others ask for.
async fn found(tx: &mut Tx, viewer: &Viewer, root: &str, name: &str) -> Result<Arc<Found>, Error> {
    // As code would write it: no two places look alike, whatever somebody put into a path.
    let about = format!("{:?}", (&viewer.who, viewer.mode, root, name));
    if let Some(found) = tx.recall(&about) {
        return Ok(found);
    }
    let collection = store::collection::find(tx, (root, viewer.mode), name).await?;
    // What is not there takes as many statements as what the viewer may not know of.
    let slot = collection.as_ref().map_or(NO_SLOT, |found| found.slot);
    let readers = store::collection::readers(tx, slot).await?;
    let found = Arc::new(Found {
        collection,
        readers,
    });
    tx.keep(&about, Arc::clone(&found));
    Ok(found)
}

/// Asks for the readers of no collection: what is not there takes as many statements as what the
/// viewer may not know of.
pub(crate) async fn nobody(tx: &mut Tx) -> Result<(), Error> {
    store::collection::readers(tx, NO_SLOT).await?;
    Ok(())
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
    seen_of(tx, viewer, None).await
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
    let as_reader = Reader::of(viewer);
    let mut named = store::collection::readers(tx, collection.slot).await?;
    named.retain(|(reader, _)| as_reader.contains(reader));
    Ok(judged(viewer, collection, &named))
}

/// The same, where it is known by which of his names the collection names the viewer.
fn judged(viewer: &Viewer, collection: Collection, named: &[(Reader, bool)]) -> Option<Shown> {
    let visible = policy::visible(viewer, Area::Intel);
    let ours = collection.steward.is_none();
    let writes = ours && policy::check_house(viewer, Act::IntelWrite).is_ok();
    let of_house = visible.open_mask & (1 << Tlp::AmberStrict.code()) != 0;
    let may_hold_red = collection.settings.ceiling == Tlp::Red;
    if of_house && !may_hold_red {
        return Some(Shown {
            collection,
            mask: visible.open_mask,
            can_write: writes,
        });
    }
    if !of_house && named.is_empty() {
        return None;
    }
    let by_itself = named.iter().any(|(reader, _)| reader.is_one());
    let by_name = if by_itself { visible.named_mask } else { 0 };
    let let_write = named.iter().any(|(_, may_write)| *may_write);
    Some(Shown {
        collection,
        mask: visible.open_mask | by_name,
        can_write: writes && (of_house || let_write),
    })
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
        let objects = if class.is_last(shown.mask) {
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
    // In an order that does not tell of which classes they are.
    all.sort_by(|one, other| (&one.kind, one.tlp).cmp(&(&other.kind, other.tlp)));
    Ok(all)
}
