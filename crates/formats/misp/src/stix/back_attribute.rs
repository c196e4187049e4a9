//! Objects of STIX as attributes.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    back::{Back, label, list, moment, number, said, seconds, uuid},
    observed::of_observable,
    out::text,
    out_attribute::PATTERNS,
    terms::{self, Term},
    time,
};
use crate::{
    full::{Attribute, Distribution},
    vocabulary::attribute_type,
};

/// Properties that every object of an attribute may have of ours.
const OURS: &[&str] = &[
    "revoked",
    "x_misp_comment",
    "x_misp_data",
    "x_misp_disable_correlation",
    "x_misp_distribution",
    "x_misp_first_seen",
    "x_misp_last_seen",
    "x_misp_object_relation",
];

/// The attribute that an indicator, observed data, a vulnerability or an object of ours is.
pub(super) fn attributes<'s>(back: &mut Back<'s>, at: usize, object: &'s Value) {
    match text(object, "type") {
        "indicator" => indicator(back, at, object),
        "observed-data" => observed(back, at, object),
        // One that is a cluster says so.
        "vulnerability" if label(object, "misp:galaxy-type").is_none() => {
            let name = text(object, "name");
            let mut attribute = began(back, at, object, "vulnerability", name);
            attribute.comment = attribute.comment.or_else(|| said(object, "description"));
            let doubled = attribute.comment != said(object, "description");
            keep(back, at, object, attribute);
            let reference = object.pointer("/external_references/0/external_id");
            let named = reference.and_then(Value::as_str) == Some(name)
                && object.pointer("/external_references/1").is_none();
            let mut carried = vec!["name"];
            carried.extend(named.then_some("external_references"));
            carried.extend((!doubled).then_some("description"));
            back.carry(at, &[OURS, &carried].concat());
        }
        "x-misp-attribute" => {
            let (kind, value) = (text(object, "x_misp_type"), text(object, "x_misp_value"));
            let attribute = began(back, at, object, kind, value);
            keep(back, at, object, attribute);
            back.carry(at, &[OURS, &["x_misp_type", "x_misp_value"]].concat());
        }
        _ => {}
    }
}

/// An attribute of this object, with what all have.
fn began(back: &mut Back<'_>, at: usize, object: &Value, kind: &str, value: &str) -> Attribute {
    let known = attribute_type(kind);
    let category = label(object, "misp:category").map(str::to_owned);
    let truth = |name| object.get(name).and_then(Value::as_bool);
    Attribute {
        uuid: uuid(object),
        kind: Some(kind.to_owned()),
        category: category.or_else(|| known.map(|known| known.default_category.to_owned())),
        value: Some(value.to_owned()),
        to_ids: Some(label(object, "misp:to_ids") == Some("True")),
        comment: said(object, "x_misp_comment"),
        data: said(object, "x_misp_data"),
        first_seen: said(object, "x_misp_first_seen"),
        last_seen: said(object, "x_misp_last_seen"),
        object_relation: said(object, "x_misp_object_relation"),
        distribution: number(object, "x_misp_distribution").and_then(Distribution::from_number),
        disable_correlation: truth("x_misp_disable_correlation"),
        deleted: truth("revoked"),
        timestamp: seconds(object, "modified"),
        tags: back.tags(at, object, true),
        ..Attribute::default()
    }
}

fn keep<'s>(back: &mut Back<'s>, at: usize, object: &'s Value, attribute: Attribute) {
    back.take(at);
    back.became
        .insert(text(object, "id"), back.attributes.len());
    back.attributes.push(attribute);
}

fn indicator<'s>(back: &mut Back<'s>, at: usize, object: &'s Value) {
    let (language, pattern) = (text(object, "pattern_type"), text(object, "pattern"));
    let terms = terms::of_pattern(pattern).filter(|_| language == "stix");
    let found = terms
        .and_then(|(terms, told)| terms::attribute(&terms, label(object, "misp:type").or(told)));
    let own = PATTERNS.iter().find(|(_, known)| *known == language);
    let (kind, value) = match (&found, own) {
        (Some((kind, value)), _) => (*kind, &**value),
        (None, Some((kind, _))) => (*kind, pattern),
        // Of a language that MISP has no type for, it is still a pattern.
        (None, None) => ("other", pattern),
    };
    let mut attribute = began(back, at, object, kind, value);
    attribute.to_ids = Some(label(object, "misp:to_ids") != Some("False"));
    attribute.comment = said(object, "description");
    let since = moment(object, "valid_from");
    if attribute.first_seen.is_none() && since != moment(object, "modified") {
        attribute.first_seen = since.map(time::misp);
    }
    let until = moment(object, "valid_until").map(time::misp);
    attribute.last_seen = attribute.last_seen.or(until);
    if attribute.comment.is_none() {
        attribute.comment = said(object, "name");
    } else if let Some(name) = said(object, "name") {
        back.losses.add(&format!("/objects/{at}/name"), name);
    }
    keep(back, at, object, attribute);
    let mut carried = vec![
        "description",
        "name",
        "pattern",
        "pattern_version",
        "valid_from",
        "valid_until",
    ];
    carried.extend(own.map(|_| "pattern_type"));
    back.carry(at, &[OURS, &carried].concat());
}

fn observed<'s>(back: &mut Back<'s>, at: usize, object: &'s Value) {
    let refs: Vec<(usize, &Value)> = list(object, "object_refs")
        .filter_map(|id| back.find(id))
        .collect();
    let referred: HashSet<&str> = refs.iter().flat_map(|(_, one)| references(one)).collect();
    let hint = label(object, "misp:type");
    let mut first = true;
    let mut carried = 0;
    for (number, observable) in &refs {
        // What another refers to stands in that one's value.
        if referred.contains(text(observable, "id")) {
            continue;
        }
        let found = read(back, *number, observable, hint);
        for (kind, value) in &found {
            let mut attribute = began(back, at, object, kind, value);
            attribute.to_ids = Some(false);
            let since = moment(object, "first_observed")
                .filter(|since| Some(*since) != moment(object, "modified"));
            attribute.first_seen = attribute.first_seen.or(since.map(time::misp));
            let until = moment(object, "last_observed").filter(|_| since.is_some());
            let until = until.filter(|until| Some(*until) != since);
            attribute.last_seen = attribute.last_seen.or(until.map(time::misp));
            if !first {
                attribute.uuid = uuid(observable);
            }
            first = false;
            carried += 1;
            back.became
                .entry(text(observable, "id"))
                .or_insert(back.attributes.len());
            keep(back, at, object, attribute);
        }
    }
    let missing = list(object, "object_refs").count() - refs.len();
    if missing > 0 {
        back.losses.add(
            &format!("/objects/{at}/object_refs"),
            "objects that are not there",
        );
    }
    if carried > 0 {
        let ours = ["first_observed", "last_observed", "object_refs"];
        let once = number(object, "number_observed") == Some(1);
        let once: &[&str] = if once { &["number_observed"] } else { &[] };
        back.carry(at, &[OURS, &ours, once].concat());
    }
}

/// Types and values of an observable: one if its facts make one, else one for each.
fn read<'s>(
    back: &mut Back<'s>,
    at: usize,
    observable: &'s Value,
    hint: Option<&str>,
) -> Vec<(&'static str, String)> {
    let (terms, unread) = of_observable(observable, |id| back.find(id).map(|(_, value)| value));
    let place = format!("/objects/{at}");
    for name in unread {
        back.losses.add(&place, name);
    }
    if let Some(one) = terms::attribute(&terms, hint) {
        back.take(at);
        let within = references(observable).into_iter();
        let within: Vec<_> = within.filter_map(|id| back.find(id)).collect();
        for (at, other) in within {
            back.take(at);
            for name in of_observable(other, |_| None).1 {
                back.losses.add(&format!("/objects/{at}"), name);
            }
        }
        return vec![one];
    }
    let mut found = Vec::new();
    for term in &terms {
        match terms::attribute(std::slice::from_ref(term), hint) {
            Some(one) => found.push(one),
            None => back.losses.add(&place, lost(term)),
        }
    }
    if !found.is_empty() {
        back.take(at);
    }
    found
}

fn lost(term: &Term) -> String {
    format!("{} {:?}", term.path, term.value)
}

/// Observables that nothing refers to.
pub(super) fn lone_observables(back: &mut Back<'_>) {
    let referred: HashSet<&str> = back.objects.iter().flat_map(references).collect();
    for (at, object) in back.objects.iter().enumerate() {
        let seen = back.used.get(at) != Some(&false) || referred.contains(text(object, "id"));
        if seen || !terms::paths().any(|path| path.split(':').next() == Some(text(object, "type")))
        {
            continue;
        }
        for (number, (kind, value)) in read(back, at, object, None).iter().enumerate() {
            let mut attribute = began(back, at, object, kind, value);
            attribute.to_ids = Some(false);
            if number > 0 {
                // Only the first can have the id of the whole.
                attribute.uuid = None;
            }
            keep(back, at, object, attribute);
        }
    }
}

/// What an observable refers to whose value is part of its own. It does not refer to itself.
fn references(observable: &Value) -> Vec<&str> {
    let itself = text(observable, "id");
    let one = ["src_ref", "dst_ref"].map(|name| text(observable, name));
    let all = list(observable, "resolves_to_refs").chain(one);
    all.filter(|id| !id.is_empty() && *id != itself).collect()
}
