//! Incidents of STIX 2.1, with the Incident Core extension where they have it.
//!
//! An incident is kept under `/stix` with the impacts and events that it names, and with the statements
//! that mark any of them.

mod write;

use kernel::Tlp;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    clean::{kept, line, prose},
    model::{Draft, Found, Key, Read, Remark, Settings, Why},
};
use crate::{
    harm::Detail,
    model::{
        Bound, Dated, Determination, Facts, Fidelity, Grade, HarmFigure, Kind, Period, Prose,
        Quantity, TimelineEntry,
    },
    state::Stage,
    taxonomy::{
        Tag,
        shipped::{RSIT, SECTORS},
    },
    wire::stix::{IMPACT, INCIDENT, MARKINGS},
};

pub use write::objects;

/// Where the objects are kept.
pub const POINTER: &str = "/stix";
/// The labels of TLP 1, as STIX 2.1 itself has them.
const OLD_MARKINGS: [(&str, Tlp); 4] = [
    (
        "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
        Tlp::Clear,
    ),
    (
        "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
        Tlp::Green,
    ),
    (
        "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
        Tlp::Amber,
    ),
    (
        "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
        Tlp::Red,
    ),
];

/// Below this `confidence` a figure is a claim (STIX 2.1, appendix A: "doubtful" and less).
const DOUBTED: u64 = 40;

/// The incidents of a bundle, or the one that the document is.
pub fn read(doc: Value, settings: &Settings) -> Vec<Found> {
    let objects: Vec<Value> = match doc {
        Value::Object(mut members) => match members.remove("objects") {
            Some(Value::Array(objects)) => objects,
            _ => vec![Value::Object(members)],
        },
        other => vec![other],
    };
    let incidents = objects.iter().filter(|object| kind(object) == "incident");
    let mut found: Vec<Found> = incidents.map(|one| of(one, &objects, settings)).collect();
    if found.is_empty() {
        let remark = Remark::new("/objects", Why::Missing, "there is no incident in it");
        found.push(Found {
            place: String::new(),
            name: String::new(),
            sha256: [0; 32],
            read: Err(vec![remark]),
        });
    }
    found
}

fn text<'d>(object: &'d Value, member: &str) -> Option<&'d str> {
    object.get(member)?.as_str()
}

fn kind(object: &Value) -> &str {
    text(object, "type").unwrap_or_default()
}

fn of(incident: &Value, objects: &[Value], settings: &Settings) -> Found {
    let extension = incident.pointer(&format!("/extensions/{INCIDENT}"));
    let named: Vec<&str> = ["impact_refs", "events"]
        .iter()
        .filter_map(|list| extension?.get(list)?.as_array())
        .flatten()
        .filter_map(|one| one.as_str().or_else(|| text(one, "event_ref")))
        .collect();
    let parts: Vec<&Value> = objects
        .iter()
        .filter(|object| text(object, "id").is_some_and(|id| named.contains(&id)))
        .collect();
    let whole = std::iter::once(incident).chain(parts.iter().copied());
    let marks: Vec<&Value> = whole
        .clone()
        .flat_map(|object| refs(object).chain(granular(object)))
        .collect();
    let marks = |object: &&Value| marks.iter().any(|one| one.as_str() == text(object, "id"));
    let statements = objects.iter().filter(|one| is_statement(one)).filter(marks);
    let whole: Vec<&Value> = whole.chain(statements).collect();
    let whole = json!({ "objects": whole });
    Found {
        place: String::new(),
        name: text(incident, "id")
            .unwrap_or_default()
            .chars()
            .take(100)
            .collect(),
        sha256: Sha256::digest(whole.to_string()).into(),
        read: draft((incident, extension), (&parts, objects), whole, settings),
    }
}

fn draft(
    (incident, extension): (&Value, Option<&Value>),
    (parts, objects): (&[&Value], &[Value]),
    whole: Value,
    settings: &Settings,
) -> Read {
    let mut remarks = Vec::new();
    let Some(public) = text(incident, "id").and_then(|id| id.parse().ok()) else {
        let detail = "an incident has an id such as incident--6f9c1c44-5b0d-45ef-a1dc-ea7279ea910e";
        return Err(vec![Remark::new("/id", Why::Missing, detail)]);
    };
    let title = text(incident, "name").and_then(|name| line(name, "/name", &mut remarks));
    let Some(title) = title else {
        let remark = Remark::new("/name", Why::Missing, "an incident has a name");
        return Err(vec![remark]);
    };
    let said = |member: &str| extension.and_then(|one| text(one, member));
    let determination = said("determination").and_then(|word| {
        kept(
            word.parse(),
            "/determination",
            Why::UnknownTerm,
            &mut remarks,
        )
    });
    let stage = said("investigation_status").and_then(stage);
    let (timeline, harm) = told(parts, &mut remarks);
    let began = timeline
        .iter()
        .map(|one| one.at)
        .min_by_key(|at| at.first());
    let facts = Facts {
        kind: Kind::Incident,
        title,
        description: text(incident, "description").map_or_else(Prose::default, |told| {
            prose(told, "/description", &mut remarks)
        }),
        victims: Vec::new(),
        worldwide: false,
        organisation: None,
        sectors: ids(incident, SECTORS)
            .filter_map(|id| id.parse().ok())
            .collect(),
        sector_text: None,
        rsit: ids(incident, RSIT).find_map(|id| id.parse().ok()),
        period: Period::new(began, None, None).unwrap_or_default(),
        detected: None,
        reported: None,
        determination: determination.unwrap_or(Determination::Suspected),
        tlp: label(incident, parts, objects, settings),
        pap: None,
        named: Vec::new(),
        cross_border: None,
    };
    let labels = incident.get("labels").and_then(Value::as_array);
    let exercise = labels.is_some_and(|labels| labels.iter().any(|label| label == "exercise"));
    Ok(Box::new(Draft {
        key: Key::Own(public),
        facts,
        stage: stage.unwrap_or(settings.stage),
        timeline,
        harm,
        statements: Vec::new(),
        links: Vec::new(),
        classes: tags(incident),
        kept: Map::from_iter([(POINTER.to_owned(), whole)]),
        exercise,
        remarks,
    }))
}

/// What happened when, and the figures of harm.
fn told(parts: &[&Value], remarks: &mut Vec<Remark>) -> (Vec<TimelineEntry>, Vec<HarmFigure>) {
    let of = |name: &'static str| parts.iter().filter(move |part| kind(part) == name);
    let timeline = of("event").filter_map(|part| happened(part, remarks));
    let timeline = timeline.collect();
    let harm = of("impact").filter_map(|part| figure(part, remarks));
    (timeline, harm.collect())
}

/// The ids that one source knows it by.
fn ids<'d>(incident: &'d Value, wanted: &'static str) -> impl Iterator<Item = &'d str> {
    let all = references(incident);
    all.filter_map(move |(source, id)| (source == wanted).then_some(id))
}

/// The references that may be classes.
fn tags(incident: &Value) -> Vec<Tag> {
    let tag = |(source, id): (&str, &str)| {
        let named = (source.parse().ok()?, id.parse().ok()?);
        Some(Tag::from(named))
    };
    references(incident).filter_map(tag).collect()
}

/// What else knows it, each by the name of the source and the id there.
fn references(incident: &Value) -> impl Iterator<Item = (&str, &str)> {
    let all = incident
        .get("external_references")
        .and_then(Value::as_array);
    let all = all.into_iter().flatten();
    all.filter_map(|one| Some((text(one, "source_name")?, text(one, "external_id")?)))
}

/// Where the work stands (STIX Incident extension, `investigation_status`).
fn stage(word: &str) -> Option<Stage> {
    match word {
        "new" => Some(Stage::Open),
        "open" => Some(Stage::Investigating),
        "closed" => Some(Stage::Closed),
        _ => None,
    }
}

/// The strictest label of an incident and of what is taken in with it. What is marked in parts is as a
/// whole what its strictest part is.
fn label(incident: &Value, parts: &[&Value], objects: &[Value], settings: &Settings) -> Tlp {
    let whole = strictest(refs(incident), objects).unwrap_or(settings.tlp);
    let parts = parts
        .iter()
        .flat_map(|part| refs(part).chain(granular(part)));
    let rest = strictest(granular(incident).chain(parts), objects);
    rest.map_or(whole, |rest| rest.max(whole))
}

/// The label of one object by itself, where it has one; these statements are none.
pub fn own_label(object: &Value, statements: &[Value]) -> Option<Tlp> {
    strictest(refs(object).chain(granular(object)), statements)
}

/// Whether an object defines a statement that marks others, such as terms of use: no label.
fn is_statement(object: &Value) -> bool {
    let id = text(object, "id").unwrap_or_default();
    kind(object) == "marking-definition"
        && text(object, "definition_type") == Some("statement")
        && !id.is_empty()
        && known_label(id).is_none()
}

/// The marking that an id is known for: one of TLP 2.0, or of TLP 1.
pub fn known_label(id: &str) -> Option<Tlp> {
    let mut table = MARKINGS.iter().chain(&OLD_MARKINGS);
    table.find(|(known, _)| *known == id).map(|(_, tlp)| *tlp)
}

/// The markings of an object as a whole.
fn refs(object: &Value) -> impl Iterator<Item = &Value> {
    let refs = object.get("object_marking_refs").and_then(Value::as_array);
    refs.into_iter().flatten()
}

/// The markings of its parts (STIX 2.1, 7.2.3).
fn granular(object: &Value) -> impl Iterator<Item = &Value> {
    let all = object.get("granular_markings").and_then(Value::as_array);
    let all = all.into_iter().flatten();
    all.filter_map(|one| one.get("marking_ref"))
}

/// The strictest of these markings. One that cannot be looked at may be any.
fn strictest<'d>(refs: impl Iterator<Item = &'d Value>, objects: &[Value]) -> Option<Tlp> {
    let statement = |id: &str| {
        let here = objects.iter().find(|object| text(object, "id") == Some(id));
        here.is_some_and(is_statement)
    };
    refs.filter_map(|one| {
        let id = one.as_str().unwrap_or_default();
        known_label(id).or_else(|| (!statement(id)).then_some(Tlp::Red))
    })
    .max()
}

fn moment(object: &Value, member: &str, remarks: &mut Vec<Remark>) -> Option<Dated> {
    let at: Dated = kept(
        text(object, member)?.parse(),
        &format!("/{member}"),
        Why::Unreadable,
        remarks,
    )?;
    let fidelity = text(object, &format!("{member}_fidelity"));
    let fidelity = fidelity.and_then(|word| word.parse::<Fidelity>().ok());
    Some(fidelity.map_or(at, |fidelity| Dated::new(at.first(), fidelity)))
}

fn happened(event: &Value, remarks: &mut Vec<Remark>) -> Option<TimelineEntry> {
    let told = text(event, "name").or_else(|| text(event, "description"))?;
    Some(TimelineEntry {
        at: moment(event, "start_time", remarks)?,
        what: line(told, "/name", remarks)?,
        source: "STIX".parse().ok(),
    })
}

/// An impact as a figure. One that states no number that a figure can hold has none.
pub fn figure(impact: &Value, remarks: &mut Vec<Remark>) -> Option<HarmFigure> {
    let category = text(impact, "impact_category")?;
    let inner = impact.pointer(&format!("/extensions/{category}"));
    let inner = inner.or_else(|| impact.pointer(&format!("/extensions/{IMPACT}/{category}")))?;
    let mut number = |member: &str| {
        let text = inner.get(member)?.to_string();
        let at = format!("/{member}");
        kept(text.parse::<Quantity>(), &at, Why::Absurd, remarks)
    };
    let (bound, unit) = match category {
        "confidentiality" | "integrity" => (Bound::Exact(number("record_count")?), "record"),
        "monetary" => {
            let bound = match (number("min_amount"), number("max_amount")) {
                (Some(low), None) => Bound::AtLeast(low),
                (None, Some(high)) => Bound::AtMost(high),
                (low, high) => {
                    let (low, high) = (low?, high?);
                    let word = if low == high { "exact" } else { "range" };
                    let bound = Bound::of(word, low, high);
                    kept(bound, "/min_amount", Why::Absurd, remarks)?
                }
            };
            (bound, text(inner, "currency")?)
        }
        _ => return None,
    };
    let what = text(impact, "description").unwrap_or(category);
    let figure = HarmFigure {
        what: line(what, "/description", remarks)?,
        measure: None,
        bound,
        unit: kept(unit.parse(), "/currency", Why::UnknownTerm, remarks)?,
        grade: grade(impact),
        source: "STIX".parse().ok(),
        note: None,
        detail: Detail::default(),
    };
    kept(figure.checked(), "/impact", Why::Absurd, remarks)
}

/// How good a figure is that somebody else states: a claim, where he doubts it himself.
fn grade(impact: &Value) -> Grade {
    let confidence = impact.get("confidence").and_then(Value::as_u64);
    match confidence {
        Some(sure) if sure < DOUBTED => Grade::D,
        _ => Grade::C,
    }
}

#[cfg(test)]
mod tests;
