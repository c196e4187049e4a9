use std::path::PathBuf;

use super::*;

fn given(name: &str, version: &str) -> Given {
    Given {
        name: (!name.is_empty()).then(|| name.parse().unwrap()),
        version: (!version.is_empty()).then(|| version.parse().unwrap()),
    }
}

fn taxonomy(bytes: &[u8], given: &Given) -> Draft {
    match read(bytes, given).unwrap() {
        Read::Taxonomy(draft) => draft,
        Read::Walk(..) => panic!("a cross-walk"),
    }
}

/// Where a file is wrong, and why.
fn wrong(bytes: &[u8]) -> (String, String) {
    match read(bytes, &given("a", "1")).unwrap_err() {
        TaxonomyFault::Unreadable { at, detail } => (at, detail),
        other => panic!("{other}"),
    }
}

fn folder() -> PathBuf {
    let given = std::env::var_os("COMITY_TEST_DATA").map(PathBuf::from);
    given.unwrap_or_else(|| {
        PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data"))
    })
}

fn file(path: &str) -> Vec<u8> {
    std::fs::read(folder().join(path)).unwrap()
}

fn codes(draft: &Draft) -> Vec<&str> {
    draft.entries.iter().map(|one| one.code.as_str()).collect()
}

#[test]
fn our_formats_are_read() {
    let json = br#"{"taxonomy": "house", "version": "2026-1", "title": "Ours", "source": "us",
        "licence": "CC0-1.0", "entries": [
        {"code": "a", "name": "A", "about": "The\n first"}, {"code": "a/b", "parent": "a"}]}"#;
    let draft = taxonomy(json, &Given::default());
    assert_eq!(
        (draft.name.as_str(), draft.version.as_str()),
        ("house", "2026-1")
    );
    assert_eq!(codes(&draft), ["a", "a/b"]);
    assert_eq!(
        draft.entries[0].about.as_ref().unwrap().as_str(),
        "The first"
    );
    assert_eq!(
        draft.entries[1].name.as_str(),
        "a/b",
        "a code is a name too"
    );
    let table = "\u{feff}Code;Name;Parent\na;\"A; and\";\nb;B;a\n".as_bytes();
    let draft = taxonomy(table, &given("house", "2"));
    assert_eq!(codes(&draft), ["a", "b"]);
    assert_eq!(draft.entries[0].name.as_str(), "A; and");
    assert_eq!(draft.entries[1].parent.as_ref().unwrap().as_str(), "a");
}

#[test]
fn cross_walks_are_read() {
    let json = br#"{"crosswalk": "x", "version": "1", "from": {"taxonomy": "a"},
        "to": {"taxonomy": "rsit", "version": "1003"}, "rows": [
        {"from": "p", "to": "fraud", "relation": "broad", "note": "so"}]}"#;
    let Read::Walk(walk, rows, _) = read(json, &Given::default()).unwrap() else {
        panic!("no cross-walk");
    };
    assert_eq!((walk.rows, walk.from.1), (1, None));
    assert_eq!(rows[0].relation.as_str(), "broad");
    let twice = br#"{"crosswalk": "x", "version": "1", "from": {"taxonomy": "a"},
        "to": {"taxonomy": "b"}, "rows": [{"from": "p", "to": "q", "relation": "exact"},
        {"from": "p", "to": "q", "relation": "close"}]}"#;
    assert_eq!(wrong(twice).0, "rows[1]");
    let unknown = br#"{"crosswalk": "x", "version": "1", "from": {"taxonomy": "a"},
        "to": {"taxonomy": "b"}, "rows": [{"from": "p", "to": "q", "relation": "same"}]}"#;
    assert_eq!(wrong(unknown).0, "rows[0].relation");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let entries = |entries: &str| {
        format!(r#"{{"taxonomy": "a", "version": "1", "entries": {entries}}}"#).into_bytes()
    };
    for (bytes, at) in [
        (b"{".to_vec(), "line 1 column 1"),
        (b"[1]".to_vec(), "line 1"),
        (b"{}".to_vec(), "line 1"),
        (b"".to_vec(), "line 1"),
        (b"name,about\nx,y\n".to_vec(), "line 1"),
        (b"code\n\"open\nx\n".to_vec(), "line 2"),
        (vec![0x1f, 0x8b, 8], "byte 1"),
        (vec![b'{', 0xff], "byte 1"),
        (entries("[]"), "entries"),
        (entries(r#"[{"code": ""}]"#), "entries[0].code"),
        (entries(r#"[{"code": "a\u0000"}]"#), "entries[0].code"),
        (entries(r#"[{"code": "a\u202eb"}]"#), "entries[0].code"),
        (
            entries(r#"[{"code": "a", "name": "x\u001b[0m"}]"#),
            "entries[0].name",
        ),
        (
            entries(r#"[{"code": "a", "parent": "b"}]"#),
            "entries[0].parent",
        ),
        (
            entries(r#"[{"code": "a", "parent": "b"}, {"code": "b", "parent": "a"}]"#),
            "entries[0].parent",
        ),
        (br#"{"objects": []}"#.to_vec(), "objects"),
        (
            br#"{"objects": [{"type": "attack-pattern"}]}"#.to_vec(),
            "objects",
        ),
        (
            br#"{"security_incident": [1]}"#.to_vec(),
            "security_incident",
        ),
        (br#"{"security_incident": 1}"#.to_vec(), "security_incident"),
        (
            br#"{"namespace": "b", "predicates": [], "version": 1}"#.to_vec(),
            "name",
        ),
        (
            br#"{"taxonomy": "../x", "version": "1", "entries": [{"code": "a"}]}"#.to_vec(),
            "name",
        ),
    ] {
        let told = wrong(&bytes);
        assert_eq!(told.0, at, "{} {told:?}", String::from_utf8_lossy(&bytes));
    }
    let deep = r#"{"security_incident": "#.repeat(200);
    let nested = format!("{deep}1{}", "}".repeat(200));
    assert!(wrong(nested.as_bytes()).1.contains("recursion"));
    let long = vec![b'a'; WHOLE_BYTES_MAX + 1];
    assert!(wrong(&long).1.contains("at most"));
}

#[test]
fn a_name_or_version_that_the_file_does_not_say_is_asked_for() {
    let table = b"code\na\n";
    let refused = read(table, &given("a", "")).unwrap_err();
    assert!(refused.to_string().contains("version"), "{refused}");
    let json = br#"{"taxonomy": "a", "version": "1", "entries": [{"code": "a"}]}"#;
    let refused = read(json, &given("", "2")).unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("the file says 1, the import 2"),
        "{refused}"
    );
}

#[test]
fn a_code_that_stands_there_twice_is_left_out_once() {
    let draft = taxonomy(b"code,name\na,A\na,B\n", &given("a", "1"));
    assert_eq!((draft.entries.len(), draft.left_out.count), (1, 1));
    assert_eq!(draft.left_out.named[0].0, "line 3");
}

#[test]
fn rsit_is_read_as_it_ships() {
    let draft = taxonomy(&file("cert/rsit-working-copy/machinev1"), &Given::default());
    assert_eq!(
        (draft.name.as_str(), draft.version.as_str()),
        ("rsit", "1003")
    );
    let ships = crate::taxonomy::shipped::find(&draft.name, &draft.version);
    let (_, ships) = ships.unwrap();
    let mut here: Vec<&str> = ships.iter().map(|one| one.code.as_str()).collect();
    let mut there = codes(&draft);
    here.sort_unstable();
    there.sort_unstable();
    assert_eq!(here, there);
}

#[test]
fn every_taxonomy_of_misp_is_read() {
    let mut read = 0;
    for entry in std::fs::read_dir(folder().join("misp-taxonomies")).unwrap() {
        let path = entry.unwrap().path().join("machinetag.json");
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        // Two say no version.
        let version = match super::read(&bytes, &Given::default()) {
            Ok(_) => "",
            Err(_) => "0",
        };
        let draft = taxonomy(&bytes, &given("", version));
        assert!(!draft.entries.is_empty(), "{}", path.display());
        read += 1;
    }
    assert!(read > 150, "{read}");
}

#[test]
fn techniques_of_attack_are_read() {
    let draft = taxonomy(&file("attack/ics-attack-17.1.json"), &Given::default());
    assert_eq!(
        (draft.name.as_str(), draft.version.as_str()),
        ("ics-attack", "17.1")
    );
    assert!(codes(&draft).contains(&"T0821"));
    let draft = taxonomy(&file("attack/mobile-attack.json"), &Given::default());
    assert_eq!(draft.version.as_str(), "14.1");
    let sub = draft
        .entries
        .iter()
        .find(|one| one.code.as_str().contains('.'));
    let sub = sub.unwrap();
    let above = sub.code.as_str().split_once('.').unwrap().0;
    assert_eq!(sub.parent.as_ref().unwrap().as_str(), above);
}

#[test]
fn enumerations_of_veris_are_read() {
    let version = given("", "1.4.1");
    let draft = taxonomy(&file("veris/verisc-enum.json"), &version);
    assert_eq!(draft.name.as_str(), "veris");
    assert!(codes(&draft).contains(&"action.malware.variety/Ransomware"));
    let labels = taxonomy(&file("veris/verisc-labels.json"), &version);
    assert!(codes(&labels).contains(&"action.malware.variety/Ransomware"));
    assert!(labels.entries.iter().any(|one| one.about.is_some()));
    // What the cross-walk that ships leads from is there.
    let (_, rows) = crate::taxonomy::shipped::walks().remove(0);
    let unknown = rows.iter().map(|row| row.from.as_str());
    let unknown: Vec<&str> = unknown
        .filter(|from| !codes(&draft).contains(from))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
