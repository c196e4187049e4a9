//! What becomes of objects of STIX, ours and those of others.

use formats_misp::{full::Event, stix::from_stix};
use serde_json::{Value, json};

use crate::lines;

const UUID: &str = "8f0c1d4e-9b52-4d6c-8a80-0a1b2c3d4e5f";

fn object(kind: &str, mut more: Value) -> Value {
    let mut object = json!({"type": kind, "spec_version": "2.1", "id": format!("{kind}--{UUID}"),
        "created": "2026-01-31T00:00:00.000Z", "modified": "2026-01-31T00:00:00.000Z"});
    object
        .as_object_mut()
        .unwrap()
        .append(more.as_object_mut().unwrap());
    object
}

/// Types and values of attributes, and what was lost.
fn becomes(objects: &[Value]) -> String {
    let (event, losses) = from_stix(objects);
    let attributes = said(&event);
    if losses.is_empty() {
        attributes
    } else {
        format!("{attributes} | {}", lines(&losses))
    }
}

fn said(event: &Event) -> String {
    let attributes = event.attributes.iter().map(|one| {
        format!(
            "{} {}",
            one.kind.as_deref().unwrap(),
            one.value.as_deref().unwrap()
        )
    });
    attributes.collect::<Vec<_>>().join("; ")
}

fn pattern(pattern: &str) -> String {
    let more = json!({"pattern": pattern, "pattern_type": "stix", "valid_from": "2026-01-31T00:00:00.000Z"});
    becomes(&[object("indicator", more)])
}

#[test]
fn patterns_become_attributes() {
    insta::assert_snapshot!(pattern("[ipv4-addr:value = '198.51.100.3']"), @"ip-dst 198.51.100.3");
    insta::assert_snapshot!(pattern("[ipv4-addr:value ISSUBSET '198.51.100.0/24']"), @"ip-dst 198.51.100.0/24");
    insta::assert_snapshot!(pattern("[network-traffic:src_ref.type = 'ipv4-addr' AND network-traffic:src_ref.value = '198.51.100.3']"), @"ip-src 198.51.100.3");
    insta::assert_snapshot!(pattern("[file:hashes.'SHA-256' = 'aa' AND file:name = 'a.exe']"), @"filename|sha256 a.exe|aa");
    insta::assert_snapshot!(pattern("[network-traffic:dst_ref.value = '198.51.100.3' AND network-traffic:dst_port = 443]"), @"ip-dst|port 198.51.100.3|443");
    // What MISP has no type for stays a pattern.
    insta::assert_snapshot!(pattern("[url:value = 'a' OR url:value = 'b']"), @"stix2-pattern [url:value = 'a' OR url:value = 'b']");
    insta::assert_snapshot!(pattern("[url:value = 'a'] REPEATS 2 TIMES"), @"stix2-pattern [url:value = 'a'] REPEATS 2 TIMES");
    insta::assert_snapshot!(pattern("[url:value LIKE 'a%']"), @"stix2-pattern [url:value LIKE 'a%']");
    insta::assert_snapshot!(pattern("[process:pid = 5]"), @"stix2-pattern [process:pid = 5]");
}

#[test]
fn what_others_write_is_taken_as_far_as_it_goes() {
    let observed = object(
        "observed-data",
        json!({"number_observed": 3, "object_refs": ["file--1", "url--2", "url--3"],
        "first_observed": "2026-01-30T00:00:00.5Z", "last_observed": "2026-01-31T00:00:00Z"}),
    );
    let file = json!({"type": "file", "id": "file--1", "name": "a.exe", "size": 5, "hashes": {"MD5": "aa", "X": "bb"}, "ctime": "2026-01-31T00:00:00Z"});
    let url = json!({"type": "url", "id": "url--2", "value": "http://a.example/"});
    insta::assert_snapshot!(becomes(&[observed, file, url.clone()]), @r#"
    filename a.exe; md5 aa; size-in-bytes 5; url http://a.example/ | /objects/0: number_observed
    /objects/0/object_refs: objects that are not there
    /objects/1: ctime
    /objects/1: hashes/X
    "#);
    insta::assert_snapshot!(becomes(&[url, json!({"type": "process", "id": "process--4"}), json!(5)]), @r#"
    url http://a.example/ | /objects/1: process
    /objects/2: no object
    "#);
}

#[test]
fn clusters_and_markings_become_tags() {
    let malware = object(
        "malware",
        json!({"name": "X", "is_family": true, "aliases": ["Y"]}),
    );
    let marked = json!({"pattern": "[url:value = 'a']", "pattern_type": "stix", "valid_from": "2026-01-31T00:00:00Z",
        "labels": ["phishing"], "object_marking_refs": ["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "marking-definition--1"]});
    let relationship = object(
        "relationship",
        json!({"relationship_type": "indicates",
        "source_ref": format!("indicator--{UUID}"), "target_ref": format!("malware--{UUID}")}),
    );
    let (event, losses) = from_stix(&[malware, object("indicator", marked), relationship]);
    let tags = event.attributes[0]
        .tags
        .iter()
        .filter_map(|tag| tag.name.as_deref());
    insta::assert_snapshot!(tags.collect::<Vec<_>>().join(" "), @r#"phishing tlp:red misp-galaxy:stix-2.1-malware="X""#);
    insta::assert_snapshot!(lines(&losses), @r#"
    /objects/0: is_family
    /objects/1/object_marking_refs/1: marking-definition--1
    "#);
    let cluster = &event.galaxies[0].clusters[0];
    assert_eq!(
        (cluster.value.as_deref(), &cluster.meta["synonyms"][..]),
        (Some("X"), &["Y".to_owned()][..])
    );
}

#[test]
fn sightings_and_notes_stand_where_they_belong() {
    let indicator = object(
        "indicator",
        json!({"pattern": "[url:value = 'a']", "pattern_type": "stix", "valid_from": "2026-01-31T00:00:00Z"}),
    );
    let of = format!("indicator--{UUID}");
    let sighting = object("sighting", json!({"sighting_of_ref": of, "count": 5}));
    let note = object("note", json!({"content": "look", "object_refs": [of]}));
    let opinion = object("opinion", json!({"opinion": "agree", "object_refs": [of]}));
    let other = object("sighting", json!({"sighting_of_ref": "malware--1"}));
    let (event, losses) = from_stix(&[indicator, sighting, note, opinion, other]);
    let attribute = &event.attributes[0];
    assert_eq!((attribute.sightings.len(), attribute.notes.len()), (1, 1));
    assert_eq!(attribute.opinions[0].opinion, Some(75));
    insta::assert_snapshot!(lines(&losses), @r#"
    /objects/1: count
    /objects/4: sighting
    "#);
}

#[test]
fn what_refers_in_a_circle_is_told() {
    let name = |id: &str, to: &str| json!({"type": "domain-name", "id": id, "value": "a.example", "resolves_to_refs": [to]});
    let circle = [
        name("domain-name--1", "domain-name--2"),
        name("domain-name--2", "domain-name--1"),
    ];
    insta::assert_snapshot!(becomes(&circle), @r#"
     | /objects/0: domain-name
    /objects/1: domain-name
    "#);
    let address = json!({"type": "ipv4-addr", "id": "ipv4-addr--3", "value": "198.51.100.3", "belongs_to_refs": ["autonomous-system--4"]});
    insta::assert_snapshot!(becomes(&[name("domain-name--1", "ipv4-addr--3"), address]), @"domain|ip a.example|198.51.100.3 | /objects/1: belongs_to_refs");
}
