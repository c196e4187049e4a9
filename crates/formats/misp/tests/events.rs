//! Events: what is read, in which order, and what is refused.

use std::{io::Read, ops::ControlFlow};

use formats_misp::{Attribute, Event, Limits, MispError, Part, Seen, read_events};

type Read3 = (Vec<(String, Attribute)>, Vec<Event>, Seen);

fn read_with(text: impl Read, limits: &Limits) -> Result<Read3, MispError> {
    let (mut attributes, mut events) = (Vec::new(), Vec::new());
    let seen = read_events(text, limits, |part, place| {
        match part {
            Part::Attribute(attribute) => attributes.push((place.to_string(), attribute)),
            Part::End(event) => events.push(event),
        }
        ControlFlow::Continue(())
    })?;
    Ok((attributes, events, seen))
}

fn read(text: &str) -> Result<Read3, MispError> {
    read_with(text.as_bytes(), &Limits::default())
}

const EVENT: &str = r#"{"Event": {"uuid": "5bad26c1-6a48-46be-aee5-50d70a016219", "info": "A case",
    "date": "2026-01-31", "timestamp": "1539269725", "distribution": "3", "published": true,
    "Orgc": {"id": "2", "name": "An organisation"}, "novelty": [1, {"a": null}],
    "Attribute": [
        {"uuid": "5bad26fc-a2cc-4372-9c97-50d70a016219", "type": "ip-dst", "category":
            "Network activity", "to_ids": true, "value": "198.51.100.3", "comment": "c2",
            "timestamp": "1538074364", "distribution": "5", "deleted": false,
            "first_seen": "2026-01-01T00:00:00.000000+00:00", "last_seen": null,
            "object_relation": null, "Tag": [{"name": "tlp:red", "colour": "red"}, "PAP:AMBER"],
            "Galaxy": [], "ShadowAttribute": [{"type": "ip-dst", "value": "198.51.100.9"}]},
        {"type": "port", "value": 443, "to_ids": "0", "deleted": "1", "unheard": 1}],
    "ShadowAttribute": [{"type": "domain", "value": "proposed.example"}],
    "Object": [{"name": "file", "Attribute": [
        {"type": "sha256", "value": "00", "to_ids": 1, "object_relation": "sha256"}]}],
    "Tag": [{"name": "tlp:amber+strict"}, {"id": 3}]}}"#;

#[test]
fn an_event_is_read_with_all_that_counts() {
    let (attributes, events, seen) = read(EVENT).unwrap();
    let address = Attribute {
        uuid: "5bad26fc-a2cc-4372-9c97-50d70a016219".into(),
        kind: "ip-dst".into(),
        category: "Network activity".into(),
        value: "198.51.100.3".into(),
        to_ids: true,
        comment: "c2".into(),
        timestamp: Some(1_538_074_364),
        first_seen: Some("2026-01-01T00:00:00.000000+00:00".into()),
        distribution: Some(5),
        tags: vec!["tlp:red".into(), "PAP:AMBER".into()],
        ..Attribute::default()
    };
    assert_eq!(attributes[0], ("/Event/Attribute/0".into(), address));
    let (place, port) = &attributes[1];
    assert_eq!(place, "/Event/Attribute/1");
    assert_eq!(
        (&*port.value, port.to_ids, port.deleted),
        ("443", false, true)
    );
    let (place, hash) = &attributes[2];
    assert_eq!(place, "/Event/Object/0/Attribute/0");
    assert_eq!((&*hash.value, hash.to_ids), ("00", true));
    assert_eq!(hash.object_relation.as_deref(), Some("sha256"));
    let event = Event {
        uuid: "5bad26c1-6a48-46be-aee5-50d70a016219".into(),
        info: "A case".into(),
        date: "2026-01-31".into(),
        timestamp: Some(1_539_269_725),
        published: true,
        distribution: Some(3),
        organisation: "An organisation".into(),
        tags: vec!["tlp:amber+strict".into()],
    };
    assert_eq!(events, [event]);
    let counts = (seen.events, seen.attributes, seen.objects, seen.unknown);
    assert_eq!(counts, (1, 3, 1, 2));
}

#[test]
fn every_wrapping_is_read() {
    let bare = r#"{"info": "x", "Attribute": [{"type": "md5", "value": "1"}]}"#;
    for (text, places) in [
        (bare.to_owned(), vec!["/Attribute/0"]),
        (
            format!(r#"{{"Event": {bare}}}"#),
            vec!["/Event/Attribute/0"],
        ),
        (
            format!(r#"[{{"Event": {bare}}}, {{"Event": {bare}}}]"#),
            vec!["/0/Event/Attribute/0", "/1/Event/Attribute/0"],
        ),
        (
            format!(r#"{{"response": [{{"Event": {bare}}}, {{"Event": {bare}}}]}}"#),
            vec![
                "/response/0/Event/Attribute/0",
                "/response/1/Event/Attribute/0",
            ],
        ),
        (
            r#"{"response": {"Attribute": [{"type": "md5", "value": "1"}]}}"#.to_owned(),
            vec!["/response/Attribute/0"],
        ),
        (r#"{"response": []}"#.to_owned(), vec![]),
        (
            r#"{"Event": {"Attribute": null, "Object": {}}}"#.to_owned(),
            vec![],
        ),
    ] {
        let (attributes, ..) = read(&text).unwrap();
        let found: Vec<_> = attributes.iter().map(|(place, _)| &**place).collect();
        assert_eq!(found, places, "{text}");
    }
}

#[test]
fn composites_come_apart() {
    for (kind, value, parts) in [
        (
            "domain|ip",
            "a.example|198.51.100.3",
            vec![("domain", "a.example"), ("ip", "198.51.100.3")],
        ),
        (
            "filename|sha256",
            "a|b.exe|00",
            vec![("filename", "a|b.exe"), ("sha256", "00")],
        ),
        (
            "malware-sample",
            "a.exe|00",
            vec![("filename", "a.exe"), ("md5", "00")],
        ),
        (
            "ip-dst|port",
            "198.51.100.3|80",
            vec![("ip-dst", "198.51.100.3"), ("port", "80")],
        ),
        (
            "ip-dst|port",
            "198.51.100.3:80",
            vec![("ip-dst", "198.51.100.3"), ("port", "80")],
        ),
        (
            "ip-dst|port",
            "2001:db8::3|80",
            vec![("ip-dst", "2001:db8::3"), ("port", "80")],
        ),
        (
            "regkey|value",
            "HKLM\\A|b|c",
            vec![("regkey", "HKLM\\A"), ("value", "b|c")],
        ),
        ("domain|ip", "a.example", vec![("domain|ip", "a.example")]),
        (
            "url",
            "http://a.example/|x",
            vec![("url", "http://a.example/|x")],
        ),
    ] {
        let attribute = Attribute {
            kind: kind.into(),
            value: value.into(),
            ..Attribute::default()
        };
        assert_eq!(attribute.parts().collect::<Vec<_>>(), parts);
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let deep = format!(r#"{{"Event": {{"Attribute": {}"#, "[".repeat(1_000));
    for (text, code, path) in [
        ("", "misp.incomplete", ""),
        ("[1]", "misp.unexpected", "/0/Event"),
        (r#"{"a": 1}"#, "misp.unexpected", ""),
        (
            r#"{"Event": {"Attribute": [{"type": "md5"}, {"#,
            "misp.incomplete",
            "/Event/Attribute/1",
        ),
        (
            r#"{"Event": {"Attribute": [{"type": "md5"}, 7]}}"#,
            "misp.unexpected",
            "/Event/Attribute/1",
        ),
        (
            r#"{"Event": {"Object": [{"Attribute": [}]}]}}"#,
            "misp.syntax",
            "/Event/Object/0/Attribute/0",
        ),
        (r#"{"Event": {"Attribute": []}} x"#, "misp.syntax", ""),
        (&deep, "misp.unexpected", "/Event/Attribute/0"),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!(
            (error.code(), &*error.path),
            (code, path),
            "{text:.60}: {error}"
        );
    }
    let error = read("{\"Event\": {\n\"Attribute\": [\n7]}}").unwrap_err();
    assert_eq!(
        error.to_string(),
        "invalid type: integer `7`, expected an attribute, which is an object in /Event/Attribute/0 at line 3 column 2"
    );
}

#[test]
fn limits_hold_a_part_at_a_time() {
    let limits = Limits {
        part_bytes_max: 40_000,
        parts_max: 3,
    };
    let attribute = |length| format!(r#"{{"type": "text", "value": "{}"}}"#, "x".repeat(length));
    let event = |attributes: &[String]| format!(r#"{{"Attribute": [{}]}}"#, attributes.join(","));
    let three = [attribute(30_000), attribute(30_000), attribute(30_000)];
    let (attributes, ..) = read_with(event(&three).as_bytes(), &limits).unwrap();
    assert_eq!(attributes.len(), 3);
    let large = read_with(event(&[attribute(100_000)]).as_bytes(), &limits).unwrap_err();
    assert_eq!(
        (large.code(), &*large.path),
        ("misp.too_large", "/Attribute/0")
    );
    let four = [attribute(1), attribute(1), attribute(1), attribute(1)];
    let many = read_with(event(&four).as_bytes(), &limits).unwrap_err();
    assert_eq!(many.code(), "misp.too_many");
}

#[test]
fn who_has_enough_stops() {
    let mut count = 0;
    let seen = read_events(EVENT.as_bytes(), &Limits::default(), |_, _| {
        count += 1;
        ControlFlow::Break(())
    });
    assert_eq!((count, seen.unwrap().attributes), (1, 1));
}

struct Failing;

impl Read for Failing {
    fn read(&mut self, _into: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("gone"))
    }
}

#[test]
fn a_source_that_fails_is_named_so() {
    let error = read_with(
        r#"{"Event": "#.as_bytes().chain(Failing),
        &Limits::default(),
    );
    assert_eq!(error.unwrap_err().code(), "misp.unreadable");
}
