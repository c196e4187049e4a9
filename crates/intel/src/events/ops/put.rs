//! Taking events in, and changing them.

mod head;
mod known;
mod members;
mod packing;
mod similar;
mod taking;

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use formats_misp::full::{Attribute, Event, Object};
use kernel::{Tlp, Viewer, boxed, uuid_v4};
use uuid::Uuid;

pub(crate) use self::taking::{Given, Outlook, foresee_in, given, take_in};
use super::{
    exchange,
    org::{self, Hand},
    stix, tag,
};
use crate::{
    Error,
    events::{
        label,
        model::{self, Expected, Fault, Kept, Origin},
        moments, parts, reach, store,
    },
    model::{Collection, Shown},
    ops::look,
    record,
};

/// The most attributes and objects of an event.
pub const EVENT_PARTS_MAX: i64 = 1_000_000;

/// What is under way with one event.
pub(super) struct Work<'w> {
    pub(super) ground: &'w Ground,
    pub(super) collection: &'w Collection,
    pub(super) origin: Origin,
    pub(super) row: model::Event,
    pub(super) label: Tlp,
    /// Seconds since 1970.
    pub(super) now: i64,
    pub(super) kept: Kept,
}

/// Who does something with an event, and in whose name.
#[derive(Clone, Copy, Debug)]
pub(crate) struct By<'b> {
    /// For the ledger.
    pub(crate) viewer: &'b Viewer,
    pub(crate) hand: &'b Hand,
}

/// Takes an event in: a new one, or what is newer of one that is there. Parts that it does not name
/// stay; those that cannot be taken are named in the answer.
#[boxed]
pub async fn put(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    mut event: Box<Event>,
    (origin, expected): (Origin, Expected),
) -> Result<Kept, Error> {
    match origin {
        Origin::Own => {
            reach::check(&event)?;
            moments::check(&event)?;
            let parts = std::mem::take(&mut event.attributes);
            let parts = (parts, std::mem::take(&mut event.objects));
            (event.attributes, event.objects) = packing::pack(parts.0, parts.1).await?;
        }
        Origin::Sync => {
            reach::close(&mut event);
            moments::close(&mut event);
        }
    }
    let mut tx = ground.db.begin().await?;
    let shown = exchange::open_in(&mut tx, viewer, place).await?;
    crate::store::lock_place(&mut tx).await?;
    if parts::is_bad(event.uuid.as_deref()) {
        return Err(Fault::Uuid.into());
    }
    let uuid = event.uuid.as_deref().filter(|uuid| !uuid.is_empty());
    let uuid = uuid.and_then(|uuid| Uuid::try_parse(uuid).ok());
    let uuid = uuid.unwrap_or_else(|| uuid_v4(&*ground.rng));
    let slot = shown.collection.slot;
    // What is taken over by the node itself is not asked of what one viewer sees.
    let is_taken_over = (origin, expected) == (Origin::Sync, Expected::Any);
    if !store::read::buried(&mut tx, slot, &[uuid])
        .await?
        .is_empty()
    {
        let fault = if is_taken_over {
            Fault::Deleted
        } else {
            Fault::Taken
        };
        return Err(fault.into());
    }
    let stored = store::read::event_in(&mut tx, slot, uuid).await?;
    let hand = &Hand::of(viewer);
    let by = By { viewer, hand };
    let seen = |stored: &model::Event| is_taken_over || shown.mask & (1 << stored.tlp) != 0;
    let kept = match (stored, expected) {
        (Some(stored), Expected::New) if stored.creator == hand.creator() => {
            return Err(Fault::Exists { id: stored.id }.into());
        }
        (Some(stored), Expected::Known) if !seen(&stored) => {
            return Err(Error::NotFound { what: "event" });
        }
        // The same as for one that was deleted: neither is told apart.
        (Some(stored), _) if !seen(&stored) => return Err(Fault::Taken.into()),
        (Some(stored), Expected::New) => return Err(Fault::Exists { id: stored.id }.into()),
        (None, Expected::Known) => return Err(Error::NotFound { what: "event" }),
        (None, _) => add_in(&mut tx, ground, by, (&shown, origin), (uuid, event)).await?,
        (Some(stored), _) => {
            let given = (stored, event);
            change_by(&mut tx, ground, by, (&shown, origin), given).await?
        }
    };
    tx.commit().await?;
    Ok(kept)
}

/// Adds attributes and objects to an event that the viewer may change, or changes them. Nothing else
/// of the event is asked.
#[boxed]
pub async fn extend(
    ground: &Ground,
    viewer: &Viewer,
    event: i64,
    (attributes, objects): (Vec<Attribute>, Vec<Object>),
) -> Result<Kept, Error> {
    let (attributes, objects) = packing::pack(attributes, objects).await?;
    let mut tx = ground.db.begin().await?;
    let (shown, row) = changeable_in(&mut tx, viewer, event).await?;
    let change = Event {
        attributes,
        objects,
        ..Event::default()
    };
    let given = (row, Box::new(change));
    let kept = change_in(&mut tx, ground, viewer, (&shown, Origin::Own), given).await?;
    // Where nothing was taken, nothing has changed.
    if !kept.attributes.is_empty() || !kept.objects.is_empty() {
        tx.commit().await?;
    }
    Ok(kept)
}

/// The event and its collection, if the viewer sees it and may write there. Locks the place.
pub(super) async fn changeable_in(
    tx: &mut Tx,
    viewer: &Viewer,
    event: i64,
) -> Result<(Shown, model::Event), Error> {
    let missing = Error::NotFound { what: "event" };
    crate::store::lock_place(tx).await?;
    let row = store::read::event(tx, event).await?;
    let slot = row.as_ref().map_or(look::NO_SLOT, |row| row.slot);
    let collection = crate::store::collection::in_slot(tx, slot).await?;
    let collection = collection.filter(|of| of.mode == viewer.mode);
    let (Some(row), Some(collection)) = (row, collection) else {
        look::nobody(tx).await?;
        return Err(missing);
    };
    policy::check_house(viewer, Act::IntelRead)?;
    let shown = look::shown(tx, viewer, collection).await?;
    // Whether the event is there is told to whom it is shown alone.
    let shown = shown.filter(|shown| shown.mask & (1 << row.tlp) != 0);
    let shown = shown.ok_or(missing)?;
    policy::check_house(viewer, Act::IntelWrite)?;
    if !shown.can_write {
        return Err(Error::ReadOnly);
    }
    Ok((shown, row))
}

async fn add_in(
    tx: &mut Tx,
    ground: &Ground,
    by: By<'_>,
    (shown, origin): (&Shown, Origin),
    (uuid, mut event): (Uuid, Box<Event>),
) -> Result<Kept, Error> {
    let collection = &shown.collection;
    let now = ground.now().as_seconds();
    let own = org::own_of(tx, ground, by.hand).await?;
    let orgc = match origin {
        Origin::Own => None,
        Origin::Sync => org::named_in(tx, ground, event.orgc.as_deref()).await?,
    };
    let orgc = orgc.unwrap_or_else(|| own.clone());
    if origin == Origin::Own {
        event.orgc = None;
    }
    let label = label::of_event(&event, collection.settings.unmarked);
    if label > collection.settings.ceiling {
        return Err(Fault::Ceiling.into());
    }
    let attributes = std::mem::take(&mut event.attributes);
    let objects = std::mem::take(&mut event.objects);
    event.uuid = Some(uuid.to_string());
    let mut row = head::new_row(
        (collection.slot, uuid),
        (own.id, orgc.id),
        by.hand.creator(),
    );
    row.id = store::take_number(tx, &*ground.rng, "event").await?;
    row.timestamp = event.timestamp.unwrap_or(now);
    row.locked = origin == Origin::Sync;
    let mut work = Work {
        ground,
        collection,
        origin,
        label,
        now,
        kept: Kept::of(row.id, uuid, true),
        row,
    };
    head::write(tx, &mut work, &mut event, now).await?;
    members::write(tx, &mut work, attributes, objects).await?;
    finish(tx, by.viewer, work, "intel.event_added").await
}

/// Whether who hands an event in may change the one that is here.
fn may_change(origin: Origin, row: &model::Event, own: Option<i64>) -> bool {
    match origin {
        Origin::Own => own == Some(row.orgc),
        // What was made here, nobody else changes.
        Origin::Sync => row.locked,
    }
}

pub(super) async fn change_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    place: (&Shown, Origin),
    given: (model::Event, Box<Event>),
) -> Result<Kept, Error> {
    let hand = &Hand::of(viewer);
    change_by(tx, ground, By { viewer, hand }, place, given).await
}

async fn change_by(
    tx: &mut Tx,
    ground: &Ground,
    by: By<'_>,
    (shown, origin): (&Shown, Origin),
    (row, mut event): (model::Event, Box<Event>),
) -> Result<Kept, Error> {
    let collection = &shown.collection;
    let own = org::own_of(tx, ground, by.hand).await?;
    if !may_change(origin, &row, Some(own.id)) {
        return Err(Fault::Foreign.into());
    }
    if event.timestamp.is_some_and(|given| given <= row.timestamp) {
        return Err(Fault::Older.into());
    }
    let now = ground.now().as_seconds();
    // Who made it, stays.
    event.orgc = None;
    let attributes = std::mem::take(&mut event.attributes);
    let objects = std::mem::take(&mut event.objects);
    let before = (row.tlp, Kept::of(row.id, row.uuid, false));
    let mut row = row;
    row.timestamp = event
        .timestamp
        .unwrap_or_else(|| now.max(row.timestamp + 1));
    let mut event = head::merged(&row, *event, origin)?;
    let label = label::of_event(&event, collection.settings.unmarked);
    if label > collection.settings.ceiling {
        return Err(Fault::Ceiling.into());
    }
    let mut work = Work {
        ground,
        collection,
        origin,
        label,
        now,
        kept: before.1,
        row,
    };
    head::write(tx, &mut work, &mut event, now).await?;
    if before.0 != label.code() {
        members::relabel(tx, &mut work).await?;
    }
    members::write(tx, &mut work, attributes, objects).await?;
    finish(tx, by.viewer, work, "intel.event_changed").await
}

/// Gives an event whose parts were changed a newer version.
pub(super) async fn touch_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    (shown, mut row): (&Shown, model::Event),
) -> Result<Kept, Error> {
    let now = ground.now().as_seconds();
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
    finish(tx, viewer, work, "intel.event_changed").await
}

/// Writes an event whose tags were changed, and gives its parts the labels that follow.
pub(super) async fn relabelled_in(
    tx: &mut Tx,
    ground: &Ground,
    viewer: &Viewer,
    shown: &Shown,
    (mut row, mut head, label): (model::Event, Event, Tlp),
) -> Result<(), Error> {
    let now = ground.now().as_seconds();
    let before = row.tlp;
    row.timestamp = now.max(row.timestamp + 1);
    let mut work = Work {
        ground,
        collection: &shown.collection,
        origin: Origin::Own,
        label,
        now,
        kept: Kept::of(row.id, row.uuid, false),
        row,
    };
    head::write(tx, &mut work, &mut head, now).await?;
    if before != label.code() {
        members::relabel(tx, &mut work).await?;
    }
    finish(tx, viewer, work, "intel.event_changed").await?;
    Ok(())
}

/// Counts the parts, puts the event into STIX, and tells the ledger.
pub(super) async fn finish(
    tx: &mut Tx,
    viewer: &Viewer,
    mut work: Work<'_>,
    code: &'static str,
) -> Result<Kept, Error> {
    let (live, parts) = store::write::counted(tx, work.row.id).await?;
    (work.row.attributes, work.row.parts) = (live, parts);
    if parts > EVENT_PARTS_MAX {
        return Err(Error::TooMany {
            what: "attributes and objects",
            max: usize::try_from(EVENT_PARTS_MAX).unwrap_or(usize::MAX),
        });
    }
    work.row.version += 1;
    stix::express_in(tx, work.ground, work.collection, &mut work.row, viewer).await?;
    store::write::event(tx, &work.row).await?;
    let counts = (work.kept.attributes.len(), work.kept.objects.len());
    let about = (work.collection, work.row.uuid, counts);
    record::event(tx, work.ground, viewer, code, about).await?;
    Ok(work.kept)
}

/// Numbers of the tags of an event and its parts, which are set in them.
pub(super) async fn number_tags(
    tx: &mut Tx,
    work: &Work<'_>,
    tags: Vec<&mut formats_misp::full::Tag>,
) -> Result<(), Error> {
    let exercise = work.collection.mode.is_exercise();
    tag::number_in(tx, work.ground, exercise, tags).await
}

impl Kept {
    pub(super) const fn of(id: i64, uuid: Uuid, added: bool) -> Self {
        Self {
            id,
            uuid,
            added,
            attributes: Vec::new(),
            objects: Vec::new(),
            refused: Vec::new(),
        }
    }
}
