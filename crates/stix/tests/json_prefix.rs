//! One value after the other, of an input of any length.

use stix::json::{Document, JsonError, JsonErrorKind, Limits, Spare};

const LIMITS: Limits = Limits {
    depth_max: 64,
    bytes_max: usize::MAX,
};

/// Where a reader that takes a little of the input first, then four times as much, stops each time.
const WINDOWS: [usize; 3] = [4 << 10, 16 << 10, 64 << 10];

fn prefix(input: &[u8]) -> Result<(String, usize), JsonError> {
    let parsed = Document::parse_prefix(input, &LIMITS, Spare::default());
    parsed.map(|(document, taken)| (document.root().raw().to_owned(), taken))
}

fn error(kind: JsonErrorKind, position: usize) -> Result<(String, usize), JsonError> {
    Err(JsonError { kind, position })
}

/// A string of so many bytes, quotes included.
fn string(bytes: usize) -> String {
    format!("\"{}\"", "a".repeat(bytes - 2))
}

#[test]
fn values_are_taken_one_after_the_other_however_many_follow() {
    let values: Vec<String> = (0..20_000).map(|n| format!("[{n},\"é{n}💡\"]")).collect();
    let text = values.join("\n");
    let (mut rest, mut spare) = (text.as_bytes(), Spare::default());
    for value in &values {
        let (document, taken) = Document::parse_prefix(rest, &LIMITS, spare).unwrap();
        assert_eq!(document.root().raw(), value);
        spare = document.into_spare();
        rest = rest.get(taken..).unwrap();
    }
    assert_eq!(rest, b"");
}

#[test]
fn a_value_that_ends_about_a_window_is_whole() {
    for bytes in WINDOWS.into_iter().flat_map(|edge| edge - 3..=edge + 3) {
        for value in [string(bytes), format!("[\"{}\"]", "\\n".repeat(bytes / 2))] {
            let wanted = Ok((value.trim_matches('"').to_owned(), value.len()));
            for behind in ["", " 1", "\u{1f4a1}"] {
                let input = format!("{value}{behind}");
                assert_eq!(prefix(input.as_bytes()), wanted, "{bytes}");
            }
        }
    }
}

#[test]
fn a_character_about_the_edge_of_a_window_is_whole() {
    for at in WINDOWS.into_iter().flat_map(|edge| edge - 5..=edge + 5) {
        for character in ["é", "€", "💡"] {
            let text = format!("{}{character}bc", "a".repeat(at - 1));
            let value = format!("\"{text}\"");
            for behind in ["", "\u{20ac}", "[null]"] {
                let input = format!("{value}{behind}");
                let wanted = Ok((text.clone(), value.len()));
                assert_eq!(prefix(input.as_bytes()), wanted, "{at}");
            }
        }
    }
}

#[test]
fn a_number_about_the_edge_of_a_window_is_whole() {
    for edge in WINDOWS {
        for (before, number) in [(1, "12.5e3"), (3, "12.5e3"), (6, "12.5e3"), (4, "true")] {
            let value = format!("{}{number}", " ".repeat(edge - before));
            let input = format!("{value} ");
            let wanted = Ok((number.to_owned(), value.len()));
            assert_eq!(prefix(input.as_bytes()), wanted, "{edge} {before}");
        }
        let open = format!("{}12", " ".repeat(edge - 2));
        let wanted = error(JsonErrorKind::Incomplete, edge);
        assert_eq!(prefix(open.as_bytes()), wanted);
    }
}

#[test]
fn errors_behind_the_first_window_keep_kind_and_place() {
    for at in WINDOWS.into_iter().flat_map(|edge| edge - 4..=edge + 4) {
        let before = format!("[{}", " ".repeat(at - 1));
        for (wrong, kind, further) in [
            ("?]", JsonErrorKind::Expected("a value"), 0),
            ("trze]", JsonErrorKind::Expected("a value"), 0),
            ("1 2]", JsonErrorKind::Expected("',' or ']'"), 2),
            (r#""\ud800\n"]"#, JsonErrorKind::BadEscape, 1),
            ("\"a\nb\"]", JsonErrorKind::ControlCharacter, 2),
            (
                r#"{"a":1,"a":2}"#,
                JsonErrorKind::DuplicateMember("a".into()),
                8,
            ),
            (r#""\u00"#, JsonErrorKind::Incomplete, 5),
            ("1", JsonErrorKind::Incomplete, 1),
        ] {
            let input = format!("{before}{wrong}");
            assert_eq!(
                prefix(input.as_bytes()),
                error(kind, at + further),
                "{wrong}"
            );
        }
    }
}

#[test]
fn bytes_that_are_no_text_count_where_the_value_reaches_them() {
    let value = r#"["é"]"#;
    for at in WINDOWS.into_iter().flat_map(|edge| edge - 3..=edge + 3) {
        for broken in [b"\xff".as_slice(), b"\xe2\x82a", b"\xc3\xc3"] {
            let behind = [value.as_bytes(), &b" ".repeat(at), broken].concat();
            assert_eq!(prefix(&behind), Ok((value.to_owned(), value.len())));
            let within = [b"\"", "a".repeat(at - 1).as_bytes(), broken, b"\""].concat();
            assert_eq!(prefix(&within), error(JsonErrorKind::NotUtf8, at));
        }
        // The rest of the character may still come.
        let cut = [b"\"", "a".repeat(at - 1).as_bytes(), b"\xe2\x82"].concat();
        assert_eq!(prefix(&cut), error(JsonErrorKind::Incomplete, at));
    }
}

#[test]
fn a_value_of_more_bytes_than_allowed_is_refused() {
    for bytes_max in WINDOWS
        .into_iter()
        .flat_map(|edge| [edge - 1, edge, edge + 1])
    {
        let limits = Limits {
            bytes_max,
            ..LIMITS
        };
        let prefix = |input: &str| {
            let parsed = Document::parse_prefix(input.as_bytes(), &limits, Spare::default());
            parsed.map(|(_, taken)| taken)
        };
        let too_large = |position| {
            Err(JsonError {
                kind: JsonErrorKind::TooLarge(bytes_max),
                position,
            })
        };
        let value = string(bytes_max);
        assert_eq!(prefix(&value), Ok(bytes_max));
        assert_eq!(prefix(&format!("{value}{value}")), Ok(bytes_max));
        assert_eq!(prefix(&string(bytes_max + 1)), too_large(bytes_max));
        let cut = format!("\"{}é\"", "a".repeat(bytes_max - 2));
        assert_eq!(prefix(&cut), too_large(bytes_max - 1));
        let digits = "1".repeat(bytes_max);
        assert_eq!(prefix(&format!("{digits} ")), Ok(bytes_max));
        assert_eq!(prefix(&format!("{digits}1 ")), too_large(bytes_max));
    }
}
