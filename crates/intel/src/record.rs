//! What the `acts` ledger is told: which collection, how many, and never a content.

use audit::Ground;
use db::Tx;
use kernel::Viewer;
use serde_json::{Value, json};

use crate::{
    Error,
    model::{Collection, Import, Reader, Remote, Root, Run},
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

/// A remote was added, changed, removed, or started by a person. Its credentials are no act's
/// business.
pub(crate) async fn remote(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &'static str,
    remote: &Remote,
) -> Result<(), Error> {
    let settings = &remote.settings;
    let what = json!({
        "version": remote.version,
        "kind": remote.kind.as_str(),
        "direction": remote.direction.as_str(),
        "server": settings.address.origin(),
        "collection": remote.here.collection.to_string(),
        "label": settings.label.as_str(),
        "enabled": settings.enabled,
        "scheme": remote.scheme.as_str(),
    });
    audit::act(tx, ground, viewer, code, &remote.id, &what).await?;
    Ok(())
}

/// A run moved something, or something was refused.
pub(crate) async fn run(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    remote: &Remote,
    run: &Run,
) -> Result<(), Error> {
    let tally = run.tally;
    let what = json!({
        "run": run.id.to_string(),
        "collection": remote.here.collection.to_string(),
        "outcome": run.outcome.as_str(),
        "added": tally.added,
        "known": tally.known,
        "sent": tally.sent,
        "refused": tally.refused,
        "withdrawn": tally.withdrawn,
    });
    audit::act(tx, ground, viewer, "intel.remote_ran", &remote.id, &what).await?;
    Ok(())
}
