//! Key sets that follow one another, and machines that were stolen.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
};

use seal::keys::{Purpose, SignedKeySet};
use serde_json::{Value, json};

use crate::command::{Serving, comity, done, found, neighbours, refused, text, told};

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
fn a_witness_that_replaced_its_keys_is_to_be_named_again() {
    let scratch = tempfile::tempdir().unwrap();
    let (here, there) = (scratch.path().join("xa"), scratch.path().join("xb"));
    neighbours(&here, &there);
    let [root, other_root] = [&here, &there].map(|data| data.join("take-offline/root.secret"));
    let name = ["key", "rotate", "--keep-keys", "--witness", "XB", "--root"];
    let name = [&name[..], &[text(&root)]].concat();
    let witness = || {
        let found = found(&here, "witness");
        assert_eq!(found.len(), 1, "{found:?}");
        found[0]["ok"] == true
    };
    done(&here, &name);
    assert!(witness());
    done(
        &there,
        &["key", "rotate", "--all-keys", "--root", text(&other_root)],
    );
    let card = scratch.path().join("xb.new.json");
    fs::write(&card, done(&there, &["peer", "card"])).unwrap();
    done(&here, &["peer", "update", "XB", text(&card)]);
    assert!(!witness());
    done(&here, &name);
    assert!(witness());
}

/// An address that nobody listens at yet.
fn free_address() -> String {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap().to_string()
}

/// What a node is told that listens there and says so on its card.
fn reached_at(address: &str) -> [&str; 4] {
    ["--federation", address, "--federation-address", address]
}

/// Of the newest key set of each purpose of a node: its number, and the SHA-256 of the key that its
/// connections show.
fn newest(data: &Path) -> Vec<(u64, String)> {
    let sets = server::folder::read_key_sets(&data.join("keys")).unwrap();
    let of = |purpose| {
        let mut sets = sets.iter().map(SignedKeySet::set);
        let newest = sets.by_ref().filter(|set| set.purpose == purpose);
        let newest = newest.max_by_key(|set| set.seq).unwrap();
        (newest.seq, newest.tls_key_sha256.to_string())
    };
    [Purpose::Real, Purpose::Exercise].map(of).to_vec()
}

/// What the doctor of a node says of its peers.
fn of_peers(data: &Path) -> Vec<Value> {
    found(data, "peer")
}

#[test]
fn after_a_theft_peers_take_the_new_keys_by_address_or_by_card() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { scratch.path().join(name) };
    let (here, there) = (at("xa"), at("xb"));
    let digits = neighbours(&here, &there);
    let address = free_address();
    let words = reached_at(&address);
    let serving = Serving::start(&there, &words);
    let known = ["peer", "add", &address, "--fingerprint", &digits];
    done(&here, &known);
    assert!(of_peers(&here).iter().all(|row| row["ok"] == true));
    drop(serving);

    let root = there.join("take-offline/root.secret");
    let revoke = [
        "key",
        "revoke",
        "--all-keys",
        "--json",
        "--root",
        text(&root),
    ];
    let late = [&revoke[..], &["--since", "2099-01-01T00:00:00Z"]].concat();
    assert!(refused(&there, &late).contains("still to come"));
    let before = newest(&there);
    let since = "2026-01-02T03:04:05Z";
    let made = told(&there, &[&revoke[..], &["--since", since]].concat());
    let seqs: Vec<_> = made["key_sets"].as_array().unwrap().iter().collect();
    assert_eq!((&seqs[0]["seq"], &seqs[1]["seq"]), (&json!(2), &json!(2)));
    let after = newest(&there);
    for (before, after) in before.iter().zip(&after) {
        assert_eq!((before.0, after.0), (1, 2));
        assert_ne!(before.1, after.1, "another key for connections");
    }
    assert_eq!(after[0].1, after[1].1, "one for both purposes");

    // Nobody took them yet: the pinned key is another one.
    let serving = Serving::start(&there, &words);
    let found = of_peers(&here);
    assert!(found.iter().all(|row| row["ok"] == false), "{found:?}");
    let hint = found[0]["hint"].as_str().unwrap();
    assert!(hint.contains("comity peer update"), "{hint}");
    let card = at("xb.new.json");
    fs::write(&card, done(&there, &["peer", "card"])).unwrap();
    let said = comity(&here, &["peer", "update", "XB"]);
    assert!(said.status.success());
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(
        said.contains("new keys for real") && said.contains("new keys for exercise"),
        "{said}"
    );
    assert!(of_peers(&here).iter().all(|row| row["ok"] == true));
    drop(serving);

    // By its card, for one who cannot reach it; another party's card takes nothing.
    let third = at("xc");
    done(&third, &["init", "--party", "XC"]);
    let old = there.with_extension("card.json");
    done(
        &third,
        &["peer", "add", text(&old), "--fingerprint", &digits],
    );
    let other = at("xa.json");
    fs::write(&other, done(&here, &["peer", "card"])).unwrap();
    let said = refused(&third, &["peer", "update", "XB", text(&other)]);
    assert!(said.contains("another party"), "{said}");
    for said in ["new keys for real", "no newer key set"] {
        let output = comity(&third, &["peer", "update", "XB", text(&card)]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && errors.contains(said), "{errors}");
    }
}

#[test]
fn a_serving_node_takes_the_new_keys_of_a_peer_by_itself() {
    let scratch = tempfile::tempdir().unwrap();
    let at = |name: &str| -> PathBuf { scratch.path().join(name) };
    let (here, there) = (at("xa"), at("xb"));
    let digits = neighbours(&here, &there);
    let (ours, theirs) = (free_address(), free_address());
    let serving = Serving::start(&there, &reached_at(&theirs));
    done(&here, &["peer", "add", &theirs, "--fingerprint", &digits]);
    let _ours = Serving::start(&here, &reached_at(&ours));
    let own = told(&here, &["peer", "card"])["fingerprint"].clone();
    let own = own.as_str().unwrap();
    done(&there, &["peer", "add", &ours, "--fingerprint", own]);
    drop(serving);
    let root = there.join("take-offline/root.secret");
    done(
        &there,
        &["key", "revoke", "--all-keys", "--root", text(&root)],
    );
    // Its first word to the peer, with a key that is not known there, has the peer look at its card.
    let _serving = Serving::start(&there, &reached_at(&theirs));
    let well = |_look| of_peers(&here).iter().all(|row| row["ok"] == true);
    assert!((0..200).any(well), "{:?}", of_peers(&here));
}
