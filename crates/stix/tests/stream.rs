//! Objects from a stream.
#![expect(clippy::panic, reason = "test code: a surprise ends the test")]

use std::io::{self, Read};

use stix::{
    Place, ReadLimits, Seen, Stream, StreamError,
    json::{JsonError, JsonErrorKind, Limits},
};

/// The objects of a text with their places, and why there are no more.
fn read(source: impl Read, limits: ReadLimits) -> (Vec<(Place, String)>, Option<StreamError>) {
    let mut stream = Stream::new(source, limits);
    let mut objects = Vec::new();
    loop {
        let mut text = String::new();
        match stream.next(|object| text.push_str(object.raw())) {
            Ok(Some(place)) => objects.push((place, text)),
            Ok(None) => return (objects, None),
            Err(error) => return (objects, Some(error)),
        }
    }
}

fn texts(text: &str) -> Vec<String> {
    let (objects, error) = read(text.as_bytes(), ReadLimits::default());
    assert!(error.is_none(), "{text}: {error:?}");
    objects.into_iter().map(|(_, text)| text).collect()
}

fn refusal(text: &[u8]) -> (usize, JsonError) {
    match read(text, ReadLimits::default()) {
        (objects, Some(StreamError::Json(error))) => (objects.len(), error),
        other => panic!("{other:?}"),
    }
}

const MIXED: &str = r#"{"id":"é","type":"bundle","x":["💡"],"objects":[{"type":"a"}, {"b":"€\n"}],"y":1}
[{"c":[]},"d"] {"type":"e","objects":[1]} {"objects":[2],"type":"bundle"} {"objects":3} [] 4.5"#;

#[test]
fn objects_come_from_bundles_from_lists_and_alone() {
    let expected = [
        r#"{"type":"a"}"#,
        r#"{"b":"€\n"}"#,
        r#"{"c":[]}"#,
        "d",
        r#"{"type":"e","objects":[1]}"#,
        "2",
        r#"{"objects":3}"#,
        "4.5",
    ];
    assert_eq!(texts(MIXED), expected);
}

#[test]
fn an_object_has_its_place() {
    let (objects, _) = read("[ 1,2] 3".as_bytes(), ReadLimits::default());
    let places: Vec<_> = objects.into_iter().map(|(place, _)| place).collect();
    let place = |offset, in_bundle| Place { offset, in_bundle };
    assert_eq!(
        places,
        [place(2, Some(0)), place(4, Some(1)), place(7, None)]
    );
}

#[test]
fn the_rest_of_a_bundle_is_told_with_it() {
    let told = bundles(MIXED).unwrap();
    let envelope = r#"{"id":"é","type":"bundle","x":["💡"],"y":1}"#;
    let bundle = r#"{"type":"bundle"}"#.to_owned();
    assert_eq!(
        told,
        [(envelope.to_owned(), Some(2)), (bundle.clone(), Some(1))]
    );
    let two = r#"{"type":"bundle","objects":[]}{"type":"bundle","objects":7}{"type":"bundle"}"#;
    let told = bundles(two).unwrap();
    let wrong = r#"{"type":"bundle","objects":7}"#.to_owned();
    assert_eq!(
        told,
        [(bundle.clone(), Some(0)), (wrong, None), (bundle, None)]
    );
}

#[test]
fn a_member_of_a_bundle_comes_once_and_all_have_a_limit() {
    for twice in [
        r#"{"type":"bundle","id":"a","i\u0064":"b"}"#,
        r#"{"type":"bundle","objects":[],"objects":[]}"#,
        r#"{"type":"bundle","objects":7,"objects":[]}"#,
    ] {
        let error = bundles(twice).unwrap_err();
        assert_eq!(error.code(), "json.duplicate_member", "{twice}");
    }
    let many: Vec<String> = (0..9_000)
        .map(|n| format!(r#""x{n}":1234567890"#))
        .collect();
    let many = many.join(",");
    let text = format!(r#"{{"type":"bundle",{many}}}"#);
    assert_eq!(bundles(&text).unwrap().len(), 1);
    let limits = ReadLimits {
        object: Limits {
            bytes_max: 100_000,
            ..Limits::default()
        },
        ..ReadLimits::default()
    };
    let mut stream = Stream::new(text.as_bytes(), limits);
    let error = stream.step(|_| ()).unwrap_err();
    assert_eq!(error.code(), "json.too_large");
}

/// The bundles of a text without their objects, and how many these are.
fn bundles(text: &str) -> Result<Vec<(String, Option<u64>)>, StreamError> {
    let mut stream = Stream::new(text.as_bytes(), ReadLimits::default());
    let mut found = Vec::new();
    while let Some(seen) = stream.step(|_| ())? {
        if let Seen::Bundle(bundle) = seen {
            found.push((bundle.as_json().to_owned(), bundle.objects()));
        }
    }
    Ok(found)
}

/// A read ends wherever the source likes, and the buffer after 64 KiB.
#[test]
fn where_a_read_ends_makes_no_difference() {
    struct Drops<'b>(&'b [u8]);
    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let one = into.len().min(1);
            self.0.read(into.get_mut(..one).unwrap_or_default())
        }
    }
    let expected = texts(MIXED);
    let (dropped, _) = read(Drops(MIXED.as_bytes()), ReadLimits::default());
    let dropped: Vec<_> = dropped.into_iter().map(|(_, text)| text).collect();
    assert_eq!(dropped, expected);
    for at in 0..=MIXED.len() {
        let filler = "-".repeat((64 << 10) - 2 - at);
        let found = texts(&format!("\"{filler}\"{MIXED}"));
        assert_eq!(found.get(1..), Some(expected.as_slice()), "{at}");
    }
}

#[test]
fn what_is_not_json_is_refused_where_it_stands() {
    let error = |kind, position| JsonError { kind, position };
    for (text, objects, expected) in [
        (
            b"1 ?".as_slice(),
            1,
            error(JsonErrorKind::Expected("a value"), 2),
        ),
        (b"\x0c1", 0, error(JsonErrorKind::Expected("a value"), 0)),
        (
            b"[1,\x0b2]",
            1,
            error(JsonErrorKind::Expected("a value"), 3),
        ),
        (b"[1", 1, error(JsonErrorKind::Incomplete, 2)),
        (
            b"[1 2]",
            1,
            error(JsonErrorKind::Expected("',' or the end of the list"), 3),
        ),
        (b"1 \"\xff\"", 1, error(JsonErrorKind::NotUtf8, 3)),
        (b"1 \xe2\x82", 1, error(JsonErrorKind::NotUtf8, 2)),
        (
            br#"{"type":"bundle",1:2}"#,
            0,
            error(JsonErrorKind::Expected("a member's name in quotes"), 17),
        ),
        (
            br#"{"type":"bundle","id""#,
            0,
            error(JsonErrorKind::Incomplete, 21),
        ),
        (
            br#"{"type":"bundle","objects":[{}]"#,
            1,
            error(JsonErrorKind::Incomplete, 31),
        ),
    ] {
        assert_eq!(refusal(text), (objects, expected), "{text:?}");
    }
}

#[test]
fn a_stream_keeps_its_limits() {
    let limits = ReadLimits {
        object: Limits {
            depth_max: 2,
            bytes_max: 8,
        },
        objects_max: 2,
    };
    let codes = |text: &str| {
        let (objects, error) = read(text.as_bytes(), limits);
        (objects.len(), error.map(|error| error.code()))
    };
    assert_eq!(codes("[[[1]],2]"), (2, None));
    assert_eq!(codes("[1,2,3]"), (2, Some("stream.too_many_objects")));
    assert_eq!(codes("[1,[[[1]]]]"), (1, Some("json.too_deep")));
    assert_eq!(codes("[1,\"1234567\"]"), (1, Some("json.too_large")));
}
