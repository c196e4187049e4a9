//! What is written, and in which form.

use formats_misp::full::{Attribute, Distribution, Event, EventWriter, Object, SightingType, Tag};
use serde_json::{Value, json};

use crate::{one, written};

#[test]
fn numbers_are_texts_and_truths_are_truths_whatever_came() {
    let event = one(
        r#"{"Event": {"id": 5, "timestamp": 1700000000, "published": "1", "locked": 0,
        "distribution": 3, "info": 2024, "threat_level_id": "2"}}"#,
    );
    assert_eq!(event.distribution, Some(Distribution::All));
    assert_eq!(
        written(&event),
        json!({"Event": {"id": "5", "timestamp": "1700000000", "published": true, "locked": false,
            "distribution": "3", "info": "2024", "threat_level_id": "2"}})
    );
}

#[test]
fn what_is_not_of_the_known_form_is_kept() {
    let text = r#"{"Event":{"timestamp":"","distribution":"9","id":"007","info":null,"date":[1,2],
        "published":"maybe","Tag":{"0":{"name":"a"}},"Orgc":[],"Attribute":"none","Object":{},
        "Org":["x"],"Galaxy":1.50,"more":{"deep":[1.10,null,"\ud800"]}}}"#;
    let event = one(text);
    assert_eq!((event.timestamp, event.info.as_deref()), (None, None));
    let mut out = Vec::new();
    formats_misp::full::write_event(&mut out, &event).unwrap();
    let out = String::from_utf8(out).unwrap();
    // A lone half of a pair is no character, but it is what came.
    let value: Value = serde_json::from_str(&out.replace(r"\ud800", "x")).unwrap();
    assert_eq!(
        value,
        serde_json::from_str::<Value>(&text.replace(r"\ud800", "x")).unwrap()
    );
    assert!(out.contains("1.10") && out.contains(r"\ud800"));
}

#[test]
fn what_is_set_goes_before_what_was_kept() {
    let mut event = one(r#"{"Event": {"first": 1, "info": null, "Tag": []}}"#);
    event.info = Some("a case".to_owned());
    event.tags.push(Tag {
        name: Some("tlp:amber".to_owned()),
        ..Tag::default()
    });
    event.rest.set("first", &json!(2));
    assert_eq!(
        written(&event),
        json!({"Event": {"first": 2, "info": "a case", "Tag": [{"name": "tlp:amber"}]}})
    );
}

#[test]
fn every_part_of_the_core_format_has_a_place() {
    let event = one(include_str!("every_part.json"));
    let value: Value = serde_json::from_str(include_str!("every_part.json")).unwrap();
    assert_eq!(written(&event), value);
    let attribute = &event.attributes[0];
    assert_eq!(
        attribute.sightings[0].kind,
        Some(SightingType::FalsePositive)
    );
    assert_eq!(attribute.attached().unwrap().unwrap(), b"a note");
    let group = event.sharing_group.as_deref().unwrap();
    assert_eq!(group.organisations[0].extend, Some(true));
    assert_eq!(
        group.servers[0].server.as_deref().unwrap().url.as_deref(),
        Some("https://misp.example")
    );
    assert_eq!(event.notes[0].opinions[0].opinion, Some(70));
    assert_eq!(event.keys[0].kind.as_deref(), Some("pgp"));
    assert_eq!(
        event.related[0].event.as_deref().unwrap().info.as_deref(),
        Some("another case")
    );
    // Nothing of it is unknown.
    assert!(event.rest.is_empty() && attribute.rest.is_empty());
}

#[test]
fn a_stream_is_written_as_the_whole_is() {
    let attribute = |value: &str| Attribute {
        kind: Some("domain".to_owned()),
        value: Some(value.to_owned()),
        ..Attribute::default()
    };
    let object = Object {
        name: Some("file".to_owned()),
        ..Object::default()
    };
    let mut event = Event {
        info: Some("a case".to_owned()),
        attributes: vec![attribute("a.example")],
        ..Event::default()
    };
    let mut writer = EventWriter::begin(Vec::new(), &event).unwrap();
    writer.attribute(&attribute("b.example")).unwrap();
    writer.object(&object).unwrap();
    writer.object(&object).unwrap();
    let late = writer.attribute(&attribute("c.example"));
    assert_eq!(late.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
    let out: Value = serde_json::from_slice(&writer.end().unwrap()).unwrap();
    event.attributes.push(attribute("b.example"));
    event.objects = vec![object.clone(), object];
    assert_eq!(out, written(&event));
}

#[test]
fn a_stream_of_nothing_is_an_event_without_parts() {
    let out = EventWriter::begin(Vec::new(), &Event::default()).unwrap();
    insta::assert_snapshot!(
        String::from_utf8(out.end().unwrap()).unwrap(),
        @r#"{"Event":{"Attribute":[],"Object":[]}}"#
    );
}
