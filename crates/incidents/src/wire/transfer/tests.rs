use kernel::{IncidentRef, SeededRng, Timestamp};
use serde_json::json;

use super::*;
use crate::{model::Attachment, shipped};

fn case() -> Case {
    shipped_case("ascension-2024")
}

pub(in crate::wire) fn shipped_case(key: &str) -> Case {
    let at = Timestamp::from_micros(1_795_219_200_000_000);
    let mut all = shipped::all().unwrap().into_iter();
    let one = all.find(|one| one.key == key).unwrap();
    Case {
        incident: Incident {
            id: IncidentId::from_uuid(uuid::Uuid::nil()),
            public: IncidentRef::random(&SeededRng::new(1)),
            mode: Mode::Real,
            facts: one.facts,
            status: Status::Closed {
                at,
                by: "user:amina".to_owned(),
            },
            version: 3,
            created_at: at,
            updated_at: at,
            shipped: None,
        },
        timeline: one.timeline,
        harm: one.harm,
        statements: one.statements,
        links: vec![crate::model::Link {
            kind: "thread".parse().unwrap(),
            target: "thread--1".parse().unwrap(),
            label: "asked".parse().unwrap(),
        }],
        attachments: vec![Attachment {
            sha256: [7; 32],
            size: 9,
            name: "a.log".parse().unwrap(),
            media_type: "text/plain".parse().unwrap(),
        }],
        assessments: one.assessment.into_iter().collect(),
        ratings: Vec::new(),
        classes: Vec::new(),
        clocks: crate::clocks::Clocks::default(),
        course: one.course,
    }
}

#[test]
fn every_field_that_is_written_is_known_when_it_is_read() {
    let (body, kept) = read(write(&case(), &Map::new())).unwrap();
    assert_eq!(kept, Map::new());
    assert_eq!(body.into_case(case().incident.id).unwrap(), case());
}

#[test]
fn what_is_not_known_is_kept_and_written_again() {
    let mut line = write(&case(), &Map::new());
    line["signature"] = json!("s");
    line["incident"]["facts"]["a/b~c"] = json!({ "deep": [1] });
    line["incident"]["facts"]["period"]["calendar"] = json!("julian");
    line["incident"]["harm"][0]["credence"] = json!(0.5);
    let (body, kept) = read(line.clone()).unwrap();
    let pointers: Vec<_> = kept.keys().map(String::as_str).collect();
    assert_eq!(
        pointers,
        [
            "/incident/facts/a~1b~0c",
            "/incident/facts/period/calendar",
            "/incident/harm/0/credence",
            "/signature",
        ]
    );
    let again = write(&body.into_case(case().incident.id).unwrap(), &kept);
    assert_eq!(again["incident"]["facts"], line["incident"]["facts"]);
    assert_eq!(again["signature"], "s");
    assert_eq!(again["kept"], json!({ "/incident/harm/0/credence": 0.5 }));
    assert_eq!(read(again).unwrap().1, kept);
}

#[test]
fn a_line_that_breaks_a_rule_is_refused_with_the_rule() {
    let wrong = |change: fn(&mut Value)| {
        let mut line = write(&case(), &Map::new());
        change(&mut line["incident"]);
        read(line)
            .and_then(|(body, _)| {
                let id = case().incident.id;
                body.into_case(id).map_err(|invalid| invalid.to_string())
            })
            .unwrap_err()
    };
    assert!(wrong(|one| one["facts"]["title"] = json!("")).contains("title"));
    assert!(wrong(|one| one["version"] = json!(0)).contains("version"));
    assert!(wrong(|one| one["status"]["by"] = json!(null)).contains("status.by"));
    assert!(wrong(|one| one["harm"][0]["bound"] = json!("roughly")).contains("bound"));
    assert!(wrong(|one| one["facts"]["sectors"] = json!(["moon"])).contains("sector"));
    assert!(
        read(json!({ "dossier": 1 }))
            .unwrap_err()
            .contains("no incident")
    );
}

#[test]
fn an_entry_of_the_course_that_is_not_known_is_kept() {
    let mut line = write(&case(), &Map::new());
    let entries = line["incident"]["course"].as_array_mut().unwrap();
    let before = entries.len();
    assert!(before > 0);
    let strange = json!({ "number": 900, "content": { "kind": "omen" }, "by": "user:x",
        "entered_at": "2026-01-01T00:00:00Z" });
    entries.push(strange.clone());
    let (body, kept) = read(line).unwrap();
    assert_eq!(body.course.len(), before);
    assert_eq!(kept[&format!("/incident/course/{before}")], strange);
}
