//! Minimal indexes: what instances that synchronise tell each other of their events first.

use std::{
    fmt,
    io::{self, Read, Write},
    ops::ControlFlow,
};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::json;

use crate::{
    Limits, MispError,
    fields::Scalar,
    whole::{self, Walk},
};

/// An event of an index.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct IndexEntry {
    /// The event's UUID as it came; empty where it has none.
    pub uuid: String,
    /// Its number on the instance that wrote it.
    pub id: Option<i64>,
    /// When it was changed last, in seconds since 1970.
    pub timestamp: Option<i64>,
    /// When a sighting was added last, in seconds since 1970; 0 for never.
    pub sighting_timestamp: Option<i64>,
    /// Whether it was published as it is; nothing where the index does not say.
    pub published: Option<bool>,
    /// The UUID of who made it.
    pub orgc_uuid: String,
}

/// Hands on the entries of an index as they come, until `on` says otherwise: a list of them, alone
/// or under `response`, each alone or as `{"Event": {…}}`. One entry alone is read too, as old
/// instances write it.
pub fn read_index(
    source: impl Read,
    limits: &Limits,
    mut on: impl FnMut(IndexEntry) -> ControlFlow<()>,
) -> Result<(), MispError> {
    let mut stopped = false;
    let read = whole::read(source, limits, |walk, json| {
        Whole {
            walk,
            on: &mut on,
            stopped: &mut stopped,
        }
        .deserialize(json)
    });
    if stopped { Ok(()) } else { read }
}

/// Writes a minimal index whose entries come one by one. It writes in many small pieces: give it a
/// buffer.
#[derive(Debug)]
pub struct IndexWriter<W> {
    out: W,
    begun: bool,
}

impl<W: Write> IndexWriter<W> {
    /// Writes the beginning.
    pub fn begin(mut out: W) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self { out, begun: false })
    }

    /// Writes an entry.
    pub fn entry(&mut self, entry: &IndexEntry) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            self.out.write_all(b",")?;
        }
        let number = |number: Option<i64>| number.unwrap_or_default().to_string();
        let entry = json!({
            "id": number(entry.id),
            "timestamp": number(entry.timestamp),
            "sighting_timestamp": number(entry.sighting_timestamp),
            "published": entry.published.unwrap_or(false),
            "uuid": entry.uuid,
            "orgc_uuid": entry.orgc_uuid,
        });
        serde_json::to_writer(&mut self.out, &entry)?;
        Ok(())
    }

    /// Writes the end, and gives back what was written to.
    pub fn end(mut self) -> io::Result<W> {
        self.out.write_all(b"]")?;
        Ok(self.out)
    }
}

struct Whole<'w, F> {
    walk: &'w mut Walk,
    on: &'w mut F,
    stopped: &'w mut bool,
}

impl<F: FnMut(IndexEntry) -> ControlFlow<()>> Whole<'_, F> {
    fn hand_on<E: Error>(&mut self, entry: IndexEntry) -> Result<(), E> {
        self.walk.allowance.renew();
        if (self.on)(entry).is_break() {
            *self.stopped = true;
            return Err(E::custom("stopped"));
        }
        Ok(())
    }
}

impl<'de, F: FnMut(IndexEntry) -> ControlFlow<()>> DeserializeSeed<'de> for Whole<'_, F> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, F: FnMut(IndexEntry) -> ControlFlow<()>> Visitor<'de> for Whole<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an index, which is a list of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<(), A::Error> {
        let mut count = 0_u64;
        loop {
            self.walk.path = format!("/{count}");
            let Some(entry) = items.next_element()? else {
                self.walk.path.clear();
                return Ok(());
            };
            if count >= self.walk.limits.parts_max {
                self.walk.too_many = true;
                return Err(A::Error::custom("too many"));
            }
            count += 1;
            self.hand_on(entry)?;
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        let mut alone = IndexEntry::default();
        let mut is_alone = false;
        while let Some(key) = members.next_key::<String>()? {
            if key == "response" {
                let inner = Whole {
                    walk: &mut *self.walk,
                    on: &mut *self.on,
                    stopped: &mut *self.stopped,
                };
                members.next_value_seed(inner)?;
            } else {
                is_alone |= key == "uuid";
                alone.member(&key, &mut members)?;
            }
        }
        if is_alone {
            self.hand_on(alone)?;
        }
        Ok(())
    }
}

impl IndexEntry {
    fn member<'de, A: MapAccess<'de>>(
        &mut self,
        key: &str,
        members: &mut A,
    ) -> Result<(), A::Error> {
        match key {
            "Event" => *self = members.next_value()?,
            "uuid" => self.uuid = members.next_value::<Scalar>()?.text(),
            "id" => self.id = members.next_value::<Scalar>()?.number(),
            "timestamp" => self.timestamp = members.next_value::<Scalar>()?.number(),
            "sighting_timestamp" => {
                self.sighting_timestamp = members.next_value::<Scalar>()?.number();
            }
            "published" => self.published = members.next_value::<Scalar>()?.truth(),
            "orgc_uuid" => self.orgc_uuid = members.next_value::<Scalar>()?.text(),
            // A full index, of an instance that has no minimal one.
            "Orgc" => self.orgc_uuid = members.next_value::<Party>()?.uuid.text(),
            _ => {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Party {
    #[serde(default)]
    uuid: Scalar,
}

impl<'de> Deserialize<'de> for IndexEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = IndexEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event of an index, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<IndexEntry, A::Error> {
        let mut entry = IndexEntry::default();
        while let Some(key) = members.next_key::<String>()? {
            entry.member(&key, &mut members)?;
        }
        Ok(entry)
    }
}
