//! Registers and directories that go from node to node.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use crate::command::{comity, done, neighbours, text, told};

/// Lines of a file, without its head, which says when it was written, and without their order.
fn lines(path: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().skip(1).map(str::to_owned).collect()
}

#[test]
fn a_register_goes_from_node_to_node_and_loses_nothing() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let (here, there) = (at("xa"), at("xb"));
    done(&here, &["init", "--party", "XA"]);
    done(&there, &["init", "--party", "XB"]);
    done(&here, &["import", "--shipped"]);
    let (first, second) = (at("first.jsonl"), at("second.jsonl"));
    let words = ["export", text(&first), "--what", "incidents", "--json"];
    let written = told(&here, &words);
    assert_eq!(
        (&written["incidents"], &written["cards"]),
        (&json!(36), &json!(0))
    );
    let mode =
        std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&first).unwrap().permissions());
    assert_eq!(mode & 0o077, 0, "it is for its owner alone");
    assert_eq!(
        comity(&here, &words).status.code(),
        Some(1),
        "nothing is written over"
    );

    let taken = told(&there, &["import", text(&first), "--json"]);
    assert_eq!(taken["incidents"], json!({ "created": 36 }));
    let again = told(&there, &["import", text(&first), "--json"]);
    assert_eq!(again["incidents"], json!({ "unchanged": 36 }));
    let shipped = told(&there, &["import", "--shipped", "--json"]);
    assert_eq!(shipped["unchanged"], 36);
    done(&there, &["export", text(&second), "--what", "incidents"]);
    assert_eq!(lines(&first), lines(&second));
}

#[test]
fn what_is_not_understood_is_kept_listed_and_written_again() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let data = at("xa");
    done(&data, &["init", "--party", "XA"]);
    done(&data, &["import", "--shipped"]);
    let file = at("first.jsonl");
    done(&data, &["export", text(&file), "--what", "incidents"]);
    let whole = fs::read_to_string(&file).unwrap();
    let mut all: Vec<Value> = whole
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    all[1]["incident"]["facts"]["weather"] = json!("fog");
    all.insert(2, json!({ "dossier": { "title": "of a later version" } }));
    let end = all.len() - 1;
    all[end] = json!({ "end": { "lines": 37 } });
    let newer: Vec<String> = all.iter().map(|line| line.to_string() + "\n").collect();
    let later = at("later.jsonl");
    fs::write(&later, newer.concat()).unwrap();
    let other = at("xb");
    done(&other, &["init", "--party", "XB"]);
    let output = comity(&other, &["import", text(&later), "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let taken: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(taken["incidents"], json!({ "created": 36, "unread": 1 }));
    let remarks = taken["remarks"].to_string();
    assert!(remarks.contains("/incident/facts/weather"), "{remarks}");
    let out = at("out.jsonl");
    done(&other, &["export", text(&out), "--what", "incidents"]);
    assert_eq!(lines(&out), lines(&later));
}

#[test]
fn a_file_that_was_cut_or_is_none_is_told_apart_before_anything_is_taken() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| scratch.path().join(name);
    let data = at("xa");
    done(&data, &["init", "--party", "XA"]);
    done(&data, &["import", "--shipped"]);
    let file = at("first.jsonl");
    done(&data, &["export", text(&file)]);
    let whole = fs::read_to_string(&file).unwrap();
    let other = at("xb");
    done(&other, &["init", "--party", "XB"]);
    let half = whole.lines().take(20).collect::<Vec<_>>().join("\n");
    for wrong in [
        "",
        "{}\n",
        "not JSON\n",
        whole.trim_end(),
        &half,
        &(half.clone() + "\n"),
    ] {
        let cut = at("cut.jsonl");
        fs::write(&cut, wrong).unwrap();
        let output = comity(&other, &["import", text(&cut)]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains("hint:"), "{errors}");
    }
    let empty = told(&other, &["export", text(&at("out.jsonl")), "--json"]);
    assert_eq!(empty["incidents"], 0);
}

#[test]
fn a_directory_makes_nobody_trusted_on_its_way() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { scratch.path().join(name) };
    let here = at("xa");
    let digits = &neighbours(&here, &at("xb"));
    let file = at("directory.jsonl");
    done(&here, &["export", text(&file), "--what", "directory"]);
    let third = at("xc");
    done(&third, &["init", "--party", "XC"]);
    let output = comity(&third, &["import", text(&file), "--json"]);
    assert_eq!(output.status.code(), Some(3));
    let taken: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(taken["parties"], json!({ "not_compared": 2 }));
    let output = comity(
        &third,
        &["import", text(&file), "--json", "--trust", digits],
    );
    let taken: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(taken["parties"], json!({ "not_compared": 1, "added": 1 }));
    let again = comity(&third, &["import", text(&file), "--json"]);
    let taken: Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(
        taken["parties"],
        json!({ "not_compared": 1, "unchanged": 1 })
    );
}
