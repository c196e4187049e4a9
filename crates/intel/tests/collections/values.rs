//! Objects that have values, and questions about them.

use intel::{
    model::Relation,
    ops::{self, Answer, Known},
};
use kernel::{Tlp, Viewer};
use serde_json::{Value, json};

use crate::house::{House, marking};

/// An observable or indicator with that number and label.
pub(crate) fn numbered(number: u32, mut object: Value, tlp: Option<Tlp>) -> Value {
    let kind = object["type"].as_str().unwrap().to_owned();
    object["spec_version"] = json!("2.1");
    object["id"] = json!(format!("{kind}--00000000-0000-4000-8000-{number:012}"));
    if let Some(tlp) = tlp {
        object["object_marking_refs"] = json!([marking(tlp)]);
    }
    object
}

pub(crate) fn address(number: u32, value: &str) -> Value {
    let kind = if value.contains(':') {
        "ipv6-addr"
    } else {
        "ipv4-addr"
    };
    numbered(number, json!({"type": kind, "value": value}), None)
}

pub(crate) fn domain(number: u32, value: &str) -> Value {
    numbered(number, json!({"type": "domain-name", "value": value}), None)
}

pub(crate) fn indicator(number: u32, pattern: &str, tlp: Option<Tlp>) -> Value {
    let object = json!({
        "type": "indicator",
        "created": "2026-11-20T00:00:00.000Z",
        "modified": "2026-11-20T00:00:00.000Z",
        "pattern": pattern,
        "pattern_type": "stix",
        "valid_from": "2026-11-20T00:00:00Z",
    });
    numbered(number, object, tlp)
}

pub(crate) async fn ask(house: &House, viewer: &Viewer, values: &[&str], within: bool) -> Answer {
    let values: Vec<_> = values.iter().map(|value| (*value).to_owned()).collect();
    let answer = ops::look_up(&house.ground, viewer, &values, None, within).await;
    answer.unwrap()
}

/// The number of an object.
pub(crate) fn number_of(id: &str) -> u32 {
    id.rsplit('-').next().unwrap().parse().unwrap()
}

/// The numbers of the objects that were found, with their relations, sorted.
pub(crate) fn found(known: &Known) -> Vec<(u32, Relation)> {
    let mut found: Vec<_> = known
        .hits
        .iter()
        .map(|hit| (number_of(&hit.stix_id), hit.relation))
        .collect();
    found.sort_unstable();
    found
}
