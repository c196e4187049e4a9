//! The types of values (STIX 2.1 §2).

use std::fmt;

use super::Kind;
use crate::{
    Id, Timestamp,
    id::raw_json,
    json::{self, Value},
};

/// A type that a property's value can have.
pub trait ValueType: Sized {
    /// What the value must be.
    const KIND: Kind;

    /// The value, if it is one.
    fn read(value: Value<'_>) -> Result<Self, ReadError>;

    /// Appends it as JSON.
    fn write(&self, out: &mut String);
}

/// Why a value is not of the type that its place wants. [`crate::check`] lists all that is wrong;
/// reading stops at the first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ReadError {
    pointer: String,
    wanted: &'static str,
}

impl ReadError {
    pub(crate) fn here(wanted: &'static str) -> Self {
        Self {
            pointer: String::new(),
            wanted,
        }
    }

    pub(crate) fn missing(name: &str) -> Self {
        Self::here("this property, which is required").within(name)
    }

    pub(crate) fn text(value: Value<'_>) -> Result<&str, Self> {
        value.as_str().ok_or_else(|| Self::here("a string"))
    }

    /// Refuses what is no object of this type.
    pub(crate) fn unless_type(value: Value<'_>, object_type: &'static str) -> Result<(), Self> {
        match value.text("type") {
            Some(found) if found == object_type => Ok(()),
            _ if value.kind() != json::Kind::Object => Err(Self::here("an object")),
            _ => Err(Self::here(object_type).within("type")),
        }
    }

    /// The same error, seen from the object or list that holds the value under `name`.
    pub(crate) fn within(mut self, name: &str) -> Self {
        let name = name.replace('~', "~0").replace('/', "~1");
        self.pointer = format!("/{name}{}", self.pointer);
        self
    }

    /// Where the value stands, as a JSON pointer (RFC 6901).
    pub fn pointer(&self) -> &str {
        &self.pointer
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} at {:?}", self.wanted, self.pointer)
    }
}

impl std::error::Error for ReadError {}

/// Reads a member's value; an error tells its name.
pub(crate) fn read_member<T: ValueType>(name: &str, value: Value<'_>) -> Result<T, ReadError> {
    T::read(value).map_err(|error| error.within(name))
}

/// An object that is being written.
pub(crate) struct Draft<'o> {
    out: &'o mut String,
    empty: bool,
}

impl<'o> Draft<'o> {
    pub(crate) fn open(out: &'o mut String) -> Self {
        out.push('{');
        Self { out, empty: true }
    }

    pub(crate) fn value(&mut self, name: &str, value: &impl ValueType) {
        value.write(self.name(name));
    }

    pub(crate) fn optional(&mut self, name: &str, value: Option<&impl ValueType>) {
        if let Some(value) = value {
            self.value(name, value);
        }
    }

    pub(crate) fn text(&mut self, name: &str, text: &str) {
        json::write_string(text, self.name(name));
    }

    pub(crate) fn raw(&mut self, name: &str, json: &str) {
        self.name(name).push_str(json);
    }

    pub(crate) fn close(self) {
        self.out.push('}');
    }

    fn name(&mut self, name: &str) -> &mut String {
        if !std::mem::take(&mut self.empty) {
            self.out.push(',');
        }
        json::write_string(name, self.out);
        self.out.push(':');
        self.out
    }
}

impl ValueType for String {
    const KIND: Kind = Kind::String;
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        ReadError::text(value).map(Self::from)
    }
    fn write(&self, out: &mut String) {
        json::write_string(self, out);
    }
}

impl ValueType for bool {
    const KIND: Kind = Kind::Boolean;
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        value
            .as_bool()
            .ok_or_else(|| ReadError::here("true or false"))
    }
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

impl ValueType for Id {
    const KIND: Kind = Kind::Identifier;
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        let text = ReadError::text(value)?;
        Self::parse(text).map_err(|_invalid| ReadError::here("an identifier"))
    }
    fn write(&self, out: &mut String) {
        json::write_string(self.as_str(), out);
    }
}

/// A list (§2.12). Never empty when it was read.
pub type List<T> = Vec<T>;

impl<T: ValueType> ValueType for Vec<T> {
    const KIND: Kind = Kind::List(&T::KIND);
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        if value.kind() != json::Kind::Array {
            return Err(ReadError::here("a list"));
        }
        let items = value.items().enumerate();
        let read = items.map(|(at, item)| T::read(item).map_err(|e| e.within(&at.to_string())));
        let list: Self = read.collect::<Result<_, _>>()?;
        if list.is_empty() {
            Err(ReadError::here("a list that is not empty"))
        } else {
            Ok(list)
        }
    }
    fn write(&self, out: &mut String) {
        out.push('[');
        for (at, item) in self.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            item.write(out);
        }
        out.push(']');
    }
}

/// A moment (§2.16) in the text in which it came, so that no digit is lost.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Time {
    text: Box<str>,
    moment: Timestamp,
}

impl Time {
    /// The moment.
    pub fn moment(&self) -> Timestamp {
        self.moment
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl From<Timestamp> for Time {
    fn from(moment: Timestamp) -> Self {
        Self {
            text: moment.to_string().into(),
            moment,
        }
    }
}

impl ValueType for Time {
    const KIND: Kind = Kind::Timestamp;
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        let text = ReadError::text(value)?;
        let moment = Timestamp::parse(text).map_err(|_shape| ReadError::here("a timestamp"))?;
        Ok(Self {
            text: text.into(),
            moment,
        })
    }
    fn write(&self, out: &mut String) {
        json::write_string(&self.text, out);
    }
}

/// Any JSON, as it came.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Raw(pub(crate) Box<str>);

impl Raw {
    /// The JSON text.
    pub fn as_json(&self) -> &str {
        &self.0
    }

    /// The value as this type.
    pub fn read<T: ValueType>(&self) -> Result<T, ReadError> {
        let document = json::Document::parse(self.0.as_bytes());
        let document = document.map_err(|_broken| ReadError::here("JSON"))?;
        T::read(document.root())
    }

    pub(crate) fn from_value(value: Value<'_>) -> Self {
        Self(raw_json(value).into())
    }
}

impl ValueType for Raw {
    const KIND: Kind = Kind::Any;
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        Ok(Self::from_value(value))
    }
    fn write(&self, out: &mut String) {
        out.push_str(&self.0);
    }
}

/// An object whose keys are the writer's own (§2.3).
#[derive(Clone, Debug, PartialEq)]
pub struct Dictionary<T>(pub Vec<(Box<str>, T)>);

impl<T: ValueType> ValueType for Dictionary<T> {
    const KIND: Kind = Kind::Dictionary(&T::KIND);
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        if value.kind() != json::Kind::Object {
            return Err(ReadError::here("an object"));
        }
        let members = value.members();
        let read = members.map(|(name, value)| Ok((name.into(), read_member(name, value)?)));
        read.collect::<Result<_, _>>().map(Self)
    }
    fn write(&self, out: &mut String) {
        let mut draft = Draft::open(out);
        for (name, value) in &self.0 {
            draft.value(name, value);
        }
        draft.close();
    }
}

/// Digests by algorithm (§2.7).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Hashes(pub Vec<(Box<str>, Box<str>)>);

impl Hashes {
    /// The digest by this algorithm.
    pub fn get(&self, algorithm: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(name, _)| **name == *algorithm)
            .map(|(_, digest)| &**digest)
    }
}

impl ValueType for Hashes {
    const KIND: Kind = Kind::Hashes;
    fn read(value: Value<'_>) -> Result<Self, ReadError> {
        let all = Dictionary::<String>::read(value)?.0;
        Ok(Self(
            all.into_iter()
                .map(|(name, digest)| (name, digest.into()))
                .collect(),
        ))
    }
    fn write(&self, out: &mut String) {
        let mut draft = Draft::open(out);
        for (algorithm, digest) in &self.0 {
            draft.text(algorithm, digest);
        }
        draft.close();
    }
}
