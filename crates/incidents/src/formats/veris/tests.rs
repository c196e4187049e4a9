use serde_json::json;

use super::*;
use crate::{
    harm::{Correction, Detail, Origin},
    model::{Bound, Grade, HarmFigure},
};

fn doc() -> Value {
    json!({
        "schema_version": "1.3.4",
        "incident_id": "1",
        "source_id": "vcdb",
        "security_incident": "Confirmed",
        "summary": "It happened.",
        "action": { "error": { "variety": ["Misdelivery"] } },
        "timeline": { "incident": { "year": 2013, "month": 7 } },
        "victim": { "country": ["US", "Unknown"], "victim_id": "A hospital", "industry": "622110" },
        "attribute": { "confidentiality": { "data_total": 12 } },
        "reference": "http://a.example/x (20140415) https://b.example; none",
    })
}

fn read_doc(doc: &Value) -> Read {
    read(&doc.to_string(), &Settings::default()).2
}

fn with(pointer: &str, value: Value) -> Value {
    let mut doc = doc();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let members = doc.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name);
    } else {
        members.insert(name.to_owned(), value);
    }
    doc
}

#[test]
fn what_the_register_has_a_field_for_is_mapped() {
    let draft = read_doc(&doc()).unwrap();
    let facts = &draft.facts;
    assert_eq!(facts.title.as_str(), "A hospital: error: Misdelivery");
    assert_eq!(facts.victims, ["US".parse::<Country>().unwrap()]);
    assert_eq!(facts.period.from().unwrap().to_string(), "2013-07");
    assert_eq!(facts.sector_text.as_ref().unwrap().as_str(), "NAICS 622110");
    assert!(facts.sectors.is_empty() && facts.rsit.is_none());
    assert_eq!(draft.harm[0].unit.as_str(), "record");
    assert_eq!(draft.links.len(), 2);
    assert_eq!(draft.kept[POINTER], doc());
    assert_eq!(draft.remarks, []);
}

#[test]
fn terms_of_other_schemes_come_only_where_they_are_asked_for() {
    let settings = Settings {
        crosswalk: true,
        ..Settings::default()
    };
    let draft = read(&doc().to_string(), &settings).2.unwrap();
    assert_eq!(draft.facts.sectors[0].as_str(), "health");
    assert_eq!(
        draft.facts.rsit.unwrap().to_string(),
        "information-content-security/data-leak"
    );
    assert!(
        draft
            .remarks
            .iter()
            .all(|remark| remark.why == Why::Derived)
    );
    assert_eq!(draft.remarks.len(), 2);
}

#[test]
fn older_versions_are_read_and_others_refused() {
    for version in ["1.2", "1.2.1", "1.3.4", "1_3_4", "1.4.0"] {
        assert!(
            read_doc(&with("/schema_version", json!(version))).is_ok(),
            "{version}"
        );
    }
    for version in [
        json!("1.1"),
        json!("2.0"),
        json!("x"),
        json!(1.3),
        Value::Null,
    ] {
        assert!(
            read_doc(&with("/schema_version", version.clone())).is_err(),
            "{version}"
        );
    }
    // Before 1.3, what is a list was one text.
    let old = with("/victim/country", json!("US"));
    assert_eq!(read_doc(&old).unwrap().facts.victims.len(), 1);
}

#[test]
fn what_cannot_be_is_named() {
    for (pointer, value, why) in [
        ("/incident_id", Value::Null, Why::Missing),
        ("/security_incident", json!("Perhaps"), Why::UnknownTerm),
        ("/timeline/incident/year", json!(12), Why::Absurd),
        ("/timeline/incident/month", json!(13), Why::Absurd),
    ] {
        let refused = read_doc(&with(pointer, value)).unwrap_err();
        assert_eq!(refused[0].why, why, "{pointer}");
    }
    for (pointer, value, why) in [
        (
            "/attribute/confidentiality/data_total",
            json!(-5),
            Why::Absurd,
        ),
        (
            "/attribute/confidentiality/data_total",
            json!(u64::MAX),
            Why::Absurd,
        ),
        (
            "/attribute/confidentiality/data_total",
            json!(1e300),
            Why::Absurd,
        ),
        ("/victim/country", json!(["Atlantis"]), Why::UnknownTerm),
        ("/summary", json!("x".repeat(30_000)), Why::Cut),
        (
            "/plus",
            json!({ "timeline": { "notification": { "year": 2012 } } }),
            Why::Contradiction,
        ),
    ] {
        let draft = read_doc(&with(pointer, value.clone())).unwrap();
        let whys: Vec<Why> = draft.remarks.iter().map(|remark| remark.why).collect();
        assert_eq!(whys, [why], "{pointer} {value}");
    }
}

#[test]
fn hostile_documents_are_refused() {
    for text in ["", "null", "[]", "{", "1e999", "{\"schema_version\":1e999}"] {
        assert!(read(text, &Settings::default()).2.is_err(), "{text}");
    }
    let deep = format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000));
    assert!(read(&deep, &Settings::default()).2.is_err());
}

/// The incidents of VCDB, where the data of the tests are.
fn vcdb() -> Vec<Value> {
    use std::io::Read as _;
    let given = std::env::var_os("COMITY_TEST_DATA").map(std::path::PathBuf::from);
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let folder = given.unwrap_or_else(|| beside.into());
    let file = std::fs::File::open(folder.join("vcdb/vcdb-validated-half-A.tar.gz"));
    let file = file.expect("COMITY_TEST_DATA names the folder of the data");
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut docs = Vec::new();
    for entry in archive.entries().unwrap() {
        let mut text = String::new();
        entry.unwrap().read_to_string(&mut text).unwrap();
        if text.trim_start().starts_with('{') {
            docs.push(serde_json::from_str(&text).unwrap());
        }
    }
    docs
}

#[test]
fn every_incident_of_vcdb_is_read_and_written_as_it_was() {
    let docs = vcdb();
    assert_eq!(docs.len(), 4_265);
    let mut publics = std::collections::BTreeSet::new();
    for doc in &docs {
        let draft = read_doc(doc).unwrap_or_else(|wrong| panic!("{doc}: {wrong:?}"));
        publics.insert(
            draft
                .key
                .public(crate::formats::model::Format::Veris, kernel::Mode::Real),
        );
        let mut case = crate::formats::tests::case("A");
        case.incident.facts = draft.facts.clone();
        case.harm.clone_from(&draft.harm);
        let written = write(&case, draft.kept.get(POINTER));
        assert_eq!(&written, doc);
    }
    assert_eq!(publics.len(), docs.len(), "each is an entry of its own");
}

#[test]
fn an_entry_of_the_register_is_a_whole_document() {
    let mut case = crate::formats::tests::case("Not derived");
    case.incident.facts.victims = ["FR".parse().unwrap()].to_vec();
    let doc = write(&case, None);
    for needed in [
        "/actor",
        "/action",
        "/discovery_method",
        "/schema_version",
        "/asset/assets",
        "/asset/cloud",
        "/timeline/incident/year",
        "/incident_id",
        "/security_incident",
        "/summary",
        "/victim/country",
        "/victim/employee_count",
        "/victim/industry",
        "/victim/government",
    ] {
        assert!(doc.pointer(needed).is_some(), "{needed}");
    }
    let draft = read_doc(&doc).unwrap();
    assert_eq!(draft.facts.title, case.incident.facts.title);
    assert_eq!(draft.facts.victims, case.incident.facts.victims);
    assert_eq!(draft.key, Key::Own(case.incident.public));
}

fn figure(value: &str, grade: Grade) -> HarmFigure {
    HarmFigure {
        what: "Records".parse().unwrap(),
        measure: None,
        bound: Bound::Exact(value.parse().unwrap()),
        unit: "record".parse().unwrap(),
        grade,
        source: None,
        note: None,
        detail: Detail::default(),
    }
}

fn correction(value: &str, number: u32) -> HarmFigure {
    let mut one = figure(value, Grade::B);
    let reason = "counted again".parse().unwrap();
    one.detail.corrects = Some(Correction { number, reason });
    one
}

#[test]
fn records_go_out_as_they_stand_and_never_as_an_attacker_claims_them() {
    const AT: &str = "/attribute/confidentiality/data_total";
    let mut case = crate::formats::tests::case("A");
    case.harm = vec![figure("100", Grade::B), correction("7", 0)];
    assert_eq!(write(&case, None).pointer(AT), Some(&json!(7)));
    let mut claimed = figure("1000000000", Grade::C);
    claimed.detail.origin = Some(Origin::Attacker);
    for claim in [claimed, figure("1000000000", Grade::D)] {
        case.harm = vec![claim];
        assert_eq!(write(&case, None).pointer(AT), None);
    }
    // What came with a document goes out as it was corrected.
    let draft = read_doc(&doc()).unwrap();
    case.incident.facts = draft.facts.clone();
    case.harm = vec![draft.harm[0].clone(), correction("13", 0)];
    let written = write(&case, Some(&doc()));
    assert_eq!(written, with(AT, json!(13)));
}

#[test]
fn what_an_exercise_made_says_so() {
    let mut case = crate::formats::tests::case("A");
    assert!(!read_doc(&write(&case, None)).unwrap().exercise);
    case.incident.mode = kernel::Mode::Exercise;
    case.incident.facts.victims = vec!["XA".parse().unwrap()];
    let draft = read_doc(&write(&case, None)).unwrap();
    assert!(draft.exercise);
    assert_eq!(draft.facts.victims, case.incident.facts.victims);
    assert!(read_doc(&write(&case, Some(&doc()))).unwrap().exercise);
}

#[test]
fn a_currency_is_not_guessed() {
    let draft = read_doc(&with("/impact", json!({ "overall_amount": 5 }))).unwrap();
    assert!(draft.harm.iter().all(|figure| !figure.unit.is_money()));
    assert_eq!(draft.remarks[0].at, "/impact/iso_currency_code");
    let named = json!({ "overall_amount": 5, "iso_currency_code": "EUR" });
    let draft = read_doc(&with("/impact", named)).unwrap();
    assert_eq!(draft.harm[1].unit.as_str(), "EUR");
}
