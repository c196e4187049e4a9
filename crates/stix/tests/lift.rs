//! STIX 2.0 as STIX 2.1.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

#[path = "lift/observed.rs"]
mod observed;

use std::path::PathBuf;

use stix::{
    check::{Report, Severity, check_object},
    json::Document,
    lift::{What, lift_bundle, lift_object},
};

/// Lifts an object, with ids whose last byte counts; every object that comes out is valid.
fn lifted(object: &str) -> (Vec<String>, Vec<String>) {
    let mut count = 0;
    let mut random = || {
        count += 1;
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, count]
    };
    let document = Document::parse(object.as_bytes()).unwrap();
    let lifted = lift_object(document.root(), &mut random);
    lifted
        .objects
        .iter()
        .for_each(|object| assert_valid(object));
    (
        lifted.objects,
        lifted.changes.iter().map(ToString::to_string).collect(),
    )
}

fn assert_valid(object: &str) {
    let document = Document::parse(object.as_bytes()).unwrap();
    let mut report = Report::default();
    check_object(document.root(), &mut report);
    let errors = report
        .findings()
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let errors: Vec<String> = errors.map(ToString::to_string).collect();
    assert_eq!(errors, [""; 0], "{object}");
}

/// A domain object of 2.0 with these members more.
fn old(object_type: &str, members: &str) -> String {
    format!(
        r#"{{"type":"{object_type}","id":"{object_type}--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","created":"2016-04-06T20:03:48.000Z","modified":"2016-04-06T20:03:48.000Z",{members}}}"#
    )
}

/// What [`old`] becomes at its beginning.
fn new(object_type: &str, members: &str) -> String {
    let with_version = format!(r#""type":"{object_type}","spec_version":"2.1""#);
    old(object_type, members).replace(&format!(r#""type":"{object_type}""#), &with_version)
}

fn observed(objects: &str, more: &str) -> String {
    old(
        "observed-data",
        &format!(
            r#""first_observed":"2015-12-21T19:00:00Z","last_observed":"2015-12-21T19:00:00Z","number_observed":1,"objects":{objects}{more}"#
        ),
    )
}

#[test]
fn stix_2_1_passes_to_the_byte() {
    for text in [
        r#"{ "type":"tool","spec_version":"2.1", "labels":["remote-access"] }"#,
        r#"{"type":"ipv4-addr","id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","value":"198.51.100.3"}"#,
        r#"{"type":"x-own","a":1}"#,
        r#"{"type":"bundle","spec_version":"2.0"}"#,
        "[1 , 2]",
        r#""type\n""#,
    ] {
        let document = Document::parse(text.as_bytes()).unwrap();
        let lifted = lift_object(document.root(), &mut || [0; 16]);
        assert_eq!(
            (lifted.objects, lifted.changes),
            (vec![text.to_owned()], vec![])
        );
    }
    let text = Document::parse(br#""text""#).unwrap();
    let lifted = lift_bundle(text.root(), &mut || [0; 16]);
    assert_eq!(
        (lifted.json.as_str(), lifted.changes),
        (r#""text""#, vec![])
    );
    let bundle =
        r#"{"type":"bundle","spec_version":"2.1", "objects":[{"type":"url","value":"a"}]}"#;
    let bundle = Document::parse(bundle.as_bytes()).unwrap();
    let lifted = lift_bundle(bundle.root(), &mut || [0; 16]);
    assert_eq!(
        (lifted.json.as_str(), lifted.changes),
        (bundle.root().raw(), vec![])
    );
}

#[test]
fn labels_of_the_vocabulary_become_types_and_selectors_follow() {
    let (objects, changes) = lifted(&old(
        "threat-actor",
        r#""name":"n","labels":["ours","spy","hacker"],"x_more":{"a":1.50},"granular_markings":[{"selectors":["labels.[0]","labels.[2]","labels","name"],"marking_ref":"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"}]"#,
    ));
    let expected = new(
        "threat-actor",
        r#""name":"n","threat_actor_types":["spy","hacker"],"labels":["ours"],"x_more":{"a":1.50},"granular_markings":[{"selectors":["labels.[0]","threat_actor_types.[1]","threat_actor_types","labels","name"],"marking_ref":"marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"}]"#,
    );
    assert_eq!(objects, [expected]);
    assert_eq!(
        changes,
        [
            "/spec_version: added as \"2.1\"",
            "/labels/1: renamed to threat_actor_types",
            "/labels/2: renamed to threat_actor_types",
        ]
    );
}

#[test]
fn malware_is_a_family() {
    let (objects, changes) = lifted(&old("malware", r#""name":"n","labels":["worm"]"#));
    let expected = new(
        "malware",
        r#""name":"n","malware_types":["worm"],"is_family":true"#,
    );
    assert_eq!(objects, [expected]);
    assert_eq!(changes.last().unwrap(), "/is_family: added as true");
}

#[test]
fn patterns_get_the_new_names() {
    for (before, after) in [
        (
            "[file:hashes.ssdeep = 'START file:created']",
            "[file:hashes.SSDEEP = 'START file:created']",
        ),
        (
            "[file:hashes.'ssdeep' = 'a' AND file:created > t'2016-01-01T00:00:00Z']",
            "[file:hashes.SSDEEP = 'a' AND file:ctime > t'2016-01-01T00:00:00Z']",
        ),
        (
            "[process:name = 'a' OR process:binary_ref.created = t'2016-01-01T00:00:00Z']",
            "[process:image_ref.name = 'a' OR process:image_ref.ctime = t'2016-01-01T00:00:00Z']",
        ),
        (
            "[process:child_refs[*].name = 'a']",
            "[process:child_refs[*].image_ref.name = 'a']",
        ),
        (
            "[process:arguments[*] = '-x']",
            "[process:x_arguments[*] = '-x']",
        ),
        (
            "[process:parent_ref.creator_user_ref.password_last_changed = 'x']",
            "[process:parent_ref.creator_user_ref.credential_last_changed = 'x']",
        ),
        (
            "[file:parent_directory_ref.modified = t'2016-01-01T00:00:00Z']",
            "[file:parent_directory_ref.mtime = t'2016-01-01T00:00:00Z']",
        ),
        (
            "[network-traffic:extensions.'socket-ext'.protocol_family = 'PF_INET']",
            "[network-traffic:extensions.'socket-ext'.x_protocol_family = 'PF_INET']",
        ),
        (
            "[file:extensions.'x-own-ext'.a.b = 1]",
            "[file:x_own_ext.a.b = 1]",
        ),
        (
            "[file:extensions.'windows-pebinary-ext'.sections[*].hashes.ssdeep = 'a']",
            "[file:extensions.'windows-pebinary-ext'.sections[*].hashes.SSDEEP = 'a']",
        ),
        (
            "[url:value = 'it\\'s'] START '2016-01-01T00:00:00Z' STOP '2017-01-01T00:00:00Z'",
            "[url:value = 'it\\'s'] START t'2016-01-01T00:00:00Z' STOP t'2017-01-01T00:00:00Z'",
        ),
        (
            "[x-own:created = 1 AND windows-registry-key:modified = 'x'] /* file:created */",
            "[x-own:created = 1 AND windows-registry-key:modified_time = 'x'] /* file:created */",
        ),
    ] {
        let text = |pattern: &str| pattern.replace('\\', "\\\\");
        let members = format!(
            r#""pattern":"{}","valid_from":"2016-01-01T00:00:00Z""#,
            text(before)
        );
        let (objects, _) = lifted(&old("indicator", &members));
        let expected = format!(
            r#""pattern":"{}","pattern_type":"stix","valid_from":"2016-01-01T00:00:00Z""#,
            text(after)
        );
        assert_eq!(objects, [new("indicator", &expected)]);
    }
}

#[test]
fn a_pattern_that_is_none_of_2_1_says_so() {
    let (objects, _) = lifted(&old(
        "indicator",
        r#""pattern":"[file:","valid_from":"2016-01-01T00:00:00Z""#,
    ));
    assert!(
        objects[0].contains(r#""pattern":"[file:","pattern_type":"stix","pattern_version":"2.0""#)
    );
}

#[test]
fn names_that_2_1_took_are_given_back() {
    let (objects, changes) = lifted(&old(
        "tool",
        r#""name":"n","confidence":"high","aliases":["a"],"lang":"en""#,
    ));
    assert_eq!(
        objects,
        [new(
            "tool",
            r#""name":"n","x_confidence":"high","aliases":["a"],"lang":"en""#
        )]
    );
    assert_eq!(
        changes,
        [
            "/spec_version: added as \"2.1\"",
            "/confidence: kept as x_confidence"
        ]
    );
}

#[test]
fn markings_of_the_first_protocol_stay() {
    let definition = r#"{"type":"marking-definition","id":"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9","created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","definition":{"tlp":"white"}}"#;
    let (objects, _) = lifted(definition);
    let expected = definition.replace(r#""id""#, r#""spec_version":"2.1","id""#);
    assert_eq!(objects, [expected]);
}

#[test]
fn a_bundle_is_lifted_whole() {
    let data = observed(r#"{"0":{"type":"url","value":"http://a.example/"}}"#, "");
    let other = data.replace("observed-data--8", "observed-data--9");
    let bundle = format!(
        r#"{{"type":"bundle","id":"bundle--1","spec_version":"2.0","objects":[{data},{other}]}}"#
    );
    let document = Document::parse(bundle.as_bytes()).unwrap();
    let lifted = lift_bundle(document.root(), &mut || [0; 16]);
    let result = Document::parse(lifted.json.as_bytes()).unwrap();
    assert_eq!(
        result
            .root()
            .get("spec_version")
            .map(|version| version.raw().to_owned()),
        None
    );
    let objects: Vec<_> = result.root().get("objects").unwrap().items().collect();
    assert_eq!(objects.len(), 3);
    let last = lifted.changes.last().unwrap();
    assert_eq!(
        (last.pointer.as_str(), last.what.code()),
        ("/objects/1/objects/0", "lift.standalone")
    );
    assert_eq!(
        (lifted.changes[0].pointer.as_str(), &lifted.changes[0].what),
        ("/spec_version", &What::LeftOut)
    );
}

/// The data that tests share, beside the workspace unless the environment says otherwise.
fn data(name: &str) -> Vec<u8> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are configured by their environment"
    )]
    let given = std::env::var("COMITY_TEST_DATA");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = given.map_or(root, PathBuf::from).join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn published_bundles_of_stix_2_0_are_valid_when_lifted() {
    for (name, count) in [
        ("enterprise/veris1_3_7-enumerations-enterprise.json", 642),
        ("enterprise/veris1_3_7-mappings-enterprise.json", 1092),
        ("groups/veris1_3_7-mappings-groups.json", 123),
        ("ics/veris1_3_7-mappings-ics.json", 189),
        ("mobile/veris1_3_7-mappings-mobile.json", 243),
    ] {
        let bytes = data(&format!("stix/attack_to_veris/veris-1.3.7/stix/{name}"));
        let document = Document::parse(&bytes).unwrap();
        let lifted = lift_bundle(document.root(), &mut || [0; 16]);
        let result = Document::parse(lifted.json.as_bytes()).unwrap();
        let objects: Vec<_> = result.root().get("objects").unwrap().items().collect();
        for object in &objects {
            assert_valid(object.raw());
        }
        assert_eq!(
            (objects.len(), lifted.changes.len()),
            (count, count + 1),
            "{name}"
        );
    }
}

#[test]
fn published_bundles_of_stix_2_1_pass() {
    for name in [
        "attack/mobile-attack.json",
        "stix/cti-stix2-json-schemas/examples/threat-reports/poisonivy.json",
    ] {
        let bytes = data(name);
        let document = Document::parse(&bytes).unwrap();
        let lifted = lift_bundle(document.root(), &mut || [0; 16]);
        assert_eq!(lifted.changes, []);
        assert_eq!(lifted.json, document.root().raw());
    }
}
