//! What a page shows of the text of an object.

use serde_json::{Map, Value};

use crate::views::collections::Fact;

/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 300;
/// The longest text of a property; the rest stands in the object itself.
const TEXT_CHARS_MAX: usize = 4_000;
/// Texts of one property that are shown.
const VALUES_MAX: usize = 100;
/// The longest object that is shown with line breaks.
const JSON_CHARS_MAX: usize = 200_000;
/// What stands elsewhere on the page.
const ELSEWHERE: &[&str] = &[
    "type",
    "id",
    "spec_version",
    "name",
    "object_marking_refs",
    "granular_markings",
    "revoked",
];
/// What is compared by the letter.
const CODE: &[&str] = &[
    "pattern",
    "value",
    "hashes",
    "path",
    "key",
    "command_line",
    "external_id",
];

fn parsed(body: &str) -> Map<String, Value> {
    serde_json::from_str(body).unwrap_or_default()
}

/// What an object is called: its name, its value, its pattern, or what it relates.
pub(crate) fn name_of(body: &str) -> String {
    let object = parsed(body);
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
    let first = [
        "name", "value", "pattern", "path", "key", "subject", "abstract",
    ];
    let first = first.into_iter().map(text).find(|text| !text.is_empty());
    let found = match (first, text("relationship_type")) {
        (Some(first), _) => first.to_owned(),
        (None, "") => {
            let hashes = object.get("hashes").and_then(Value::as_object);
            let hash = hashes.and_then(|hashes| hashes.values().find_map(Value::as_str));
            hash.or(object.get("content").and_then(Value::as_str))
                .unwrap_or_default()
                .to_owned()
        }
        (None, relation) => {
            let kind = |name: &str| text(name).split("--").next().unwrap_or_default().to_owned();
            format!("{} {relation} {}", kind("source_ref"), kind("target_ref"))
        }
    };
    shortened(&found, NAME_CHARS_MAX)
}

/// The properties of an object, by name.
pub(super) fn facts(body: &str) -> Vec<Fact> {
    let object = parsed(body);
    let shown = object
        .iter()
        .filter(|(name, _)| !ELSEWHERE.contains(&name.as_str()))
        .filter(|(name, _)| !name.ends_with("_ref") && !name.ends_with("_refs"));
    let facts = shown.map(|(name, value)| {
        let mut values = Vec::new();
        texts("", value, &mut values);
        values.truncate(VALUES_MAX);
        Fact {
            name: name.clone(),
            values,
            is_code: CODE.contains(&name.as_str()),
        }
    });
    facts.filter(|fact| !fact.values.is_empty()).collect()
}

fn texts(name: &str, value: &Value, into: &mut Vec<String>) {
    let put = |text: String, into: &mut Vec<String>| {
        let text = shortened(&text, TEXT_CHARS_MAX);
        into.push(if name.is_empty() {
            text
        } else {
            format!("{name}: {text}")
        });
    };
    match value {
        Value::Null => {}
        Value::String(text) => put(text.clone(), into),
        Value::Array(items) => {
            for item in items.iter().take(VALUES_MAX) {
                texts(name, item, into);
            }
        }
        Value::Object(members) => {
            let parts: Vec<String> = members
                .iter()
                .map(|(name, value)| match value {
                    Value::String(text) => format!("{name}: {text}"),
                    other => format!("{name}: {other}"),
                })
                .collect();
            put(parts.join(" · "), into);
        }
        other => put(other.to_string(), into),
    }
}

/// The ids that an object refers to, with the names of the properties.
pub(super) fn references(body: &str) -> Vec<(String, String)> {
    let object = parsed(body);
    let mut found = Vec::new();
    for (name, value) in &object {
        if name.ends_with("_ref") {
            let id = value.as_str().map(str::to_owned);
            found.extend(id.map(|id| (name.clone(), id)));
        } else if name.ends_with("_refs") && name != "object_marking_refs" {
            let ids = value.as_array().into_iter().flatten();
            let ids = ids.filter_map(Value::as_str);
            found.extend(ids.map(|id| (name.clone(), id.to_owned())));
        }
    }
    found
}

/// The object with line breaks; a very long one as far as that.
pub(super) fn pretty(body: &str) -> String {
    let object = parsed(body);
    let text = serde_json::to_string_pretty(&object).unwrap_or_default();
    shortened(&text, JSON_CHARS_MAX)
}

pub(crate) fn shortened(text: &str, most: usize) -> String {
    let short: String = text.chars().take(most).collect();
    let is_cut = short.len() < text.len();
    let mut shown = plain(&short);
    if is_cut {
        shown.push('…');
    }
    shown
}

/// A text in which nothing turns the direction of what is read: what would is written as its number.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for found in text.chars() {
        if matches!(found, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') {
            plain.extend(found.escape_unicode());
        } else {
            plain.push(found);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_called_by_what_it_has() {
        let name = |text: &str| name_of(text);
        assert_eq!(name(r#"{"name":"X","value":"v"}"#), "X");
        assert_eq!(name(r#"{"value":"evil.example"}"#), "evil.example");
        let relation =
            r#"{"relationship_type":"uses","source_ref":"malware--1","target_ref":"tool--2"}"#;
        assert_eq!(name(relation), "malware uses tool");
        assert_eq!(name(r#"{"hashes":{"MD5":"d41d"}}"#), "d41d");
        assert_eq!(name("broken"), "");
        assert_eq!(name(r#"{"name":"a\u202egnp.exe"}"#), "a\\u{202e}gnp.exe");
    }

    #[test]
    fn references_are_told_with_their_property() {
        let object = r#"{"created_by_ref":"identity--1","object_refs":["a--1","b--2"],
            "object_marking_refs":["m--1"]}"#;
        let found = references(object);
        let names: Vec<_> = found.iter().map(|(by, id)| format!("{by} {id}")).collect();
        assert_eq!(
            names,
            [
                "created_by_ref identity--1",
                "object_refs a--1",
                "object_refs b--2"
            ]
        );
    }
}
