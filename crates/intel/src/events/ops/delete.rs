//! Taking events and their parts away.

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use formats_misp::full::{Attribute, Event, Object};
use kernel::{Viewer, boxed};
use uuid::Uuid;

use super::{
    org,
    put::{change_in, changeable_in, touch_in},
    stix,
    view::WholeObject,
};
use crate::{
    Error,
    events::{
        model::{self, Fault, Origin},
        store,
    },
    ops::look::writable_in,
    record,
};

/// Takes an event out for good: whoever hands it in again is told so. Its form in STIX goes too.
///
/// Who made an event may do so, and who may take objects out of collections.
#[boxed]
pub async fn delete(ground: &Ground, viewer: &Viewer, event: i64) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    let (shown, row) = changeable_in(&mut tx, viewer, event).await?;
    let own = org::own_in(&mut tx, ground, viewer).await?;
    if row.orgc != own.id && policy::check_house(viewer, Act::IntelDelete).is_err() {
        return Err(Fault::Foreign.into());
    }
    let by = viewer.label();
    let mark = (ground.now().as_micros(), by.as_str());
    store::write::bury(&mut tx, (row.slot, row.uuid), "event", mark).await?;
    store::write::delete_event(&mut tx, row.id).await?;
    let giver = stix::giver_of(&mut tx, &row).await?;
    let giver = giver.known_in(&mut tx).await?;
    stix::withdraw_in(&mut tx, ground, (row.id, giver, row.uuid), &by).await?;
    let about = (&shown.collection, row.uuid, (0, 0));
    record::event(&mut tx, ground, viewer, "intel.event_deleted", about).await?;
    tx.commit().await?;
    Ok(())
}

/// Lets an event, attribute or object that was deleted be handed in again, and with it all objects of
/// STIX that went because they stood for it.
#[boxed]
pub async fn restore(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    uuid: Uuid,
) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    let shown = writable_in(&mut tx, viewer, place, Act::IntelDelete).await?;
    if !store::write::unbury(&mut tx, shown.collection.slot, uuid).await? {
        return Err(Error::NotFound {
            what: "deleted event",
        });
    }
    let at = (shown.collection.slot, shown.mask);
    crate::store::entry::unbury_with(&mut tx, at.0, uuid).await?;
    // What was deleted before that was kept in mind.
    for kind in ["report", "grouping"] {
        let id = format!("{kind}--{uuid}");
        crate::store::entry::unbury(&mut tx, at, &id).await?;
    }
    let about = (&shown.collection, uuid, (0, 0));
    record::event(&mut tx, ground, viewer, "intel.event_restored", about).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes an attribute back: it stays as deleted, so that others hear of it, or goes for good.
#[boxed]
pub async fn delete_attribute(
    ground: &Ground,
    viewer: &Viewer,
    attribute: &model::Attribute,
    hard: bool,
) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    let (shown, row) = changeable_in(&mut tx, viewer, attribute.event).await?;
    if hard {
        own_alone(&mut tx, ground, viewer, &row).await?;
        remove(&mut tx, ground, viewer, attribute).await?;
        touch_in(&mut tx, ground, viewer, (&shown, row)).await?;
    } else {
        let event = Event {
            attributes: vec![taken_back(attribute)],
            ..Event::default()
        };
        let given = (row, Box::new(event));
        change_in(&mut tx, ground, viewer, (&shown, Origin::Own), given).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes an object back with its attributes, as [`delete_attribute`] does.
#[boxed]
pub async fn delete_object(
    ground: &Ground,
    viewer: &Viewer,
    (object, attributes): &WholeObject,
    hard: bool,
) -> Result<(), Error> {
    let mut tx = ground.db.begin().await?;
    let (shown, row) = changeable_in(&mut tx, viewer, object.event).await?;
    if hard {
        own_alone(&mut tx, ground, viewer, &row).await?;
        for attribute in attributes {
            remove(&mut tx, ground, viewer, attribute).await?;
        }
        let mark = (ground.now().as_micros(), viewer.label());
        let mark = (mark.0, mark.1.as_str());
        store::write::bury(&mut tx, (object.slot, object.uuid), "object", mark).await?;
        store::write::delete_object(&mut tx, object.event, object.id).await?;
        touch_in(&mut tx, ground, viewer, (&shown, row)).await?;
    } else {
        let event = Event {
            objects: vec![Object {
                uuid: Some(object.uuid.to_string()),
                deleted: Some(true),
                attributes: attributes.iter().map(taken_back).collect(),
                ..Object::default()
            }],
            ..Event::default()
        };
        let given = (row, Box::new(event));
        change_in(&mut tx, ground, viewer, (&shown, Origin::Own), given).await?;
    }
    tx.commit().await?;
    Ok(())
}

fn taken_back(attribute: &model::Attribute) -> Attribute {
    Attribute {
        uuid: Some(attribute.uuid.to_string()),
        deleted: Some(true),
        ..Attribute::default()
    }
}

async fn own_alone(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    row: &model::Event,
) -> Result<(), Error> {
    let own = org::own_in(tx, ground, viewer).await?;
    if row.orgc == own.id {
        Ok(())
    } else {
        Err(Fault::Foreign.into())
    }
}

async fn remove(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    attribute: &model::Attribute,
) -> Result<(), Error> {
    let by = viewer.label();
    let mark = (ground.now().as_micros(), by.as_str());
    let what = (attribute.slot, attribute.uuid);
    store::write::bury(tx, what, "attribute", mark).await?;
    store::write::delete_attribute(tx, attribute.event, attribute.id).await?;
    Ok(())
}
