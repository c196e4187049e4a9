//! Warninglists and manifests of feeds.

use formats_misp::{Limits, ListKind, ManifestEntry, Warninglist, read_manifest, read_warninglist};

#[test]
fn a_warninglist_is_read() {
    let text = r#"{"name": "A list", "version": 20260131, "description": "of names",
        "type": "hostname", "matching_attributes": ["domain", "url"], "novelty": {},
        "list": ["a.example", "", ".b.example", 7]}"#;
    let list = read_warninglist(text.as_bytes(), &Limits::default()).unwrap();
    let expected = Warninglist {
        name: "A list".into(),
        version: Some(20_260_131),
        description: "of names".into(),
        kind: ListKind::Hostname,
        matching_attributes: vec!["domain".into(), "url".into()],
        list: vec!["a.example".into(), ".b.example".into(), "7".into()],
    };
    assert_eq!(list, expected);
}

#[test]
fn what_is_no_warninglist_is_refused_with_its_place() {
    let limits = Limits {
        parts_max: 2,
        ..Limits::default()
    };
    for (text, code, path) in [
        ("[]", "misp.unexpected", ""),
        (r#"{"name": "x"}"#, "misp.unexpected", ""),
        (r#"{"type": "fuzzy"}"#, "misp.unexpected", "/type"),
        (r#"{"list": {}}"#, "misp.unexpected", "/list"),
        (r#"{"list": ["a""#, "misp.incomplete", "/list"),
        (r#"{"list": [1, 2, 3]}"#, "misp.too_many", "/list"),
    ] {
        let error = read_warninglist(text.as_bytes(), &limits).unwrap_err();
        assert_eq!(
            (error.code(), &*error.path),
            (code, path),
            "{text}: {error}"
        );
    }
}

#[test]
fn a_manifest_is_read() {
    let text = r##"{"5bad26c1-6a48-46be-aee5-50d70a016219": {"info": "A case", "date": "2026-01-31",
        "timestamp": "1539269725", "Orgc": {"name": "An organisation"}, "analysis": "0",
        "Tag": [{"name": "tlp:green", "colour": "#0f0"}]}}"##;
    let entries = read_manifest(text.as_bytes(), &Limits::default()).unwrap();
    let expected = ManifestEntry {
        uuid: "5bad26c1-6a48-46be-aee5-50d70a016219".into(),
        info: "A case".into(),
        date: "2026-01-31".into(),
        timestamp: Some(1_539_269_725),
        organisation: "An organisation".into(),
        tags: vec!["tlp:green".into()],
    };
    assert_eq!(entries, [expected]);
    let error = read_manifest(&br#"{"a": 1}"#[..], &Limits::default()).unwrap_err();
    assert_eq!((error.code(), &*error.path), ("misp.unexpected", "/a"));
}
