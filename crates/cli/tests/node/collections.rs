//! Collections of a node: filled, written out and looked for in logs.

use std::fs;

use serde_json::{Value, json};

use crate::command::{comity, done, refused, text, told};

fn indicator(number: u32, value: &str, label: &str) -> Value {
    json!({
        "type": "indicator", "spec_version": "2.1",
        "id": format!("indicator--00000000-0000-4000-8000-{number:012}"),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "pattern_type": "stix", "pattern": format!("[domain-name:value = '{value}']"),
        "valid_from": "2026-01-01T00:00:00Z", "object_marking_refs": [label],
    })
}

const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
const AMBER: &str = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";

#[test]
fn files_become_a_collection_that_is_written_out_and_looked_for() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let data = at("xa");
    done(&data, &["init", "--party", "XA"]);
    let bundle = json!({"type": "bundle", "objects": [
        indicator(1, "evil.example", GREEN), indicator(2, "bad.example", AMBER), {"id": "bad"}]});
    let files = at("files");
    fs::create_dir(&files).unwrap();
    fs::write(files.join("bundle.json"), bundle.to_string()).unwrap();
    fs::write(files.join("list.txt"), "worse.example\n").unwrap();

    let missing = refused(&data, &["import", "--collection", "feed", text(&files)]);
    assert!(missing.contains("--create makes one"), "{missing}");
    let import = ["import", "--collection", "feed", "--create", text(&files)];
    let output = comity(&data, &import);
    assert_eq!(output.status.code(), Some(3), "one object was refused");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.contains("2 added to feed, 0 there already, 1 refused; complete"),
        "{said}"
    );
    assert!(said.contains("1 added to feed"), "{said}");
    let bundle = files.join("bundle.json");
    let preview = [
        "import",
        "--collection",
        "feed",
        "--preview",
        text(&bundle),
        "--json",
    ];
    let output = comity(&data, &preview);
    let seen: Value = serde_json::from_slice(&output.stdout).unwrap();
    let known = json!({"type": "indicator", "fate": "known", "objects": 2});
    assert!(seen["types"].as_array().unwrap().contains(&known), "{seen}");

    let csv = at("feed.csv");
    let words = [
        "export",
        "--collection",
        "feed",
        "--as",
        "csv",
        "--max-marking",
        "GREEN",
    ];
    let report = told(&data, &[&words[..], &[text(&csv), "--json"]].concat());
    assert_eq!(report["objects"], 1);
    assert_eq!(report["left_out"][0], json!({"tlp": "AMBER", "objects": 1}));
    let table = fs::read_to_string(&csv).unwrap();
    assert!(
        table.contains(",evil.example,") && !table.contains("bad.example"),
        "{table}"
    );

    let log = at("access.log");
    fs::write(&log, "GET http://evil.example/ \nGET http://bad.example/\n").unwrap();
    let all = ["match", "--collection", "feed", "--count", text(&log)];
    assert_eq!(done(&data, &all).trim(), "2");
    let green = [
        "match",
        "--collection",
        "feed",
        "--max-marking",
        "GREEN",
        "--count",
        text(&log),
    ];
    assert_eq!(done(&data, &green).trim(), "1");
    let other = comity(&data, &["match", "--collection", "other", text(&log)]);
    let errors = String::from_utf8(other.stderr).unwrap();
    assert_eq!(other.status.code(), Some(2), "{errors}");
    assert!(errors.contains("there are: feed"), "{errors}");
}

#[test]
fn what_no_collection_holds_is_refused_with_a_hint() {
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("xa");
    done(&data, &["init", "--party", "XA"]);
    let list = scratch.path().join("warninglist.json");
    let text_of = r#"{"name":"x","list":["a.example"],"matching_attributes":["domain"]}"#;
    fs::write(&list, text_of).unwrap();
    let words = ["import", "--collection", "feed", "--create", text(&list)];
    let output = comity(&data, &words);
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("comity match --indicators"), "{errors}");
    let left = told(
        &data,
        &["import", "--collection", "feed", "--resume", "--json"],
    );
    assert_eq!(left, json!([]), "nothing waits");
}
