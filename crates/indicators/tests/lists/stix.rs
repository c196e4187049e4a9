//! STIX bundles and lists of patterns.

use indicators::Left;
use kernel::Tlp;

use crate::gather::{gather, gather_with, options};

/// An indicator whose pattern is of STIX, unless it says otherwise.
fn indicator(number: u8, rest: &str) -> String {
    let kind = if rest.contains("pattern_type") {
        ""
    } else {
        r#""pattern_type": "stix","#
    };
    format!(
        r#"{{"type": "indicator", "spec_version": "2.1", "id": "indicator--{number}",
        {kind} "valid_from": "2026-01-01T00:00:00Z", {rest}}}"#
    )
}

fn bundle(objects: &[String]) -> String {
    let objects = objects.join(",");
    format!(r#"{{"type": "bundle", "id": "bundle--1", "objects": [{objects}]}}"#)
}

#[test]
fn a_bundle_brings_its_indicators() {
    let gathered = gather(bundle(&[
        indicator(1, r#""pattern": "[ipv4-addr:value = '8.8.4.4'] OR [domain-name:value = 'a.example']", "confidence": 70,
            "object_marking_refs": ["marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"]"#),
        indicator(2, r#""pattern": "[process:pid = 3]", "object_marking_refs": ["marking-definition--own"]"#),
        indicator(3, r#""pattern": "[ipv4-addr:value = '8.8.4.5']", "revoked": true"#),
        indicator(4, r#""pattern": "[ipv4-addr:value = '8.8.4.6']", "valid_until": "2026-01-31T12:00:00Z""#),
        indicator(5, r#""pattern": "[ipv4-addr:value""#),
        indicator(6, r#""pattern": "[ipv4-addr:value ISSUBSET '0.0.0.0/0']""#),
        indicator(7, r#""pattern": "rule x {}", "pattern_type": "yara""#),
        indicator(8, r#""pattern": "alert tcp", "pattern_type": "snort""#),
        indicator(9, r#""pattern": "[url:value = 'http://b.example']", "object_marking_refs": ["marking-definition--elsewhere"]"#),
        r#"{"type": "ipv4-addr", "id": "ipv4-addr--1", "value": "8.8.4.7"}"#.to_owned(),
        r#"{"type": "marking-definition", "id": "marking-definition--own", "definition_type": "tlp",
            "definition": {"tlp": "green"}}"#.to_owned(),
    ]));
    let from = "from=2026-01-01T00:00:00.000Z";
    let expected = [
        format!("ipv4 8.8.4.4 id=indicator--1 TLP:AMBER+STRICT {from} confidence=70"),
        format!("domain a.example id=indicator--1 TLP:AMBER+STRICT {from} confidence=70"),
        format!("yara rule x {{}} id=indicator--7 {from}"),
        format!("pattern [process:pid = 3] id=indicator--2 TLP:GREEN {from}"),
        format!("url http://b.example/ id=indicator--9 TLP:RED {from}"),
    ];
    let expected: Vec<_> = expected.iter().map(String::as_str).collect();
    assert_eq!(gathered.told(), ("stix", expected));
    let left = Left {
        expired: 1,
        revoked: 1,
        broad: 1,
        unreadable: 1,
        not_for_matching: 1,
        ..Left::default()
    };
    assert_eq!(
        (gathered.report().left, gathered.report().passed_over),
        (left, 2)
    );
    let problems = [
        "object 5 (indicator--5): pattern.syntax",
        "object 6 (indicator--6): value.broad",
    ];
    assert_eq!(gathered.problems[1], problems[1]);
    assert!(gathered.problems[0].starts_with("object 5 (indicator--5): pattern."));
}

#[test]
fn what_no_selector_covers_is_not_marked() {
    let clear = stix::marking::Tlp::Clear.marking_id();
    let part =
        format!(r#""granular_markings": [{{"marking_ref": "{clear}", "selectors": ["name"]}}]"#);
    let purple = r#"{"type": "marking-definition", "id": "marking-definition--own", "definition_type": "tlp",
        "definition": {"tlp": "purple"}}"#;
    let gathered = gather(bundle(&[
        indicator(
            1,
            &format!(r#""pattern": "[ipv4-addr:value = '8.8.4.4']", {part}"#),
        ),
        indicator(
            2,
            &format!(
                r#""pattern": "[ipv4-addr:value = '8.8.4.5']", "object_marking_refs": ["{clear}", "marking-definition--own"]"#
            ),
        ),
        purple.to_owned(),
    ]));
    let from = "from=2026-01-01T00:00:00.000Z";
    let expected = [
        format!("ipv4 8.8.4.4 id=indicator--1 TLP:AMBER+STRICT {from}"),
        format!("ipv4 8.8.4.5 id=indicator--2 TLP:RED {from}"),
    ];
    let expected: Vec<_> = expected.iter().map(String::as_str).collect();
    assert_eq!(gathered.told(), ("stix", expected));
}

#[test]
fn a_page_that_is_not_the_last_is_said_to_be_one() {
    let object = indicator(1, r#""pattern": "[ipv4-addr:value = '8.8.4.4']""#);
    for (more, warnings) in [("true", &["/more: list.more"][..]), ("false", &[])] {
        let before = gather(format!(
            r#"{{"more": {more}, "next": "7", "objects": [{object}]}}"#
        ));
        let behind = gather(format!(r#"{{"objects": [{object}], "more": {more}}}"#));
        for gathered in [before, behind] {
            assert_eq!(gathered.report().taken, 1);
            assert_eq!(gathered.warnings, warnings);
        }
    }
}

#[test]
fn stix_2_0_is_lifted() {
    let gathered = gather(
        r#"{"type": "bundle", "id": "bundle--1", "spec_version": "2.0", "objects": [
        {"type": "indicator", "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
        "created": "2016-04-06T20:03:48.000Z", "modified": "2016-04-06T20:03:48.000Z",
        "labels": ["malicious-activity"], "valid_from": "2016-01-01T00:00:00Z",
        "pattern": "[file:hashes.'MD5' = '44d88612fea8a8f36de82e1278abb02f']"}]}"#,
    );
    let expected = "md5 44d88612fea8a8f36de82e1278abb02f \
        id=indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f from=2016-01-01T00:00:00.000Z";
    assert_eq!(gathered.told(), ("stix", vec![expected]));
}

#[test]
fn an_object_a_line_is_stix_too_and_unmarked_is_as_one_wishes() {
    let mut options = options();
    options.marking = Some(Tlp::Amber);
    let line = indicator(1, r#""pattern": "[mutex:name = 'abcd']""#).replace('\n', " ");
    let gathered = gather_with(format!("{line}\n{line}\n"), &options).unwrap();
    let expected = "mutex abcd id=indicator--1 TLP:AMBER from=2026-01-01T00:00:00.000Z";
    assert_eq!(gathered.told(), ("stix", vec![expected, expected]));
}

#[test]
fn patterns_come_a_line_or_a_record() {
    let gathered = gather(
        "# patterns\n[ipv4-addr:value = '8.8.4.4']\n[process:pid = 3] WITHIN 3 SECONDS\n[broken\n",
    );
    let expected = vec!["ipv4 8.8.4.4", "pattern [process:pid = 3] WITHIN 3 SECONDS"];
    assert_eq!(gathered.told(), ("stix-patterns", expected));
    assert_eq!(gathered.problems.len(), 1);
    let gathered = gather(
        "{\"id\": \"a\", \"pattern\": \"[ipv4-addr:value = '8.8.4.4']\"}\n{\"id\": \"b\", \"pattern\": \"[process:pid = 3]\"}\n",
    );
    let expected = vec!["ipv4 8.8.4.4 id=a", "pattern [process:pid = 3] id=b"];
    assert_eq!(gathered.told(), ("stix-patterns", expected));
}

#[test]
fn what_came_before_a_fault_is_taken() {
    let text = bundle(&[indicator(1, r#""pattern": "[mutex:name = 'abcd']""#)]);
    let cut = text.replace("]}", ", {");
    assert_eq!(
        gather_with(cut, &options()).unwrap_err().code(),
        "json.incomplete"
    );
}
