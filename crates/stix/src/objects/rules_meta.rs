//! The rules of single meta objects that no table says.

use crate::{
    check::Report,
    json::{Kind, Value},
    schema::ValueType,
};

use super::{StatementMarking, TlpMarking, rules::is_language};

/// The four markings of the first Traffic Light Protocol, which nobody else may define (STIX 2.1
/// §7.2.1.4).
const TLP: [(&str, &str); 4] = [
    (
        "white",
        "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
    ),
    (
        "green",
        "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
    ),
    (
        "amber",
        "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    ),
    (
        "red",
        "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
    ),
];

/// §7.1: by language, texts or lists and objects of them.
pub(super) fn language_content(object: Value<'_>, report: &mut Report<'_>) {
    for (language, texts) in object.get("contents").into_iter().flat_map(Value::members) {
        if !is_language(language) {
            let message = "a language is written as a tag such as zh or pt-br (RFC 5646)";
            report.error("value.language", &["contents", language], message);
        }
        for (name, text) in texts.members() {
            if !matches!(text.kind(), Kind::String | Kind::Array | Kind::Object) {
                let message = "expected a text, or a list or an object of texts";
                report.error("value.type", &["contents", language, name], message);
            }
        }
    }
}

/// §7.2.1: a marking is a definition or an extension, and of TLP there are four.
pub(super) fn marking_definition(object: Value<'_>, report: &mut Report<'_>) {
    let definition = object.get("definition");
    let definition_type = object.get("definition_type").and_then(Value::as_str);
    if object.get("extensions").is_none() {
        for name in ["definition_type", "definition"] {
            if object.get(name).is_none() {
                let message = format!("{name} is required where there are no extensions");
                report.error("property.missing", &[], message);
            }
        }
    }
    let (Some(definition), Some(definition_type)) = (definition, definition_type) else {
        return;
    };
    match definition_type {
        "statement" => {
            if StatementMarking::read(definition).is_err() {
                let message = "a definition of type statement has the text statement";
                report.error("marking.definition", &["definition"], message);
            }
        }
        "tlp" => tlp(object, definition, report),
        _ => {
            let message = "definition_type should be statement or tlp; define others by extensions";
            report.warn("marking.type", &["definition_type"], message);
        }
    }
}

fn tlp(object: Value<'_>, definition: Value<'_>, report: &mut Report<'_>) {
    let Ok(marking) = TlpMarking::read(definition) else {
        let message = "a definition of type tlp has tlp: white, green, amber or red";
        return report.error("marking.definition", &["definition"], message);
    };
    let id = object.get("id").and_then(Value::as_str);
    let fixed = TLP.iter().find(|(level, _)| *level == marking.tlp.as_str());
    if fixed.is_none_or(|(_, fixed)| id != Some(fixed)) {
        let message = "no one may define TLP anew; refer to the marking of the specification";
        report.error("marking.tlp", &["id"], message);
    }
}

/// §7.3: who made it, and what the names of properties are for.
pub(super) fn extension_definition(object: Value<'_>, report: &mut Report<'_>) {
    if object.get("created_by_ref").is_none() {
        report.error("property.missing", &[], "created_by_ref is required");
    }
    if object.get("description").is_none() {
        report.warn(
            "extension.undescribed",
            &[],
            "an extension should have a description",
        );
    }
    let kinds = object
        .get("extension_types")
        .into_iter()
        .flat_map(Value::items);
    let on_top = kinds
        .filter_map(Value::as_str)
        .any(|kind| kind == "toplevel-property-extension");
    match object.get("extension_properties") {
        Some(_) if !on_top => {
            let message =
                "extension_properties needs toplevel-property-extension in extension_types";
            report.error("property.requires", &["extension_properties"], message);
        }
        Some(names) => property_names(names, report),
        None if on_top => {
            let message = "extension_properties should name what is added at the top of objects";
            report.warn("extension.properties", &[], message);
        }
        None => {}
    }
}

fn property_names(names: Value<'_>, report: &mut Report<'_>) {
    let good = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let right = |name: &str| (3..=250).contains(&name.len()) && name.bytes().all(good);
    if names
        .items()
        .filter_map(Value::as_str)
        .any(|name| !right(name))
    {
        let message = "a property is named by 3 to 250 of a to z, 0 to 9 and underscore";
        report.error("property.name", &["extension_properties"], message);
    }
}
