//! `extensions` (STIX 2.1 §7.3 and the predefined ones of §6).

use super::{
    finding::{Report, Step, shown},
    object, text, value,
};
use crate::{
    id,
    json::{Kind, Value},
    objects,
    schema::{Family, Schema},
};

/// The prefix of a key that is the id of an extension definition.
const DEFINITION: &str = "extension-definition--";

/// What the extensions of an object allow it to be and to have.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Added {
    family: Option<Family>,
    properties: bool,
}

impl Added {
    /// The family of a new type, if an extension makes it one.
    pub(super) fn family(self) -> Option<Family> {
        self.family
    }

    /// Whether the object may have properties of its own: an extension adds them, or the whole type
    /// is unknown.
    pub(super) fn allows_properties(self, schema: Option<&Schema>) -> bool {
        self.properties || schema.is_none()
    }
}

/// What the `extensions` of an object say about it.
pub(super) fn added_by(extensions: Option<Value<'_>>) -> Added {
    let mut added = Added::default();
    for (_, extension) in extensions.into_iter().flat_map(Value::members) {
        match extension.text("extension_type") {
            Some("new-sdo" | "new-sro") => added.family = Some(Family::Domain),
            Some("new-sco") => added.family = Some(Family::Observable),
            Some("toplevel-property-extension") => added.properties = true,
            _ => {}
        }
    }
    added
}

/// Checks the `extensions` of an object of type `owner`.
pub(super) fn check<'d>(extensions: Value<'d>, owner: &Schema, report: &mut Report<'d>) {
    if extensions.kind() != Kind::Object {
        return value::wrong_type(extensions, "an object", "2.3", report);
    }
    let mut empty = true;
    for (key, extension) in extensions.members() {
        empty = false;
        report.within(Step::Member(key), |report| {
            one(key, extension, owner, report);
        });
    }
    if empty {
        report.error_by(("value.empty", "2.3"), "leave out extensions that are none");
    }
}

fn one<'d>(key: &'d str, extension: Value<'d>, owner: &Schema, report: &mut Report<'d>) {
    if extension.kind() != Kind::Object {
        return value::wrong_type(extension, "an object", "7.3", report);
    }
    let schema = objects::extension_schema(owner.name, key);
    if let Some(schema) = schema.filter(|_| !key.starts_with(DEFINITION)) {
        return report.under(schema.clause, |report| {
            object::members(extension, schema, &[], report);
        });
    }
    if owner.family == Family::Observable && is_custom_key(key) {
        return custom(extension, report);
    }
    if !key.starts_with(DEFINITION) {
        let message = format!(
            "{} is no extension of {}; name a new one by the id of its definition",
            shown(key),
            owner.name
        );
        return report.error_by(("extension.key", "7.3"), message);
    }
    if let Err(error) = id::parts(key) {
        report.error_by(
            ("extension.key", "7.3"),
            format!("{error}, found {}", shown(key)),
        );
    }
    if let Some(schema) = schema {
        report.under(schema.clause, |report| {
            object::members(extension, schema, &[], report);
        });
    } else {
        kind(extension, report);
        for (name, _) in extension.members() {
            report.within(Step::Member(name), |report| {
                text::property_name(name, report);
            });
        }
        value::custom_extension(extension, report);
    }
}

/// §11.3: observables can still have extensions that no definition describes; those of the
/// specification stay with their types.
fn is_custom_key(key: &str) -> bool {
    let mut known = objects::schemas()
        .iter()
        .flat_map(|schema| schema.extensions);
    key.ends_with("-ext") && id::is_type_name(key) && !known.any(|schema| schema.name == key)
}

fn custom<'d>(extension: Value<'d>, report: &mut Report<'d>) {
    let message = "an extension of one's own should be named by the id of its definition (§7.3)";
    report.warn_by(("extension.custom", "11.3"), message);
    value::custom_extension(extension, report);
}

/// §7.3: an extension that adds properties or objects says which kind it is.
fn kind<'d>(extension: Value<'d>, report: &mut Report<'d>) {
    const KINDS: [&str; 5] = [
        "new-sdo",
        "new-sco",
        "new-sro",
        "property-extension",
        "toplevel-property-extension",
    ];
    let Some(found) = extension.get("extension_type") else {
        let message = "extension_type is required; it says what the extension adds";
        return report.error_by(("property.missing", "7.3"), message);
    };
    let word = found.as_str();
    if !word.is_some_and(|word| KINDS.contains(&word)) {
        let message = format!("extension_type is one of {}", KINDS.join(", "));
        report.within(Step::Member("extension_type"), |report| {
            report.error_by(("value.enumeration", "7.3"), message);
        });
    }
}
