//! Values as MISP writes them: numbers and truth values as such or as texts.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// A scalar as text; nothing where it is null, a list or an object.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Scalar(pub(crate) Option<String>);

impl Scalar {
    pub(crate) fn text(self) -> String {
        self.0.unwrap_or_default()
    }

    /// A text that is not empty.
    pub(crate) fn some(self) -> Option<String> {
        self.0.filter(|text| !text.is_empty())
    }

    pub(crate) fn number<N: std::str::FromStr>(&self) -> Option<N> {
        self.0.as_deref()?.trim().parse().ok()
    }

    /// Nothing where it is neither.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self.0.as_deref()?.trim() {
            "true" | "True" | "1" => Some(true),
            "false" | "False" | "0" | "" => Some(false),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar(Some(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar(Some(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
        Ok(Scalar(Some(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar(Some(value.to_string())))
    }

    fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
        Ok(Scalar(Some(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Scalar, E> {
        Ok(Scalar(Some(value)))
    }

    fn visit_unit<E>(self) -> Result<Scalar, E> {
        Ok(Scalar(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Scalar, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Scalar, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar(None))
    }
}

/// The names of tags, as a list of `{"name": …}` or of texts; empty where it is none.
#[derive(Debug, Default)]
pub(crate) struct Tags(pub(crate) Vec<String>);

/// How many tags of one thing are kept.
const TAGS_MAX: usize = 1_000;

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TagsVisitor)
    }
}

struct TagsVisitor;

impl<'de> Visitor<'de> for TagsVisitor {
    type Value = Tags;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of tags")
    }

    fn visit_unit<E>(self) -> Result<Tags, E> {
        Ok(Tags::default())
    }

    fn visit_bool<E>(self, _value: bool) -> Result<Tags, E> {
        Ok(Tags::default())
    }

    fn visit_str<E>(self, _value: &str) -> Result<Tags, E> {
        Ok(Tags::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Tags, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Tags::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tags, A::Error> {
        let mut tags = Tags::default();
        while let Some(Named(name)) = items.next_element()? {
            tags.0.extend(name.filter(|_| tags.0.len() < TAGS_MAX));
        }
        Ok(tags)
    }
}

/// The member `name` of an object, or a text itself.
#[derive(Debug, Default)]
pub(crate) struct Named(pub(crate) Option<String>);

impl<'de> Deserialize<'de> for Named {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NamedVisitor)
    }
}

struct NamedVisitor;

impl<'de> Visitor<'de> for NamedVisitor {
    type Value = Named;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a name")
    }

    fn visit_str<E>(self, value: &str) -> Result<Named, E> {
        Ok(Named(Some(value.to_owned())))
    }

    fn visit_unit<E>(self) -> Result<Named, E> {
        Ok(Named::default())
    }

    fn visit_bool<E>(self, _value: bool) -> Result<Named, E> {
        Ok(Named::default())
    }

    fn visit_i64<E>(self, _value: i64) -> Result<Named, E> {
        Ok(Named::default())
    }

    fn visit_u64<E>(self, _value: u64) -> Result<Named, E> {
        Ok(Named::default())
    }

    fn visit_f64<E>(self, _value: f64) -> Result<Named, E> {
        Ok(Named::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Named, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Named::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Named, A::Error> {
        let mut name = None;
        while let Some(key) = members.next_key::<String>()? {
            if key == "name" {
                name = members.next_value::<Scalar>()?.some();
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Named(name))
    }
}
