//! Events in.

use std::{fmt, io::Read, ops::ControlFlow};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    Event,
    record::{Reading, Record, RecordSeed},
};
use crate::{MispError, MispErrorKind, bounded::Allowance};

/// What one event may be at most, since it is held in memory.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct EventLimits {
    /// Bytes of one event.
    pub event_bytes_max: u64,
    /// Records of one event: attributes, objects, tags and all others, and itself.
    pub parts_max: u64,
}

impl Default for EventLimits {
    /// 256 MiB, one million records.
    fn default() -> Self {
        Self {
            event_bytes_max: 256 << 20,
            parts_max: 1_000_000,
        }
    }
}

/// What was read.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct EventsSeen {
    /// Events.
    pub events: u64,
    /// Members beside `Event` in the objects that wrap events, which were passed over.
    pub passed_over: u64,
}

/// Hands on events as they come, each whole, until `on` says otherwise.
///
/// Reads what [`crate::read_events`] reads. The attributes of an answer of a search come as those of
/// one event that says nothing else.
pub fn read_events(
    source: impl Read,
    limits: &EventLimits,
    on: impl FnMut(Event) -> ControlFlow<()>,
) -> Result<EventsSeen, MispError> {
    let allowance = Allowance::new(limits.event_bytes_max);
    let mut walk = Walk {
        allowance: allowance.clone(),
        reading: Reading::new(limits),
        seen: EventsSeen::default(),
        stopped: false,
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
    if walk.stopped {
        return Ok(walk.seen);
    }
    let mut error = MispError::of_json(error, walk.reading.path());
    if walk.reading.is_full() {
        error.kind = MispErrorKind::TooMany(limits.parts_max);
    } else if allowance.is_spent() {
        error.kind = MispErrorKind::TooLarge(limits.event_bytes_max);
    }
    Err(error)
}

struct Walk<F> {
    allowance: Allowance,
    reading: Reading,
    seen: EventsSeen,
    stopped: bool,
    on: F,
}

impl<F: FnMut(Event) -> ControlFlow<()>> Walk<F> {
    fn renew(&self) {
        self.allowance.renew();
        self.reading.renew();
    }

    fn hand_on<E: Error>(&mut self, event: Event) -> Result<(), E> {
        self.seen.events += 1;
        self.renew();
        if (self.on)(event).is_break() {
            self.stopped = true;
            return Err(E::custom("stopped"));
        }
        Ok(())
    }

    /// The value of the member `Event`.
    fn event<'de, A: MapAccess<'de>>(&mut self, map: &mut A) -> Result<(), A::Error> {
        self.renew();
        let seed = RecordSeed::new(&self.reading);
        let event = self.reading.within("Event", || map.next_value_seed(seed))?;
        self.hand_on(event)
    }

    fn list<'de, A: SeqAccess<'de>>(&mut self, mut items: A) -> Result<(), A::Error> {
        let mut number = 0_u64;
        loop {
            self.renew();
            let before = self.reading.enter(number);
            if items.next_element_seed(Level::Wrapped(self))?.is_none() {
                return Ok(());
            }
            self.reading.leave(before);
            number += 1;
        }
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
}

impl<'de, F: FnMut(Event) -> ControlFlow<()>> DeserializeSeed<'de> for Level<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self {
            Self::Top(_) | Self::Response(_) => deserializer.deserialize_any(self),
            Self::Wrapped(_) => deserializer.deserialize_map(self),
        }
    }
}

impl<'de, F: FnMut(Event) -> ControlFlow<()>> Visitor<'de> for Level<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Top(_) => "an event, a list of events or the answer of a search",
            Self::Response(_) => "a list of events, or attributes",
            Self::Wrapped(_) => "an event, which is an object",
        })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        match self {
            Self::Top(walk) | Self::Response(walk) => walk.list(items),
            Self::Wrapped(_) => Err(A::Error::invalid_type(serde::de::Unexpected::Seq, &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match self {
            Self::Top(walk) => top(walk, &mut map),
            Self::Response(walk) => {
                walk.renew();
                let event = RecordSeed::new(&walk.reading).visit_map(map)?;
                walk.hand_on(event)
            }
            Self::Wrapped(walk) => {
                while let Some(name) = map.next_key::<String>()? {
                    if name == "Event" {
                        walk.event(&mut map)?;
                    } else {
                        walk.seen.passed_over += 1;
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// An outermost object: the wrapping of one event or of many, or an event itself.
fn top<'de, A, F>(walk: &mut Walk<F>, map: &mut A) -> Result<(), A::Error>
where
    A: MapAccess<'de>,
    F: FnMut(Event) -> ControlFlow<()>,
{
    let mut bare = Event::default();
    let (mut named, mut others, mut wrapped) = (false, 0, false);
    while let Some(name) = map.next_key::<String>()? {
        match &*name {
            "Event" => {
                wrapped = true;
                walk.event(map)?;
            }
            "response" => {
                wrapped = true;
                let before = walk.reading.enter("response");
                map.next_value_seed(Level::Response(walk))?;
                walk.reading.leave(before);
            }
            _ => {
                named |= matches!(&*name, "Attribute" | "Object" | "info" | "uuid");
                others += 1;
                bare.member(&name, map, &walk.reading)?;
            }
        }
    }
    if wrapped {
        walk.seen.passed_over += others;
        Ok(())
    } else if named {
        walk.hand_on(bare)
    } else {
        Err(A::Error::custom(
            "no event: expected Event, response or Attribute",
        ))
    }
}
