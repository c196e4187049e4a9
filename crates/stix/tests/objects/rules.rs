//! The rules between an object's properties.

use stix::{
    check::{Report, Severity, check_object},
    json::{Document, Value},
};

use crate::examples::{DOMAIN, OBSERVABLES, example, examples};

/// The code and the place of each error, and of each warning.
pub(crate) fn findings(text: &str) -> (Vec<String>, Vec<String>) {
    told(text, check_object)
}

/// What a check of a text finds.
pub(crate) fn told(
    text: &str,
    check: impl for<'d> FnOnce(Value<'d>, &mut Report<'d>),
) -> (Vec<String>, Vec<String>) {
    let document = Document::parse(text.as_bytes()).unwrap();
    let mut report = Report::default();
    check(document.root(), &mut report);
    let (mut errors, mut warnings) = (Vec::new(), Vec::new());
    for finding in report.into_findings() {
        let told = format!("{} {}", finding.code, finding.pointer);
        match finding.severity {
            Severity::Error => errors.push(told),
            Severity::Warning => warnings.push(told),
        }
    }
    (errors, warnings)
}

#[test]
fn no_example_breaks_a_rule() {
    for text in examples(&[DOMAIN, OBSERVABLES]) {
        let (errors, _) = findings(&text);
        // The specification says that values are never null, the example has one on purpose.
        let rest: Vec<_> = errors
            .iter()
            .filter(|error| !error.starts_with("value.null"))
            .collect();
        assert_eq!(rest, Vec::<&String>::new(), "{text}");
    }
}

/// A type, what is replaced in its example by what, and the finding that follows.
type Broken = (&'static str, (&'static str, &'static str), &'static str);

/// The example of this type with `from` replaced breaks a rule there.
fn breaks(object_type: &str, (from, to): (&str, &str), wanted: &str) {
    let text = example(object_type);
    assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
    let (errors, _) = findings(&text.replace(from, to));
    assert!(
        errors.iter().any(|error| error == wanted),
        "{wanted} among {errors:?} of {to}"
    );
}

/// What breaks the rules of §4 and §5.
const DOMAIN_RULES: &[Broken] = &[
    (
        "incident",
        (
            "\"event--da2f25a7-b5d2-47e7-806d-75a2d61cda9f\"",
            "\"event--da2f25a7-b5d2-47e7-806d-75a2d61cda9f\", \"sequence_start\": false",
        ),
        "sequence.start /extensions/extension-definition--ef765651-680c-498d-9894-99799f2fa126/events",
    ),
    (
        "incident",
        (
            "\"event--da2f25a7-b5d2-47e7-806d-75a2d61cda9f\"",
            "\"task--da2f25a7-b5d2-47e7-806d-75a2d61cda9f\"",
        ),
        "reference.target /extensions/extension-definition--ef765651-680c-498d-9894-99799f2fa126/events/0/event_ref",
    ),
    (
        "attack-pattern",
        ("CAPEC-163", "163"),
        "external_reference.id /external_references/0/external_id",
    ),
    (
        "vulnerability",
        (
            "\"external_id\": \"CVE-2016-1234\"",
            "\"external_id\": \"cve-2016-1234\"",
        ),
        "external_reference.id /external_references/0/external_id",
    ),
    (
        "campaign",
        ("12:50:40.123456Z", "12:50:40.122Z"),
        "time.order /last_seen",
    ),
    (
        "course-of-action",
        ("\"description\"", "\"action\""),
        "property.reserved /action",
    ),
    (
        "indicator",
        ("2017-01-01", "2016-01-01"),
        "time.order /valid_until",
    ),
    (
        "location",
        ("\"longitude\"", "\"x_longitude\""),
        "property.requires ",
    ),
    (
        "location",
        ("\"latitude\"", "\"x_latitude\""),
        "property.requires ",
    ),
    ("malware", ("\"name\"", "\"x_name\""), "property.missing "),
    (
        "malware",
        ("file--949eb97a", "process--949eb97a"),
        "reference.target /sample_refs/0",
    ),
    (
        "malware-analysis",
        ("\"result\"", "\"x_result\""),
        "property.one_of ",
    ),
    (
        "observed-data",
        ("\"objects\"", "\"x_objects\""),
        "property.one_of ",
    ),
    (
        "observed-data",
        (
            "\"number_observed\"",
            "\"object_refs\": [\"relationship--44298a74-ba52-4f0c-87a3-1824e67d7fad\"], \"number_observed\"",
        ),
        "property.exclusive ",
    ),
    (
        "observed-data",
        (
            "\"number_observed\"",
            "\"object_refs\": [\"relationship--44298a74-ba52-4f0c-87a3-1824e67d7fad\"], \"number_observed\"",
        ),
        "reference.target /object_refs",
    ),
    (
        "relationship",
        ("20:06:38Z", "20:06:37Z"),
        "time.order /stop_time",
    ),
    (
        "relationship",
        ("\"indicates\"", "\"Indicates\""),
        "relationship.type /relationship_type",
    ),
    (
        "relationship",
        ("malware--31b940d4", "sighting--31b940d4"),
        "reference.target /target_ref",
    ),
    (
        "sighting",
        ("\"indicator--", "\"url--"),
        "reference.target /sighting_of_ref",
    ),
];

#[test]
fn domain_objects_keep_their_rules() {
    for (object_type, replaced, wanted) in DOMAIN_RULES {
        breaks(object_type, *replaced, wanted);
    }
}

/// What breaks the rules of §7.
const META_RULES: &[Broken] = &[
    (
        "language-content",
        ("\"de\"", "\"d_e\""),
        "value.language /contents/d_e",
    ),
    (
        "language-content",
        ("\"Attaque de banque\"", "1"),
        "value.type /contents/fr/name",
    ),
    (
        "marking-definition",
        ("34098fce", "34098fcf"),
        "marking.tlp /id",
    ),
    (
        "marking-definition",
        ("\"green\"", "\"blue\""),
        "marking.definition /definition",
    ),
    (
        "marking-definition",
        ("\"definition\"", "\"x_definition\""),
        "property.missing ",
    ),
    (
        "marking-definition",
        ("\"tlp\",", "\"statement\","),
        "marking.definition /definition",
    ),
    (
        "marking-definition",
        (
            "\"tlp\",",
            "\"tlp\", \"object_marking_refs\": [\"marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da\"],",
        ),
        "marking.circular /object_marking_refs/0",
    ),
    (
        "language-content",
        ("\"object_ref\": \"campaign--", "\"object_ref\": \"bundle--"),
        "reference.target /object_ref",
    ),
    (
        "extension-definition",
        ("\"created_by_ref\"", "\"x_by\""),
        "property.missing ",
    ),
    (
        "extension-definition",
        (", \"toplevel-property-extension\"", ""),
        "property.requires /extension_properties",
    ),
    (
        "extension-definition",
        ("\"rank\"", "\"Rank\""),
        "property.name /extension_properties",
    ),
];

#[test]
fn meta_objects_keep_their_rules() {
    for (object_type, replaced, wanted) in META_RULES {
        breaks(object_type, *replaced, wanted);
    }
}

/// What breaks the rules of §6.
const OBSERVABLE_RULES: &[Broken] = &[
    (
        "artifact",
        ("\"hashes\"", "\"x_hashes\""),
        "property.requires ",
    ),
    (
        "artifact",
        ("\"encryption_algorithm\"", "\"x_algorithm\""),
        "property.requires ",
    ),
    (
        "artifact",
        ("\"url\"", "\"payload_bin\": \"\", \"url\""),
        "property.exclusive ",
    ),
    (
        "domain-name",
        ("example.com", "exa mple.com"),
        "value.domain_name /value",
    ),
    (
        "domain-name",
        ("example.com", "example..com"),
        "value.domain_name /value",
    ),
    (
        "email-addr",
        ("john@example.com", "John <john@example.com>"),
        "value.email_address /value",
    ),
    (
        "email-addr",
        ("john@example.com", r"jo\u0000hn@example.com"),
        "value.email_address /value",
    ),
    (
        "email-addr",
        ("john@example.com", r"john@exa\u0007mple.com"),
        "value.email_address /value",
    ),
    (
        "email-message",
        ("\"subject\"", "\"body\""),
        "property.exclusive /body",
    ),
    (
        "email-message",
        ("\"is_multipart\": true", "\"is_multipart\": false"),
        "property.exclusive /body_multipart",
    ),
    (
        "email-message",
        ("\"body_raw_ref\"", "\"x_ref\""),
        "property.one_of /body_multipart/1",
    ),
    ("ipv4-addr", ("/24", "/33"), "value.ip_address /value"),
    ("ipv6-addr", ("2001:", "g001:"), "value.ip_address /value"),
    ("mac-addr", ("d2:fb", "D2:FB"), "value.mac_address /value"),
    (
        "network-traffic",
        ("\"is_active\": false", "\"is_active\": true"),
        "property.exclusive /end",
    ),
    (
        "network-traffic",
        ("12:31:13Z", "12:31:11Z"),
        "time.order /end",
    ),
    (
        "network-traffic",
        (
            "\"minimumIpTotalLength\": 32",
            "\"minimumIpTotalLength\": 3.2",
        ),
        "value.type /ipfix/minimumIpTotalLength",
    ),
    (
        "network-traffic",
        ("\"src_flags_hex\"", "\"x_flags\""),
        "property.one_of /extensions/tcp-ext",
    ),
    (
        "file",
        ("T12:31:12Z", "T12:31:12.5Z"),
        "time.precision /extensions/windows-pebinary-ext/time_date_stamp",
    ),
    (
        "file",
        ("\"Nikon\"", "[]"),
        "value.type /extensions/raster-image-ext/exif_tags/Make",
    ),
    ("software", ("cpe:2.3:", "cpe:/"), "value.cpe /cpe"),
    ("software", ("\"en\"", "\"e\""), "value.language /languages"),
    (
        "windows-registry-key",
        ("hkey_local_machine", "hklm"),
        "value.registry_key /key",
    ),
];

#[test]
fn observables_keep_their_rules() {
    for (object_type, replaced, wanted) in OBSERVABLE_RULES {
        breaks(object_type, *replaced, wanted);
    }
}
