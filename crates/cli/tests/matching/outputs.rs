//! What is printed, and the exit codes.

use super::{Bench, each};

const LIST: &[u8] = b"evil[.]example\n198.51.100.0/24\n";
const LOG: &[u8] =
    b"192.0.2.7 - - [21/Nov/2026:03:12:45 +0100] \"GET http://www.evil.example/a HTTP/1.1\"\n\
    2026-11-22T00:00:00Z nothing here, notevil.example\r\n\
    2026-11-22T01:00:00Z from 198.51.100.9:443\r\n";

fn bench() -> Bench {
    Bench::new(&[("list.txt", LIST), ("a.log", LOG)])
}

#[test]
fn a_match_says_where_what_and_when() {
    let found = bench().found(&["-i", "list.txt", "a.log"]);
    assert_eq!(each(&found, "/found"), ["www.evil.example", "198.51.100.9"]);
    assert_eq!(each(&found, "/type"), ["domain-tree", "ipv4-net"]);
    assert_eq!(
        each(&found, "/time"),
        ["2026-11-21T02:12:45.000Z", "2026-11-22T01:00:00.000Z"]
    );
    assert_eq!(each(&found, "/indicator/source"), ["list.txt", "list.txt"]);
    assert_eq!(found[1]["line"], 3);
    assert_eq!(found[1]["at"], 26);
    let offset = usize::try_from(found[1]["offset"].as_u64().unwrap()).unwrap();
    assert!(LOG[offset..].starts_with(b"2026-11-22T01"));
    assert_eq!(
        found[1]["record"],
        "2026-11-22T01:00:00Z from 198.51.100.9:443"
    );
}

#[test]
fn exit_codes_say_what_became_of_it() {
    let bench = bench();
    bench.write("clean.log", b"nothing\n");
    assert_eq!(bench.run(&["-i", "list.txt", "a.log"]).code, 0);
    assert_eq!(bench.run(&["-i", "list.txt", "clean.log"]).code, 1);
    let missing = bench.run(&["-i", "list.txt", "a.log", "missing.log"]);
    assert_eq!(missing.code, 2, "{missing:?}");
    assert!(missing.notes.contains("missing.log"), "{missing:?}");
    assert!(
        missing.out.contains("www.evil.example"),
        "the rest is searched"
    );
    let on = bench.run(&["-i", "list.txt", "--keep-going", "a.log", "missing.log"]);
    assert_eq!(on.code, 0);
    let on = bench.run(&["-i", "list.txt", "--keep-going", "missing.log"]);
    assert_eq!(on.code, 1);
    assert_eq!(bench.run(&["-i", "missing.txt", "a.log"]).code, 2);
    assert_eq!(bench.run(&["a.log"]).code, 2, "no list is named");
}

#[test]
fn the_number_alone_and_nothing_at_all() {
    let bench = bench();
    let count = bench.run(&["-i", "list.txt", "--count", "a.log"]);
    assert_eq!((count.code, count.out.as_str()), (0, "2\n"));
    let quiet = bench.run(&["-i", "list.txt", "--quiet", "a.log"]);
    assert_eq!(
        (quiet.code, quiet.out.as_str(), quiet.notes.as_str()),
        (0, "", "")
    );
    let none = bench.run_with(&["-i", "list.txt", "-q", "-"], b"clean\n");
    assert_eq!(
        (none.code, none.out.as_str(), none.notes.as_str()),
        (1, "", "")
    );
}

#[test]
fn counts_name_first_and_last() {
    let bench = bench();
    bench.write("b.log", b"2026-01-01T00:00:00Z evil.example\n");
    let lines = bench.found(&["-i", "list.txt", "--format", "counts", "a.log", "b.log"]);
    assert_eq!(
        each(&lines, "/indicator/value"),
        ["evil.example", "198.51.100.0/24"]
    );
    assert_eq!(lines[0]["count"], 2);
    assert_eq!(lines[0]["first"], "2026-01-01T00:00:00.000Z");
    assert_eq!(lines[0]["last"], "2026-11-21T02:12:45.000Z");
}

#[test]
fn a_table_is_one_line_a_match_and_does_not_steer_the_terminal() {
    let bench = Bench::new(&[
        ("list.txt", b"\"\x1b[2Jbad.exe\"\n"),
        ("list.csv", b"type,value\nfile-name,bad.exe\n"),
        ("a\x1b.log", b"run \x1b[31mbad.exe\n"),
    ]);
    let run = bench.run(&["-i", "list.csv", "."]);
    assert!(!run.out.contains('\x1b'), "{run:?}");
    assert!(run.out.contains("bad.exe"), "{run:?}");
    assert!(run.out.starts_with("TIME "), "{run:?}");
}

#[test]
fn nothing_stricter_than_asked_for_is_shown_or_counted() {
    let list = b"value,type,tlp\n\
        clear.example,domain,clear\n\
        strict.example,domain,amber+strict\n\
        red.example,domain,red\n\
        odd.example,domain,internal\n\
        none.example,domain,\n";
    let log = b"clear.example strict.example red.example odd.example none.example\n";
    let bench = Bench::new(&[("l.csv", list), ("a.log", log)]);
    let shown = |words: &[&str]| {
        let mut all = vec!["-i", "l.csv"];
        all.extend(words);
        all.push("a.log");
        let found = bench.found(&all);
        each(&found, "/indicator/value").join(" ")
    };
    assert_eq!(shown(&["--max-marking", "AMBER"]), "clear.example");
    assert_eq!(
        shown(&["--max-marking", "amber+strict"]),
        "clear.example strict.example none.example"
    );
    assert_eq!(
        shown(&["--max-marking", "GREEN", "--marking", "green"]),
        "clear.example none.example"
    );
    let red = bench.run_with(
        &["-i", "l.csv", "--max-marking", "GREEN", "-"],
        b"red.example\n",
    );
    assert_eq!((red.code, red.out.as_str()), (1, ""));
    // The same from a compiled set, whose indicators are all in it.
    assert_eq!(bench.run(&["compile", "-o", "l.cset", "l.csv"]).code, 0);
    let found = bench.found(&["-i", "l.cset", "--max-marking", "AMBER", "a.log"]);
    assert_eq!(each(&found, "/indicator/value"), ["clear.example"]);
}

#[test]
fn sightings_are_a_bundle_without_records() {
    let bench = bench();
    let run = bench.run(&[
        "-i",
        "list.txt",
        "--format",
        "stix",
        "--identity",
        "CSIRT of XA",
        "a.log",
    ]);
    let bundle: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let objects = bundle["objects"].as_array().unwrap();
    let sightings = objects.iter().filter(|object| object["type"] == "sighting");
    assert_eq!(sightings.count(), 2);
    assert!(run.out.contains("www.evil.example"));
    assert!(!run.out.contains("GET "), "a record is not for others");
    bench.write("bundle.json", run.out.as_bytes());
    let check = std::process::Command::new(env!("CARGO_BIN_EXE_comity"))
        .args(["stix", "check", "bundle.json"])
        .current_dir(bench.path())
        .output()
        .unwrap();
    assert!(check.status.success(), "{check:?}");
}

#[test]
fn a_record_from_after_its_indicator_is_no_match_and_one_from_before_is_one() {
    let list = b"value,type,valid_from,valid_until\n\
        old.example,domain,2020-01-01T00:00:00Z,2021-01-01T00:00:00Z\n\
        new.example,domain,2026-01-01T00:00:00Z,\n";
    let log = b"2020-06-01T00:00:00Z old.example new.example\n\
        2022-06-01T00:00:00Z old.example\n\
        no time: old.example\n";
    let bench = Bench::new(&[("l.csv", list), ("a.log", log)]);
    let shown = |words: &[&str]| {
        let mut all = vec!["-i", "l.csv"];
        all.extend(words);
        all.push("a.log");
        let lines = bench.found(&all);
        let told = lines.iter().map(|line| {
            let validity = line["validity"].as_str().unwrap_or("-");
            format!(
                "{}:{}:{validity}",
                line["line"],
                line["found"].as_str().unwrap()
            )
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&[]),
        ["1:new.example:before"],
        "the other has expired"
    );
    assert_eq!(
        shown(&["--expired"]),
        [
            "1:old.example:within",
            "1:new.example:before",
            "3:old.example:-"
        ]
    );
    assert_eq!(
        shown(&["--expired", "--valid-then"]),
        ["1:old.example:within", "3:old.example:-"]
    );
}

#[test]
fn who_reads_no_further_ends_the_search_in_silence() {
    let bench = bench();
    let many = b"www.evil.example\n".repeat(200_000);
    bench.write("many.log", &many);
    let mut child = bench
        .command(&["-i", "list.txt", "many.log"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("error"));
}

#[test]
fn a_log_of_nothing_but_matches_is_printed_with_shorter_records() {
    let bench = bench();
    // One line of a megabyte, whose every word is found.
    let line = b"evil.example ".repeat(80_000);
    bench.write("dense.log", &line);
    let run = bench.run(&[
        "-i",
        "list.txt",
        "--json",
        "--record-bytes",
        "1000000",
        "dense.log",
    ]);
    assert_eq!(run.out.lines().count(), 80_000);
    assert!(run.out.len() < 64 << 20, "{}", run.out.len());
    let last: serde_json::Value = serde_json::from_str(run.out.lines().last().unwrap()).unwrap();
    assert_eq!(last["found"], "evil.example");
    assert_eq!(last["record_cut"], true);
}

#[test]
fn names_of_the_dns_server_of_windows_are_found_where_they_stand() {
    let bench = bench();
    let log = b"DNS Server log file creation at 11/21/2026 3:12:45 AM\r\n\r\n\
        11/21/2026 3:12:45 AM 0E70 PACKET 0000 UDP Rcv 192.0.2.1 0002 Q [0001 D NOERROR] A (3)www(4)evil(7)example(0)\r\n\
        11/21/2026 3:12:46 AM 0E70 PACKET 0000 UDP Rcv 192.0.2.1 0002 Q [0001 D NOERROR] A (7)notevil(7)example(0)\r\n";
    bench.write("dns.log", log);
    let found = bench.found(&["-i", "list.txt", "dns.log"]);
    assert_eq!(each(&found, "/found"), ["www.evil.example"]);
    assert_eq!(found[0]["line"], 3);
    let place = |name: &str| usize::try_from(found[0][name].as_u64().unwrap()).unwrap();
    assert!(log[place("offset") + place("at")..].starts_with(b"(3)www"));
}
