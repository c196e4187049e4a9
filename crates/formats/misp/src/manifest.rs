//! The manifest of a feed: what it says of its events.

use std::{fmt, io::Read};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor},
};

use crate::{
    Limits, MispError,
    fields::{Named, Scalar, Tags},
    whole::{self, Walk},
};

/// An event of a feed. The event itself is in the file that its UUID and `.json` name.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ManifestEntry {
    /// The event's UUID.
    pub uuid: String,
    /// What it is about.
    pub info: String,
    /// The day of it, such as `2026-01-31`.
    pub date: String,
    /// When it was changed last, in seconds since 1970.
    pub timestamp: Option<i64>,
    /// The name of the organisation that made it.
    pub organisation: String,
    /// The names of its tags.
    pub tags: Vec<String>,
}

/// Reads the manifest of a feed.
pub fn read_manifest(source: impl Read, limits: &Limits) -> Result<Vec<ManifestEntry>, MispError> {
    whole::read(source, limits, |walk, json| Whole(walk).deserialize(json))
}

struct Whole<'w>(&'w mut Walk);

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = Vec<ManifestEntry>;

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Vec<ManifestEntry>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = Vec<ManifestEntry>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a manifest, which is an object with a member for each event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        let mut count = 0;
        while let Some(uuid) = members.next_key::<String>()? {
            self.0.path = format!("/{uuid}");
            if count >= self.0.limits.parts_max {
                self.0.too_many = true;
                return Err(A::Error::custom("too many"));
            }
            count += 1;
            let mut entry = members.next_value::<ManifestEntry>()?;
            entry.uuid = uuid;
            entries.push(entry);
            self.0.allowance.renew();
        }
        self.0.path.clear();
        Ok(entries)
    }
}

impl<'de> Deserialize<'de> for ManifestEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = ManifestEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event of a manifest, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<ManifestEntry, A::Error> {
        let mut entry = ManifestEntry::default();
        while let Some(key) = members.next_key::<String>()? {
            match &*key {
                "info" => entry.info = members.next_value::<Scalar>()?.text(),
                "date" => entry.date = members.next_value::<Scalar>()?.text(),
                "timestamp" => entry.timestamp = members.next_value::<Scalar>()?.number(),
                "Orgc" => entry.organisation = members.next_value::<Named>()?.0.unwrap_or_default(),
                "Tag" => entry.tags = members.next_value::<Tags>()?.0,
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(entry)
    }
}
