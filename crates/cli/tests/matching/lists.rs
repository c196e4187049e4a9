//! Lists of many formats, and what is said of them.

use super::{Bench, each};

#[test]
fn formats_are_recognised_and_named() {
    let misp = br#"{"Event": {"info": "x", "uuid": "5f0b6b0a-0000-4000-8000-000000000001", "Tag": [{"name": "tlp:green"}],
        "Attribute": [{"type": "domain", "value": "misp.example", "to_ids": true, "uuid": "5f0b6b0a-0000-4000-8000-000000000002"},
                      {"type": "comment", "value": "not this", "to_ids": false, "uuid": "5f0b6b0a-0000-4000-8000-000000000003"}]}}"#;
    let stix = br#"{"type": "bundle", "id": "bundle--44af6c39-c09b-49c5-9de2-394224b04982", "objects": [
      {"type": "indicator", "spec_version": "2.1", "id": "indicator--11af6c39-c09b-49c5-8de2-394224b04982",
       "created": "2026-01-01T00:00:00Z", "modified": "2026-01-01T00:00:00Z", "valid_from": "2026-01-01T00:00:00Z",
       "pattern_type": "stix", "pattern": "[domain-name:value = 'stix.example' OR url:value = 'http://u.example/']"}]}"#;
    let bench = Bench::new(&[
        ("plain", b"plain.example\n"),
        ("hosts", b"# c\n0.0.0.0 hosts.example\n127.0.0.1 localhost\n"),
        ("table", b"\xef\xbb\xbfindicator;type\r\n\"table.example\";domain\r\n"),
        ("misp", misp),
        ("stix", stix),
        ("patterns", b"[domain-name:value = 'patterns.example']\n"),
        (
            "a.log",
            b"plain.example hosts.example table.example misp.example stix.example http://u.example/ patterns.example\n",
        ),
    ]);
    for (list, format, found) in [
        ("plain", "plain", vec!["plain.example"]),
        ("hosts", "hosts", vec!["hosts.example"]),
        ("table", "table", vec!["table.example"]),
        ("misp", "misp", vec!["misp.example"]),
        ("stix", "stix", vec!["stix.example", "http://u.example/"]),
        ("patterns", "stix-patterns", vec!["patterns.example"]),
    ] {
        let run = bench.run(&["-i", list, "--json", "a.log"]);
        assert_eq!(each(&run.json(), "/found"), found, "{run:?}");
        assert!(
            run.notes.contains(&format!("{list}: {format}, ")),
            "{run:?}"
        );
    }
    let ids = bench.found(&["-i", "misp", "-i", "stix", "a.log"]);
    assert_eq!(each(&ids, "/indicator/marking")[0], "TLP:GREEN");
    assert!(each(&ids, "/indicator/id")[1].starts_with("indicator--11af"));
}

#[test]
fn a_list_may_be_packed_piped_or_a_folder() {
    let bench = Bench::new(&[
        ("feeds/a.txt", b"a.example\n"),
        ("feeds/b.txt", b"b.example\n"),
        ("x.log", b"a.example b.example c.example\n"),
    ]);
    assert_eq!(bench.found(&["-i", "feeds", "x.log"]).len(), 2);
    assert_eq!(bench.found(&["-i", "feeds/*.txt", "x.log"]).len(), 2);
    let piped = bench.run_with(&["-i", "-", "--json", "x.log"], b"c.example\n");
    assert_eq!(each(&piped.json(), "/found"), ["c.example"]);
    let both = bench.run_with(&["-i", "-", "-"], b"c.example\n");
    assert_eq!(both.code, 2, "{both:?}");
}

#[test]
fn what_cannot_be_taken_is_said_with_its_line_and_counted() {
    let mut list = b"good.example\n1.2.3.4.5.6/99\ncom\n".to_vec();
    list.extend(b"???\n".repeat(30));
    let bench = Bench::new(&[("l.txt", &list), ("a.log", b"good.example com.example\n")]);
    let run = bench.run(&["-i", "l.txt", "a.log"]);
    assert_eq!(run.code, 0);
    assert!(run.notes.contains("line 2:"), "{run:?}");
    assert!(run.notes.contains("1 taken of 33"), "{run:?}");
    assert!(run.notes.contains("--allow-broad"), "{run:?}");
    assert!(run.notes.lines().count() < 20, "{run:?}");
    let strict = bench.run(&["-i", "l.txt", "--strict", "a.log"]);
    assert_eq!(strict.code, 2, "{strict:?}");
    assert!(
        strict.notes.contains("l.txt") && strict.notes.contains("line 2"),
        "{strict:?}"
    );
}

#[test]
fn what_names_nearly_everybody_is_refused_unless_it_is_asked_for() {
    let bench = Bench::new(&[
        ("l.txt", b"co.uk\nevil.example\n"),
        ("a.log", b"evil.example www.example.co.uk\n"),
    ]);
    let run = bench.run(&["-i", "l.txt", "--json", "a.log"]);
    assert_eq!(each(&run.json(), "/found"), ["evil.example"], "{run:?}");
    assert!(run.notes.contains("1 too broad"), "{run:?}");
    assert!(run.notes.contains("everybody can register"), "{run:?}");
    let found = bench.found(&["-i", "l.txt", "--allow-broad", "a.log"]);
    assert_eq!(
        each(&found, "/found"),
        ["evil.example", "www.example.co.uk"]
    );
    let found = bench.found(&["-i", "l.txt", "--names", "exact", "a.log"]);
    assert_eq!(
        each(&found, "/found"),
        ["evil.example"],
        "the name alone is taken"
    );
}

#[test]
fn what_is_on_a_warninglist_is_left_out() {
    let warninglist =
        br#"{"name": "Known resolvers", "version": 1, "description": "d", "type": "cidr",
        "matching_attributes": ["ip-src", "ip-dst"], "list": ["9.9.9.0/24"]}"#;
    let bench = Bench::new(&[
        ("w.json", warninglist),
        ("l.txt", b"9.9.9.9\n203.0.113.5\n"),
        ("a.log", b"9.9.9.9 203.0.113.5\n"),
    ]);
    let run = bench.run(&["-i", "l.txt", "-i", "w.json", "--json", "a.log"]);
    assert_eq!(each(&run.json(), "/found"), ["203.0.113.5"], "{run:?}");
    assert!(run.notes.contains("1 on a warninglist"), "{run:?}");
    let piped = bench.run_with(&["-i", "l.txt", "-i", "-", "a.log"], warninglist);
    assert_eq!(piped.code, 2, "it would come too late: {piped:?}");
    assert!(piped.notes.contains("Known resolvers"), "{piped:?}");
    let all = bench.found(&["-i", "l.txt", "-i", "w.json", "--allow-listed", "a.log"]);
    assert_eq!(all.len(), 2);
    // In a folder, behind what it excludes.
    bench.write("feeds/a.txt", b"9.9.9.9\n203.0.113.5\n");
    bench.write("feeds/w.json", warninglist);
    let found = bench.found(&["-i", "feeds", "a.log"]);
    assert_eq!(each(&found, "/found"), ["203.0.113.5"]);
    // A set that was compiled without it.
    bench.run(&["compile", "-o", "l.cset", "l.txt"]);
    let found = bench.found(&["-i", "l.cset", "-i", "w.json", "a.log"]);
    assert_eq!(each(&found, "/found"), ["203.0.113.5"]);
}

#[test]
fn the_index_of_a_feed_is_no_list_of_hashes() {
    let hash = "44d88612fea8a8f36de82e1278abb02f";
    let index = format!("{hash},5f0b6b0a-0000-4000-8000-000000000001\n");
    let event = br#"{"Event": {"info": "x", "uuid": "5f0b6b0a-0000-4000-8000-000000000001",
        "Attribute": [{"type": "domain", "value": "misp.example", "to_ids": true}]}}"#;
    let manifest =
        br#"{"5f0b6b0a-0000-4000-8000-000000000001": {"info": "x", "timestamp": "1", "date": "2026-01-01"}}"#;
    let log = format!("misp.example {hash}\n");
    let bench = Bench::new(&[
        ("feed/5f0b6b0a-0000-4000-8000-000000000001.json", event),
        ("feed/hashes.csv", index.as_bytes()),
        ("feed/manifest.json", manifest),
        ("files/hashes.csv", index.as_bytes()),
        ("a.log", log.as_bytes()),
    ]);
    let run = bench.run(&["-i", "feed", "--json", "a.log"]);
    assert_eq!(each(&run.json(), "/found"), ["misp.example"], "{run:?}");
    assert!(run.notes.contains("feed/hashes.csv: left out"), "{run:?}");
    // Elsewhere a file of this name is a list as any other.
    let found = bench.found(&["-i", "files", "a.log"]);
    assert_eq!(each(&found, "/found"), [hash]);
}

#[test]
fn a_list_without_indicators_is_named() {
    let bench = Bench::new(&[
        ("empty.txt", b""),
        ("comments.txt", b"# nothing\n"),
        ("wrong.txt", b"a\n"),
        ("one.txt", b"evil.example\n"),
        ("a.log", b"evil.example\n"),
    ]);
    let run = bench.run(&[
        "-i",
        "empty.txt",
        "-i",
        "comments.txt",
        "-i",
        "wrong.txt",
        "-i",
        "one.txt",
        "a.log",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    for named in [
        "warning: empty.txt is empty and has no indicator",
        "warning: comments.txt has no indicator",
        "warning: wrong.txt has no indicator",
    ] {
        assert!(run.notes.contains(named), "{run:?}");
    }
    assert!(!run.notes.contains("warning: one.txt"), "{run:?}");
    let one = bench.run(&["compile", "-o", "one.cset", "one.txt"]);
    assert!(one.notes.contains("one.cset: 1 indicator\n"), "{one:?}");
    let shown = bench.run(&["show", "one.cset"]);
    assert!(shown.out.starts_with("1 indicator, "), "{shown:?}");
}

#[test]
fn nothing_to_look_for_is_said() {
    let bench = Bench::new(&[("l.txt", b"# nothing\n"), ("a.log", b"a.example\n")]);
    let run = bench.run(&["-i", "l.txt", "a.log"]);
    assert_eq!(run.code, 1);
    assert!(run.notes.contains("no indicators"), "{run:?}");
}
