//! Incidents of STIX 2.1, with the Incident Core extension where they have it.
//!
//! An incident is kept under `/stix` with the impacts and events that it names.

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
    let whole: Vec<&Value> = std::iter::once(incident)
        .chain(parts.iter().copied())
        .collect();
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
        tlp: label(incident, objects, settings),
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

/// The strictest label. A marking that cannot be looked at may be any.
fn label(incident: &Value, objects: &[Value], settings: &Settings) -> Tlp {
    let refs = incident
        .get("object_marking_refs")
        .and_then(Value::as_array);
    let known = |id: &str| {
        let mut table = MARKINGS.iter().chain(&OLD_MARKINGS);
        table.find(|(known, _)| *known == id).map(|(_, tlp)| *tlp)
    };
    let statement = |id: &str| {
        let here = objects.iter().find(|object| text(object, "id") == Some(id));
        here.is_some_and(|one| text(one, "definition_type") == Some("statement"))
    };
    refs.into_iter()
        .flatten()
        .filter_map(|one| {
            let id = one.as_str().unwrap_or_default();
            known(id).or_else(|| (!statement(id)).then_some(Tlp::Red))
        })
        .max()
        .unwrap_or(settings.tlp)
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

fn figure(impact: &Value, remarks: &mut Vec<Remark>) -> Option<HarmFigure> {
    let category = text(impact, "impact_category")?;
    let inner = impact.pointer(&format!("/extensions/{category}"));
    let inner = inner.or_else(|| impact.pointer(&format!("/extensions/{IMPACT}/{category}")))?;
    let number = |member: &str| {
        let text = inner.get(member)?.to_string();
        text.parse::<Quantity>().ok()
    };
    let (bound, unit) = match category {
        "confidentiality" | "integrity" => {
            let count = number("record_count")?;
            (Bound::Exact(count), "record")
        }
        "monetary" => {
            let (low, high) = (number("min_amount")?, number("max_amount")?);
            let word = if low == high { "exact" } else { "range" };
            let bound = kept(
                Bound::of(word, low, high),
                "/min_amount",
                Why::Absurd,
                remarks,
            )?;
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
        grade: Grade::C,
        source: "STIX".parse().ok(),
        note: None,
        detail: Detail::default(),
    };
    kept(figure.checked(), "/impact", Why::Absurd, remarks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{formats::tests::case, taxonomy::Class, wire::stix::bundle};

    #[test]
    fn what_a_register_writes_as_stix_another_reads() {
        let mut given = case("A title");
        given.incident.facts.tlp = Tlp::Amber;
        given.incident.facts.rsit = "fraud/phishing".parse().ok();
        given.incident.facts.sectors = vec!["health".parse().unwrap()];
        let class = |code: &str| Class {
            taxonomy: "attack".parse().unwrap(),
            version: "1".parse().unwrap(),
            code: code.parse().unwrap(),
            name: code.parse().unwrap(),
        };
        given.classes = vec![class("T1"), class("T2")];
        let found = read(bundle(&given), &Settings::default());
        let draft = found[0].read.as_ref().unwrap();
        assert_eq!(draft.key, Key::Own(given.incident.public));
        assert_eq!(draft.facts, given.incident.facts);
        assert_eq!(draft.stage, Stage::Open);
        assert!(!draft.exercise);
        let tags: Vec<String> = draft.classes.iter().map(ToString::to_string).collect();
        assert_eq!(
            tags,
            [
                "rsit:fraud/phishing",
                "nis2-sectors:health",
                "attack:T1",
                "attack:T2"
            ]
        );
    }

    #[test]
    fn a_marking_that_nobody_knows_is_red() {
        let mut doc = bundle(&case("A"));
        let unknown = "marking-definition--00000000-0000-4000-8000-000000000000";
        doc["objects"][0]["object_marking_refs"] = json!([unknown]);
        let label = |doc: &Value| {
            let found = read(doc.clone(), &Settings::default());
            found[0].read.as_ref().unwrap().facts.tlp
        };
        assert_eq!(label(&doc), Tlp::Red);
        let statement =
            json!({ "type": "marking-definition", "id": unknown, "definition_type": "statement" });
        doc["objects"].as_array_mut().unwrap().push(statement);
        assert_eq!(label(&doc), Tlp::AmberStrict);
    }

    #[test]
    fn what_holds_no_incident_is_refused() {
        for doc in [
            json!({}),
            json!([]),
            json!({ "objects": [] }),
            json!({ "type": "incident" }),
        ] {
            assert!(read(doc, &Settings::default())[0].read.is_err());
        }
    }

    #[test]
    fn impacts_and_events_become_figures_and_a_timeline() {
        let mut doc = bundle(&case("A"));
        let id = |kind: &str| format!("{kind}--00000000-0000-4000-8000-000000000001");
        doc["objects"][0]["extensions"][INCIDENT]["impact_refs"] = json!([id("impact")]);
        doc["objects"][0]["extensions"][INCIDENT]["events"] = json!([{ "event_ref": id("event") }]);
        let objects = doc["objects"].as_array_mut().unwrap();
        objects.push(json!({ "type": "impact", "id": id("impact"), "impact_category": "monetary",
            "extensions": { "monetary": { "min_amount": 5, "max_amount": 7.5, "currency": "EUR" } } }));
        objects.push(
            json!({ "type": "event", "id": id("event"), "name": "Encryption",
            "start_time": "2024-05-08T10:00:00.000Z", "start_time_fidelity": "day" }),
        );
        let found = read(doc, &Settings::default());
        let draft = found[0].read.as_ref().unwrap();
        assert_eq!(draft.harm[0].unit.as_str(), "EUR");
        assert_eq!(draft.timeline[0].at.to_string(), "2024-05-08");
        assert_eq!(draft.facts.period.from().unwrap().to_string(), "2024-05-08");
    }
}
