//! Feeds: what is written of events is read again.

use std::ops::ControlFlow;

use formats_misp::{
    Limits, ManifestWriter, event_file,
    full::{Analysis, Attribute, Event, Object, Organisation, Tag, ThreatLevel},
    read_hashes, read_manifest, value_hash, write_hashes,
};

const UUID: &str = "5bad26c1-6a48-46be-aee5-50d70a016219";

fn attribute(kind: &str, value: &str) -> Attribute {
    Attribute {
        kind: Some(kind.into()),
        value: Some(value.into()),
        ..Attribute::default()
    }
}

fn event() -> Event {
    Event {
        uuid: Some(UUID.into()),
        info: Some("A case with \"marks\"".into()),
        date: Some("2026-01-31".into()),
        timestamp: Some(1_539_269_725),
        analysis: Some(Analysis::Ongoing),
        threat_level: Some(ThreatLevel::Low),
        orgc: Some(Box::new(Organisation {
            name: Some("An organisation".into()),
            ..Organisation::default()
        })),
        tags: vec![Tag {
            name: Some("tlp:green".into()),
            ..Tag::default()
        }],
        attributes: vec![
            attribute("ip-dst", "198.51.100.3"),
            attribute("domain|ip", "evil.example|198.51.100.3"),
            Attribute {
                deleted: Some(true),
                ..attribute("domain", "gone.example")
            },
        ],
        objects: vec![Object {
            attributes: vec![attribute("filename", "a.exe")],
            ..Object::default()
        }],
        ..Event::default()
    }
}

#[test]
fn a_manifest_is_written_and_read() {
    let mut writer = ManifestWriter::begin(Vec::new()).unwrap();
    writer.event(&event()).unwrap();
    let other = Event {
        uuid: Some(UUID.replace('5', "6")),
        ..Event::default()
    };
    writer.event(&other).unwrap();
    let text = writer.end().unwrap();
    insta::assert_snapshot!(String::from_utf8_lossy(&text), @r##"{"5bad26c1-6a48-46be-aee5-50d70a016219":{"Orgc":{"name":"An organisation"},"Tag":[{"name":"tlp:green","colour":"#000000"}],"info":"A case with \"marks\"","date":"2026-01-31","analysis":"1","threat_level_id":"3","timestamp":"1539269725"},"6bad26c1-6a48-46be-aee6-60d70a016219":{"Orgc":{"name":""},"Tag":[],"info":""}}"##);
    let entries = read_manifest(&*text, &Limits::default()).unwrap();
    let [first, second] = &*entries else {
        panic!("two events");
    };
    assert_eq!(
        (&*first.uuid, &*first.organisation),
        (UUID, "An organisation")
    );
    assert_eq!(first.timestamp, Some(1_539_269_725));
    assert_eq!(first.tags, ["tlp:green"]);
    assert_eq!(second.info, "");
    let empty = ManifestWriter::begin(Vec::new()).unwrap().end().unwrap();
    assert_eq!(empty, b"{}");
}

#[test]
fn what_is_no_uuid_names_no_file_and_no_entry() {
    assert_eq!(event_file(UUID), Some(format!("{UUID}.json")));
    for uuid in [
        "",
        "..",
        "../../../../../../etc/passwd/aaaaaaaaa",
        "5bad26c1-6a48-46be-aee5-50d70a01621",
    ] {
        assert_eq!(event_file(uuid), None, "{uuid}");
        let event = Event {
            uuid: Some(uuid.to_owned()),
            ..Event::default()
        };
        let mut writer = ManifestWriter::begin(Vec::new()).unwrap();
        assert!(writer.event(&event).is_err());
    }
}

#[test]
fn hashes_are_written_and_read() {
    let mut text = Vec::new();
    write_hashes(&mut text, &event()).unwrap();
    let mut lines = Vec::new();
    let read = |text: &[u8], lines: &mut Vec<_>| {
        read_hashes(text, &Limits::default(), |hash, uuid| {
            lines.push((hash, uuid.to_owned()));
            ControlFlow::Continue(())
        })
        .unwrap()
    };
    assert_eq!(read(&text, &mut lines), 0);
    let mut expected = ["198.51.100.3", "evil.example", "a.exe"].map(value_hash);
    expected.sort_unstable();
    assert_eq!(lines, expected.map(|hash| (hash, UUID.to_owned())));
    // Of another end of lines, of capitals, of a last line without an end, and of lines that are none.
    let strange = format!(
        "{}\r\nnonsense\n{},{UUID}\r\n,\n{},{UUID}",
        "x".repeat(1_000),
        "AB".repeat(16),
        "é".repeat(16)
    );
    let mut lines = Vec::new();
    assert_eq!(read(strange.as_bytes(), &mut lines), 7);
    assert_eq!(lines, [([0xab; 16], UUID.to_owned())]);
}
