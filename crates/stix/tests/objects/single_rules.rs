//! Rules that ask for more than one replacement to be shown.

use stix::check::check_bundle;

use crate::{
    examples::example,
    rules::{findings, told},
};

#[test]
fn an_observable_that_says_nothing_is_refused() {
    let id = "00000000-0000-4000-8000-000000000000";
    for object_type in [
        "file",
        "process",
        "user-account",
        "windows-registry-key",
        "x509-certificate",
    ] {
        let text = format!(r#"{{"type":"{object_type}","id":"{object_type}--{id}"}}"#);
        assert_eq!(findings(&text).0, ["property.one_of "], "{object_type}");
    }
}

#[test]
fn what_should_be_is_a_warning() {
    for (object_type, (from, to), wanted) in [
        (
            "indicator",
            ("\"name\":", "\"title\":"),
            "indicator.undescribed ",
        ),
        (
            "location",
            ("\"US\"", "\"usa\""),
            "location.country /country",
        ),
        (
            "malware-analysis",
            ("microscope", "Micro Scope"),
            "malware_analysis.product /product",
        ),
        (
            "network-traffic",
            ("SO_TIMEOUT", "X_TIMEOUT"),
            "socket.option /extensions/socket-ext/options/X_TIMEOUT",
        ),
        (
            "process",
            ("HIGH_PRIORITY_CLASS", "high"),
            "process.priority /extensions/windows-process-ext/priority",
        ),
        (
            "identity",
            ("\"spa\"", "\"spas\""),
            "value.vocabulary /sectors/1",
        ),
    ] {
        let text = example(object_type);
        assert_eq!(text.matches(from).count(), 1, "{from} in {text}");
        let (_, warnings) = findings(&text.replace(from, to));
        assert!(
            warnings.iter().any(|warning| warning == wanted),
            "{wanted} among {warnings:?}"
        );
    }
}

#[test]
fn an_id_made_of_nothing_is_random() {
    let process = |version| {
        let id = format!("process--12345678-0000-{version}000-8000-000000000000");
        findings(&format!(r#"{{"type":"process","id":"{id}","pid":1}}"#))
    };
    assert_eq!(process(4), (vec![], vec![]));
    assert_eq!(process(5).0, ["identifier.version /id"]);
    // The file's id is made of its name; that it is, is a SHOULD.
    let file = r#"{"type":"file","id":"file--12345678-0000-4000-8000-000000000000","name":"a"}"#;
    assert_eq!(
        findings(file),
        (vec![], vec!["identifier.version /id".into()])
    );
}

#[test]
fn reserved_names_are_refused() {
    for name in ["action", "phone_numbers", "severity", "username"] {
        let text = example("identity").replacen('{', &format!("{{\"{name}\": \"x\", "), 1);
        assert_eq!(findings(&text).0, [format!("property.reserved /{name}")]);
    }
    let id = "action--12345678-0000-4000-8000-000000000000";
    let text = format!(r#"{{"type":"action","id":"{id}"}}"#);
    assert_eq!(findings(&text).0, ["type.reserved ", "property.one_of "]);
}

#[test]
fn custom_values_are_not_empty_lists() {
    let with = |value: &str| {
        let text = example("identity").replacen('{', &format!("{{\"x_own\": {value}, "), 1);
        findings(&text).0
    };
    assert_eq!(with("[]"), ["value.empty /x_own"]);
    assert_eq!(with("[1]"), Vec::<String>::new());
    assert_eq!(with(r#"{"sectors": []}"#), Vec::<String>::new());
}

#[test]
fn an_observable_may_have_extensions_of_ones_own() {
    let with = |object_type: &str, extensions: &str| {
        let head = format!("{{\"extensions\": {extensions}, ");
        findings(&example(object_type).replacen('{', &head, 1))
    };
    let own = r#"{"x-example-com-ext": {"colour": "red"}}"#;
    let (errors, warnings) = with("domain-name", own);
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(warnings, ["extension.custom /extensions/x-example-com-ext"]);
    assert_eq!(
        with("campaign", own).0,
        ["extension.key /extensions/x-example-com-ext"]
    );
    let other = r#"{"tcp-ext": {"src_flags_hex": "02"}}"#;
    assert_eq!(
        with("domain-name", other).0,
        ["extension.key /extensions/tcp-ext"]
    );
    let empty = r#"{"x-example-com-ext": {}}"#;
    assert_eq!(
        with("domain-name", empty).0,
        ["value.empty /extensions/x-example-com-ext"]
    );
}

#[test]
fn milliseconds_are_the_least() {
    let with = |digits: &str| {
        let id = "identity--12345678-0000-4000-8000-000000000000";
        let time = format!("2020-01-01T00:00:00{digits}Z");
        findings(&format!(
            r#"{{"type":"identity","spec_version":"2.1","id":"{id}","name":"a","created":"{time}","modified":"{time}"}}"#
        ))
    };
    let late = ["time.precision /created", "time.precision /modified"];
    assert_eq!(with("").1, late);
    assert_eq!(with(".12").1, late);
    for digits in [".123", ".123456"] {
        assert_eq!(with(digits), (vec![], vec![]));
    }
}

/// The errors and warnings of a bundle with these members and so many objects.
fn of_bundle(members: &str, objects: Option<u64>) -> (Vec<String>, Vec<String>) {
    told(members, |bundle, report| {
        check_bundle(bundle, objects, report);
    })
}

#[test]
fn a_bundle_has_its_own_rules() {
    const ID: &str = "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d";
    let good = format!(r#"{{"type":"bundle","id":"{ID}"}}"#);
    assert_eq!(of_bundle(&good, Some(3)), (vec![], vec![]));
    assert_eq!(of_bundle(&good, None), (vec![], vec![]));
    assert_eq!(of_bundle(&good, Some(0)).0, ["value.empty /objects"]);
    assert_eq!(
        of_bundle("{}", None).0,
        ["property.missing ", "property.missing "]
    );
    let (errors, warnings) = of_bundle(
        r#"{"type":"report","id":"report--5d0092c5-5f74-4287-9642-33f4c354e56d","objects":{},"Of":1,"x_own":null}"#,
        None,
    );
    assert_eq!(
        errors,
        [
            "type.bundle /type",
            "identifier.type /id",
            "value.type /objects",
            "property.name /Of",
            "value.null /x_own"
        ]
    );
    assert_eq!(warnings, ["property.custom /Of", "property.custom /x_own"]);
    let id = |id: &str| of_bundle(&good.replace(&format!("\"{ID}\""), id), None);
    assert_eq!(id("7").0, ["value.type /id"]);
    assert_eq!(id("\"bundle--1\"").0, ["value.identifier /id"]);
    let old = id("\"bundle--5d0092c5-5f74-1287-9642-33f4c354e56d\"");
    assert_eq!(old, (vec![], vec!["identifier.version /id".to_owned()]));
}
