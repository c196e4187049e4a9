//! Patterns that are valid or not: those of the OASIS pattern validator and those of published
//! indicators.
#![expect(
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test, and tables are long"
)]

use std::path::PathBuf;

use stix::pattern::Pattern;

/// The data that tests share, beside the workspace unless the environment says otherwise.
fn data() -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are configured by their environment"
    )]
    let given = std::env::var("COMITY_TEST_DATA");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    given.map_or_else(|_| root.join("../shared/data"), PathBuf::from)
}

/// A file that is missing ends the test.
fn read(name: &str) -> serde_json::Value {
    let text = std::fs::read_to_string(data().join(name)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// The one case where we are stricter: the specification forbids `AND` across types of objects
/// (§9.5), which the validator does not look at.
const ACROSS_TYPES: &str = "network-traffic:src_port = 37020 AND user-account:user_id = 'root'";

#[test]
fn the_cases_of_the_validator_are_judged_alike() {
    let cases = read("stix/pattern-validator-cases.json");
    let cases = cases.as_array().unwrap();
    assert_eq!(cases.len(), 80);
    for case in cases {
        let text = case["pattern"].as_str().unwrap();
        let parsed = Pattern::parse_strict(text);
        if text.contains(ACROSS_TYPES) {
            assert_eq!(
                parsed.unwrap_err().code(),
                "pattern.and_across_types",
                "{text}"
            );
            Pattern::parse(text).unwrap();
            continue;
        }
        assert_eq!(
            parsed.is_ok(),
            case["valid"].as_bool().unwrap(),
            "{text}: {parsed:?}"
        );
    }
}

#[test]
fn published_indicators_parse_and_print_to_the_same_tree() {
    let mut seen = 0;
    for directory in [
        "stix/cti-documentation-examples",
        "stix/cti-stix2-json-schemas",
        "stix/incident-extension",
    ] {
        let mut open = vec![data().join(directory)];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(
                    std::fs::read_dir(&path)
                        .unwrap()
                        .map(|entry| entry.unwrap().path()),
                );
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                for pattern in patterns(&text) {
                    let tree = Pattern::parse(&pattern).unwrap();
                    assert_eq!(tree.to_string().parse(), Ok(tree), "{pattern}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 40, "only {seen} patterns found");
}

/// The STIX patterns of the indicators in a JSON text, if it is one.
fn patterns(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<serde_json::Value> = serde_json::from_str(text).into_iter().collect();
    while let Some(value) = open.pop() {
        match value {
            serde_json::Value::Array(items) => open.extend(items),
            serde_json::Value::Object(members) => {
                let text = |name| members.get(name).and_then(|value| value.as_str());
                if let (Some("indicator"), Some(pattern), Some("stix")) =
                    (text("type"), text("pattern"), text("pattern_type"))
                {
                    found.push(pattern.into());
                }
                open.extend(members.into_iter().map(|(_, value)| value));
            }
            _ => {}
        }
    }
    found
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, code, line, column, message) in [
        (
            "",
            "pattern.syntax",
            1,
            1,
            "expected \"[\" or \"(\", found the end of the pattern",
        ),
        (
            "file:size = 1",
            "pattern.syntax",
            1,
            1,
            "expected \"[\" or \"(\", found \"file\"",
        ),
        (
            "[file:size = ]",
            "pattern.syntax",
            1,
            14,
            "expected a constant, strings between apostrophes, found \"]\"",
        ),
        (
            "[file:size =\n  'a\\b']",
            "pattern.syntax",
            2,
            5,
            "a backslash in a string must be doubled, or stand before an apostrophe",
        ),
        (
            "[file:name = 'é' AND ü:x = 1]",
            "pattern.syntax",
            1,
            22,
            "expected a word, found 'ü'",
        ),
        (
            "[a:b = 1] within 5 SECONDS",
            "pattern.syntax",
            1,
            11,
            "keywords are written in capitals, true and false in small letters",
        ),
        (
            "[a:b-c = 1]",
            "pattern.syntax",
            1,
            4,
            "a property with a hyphen in its name stands between apostrophes",
        ),
        (
            "[a:NOT = 1]",
            "pattern.syntax",
            1,
            4,
            "a property with the name of a keyword stands between apostrophes",
        ),
        (
            "[NOT a:b = 1]",
            "pattern.syntax",
            1,
            6,
            "NOT stands before EXISTS, or between the path and the operator",
        ),
        (
            "[a:b = \"c\"]",
            "pattern.syntax",
            1,
            8,
            "strings and quoted keys stand between apostrophes (')",
        ),
        (
            "[a:b > true]",
            "pattern.syntax",
            1,
            8,
            "true and false have no order, compare with = or !=",
        ),
        (
            "[a:b = 'c]",
            "pattern.syntax",
            1,
            8,
            "a string that does not end",
        ),
        (
            "[a:b = 1] /* c",
            "pattern.syntax",
            1,
            11,
            "a comment that does not end",
        ),
        (
            "[a:b = 1",
            "pattern.syntax",
            1,
            9,
            "expected \"]\", AND or OR, found the end of the pattern",
        ),
        (
            "([a:b = 1]",
            "pattern.syntax",
            1,
            11,
            "expected \")\", an operator or a qualifier, found the end of the pattern",
        ),
        (
            "[a:b[-1] = 1]",
            "pattern.syntax",
            1,
            6,
            "expected the place of an item, from 0, found the number -1",
        ),
        (
            "[a:b = 01]",
            "pattern.bad_literal",
            1,
            8,
            "a whole number has no leading zeros",
        ),
        (
            "[a:b = 9223372036854775808]",
            "pattern.bad_literal",
            1,
            8,
            "a number of more than 64 bits",
        ),
        (
            "[a:b = +1]",
            "pattern.bad_literal",
            1,
            8,
            "a positive number is written without a plus",
        ),
        (
            "[a:b = h'0']",
            "pattern.bad_literal",
            1,
            8,
            "a hex constant must be pairs of hexadecimal digits",
        ),
        (
            "[a:b = b'A']",
            "pattern.bad_literal",
            1,
            8,
            "a binary constant must be padded base64",
        ),
        (
            "[a:b = t'2016-02-30T00:00:00Z']",
            "pattern.bad_literal",
            1,
            8,
            "the month has no such day",
        ),
        (
            "[a:b = 1] REPEATS 0 TIMES",
            "pattern.bad_qualifier",
            1,
            19,
            "REPEATS takes a positive whole number",
        ),
        (
            "[a:b = 1] WITHIN 0 SECONDS",
            "pattern.bad_qualifier",
            1,
            18,
            "WITHIN takes a positive number of seconds",
        ),
        (
            "[a:b = 1] START '2016' STOP '2017'",
            "pattern.syntax",
            1,
            17,
            "expected a timestamp such as t'2016-01-20T12:31:12Z', found a string",
        ),
        (
            "[a:b = 1] WITHIN 1 SECONDS WITHIN 2 SECONDS",
            "pattern.duplicate_qualifier",
            1,
            28,
            "a second WITHIN on one observation expression",
        ),
        (
            "[a:b = 1 AND c:d = 1]",
            "pattern.and_across_types",
            1,
            10,
            "no one object can fulfil both sides of this AND, for their types differ",
        ),
        (
            "[a:b IN (1, 2.5, true)]",
            "pattern.mixed_set",
            1,
            18,
            "a set of constants of different types",
        ),
        (
            "[file:hashes.MD5 = 'abc']",
            "pattern.bad_hash",
            1,
            20,
            "a text that is no MD5 hash",
        ),
    ] {
        let error = Pattern::parse_strict(text).unwrap_err();
        assert_eq!(error.kind.to_string(), message, "{text}");
        assert_eq!(
            (error.code(), error.line_and_column(text)),
            (code, (line, column)),
            "{text}"
        );
    }
}

#[test]
fn an_and_is_allowed_where_one_object_can_fulfil_it() {
    for (text, allowed) in [
        ("[a:x = 1 AND a:y = 2]", true),
        ("[a:x = 1 OR b:y = 2]", true),
        ("[(a:x = 1 OR b:y = 2) AND (b:y = 1 OR c:z = 1)]", true),
        ("[(a:x = 1 OR b:y = 2) AND c:z = 1]", false),
        ("[a:x = 1 AND (a:y = 2 AND b:y = 2)]", false),
        ("[(a:x = 1 OR b:y = 2) AND b:y = 1 AND a:x = 1]", false),
        ("[a:x = 1] AND [b:y = 2]", true),
    ] {
        assert_eq!(Pattern::parse_strict(text).is_ok(), allowed, "{text}");
        assert!(Pattern::parse(text).is_ok(), "{text}");
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let deep = format!("{}[a:b = 1]{}", "(".repeat(65), ")".repeat(65));
    assert_eq!(
        Pattern::parse(&deep).unwrap_err().code(),
        "pattern.too_deep"
    );
    let deep = format!("[{}a:b = 1{}]", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(
        Pattern::parse(&deep).unwrap_err().code(),
        "pattern.too_deep"
    );
    let qualified = format!("([a:b = 1]){}", " REPEATS 1 TIMES".repeat(9));
    assert_eq!(
        Pattern::parse(&qualified).unwrap_err().code(),
        "pattern.too_deep"
    );
    let long = format!("[a:b IN ({}1)]", "1,".repeat(200_000));
    assert_eq!(
        Pattern::parse(&long).unwrap_err().code(),
        "pattern.too_large"
    );
    let long = format!("[a:b = '{}']", "x".repeat(1 << 20));
    assert_eq!(
        Pattern::parse(&long).unwrap_err().code(),
        "pattern.too_large"
    );
}

#[test]
fn white_space_comments_and_spellings_make_no_difference() {
    let plain: Pattern = "[a:b = 1 AND a:c != +2 OR a:d = b'ABI=']".parse().unwrap();
    let other = "/* (c) */ [ a : b\u{2003}== 1AND // and\na:c<>2\r\n\tOR a:d=b'A\r\nBI=\n' ]\n";
    assert_eq!(other.parse(), Ok(plain));
}
