//! What the specification does not know, kept as it came.

use crate::{
    Id,
    json::Value,
    schema::{Dictionary, Draft, Kind, Raw, ReadError, Time, ValueType, read_member},
};

/// Properties that the specification does not know, in their order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Custom(Vec<(Box<str>, Raw)>);

impl Custom {
    /// The names and the JSON values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (&**name, value.as_json()))
    }

    /// The JSON value of this property.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    pub(crate) fn push(&mut self, name: &str, value: Value<'_>) {
        self.0.push((name.into(), Raw::from_value(value)));
    }

    pub(crate) fn write(&self, draft: &mut Draft<'_>) {
        for (name, value) in self.iter() {
            draft.raw(name, value);
        }
    }
}

/// What stands in `extensions`: by the key of a predefined extension or the id of an extension
/// definition (STIX 2.1 §7.3) the extension, as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Extensions(pub Dictionary<Raw>);

impl Extensions {
    /// The extension under this key as the type that the specification gives it.
    pub fn get<T: ValueType>(&self, key: &str) -> Option<Result<T, ReadError>> {
        let Dictionary(all) = &self.0;
        let (_, raw) = all.iter().find(|(name, _)| **name == *key)?;
        Some(raw.read().map_err(|error| error.within(key)))
    }

    /// Puts an extension under this key, in place of the one that may be there.
    pub fn set(&mut self, key: &str, extension: &impl ValueType) {
        let mut text = String::new();
        extension.write(&mut text);
        let Dictionary(all) = &mut self.0;
        all.retain(|(name, _)| **name != *key);
        all.push((key.into(), Raw(text.into())));
    }
}

impl ValueType for Extensions {
    const KIND: Kind = Kind::Extensions;
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        Dictionary::read(value).map(Self)
    }
    fn write(&self, out: &mut String) {
        self.0.write(out);
    }
}

/// The deprecated dictionary of observables (STIX 2.1 §4.14): by a key of its own each observable,
/// without an id, as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Observables(pub Dictionary<Raw>);

impl ValueType for Observables {
    const KIND: Kind = Kind::Observables;
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        Dictionary::read(value).map(Self)
    }
    fn write(&self, out: &mut String) {
        self.0.write(out);
    }
}

/// An object of a type that the specification does not know, as it came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CustomObject {
    object_type: Box<str>,
    id: Id,
    created: Option<Time>,
    modified: Option<Time>,
    json: Raw,
}

impl CustomObject {
    /// Its type.
    pub fn object_type(&self) -> &str {
        &self.object_type
    }

    /// What identifies it.
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// When its first version was made, if it says so.
    pub fn created(&self) -> Option<&Time> {
        self.created.as_ref()
    }

    /// When this version was made, if it says so.
    pub fn modified(&self) -> Option<&Time> {
        self.modified.as_ref()
    }

    /// The whole object as JSON.
    pub fn as_json(&self) -> &str {
        self.json.as_json()
    }

    /// The object as a type that an extension defines, such as [`super::Event`].
    pub fn read<T: ValueType>(&self) -> Result<T, ReadError> {
        self.json.read()
    }

    pub(crate) fn from_value(object_type: &str, value: Value<'_>) -> Result<Self, ReadError> {
        let id = value.get("id").ok_or_else(|| ReadError::missing("id"))?;
        let moment = |name| {
            let moment = value.get(name);
            moment.map(|moment| read_member(name, moment)).transpose()
        };
        Ok(Self {
            object_type: object_type.into(),
            id: read_member("id", id)?,
            created: moment("created")?,
            modified: moment("modified")?,
            json: Raw::from_value(value),
        })
    }
}
