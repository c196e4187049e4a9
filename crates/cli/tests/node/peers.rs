//! How nodes come to know one another.

use std::{fs, path::PathBuf};

use serde_json::Value;

use crate::command::{Serving, comity, done, neighbours, text, told};

const AT: [&str; 4] = [
    "--federation",
    "127.0.0.1:0",
    "--federation-address",
    "comity.brevonia.example:8461",
];

#[test]
fn two_nodes_come_to_know_each_other_by_card_and_fingerprint() {
    let scratch = tempfile::tempdir().unwrap();
    let (here, there) = (scratch.path().join("xa"), scratch.path().join("xb"));
    done(&here, &["init", "--party", "XA"]);
    let other = told(&there, &["init", "--party", "XB", "--json"]);
    let card = scratch.path().join("xb.card.json");
    fs::write(&card, done(&there, &["peer", "card"])).unwrap();

    let wrong = "00".repeat(32);
    let refused = comity(
        &here,
        &["peer", "add", text(&card), "--fingerprint", &wrong],
    );
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("hint:"));

    let right = other["fingerprint"].as_str().unwrap();
    done(&here, &["peer", "add", text(&card), "--fingerprint", right]);
    let listed: Value = serde_json::from_str(&done(&here, &["peer", "list", "--json"])).unwrap();
    let codes: Vec<_> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["party"])
        .collect();
    assert_eq!(codes.len(), 2, "{listed}");
    done(&here, &["peer", "remove", "XB"]);
    let listed: Value = serde_json::from_str(&done(&here, &["peer", "list", "--json"])).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 1);
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
    let serving = Serving::start(&there, &AT);
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
    assert_eq!(
        told(&there, &["peer", "card"])["federation"],
        "comity.brevonia.example:8461"
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
    let written = fs::read_to_string(&card).unwrap();
    fs::write(&card, written.replace("127.0.0.1:8461", &address)).unwrap();
    let digits = told(&there, &["peer", "card"])["fingerprint"].clone();
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
