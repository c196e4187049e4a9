//! Attributes and objects as a viewer sees them, and where new events go.

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use kernel::{Viewer, boxed};

use super::curtain::Curtain;
use super::search::masks;
use super::view::{PARTS_PAGE_MAX, Seen, WholeObject, part_in, with_attributes};
use crate::{
    Error,
    events::{
        model::{Attribute, Fault, Object, Scope, Which},
        store::{self, page::PageOf},
    },
    model::{Collection, Shown},
    ops::look::seen_in,
};

/// The collection that is written to where none is named and there are several.
const DEFAULT: &str = "misp";

/// An attribute and its event, if the viewer sees them.
#[boxed]
pub async fn attribute(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    which: Which,
) -> Result<(Attribute, Seen), Error> {
    let mut tx = ground.db.begin_read().await?;
    attribute_in(&mut tx, viewer, scope, which).await
}

/// [`attribute`] as part of a larger transaction.
pub(super) async fn attribute_in(
    tx: &mut Tx,
    viewer: &Viewer,
    scope: &Scope,
    which: Which,
) -> Result<(Attribute, Seen), Error> {
    let missing = Error::NotFound { what: "attribute" };
    policy::check_house(viewer, Act::IntelRead)?;
    let found = match which {
        Which::Id(id) => store::read::attribute(tx, id).await?.into_iter().collect(),
        Which::Uuid(uuid) => store::read::attributes_of(tx, uuid).await?,
    };
    part_in(tx, viewer, scope, found).await?.ok_or(missing)
}

/// An object with its attributes and its event, if the viewer sees them.
#[boxed]
pub async fn object(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    which: Which,
) -> Result<(WholeObject, Seen), Error> {
    let missing = Error::NotFound { what: "object" };
    policy::check_house(viewer, Act::IntelRead)?;
    let mut tx = ground.db.begin_read().await?;
    let found = match which {
        Which::Id(id) => store::read::object(&mut tx, id)
            .await?
            .into_iter()
            .collect(),
        Which::Uuid(uuid) => store::read::objects_of(&mut tx, uuid).await?,
    };
    let found = part_in(&mut tx, viewer, scope, found).await?;
    let Some((object, seen)) = found else {
        return Err(missing);
    };
    let mut page = PageOf {
        event: object.event,
        mask: seen.mask,
        deleted: None,
        to_ids: None,
        data: true,
        after: 0,
        most: PARTS_PAGE_MAX,
    };
    let mut whole = with_attributes(&mut tx, &mut page, vec![object]).await?;
    for (_, attributes) in &mut whole {
        Curtain::of(&seen).draw(attributes);
    }
    let whole = whole.into_iter().next().ok_or(missing)?;
    Ok((whole, seen))
}

/// Those of these objects that the viewer sees, without their attributes.
#[boxed]
pub async fn objects_by_id(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    ids: &[i64],
) -> Result<Vec<Object>, Error> {
    let mut tx = ground.db.begin_read().await?;
    let shown = seen_in(&mut tx, viewer, scope.as_place()).await?;
    let mut found = store::search::objects(&mut tx, &masks(&shown), ids).await?;
    Curtain::before(viewer).draw(&mut found);
    Ok(found)
}

/// Where an event stands that the viewer sees, as root and id of its collection.
#[boxed]
pub async fn place_of(
    ground: &Ground,
    viewer: &Viewer,
    seen: &Seen,
) -> Result<(String, String), Error> {
    let mut tx = ground.db.begin_read().await?;
    let all = seen_in(&mut tx, viewer, None).await?;
    let slot = seen.event.slot;
    let found = all.iter().find(|shown| shown.collection.slot == slot);
    let found = found.ok_or(Error::NotFound { what: "event" })?;
    Ok(place(&found.collection))
}

fn place(collection: &Collection) -> (String, String) {
    let id = collection.public.uuid().to_string();
    (collection.root.as_str().to_owned(), id)
}

/// The collection that new events go to, as root and id: the one that is named, else the only one that
/// the viewer may add to, else the one with the alias `misp`.
#[boxed]
pub async fn default_place(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
) -> Result<(String, String), Error> {
    if let Some((root, name)) = &scope.place {
        return Ok((root.clone(), name.clone()));
    }
    let mut tx = ground.db.begin_read().await?;
    policy::check_house(viewer, Act::IntelWrite)?;
    let mut all = seen_in(&mut tx, viewer, None).await?;
    all.retain(|shown| shown.can_write);
    let is_default = |shown: &&Shown| {
        let alias = shown.collection.settings.alias.as_ref();
        alias.is_some_and(|alias| alias.as_str() == DEFAULT)
    };
    let chosen = all.iter().find(is_default);
    let chosen = chosen.or(match all.as_slice() {
        [one] => Some(one),
        _ => None,
    });
    let chosen = chosen.ok_or(Fault::NoPlace)?;
    Ok(place(&chosen.collection))
}
