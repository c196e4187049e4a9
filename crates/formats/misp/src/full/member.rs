//! Forms of members: how each is read, and how MISP writes it.

use std::{collections::BTreeMap, fmt, marker::PhantomData};

use serde::{
    Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor},
    ser::{SerializeMap, SerializeSeq},
};
use serde_json::value::{RawValue, to_raw_value};

use super::{
    record::{Reading, Record, RecordSeed},
    rest::Kept,
};

/// How deep a value may be that is kept as it came.
const KEPT_DEPTH_MAX: usize = 64;

/// The value of a member.
pub(crate) trait Member: Default {
    /// Reads it. What is not of its form is kept instead.
    fn read<'de, A: MapAccess<'de>>(
        map: &mut A,
        name: &str,
        reading: &Reading,
    ) -> Result<(Self, Option<Kept>), A::Error>;

    /// Whether there is something to write.
    fn is_given(&self) -> bool;

    /// Writes it as MISP does.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A value that stands alone: a text, a number, a truth value or a word for a number.
pub(crate) trait Scalar: Sized {
    /// Reads the JSON of it.
    fn parse(json: &str) -> Option<Self>;
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

impl Scalar for String {
    /// A number is taken as the text of it.
    fn parse(json: &str) -> Option<Self> {
        if json.starts_with('"') {
            serde_json::from_str(json).ok()
        } else {
            let number = json.starts_with(|first: char| first == '-' || first.is_ascii_digit());
            number.then(|| json.to_owned())
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

impl Scalar for bool {
    /// MISP's older versions write `0` and `1`, as numbers or as texts.
    fn parse(json: &str) -> Option<Self> {
        match json {
            "true" | "1" | "\"1\"" | "\"true\"" => Some(true),
            "false" | "0" | "\"0\"" | "\"false\"" => Some(false),
            _ => None,
        }
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self)
    }
}

/// The text of a whole number as JSON has it, quoted or not. One with a sign or zeros before it is
/// not what its number would be written as, and is kept.
pub(crate) fn whole<N: std::str::FromStr + ToString>(json: &str) -> Option<N> {
    let quoted = json
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let text = quoted.unwrap_or(json);
    let number: N = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

macro_rules! whole_numbers {
    ($($number:ty),+) => {
        $(impl Scalar for $number {
            fn parse(json: &str) -> Option<Self> {
                whole(json)
            }

            /// MISP writes numbers as texts.
            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        })+
    };
}

whole_numbers!(i64, u64);

/// What stands alone is a member, or is not there.
macro_rules! alone {
    ($($scalar:ty),+) => {
        $(impl $crate::full::member::Member for Option<$scalar> {
            fn read<'de, A: serde::de::MapAccess<'de>>(
                map: &mut A,
                _name: &str,
                _reading: &$crate::full::record::Reading,
            ) -> Result<(Self, Option<$crate::full::rest::Kept>), A::Error> {
                let json = $crate::full::member::bounded(map.next_value()?)?;
                Ok(match <$scalar as $crate::full::member::Scalar>::parse(json.get()) {
                    Some(value) => (Some(value), None),
                    None => (None, Some(json.into())),
                })
            }

            fn is_given(&self) -> bool {
                self.is_some()
            }

            fn write<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    Some(value) => $crate::full::member::Scalar::write(value, serializer),
                    None => serializer.serialize_unit(),
                }
            }
        })+
    };
}
pub(crate) use alone;

alone!(String, bool, i64, u64);

impl<T: Record> Member for Vec<T> {
    fn read<'de, A: MapAccess<'de>>(
        map: &mut A,
        name: &str,
        reading: &Reading,
    ) -> Result<(Self, Option<Kept>), A::Error> {
        let seed = Nested(reading, Want::<T>::Many(PhantomData));
        reading.within(name, || match map.next_value_seed(seed)? {
            Found::Many(records) => Ok((records, None)),
            Found::One(_) => Ok((Self::new(), None)),
            Found::Kept(kept) => Ok((Self::new(), Some(kept))),
        })
    }

    fn is_given(&self) -> bool {
        !self.is_empty()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for record in self {
            list.serialize_element(record)?;
        }
        list.end()
    }
}

impl<T: Record> Member for Option<Box<T>> {
    fn read<'de, A: MapAccess<'de>>(
        map: &mut A,
        name: &str,
        reading: &Reading,
    ) -> Result<(Self, Option<Kept>), A::Error> {
        let seed = Nested(reading, Want::<T>::One(PhantomData));
        reading.within(name, || match map.next_value_seed(seed)? {
            Found::One(record) => Ok((Some(record), None)),
            Found::Many(_) => Ok((None, None)),
            Found::Kept(kept) => Ok((None, Some(kept))),
        })
    }

    fn is_given(&self) -> bool {
        self.is_some()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_deref().serialize(serializer)
    }
}

/// Lists of texts, and texts by name: what is of another form is kept whole.
macro_rules! plain {
    ($($plain:ty),+) => {
        $(impl Member for $plain {
            fn read<'de, A: MapAccess<'de>>(
                map: &mut A,
                _name: &str,
                _reading: &Reading,
            ) -> Result<(Self, Option<Kept>), A::Error> {
                let json = bounded(map.next_value()?)?;
                Ok(match serde_json::from_str::<Self>(json.get()) {
                    Ok(value) if !value.is_empty() => (value, None),
                    _ => (Self::new(), Some(json.into())),
                })
            }

            fn is_given(&self) -> bool {
                !self.is_empty()
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        })+
    };
}

plain!(Vec<String>, BTreeMap<String, Vec<String>>);

/// A value of any form.
pub(crate) fn kept<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Kept, A::Error> {
    bounded(map.next_value()?).map(Kept::from)
}

/// Refuses what is too deep.
pub(crate) fn bounded<E: Error>(json: Box<RawValue>) -> Result<Box<RawValue>, E> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in json.get().bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => depth += 1,
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > KEPT_DEPTH_MAX {
            return Err(E::custom("the value is nested too deep"));
        }
    }
    Ok(json)
}

/// What a member with records in it has.
enum Want<T> {
    Many(PhantomData<T>),
    One(PhantomData<T>),
}

enum Found<T> {
    Many(Vec<T>),
    One(Box<T>),
    Kept(Kept),
}

struct Nested<'r, T>(&'r Reading, Want<T>);

impl<'de, T: Record> DeserializeSeed<'de> for Nested<'_, T> {
    type Value = Found<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<T>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, T: Record> Visitor<'de> for Nested<'_, T> {
    type Value = Found<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Want::Many(_) => write!(f, "a list, each item {}", T::WHAT),
            Want::One(_) => f.write_str(T::WHAT),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Found<T>, A::Error> {
        if let Want::One(_) = self.1 {
            let mut all: Vec<Box<RawValue>> = Vec::new();
            while let Some(item) = items.next_element()? {
                all.push(bounded(item)?);
            }
            return json(&all);
        }
        let mut all = Vec::new();
        loop {
            let read = || items.next_element_seed(RecordSeed::new(self.0));
            match self.0.within(all.len(), read)? {
                Some(record) => all.push(record),
                None if all.is_empty() => return Ok(Found::Kept(Kept::EmptyList)),
                None => return Ok(Found::Many(all)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Found<T>, A::Error> {
        match self.1 {
            Want::One(_) => {
                let record = RecordSeed::new(self.0).visit_map(members)?;
                Ok(Found::One(Box::new(record)))
            }
            Want::Many(_) => {
                let mut all: Vec<(String, Box<RawValue>)> = Vec::new();
                while let Some((name, value)) = members.next_entry()? {
                    all.push((name, bounded(value)?));
                }
                json(&InOrder(&all))
            }
        }
    }

    fn visit_unit<E: Error>(self) -> Result<Found<T>, E> {
        Ok(Found::Kept(Kept::Null))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Found<T>, E> {
        json(&value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Found<T>, E> {
        json(&value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Found<T>, E> {
        json(&value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Found<T>, E> {
        json(&value)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Found<T>, E> {
        json(value)
    }
}

fn json<T, E: Error>(value: &(impl Serialize + ?Sized)) -> Result<Found<T>, E> {
    let json = to_raw_value(value).map_err(E::custom)?;
    Ok(Found::Kept(json.into()))
}

/// Members of an object in their order.
struct InOrder<'m>(&'m [(String, Box<RawValue>)]);

impl Serialize for InOrder<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
