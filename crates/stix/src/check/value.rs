//! Values by their kind (STIX 2.1 §2).

use super::{
    extensions,
    finding::{Report, Step, shown},
    general, object, text,
};
use crate::{
    Timestamp, id,
    json::{self, Value},
    objects,
    schema::{Kind, Property, Schema, Vocabulary},
};

/// Checks the value of a property of `owner`.
pub(super) fn check<'d>(
    value: Value<'d>,
    property: &Property,
    owner: &Schema,
    report: &mut Report<'d>,
) {
    check_kind(value, &property.kind, property, owner, report);
}

fn check_kind<'d>(
    value: Value<'d>,
    kind: &Kind,
    property: &Property,
    owner: &Schema,
    report: &mut Report<'d>,
) {
    match kind {
        Kind::Any => no_null(value, report),
        Kind::Boolean => {
            if value.as_bool().is_none() {
                wrong_type(value, "true or false", "2.2", report);
            }
        }
        Kind::Integer(low, high) => integer(value, *low, *high, report),
        Kind::Float(low, high) => float(value, *low, *high, report),
        Kind::String => {
            with_text(value, report, |_, _| {});
        }
        Kind::Url => with_text(value, report, text::url),
        Kind::Timestamp => with_text(value, report, timestamp),
        Kind::Hex => with_text(value, report, text::hex),
        Kind::Binary => with_text(value, report, text::binary),
        Kind::Identifier => with_text(value, report, |text, report| {
            identifier(text, property, report);
        }),
        Kind::Hashes => each_member(value, report, "2.7", |name, value, report| {
            with_text(value, report, |digest, report| {
                text::hash(name, digest, report);
            });
        }),
        Kind::Dictionary(of) => each_member(value, report, "2.3", |name, value, report| {
            text::dictionary_key(name, report);
            check_kind(value, of, property, owner, report);
        }),
        Kind::Word(vocabulary) => with_text(value, report, |text, report| {
            word(text, vocabulary, report);
        }),
        Kind::List(of) => list(value, report, |item, report| {
            check_kind(item, of, property, owner, report);
        }),
        Kind::Object(schema) => nested(value, schema, report),
        Kind::Extensions => extensions::check(value, owner, report),
        Kind::Observables => {
            let keys = general::keys(value);
            each_member(value, report, "2.13", |_, value, report| {
                object::check_embedded(value, &keys, report);
            });
        }
    }
}

/// An object that stands within another.
pub(super) fn nested<'d>(value: Value<'d>, schema: &Schema, report: &mut Report<'d>) {
    if value.kind() != json::Kind::Object {
        wrong_type(value, "an object", schema.clause, report);
        return;
    }
    report.under(schema.clause, |report| {
        object::members(value, schema, &[], report);
    });
}

/// Notes that a value is of another type than `wanted`.
pub(super) fn wrong_type(
    value: Value<'_>,
    wanted: &str,
    clause: &'static str,
    report: &mut Report<'_>,
) {
    let found = value.kind().described();
    report.error_by(
        ("value.type", clause),
        format!("expected {wanted}, found {found}"),
    );
}

fn with_text<'d>(
    value: Value<'d>,
    report: &mut Report<'d>,
    check: impl FnOnce(&'d str, &mut Report<'d>),
) {
    match value.as_str() {
        Some(text) => check(text, report),
        None => wrong_type(value, "a string", "2.15", report),
    }
}

/// Nothing in STIX is null (§2): what has no value is left out.
fn no_null<'d>(value: Value<'d>, report: &mut Report<'d>) {
    match value.kind() {
        json::Kind::Null => {
            report.error_by(
                ("value.null", "2"),
                "leave out a property that has no value",
            );
        }
        json::Kind::Array => {
            for (at, item) in value.items().enumerate() {
                report.within(Step::Item(at), |report| no_null(item, report));
            }
        }
        json::Kind::Object => {
            for (name, member) in value.members() {
                report.within(Step::Member(name), |report| no_null(member, report));
            }
        }
        _ => {}
    }
}

/// A property that the specification does not know. A list has items (§2.12); what stands within an
/// object there is its maker's affair, but not null.
pub(super) fn custom<'d>(value: Value<'d>, report: &mut Report<'d>) {
    if value.kind() == json::Kind::Array {
        list(value, report, no_null);
    } else {
        no_null(value, report);
    }
}

/// An extension that the specification does not know.
pub(super) fn custom_extension<'d>(extension: Value<'d>, report: &mut Report<'d>) {
    if extension.members().next().is_none() {
        report.error_by(
            ("value.empty", "11.3"),
            "leave out an extension that has no properties",
        );
    }
    for (name, member) in extension.members() {
        report.within(Step::Member(name), |report| custom(member, report));
    }
}

fn integer(value: Value<'_>, low: i64, high: i64, report: &mut Report<'_>) {
    let Some(number) = value.as_number() else {
        return wrong_type(value, "a whole number", "2.10", report);
    };
    if !number.is_integer() {
        let message = format!("expected a whole number, found {}", shown(number.as_text()));
        return report.error_by(("value.type", "2.10"), message);
    }
    if !number
        .as_i64()
        .is_some_and(|number| (low..=high).contains(&number))
    {
        let message = format!("{} is not between {low} and {high}", number.as_text());
        report.error_by(("value.range", "2.10"), message);
    }
}

fn float(value: Value<'_>, low: f64, high: f64, report: &mut Report<'_>) {
    let Some(number) = value.as_number() else {
        return wrong_type(value, "a number", "2.6", report);
    };
    if !(low..=high).contains(&number.as_f64()) {
        let message = format!("{} is not between {low} and {high}", number.as_text());
        report.error_by(("value.range", "2.6"), message);
    }
}

fn timestamp(text: &str, report: &mut Report<'_>) {
    if let Err(error) = Timestamp::parse(text) {
        report.error_by(
            ("value.timestamp", "2.16"),
            format!("{error}, found {}", shown(text)),
        );
    }
}

fn identifier(text: &str, property: &Property, report: &mut Report<'_>) {
    let targets = property.targets;
    let (object_type, uuid) = match id::parts(text) {
        Ok(parts) => parts,
        Err(error) => {
            let message = format!("{error}, found {}", shown(text));
            return report.error_by(("value.identifier", "2.9"), message);
        }
    };
    if uuid.version.is_none() {
        let message = format!("the UUID in {} is not one of RFC 4122", shown(text));
        report.error_by(("value.identifier", "2.9"), message);
    }
    if object_type == "bundle" && property.name != "id" {
        let message = "nothing refers to a bundle, which is no object";
        report.error_by(("reference.target", "8.2"), message);
    } else if !targets.is_empty() && !objects::is_target(object_type, targets) {
        let wanted = targets.join(", ");
        let message = format!("a reference to {object_type} cannot stand here, only to {wanted}");
        report.error("reference.target", &[], message);
    }
}

fn word(text: &str, vocabulary: &Vocabulary, report: &mut Report<'_>) {
    if vocabulary.words.contains(&text) {
        return;
    }
    let name = vocabulary.name;
    if vocabulary.open {
        let message = format!("{} is not among the words of {name}", shown(text));
        report.warn_by(("value.vocabulary", "2.14"), message);
    } else {
        let words = vocabulary.words.join(", ");
        let message = format!("{} is not a word of {name}: {words}", shown(text));
        report.error_by(("value.enumeration", "2.4"), message);
    }
}

fn list<'d>(
    value: Value<'d>,
    report: &mut Report<'d>,
    mut check: impl FnMut(Value<'d>, &mut Report<'d>),
) {
    if value.kind() != json::Kind::Array {
        return wrong_type(value, "a list", "2.12", report);
    }
    let mut empty = true;
    for (at, item) in value.items().enumerate() {
        empty = false;
        report.within(Step::Item(at), |report| check(item, report));
    }
    if empty {
        report.error_by(
            ("value.empty", "2.12"),
            "leave out a list that has no items",
        );
    }
}

/// A dictionary's members; an empty one should not be there (§2.3, §2.7).
fn each_member<'d>(
    value: Value<'d>,
    report: &mut Report<'d>,
    clause: &'static str,
    mut check: impl FnMut(&'d str, Value<'d>, &mut Report<'d>),
) {
    if value.kind() != json::Kind::Object {
        return wrong_type(value, "an object", clause, report);
    }
    let mut empty = true;
    for (name, member) in value.members() {
        empty = false;
        report.within(Step::Member(name), |report| check(name, member, report));
    }
    if empty {
        report.error_by(
            ("value.empty", clause),
            "leave out a dictionary that has no members",
        );
    }
}
