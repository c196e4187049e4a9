//! Whole objects.

use std::collections::HashSet;

use super::{
    extensions,
    finding::{Report, Step, shown},
    general, selector, text, value,
};
use crate::{
    Timestamp, id,
    json::{Kind, Value},
    objects::{self, Domain, Marking, Meta, Observable},
    schema::{Family, Property, Rule, Schema},
};

/// What every object of a type that the specification does not know must have (§3.2).
const UNKNOWN: Schema = Schema {
    name: "",
    clause: "11.2",
    family: Family::Domain,
    properties: &[],
    rules: &[],
    contributing: &[],
    extensions: &[],
};

/// Checks one object as it stands at the top level of a bundle or a TAXII envelope.
pub fn check_object<'d>(object: Value<'d>, report: &mut Report<'d>) {
    if object.kind() != Kind::Object {
        return value::wrong_type(object, "an object", "3.1", report);
    }
    let facts = Facts::of(object);
    let Some(object_type) = type_of(facts.object_type, report) else {
        return;
    };
    let of_extension = || objects::new_type_schema(object_type, facts.extensions?);
    let schema = objects::schema_of(object_type).or_else(of_extension);
    let added = extensions::added_by(facts.extensions);
    let family = match schema {
        Some(schema) => schema.family,
        None => family_of_unknown(&facts, object_type, added, report),
    };
    let known = schema.unwrap_or(&UNKNOWN);
    report.under(known.clause, |report| {
        members_with(
            object,
            (known, common(family)),
            added.allows_properties(schema),
            report,
        );
        if schema.is_none() && !has_own(object, family) {
            let message = "a type of one's own has one property of its own at least";
            report.error("property.one_of", &[], message);
        }
        identity(&facts, object_type, report);
        if let Some(Ok((_, uuid))) = facts.id.map(id::parts) {
            general::uuid(uuid, (schema, family), object, report);
        }
        if let Some(id) = facts.id.filter(|_| family == Family::Marking) {
            general::not_marked_by_itself(object, id, report);
        }
        times(&facts, report);
        selector::check(object, facts.granular_markings, report);
    });
}

/// What several rules ask of an object, looked up once.
#[derive(Clone, Copy, Default)]
struct Facts<'d> {
    object_type: Option<Value<'d>>,
    id: Option<&'d str>,
    spec_version: Option<&'d str>,
    created: Option<&'d str>,
    modified: Option<&'d str>,
    lang: Option<&'d str>,
    extensions: Option<Value<'d>>,
    granular_markings: Option<Value<'d>>,
}

impl<'d> Facts<'d> {
    fn of(object: Value<'d>) -> Self {
        let mut facts = Self::default();
        for (name, value) in object.members() {
            match name {
                "type" => facts.object_type = Some(value),
                "id" => facts.id = value.as_str(),
                "spec_version" => facts.spec_version = value.as_str(),
                "created" => facts.created = value.as_str(),
                "modified" => facts.modified = value.as_str(),
                "lang" => facts.lang = value.as_str(),
                "extensions" => facts.extensions = Some(value),
                "granular_markings" => facts.granular_markings = Some(value),
                _ => {}
            }
        }
        facts
    }
}

/// Whether an object of an unknown type has more than what all objects have (§7.3.2.2, §11.2.1).
fn has_own(object: Value<'_>, family: Family) -> bool {
    let common = common(family);
    let is_own = |name| name != "type" && common.iter().all(|property| property.name != name);
    object.members().any(|(name, _)| is_own(name))
}

/// Checks an object of the deprecated `objects` of observed data (§4.14), which has no id and whose
/// references are keys of that dictionary.
pub(super) fn check_embedded<'d>(object: Value<'d>, keys: &HashSet<&str>, report: &mut Report<'d>) {
    if object.kind() != Kind::Object {
        return value::wrong_type(object, "an object", "2.13", report);
    }
    if type_of(object.get("type"), report).is_some() {
        for (name, member) in object.members().filter(|(name, _)| *name != "type") {
            report.within(Step::Member(name), |report| {
                value::custom(member, report);
                general::local_references(name, member, keys, report);
            });
        }
    }
}

/// Checks the members of what stands within an object.
pub(super) fn members<'d>(
    object: Value<'d>,
    schema: &Schema,
    common: &'static [Property],
    report: &mut Report<'d>,
) {
    members_with(object, (schema, common), false, report);
}

fn members_with<'d>(
    object: Value<'d>,
    (schema, common): (&Schema, &'static [Property]),
    may_be_custom: bool,
    report: &mut Report<'d>,
) {
    // A bit for each property that is there, own ones below common ones.
    let mut seen = 0_u128;
    for (name, member) in object.members() {
        let own = schema
            .properties
            .iter()
            .position(|property| property.name == name);
        let place = own.or_else(|| {
            let at = common.iter().position(|property| property.name == name)?;
            Some(at + schema.properties.len())
        });
        let Some((place, property)) = place.zip(place.and_then(|at| nth(schema, common, at)))
        else {
            if name != "type" || schema.family == Family::Nested {
                report.within(Step::Member(name), |report| {
                    if !general::forbidden(name, schema.family, report) {
                        custom(name, member, may_be_custom, report);
                    }
                });
            }
            continue;
        };
        seen |= 1 << place.min(127);
        report.within(Step::Member(name), |report| {
            value::check(member, property, schema, report);
        });
    }
    let all = schema.properties.iter().chain(common).enumerate();
    for (_, property) in all.filter(|(at, property)| property.required && seen & (1 << at) == 0) {
        let message = format!("{} is required", property.name);
        report.error("property.missing", &[], message);
    }
    for rule in schema.rules {
        hold(rule, object, report);
    }
}

fn nth(schema: &Schema, common: &'static [Property], place: usize) -> Option<&'static Property> {
    let own: &'static [Property] = schema.properties;
    own.get(place)
        .or_else(|| common.get(place.checked_sub(own.len())?))
}

fn custom<'d>(name: &'d str, member: Value<'d>, allowed: bool, report: &mut Report<'d>) {
    text::property_name(name, report);
    if !allowed && report.warns() {
        let message = format!(
            "{} is not a property of this object; define it in an extension (§7.3)",
            shown(name)
        );
        report.warn_by(("property.custom", "11.1"), message);
    }
    value::custom(member, report);
}

fn hold<'d>(rule: &Rule, object: Value<'d>, report: &mut Report<'d>) {
    let there = |name: &&&str| object.get(name).is_some();
    match rule {
        Rule::AtLeastOne(names) => {
            if !names.iter().any(|name| there(&name)) {
                let message = format!("one of {} at least is required", names.join(", "));
                report.error("property.one_of", &[], message);
            }
        }
        Rule::AtMostOne(names) => {
            if names.iter().filter(there).count() > 1 {
                let message = format!("only one of {} may be there", names.join(", "));
                report.error("property.exclusive", &[], message);
            }
        }
        Rule::Requires(first, second) => {
            if there(&first) && !there(&second) {
                report.error(
                    "property.requires",
                    &[],
                    format!("{first} needs {second} beside it"),
                );
            }
        }
        Rule::NotBefore(first, second) => order(object, (first, second), false, report),
        Rule::After(first, second) => order(object, (first, second), true, report),
        Rule::Code(check) => check(object, report),
    }
}

fn order(
    object: Value<'_>,
    (first, second): (&str, &str),
    strictly: bool,
    report: &mut Report<'_>,
) {
    in_order(
        (first, object.text(first)),
        (second, object.text(second)),
        strictly,
        report,
    );
}

/// Holds two moments against each other, where both are there and can be read.
fn in_order(
    (first, from): (&str, Option<&str>),
    (second, to): (&str, Option<&str>),
    strictly: bool,
    report: &mut Report<'_>,
) {
    let moment = |text: Option<&str>| text.and_then(|text| Timestamp::parse(text).ok());
    let (Some(from), Some(to)) = (moment(from), moment(to)) else {
        return;
    };
    if to < from || (strictly && to == from) {
        let wanted = if strictly { "later than" } else { "not before" };
        report.error(
            "time.order",
            &[second],
            format!("{second} must be {wanted} {first}"),
        );
    }
}

fn type_of<'d>(object_type: Option<Value<'d>>, report: &mut Report<'d>) -> Option<&'d str> {
    let Some(object_type) = object_type else {
        report.error_by(("property.missing", "3.2"), "type is required");
        return None;
    };
    let Some(text) = object_type.as_str() else {
        value::wrong_type(object_type, "a string", "3.2", report);
        return None;
    };
    if text == "bundle" {
        let message = "a bundle stands around objects and is none itself";
        report.error_by(("type.bundle", "8"), message);
        return None;
    }
    if text == general::RESERVED_TYPE {
        let message = format!("choose another type than {text}, whose name is reserved");
        report.error_by(("type.reserved", "3.8"), message);
    }
    if !id::is_type_name(text) || !text.starts_with(|c: char| c.is_ascii_lowercase()) {
        let message = format!(
            "{} is not 3 to 250 of a to z, 0 to 9 and single hyphens, the first a letter",
            shown(text)
        );
        report.error_by(("type.name", "3.1"), message);
    }
    Some(text)
}

fn common(family: Family) -> &'static [Property] {
    match family {
        Family::Domain => Domain::PROPERTIES,
        Family::Observable => Observable::PROPERTIES,
        Family::Meta => Meta::PROPERTIES,
        Family::Marking => Marking::PROPERTIES,
        Family::Nested | Family::Extension => &[],
    }
}

/// An extension says what its new objects are; else it is read off what they have.
fn family_of_unknown(
    facts: &Facts<'_>,
    object_type: &str,
    added: extensions::Added,
    report: &mut Report<'_>,
) -> Family {
    if let Some(family) = added.family() {
        return family;
    }
    if report.warns() {
        let message = format!(
            "{} is not a type of STIX 2.1; define it in an extension (§7.3)",
            shown(object_type)
        );
        report.warn_by(("type.custom", "11.2"), message);
    }
    if facts.modified.is_some() || facts.created.is_some() {
        Family::Domain
    } else {
        Family::Observable
    }
}

/// The id and the version of STIX (§2.9, §3.2).
fn identity(facts: &Facts<'_>, object_type: &str, report: &mut Report<'_>) {
    if facts.spec_version.is_some_and(|version| version != "2.1") {
        let message = "expected 2.1; lift objects of STIX 2.0 first (comity stix lift)";
        report.error("object.version", &["spec_version"], message);
    }
    let Some(text) = facts.id else { return };
    let Ok((named, _)) = id::parts(text) else {
        return;
    };
    if named != object_type {
        let message = format!("the id of a {object_type} begins with {object_type}--");
        report.error("identifier.type", &["id"], message);
    }
}

/// When versions were made (§3.2, §3.6), and the language.
fn times<'d>(facts: &Facts<'d>, report: &mut Report<'d>) {
    in_order(
        ("created", facts.created),
        ("modified", facts.modified),
        false,
        report,
    );
    for (name, text) in [("created", facts.created), ("modified", facts.modified)] {
        let digits = text.and_then(|text| text.strip_suffix('Z')?.split_once('.'));
        if text.is_some() && digits.is_none_or(|(_, digits)| digits.len() < 3) {
            let message = format!("{name} should have three digits after the seconds, or more");
            report.warn("time.precision", &[name], message);
        }
    }
    if let Some(language) = facts.lang {
        report.within(Step::Member("lang"), |report| {
            text::language(language, report);
        });
    }
}
