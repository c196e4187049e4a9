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
    objects.push(
        json!({ "type": "impact", "id": id("impact"), "impact_category": "monetary",
        "extensions": { "monetary": { "min_amount": 5, "max_amount": 7.5, "currency": "EUR" } } }),
    );
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

/// A bundle of an incident with one impact of money, which is marked as it says.
fn with_impact(label: Tlp) -> Value {
    let mut given = case("A");
    given.incident.facts.tlp = Tlp::Green;
    let mut doc = bundle(&given);
    let id = "impact--00000000-0000-4000-8000-000000000001";
    doc["objects"][0]["created"] = json!("2020-01-01T00:00:00.000Z");
    doc["objects"][0]["modified"] = json!("2020-01-02T00:00:00.000Z");
    doc["objects"][0]["x_ours"] = json!(1);
    doc["objects"][0]["extensions"][INCIDENT]["impact_refs"] = json!([id]);
    let impact = json!({ "type": "impact", "id": id, "impact_category": "monetary",
        "object_marking_refs": [crate::wire::stix::marking(label)],
        "extensions": { "monetary": { "min_amount": 5, "max_amount": 5, "currency": "EUR" } } });
    doc["objects"].as_array_mut().unwrap().push(impact);
    doc
}

/// An entry as it is after the import of a bundle, and what is kept beside it.
fn taken(doc: &Value) -> (crate::model::Case, Value) {
    let found = read(doc.clone(), &Settings::default());
    let draft = found[0].read.as_ref().unwrap();
    let mut entry = case("A");
    entry.incident.facts = draft.facts.clone();
    entry.harm.clone_from(&draft.harm);
    (entry, draft.kept[POINTER].clone())
}

fn of_kind<'o>(objects: &'o [Value], wanted: &str) -> Vec<&'o Value> {
    objects.iter().filter(|one| kind(one) == wanted).collect()
}

#[test]
fn an_incident_is_as_strict_as_its_strictest_part() {
    let label = |doc: &Value| taken(doc).0.incident.facts.tlp;
    assert_eq!(label(&with_impact(Tlp::Clear)), Tlp::Green);
    assert_eq!(label(&with_impact(Tlp::Red)), Tlp::Red);
    let mut doc = with_impact(Tlp::Clear);
    let red = crate::wire::stix::marking(Tlp::Red);
    doc["objects"][0]["granular_markings"] =
        json!([{ "marking_ref": red, "selectors": ["description"] }]);
    assert_eq!(label(&doc), Tlp::Red);
}

#[test]
fn a_figure_goes_out_once_and_the_incident_as_it_came() {
    let (mut entry, kept) = taken(&with_impact(Tlp::Clear));
    let out = objects(&entry, Some(kept.clone()));
    let impacts = of_kind(&out, "impact");
    assert_eq!(impacts.len(), 1, "{out:?}");
    let label = crate::wire::stix::marking(Tlp::Green);
    assert_eq!(impacts[0]["object_marking_refs"], json!([label]));
    let refs = &out[0]["extensions"][INCIDENT]["impact_refs"];
    assert_eq!(refs, &json!([impacts[0]["id"]]));
    assert_eq!(out[0]["created"], "2020-01-01T00:00:00.000Z");
    assert_eq!(out[0]["modified"], "2020-01-02T00:00:00.000Z");
    assert_eq!(out[0]["x_ours"], 1);

    // What was corrected here goes out as it stands, in place of what came.
    let mut corrected = entry.harm[0].clone();
    corrected.bound = Bound::Exact("9".parse().unwrap());
    let reason = "counted again".parse().unwrap();
    corrected.detail.corrects = Some(crate::harm::Correction { number: 0, reason });
    entry.harm.push(corrected);
    entry.incident.updated_at = kernel::Timestamp::from_micros(1_800_000_000_000_000);
    let out = objects(&entry, Some(kept));
    let impacts = of_kind(&out, "impact");
    let refs = &out[0]["extensions"][INCIDENT]["impact_refs"];
    assert_eq!(impacts.len(), 1);
    assert_eq!(impacts[0]["extensions"]["monetary"]["max_amount"], 9);
    assert_eq!(refs, &json!([impacts[0]["id"]]));
    assert!(out[0]["modified"].as_str() > Some("2021"));
}

#[test]
fn money_and_records_without_a_measure_come_back_and_a_claim_stays_one() {
    let mut given = case("A");
    for (unit, grade) in [("record", Grade::D), ("EUR", Grade::B)] {
        given.harm.push(HarmFigure {
            what: "What".parse().unwrap(),
            measure: None,
            bound: Bound::Exact("12".parse().unwrap()),
            unit: unit.parse().unwrap(),
            grade,
            source: None,
            note: None,
            detail: Detail::default(),
        });
    }
    let (again, _) = taken(&bundle(&given));
    let read: Vec<(&str, Grade)> = again
        .harm
        .iter()
        .map(|figure| (figure.unit.as_str(), figure.grade))
        .collect();
    assert_eq!(read, [("record", Grade::D), ("EUR", Grade::C)]);
}

#[test]
fn a_bundle_defines_the_labels_that_it_names() {
    let doc = bundle(&case("A"));
    let objects = doc["objects"].as_array().unwrap();
    let definitions = of_kind(objects, "marking-definition");
    assert_eq!(definitions.len(), 1);
    assert_eq!(
        objects[0]["object_marking_refs"],
        json!([definitions[0]["id"]])
    );
    assert_eq!(definitions[0]["name"], "TLP:AMBER+STRICT");
}
