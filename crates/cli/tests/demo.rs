//! The demonstration, by the real binary.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{fs, path::Path, process::Command};

use serde_json::Value;

fn names(folder: &Path, ending: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(ending))
        .collect();
    names.sort();
    names
}

#[test]
fn every_step_is_verified_and_the_files_convince_a_stranger() {
    let scratch = tempfile::tempdir().unwrap();
    let dir = scratch.path().join("demo");
    let output = Command::new(env!("CARGO_BIN_EXE_comity"))
        .args(["demo", "--once", "--fast", "--json", "--dir"])
        .arg(&dir)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let steps: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(steps.len() > 10, "{text}");
    assert!(steps.iter().all(|step| step["verified"] == true), "{text}");

    let (envelopes, keys) = (dir.join("envelopes"), dir.join("keys"));
    let saved = names(&envelopes, ".dsse.json");
    assert!(saved.len() > 10, "{saved:?}");
    assert_eq!(
        names(&envelopes, ".age").len(),
        1,
        "the one attachment lies beside"
    );
    let trust = fs::read_to_string(keys.join("trust.txt")).unwrap();
    let verify = |name: &str, trust: &[&str]| {
        let path = envelopes.join(name);
        let receipt = path.to_str().unwrap().replace(".dsse.json", ".tlog-proof");
        let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
        command
            .arg("verify")
            .arg(&path)
            .arg(receipt)
            .arg("--keys")
            .arg(&keys);
        if !trust.is_empty() {
            command.arg("--trust").args(trust);
        }
        command.output().unwrap().status.code()
    };
    let trusted: Vec<&str> = trust.lines().collect();
    for name in &saved {
        assert_eq!(verify(name, &trusted), Some(0), "{name}");
    }
    assert_eq!(
        verify(&saved[0], &[]),
        Some(3),
        "without trust nothing is anchored"
    );
    let altered = envelopes.join(&saved[0]);
    let whole = fs::read_to_string(&altered).unwrap();
    fs::write(
        &altered,
        whole.replacen("payload\":\"ey", "payload\":\"eY", 1),
    )
    .unwrap();
    assert_ne!(
        verify(&saved[0], &trusted),
        Some(0),
        "an altered envelope proves nothing"
    );
}

#[test]
fn a_folder_that_is_not_empty_is_left_alone() {
    let scratch = tempfile::tempdir().unwrap();
    fs::write(scratch.path().join("mine"), "mine").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_comity"))
        .args(["demo", "--once", "--fast", "--dir"])
        .arg(scratch.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("hint:"));
    assert_eq!(names(scratch.path(), "mine"), ["mine"]);
}
