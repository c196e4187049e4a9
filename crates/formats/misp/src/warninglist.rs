//! Warninglists: values that are mostly no threat.

use std::{fmt, io::Read};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use crate::{
    Limits, MispError,
    fields::Scalar,
    whole::{self, Walk},
};

/// How the entries of a warninglist are meant.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum ListKind {
    /// The value is an entry.
    #[default]
    String,
    /// The value contains an entry.
    Substring,
    /// The value is an entry or a name below one.
    Hostname,
    /// The value is an address in a network.
    Cidr,
    /// An expression, `/…/` with flags behind it, is found in the value.
    Regex,
}

/// A list of values that are mostly no threat.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Warninglist {
    /// Its name.
    pub name: String,
    /// Its number of changes.
    pub version: Option<u64>,
    /// What it is about.
    pub description: String,
    /// How its entries are meant.
    pub kind: ListKind,
    /// To which types of attributes it applies; to all where it names none.
    pub matching_attributes: Vec<String>,
    /// Its entries.
    pub list: Vec<String>,
}

/// Reads one warninglist.
pub fn read_warninglist(source: impl Read, limits: &Limits) -> Result<Warninglist, MispError> {
    whole::read(source, limits, |walk, json| Whole(walk).deserialize(json))
}

struct Whole<'w>(&'w mut Walk);

impl<'de> DeserializeSeed<'de> for Whole<'_> {
    type Value = Warninglist;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Warninglist, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = Warninglist;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a warninglist, which is an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Warninglist, A::Error> {
        let mut list = Warninglist::default();
        let mut listed = false;
        while let Some(key) = members.next_key::<String>()? {
            self.0.allowance.renew();
            self.0.path = format!("/{key}");
            match &*key {
                "name" => list.name = members.next_value::<Scalar>()?.text(),
                "description" => list.description = members.next_value::<Scalar>()?.text(),
                "version" => list.version = members.next_value::<Scalar>()?.number(),
                "type" => {
                    let name = members.next_value::<Scalar>()?.text();
                    list.kind = kind(&name).ok_or_else(|| {
                        let expected = "string, substring, hostname, cidr or regex";
                        A::Error::custom(format_args!("no type of list; expected {expected}"))
                    })?;
                }
                "matching_attributes" => {
                    list.matching_attributes = members.next_value_seed(Texts(self.0))?;
                }
                "list" => {
                    listed = true;
                    list.list = members.next_value_seed(Texts(self.0))?;
                }
                _ => {
                    members.next_value::<IgnoredAny>()?;
                }
            }
        }
        self.0.path.clear();
        if listed {
            Ok(list)
        } else {
            Err(A::Error::missing_field("list"))
        }
    }
}

/// A list of texts.
struct Texts<'w>(&'w mut Walk);

impl<'de> DeserializeSeed<'de> for Texts<'_> {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<String>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Texts<'_> {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<String>, A::Error> {
        let mut texts = Vec::new();
        let mut count = 0;
        while let Some(entry) = items.next_element::<Scalar>()? {
            if count >= self.0.limits.parts_max {
                self.0.too_many = true;
                return Err(A::Error::custom("too many"));
            }
            count += 1;
            texts.extend(entry.some());
            self.0.allowance.renew();
        }
        Ok(texts)
    }
}

fn kind(name: &str) -> Option<ListKind> {
    Some(match name {
        "string" => ListKind::String,
        "substring" => ListKind::Substring,
        "hostname" => ListKind::Hostname,
        "cidr" => ListKind::Cidr,
        "regex" => ListKind::Regex,
        _ => return None,
    })
}
