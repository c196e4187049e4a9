//! The JSON document as XML: the elements of a class in the order of its schema.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::model::Case;

/// The namespace of version 2.
const NAMESPACE: &str = "urn:ietf:params:xml:ns:iodef-2.0";

/// Members that are attributes, by their element.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("Incident", &["purpose", "status", "restriction"]),
    ("IncidentID", &["name"]),
    ("Assessment", &["occurrence"]),
    ("SystemImpact", &["severity", "type", "ext-type"]),
    ("MonetaryImpact", &["currency"]),
    ("Confidence", &["rating"]),
    ("Contact", &["role", "type"]),
    ("HistoryItem", &["action"]),
    ("AdditionalData", &["dtype", "meaning"]),
];

/// The order of the elements of a class.
const ORDER: &[(&str, &[&str])] = &[
    (
        "Incident",
        &[
            "IncidentID",
            "RelatedActivity",
            "DetectTime",
            "StartTime",
            "EndTime",
            "ReportTime",
            "GenerationTime",
            "Description",
            "Assessment",
            "Contact",
            "History",
            "AdditionalData",
        ],
    ),
    ("Assessment", &["Impact", "Confidence"]),
    ("HistoryItem", &["DateTime", "Description"]),
];

/// Entries as a document of a party.
pub fn xml<'c>(cases: impl Iterator<Item = &'c Case>, party: &str) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string cannot fail.
    let _written = write!(
        out,
        "<IODEF-Document version=\"2.00\" xml:lang=\"en\" xmlns=\"{NAMESPACE}\">"
    );
    for case in cases {
        element(&mut out, "Incident", &super::incident(case, party));
    }
    out.push_str("</IODEF-Document>\n");
    out
}

fn of<'t>(table: &[(&str, &'t [&'t str])], name: &str) -> &'t [&'t str] {
    let found = table.iter().find(|(known, _)| *known == name);
    found.map_or(&[], |(_, members)| members)
}

fn element(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Array(items) if name == "Impact" => {
            // In JSON a list of objects of one member each, in XML the members themselves.
            for (name, value) in items.iter().filter_map(Value::as_object).flatten() {
                element(out, name, value);
            }
        }
        Value::Array(items) => {
            for item in items {
                element(out, name, item);
            }
        }
        Value::Object(members) => object(out, name, members),
        Value::String(text) => leaf(out, name, text),
        Value::Null => {}
        other => leaf(out, name, &other.to_string()),
    }
}

fn object(out: &mut String, name: &str, members: &Map<String, Value>) {
    let attributes = of(ATTRIBUTES, name);
    out.push('<');
    out.push_str(name);
    for attribute in attributes {
        if let Some(value) = members.get(*attribute).and_then(Value::as_str) {
            let _written = write!(out, " {attribute}=\"{}\"", escaped(value));
        }
    }
    out.push('>');
    let order = of(ORDER, name);
    let place = |member: &str| order.iter().position(|one| *one == member);
    let mut inner: Vec<(&String, &Value)> = members
        .iter()
        .filter(|(member, _)| !attributes.contains(&member.as_str()))
        .collect();
    inner.sort_by_key(|(member, _)| place(member));
    for (member, value) in inner {
        match (member.as_str(), value) {
            // What JSON has as a member is the content of the element.
            ("id" | "value", Value::String(text)) => out.push_str(&escaped(text)),
            ("value", number) => out.push_str(&number.to_string()),
            _ => element(out, member, value),
        }
    }
    let _written = write!(out, "</{name}>");
}

fn leaf(out: &mut String, name: &str, text: &str) {
    let _written = write!(out, "<{name}>{}</{name}>", escaped(text));
}

/// Text without what XML takes for its own, and without characters that it cannot hold.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(c),
            '\u{fffe}' | '\u{ffff}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
