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

/// A bundle of an incident with two costs that another register wrote.
fn written_elsewhere() -> Value {
    let mut given = case("A");
    for (what, unit) in [("Days", "day"), ("Answer", "EUR"), ("Revenue", "EUR")] {
        given.harm.push(cost(what, unit));
    }
    bundle(&given)
}

fn cost(what: &str, unit: &str) -> HarmFigure {
    HarmFigure {
        what: what.parse().unwrap(),
        measure: None,
        bound: Bound::Exact("12".parse().unwrap()),
        unit: unit.parse().unwrap(),
        grade: Grade::B,
        source: None,
        note: None,
        detail: Detail::default(),
    }
}

#[test]
fn impacts_that_another_register_numbered_stay_named_and_apart_from_ours() {
    let doc = written_elsewhere();
    let (mut entry, kept) = taken(&doc);
    let ids = |objects: &[Value]| -> Vec<Value> {
        let impacts = of_kind(objects, "impact").into_iter();
        impacts.map(|one| one["id"].clone()).collect()
    };
    let refs = |objects: &[Value]| objects[0]["extensions"][INCIDENT]["impact_refs"].clone();
    let came = ids(doc["objects"].as_array().unwrap());
    assert_eq!(entry.harm.len(), 2, "days are no figure of STIX");
    let out = objects(&entry, Some(kept.clone()));
    assert_eq!(ids(&out), came);
    assert_eq!(refs(&out), json!(came));

    // A figure that is added here has a number that one of theirs has there.
    entry.harm.push(cost("Ours", "EUR"));
    let out = objects(&entry, Some(kept.clone()));
    assert_eq!(out, objects(&entry, Some(kept)), "the same each time");
    let impacts = of_kind(&out, "impact");
    let told: Vec<&str> = impacts
        .iter()
        .map(|one| one["description"].as_str().unwrap())
        .collect();
    assert_eq!(told.len(), 4, "{told:?}");
    let (ours, theirs): (Vec<_>, Vec<_>) = ids(&out).into_iter().partition(|id| !came.contains(id));
    assert_eq!((ours.len(), theirs), (1, came));
    assert_eq!(refs(&out).as_array().unwrap().len(), 4);
    assert!(refs(&out).as_array().unwrap().contains(&ours[0]));

    // And whoever takes that in and hands it on keeps all of it.
    let doc = json!({ "objects": out });
    let (again, kept) = taken(&doc);
    assert_eq!(again.harm.len(), 3);
    assert_eq!(refs(&objects(&again, Some(kept))), refs(&out));
}

#[test]
fn figures_that_say_the_same_go_out_as_often_as_they_came() {
    let mut doc = with_impact(Tlp::Clear);
    let mut twin = doc["objects"].as_array().unwrap().last().unwrap().clone();
    twin["id"] = json!("impact--00000000-0000-4000-8000-000000000002");
    let refs = &mut doc["objects"][0]["extensions"][INCIDENT]["impact_refs"];
    refs.as_array_mut().unwrap().push(twin["id"].clone());
    doc["objects"].as_array_mut().unwrap().push(twin);
    let (entry, kept) = taken(&doc);
    assert_eq!(entry.harm.len(), 2);
    assert_eq!(of_kind(&objects(&entry, Some(kept)), "impact").len(), 2);
}

#[test]
fn statements_that_mark_an_incident_or_a_part_go_out_again() {
    let id = |last: u8| format!("marking-definition--00000000-0000-4000-8000-00000000000{last}");
    let mut doc = with_impact(Tlp::Clear);
    for last in 1..=4 {
        let kind = if last == 4 { "x-other" } else { "statement" };
        let made = json!({ "type": "marking-definition", "id": id(last), "spec_version": "2.1",
            "created": "2020-01-01T00:00:00.000Z", "definition_type": kind,
            "definition": { kind: format!("terms {last}") } });
        doc["objects"].as_array_mut().unwrap().push(made);
    }
    let green = crate::wire::stix::marking(Tlp::Green);
    doc["objects"][0]["object_marking_refs"] = json!([green, id(1)]);
    doc["objects"][0]["granular_markings"] =
        json!([{ "marking_ref": id(2), "selectors": ["name"] }]);
    let (mut entry, kept) = taken(&doc);
    assert_eq!(entry.incident.facts.tlp, Tlp::Green);
    let marks = |objects: &[Value]| {
        let defined = of_kind(objects, "marking-definition").into_iter();
        let defined: Vec<Value> = defined.map(|one| one["id"].clone()).collect();
        (objects[0]["object_marking_refs"].clone(), defined)
    };
    // What marks nothing of it stays behind.
    let (refs, defined) = marks(&objects(&entry, Some(kept.clone())));
    assert_eq!(refs, json!([green, id(1)]));
    assert_eq!(defined, [json!(id(1)), json!(id(2))]);
    let out = objects(&entry, Some(kept.clone()));
    assert_eq!(out[0]["granular_markings"][0]["marking_ref"], id(2));
    assert!(
        of_kind(&out, "marking-definition")[0]
            .get("object_marking_refs")
            .is_none()
    );
    // A label that was changed here is not joined with the former one; a statement stays.
    entry.incident.facts.tlp = Tlp::Red;
    let red = crate::wire::stix::marking(Tlp::Red);
    let out = objects(&entry, Some(kept));
    assert_eq!(marks(&out).0, json!([red, id(1)]));
    assert_eq!(
        of_kind(&out, "impact")[0]["object_marking_refs"],
        json!([red])
    );

    // A part that carries a statement alone has the label of the entry besides.
    doc["objects"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .filter(|one| one["type"] == "impact")
        .for_each(|one| one["object_marking_refs"] = json!([id(3)]));
    let (entry, kept) = taken(&doc);
    let out = objects(&entry, Some(kept));
    assert_eq!(entry.incident.facts.tlp, Tlp::Green);
    assert_eq!(
        of_kind(&out, "impact")[0]["object_marking_refs"],
        json!([id(3), green])
    );
    assert_eq!(marks(&out).1.len(), 3);
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
