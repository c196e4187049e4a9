use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use kernel::{IncidentRef, Viewer, boxed};

use super::{load, subject, touch};
use crate::{
    error::Error,
    model::{Incident, Link, LinkKind, PARTS_MAX},
    record, store,
    store::{parts, writing},
};

/// Links an entry to something that another room holds, or gives the link another label. Whoever may
/// read the entry reads kind, id and label; what lies behind the link is the other room's to show.
#[boxed]
pub async fn link(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    link: &Link,
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = link_in(&mut tx, ground, viewer, public, link).await?;
    tx.commit().await?;
    Ok(incident)
}

/// [`link`] as part of a larger transaction, such as the one that opens a thread.
#[boxed]
pub async fn link_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    link: &Link,
) -> Result<Incident, Error> {
    let incident = load(tx, viewer, Act::IncidentEdit, public).await?;
    let there = parts::links(tx, incident.id).await?;
    if there.contains(link) {
        return Ok(incident);
    }
    let is_new = !there
        .iter()
        .any(|known| known.kind == link.kind && known.target == link.target);
    if is_new && there.len() >= PARTS_MAX {
        return Err(Error::TooMany {
            what: "links",
            max: PARTS_MAX,
        });
    }
    let links = [(incident.id, std::slice::from_ref(link))];
    writing::put_links(tx, links, ground.clock.now()).await?;
    let incident = touch(tx, ground, incident).await?;
    record::act(tx, ground, viewer, record::Code::Linked, &incident).await?;
    Ok(incident)
}

/// Removes a link. Nothing happens if there is none.
#[boxed]
pub async fn unlink(
    ground: &Ground,
    viewer: &Viewer,
    public: IncidentRef,
    kind: &LinkKind,
    target: &str,
) -> Result<Incident, Error> {
    let mut tx = ground.db.begin().await?;
    let incident = load(&mut tx, viewer, Act::IncidentEdit, public).await?;
    if !parts::remove_link(&mut tx, incident.id, kind.as_str(), target).await? {
        return Ok(incident);
    }
    let incident = touch(&mut tx, ground, incident).await?;
    record::act(&mut tx, ground, viewer, record::Code::Unlinked, &incident).await?;
    tx.commit().await?;
    Ok(incident)
}

/// The entries that link to something of another room, as far as the viewer may read them.
#[boxed]
pub async fn linked(
    ground: &Ground,
    viewer: &Viewer,
    kind: &LinkKind,
    target: &str,
) -> Result<Vec<Incident>, Error> {
    policy::check_house(viewer, Act::IncidentRead).map_err(Error::Refused)?;
    let mut tx = ground.db.begin_read().await?;
    let mut found = Vec::new();
    for public in parts::linked_to(&mut tx, kind.as_str(), target).await? {
        let Some(incident) = store::find(&mut tx, public).await? else {
            continue;
        };
        let seen = policy::decide(viewer, Act::IncidentRead, &subject(viewer, &incident));
        if seen.is_allowed() {
            found.push(incident);
        }
    }
    Ok(found)
}
