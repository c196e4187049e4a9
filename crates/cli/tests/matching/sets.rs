//! Compiled sets.

use std::fs;

use super::{Bench, each};

const LIST: &[u8] = b"evil.example\n198.51.100.7\n";

#[test]
fn a_compiled_set_finds_the_same_and_says_what_it_is() {
    let bench = Bench::new(&[("l.txt", LIST), ("a.log", b"x evil.example 198.51.100.7\n")]);
    assert_eq!(bench.run(&["compile", "-o", "l.cset", "l.txt"]).code, 0);
    let shown = |list: &str| {
        let found = bench.found(&["-i", list, "a.log"]);
        each(&found, "/found").join(" ")
    };
    assert_eq!(shown("l.cset"), "evil.example 198.51.100.7");
    assert_eq!(shown("l.cset"), shown("l.txt"));
    let told = bench.run(&["show", "l.cset"]);
    assert!(told.out.contains("2 indicators"), "{told:?}");
    assert!(told.out.contains("l.txt: plain, 2 taken of 2"), "{told:?}");
    let all = bench.run(&["show", "--all", "l.cset"]).json();
    assert_eq!(each(&all, "/value"), ["evil.example", "198.51.100.7"]);
    assert_eq!(each(&all, "/type"), ["domain-tree", "ipv4"]);
    // Several at once, and a set as a source of a set.
    let both = bench.found(&["-i", "l.cset", "-i", "l.txt", "a.log"]);
    assert_eq!(both.len(), 4);
    assert_eq!(bench.run(&["compile", "-o", "m.cset", "l.cset"]).code, 0);
    assert_eq!(shown("m.cset"), shown("l.txt"));
    assert_eq!(
        bench.found(&["-i", "?.cset", "a.log"]).len(),
        4,
        "by a pattern"
    );
}

#[test]
fn a_damaged_set_is_refused() {
    let bench = Bench::new(&[("l.txt", LIST), ("a.log", b"evil.example\n")]);
    bench.run(&["compile", "-o", "l.cset", "l.txt"]);
    let whole = fs::read(bench.path().join("l.cset")).unwrap();
    let refused = |name: &str, bytes: &[u8], why: &str| {
        bench.write(name, bytes);
        let run = bench.run(&["-i", name, "a.log"]);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{name}: {run:?}");
        assert!(
            run.notes.contains(why) && run.notes.contains(name),
            "{run:?}"
        );
    };
    refused("cut.cset", &whole[..whole.len() - 1], "bytes");
    let mut changed = whole.clone();
    changed[40] ^= 1;
    refused("changed.cset", &changed, "damaged");
    assert_eq!(bench.run(&["show", "cut.cset"]).code, 2);
    assert_eq!(bench.run(&["show", "l.txt"]).code, 2, "no set at all");
}

#[test]
fn no_set_is_written_of_nothing_or_over_what_is_no_file() {
    let bench = Bench::new(&[("l.txt", LIST), ("empty.txt", b"# nothing\n")]);
    bench.run(&["compile", "-o", "l.cset", "l.txt"]);
    let before = fs::read(bench.path().join("l.cset")).unwrap();
    let empty = bench.run(&["compile", "-o", "l.cset", "empty.txt"]);
    assert_eq!(empty.code, 2, "{empty:?}");
    assert_eq!(fs::read(bench.path().join("l.cset")).unwrap(), before);
    let folder = bench.run(&["compile", "-o", ".", "l.txt"]);
    assert_eq!(folder.code, 2, "{folder:?}");
    assert!(folder.notes.contains("is no file"), "{folder:?}");
}

#[test]
fn rules_and_patterns_are_carried_and_patterns_are_evaluated() {
    let bundle = br#"{"type": "bundle", "id": "bundle--44af6c39-c09b-49c5-9de2-394224b04982", "objects": [
      {"type": "indicator", "spec_version": "2.1", "id": "indicator--11af6c39-c09b-49c5-8de2-394224b04982",
       "created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z", "valid_from": "2026-01-01T00:00:00Z",
       "pattern_type": "stix", "pattern": "[domain-name:value LIKE 'evil%.example']"},
      {"type": "indicator", "spec_version": "2.1", "id": "indicator--22af6c39-c09b-49c5-8de2-394224b04982",
       "created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z", "valid_from": "2026-01-01T00:00:00Z",
       "pattern_type": "stix", "pattern": "([ipv4-addr:value = '203.0.113.1'] FOLLOWEDBY [ipv4-addr:value = '203.0.113.2']) WITHIN 60 SECONDS"},
      {"type": "indicator", "spec_version": "2.1", "id": "indicator--33af6c39-c09b-49c5-8de2-394224b04982",
       "created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z", "valid_from": "2026-01-01T00:00:00Z",
       "pattern_type": "stix", "pattern": "[ipv4-addr:value = '203.0.113.9']"},
      {"type": "indicator", "spec_version": "2.1", "id": "indicator--44af6c39-c09b-49c5-8de2-394224b04982",
       "created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z", "valid_from": "2026-01-01T00:00:00Z",
       "pattern_type": "yara", "pattern": "rule a { condition: true }"}]}"#;
    let log = b"2026-02-01T00:00:00Z evil7.example 198.51.100.7\n\
        2026-02-01T00:00:01Z notevil7.example\n\
        2026-02-01T00:00:10Z 203.0.113.1\n\
        2026-02-01T00:00:20Z 203.0.113.2 and 203.0.113.9\n\
        2026-02-01T00:02:00Z 203.0.113.2\n";
    let bench = Bench::new(&[("b.json", bundle), ("a.log", log)]);
    assert_eq!(bench.run(&["compile", "-o", "b.cset", "b.json"]).code, 0);
    for list in ["b.json", "b.cset"] {
        let found = bench.found(&["-i", list, "a.log"]);
        let told: Vec<_> = found
            .iter()
            .map(|line| {
                let id = line["indicator"]["id"].as_str().unwrap();
                (line["line"].as_u64().unwrap(), id.get(11..13).unwrap())
            })
            .collect();
        assert_eq!(told, [(1, "11"), (4, "33"), (4, "22")], "{list}");
        let run = bench.run(&["-i", list, "--format", "counts", "--json", "a.log"]);
        assert_eq!(run.json().len(), 3);
    }
    let all = bench.run(&["show", "--all", "b.cset"]).json();
    assert!(each(&all, "/type").contains(&"yara"));
}
