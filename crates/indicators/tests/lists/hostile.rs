//! Input that is made to break readers.

use indicators::{Format, Item, Options, Problem, Sink, SinkError, read};

use crate::gather::{gather, gather_with, options};

/// Nothing ends other than well or with an error, whatever the format is said to be.
#[test]
fn every_format_survives_every_text() {
    let deep = "[".repeat(100_000);
    let deep_object = r#"{"a":"#.repeat(100_000);
    let long = "x".repeat(1 << 20);
    let quotes = "\"".repeat(100_001);
    let texts: &[&[u8]] = &[
        b"",
        b"\n",
        b"\0\0\0\0",
        b"\xff",
        b"\xff\xfe",
        b"\xfe\xff\xd8\x00",
        b"\xef\xbb\xbf",
        b"evil.example\0\nb.example\n",
        b"evil.example\n\xe4vil.example\n",
        b"{",
        b"[{",
        b"{\"Event\"",
        b"{\"type\": \"bundle\", \"objects\": [",
        b"{\"list\": [\"a\", {}]}",
        b"\"",
        b"a,b\n\"",
        b"value,type\n,,,,,\n\"\",\"\"\n",
        deep.as_bytes(),
        deep_object.as_bytes(),
        long.as_bytes(),
        quotes.as_bytes(),
    ];
    for text in texts {
        for format in Format::ALL.map(Some).into_iter().chain([None]) {
            let options = Options {
                format,
                ..options()
            };
            if let Err(error) = gather_with(text, &options) {
                assert!(!error.code().is_empty());
            }
        }
    }
}

#[test]
fn a_long_line_is_one_problem() {
    let text = format!("a.example\n{}\nb.example\n", "x.".repeat(1 << 20));
    let gathered = gather(text);
    assert_eq!(
        gathered.items,
        ["domain-tree a.example", "domain-tree b.example"]
    );
    assert_eq!(gathered.problems, ["line 2: list.long_line"]);
}

#[test]
fn control_characters_are_no_values() {
    let gathered = gather(b"a.example\0\n\0b.example\nc.example\n\x1b[2Jd.example\n".as_slice());
    assert_eq!(gathered.items, ["domain-tree c.example"]);
    assert_eq!(gathered.problems.len(), 3);
}

#[test]
fn a_hundred_thousand_broken_lines_are_counted_and_ten_are_kept() {
    let gathered = gather("no!value, whatever\n".repeat(100_000));
    let report = gathered.report();
    assert_eq!((report.read, report.left.unreadable), (100_000, 100_000));
    assert_eq!(report.first_problems.len(), 10);
}

#[test]
fn a_quote_that_stays_open_swallows_no_file() {
    let rows = "a.example,x\n".repeat(10_000);
    let gathered = gather(format!("value,note\nb.example,\"open\n{rows}"));
    assert_eq!((gathered.items.len(), gathered.problems.len()), (10_000, 1));
}

#[test]
fn an_error_of_the_sink_ends_the_reading() {
    struct Full;
    impl Sink for Full {
        fn item(&mut self, _item: Item<'_>) -> Result<(), SinkError> {
            Err("full".into())
        }
        fn problem(&mut self, _problem: &Problem) {}
        fn warning(&mut self, _warning: &Problem) {}
    }
    let event = r#"{"Event": {"Attribute": [{"type": "md5", "value": "44d88612fea8a8f36de82e1278abb02f", "to_ids": 1}]}}"#;
    for text in [
        "a.example\n",
        "value\na.example\n",
        "[\"a.example\"]",
        event,
    ] {
        let error = read("list", text.as_bytes(), &options(), &mut Full).unwrap_err();
        assert_eq!(error.code(), "list.sink");
    }
}
