//! Registers and directories that go from node to node, by the real binary.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
};

use serde_json::{Value, json};

fn comity(data: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_comity"))
        .args(words)
        .arg("--data")
        .arg(data)
        .output()
        .unwrap()
}

fn done(data: &Path, words: &[&str]) -> String {
    let output = comity(data, words);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

fn told(data: &Path, words: &[&str]) -> Value {
    serde_json::from_str(&done(data, words)).unwrap()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

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

/// A node that serves until it is dropped.
struct Serving {
    process: Child,
    federation: String,
}

impl Serving {
    fn start(data: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_comity"))
            .args([
                "serve",
                "--web",
                "127.0.0.1:0",
                "--federation",
                "127.0.0.1:0",
            ])
            .args(["--federation-address", "comity.brevonia.example:8461"])
            .args(["--data", text(data)])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
        let line = said.find(|line| line.as_ref().unwrap().contains(" for nodes"));
        let line = line.unwrap().unwrap();
        let federation = line.split_whitespace().rev().nth(2).unwrap().to_owned();
        Self {
            process,
            federation,
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

fn card(data: &Path) -> Value {
    told(data, &["peer", "card"])
}

#[test]
fn a_peer_is_added_by_its_address_and_the_fingerprint_that_was_compared() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { scratch.path().join(name) };
    let (here, there) = (at("xa"), at("xb"));
    done(&here, &["init", "--party", "XA"]);
    let other = told(&there, &["init", "--party", "XB", "--json"]);
    let (digits, words) = (
        other["fingerprint"].as_str().unwrap(),
        other["words"].as_str().unwrap(),
    );
    let serving = Serving::start(&there);
    let address = serving.federation.as_str();

    let shown = comity(&here, &["peer", "add", address]);
    let said = String::from_utf8_lossy(&shown.stderr).into_owned();
    assert_eq!(shown.status.code(), Some(1));
    assert!(said.contains(digits) && said.contains(words), "{said}");

    let wrong = "00".repeat(32);
    let refused = comity(&here, &["peer", "add", address, "--fingerprint", &wrong]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        said.contains(&wrong) && said.contains(digits),
        "both are said: {said}"
    );
    assert_eq!(
        told(&here, &["peer", "list", "--json"])
            .as_array()
            .unwrap()
            .len(),
        1
    );

    done(&here, &["peer", "add", address, "--fingerprint", words]);
    let listed = told(&here, &["peer", "list", "--json"]);
    assert_eq!(listed[1]["party"], "XB");
    // What the operator set when the node was started stands on its card.
    assert_eq!(listed[1]["federation"], "comity.brevonia.example:8461");
    assert_eq!(card(&there)["federation"], "comity.brevonia.example:8461");
}

/// The nodes of XA and XB; XB is a peer of XA by its card. Gives the fingerprint of XB.
fn neighbours(here: &Path, there: &Path) -> String {
    done(here, &["init", "--party", "XA"]);
    let other = told(there, &["init", "--party", "XB", "--json"]);
    let digits = other.get("fingerprint").and_then(Value::as_str).unwrap();
    let card = there.with_extension("card.json");
    fs::write(&card, done(there, &["peer", "card"])).unwrap();
    done(here, &["peer", "add", text(&card), "--fingerprint", digits]);
    digits.to_owned()
}

#[test]
fn a_rotation_names_witnesses_and_a_new_archive_key() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { scratch.path().join(name) };
    let here = at("xa");
    neighbours(&here, &at("xb"));
    let root = here.join("take-offline/root.secret");
    let rotate = [
        "key",
        "rotate",
        "--keep-keys",
        "--root",
        text(&root),
        "--witness",
    ];
    done(&here, &[&rotate[..], &["XB"]].concat());
    let sets = server::folder::read_key_sets(&here.join("keys")).unwrap();
    let second = sets.iter().find(|set| set.set().seq == 2).unwrap();
    let witnesses = &second.set().witnesses;
    let names: Vec<_> = witnesses.of.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((names, witnesses.threshold), (vec!["XB", "XB"], 1));
    let unknown = comity(&here, &[&rotate[..], &["XC"]].concat());
    assert_eq!(unknown.status.code(), Some(1));

    // A new archive key is written once and never over.
    let safe = at("safe");
    let rotate = [
        "key",
        "rotate",
        "--root",
        text(&root),
        "--new-archive",
        text(&safe),
    ];
    done(&here, &rotate);
    assert!(safe.join("archive.secret").is_file());
    assert_eq!(comity(&here, &rotate).status.code(), Some(1));
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

#[test]
fn the_doctor_says_who_does_not_answer_and_what_to_do() {
    let scratch = tempfile::tempdir().unwrap();
    let here = scratch.path().join("xa");
    let there = scratch.path().join("xb");
    neighbours(&here, &there);
    // A port that nobody listens at.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let card = there.with_extension("card.json");
    let told = fs::read_to_string(&card).unwrap();
    fs::write(&card, told.replace("127.0.0.1:8461", &address)).unwrap();
    let digits = self::told(&there, &["peer", "card"])["fingerprint"].clone();
    let again = [
        "peer",
        "add",
        text(&card),
        "--fingerprint",
        digits.as_str().unwrap(),
    ];
    done(&here, &again);
    let found = comity(&here, &["doctor"]);
    let found = String::from_utf8_lossy(&found.stdout).into_owned();
    assert!(found.contains("FAIL peer"), "{found}");
    assert!(found.contains("telephone"), "{found}");
}
