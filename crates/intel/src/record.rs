//! What the `acts` ledger is told: which collection, how many, and never a content.

use audit::Ground;
use db::Tx;
use kernel::{Tlp, Viewer};
use serde_json::{Value, json};

use crate::{
    Error,
    export::Target,
    model::{
        Collection, Galaxy, Import, Reader, Remote, Root, Run, Taxonomy, Warninglist,
        list_kind_word,
    },
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

/// What a viewer sees of a collection was written to a file.
pub(crate) async fn export(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    collection: &Collection,
    (target, max_marking): (Target, Tlp),
) -> Result<(), Error> {
    let what = json!({ "format": target.as_str(), "max_marking": max_marking.as_str() });
    let code = "intel.exported";
    audit::act(tx, ground, viewer, code, &collection.public, &what).await?;
    Ok(())
}

/// Events of a collection are written as a feed.
pub(crate) async fn feed(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    collection: &Collection,
    max_marking: Tlp,
) -> Result<(), Error> {
    let what = json!({ "format": "misp_feed", "max_marking": max_marking.as_str() });
    let code = "intel.exported";
    audit::act(tx, ground, viewer, code, &collection.public, &what).await?;
    Ok(())
}

/// A collection was taken away with all that it held.
pub(crate) async fn dropped(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (collection, entries): (&Collection, i64),
) -> Result<(), Error> {
    let what = json!({ "title": collection.settings.title.as_str(), "entries": entries });
    let code = "intel.collection_deleted";
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

/// The model by which what a collection has grows old was chosen.
pub(crate) async fn decay(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    collection: &Collection,
    version: i64,
) -> Result<(), Error> {
    let what = json!({ "version": version });
    let code = "intel.decay_set";
    audit::act(tx, ground, viewer, code, &collection.public, &what).await?;
    Ok(())
}

/// Something was seen, and so many objects say so.
pub(crate) async fn sighted(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (collection, kind, objects): (&Collection, &str, usize),
) -> Result<(), Error> {
    let what = json!({ "kind": kind, "objects": objects });
    let code = "intel.sighted";
    audit::act(tx, ground, viewer, code, &collection.public, &what).await?;
    Ok(())
}

/// A warninglist was taken in, changed or taken out.
pub(crate) async fn warninglist(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &'static str,
    list: &Warninglist,
) -> Result<(), Error> {
    let subject = format!("warninglist/{}", list.number);
    let what = json!({
        "name": list.name,
        "version": list.version,
        "kind": list_kind_word(list.kind),
        "entries": list.entries,
        "enabled": list.enabled,
    });
    audit::act(tx, ground, viewer, code, &subject, &what).await?;
    Ok(())
}

/// A taxonomy was taken in, changed or taken out.
pub(crate) async fn taxonomy(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &'static str,
    taxonomy: &Taxonomy,
) -> Result<(), Error> {
    let subject = format!("taxonomy/{}", taxonomy.number);
    let what = json!({
        "namespace": taxonomy.namespace,
        "version": taxonomy.version,
        "tags": taxonomy.tags,
        "enabled": taxonomy.enabled,
    });
    audit::act(tx, ground, viewer, code, &subject, &what).await?;
    Ok(())
}

/// A galaxy or its clusters were taken in, or taken out.
pub(crate) async fn galaxy(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    code: &'static str,
    galaxy: &Galaxy,
) -> Result<(), Error> {
    let subject = format!("galaxy/{}", galaxy.number);
    let what = json!({
        "type": galaxy.kind,
        "version": galaxy.version,
        "cluster_version": galaxy.cluster_version,
        "clusters": galaxy.clusters,
    });
    audit::act(tx, ground, viewer, code, &subject, &what).await?;
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
