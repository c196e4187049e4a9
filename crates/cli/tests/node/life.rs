//! A node from its first command to its restored backup.

use std::fs;

use serde_json::Value;

use crate::command::{Serving, comity, done, text, told};

#[test]
fn a_node_is_made_tended_backed_up_and_brought_back() {
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("xa");
    let made = told(&data, &["init", "--party", "XA", "--json"]);
    assert!(!made["one_time_code"].as_str().unwrap().is_empty());
    let again = comity(&data, &["init", "--party", "XA"]);
    assert_eq!(again.status.code(), Some(1));

    done(&data, &["user", "add", "amina", "--role", "duty_officer"]);
    let root = data.join("take-offline/root.secret");
    done(&data, &["key", "rotate", "--root", text(&root)]);

    // As long as the root key lies there, something is to be done.
    assert_eq!(comity(&data, &["doctor"]).status.code(), Some(1));
    let away = scratch.path().join("safe");
    fs::rename(data.join("take-offline"), &away).unwrap();
    let found = done(&data, &["doctor"]);
    assert!(!found.contains("FAIL"), "{found}");

    let file = scratch.path().join("backup.age");
    done(&data, &["backup", text(&file)]);
    assert_eq!(
        comity(&data, &["backup", text(&file)]).status.code(),
        Some(1)
    );
    let back = scratch.path().join("back");
    let key = away.join("archive.secret");
    done(
        &back,
        &["restore", text(&file), "--archive-key", text(&key)],
    );
    fs::copy(data.join("vault.key"), back.join("vault.key")).unwrap();
    let found = done(&back, &["doctor"]);
    assert!(!found.contains("FAIL"), "{found}");

    let cut = scratch.path().join("cut.age");
    let bytes = fs::read(&file).unwrap();
    fs::write(&cut, bytes.split_at(bytes.len() - 40).0).unwrap();
    let refused = comity(
        &scratch.path().join("never"),
        &["restore", text(&cut), "--archive-key", text(&key)],
    );
    assert_eq!(refused.status.code(), Some(1));
}

#[test]
fn what_cannot_be_read_is_told_apart_from_what_does_not_hold() {
    let scratch = tempfile::tempdir().unwrap();
    let nothing = scratch.path().join("nothing");
    let output = comity(
        scratch.path(),
        &[
            "verify",
            text(&nothing),
            text(&nothing),
            "--keys",
            text(scratch.path()),
        ],
    );
    assert_eq!(output.status.code(), Some(2));
    fs::write(&nothing, "{}").unwrap();
    let output = comity(
        scratch.path(),
        &[
            "verify",
            text(&nothing),
            text(&nothing),
            "--keys",
            text(scratch.path()),
            "--json",
        ],
    );
    assert_eq!(output.status.code(), Some(2));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["outcome"], "unreadable");
}

/// The number of heaps is read when a program starts, so the node starts itself again, as the same
/// process.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn a_node_that_serves_keeps_few_heaps() {
    let scratch = tempfile::tempdir().unwrap();
    let data = scratch.path().join("xa");
    done(&data, &["init", "--party", "XA"]);
    let serving = Serving::start(&data, &[]);
    let about = |what: &str| fs::read(format!("/proc/{}/{what}", serving.id())).unwrap();
    let environment = about("environ");
    let mut set = environment.split(|&byte| byte == 0);
    assert!(set.any(|pair| pair.starts_with(b"MALLOC_ARENA_MAX=")));
    let line = about("cmdline");
    let words: Vec<&[u8]> = line.split(|&byte| byte == 0).collect();
    assert_eq!(words[1], b"serve");
    assert_eq!(about("comm"), b"comity\n");
}
