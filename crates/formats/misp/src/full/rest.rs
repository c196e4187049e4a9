//! Members that are kept as they came.

use std::borrow::Cow;

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::value::RawValue;

/// The members of a record that are not known here, or not of the form that is known, as they came.
///
/// `null` and the empty list stand here too, under names that are known: MISP writes them for what is
/// not there, and what came is what is written again. A member that the record itself has goes before
/// one of the same name here.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Rest(Vec<(Cow<'static, str>, Kept)>);

impl Rest {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, these as JSON.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, kept)| (&**name, kept.as_json()))
    }

    /// Those that say something: neither `null`, nor empty.
    pub fn said(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter()
            .filter(|(_, json)| !matches!(*json, "null" | "[]" | "{}" | "\"\""))
    }

    /// The value of this name as JSON.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, json)| json)
    }

    /// Sets a member, in place of the one that may be there.
    pub fn set(&mut self, name: &str, value: &serde_json::Value) {
        // A value prints without fail; nothing could be kept if it did not.
        if let Ok(json) = serde_json::value::to_raw_value(value) {
            self.keep(Cow::Owned(name.to_owned()), Kept::from(json));
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| *known != name);
    }

    pub(crate) fn keep(&mut self, name: Cow<'static, str>, kept: Kept) {
        self.remove(&name);
        self.0.push((name, kept));
    }

    /// Writes those whose names pass.
    pub(crate) fn write<M: SerializeMap>(
        &self,
        map: &mut M,
        mut pass: impl FnMut(&str) -> bool,
    ) -> Result<(), M::Error> {
        for (name, kept) in &self.0 {
            if pass(name) {
                map.serialize_entry(&**name, kept)?;
            }
        }
        Ok(())
    }
}

/// One JSON value. What stands there most takes no room.
#[derive(Clone, Debug)]
pub(crate) enum Kept {
    Null,
    EmptyList,
    EmptyObject,
    Json(Box<RawValue>),
}

impl Kept {
    pub(crate) fn as_json(&self) -> &str {
        match self {
            Self::Null => "null",
            Self::EmptyList => "[]",
            Self::EmptyObject => "{}",
            Self::Json(json) => json.get(),
        }
    }
}

impl From<Box<RawValue>> for Kept {
    fn from(json: Box<RawValue>) -> Self {
        let text = json.get();
        let empty = |open, close| {
            let inner = text
                .strip_prefix(open)
                .and_then(|rest: &str| rest.strip_suffix(close));
            inner.is_some_and(|inner: &str| inner.trim_ascii().is_empty())
        };
        if text == "null" {
            Self::Null
        } else if empty('[', ']') {
            Self::EmptyList
        } else if empty('{', '}') {
            Self::EmptyObject
        } else {
            Self::Json(json)
        }
    }
}

impl Eq for Kept {}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.as_json() == other.as_json()
    }
}

impl Serialize for Kept {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::EmptyList => serializer.serialize_seq(Some(0))?.end(),
            Self::EmptyObject => serializer.serialize_map(Some(0))?.end(),
            Self::Json(json) => json.serialize(serializer),
        }
    }
}
