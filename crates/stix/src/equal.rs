//! Whether two objects say the same (STIX 2.1 §2, §3).
//!
//! What does not count:
//!
//! - the order of an object's members (§2.3);
//! - how a number is written: `1` and `1.0` (§2.6, §2.10);
//! - how many digits a moment has: `12:00:00Z` and `12:00:00.000Z` (§2.16);
//! - the case of hexadecimal digits in `hex`, digests and the UUIDs of identifiers (§2.7 to §2.9);
//! - a property that is left out where the other has its default: `revoked` and `defanged` false, an
//!   observable's `spec_version` 2.1 (§3.2), a sighting's `summary` false (§5.2);
//! - the order of lists that are sets. A list is a sequence (§2.12), so its order counts unless the
//!   property's text gives it no meaning. None has lists of references (`*_refs`), lists of words
//!   from vocabularies (`*_types`, `roles`, `sectors`, `capabilities`, motivations, languages,
//!   processors), `labels`, `aliases`, `goals`, `groups`, `modules`, `external_references`,
//!   `kill_chain_phases`, `granular_markings` and their `selectors`, `alternate_data_streams`, and
//!   the `values` of a registry key. Order counts in `protocols` (from the outermost inward, §6.12),
//!   `received_lines` and `body_multipart` (as in the mail, §6.6), `sections` (as in the binary),
//!   `authors`, and everything that the specification does not know.
//!
//! Only values at places that the specification knows are taken for moments, digits or sets: a
//! property of one's own is compared as JSON, where merely members' order and numbers' writing are
//! free.

use std::collections::{BTreeMap, HashMap};

use crate::{
    Timestamp,
    id::{self, raw_json},
    json::{Kind as Json, Number, Value, write_string},
    objects::{self, Domain, Marking, Meta, Observable},
    schema::{Family, Kind, Property, Schema},
};

/// Lists of no order, beside those called `*_refs` and `*_types`.
const SETS: [&str; 20] = [
    "aliases",
    "alternate_data_streams",
    "architecture_execution_envs",
    "capabilities",
    "external_references",
    "goals",
    "granular_markings",
    "groups",
    "implementation_languages",
    "kill_chain_phases",
    "labels",
    "languages",
    "modules",
    "personal_motivations",
    "roles",
    "secondary_motivations",
    "sectors",
    "selectors",
    "extension_properties",
    "values",
];

/// Whether two objects say the same. See [`difference`].
pub fn equal(one: Value<'_>, other: Value<'_>) -> bool {
    difference(one, other).is_none()
}

/// The first place, as a JSON pointer (RFC 6901), where two objects do not say the same; nothing if
/// they do. The place is one of the first object, or of the second where the first has no such
/// member or item.
pub fn difference(one: Value<'_>, other: Value<'_>) -> Option<String> {
    // What is compared how depends on the type, so that types must agree first.
    let object_type =
        |object: Value<'_>| object.get("type").map(|name| raw_json(name).into_owned());
    if object_type(one) != object_type(other) {
        return Some("/type".into());
    }
    let mut path = Vec::new();
    differ(one, other, Form::of_object(one), &mut path).then(|| {
        path.iter()
            .rev()
            .fold(String::new(), |pointer, step: &String| {
                let step = step.replace('~', "~0").replace('/', "~1");
                format!("{pointer}/{step}")
            })
    })
}

/// What the specification says of a value.
#[derive(Clone, Copy)]
enum Form {
    /// Nothing.
    Any,
    /// A digest.
    Digest,
    /// An object with its own properties and those of its family.
    Object(&'static Schema, &'static [Property]),
    /// The value, or an item of the value, of this property of an object of this type.
    Property {
        kind: &'static Kind,
        name: &'static str,
        owner: &'static str,
    },
}

impl Form {
    fn of_object(object: Value<'_>) -> Self {
        let Some(object_type) = object.text("type") else {
            return Self::Any;
        };
        let known = objects::schema_of(object_type);
        let added = || objects::new_type_schema(object_type, object.get("extensions")?);
        known
            .or_else(added)
            .map_or(Self::Any, |schema| Self::Object(schema, common(schema)))
    }

    fn of_schema(schema: &'static Schema) -> Self {
        Self::Object(schema, &[])
    }

    /// That of the member of this name.
    fn member(self, name: &str, value: Value<'_>) -> Self {
        match self {
            Self::Object(schema, common) => {
                let properties = schema.properties.iter().chain(common);
                let found = properties
                    .into_iter()
                    .find(|property| property.name == name);
                found.map_or(Self::Any, |property| Self::Property {
                    kind: &property.kind,
                    name: property.name,
                    owner: schema.name,
                })
            }
            Self::Property {
                kind: Kind::Object(schema),
                ..
            } => Self::of_schema(schema).member(name, value),
            Self::Property {
                kind: Kind::Dictionary(kind),
                name,
                owner,
            } => Self::Property { kind, name, owner },
            Self::Property {
                kind: Kind::Hashes, ..
            } => Self::Digest,
            Self::Property {
                kind: Kind::Extensions,
                owner,
                ..
            } => objects::extension_schema(owner, name).map_or(Self::Any, Self::of_schema),
            Self::Property {
                kind: Kind::Observables,
                ..
            } => Self::of_object(value),
            _ => Self::Any,
        }
    }

    /// That of the items.
    fn item(self) -> Self {
        match self {
            Self::Property {
                kind: Kind::List(kind),
                name,
                owner,
            } => Self::Property { kind, name, owner },
            _ => Self::Any,
        }
    }

    /// Whether it is a list whose order says nothing.
    fn is_set(self) -> bool {
        match self {
            Self::Property {
                kind: Kind::List(_),
                name,
                ..
            } => name.ends_with("_refs") || name.ends_with("_types") || SETS.contains(&name),
            _ => false,
        }
    }

    /// Whether leaving this member out says the same.
    fn is_default(self, name: &str, value: Value<'_>) -> bool {
        let Self::Object(schema, _) = self else {
            return false;
        };
        match (name, schema.family) {
            ("revoked", Family::Domain | Family::Meta) | ("defanged", Family::Observable) => {
                value.as_bool() == Some(false)
            }
            ("spec_version", Family::Observable) => value.as_str() == Some("2.1"),
            ("summary", _) if schema.name == "sighting" => value.as_bool() == Some(false),
            _ => false,
        }
    }
}

fn common(schema: &Schema) -> &'static [Property] {
    match schema.family {
        Family::Domain => Domain::PROPERTIES,
        Family::Observable => Observable::PROPERTIES,
        Family::Meta => Meta::PROPERTIES,
        Family::Marking => Marking::PROPERTIES,
        Family::Nested | Family::Extension => &[],
    }
}

/// Whether the values differ; where they do, the steps to the place are left in `path`, the last
/// first. Recursion ends, since a document's depth has a limit.
fn differ(one: Value<'_>, other: Value<'_>, form: Form, path: &mut Vec<String>) -> bool {
    match (one.kind(), other.kind()) {
        (Json::Object, Json::Object) => members_differ(one, other, form, path),
        (Json::Array, Json::Array) if form.is_set() => sets_differ(one, other, form.item(), path),
        (Json::Array, Json::Array) => {
            let (mut ones, mut others) = (one.items(), other.items());
            let mut at = 0_usize;
            loop {
                let different = match (ones.next(), others.next()) {
                    (None, None) => return false,
                    (Some(one), Some(other)) => differ(one, other, form.item(), path),
                    _ => true,
                };
                if different {
                    path.push(at.to_string());
                    return true;
                }
                at += 1;
            }
        }
        (one_kind, other_kind) => {
            one_kind != other_kind || normal_text(one, form) != normal_text(other, form)
        }
    }
}

fn members_differ(one: Value<'_>, other: Value<'_>, form: Form, path: &mut Vec<String>) -> bool {
    let mut rest: HashMap<&str, Value<'_>> = other.members().collect();
    for (name, member) in one.members() {
        let different = match rest.remove(name) {
            Some(same) => differ(member, same, form.member(name, member), path),
            None => !form.is_default(name, member),
        };
        if different {
            path.push(name.into());
            return true;
        }
    }
    let more = other
        .members()
        .find(|(name, member)| rest.contains_key(name) && !form.is_default(name, *member));
    path.extend(more.map(|(name, _)| name.to_owned()));
    more.is_some()
}

fn sets_differ(one: Value<'_>, other: Value<'_>, form: Form, path: &mut Vec<String>) -> bool {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for item in other.items() {
        *counts.entry(normal_text(item, form)).or_default() += 1;
    }
    let mut take = |item| match counts.get_mut(&normal_text(item, form)) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    if let Some(at) = one.items().position(|item| !take(item)) {
        path.push(at.to_string());
        return true;
    }
    let more = other.items().count() > one.items().count();
    if more {
        path.push(one.items().count().to_string());
    }
    more
}

fn normal_text(value: Value<'_>, form: Form) -> String {
    let mut text = String::new();
    normal(value, form, &mut text);
    text
}

/// Appends a text that is the same for all values that say the same.
fn normal(value: Value<'_>, form: Form, out: &mut String) {
    match value.kind() {
        Json::Null | Json::Bool => out.push_str(value.raw()),
        Json::Number => out.push_str(&value.as_number().map(number).unwrap_or_default()),
        Json::String => write_string(&string(value.as_str().unwrap_or_default(), form), out),
        Json::Array => {
            let items = value.items().map(|item| normal_text(item, form.item()));
            let mut items: Vec<_> = items.collect();
            if form.is_set() {
                items.sort_unstable();
            }
            out.push('[');
            out.push_str(&items.join(","));
            out.push(']');
        }
        Json::Object => {
            let counted = value
                .members()
                .filter(|(name, member)| !form.is_default(name, *member));
            let members: BTreeMap<_, _> = counted.collect();
            out.push('{');
            for (name, member) in members {
                write_string(name, out);
                out.push(':');
                normal(member, form.member(name, member), out);
                out.push(',');
            }
            out.push('}');
        }
    }
}

fn string(text: &str, form: Form) -> String {
    let digits = || text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match form {
        Form::Digest if digits() => text.to_ascii_lowercase(),
        Form::Property {
            kind: Kind::Hex, ..
        } => text.to_ascii_lowercase(),
        Form::Property {
            kind: Kind::Identifier,
            ..
        } if id::parts(text).is_ok() => text.to_ascii_lowercase(),
        Form::Property {
            kind: Kind::Timestamp,
            ..
        } => Timestamp::parse(text).map_or_else(|_shape| text.into(), |moment| moment.to_string()),
        _ => text.into(),
    }
}

/// Whole numbers digit by digit, since those of other producers may exceed what a double holds;
/// others as the double that they are nearest to.
fn number(number: Number<'_>) -> String {
    /// Up to here each whole double is one number.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let text = number.as_text();
    let double = number.as_f64();
    if number.is_integer() {
        return if text == "-0" {
            "0".into()
        } else {
            text.into()
        };
    }
    if !double.is_finite() {
        return text.into();
    }
    if double == 0.0 {
        return "0".into();
    }
    if double.fract() == 0.0 && double.abs() <= EXACT {
        format!("{double:.0}")
    } else {
        format!("{double:e}")
    }
}
