//! Versions of objects.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::cmp::Ordering;

use stix::{
    Timestamp,
    json::Document,
    version::{Change, VersionError, compare, is_versioned, new_version, revoke},
};

const OWNER: &str = "identity--f431f809-377b-45e0-aa1c-6a4751cae5ff";
const TOOL: &str = r#"{"type":"tool","spec_version":"2.1","id":"tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","created_by_ref":"identity--f431f809-377b-45e0-aa1c-6a4751cae5ff","created":"2016-04-06T20:03:48.000Z","modified":"2016-04-06T20:03:48.123456Z","x_b":{"z":1.0,"a":"\n"},"name":"VNC"}"#;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn version(
    object: &str,
    changes: &[Change<'_>],
    maker: Option<&str>,
    moment: &str,
) -> Result<String, VersionError> {
    new_version(
        Document::parse(object.as_bytes()).unwrap().root(),
        changes,
        maker,
        at(moment),
    )
}

#[test]
fn a_new_version_keeps_what_is_not_changed() {
    let changes = [
        Change::Set("name", r#""TightVNC""#),
        Change::Set("labels", r#"["x"]"#),
        Change::Remove("x_c"),
    ];
    let new = version(TOOL, &changes, Some(OWNER), "2020-01-01T00:00:00.9876Z").unwrap();
    let expected = TOOL
        .replace("2016-04-06T20:03:48.123456Z", "2020-01-01T00:00:00.987Z")
        .replace(r#""VNC"}"#, r#""TightVNC","labels":["x"]}"#);
    assert_eq!(new, expected);
}

#[test]
fn the_last_of_several_changes_counts() {
    let changes = [
        Change::Set("name", "1"),
        Change::Remove("name"),
        Change::Set("y_y", "1"),
        Change::Set("y_y", "2"),
    ];
    let new = version(TOOL, &changes, Some(OWNER), "2020-01-01T00:00:00Z").unwrap();
    assert!(new.ends_with(r#""a":"\n"},"y_y":2}"#), "{new}");
}

#[test]
fn a_version_is_later_in_its_milliseconds() {
    let before = VersionError::NotLater(at("2016-04-06T20:03:48.123456Z"));
    for moment in [
        "2016-04-06T20:03:48.123999Z",
        "2016-04-06T20:03:48.123456Z",
        "2015-01-01T00:00:00Z",
    ] {
        assert_eq!(version(TOOL, &[], Some(OWNER), moment), Err(before.clone()));
    }
    assert!(version(TOOL, &[], Some(OWNER), "2016-04-06T20:03:48.124Z").is_ok());
}

#[test]
fn only_the_maker_makes_versions() {
    let refused = Err(VersionError::NotTheMaker {
        owner: OWNER.into(),
    });
    let other = "identity--00000000-0000-4000-8000-000000000000";
    assert_eq!(
        version(TOOL, &[], Some(other), "2020-01-01T00:00:00Z"),
        refused
    );
    assert_eq!(version(TOOL, &[], None, "2020-01-01T00:00:00Z"), refused);
    let unnamed = TOOL.replace(&format!(r#""created_by_ref":"{OWNER}","#), "");
    assert!(version(&unnamed, &[], Some(other), "2020-01-01T00:00:00Z").is_ok());
}

#[test]
fn what_is_the_same_in_all_versions_cannot_be_changed() {
    for name in [
        "id",
        "type",
        "created",
        "created_by_ref",
        "spec_version",
        "modified",
        "revoked",
    ] {
        let changed = version(
            TOOL,
            &[Change::Remove(name)],
            Some(OWNER),
            "2020-01-01T00:00:00Z",
        );
        assert_eq!(changed, Err(VersionError::Fixed(name.into())));
    }
    let broken = version(
        TOOL,
        &[Change::Set("name", "{")],
        Some(OWNER),
        "2020-01-01T00:00:00Z",
    );
    assert_eq!(broken.unwrap_err().code(), "version.value");
}

#[test]
fn revoked_is_final() {
    let document = Document::parse(TOOL.as_bytes()).unwrap();
    let revoked = revoke(document.root(), Some(OWNER), at("2020-01-01T00:00:00Z")).unwrap();
    assert!(
        revoked.ends_with(r#""name":"VNC","revoked":true}"#),
        "{revoked}"
    );
    assert!(revoked.contains(r#""modified":"2020-01-01T00:00:00.000Z""#));
    let again = version(&revoked, &[], Some(OWNER), "2021-01-01T00:00:00Z");
    assert_eq!(again, Err(VersionError::Revoked));
    let revoked = Document::parse(revoked.as_bytes()).unwrap();
    let again = revoke(revoked.root(), Some(OWNER), at("2021-01-01T00:00:00Z"));
    assert_eq!(again, Err(VersionError::Revoked));
}

#[test]
fn observables_and_marking_definitions_have_no_versions() {
    for text in [
        r#"{"type":"ipv4-addr","id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","value":"198.51.100.3"}"#,
        r#"{"type":"marking-definition","created":"2020-01-01T00:00:00Z","modified":"2020-01-01T00:00:00Z"}"#,
        r#"{"type":"bundle","modified":"2020-01-01T00:00:00Z"}"#,
        r#"{"type":"x-own","created":"2020-01-01T00:00:00Z"}"#,
    ] {
        let refused = version(text, &[], None, "2021-01-01T00:00:00Z").unwrap_err();
        assert_eq!(refused.code(), "version.not_versioned", "{text}");
    }
    let own =
        br#"{"type":"x-own","created":"2020-01-01T00:00:00Z","modified":"2020-01-01T00:00:00Z"}"#;
    assert!(is_versioned(Document::parse(own).unwrap().root()));
}

#[test]
fn what_is_malformed_is_refused() {
    for (text, name) in [
        ("[]", "type"),
        (
            r#"{"type":"tool","created":"2020-01-01T00:00:00Z"}"#,
            "modified",
        ),
        (
            r#"{"type":"tool","created":"yesterday","modified":"2020-01-01T00:00:00Z"}"#,
            "created",
        ),
    ] {
        let refused = version(text, &[], None, "2021-01-01T00:00:00Z");
        assert_eq!(refused, Err(VersionError::Malformed(name)));
    }
}

#[test]
fn versions_are_ordered_by_the_moment() {
    let order = |one: &str, other: &str| {
        let (one, other) = (
            Document::parse(one.as_bytes()).unwrap(),
            Document::parse(other.as_bytes()).unwrap(),
        );
        compare(one.root(), other.root())
    };
    let later = TOOL.replace("48.123456Z", "48.2Z");
    assert_eq!(order(TOOL, &later), Some(Ordering::Less));
    assert_eq!(
        order(&later, &later.replace("48.2Z", "48.200Z")),
        Some(Ordering::Equal)
    );
    assert_eq!(order(TOOL, &TOOL.replace("8e2e2d2b", "9e2e2d2b")), None);
}
