//! What the `acts` ledger is told: which collection, how many, and never a content.

use audit::Ground;
use db::Tx;
use kernel::Viewer;
use serde_json::{Value, json};

use crate::{
    Error,
    model::{Collection, Import, Reader, Root},
};

/// A root was made.
pub(crate) async fn root(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    root: &Root,
    what: &Value,
) -> Result<(), Error> {
    let subject = format!("root/{}", root.name);
    audit::act(tx, ground, viewer, "intel.root_created", &subject, what).await?;
    Ok(())
}

/// A collection was made or changed.
pub(crate) async fn collection(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &'static str,
    collection: &Collection,
) -> Result<(), Error> {
    let settings = &collection.settings;
    let what = json!({
        "version": collection.version,
        "root": collection.root.as_str(),
        "ceiling": settings.ceiling.as_str(),
        "unmarked": settings.unmarked.as_str(),
    });
    audit::act(tx, ground, viewer, code, &collection.public, &what).await?;
    Ok(())
}

/// Others were named as readers.
pub(crate) async fn readers(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    collection: &Collection,
    readers: &[(Reader, bool)],
) -> Result<(), Error> {
    let readers: Vec<_> = readers
        .iter()
        .map(|(reader, may_write)| json!([reader.to_string(), may_write]))
        .collect();
    let what = json!({ "version": collection.version, "readers": readers });
    let code = "intel.readers_set";
    audit::act(tx, ground, viewer, code, &collection.public, &what).await?;
    Ok(())
}

/// Objects were handed in, and looked at to the last.
pub(crate) async fn import(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    collection: &Collection,
    import: &Import,
) -> Result<(), Error> {
    let what = json!({
        "import": import.id.to_string(),
        "added": import.added,
        "known": import.known,
        "refused": import.refused,
        "cut": import.failure.is_some(),
    });
    let code = "intel.imported";
    audit::act(tx, ground, viewer, code, &collection.public, &what).await?;
    Ok(())
}

/// An object was taken out, or let in again.
pub(crate) async fn object(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &'static str,
    (collection, stix_id, versions): (&Collection, &str, usize),
) -> Result<(), Error> {
    let what = json!({ "object": stix_id, "versions": versions });
    audit::act(tx, ground, viewer, code, &collection.public, &what).await?;
    Ok(())
}

/// An event of MISP was added, changed or taken out; how many attributes and objects were written.
pub(crate) async fn event(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &'static str,
    (collection, uuid, (attributes, objects)): (&Collection, uuid::Uuid, (usize, usize)),
) -> Result<(), Error> {
    let what = json!({
        "event": uuid.to_string(),
        "attributes": attributes,
        "objects": objects,
    });
    audit::act(tx, ground, viewer, code, &collection.public, &what).await?;
    Ok(())
}
