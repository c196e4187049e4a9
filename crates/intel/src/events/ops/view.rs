//! Events as a viewer sees them, in pages.

use std::collections::HashMap;

use access::policy::{self, Act};
use audit::Ground;
use db::Tx;
use formats_misp::full::Organisation;
use kernel::{Viewer, boxed};

use super::{
    browse::visible,
    curtain::{Bodied, Curtain},
    masks::{Placed, masks_in},
    org::is_of_house,
    refs,
};
use crate::{
    Error,
    events::{
        model::{Attribute, Event, Object, Org, Scope, Sighting, Which},
        store::{self, page::PageOf},
    },
};

/// The most attributes or objects of a page of an event.
pub const PARTS_PAGE_MAX: u32 = 1_000;

/// No event has it.
const NO_NUMBER: i64 = 0;

/// An event that a viewer sees.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Seen {
    /// The event without its parts.
    pub event: Event,
    /// Whose copy it is.
    pub org: Org,
    /// Who made it.
    pub orgc: Org,
    /// The labels of parts that the viewer sees.
    pub mask: i32,
    /// The labels that parts have which were not taken back.
    pub labels: i32,
    /// How many attributes he sees that were not taken back.
    pub attributes: i64,
    /// How many objects.
    pub objects: i64,
    /// True for a viewer of the house.
    pub of_house: bool,
}

/// Which parts of an event are asked for.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Asking {
    /// Only deleted ones, or only others; both where nothing is said.
    pub deleted: Option<bool>,
    /// Only attributes that are to be looked for, or only others.
    pub to_ids: Option<bool>,
    /// With attached files.
    pub data: bool,
    /// With sightings.
    pub sightings: bool,
}

/// Where the next page begins.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Further {
    attribute: i64,
    attributes_done: bool,
    object: i64,
}

/// An object with its attributes.
pub type WholeObject = (Object, Vec<Attribute>);

/// A page of an event: attributes of its own first, then objects.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Parts {
    /// Attributes of the event itself.
    pub attributes: Vec<Attribute>,
    /// Objects with their attributes.
    pub objects: Vec<WholeObject>,
    /// Sightings of these attributes, with who saw it.
    pub sightings: Vec<(Sighting, Org)>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<Further>,
}

/// An event, if the viewer sees it.
#[boxed]
pub async fn event(
    ground: &Ground,
    viewer: &Viewer,
    scope: &Scope,
    which: Which,
) -> Result<Seen, Error> {
    let mut tx = ground.db.begin_read().await?;
    event_in(&mut tx, viewer, scope, which).await
}

/// [`event`] as part of a larger transaction.
pub(super) async fn event_in(
    tx: &mut Tx,
    viewer: &Viewer,
    scope: &Scope,
    which: Which,
) -> Result<Seen, Error> {
    let missing = Error::NotFound { what: "event" };
    policy::check_house(viewer, Act::IntelRead)?;
    let found = match which {
        Which::Id(id) => store::read::event(tx, id).await?.into_iter().collect(),
        Which::Uuid(uuid) => store::read::events_of(tx, uuid).await?,
    };
    let masks = masks_in(tx, viewer, scope).await?;
    for event in found {
        if let Some(mask) = masks.sees(event.slot, event.tlp) {
            let mut known = Beside::default();
            return seen_of(tx, viewer, (event, mask), &mut known).await;
        }
    }
    Err(missing)
}

/// What stands beside events: it is read once for many.
#[derive(Default)]
pub(super) struct Beside {
    orgs: HashMap<i64, Org>,
    counts: HashMap<i64, store::page::Counts>,
}

impl Beside {
    /// Reads how many parts these events have.
    pub(super) async fn count(&mut self, tx: &mut Tx, events: &[i64]) -> Result<(), Error> {
        if !events.is_empty() {
            self.counts.extend(store::page::counts(tx, events).await?);
        }
        Ok(())
    }
}

/// The first of some parts that the viewer sees, with its event. What he may not know of takes as many
/// statements as what is not there.
pub(super) async fn part_in<T: Placed + Bodied>(
    tx: &mut Tx,
    viewer: &Viewer,
    scope: &Scope,
    found: Vec<T>,
) -> Result<Option<(T, Seen)>, Error> {
    let masks = masks_in(tx, viewer, scope).await?;
    let (mut asked, mut known) = (false, Beside::default());
    for mut part in found {
        let (slot, event, tlp) = part.place();
        if masks.sees(slot, tlp).is_none() {
            continue;
        }
        asked = true;
        if let Some(event) = store::read::event(tx, event).await?
            && let Some(mask) = masks.sees(event.slot, event.tlp)
        {
            let seen = seen_of(tx, viewer, (event, mask), &mut known).await?;
            Curtain::of(&seen).draw(std::slice::from_mut(&mut part));
            return Ok(Some((part, seen)));
        }
    }
    if !asked {
        store::read::event(tx, NO_NUMBER).await?;
    }
    Ok(None)
}

pub(super) async fn seen_of(
    tx: &mut Tx,
    viewer: &Viewer,
    (event, mask): (Event, i32),
    known: &mut Beside,
) -> Result<Seen, Error> {
    let missing = Error::NotFound { what: "event" };
    for id in [event.org, event.orgc] {
        if !known.orgs.contains_key(&id)
            && let Some(org) = store::org::by_id(tx, id).await?
        {
            known.orgs.insert(id, org);
        }
    }
    if !known.counts.contains_key(&event.id) {
        known.count(tx, &[event.id]).await?;
    }
    let counts = known.counts.remove(&event.id).unwrap_or_default();
    let (attributes, objects) = visible(&counts, mask);
    let (holder, maker) = (known.orgs.get(&event.org), known.orgs.get(&event.orgc));
    let (Some(holder), Some(maker)) = (holder.cloned(), maker.cloned()) else {
        return Err(missing);
    };
    Ok(Seen {
        event,
        org: holder,
        orgc: maker,
        mask,
        labels: counts.iter().map(|(tlp, ..)| 1 << tlp).sum(),
        attributes,
        objects,
        of_house: is_of_house(viewer),
    })
}

/// What the event says of itself, with the node's numbers and organisations.
///
/// Without reports, remarks and clusters that are for the house alone, where that is not whom it is
/// shown to.
pub fn head(seen: &Seen) -> Result<formats_misp::full::Event, Error> {
    let row = &seen.event;
    let unreadable = |_cause| db::Corrupt::new("misp_event", "head", &row.id);
    let text = Curtain::of(seen).shown(&row.head);
    let mut head: formats_misp::full::Event = serde_json::from_str(&text).map_err(unreadable)?;
    let number = |id: i64| u64::try_from(id).ok();
    head.id = number(row.id);
    head.uuid = Some(row.uuid.to_string());
    (head.org_id, head.orgc_id) = (number(row.org), number(row.orgc));
    head.org = Some(Box::new(organisation(&seen.org)));
    let mut orgc = head.orgc.take().unwrap_or_default();
    let known = organisation(&seen.orgc);
    (orgc.id, orgc.uuid, orgc.local) = (known.id, known.uuid, known.local);
    orgc.name = known.name;
    head.orgc = Some(orgc);
    head.info = Some(row.info.clone());
    head.date = Some(row.date.clone());
    head.timestamp = Some(row.timestamp);
    head.published = Some(row.published);
    head.publish_timestamp = Some(row.publish_timestamp);
    head.attribute_count = number(seen.attributes);
    head.locked = Some(row.locked);
    for report in &mut head.reports {
        report.event_id = number(row.id);
    }
    Ok(head)
}

fn organisation(org: &Org) -> Organisation {
    Organisation {
        id: u64::try_from(org.id).ok(),
        uuid: Some(org.uuid.to_string()),
        name: Some(org.name.clone()),
        local: Some(org.owner.is_some()),
        ..Organisation::default()
    }
}

/// A page of an event's parts, as far as the viewer sees them.
#[boxed]
pub async fn parts(
    ground: &Ground,
    viewer: &Viewer,
    event: i64,
    asking: Asking,
    from: Further,
) -> Result<Parts, Error> {
    let mut tx = ground.db.begin_read().await?;
    let seen = event_in(&mut tx, viewer, &Scope::default(), Which::Id(event)).await?;
    let mut page = PageOf {
        event,
        mask: seen.mask,
        deleted: asking.deleted,
        to_ids: asking.to_ids,
        data: asking.data,
        after: from.attribute,
        most: PARTS_PAGE_MAX,
    };
    let mut parts = Parts::default();
    let mut further = from;
    if !from.attributes_done {
        parts.attributes = store::page::attributes(&mut tx, &page, &[0]).await?;
        further.attribute = parts.attributes.last().map_or(0, |last| last.id);
        if is_full(&parts.attributes, PARTS_PAGE_MAX) {
            parts.next = Some(further);
        }
        further.attributes_done = true;
    }
    if parts.next.is_none() {
        page.after = from.object;
        page.most = PARTS_PAGE_MAX / 10;
        let objects = store::page::objects(&mut tx, &page).await?;
        if is_full(&objects, page.most) {
            further.object = objects.last().map_or(0, |last| last.id);
            parts.next = Some(further);
        }
        parts.objects = with_attributes(&mut tx, &mut page, objects).await?;
    }
    let curtain = Curtain::of(&seen);
    curtain.draw(&mut parts.attributes);
    for (object, attributes) in &mut parts.objects {
        curtain.draw(std::slice::from_mut(object));
        curtain.draw(attributes);
    }
    if asking.sightings {
        parts.sightings = sightings_in(&mut tx, &parts).await?;
    }
    Ok(parts)
}

fn is_full<T>(rows: &[T], most: u32) -> bool {
    u32::try_from(rows.len()).is_ok_and(|count| count == most)
}

pub(super) async fn with_attributes(
    tx: &mut Tx,
    page: &mut PageOf,
    mut objects: Vec<Object>,
) -> Result<Vec<WholeObject>, Error> {
    refs::keep_seen(tx, page.mask, &mut objects).await?;
    let ids: Vec<_> = objects.iter().map(|object| object.id).collect();
    let mut all: HashMap<i64, Vec<Attribute>> = HashMap::new();
    page.after = 0;
    page.most = PARTS_PAGE_MAX;
    while !ids.is_empty() {
        let rows = store::page::attributes(tx, page, &ids).await?;
        let Some(last) = rows.last() else {
            break;
        };
        page.after = last.id;
        let ended = !is_full(&rows, page.most);
        for row in rows {
            all.entry(row.object).or_default().push(row);
        }
        if ended {
            break;
        }
    }
    let whole = objects.into_iter().map(|object| {
        let attributes = all.remove(&object.id).unwrap_or_default();
        (object, attributes)
    });
    Ok(whole.collect())
}

async fn sightings_in(tx: &mut Tx, parts: &Parts) -> Result<Vec<(Sighting, Org)>, Error> {
    let of_objects = parts.objects.iter().flat_map(|(_, attributes)| attributes);
    let ids: Vec<_> = parts
        .attributes
        .iter()
        .chain(of_objects)
        .map(|one| one.id)
        .collect();
    let sightings = store::read::sightings_of(tx, &ids).await?;
    with_orgs(tx, sightings).await
}

pub(super) async fn with_orgs(
    tx: &mut Tx,
    sightings: Vec<Sighting>,
) -> Result<Vec<(Sighting, Org)>, Error> {
    let mut orgs: HashMap<i64, Org> = HashMap::new();
    let mut all = Vec::new();
    for sighting in sightings {
        let id = sighting.org;
        if !orgs.contains_key(&id)
            && let Some(org) = store::org::by_id(tx, id).await?
        {
            orgs.insert(id, org);
        }
        if let Some(org) = orgs.get(&id) {
            all.push((sighting, org.clone()));
        }
    }
    Ok(all)
}
