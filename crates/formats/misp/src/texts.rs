//! Lists of texts that may be one text.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::fields::Scalar;

/// Texts as a list of them, or as one alone; empty where it is neither.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(pub(crate) Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextsVisitor)
    }
}

struct TextsVisitor;

impl TextsVisitor {
    fn alone(text: &(impl ToString + ?Sized)) -> Texts {
        Texts(vec![text.to_string()])
    }
}

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("texts")
    }

    fn visit_unit<E>(self) -> Result<Texts, E> {
        Ok(Texts::default())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Texts, E> {
        Ok(Self::alone(&value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Texts, E> {
        Ok(Self::alone(&value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Texts, E> {
        Ok(Self::alone(&value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Texts, E> {
        Ok(Self::alone(&value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Texts, E> {
        Ok(Self::alone(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Texts, A::Error> {
        let mut texts = Vec::new();
        while let Some(item) = items.next_element::<Scalar>()? {
            texts.extend(item.0);
        }
        Ok(Texts(texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Texts, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Texts::default())
    }
}
