//! Events and their attributes.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use crate::{
    composite,
    fields::{Scalar, Tags},
};

/// What an event says of itself, without its attributes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Event {
    /// Its id, the same everywhere.
    pub uuid: String,
    /// What it is about.
    pub info: String,
    /// The day of it, such as `2026-01-31`.
    pub date: String,
    /// When it was changed last, in seconds since 1970.
    pub timestamp: Option<i64>,
    /// Whether it was published.
    pub published: bool,
    /// How far it may go: 0 the organisation, 1 the community, 2 connected ones, 3 all, 4 a group.
    pub distribution: Option<u8>,
    /// The name of the organisation that made it.
    pub organisation: String,
    /// The names of its tags, such as `tlp:amber+strict`.
    pub tags: Vec<String>,
}

/// One attribute of an event or of an object in it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Attribute {
    /// Its id, the same everywhere.
    pub uuid: String,
    /// What it is of, such as `ip-dst` or `filename|sha256`.
    pub kind: String,
    /// What it is for, such as `Network activity`.
    pub category: String,
    /// What was observed; both parts of a composite.
    pub value: String,
    /// Whether it is to be looked for.
    pub to_ids: bool,
    /// Whether it was taken back.
    pub deleted: bool,
    /// What people say of it.
    pub comment: String,
    /// When it was changed last, in seconds since 1970.
    pub timestamp: Option<i64>,
    /// When it was seen first, as it came.
    pub first_seen: Option<String>,
    /// When it was seen last, as it came.
    pub last_seen: Option<String>,
    /// How far it may go, as in [`Event::distribution`]; 5 as far as the event.
    pub distribution: Option<u8>,
    /// The part that it plays in its object.
    pub object_relation: Option<String>,
    /// The names of its own tags.
    pub tags: Vec<String>,
    /// How many of its members are not known here.
    pub unknown: u64,
}

impl Attribute {
    /// Types and values of its parts: two of a composite such as `domain|ip`, else one.
    ///
    /// A malware sample is a file name and an MD5 hash. The second part of `filename|…` is behind the
    /// last bar, that of others behind the first; an old `ip-dst|port` may have a colon instead.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &str)> {
        let both = composite::split(&self.kind, &self.value);
        let whole = both.is_none().then_some((&*self.kind, &*self.value));
        both.into_iter().flatten().chain(whole)
    }
}

impl<'de> Deserialize<'de> for Attribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AttributeVisitor)
    }
}

struct AttributeVisitor;

impl<'de> Visitor<'de> for AttributeVisitor {
    type Value = Attribute;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an attribute, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Attribute, A::Error> {
        let mut attribute = Attribute::default();
        while let Some(key) = members.next_key::<String>()? {
            match &*key {
                "Tag" => attribute.tags = members.next_value::<Tags>()?.0,
                "uuid" => attribute.uuid = members.next_value::<Scalar>()?.text(),
                "type" => attribute.kind = members.next_value::<Scalar>()?.text(),
                "category" => attribute.category = members.next_value::<Scalar>()?.text(),
                "value" => attribute.value = members.next_value::<Scalar>()?.text(),
                "comment" => attribute.comment = members.next_value::<Scalar>()?.text(),
                "to_ids" => attribute.to_ids = truth(&members.next_value()?),
                "deleted" => attribute.deleted = truth(&members.next_value()?),
                "timestamp" => attribute.timestamp = members.next_value::<Scalar>()?.number(),
                "distribution" => attribute.distribution = members.next_value::<Scalar>()?.number(),
                "first_seen" => attribute.first_seen = members.next_value::<Scalar>()?.some(),
                "last_seen" => attribute.last_seen = members.next_value::<Scalar>()?.some(),
                "object_relation" => {
                    attribute.object_relation = members.next_value::<Scalar>()?.some();
                }
                other => {
                    attribute.unknown += u64::from(!PASSED_OVER.contains(&other));
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(attribute)
    }
}

fn truth(scalar: &Scalar) -> bool {
    scalar.truth().unwrap_or_default()
}

/// Members of attributes that say nothing here.
const PASSED_OVER: &[&str] = &[
    "Event",
    "EventTag",
    "Galaxy",
    "ShadowAttribute",
    "Sighting",
    "data",
    "disable_correlation",
    "event_id",
    "id",
    "object_id",
    "sharing_group_id",
    "value1",
    "value2",
];
