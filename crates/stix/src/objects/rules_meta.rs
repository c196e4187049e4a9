//! The rules of single meta objects that no table says.

use crate::{
    check::Report,
    json::{Kind, Value},
    marking::Tlp1,
    schema::{ValueType, is_language, is_property_name},
};

use super::{StatementMarking, TlpMarking};

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
    let definition_type = object.text("definition_type");
    let fixed = |id| Tlp1::ALL.into_iter().any(|tlp| tlp.marking_id() == id);
    if definition_type != Some("tlp") && object.text("id").is_some_and(fixed) {
        let message = "this id is that of a marking of TLP";
        report.error("marking.tlp", &["id"], message);
    }
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
    let id = object.text("id");
    let fixed = Tlp1::ALL
        .into_iter()
        .find(|tlp| tlp.word() == marking.tlp.as_str());
    if fixed.is_none_or(|tlp| id != Some(tlp.marking_id())) {
        let message = "no one may define TLP anew; refer to the marking of the specification";
        report.error("marking.tlp", &["id"], message);
    }
}

/// §7.3: who made it, which common properties it has not, and what the names of properties are for.
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
    for name in ["confidence", "extensions"] {
        if object.get(name).is_some() {
            let message = format!("{name} is not a property of an extension definition");
            report.warn("property.custom", &[name], message);
        }
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
    if names
        .items()
        .filter_map(Value::as_str)
        .any(|name| !is_property_name(name))
    {
        let message = "a property is named by 3 to 250 of a to z, 0 to 9 and underscore";
        report.error("property.name", &["extension_properties"], message);
    }
}
