//! Events as a stream.

use std::{fmt, io::Read, ops::ControlFlow};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::{
    Attribute, Event, Limits, MispError, MispErrorKind, Place,
    bounded::Allowance,
    fields::{Named, Scalar, Tags},
    place::Root,
};

/// What a stream of events brings.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Part {
    /// An attribute, of an event or of an object in it.
    Attribute(Attribute),
    /// The end of an event, whose attributes came before.
    End(Event),
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Seen {
    /// Events.
    pub events: u64,
    /// Attributes, with those of objects.
    pub attributes: u64,
    /// Objects.
    pub objects: u64,
    /// Members that are not known here.
    pub unknown: u64,
}

/// Hands on attributes and events as they come, until `on` says otherwise.
///
/// Reads `{"Event": {…}}`, a list of such, `{"response": […]}` with a list of such,
/// `{"response": {"Attribute": […]}}`, and an event without its wrapping.
pub fn read_events(
    source: impl Read,
    limits: &Limits,
    on: impl FnMut(Part, Place) -> ControlFlow<()>,
) -> Result<Seen, MispError> {
    let allowance = Allowance::new(limits.part_bytes_max);
    let mut walk = Walk {
        limits: *limits,
        allowance: allowance.clone(),
        place: Place::default(),
        event: Event::default(),
        seen: Seen::default(),
        halt: None,
        on,
    };
    let mut json = serde_json::Deserializer::from_reader(allowance.bound(source));
    let read = Level::Top(&mut walk).deserialize(&mut json);
    let read = read.and_then(|()| {
        allowance.renew();
        json.end()
    });
    let Err(error) = read else {
        return Ok(walk.seen);
    };
    let path = walk.place.to_string();
    let mut error = MispError::of_json(error, path);
    match walk.halt {
        Some(Halt::Stopped) => return Ok(walk.seen),
        Some(Halt::TooMany) => error.kind = MispErrorKind::TooMany(limits.parts_max),
        None if allowance.is_spent() => {
            error.kind = MispErrorKind::TooLarge(limits.part_bytes_max);
        }
        None => {}
    }
    Err(error)
}

struct Walk<F> {
    limits: Limits,
    allowance: Allowance,
    place: Place,
    event: Event,
    seen: Seen,
    halt: Option<Halt>,
    on: F,
}

/// Why reading ended before the text did.
enum Halt {
    Stopped,
    TooMany,
}

impl<F: FnMut(Part, Place) -> ControlFlow<()>> Walk<F> {
    fn hand_on<E: Error>(&mut self, part: Part) -> Result<(), E> {
        if (self.on)(part, self.place).is_break() {
            self.halt = Some(Halt::Stopped);
            return Err(E::custom("stopped"));
        }
        Ok(())
    }

    fn attribute<E: Error>(&mut self, attribute: Attribute) -> Result<(), E> {
        if self.seen.attributes >= self.limits.parts_max {
            self.halt = Some(Halt::TooMany);
            return Err(E::custom("too many"));
        }
        self.seen.attributes += 1;
        self.seen.unknown += attribute.unknown;
        self.hand_on(Part::Attribute(attribute))
    }

    fn end_event<E: Error>(&mut self) -> Result<(), E> {
        self.place.object = None;
        self.place.attribute = None;
        self.seen.events += 1;
        let event = std::mem::take(&mut self.event);
        self.hand_on(Part::End(event))?;
        self.place.event += 1;
        Ok(())
    }

    /// One member of an event.
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        self.allowance.renew();
        match key {
            "Attribute" => {
                map.next_value_seed(Level::Attributes(self))?;
                self.place.attribute = None;
            }
            "Object" => {
                map.next_value_seed(Level::Objects(self))?;
                self.place.object = None;
            }
            "Tag" => self.event.tags = map.next_value::<Tags>()?.0,
            "uuid" => self.event.uuid = map.next_value::<Scalar>()?.text(),
            "info" => self.event.info = map.next_value::<Scalar>()?.text(),
            "date" => self.event.date = map.next_value::<Scalar>()?.text(),
            "timestamp" => self.event.timestamp = map.next_value::<Scalar>()?.number(),
            "distribution" => self.event.distribution = map.next_value::<Scalar>()?.number(),
            "published" => {
                self.event.published = map.next_value::<Scalar>()?.truth().unwrap_or_default();
            }
            "Orgc" => self.event.organisation = map.next_value::<Named>()?.0.unwrap_or_default(),
            other => {
                self.seen.unknown += u64::from(!PASSED_OVER.contains(&other));
                map.next_value::<IgnoredAny>()?;
            }
        }
        self.allowance.renew();
        Ok(())
    }
}

/// What is expected next.
enum Level<'w, F> {
    /// The outermost value.
    Top(&'w mut Walk<F>),
    /// What stands under `response`.
    Response(&'w mut Walk<F>),
    /// `{"Event": {…}}` in a list.
    Wrapped(&'w mut Walk<F>),
    Event(&'w mut Walk<F>),
    Attributes(&'w mut Walk<F>),
    Objects(&'w mut Walk<F>),
    Object(&'w mut Walk<F>),
}

impl<'de, F: FnMut(Part, Place) -> ControlFlow<()>> DeserializeSeed<'de> for Level<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self {
            Self::Top(_) | Self::Response(_) | Self::Attributes(_) | Self::Objects(_) => {
                deserializer.deserialize_any(self)
            }
            Self::Wrapped(_) | Self::Event(_) | Self::Object(_) => {
                deserializer.deserialize_map(self)
            }
        }
    }
}

impl<'de, F: FnMut(Part, Place) -> ControlFlow<()>> Visitor<'de> for Level<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Top(_) => "an event, a list of events or the answer of a search",
            Self::Response(_) => "a list of events, or attributes",
            Self::Wrapped(_) | Self::Event(_) => "an event, which is an object",
            Self::Attributes(_) => "a list of attributes",
            Self::Objects(_) => "a list of objects",
            Self::Object(_) => "an object",
        })
    }

    /// `null` where a list may be.
    fn visit_unit<E: Error>(self) -> Result<(), E> {
        match self {
            Self::Attributes(_) | Self::Objects(_) => Ok(()),
            _ => Err(E::invalid_type(serde::de::Unexpected::Unit, &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        match self {
            Self::Top(walk) => {
                walk.place.root = Root::Array;
                while items.next_element_seed(Level::Wrapped(walk))?.is_some() {}
            }
            Self::Response(walk) => {
                walk.place.root = Root::Response;
                while items.next_element_seed(Level::Wrapped(walk))?.is_some() {}
            }
            Self::Attributes(walk) => {
                let mut number = 0;
                walk.place.attribute = Some(number);
                walk.allowance.renew();
                while let Some(attribute) = items.next_element()? {
                    walk.attribute(attribute)?;
                    number += 1;
                    walk.place.attribute = Some(number);
                    walk.allowance.renew();
                }
                walk.place.attribute = None;
            }
            Self::Objects(walk) => {
                let mut number = 0;
                walk.place.object = Some(number);
                while items.next_element_seed(Level::Object(walk))?.is_some() {
                    number += 1;
                    walk.place.object = Some(number);
                    walk.seen.objects += 1;
                }
            }
            Self::Wrapped(_) | Self::Event(_) | Self::Object(_) => {
                return Err(A::Error::invalid_type(serde::de::Unexpected::Seq, &self));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match self {
            Self::Top(walk) => top(walk, &mut map),
            Self::Response(walk) => {
                walk.place.root = Root::Search;
                while let Some(key) = map.next_key::<String>()? {
                    walk.member(&key, &mut map)?;
                }
                walk.end_event()
            }
            Self::Wrapped(walk) => {
                while let Some(key) = map.next_key::<String>()? {
                    if key == "Event" {
                        map.next_value_seed(Level::Event(walk))?;
                    } else {
                        walk.seen.unknown += 1;
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(())
            }
            Self::Event(walk) => {
                while let Some(key) = map.next_key::<String>()? {
                    walk.member(&key, &mut map)?;
                }
                walk.end_event()
            }
            Self::Object(walk) => {
                while let Some(key) = map.next_key::<String>()? {
                    walk.allowance.renew();
                    if key == "Attribute" {
                        map.next_value_seed(Level::Attributes(walk))?;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(())
            }
            // Some programs write an empty list as an empty object.
            Self::Attributes(_) | Self::Objects(_) => {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(())
            }
        }
    }
}

/// An outermost object: the wrapping of one event or of many, or an event itself.
fn top<'de, A, F>(walk: &mut Walk<F>, map: &mut A) -> Result<(), A::Error>
where
    A: MapAccess<'de>,
    F: FnMut(Part, Place) -> ControlFlow<()>,
{
    let mut bare = false;
    let mut wrapped = false;
    while let Some(key) = map.next_key::<String>()? {
        match &*key {
            "Event" => {
                wrapped = true;
                walk.place.root = Root::Event;
                map.next_value_seed(Level::Event(walk))?;
                walk.place = Place::default();
            }
            "response" => {
                wrapped = true;
                map.next_value_seed(Level::Response(walk))?;
                walk.place = Place::default();
            }
            _ => {
                bare |= matches!(&*key, "Attribute" | "Object" | "info");
                walk.member(&key, map)?;
            }
        }
    }
    if bare && !wrapped {
        walk.end_event()?;
    }
    if bare || wrapped {
        Ok(())
    } else {
        Err(A::Error::custom(
            "no event: expected Event, response or Attribute",
        ))
    }
}

/// Members of events that say nothing here.
const PASSED_OVER: &[&str] = &[
    "CryptographicKey",
    "EventReport",
    "Galaxy",
    "Org",
    "RelatedEvent",
    "ShadowAttribute",
    "SharingGroup",
    "analysis",
    "attribute_count",
    "disable_correlation",
    "event_creator_email",
    "extends_uuid",
    "id",
    "locked",
    "org_id",
    "orgc_id",
    "proposal_email_lock",
    "protected",
    "publish_timestamp",
    "sharing_group_id",
    "threat_level_id",
];
