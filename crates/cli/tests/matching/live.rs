//! Streams: matches as they come, and sets exchanged under way.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Stdio},
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
