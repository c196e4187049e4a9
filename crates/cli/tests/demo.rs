//! The demonstration, by the real binary.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
};

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

/// The first fact of that name in any step.
fn fact(steps: &[Value], name: &str) -> String {
    let facts = steps
        .iter()
        .flat_map(|step| step["facts"].as_array().unwrap());
    let found = facts.clone().find(|fact| fact[0] == name).unwrap();
    found[1].as_str().unwrap().to_owned()
}

/// A house that took part writes the evidence of the thread from its data folder.
fn evidence_of_the_thread(dir: &Path, thread: &str) {
    let file = dir.join("evidence.tar");
    let export = |data: &str, file: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_comity"));
        command.args(["evidence", "export", thread]).arg(file);
        command
            .args(["--exercise", "--data"])
            .arg(dir.join("nodes").join(data));
        command.output().unwrap()
    };
    let output = export("aldoria", &file);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let bytes = fs::read(&file).unwrap();
    for name in [
        "index.html",
        "README.txt",
        "trust.txt",
        "keys/XB-exercise-0002.keyset.json",
    ] {
        let found = bytes
            .windows(name.len())
            .any(|window| window == name.as_bytes());
        assert!(found, "{name} is in the archive");
    }
    assert_eq!(
        export("aldoria", &file).status.code(),
        Some(1),
        "nothing is written over"
    );
    let stranger = export("hub", &dir.join("none.tar"));
    assert_eq!(
        stranger.status.code(),
        Some(1),
        "the hub has no such thread"
    );
    assert!(!dir.join("none.tar").exists());
}

#[test]
fn the_consoles_stay_until_they_are_told_to_end() {
    let mut demo = Command::new(env!("CARGO_BIN_EXE_comity"))
        .args(["demo", "--fast", "--json"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(demo.stdout.take().unwrap()).lines();
    let steps = lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let last = steps
        .into_iter()
        .find(|step| step["title"] == "The three consoles are open");
    let last = [last.unwrap()];
    for node in ["aldoria", "brevonia", "hub"] {
        let url = fact(&last, node);
        let (host, port) = url
            .strip_prefix("http://")
            .unwrap()
            .rsplit_once(':')
            .unwrap();
        assert_eq!(host, format!("{node}.localhost"));
        let mut stream = TcpStream::connect(("127.0.0.1", port.parse().unwrap())).unwrap();
        let head =
            format!("GET /sign-in HTTP/1.1\r\nhost: {host}:{port}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{url}: {answer}");
    }
    assert!(fact(&last, "password").len() >= 15);
    let told = Command::new("kill")
        .arg(demo.id().to_string())
        .status()
        .unwrap();
    assert!(told.success());
    assert_eq!(demo.wait().unwrap().code(), Some(0));
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
    evidence_of_the_thread(&dir, &fact(&steps, "thread"));
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
