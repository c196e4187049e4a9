//! What the specification does not know, kept as it came.

use crate::{
    id::raw_json,
    json::{self, Value},
    schema::{Dictionary, Draft, Kind, Raw, ReadError, ValueType},
};

/// Properties that the specification does not know, in their order.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Custom(Vec<(Box<str>, Raw)>);

impl Custom {
    /// The names and the JSON values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, value.as_json()))
    }

    /// The JSON value of this property.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
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
        let document = json::Document::parse(raw.as_json().as_bytes());
        Some(match &document {
            Ok(document) => T::read(document.root()).map_err(|error| error.within(key)),
            Err(_broken) => Err(ReadError::here("JSON").within(key)),
        })
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

/// An object of a type that the specification does not know, as it came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct CustomObject {
    pub(crate) object_type: Box<str>,
    pub(crate) json: Box<str>,
}

impl CustomObject {
    /// Its type.
    pub fn object_type(&self) -> &str {
        &self.object_type
    }

    /// The whole object as JSON.
    pub fn as_json(&self) -> &str {
        &self.json
    }

    pub(crate) fn from_value(object_type: &str, value: Value<'_>) -> Self {
        Self { object_type: object_type.into(), json: raw_json(value).into() }
    }
}
