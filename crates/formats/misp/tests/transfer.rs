//! Indexes between instances, and what becomes of an event on its way from one to another.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::ops::ControlFlow;

use formats_misp::{
    IndexEntry, IndexWriter, Limits, MispError,
    full::{Distribution, Event},
    read_index,
    transfer::{Withheld, receive, send},
};
use serde_json::{Value, json};

fn event(members: &Value) -> Event {
    serde_json::from_str(&members.to_string()).unwrap()
}

fn entries(text: &str, limits: &Limits) -> Result<Vec<IndexEntry>, MispError> {
    let mut all = Vec::new();
    read_index(text.as_bytes(), limits, |entry| {
        all.push(entry);
        ControlFlow::Continue(())
    })?;
    Ok(all)
}

#[test]
fn an_index_is_written_and_read() {
    let entry = IndexEntry {
        uuid: "5bad26c1-6a48-46be-aee5-50d70a016219".into(),
        id: Some(7),
        timestamp: Some(1_539_269_725),
        sighting_timestamp: Some(0),
        published: Some(true),
        orgc_uuid: "55f6ea5e-2c60-40e5-964f-47a8950d210f".into(),
    };
    let mut writer = IndexWriter::begin(Vec::new()).unwrap();
    writer.entry(&entry).unwrap();
    writer.entry(&entry).unwrap();
    let text = String::from_utf8(writer.end().unwrap()).unwrap();
    let read = entries(&text, &Limits::default()).unwrap();
    assert_eq!(read, [entry.clone(), entry]);
}

#[test]
fn an_index_is_read_in_the_forms_that_others_write() {
    for text in [
        r#"[{"uuid": "u", "timestamp": 5, "published": "1", "Orgc": {"uuid": "o"}, "date": null}]"#,
        r#"{"response": [{"Event": {"uuid": "u", "timestamp": "5", "published": 1, "orgc_uuid": "o"}}]}"#,
        r#"{"uuid": "u", "timestamp": "5", "published": true, "orgc_uuid": "o", "Tag": []}"#,
    ] {
        let [one] = &*entries(text, &Limits::default()).unwrap() else {
            panic!("one entry: {text}");
        };
        assert_eq!((&*one.uuid, one.timestamp), ("u", Some(5)), "{text}");
        assert_eq!(
            (one.published, &*one.orgc_uuid),
            (Some(true), "o"),
            "{text}"
        );
    }
    assert_eq!(entries("[]", &Limits::default()).unwrap(), []);
    assert_eq!(entries("{}", &Limits::default()).unwrap(), []);
    let two = Limits {
        parts_max: 1,
        ..Limits::default()
    };
    assert_eq!(
        entries("[{}, {}]", &two).unwrap_err().code(),
        "misp.too_many"
    );
    for (text, code) in [
        ("[{\"uuid\": \"a\"", "misp.incomplete"),
        ("<html>", "misp.syntax"),
        ("[5]", "misp.unexpected"),
    ] {
        assert_eq!(entries(text, &Limits::default()).unwrap_err().code(), code);
    }
}

#[test]
fn what_comes_is_a_step_nearer_and_without_what_is_local() {
    let mut came = event(&json!({
        "uuid": "u", "id": "7", "org_id": "1", "distribution": "2", "locked": false,
        "Tag": [{"name": "tlp:green", "local": false}, {"name": "ours", "local": true}],
        "Galaxy": [{"name": "g", "GalaxyCluster": [{"tag_name": "ours", "local": false}]}],
        "Attribute": [
            {"value": "a", "distribution": "1", "event_id": "7", "Sighting": [{"uuid": "s"}]},
            {"value": "b", "distribution": "5"}],
        "Object": [{"name": "file", "distribution": "0", "Attribute": [{"value": "c", "distribution": "3"}]}],
    }));
    receive(&mut came);
    let expected = event(&json!({
        "uuid": "u", "distribution": "1",
        "Tag": [{"name": "tlp:green", "local": false}],
        "Attribute": [
            {"value": "a", "distribution": "0", "Sighting": [{"uuid": "s"}]},
            {"value": "b", "distribution": "5"}],
        "Object": [{"name": "file", "distribution": "0", "Attribute": [{"value": "c", "distribution": "3"}]}],
    }));
    assert_eq!(came, expected);
}

#[test]
fn only_what_may_go_goes() {
    let mut goes = event(&json!({
        "uuid": "u", "published": true, "distribution": "2", "event_creator_email": "a@example.org",
        "Tag": [{"name": "tlp:green"}, {"name": "ours", "local": true}, {"name": "kept", "exportable": false}],
        "Note": [{"note": "for all", "distribution": "3"}, {"note": "ours", "distribution": "0"}, {"note": "unsaid"}],
        "ShadowAttribute": [{"value": "p"}],
        "Attribute": [
            {"value": "a", "distribution": "2", "Sighting": [{"uuid": "s"}],
             "Opinion": [{"opinion": "5", "distribution": "1"}]},
            {"value": "b", "distribution": "1"}, {"value": "c", "distribution": "4"}],
        "Object": [
            {"name": "file", "distribution": "5", "ObjectReference": [{"referenced_uuid": "o"}, {"referenced_uuid": "x"}],
             "Attribute": [{"uuid": "x", "value": "d", "distribution": "0"}, {"value": "e"}]},
            {"name": "ours", "uuid": "o", "distribution": "0", "Attribute": [{"value": "f", "distribution": "3"}]},
            {"name": "emptied", "distribution": "3", "Attribute": [{"value": "g", "distribution": "0"}]}],
        "EventReport": [{"name": "r", "distribution": "1"}],
    }));
    send(&mut goes).unwrap();
    let expected = event(&json!({
        "uuid": "u", "published": true, "distribution": "1",
        "Tag": [{"name": "tlp:green"}],
        "Note": [{"note": "for all", "distribution": "3"}],
        "Attribute": [{"value": "a", "distribution": "1"}],
        "Object": [{"name": "file", "distribution": "5", "Attribute": [{"value": "e"}]}],
    }));
    assert_eq!(goes, expected);
}

#[test]
fn what_ends_at_this_instance_stays() {
    let with = |published: bool, distribution: Option<Distribution>| Event {
        published: Some(published),
        distribution,
        ..event(&json!({"Attribute": [{"value": "a"}]}))
    };
    for (mut stays, why) in [
        (with(false, Some(Distribution::All)), Withheld::Unpublished),
        (with(true, None), Withheld::Distribution),
        (
            with(true, Some(Distribution::Organisation)),
            Withheld::Distribution,
        ),
        (
            with(true, Some(Distribution::Community)),
            Withheld::Distribution,
        ),
        (
            with(true, Some(Distribution::SharingGroup)),
            Withheld::SharingGroup,
        ),
        (
            Event {
                protected: Some(true),
                ..with(true, Some(Distribution::All))
            },
            Withheld::Protected,
        ),
        (
            Event {
                attributes: Vec::new(),
                ..with(true, Some(Distribution::All))
            },
            Withheld::Empty,
        ),
    ] {
        assert_eq!(send(&mut stays), Err(why));
    }
}
