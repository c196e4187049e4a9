//! Streams: matches as they come, and sets exchanged under way.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
};

use serde_json::Value;

use super::Bench;

/// A search of what is written to it.
fn following(bench: &Bench, list: &str) -> Child {
    bench
        .command(&["-i", list, "--json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_match_is_printed_before_the_next_line_is_there() {
    let bench = Bench::new(&[("l.txt", b"evil.example\n")]);
    let mut child = following(&bench, "l.txt");
    let mut input = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for number in 1..4 {
        writeln!(input, "evil.example {number}").unwrap();
        let line = lines.next().unwrap().unwrap();
        assert!(line.contains(&format!("\"line\":{number},")), "{line}");
    }
    drop(input);
    assert!(lines.next().is_none());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_interrupted_search_prints_what_it_has_counted_and_says_that_it_was_cut() {
    const LINE: &[u8] = b"2026-11-22T00:00:00Z evil.example\n";
    const LINES: usize = 60_000;
    // What a pipe holds at most: all before it was read when all is written.
    const PIPE_BYTES: usize = 1 << 20;
    let bench = Bench::new(&[("l.txt", b"evil.example\n")]);
    for format in [["--format", "counts"], ["--format", "stix"]] {
        let mut command = bench.command(&["-i", "l.txt", "--json", "-"]);
        let mut child = command
            .args(format)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input.write_all(&LINE.repeat(LINES)).unwrap();
        let pid = child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
        assert!(sent.success());
        // Nobody closes standard input.
        let output = child.wait_with_output().unwrap();
        drop(input);
        let notes = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{notes}");
        assert!(notes.contains("interrupted: "), "{notes}");
        let told: Value = serde_json::from_slice(&output.stdout).unwrap();
        if format[1] == "stix" {
            assert_eq!(told["type"], "bundle");
            continue;
        }
        let count = usize::try_from(told["count"].as_u64().unwrap()).unwrap();
        let least = LINES - PIPE_BYTES / LINE.len() - 1;
        assert!((least..=LINES).contains(&count), "{count}");
    }
}

#[test]
fn a_set_is_exchanged_under_a_stream_and_no_line_is_lost() {
    let bench = Bench::new(&[
        ("l.txt", b"always.example\n"),
        ("m.txt", b"always.example\nlater.example\n"),
    ]);
    assert_eq!(bench.run(&["compile", "-o", "l.cset", "l.txt"]).code, 0);
    let mut child = following(&bench, "l.cset");
    let mut input = child.stdin.take().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let (sender, found) = mpsc::channel();
    let reader = thread::spawn(move || {
        for line in output.lines() {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let number = line["line"].as_u64().unwrap();
            sender
                .send((number, line["found"].as_str().unwrap().to_owned()))
                .unwrap();
        }
    });
    let mut always = Vec::new();
    let mut written = 0;
    let mut is_exchanged = false;
    while !is_exchanged {
        written += 1;
        writeln!(input, "always.example later.example").unwrap();
        if written == 10 {
            assert_eq!(bench.run(&["compile", "-o", "l.cset", "m.txt"]).code, 0);
        }
        // The answer to this line, and what else the line before had.
        while always.len() < written {
            let (number, text) = found.recv().unwrap();
            if text == "always.example" {
                always.push(number);
            } else {
                assert!(number > 10, "found before it was looked for");
                is_exchanged = true;
            }
        }
    }
    drop(input);
    reader.join().unwrap();
    let rest = found
        .try_iter()
        .filter(|(_, text)| text == "always.example");
    always.extend(rest.map(|(number, _)| number));
    let written = u64::try_from(written).unwrap();
    let all: Vec<u64> = (1..=written).collect();
    assert_eq!(always, all, "each line once, in order");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
