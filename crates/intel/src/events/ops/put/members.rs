//! Attributes and objects of an event.

use std::collections::HashMap;

use db::Tx;
use formats_misp::full::{Attribute, Object, Sighting, SightingType};
use kernel::{Tlp, uuid_v4};
use uuid::Uuid;

use super::{
    Work,
    known::{Known, uuids},
    number_tags, similar,
};
use crate::{
    Error,
    events::{
        model::{self, Fault, Origin, Refused},
        moments,
        ops::org,
        parts::{self, NewAttribute, NewObject},
        reach,
        store::{
            self,
            page::PageOf,
            write::{NewSighting, clean},
        },
    },
};

/// So many attributes are written at once.
const BATCH: usize = 1_000;
/// So many objects.
const OBJECTS: usize = 200;

/// An attribute, the number of its object, and the label around it.
type Placed = (i64, Tlp, Attribute);

/// Writes what is new or newer of these.
pub(super) async fn write(
    tx: &mut Tx,
    work: &mut Work<'_>,
    attributes: Vec<Attribute>,
    objects: Vec<Object>,
) -> Result<(), Error> {
    let label = work.label;
    let mut attributes = attributes.into_iter().map(|one| (0, label, one)).peekable();
    while attributes.peek().is_some() {
        let batch = attributes.by_ref().take(BATCH).collect();
        write_attributes(tx, work, batch).await?;
    }
    let mut objects = objects.into_iter().peekable();
    while objects.peek().is_some() {
        let batch = objects.by_ref().take(OBJECTS).collect();
        let mut within = write_objects(tx, work, batch).await?.into_iter().peekable();
        while within.peek().is_some() {
            let batch = within.by_ref().take(BATCH).collect();
            write_attributes(tx, work, batch).await?;
        }
    }
    Ok(())
}

/// Gives all parts the labels that they have now, after that of the event was changed.
pub(super) async fn relabel(tx: &mut Tx, work: &mut Work<'_>) -> Result<(), Error> {
    let mut page = PageOf {
        event: work.row.id,
        mask: i32::MAX,
        deleted: None,
        to_ids: None,
        data: false,
        after: 0,
        most: 1_000,
    };
    let mut labels = HashMap::from([(0, work.label)]);
    loop {
        let rows = store::page::objects(tx, &page).await?;
        let Some(last) = rows.last() else {
            break;
        };
        page.after = last.id;
        let mut objects = Vec::new();
        for row in rows {
            let object = stored_object(&row, work)?;
            labels.insert(row.id, object.tlp);
            objects.push(object);
        }
        store::write::objects(tx, (work.row.id, work.row.slot), &objects).await?;
    }
    let mut objects: Vec<i64> = labels.keys().copied().collect();
    objects.sort_unstable();
    for some in objects.chunks(100) {
        page.after = 0;
        loop {
            let rows = store::page::attributes(tx, &page, some).await?;
            let Some(last) = rows.last() else {
                break;
            };
            page.after = last.id;
            let mut attributes = Vec::new();
            for row in rows {
                let around = labels.get(&row.object).copied().unwrap_or(work.label);
                attributes.push(stored_attribute(&row, around, work)?);
            }
            keep(tx, work, &attributes).await?;
        }
    }
    Ok(())
}

fn stored_object(row: &model::Object, work: &Work<'_>) -> Result<NewObject, Error> {
    let unreadable = |_cause| db::Corrupt::new("misp_object", "body", &row.id);
    let record: Object = serde_json::from_str(&row.body).map_err(unreadable)?;
    let mut object = NewObject::of(record, (work.label, row.timestamp), &*work.ground.rng);
    object.id = row.id;
    Ok(object)
}

fn stored_attribute(
    row: &model::Attribute,
    around: Tlp,
    work: &Work<'_>,
) -> Result<NewAttribute, Error> {
    let unreadable = |_cause| db::Corrupt::new("misp_attribute", "body", &row.id);
    let record: Attribute = serde_json::from_str(&row.body).map_err(unreadable)?;
    let rng = &*work.ground.rng;
    let mut attribute = NewAttribute::of(record, (around, row.timestamp), rng);
    (attribute.id, attribute.object) = (row.id, row.object);
    Ok(attribute)
}

/// Writes objects, and gives back their attributes.
async fn write_objects(
    tx: &mut Tx,
    work: &mut Work<'_>,
    batch: Vec<Object>,
) -> Result<Vec<Placed>, Error> {
    let slot = work.row.slot;
    let named = uuids(batch.iter().map(|one| one.uuid.as_deref()));
    let stored = store::read::objects_in(tx, slot, &named).await?;
    let stored = stored.into_iter().map(|row| (row.uuid, row)).collect();
    let mut known = Known::new(tx, slot, (&named, stored)).await?;
    let mut within = Vec::new();
    let mut new = Vec::new();
    for mut record in batch {
        let attributes = std::mem::take(&mut record.attributes);
        if let Some(fault) = known.fault(record.uuid.as_deref()) {
            work.refuse(record.uuid.as_deref(), &fault);
            continue;
        }
        let uuid = record.uuid.as_deref();
        let moments = || moments::fault((record.timestamp, &[]), uuid);
        if let Some(refused) = reach::fault(&record.rest, uuid).or_else(moments) {
            work.kept.refused.push(refused);
            continue;
        }
        let uuid = record
            .uuid
            .as_deref()
            .and_then(|uuid| Uuid::try_parse(uuid).ok());
        let found = uuid.and_then(|uuid| known.stored.remove(&uuid));
        if found.as_ref().is_some_and(|row| row.event != work.row.id) {
            work.refuse(record.uuid.as_deref(), &Fault::Elsewhere);
            continue;
        }
        let mut older = None;
        if let Some(row) = &found {
            if record.timestamp.is_some_and(|given| given <= row.timestamp) {
                older = Some((row.id, stored_object(row, work)?.tlp));
            } else {
                let unreadable = |_cause| db::Corrupt::new("misp_object", "body", &row.id);
                let moment = record.timestamp;
                if work.origin == Origin::Own && !record.references.is_empty() {
                    let stored: Object = serde_json::from_str(&row.body).map_err(unreadable)?;
                    parts::keep_references(&mut record, stored);
                }
                record = parts::merged(&row.body, &record).map_err(unreadable)?;
                record.timestamp = Some(moment.unwrap_or(work.now.max(row.timestamp + 1)));
            }
        }
        let around = (work.label, work.now);
        let mut object = NewObject::of(record, around, &*work.ground.rng);
        let (id, tlp) = if let Some((id, tlp)) = older {
            (id, tlp)
        } else if object.tlp > work.collection.settings.ceiling {
            work.refuse(object.record.uuid.as_deref(), &Fault::Ceiling);
            continue;
        } else {
            object.id = match found {
                Some(row) => row.id,
                None => store::take_number(tx, &*work.ground.rng, "object").await?,
            };
            let (id, tlp) = (object.id, object.tlp);
            work.kept.objects.push(id);
            new.push(object);
            (id, tlp)
        };
        within.extend(attributes.into_iter().map(|one| (id, tlp, one)));
    }
    store::write::objects(tx, (work.row.id, slot), &new).await?;
    Ok(within)
}

async fn write_attributes(
    tx: &mut Tx,
    work: &mut Work<'_>,
    batch: Vec<Placed>,
) -> Result<(), Error> {
    let slot = work.row.slot;
    let named = uuids(batch.iter().map(|(.., one)| one.uuid.as_deref()));
    let stored = store::read::attributes_in(tx, slot, &named).await?;
    let stored = stored.into_iter().map(|row| (row.uuid, row)).collect();
    let mut known = Known::new(tx, slot, (&named, stored)).await?;
    let mut taken = Vec::new();
    for placed in batch {
        let uuid = placed.2.uuid.clone();
        let judged = match known.fault(uuid.as_deref()) {
            Some(fault) => Err(fault),
            None => take(tx, work, &mut known, placed).await?,
        };
        match judged {
            Ok(Some(attribute)) => taken.push(attribute),
            Ok(None) => {}
            Err(fault) => work.refuse(uuid.as_deref(), &fault),
        }
    }
    if work.origin == Origin::Own && !work.kept.added {
        taken = similar::without(tx, work, taken).await?;
    }
    let fresh = taken.iter().filter(|one| one.id == 0).count();
    let numbers = store::take_scattered(tx, &*work.ground.rng, "attribute", fresh).await?;
    let new = taken.iter_mut().filter(|one| one.id == 0);
    for (attribute, number) in new.zip(numbers) {
        attribute.id = number;
    }
    let tags = taken.iter_mut().flat_map(|one| one.record.tags.iter_mut());
    number_tags(tx, work, tags.collect()).await?;
    work.kept.attributes.extend(taken.iter().map(|one| one.id));
    keep(tx, work, &taken).await?;
    for attribute in taken {
        write_sightings(tx, work, attribute.id, attribute.sightings).await?;
    }
    Ok(())
}

/// The attribute that is to be written; nothing where what is here is as new.
async fn take(
    tx: &mut Tx,
    work: &mut Work<'_>,
    known: &mut Known<model::Attribute>,
    (object, mut around, mut record): Placed,
) -> Result<Result<Option<NewAttribute>, Fault>, Error> {
    let uuid = record.uuid.as_deref();
    let moments = || moments::fault((record.timestamp, &record.sightings), uuid);
    if let Some(refused) = reach::fault(&record.rest, uuid).or_else(moments) {
        work.kept.refused.push(refused);
        return Ok(Ok(None));
    }
    if record.is_to_be_packed() {
        work.kept.refused.push(Refused {
            uuid: record.uuid.clone().unwrap_or_default(),
            field: "data",
            code: "misp.data",
            detail: "the attached file is not in base64".to_owned(),
        });
        return Ok(Ok(None));
    }
    let uuid = record
        .uuid
        .as_deref()
        .and_then(|uuid| Uuid::try_parse(uuid).ok());
    let found = uuid.and_then(|uuid| known.stored.remove(&uuid));
    if let Some(row) = &found {
        if row.event != work.row.id {
            return Ok(Err(Fault::Elsewhere));
        }
        // It stays in the object that it is in, whatever is said.
        if row.object != object
            && let Some(object) = store::read::object(tx, row.object).await?
        {
            around = around.max(Tlp::from_code(object.tlp));
        }
        if record.timestamp.is_some_and(|given| given <= row.timestamp) {
            return Ok(Ok(None));
        }
        let unreadable = |_cause| db::Corrupt::new("misp_attribute", "body", &row.id);
        let moment = record.timestamp;
        let sightings = std::mem::take(&mut record.sightings);
        record = parts::merged(&row.body, &record).map_err(unreadable)?;
        record.timestamp = Some(moment.unwrap_or(work.now.max(row.timestamp + 1)));
        record.sightings = sightings;
    }
    if work.origin == Origin::Own
        && let Some(refused) = parts::fault(&record)
    {
        work.kept.refused.push(refused);
        return Ok(Ok(None));
    }
    let rng = &*work.ground.rng;
    let mut attribute = NewAttribute::of(record, (around, work.now), rng);
    if attribute.tlp > work.collection.settings.ceiling {
        return Ok(Err(Fault::Ceiling));
    }
    match found {
        Some(row) => (attribute.id, attribute.object) = (row.id, row.object),
        None => attribute.object = object,
    }
    Ok(Ok(Some(attribute)))
}

/// Writes attributes that have their numbers, and what they are tagged with.
async fn keep(tx: &mut Tx, work: &Work<'_>, attributes: &[NewAttribute]) -> Result<(), Error> {
    let place = (work.row.id, work.row.slot);
    store::write::attributes(tx, place, attributes).await?;
    let ids: Vec<_> = attributes.iter().map(|one| one.id).collect();
    store::tag::take_away(tx, work.row.id, &ids).await?;
    let given: Vec<_> = attributes
        .iter()
        .flat_map(|one| {
            let tags = one.record.tags.iter().filter_map(|tag| tag.id);
            let tags = tags.filter_map(|tag| i64::try_from(tag).ok());
            tags.map(|tag| (tag, one.id, one.tlp.code()))
        })
        .collect();
    store::tag::give(tx, place, &given).await?;
    Ok(())
}

async fn write_sightings(
    tx: &mut Tx,
    work: &mut Work<'_>,
    attribute: i64,
    sightings: Vec<Sighting>,
) -> Result<(), Error> {
    if sightings.is_empty() {
        return Ok(());
    }
    let (rng, count) = (&*work.ground.rng, sightings.len());
    let numbers = store::take_scattered(tx, rng, "sighting", count).await?;
    let mut new = Vec::new();
    for (mut sighting, id) in sightings.into_iter().zip(numbers) {
        let named = match work.origin {
            Origin::Own => None,
            Origin::Sync => {
                org::named_in(tx, work.ground, sighting.organisation.as_deref()).await?
            }
        };
        let uuid = sighting
            .uuid
            .as_deref()
            .and_then(|uuid| Uuid::try_parse(uuid).ok());
        let uuid = uuid.unwrap_or_else(|| uuid_v4(&*work.ground.rng));
        sighting.uuid = Some(uuid.to_string());
        let date = sighting.date_sighting.unwrap_or(work.now);
        let kind = sighting.kind.map_or(0, SightingType::number);
        new.push(NewSighting {
            id,
            attribute,
            uuid,
            org: named.map_or(work.row.org, |org| org.id),
            kind: i32::try_from(kind).unwrap_or(0),
            date,
            source: clean(sighting.source.as_deref()),
            body: serde_json::to_string(&sighting).unwrap_or_default(),
        });
        work.row.sighted_at = work.row.sighted_at.max(date);
    }
    store::write::sightings(tx, work.row.id, &new).await?;
    Ok(())
}

impl Work<'_> {
    pub(super) fn refuse(&mut self, uuid: Option<&str>, fault: &Fault) {
        self.kept.refused.push(Refused {
            uuid: uuid.unwrap_or_default().chars().take(64).collect(),
            field: match fault {
                Fault::Similar => "value",
                _ => "uuid",
            },
            code: fault.code(),
            detail: fault.to_string(),
        });
    }
}
