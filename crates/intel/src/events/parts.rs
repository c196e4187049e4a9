//! Records of MISP's format as rows.

use std::collections::{BTreeMap, BTreeSet};

use formats_misp::{
    full::{Attribute, Object, Sighting, Tag},
    vocabulary::{attribute_type, check_attribute},
};
use kernel::{Rng, Tlp, uuid_v4};
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::{label, model::Refused, norm};

/// An attribute that is to be written.
#[derive(Debug)]
pub(crate) struct NewAttribute {
    pub(crate) id: i64,
    pub(crate) object: i64,
    pub(crate) uuid: Uuid,
    pub(crate) tlp: Tlp,
    pub(crate) timestamp: i64,
    pub(crate) record: Attribute,
    pub(crate) data: Option<String>,
    pub(crate) sightings: Vec<Sighting>,
}

/// An object that is to be written.
#[derive(Debug)]
pub(crate) struct NewObject {
    pub(crate) id: i64,
    pub(crate) uuid: Uuid,
    pub(crate) tlp: Tlp,
    pub(crate) timestamp: i64,
    pub(crate) record: Object,
}

/// Members of the record that stand in columns, or mean something on the instance alone that wrote it:
/// a search puts the event and what else is known of a value beside an attribute, and scripts send it
/// back.
const OF_ATTRIBUTE: &[&str] = &[
    "id",
    "event_id",
    "object_id",
    "Sighting",
    "data",
    "value1",
    "value2",
    "Event",
    "Feed",
    "Object",
    "RelatedAttribute",
    "Server",
    "decay_score",
    "encrypt",
    "event_uuid",
    "warnings",
];
const OF_OBJECT: &[&str] = &["id", "event_id", "Attribute", "Event", "event_uuid"];

impl NewAttribute {
    /// An attribute as it is stored. What it does not say gets MISP's defaults.
    pub(crate) fn of(mut record: Attribute, (around, now): (Tlp, i64), rng: &dyn Rng) -> Self {
        let uuid = uuid_of(&mut record.uuid, rng);
        let known = record.kind.as_deref().and_then(attribute_type);
        if record.category.as_deref().unwrap_or_default().is_empty() {
            record.category = known.map(|known| known.default_category.to_owned());
        }
        let to_ids = known.is_some_and(|known| known.to_ids);
        record.to_ids.get_or_insert(to_ids);
        record.deleted.get_or_insert(false);
        record.disable_correlation.get_or_insert(false);
        record.comment.get_or_insert_default();
        record
            .distribution
            .get_or_insert(formats_misp::full::Distribution::Inherited);
        let timestamp = *record.timestamp.get_or_insert(now);
        (record.id, record.event_id, record.object_id) = (None, None, None);
        let data = record.data.take().filter(|data| !data.is_empty());
        let sightings = std::mem::take(&mut record.sightings);
        for name in OF_ATTRIBUTE {
            record.rest.remove(name);
        }
        own_tags(&mut record.tags);
        Self {
            id: 0,
            object: 0,
            uuid,
            tlp: label::of_attribute(&record, around),
            timestamp,
            record,
            data,
            sightings,
        }
    }

    /// The texts that it is found by.
    pub(crate) fn norms(&self) -> BTreeSet<String> {
        let kind = self.record.kind.as_deref().unwrap_or_default();
        norm::of_attribute(kind, self.record.value.as_deref().unwrap_or_default())
    }
}

impl NewObject {
    /// An object as it is stored.
    pub(crate) fn of(mut record: Object, (around, now): (Tlp, i64), rng: &dyn Rng) -> Self {
        let uuid = uuid_of(&mut record.uuid, rng);
        record.deleted.get_or_insert(false);
        record.comment.get_or_insert_default();
        record
            .distribution
            .get_or_insert(formats_misp::full::Distribution::Inherited);
        let timestamp = *record.timestamp.get_or_insert(now);
        (record.id, record.event_id) = (None, None);
        for name in OF_OBJECT {
            record.rest.remove(name);
        }
        for reference in &mut record.references {
            (reference.id, reference.event_id) = (None, None);
            (reference.object_id, reference.referenced_id) = (None, None);
            uuid_of(&mut reference.uuid, rng);
        }
        Self {
            id: 0,
            uuid,
            tlp: label::of_object(&record, around),
            timestamp,
            record,
        }
    }
}

/// Those tags of an attribute that are its own: a search shows those of the event with it.
fn own_tags(tags: &mut Vec<Tag>) {
    tags.retain(|tag| tag.inherited != Some(true));
    for tag in tags {
        tag.inherited = None;
    }
}

/// The UUID of a record, in small letters; a new one where it has none or another thing.
fn uuid_of(text: &mut Option<String>, rng: &dyn Rng) -> Uuid {
    let uuid = text.as_deref().and_then(|text| Uuid::try_parse(text).ok());
    let uuid = uuid.unwrap_or_else(|| uuid_v4(rng));
    *text = Some(uuid.to_string());
    uuid
}

/// Whether a record says a UUID that is none.
pub(crate) fn is_bad(uuid: Option<&str>) -> bool {
    uuid.is_some_and(|uuid| !uuid.is_empty() && Uuid::try_parse(uuid).is_err())
}

/// What is wrong with an attribute that a user gives.
pub(crate) fn fault(attribute: &Attribute) -> Option<Refused> {
    let error = check_attribute(attribute).into_iter().next()?;
    Some(Refused {
        uuid: attribute.uuid.clone().unwrap_or_default(),
        field: error.member(),
        code: error.code(),
        detail: error.to_string(),
    })
}

/// Keeps those references of a stored object that a changed one does not name: who changed it need not
/// have seen them all.
pub(crate) fn keep_references(new: &mut Object, stored: Object) {
    let named: BTreeSet<String> = new
        .references
        .iter()
        .filter_map(|one| one.uuid.clone())
        .collect();
    let mut stays = stored.references;
    stays.retain(|one| one.uuid.as_ref().is_none_or(|uuid| !named.contains(uuid)));
    stays.append(&mut new.references);
    new.references = stays;
}

/// A record with the members of another in place of its own: what is not said stays.
pub(crate) fn merged<T: serde::de::DeserializeOwned>(
    stored: &str,
    new: &impl Serialize,
) -> Result<T, serde_json::Error> {
    let mut members: BTreeMap<String, Box<RawValue>> = serde_json::from_str(stored)?;
    let new: BTreeMap<String, Box<RawValue>> = serde_json::from_str(&serde_json::to_string(new)?)?;
    members.extend(new);
    serde_json::from_str(&serde_json::to_string(&members)?)
}
