use serde_json::json;

use super::*;
use crate::formats::tests::case;

fn event() -> Value {
    json!({ "Event": {
        "uuid": "5a1f0f2c-3c5e-4a7e-9a54-0000000000aa",
        "info": "Ransomware at a clinic",
        "date": "2024-05-08",
        "analysis": "1",
        "Tag": [{ "name": "tlp:green" }, { "name": "TLP:AMBER" },
                { "name": "rsit:availability=\"ddos\"" }],
        "Attribute": [{ "type": "target-org", "value": "A clinic" },
                      { "type": "ip-dst", "value": "192.0.2.1" }],
    }})
}

#[test]
fn an_event_becomes_an_incident_with_its_strictest_label() {
    let found = read(event(), &Settings::default());
    let draft = found[0].read.as_ref().unwrap();
    assert_eq!(draft.facts.tlp, kernel::Tlp::Amber);
    assert_eq!(draft.facts.rsit.unwrap().to_string(), "availability/ddos");
    assert_eq!(draft.stage, Stage::Investigating);
    assert_eq!(
        draft.facts.organisation.as_ref().unwrap().as_str(),
        "A clinic"
    );
    assert_eq!(draft.kept[POINTER], event()["Event"]);
    let answer = json!({ "response": [event(), event()] });
    assert_eq!(read(answer, &Settings::default()).len(), 2);
}

#[test]
fn what_is_no_event_is_refused() {
    for doc in [
        json!(null),
        json!({}),
        json!({ "Event": { "uuid": "x", "info": "y" } }),
        json!({ "Event": { "uuid": "5a1f0f2c-3c5e-4a7e-9a54-0000000000aa" } }),
        json!({ "response": "no" }),
    ] {
        assert!(
            read(doc.clone(), &Settings::default())[0].read.is_err(),
            "{doc}"
        );
    }
    let mut marked = event();
    marked["Event"]["Tag"] = json!([{ "name": "tlp:ultraviolet" }]);
    let found = read(marked, &Settings::default());
    assert_eq!(found[0].read.as_ref().unwrap().facts.tlp, kernel::Tlp::Red);
}

#[test]
fn what_is_written_is_read_again() {
    let mut given = case("A title");
    given.incident.facts.rsit = "fraud/phishing".parse().ok();
    given.incident.facts.organisation = "A bank".parse().ok();
    given.incident.facts.description = "It happened.".parse().unwrap();
    let day = "2024-05-08".parse().ok();
    given.incident.facts.period = Period::new(day, None, None).unwrap();
    let written = write(&given, &[], None);
    let found = read(written, &Settings::default());
    let draft = found[0].read.as_ref().unwrap();
    assert_eq!(draft.facts, given.incident.facts);
    assert_eq!(draft.key, Key::Own(given.incident.public));
}

fn tagged(kind: &str, value: &str, tag: &str) -> Value {
    json!({ "type": kind, "value": value, "Tag": [{ "name": tag }] })
}

#[test]
fn a_part_with_a_stricter_label_makes_the_whole_strict() {
    let label = |event: Value| {
        read(event, &Settings::default())[0]
            .read
            .as_ref()
            .unwrap()
            .facts
            .tlp
    };
    let mut given = event();
    given["Event"]["Attribute"] = json!([tagged("target-org", "A clinic", "tlp:red")]);
    assert_eq!(label(given), kernel::Tlp::Red);
    let mut given = event();
    let inner = tagged("text", "secret", "tlp:amber+strict");
    given["Event"]["Object"] = json!([{ "name": "report", "Attribute": [inner] }]);
    assert_eq!(label(given), kernel::Tlp::AmberStrict);
    // A part cannot weaken it.
    let mut given = event();
    given["Event"]["Attribute"] = json!([tagged("text", "open", "tlp:clear")]);
    assert_eq!(label(given), kernel::Tlp::Amber);
}

#[test]
fn every_state_and_link_is_read_and_what_was_deleted_is_not() {
    let mut given = event();
    given["Event"]["Attribute"] = json!([
        { "type": "target-org", "value": "Not hit", "deleted": true },
        { "type": "target-org", "value": "Hit", "deleted": false },
        { "type": "target-location", "value": "FR" },
        { "type": "target-location", "value": "Germany" },
        { "type": "target-location", "value": "the north" },
        { "type": "link", "value": "https://a.example/" },
        { "type": "link", "value": "javascript:alert(1)" },
    ]);
    let found = read(given, &Settings::default());
    let draft = found[0].read.as_ref().unwrap();
    assert_eq!(draft.facts.organisation.as_ref().unwrap().as_str(), "Hit");
    let victims: Vec<&str> = draft.facts.victims.iter().map(Country::as_str).collect();
    assert_eq!(victims, ["DE", "FR"]);
    assert_eq!(draft.links.len(), 1);
    assert_eq!(draft.remarks.len(), 1, "the north is no State");
}

#[test]
fn what_was_edited_here_goes_out_with_the_event_that_it_came_as() {
    let mut given = event();
    given["Event"]["timestamp"] = json!("1");
    given["Event"]["Attribute"] = json!([
        { "type": "target-org", "value": "A clinic", "uuid": "one" },
        { "type": "target-location", "value": "FR" },
        { "type": "text", "value": "Before" },
    ]);
    let found = read(given.clone(), &Settings::default());
    let mut case = case("A");
    case.incident.facts = found[0].read.as_ref().unwrap().facts.clone();
    case.incident.status = crate::state::Status::Investigating {
        since: case.incident.created_at,
    };
    assert_eq!(
        write(&case, &[], Some(&given["Event"])),
        given,
        "as it came"
    );

    let facts = &mut case.incident.facts;
    facts.organisation = "Another clinic".parse().ok();
    facts.victims = vec!["DE".parse().unwrap()];
    facts.description = "After".parse().unwrap();
    facts.pap = Some(kernel::Pap::Green);
    let written = write(&case, &[], Some(&given["Event"]));
    let again = read(written.clone(), &Settings::default());
    assert_eq!(again[0].read.as_ref().unwrap().facts, case.incident.facts);
    let attributes = written["Event"]["Attribute"].as_array().unwrap();
    assert_eq!(attributes[0]["uuid"], "one", "it is the same attribute");
    assert_eq!(attributes[1]["deleted"], true);
    assert_ne!(written["Event"]["timestamp"], "1");
}
