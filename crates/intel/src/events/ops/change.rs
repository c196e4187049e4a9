//! Publishing events, and tagging them and their attributes.

use audit::Ground;
use formats_misp::full::{Attribute, Event, Tag};
use kernel::{Tlp, Viewer, boxed};

use super::{
    org,
    put::{self, Work, changeable_in, finish, relabelled_in},
    tag,
};
use crate::{
    Error,
    events::{
        label,
        model::{Fault, Kept, Origin},
        store,
    },
};

/// Publishes an event, or takes that back.
#[boxed]
pub async fn publish(
    ground: &Ground,
    viewer: &Viewer,
    event: i64,
    published: bool,
) -> Result<Kept, Error> {
    let mut tx = ground.db.begin().await?;
    let (shown, mut row) = changeable_in(&mut tx, viewer, event).await?;
    let own = org::own_in(&mut tx, ground, viewer).await?;
    if row.orgc != own.id {
        return Err(Fault::Foreign.into());
    }
    let now = ground.now().as_seconds();
    row.published = published;
    if published {
        row.publish_timestamp = now.max(row.publish_timestamp + 1);
    }
    // The form in STIX says that it is published, so it is another version.
    row.timestamp = now.max(row.timestamp + 1);
    let work = Work {
        ground,
        collection: &shown.collection,
        origin: Origin::Own,
        label: Tlp::from_code(row.tlp),
        now,
        kept: Kept::of(row.id, row.uuid, false),
        row,
    };
    let kept = finish(&mut tx, viewer, work, "intel.event_published").await?;
    tx.commit().await?;
    Ok(kept)
}

/// Tags an event, or one of its attributes. False if it has the tag already.
#[boxed]
pub async fn tag_with(
    ground: &Ground,
    viewer: &Viewer,
    (event, attribute): (i64, Option<i64>),
    tag: Tag,
) -> Result<bool, Error> {
    let name = tag::checked(tag.name.as_deref().unwrap_or_default())?;
    let given = Tag {
        name: Some(name.clone()),
        ..tag
    };
    let change = |tags: &mut Vec<Tag>| {
        let has = tags.iter().any(|tag| tag.name.as_deref() == Some(&name));
        if !has {
            tags.push(given);
        }
        !has
    };
    retag(ground, viewer, (event, attribute), change).await
}

/// Takes a tag away from an event, or from one of its attributes. False if it has no such tag.
#[boxed]
pub async fn untag(
    ground: &Ground,
    viewer: &Viewer,
    (event, attribute): (i64, Option<i64>),
    name: &str,
) -> Result<bool, Error> {
    let change = |tags: &mut Vec<Tag>| {
        let before = tags.len();
        tags.retain(|tag| tag.name.as_deref() != Some(name));
        tags.len() < before
    };
    retag(ground, viewer, (event, attribute), change).await
}

async fn retag(
    ground: &Ground,
    viewer: &Viewer,
    (event, attribute): (i64, Option<i64>),
    change: impl FnOnce(&mut Vec<Tag>) -> bool + Send,
) -> Result<bool, Error> {
    let mut tx = ground.db.begin().await?;
    let (shown, row) = changeable_in(&mut tx, viewer, event).await?;
    let own = org::own_in(&mut tx, ground, viewer).await?;
    if row.orgc != own.id {
        return Err(Fault::Foreign.into());
    }
    let sees = |tlp: i32| shown.mask & (1 << tlp) != 0;
    if let Some(id) = attribute {
        let missing = Error::NotFound { what: "attribute" };
        let found = store::read::attribute(&mut tx, id).await?;
        let found = found.filter(|found| found.event == event && sees(found.tlp));
        let found = found.ok_or(missing)?;
        let unreadable = |_cause| db::Corrupt::new("misp_attribute", "body", &id);
        let mut record: Attribute = serde_json::from_str(&found.body).map_err(unreadable)?;
        if !change(&mut record.tags) {
            return Ok(false);
        }
        record.timestamp = None;
        let event = Event {
            attributes: vec![record],
            ..Event::default()
        };
        let given = (row, Box::new(event));
        put::change_in(&mut tx, ground, viewer, (&shown, Origin::Own), given).await?;
        tx.commit().await?;
        return Ok(true);
    }
    let unreadable = |_cause| db::Corrupt::new("misp_event", "head", &row.id);
    let mut head: Event = serde_json::from_str(&row.head).map_err(unreadable)?;
    if !change(&mut head.tags) {
        return Ok(false);
    }
    let label = label::of_event(&head, shown.collection.settings.unmarked);
    if label > shown.collection.settings.ceiling {
        return Err(Fault::Ceiling.into());
    }
    relabelled_in(&mut tx, ground, viewer, &shown, (row, head, label)).await?;
    tx.commit().await?;
    Ok(true)
}
