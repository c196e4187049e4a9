//! `comity stix` on files: what it prints and how it ends.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{
    fs,
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// What a run came to.
struct Run {
    code: i32,
    out: String,
    notes: String,
}

impl Run {
    /// The lines of standard output as JSON.
    fn json(&self) -> Vec<Value> {
        let lines = self.out.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

fn stix(words: &[&str], input: &str) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_comity"))
        .arg("stix")
        .args(words)
        .env_remove("COMITY_DATA")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        notes: String::from_utf8(output.stderr).unwrap(),
    }
}

fn file(folder: &TempDir, name: &str, text: &str) -> String {
    let path: PathBuf = folder.path().join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Two observations, an hour apart: an address, then a file.
fn observed() -> Value {
    let at = |id: &str, moment: &str, object: &str| {
        json!({
            "type": "observed-data", "spec_version": "2.1", "id": id,
            "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
            "first_observed": moment, "last_observed": moment,
            "number_observed": 1, "object_refs": [object],
        })
    };
    let (address, document) = (
        "ipv4-addr--cbd67181-b9f8-595b-8bc3-3971e34fa1cc",
        "file--e277603e-1060-5ad4-9937-c26c97f1ca68",
    );
    let (one, two) = (
        "observed-data--b67d30ff-02ac-498a-92f9-32f845f448cf",
        "observed-data--b67d30ff-02ac-498a-92f9-32f845f448c0",
    );
    json!({
        "type": "bundle", "id": "bundle--44af6c39-c09b-49c5-9de2-394224b04982",
        "objects": [
            at(one, "2026-01-01T00:00:00Z", address),
            at(two, "2026-01-01T01:00:00Z", document),
            {"type": "ipv4-addr", "id": address, "value": "198.51.100.3"},
            {"type": "file", "id": document, "name": "фото.exe"},
        ],
    })
}

#[test]
fn a_valid_bundle_is_said_to_be_valid() {
    let run = stix(&["check", "-"], &observed().to_string());
    assert_eq!(run.code, 0, "{}{}", run.out, run.notes);
    assert!(
        run.notes.contains("valid; 4 objects, 0 errors"),
        "{}",
        run.notes
    );
}

#[test]
fn each_fault_is_named_with_its_clause_and_place() {
    let text = json!({"type": "indicator", "spec_version": "2.1",
        "id": "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
        "created": "2016-04-06T20:03:48.000Z", "modified": "2016-04-05T20:03:48.000Z",
        "name": "n", "description": "d", "pattern": "[file:name = ]", "pattern_type": "stix"});
    let run = stix(&["check", "--json", "-"], &text.to_string());
    assert_eq!(run.code, 1);
    let mut found: Vec<_> = run
        .json()
        .iter()
        .map(|line| {
            let text = |name: &str| line.get(name).unwrap().as_str().unwrap().to_owned();
            (text("code"), text("clause"), text("pointer"))
        })
        .collect();
    found.sort();
    let fault = |code: &str, clause: &str, pointer: &str| {
        (code.to_owned(), clause.to_owned(), pointer.to_owned())
    };
    assert_eq!(
        found,
        [
            fault("indicator.pattern", "STIX 2.1 §4.7", "/pattern"),
            fault("property.missing", "STIX 2.1 §4.7", ""),
            fault("time.order", "STIX 2.1 §4.7", "/modified"),
        ]
    );
}

#[test]
fn a_bundle_is_checked_beside_its_objects() {
    let faulty = stix(
        &["check", "--json", "-"],
        r#"{"type": "bundle", "id": "x", "objects": []}"#,
    );
    assert_eq!(faulty.code, 1);
    let told: Vec<_> = faulty
        .json()
        .iter()
        .map(|line| {
            let text = |name| line[name].as_str().unwrap().to_owned();
            assert_eq!(line["object"], Value::Null);
            (text("code"), text("clause"), text("pointer"))
        })
        .collect();
    let finding = |code: &str, pointer: &str| {
        let clause = "STIX 2.1 §8.1";
        (code.to_owned(), clause.to_owned(), pointer.to_owned())
    };
    assert_eq!(
        told,
        [
            finding("value.identifier", "/id"),
            finding("value.empty", "/objects")
        ]
    );
}

#[test]
fn what_cannot_be_read_is_told_from_what_is_wrong() {
    for text in [
        "{\"type\": \"bundle\", \"objects\": [{",
        "\u{0}",
        "{\"a\": 1, \"a\": 2}",
    ] {
        let run = stix(&["check", "-"], text);
        assert_eq!(run.code, 2, "{text}: {}", run.notes);
        assert!(run.notes.contains("at byte"), "{}", run.notes);
    }
    assert_eq!(stix(&["check", "/not/there.json"], "").code, 2);
    assert_eq!(stix(&["match", "--pattern", "[a:b = ]", "-"], "{}").code, 2);
}

#[test]
fn a_pattern_matches_or_not() {
    let bundle = observed().to_string();
    for (pattern, code) in [
        ("[ipv4-addr:value ISSUBSET '198.51.100.0/24']", 0),
        ("[file:name = 'фото.exe']", 0),
        (
            "[ipv4-addr:value = '198.51.100.3'] FOLLOWEDBY [file:name LIKE '%.exe']",
            0,
        ),
        (
            "([ipv4-addr:value = '198.51.100.3'] AND [file:name LIKE '%.exe']) WITHIN 60 SECONDS",
            1,
        ),
        ("[ipv4-addr:value = '198.51.100.4']", 1),
    ] {
        let run = stix(&["match", "--pattern", pattern, "-"], &bundle);
        assert_eq!(run.code, code, "{pattern}: {}", run.notes);
    }
}

#[test]
fn many_patterns_are_answered_by_their_ids() {
    let folder = TempDir::new().unwrap();
    let patterns = file(
        &folder,
        "patterns.txt",
        "# a comment\n\n[ipv4-addr:value = '198.51.100.3']\n\
         {\"id\": \"by name\", \"pattern\": \"[file:name != 'x']\"}\n[url:value = 'x']\n",
    );
    let bundle = file(&folder, "bundle.json", &observed().to_string());
    let run = stix(&["match", "--json", "--patterns", &patterns, &bundle], "");
    assert_eq!(run.code, 0, "{}", run.notes);
    let ids: Vec<_> = run
        .json()
        .iter()
        .map(|line| line.get("id").unwrap().clone())
        .collect();
    assert_eq!(ids, [json!(3), json!("by name")]);
    let run = stix(
        &["match", "--json", "--patterns", &patterns, "--explain"],
        "",
    );
    assert_eq!(run.code, 0, "{}", run.notes);
    assert_eq!(run.json().len(), 1);
    assert_eq!(
        run.json().first().unwrap().get("id"),
        Some(&json!("by name"))
    );
}

#[test]
fn a_batch_is_answered_line_by_line_in_order() {
    let question = |id: Value, pattern: &str| {
        json!({"id": id, "pattern": pattern, "bundles": [observed()], "more": 1}).to_string()
    };
    let lines = [
        question(json!(1), "[file:name = 'фото.exe']"),
        question(json!("two"), "[file:name = 'x']"),
        question(json!(null), "[file:name = "),
        "{".to_owned(),
        json!({"id": 5, "pattern": "[a:b = 1]"}).to_string(),
        question(json!(6), "[file:name MATCHES '(']"),
    ];
    let run = stix(&["match", "--batch", "-"], &lines.join("\n"));
    assert_eq!(run.code, 0, "{}", run.notes);
    let answers = run.json();
    assert_eq!(answers.len(), lines.len());
    assert_eq!(answers.first(), Some(&json!({"id": 1, "match": true})));
    assert_eq!(answers.get(1), Some(&json!({"id": "two", "match": false})));
    let error = |at: usize, name: &str| {
        let answer = answers.get(at).unwrap();
        answer.pointer(&format!("/error/{name}")).unwrap().clone()
    };
    assert_eq!(error(2, "code"), "pattern.syntax");
    assert_eq!(error(2, "position"), 13);
    assert_eq!(error(3, "code"), "json.incomplete");
    assert_eq!(error(4, "code"), "batch.question");
    assert_eq!(error(5, "code"), "pattern.regex");
}

#[test]
fn stix_2_0_is_lifted_and_the_changes_are_listed() {
    let folder = TempDir::new().unwrap();
    let old = json!({"type": "bundle", "id": "bundle--44af6c39-c09b-49c5-9de2-394224b04982",
        "spec_version": "2.0", "objects": [{"type": "observed-data",
        "id": "observed-data--b67d30ff-02ac-498a-92f9-32f845f448cf",
        "created": "2016-04-06T19:58:16.000Z", "modified": "2016-04-06T19:58:16.000Z",
        "first_observed": "2015-12-21T19:00:00Z", "last_observed": "2015-12-21T19:00:00Z",
        "number_observed": 5, "objects": {"0": {"type": "domain-name", "value": "example.com",
        "resolves_to_refs": ["1"]}, "1": {"type": "ipv4-addr", "value": "198.51.100.3"}}}]});
    let changes = folder.path().join("changes.jsonl");
    let run = stix(
        &["lift", "--changes", changes.to_str().unwrap(), "-"],
        &old.to_string(),
    );
    assert_eq!(run.code, 0, "{}", run.notes);
    let new: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        new.pointer("/objects").unwrap().as_array().unwrap().len(),
        3
    );
    assert_eq!(new.pointer("/objects/0/spec_version"), Some(&json!("2.1")));
    assert!(fs::read_to_string(&changes).unwrap().lines().count() >= 3);
    let again = stix(&["lift", "-"], &run.out);
    assert_eq!(again.out, run.out);
    assert_eq!(stix(&["check", "-"], &run.out).code, 0);
}

#[test]
fn what_is_formatted_is_the_same_and_in_order() {
    let text = observed().to_string();
    let run = stix(&["fmt"], &text);
    assert_eq!(run.code, 0, "{}", run.notes);
    assert_eq!(serde_json::from_str::<Value>(&run.out).unwrap(), observed());
    assert!(
        run.out.starts_with("{\n  \"type\": \"bundle\",\n  \"id\""),
        "{}",
        run.out
    );
    let run = stix(&["fmt", "--canonical"], &text);
    assert_eq!(run.out.lines().count(), 4);
}
