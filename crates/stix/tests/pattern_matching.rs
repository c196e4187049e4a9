//! What patterns match: each rule of the tables of STIX 2.1 §9. Its examples are in
//! `specification_patterns.rs`.
#![expect(
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test, and tables are long"
)]

use serde_json::{Value, json};
use stix::{
    json::Document,
    pattern::{Limits, MatchError, Matcher, Observed, Pattern},
};

/// Observed once each at the given second, in the deprecated dictionary.
fn observed(second: u64, objects: &Value) -> Value {
    let time = format!("2020-01-01T00:{:02}:{:02}Z", second / 60, second % 60);
    json!({
        "type": "observed-data",
        "first_observed": time,
        "last_observed": time,
        "number_observed": 1,
        "objects": objects,
    })
}

fn answer(pattern: &str, list: &[Value]) -> Result<bool, MatchError> {
    let text = Value::from(list).to_string();
    let document = Document::parse(text.as_bytes()).unwrap();
    let observed = Observed::from_bundle(document.root()).unwrap();
    let pattern = Pattern::parse(pattern).unwrap();
    Matcher::new(&pattern, &Limits::default())?.matches(&observed)
}

fn matches(pattern: &str, list: &[Value]) -> bool {
    answer(pattern, list).unwrap()
}

/// Whether one object alone fulfils what stands in brackets.
fn holds(comparison: &str, object: &Value) -> bool {
    matches(
        &format!("[{comparison}]"),
        &[observed(0, &json!({"0": object}))],
    )
}

#[test]
fn an_and_is_fulfilled_by_one_object_and_an_observation_by_any() {
    let [a, b] = [1, 2].map(|n| json!({"type": "x", "n": n, "m": n}));
    let both = observed(0, &json!({"0": a, "1": b}));
    let both = std::slice::from_ref(&both);
    assert!(matches("[x:n = 1 AND x:m = 1]", both));
    assert!(!matches("[x:n = 1 AND x:m = 2]", both));
    assert!(matches("[(x:n = 1 OR x:n = 2) AND x:m = 2]", both));
    // Two observations are asked for; there is one.
    assert!(!matches("[x:n = 1] AND [x:m = 2]", both));
    assert!(matches("[x:n = 1] OR [x:m = 3]", both));
    // No object has two types (§9.5); see `Pattern::parse_strict`.
    assert!(!matches("[x:n = 1 AND y:n = 1]", both));
}

/// §9.6.1 and §9.6.4, on values of each type.
#[test]
fn values_are_compared_by_type() {
    let object = json!({
        "type": "x", "int": 5, "float": 12.658, "whole": 12.0, "bool": true, "text": "hello",
        "null": null, "time": "2004-10-11T21:44:58.5Z", "raw_hex": "68656c6c6f", "raw_bin": "aGVsbG8=",
        "broken_hex": "zz", "list": [1, 2],
    });
    for comparison in [
        "x:int = 5",
        "x:int = 5.0",
        "x:int != 6",
        "x:int < 5.5",
        "x:int NOT < 5",
        "x:int IN (4, 5)",
        "x:int IN (4.5, 5)",
        "x:int != '5'",
        "x:int != true",
        "x:int NOT LIKE '5'",
        "x:int NOT MATCHES '5'",
        "x:int NOT ISSUBSET '0.0.0.0/0'",
        "x:float > 12.65",
        "x:whole = 12",
        "x:whole IN (12)",
        "x:bool = true",
        "x:bool != false",
        "x:bool != 1",
        "x:bool NOT IN (1)",
        "x:text = 'hello'",
        "x:text > 'alice'",
        "x:text <= 'hello'",
        "x:text IN ('a', 'hello')",
        "x:text = h'68656c6c6f'",
        "x:text = b'aGVsbG8='",
        "x:text NOT IN ()",
        "x:text < h'ff'",
        "x:raw_hex = 'hello'",
        "x:raw_hex = b'aGVsbG8='",
        "x:raw_bin = h'68656c6c6f'",
        "x:raw_bin IN (h'00', h'68656c6c6f')",
        "x:raw_hex LIKE 'h%o'",
        "x:raw_bin MATCHES '^hel+o$'",
        "x:raw_hex != '\u{101}'",
        "x:broken_hex = 'zz'",
        "x:null != 'a'",
        "x:null NOT = 'a'",
        "x:time = t'2004-10-11T21:44:58.500Z'",
        "x:time < t'2004-10-11T21:44:59Z'",
        "x:time = '2004-10-11T21:44:58.5Z'",
        "x:text != t'2004-10-11T21:44:59Z'",
        "x:list != 1",
        "x:list[*] = 2",
        "x:list[*] != 2",
        "x:list[1] = 2",
    ] {
        assert!(holds(comparison, &object), "{comparison}");
    }
    for comparison in [
        "x:int = '5'",
        "x:int = true",
        "x:int NOT = 5",
        "x:int > h'00'",
        "x:int LIKE '5'",
        "x:bool = 1",
        "x:bool IN (1)",
        "x:text = 'Hello'",
        "x:text < 'alice'",
        "x:text IN ()",
        "x:null = 'a'",
        "x:null < 'a'",
        "x:null NOT < 'a'",
        "x:text < t'2004-10-11T21:44:59Z'",
        "x:text NOT < t'2004-10-11T21:44:59Z'",
        "x:raw_hex < '\u{101}'",
        "x:list = 1",
        "x:list[2] = 2",
        "x:none = 1",
        "x:none != 1",
        "x:none NOT = 1",
        "x:none NOT IN (1)",
        "y:int = 5",
        "x:text.none != 1",
    ] {
        assert!(!holds(comparison, &object), "{comparison}");
    }
}

#[test]
fn exists_asks_for_the_property_and_not_for_a_value() {
    let object = json!({"type": "x", "null": null, "o_ref": "gone", "list": [], "d": {"a-b": 1}});
    for (path, exists) in [
        ("x:null", true),
        ("x:o_ref", true),
        ("x:o_ref.value", false),
        ("x:list", true),
        ("x:list[*]", false),
        ("x:d.'a-b'", true),
        ("x:none", false),
    ] {
        assert_eq!(holds(&format!("EXISTS {path}"), &object), exists, "{path}");
        assert_eq!(
            holds(&format!("NOT EXISTS {path}"), &object),
            !exists,
            "{path}"
        );
    }
    // There must be an object that lacks it.
    assert!(!holds("NOT EXISTS y:none", &object));
}

#[test]
fn references_are_followed_within_the_observation_when_something_is_asked_of_them() {
    let objects = json!({
        "0": {"type": "x", "o_ref": "1", "o_refs": ["9", "1", "2"]},
        "1": {"type": "y", "n": 1, "o_ref": "2"},
        "2": {"type": "y", "n": 2},
    });
    let list = [
        observed(0, &objects),
        observed(0, &json!({"9": {"type": "y", "n": 9}})),
    ];
    for (comparison, expected) in [
        ("x:o_ref.n = 1", true),
        ("x:o_ref.o_ref.n = 2", true),
        ("x:o_ref.type = 'y'", true),
        ("x:o_refs[*].n = 2", true),
        ("x:o_refs[1].n = 1", true),
        ("x:o_refs[0].n = 1", false),
        ("x:o_refs[*].n = 9", false),
        ("x:o_refs.n = 1", false),
        ("x:o_ref = '1'", true),
        ("x:o_refs[*] = '9'", true),
    ] {
        assert_eq!(
            matches(&format!("[{comparison}]"), &list),
            expected,
            "{comparison}"
        );
    }
}

#[test]
fn objects_of_the_bundle_are_those_that_object_refs_names() {
    let mut bundle = vec![
        observed(0, &Value::Null),
        json!({"type": "ipv4-addr", "id": "ipv4-addr--1", "value": "10.0.0.1"}),
        json!({"type": "ipv4-addr", "id": "ipv4-addr--2", "value": "10.0.0.2"}),
        json!({"type": "identity", "id": "identity--1", "name": "a"}),
    ];
    bundle[0]["object_refs"] = json!(["ipv4-addr--1", "identity--1", "file--gone"]);
    assert!(matches("[ipv4-addr:value = '10.0.0.1']", &bundle));
    assert!(!matches("[ipv4-addr:value = '10.0.0.2']", &bundle));
    // Patterns are about what can be observed.
    assert!(!matches("[identity:name = 'a']", &bundle));
    assert!(!matches("[observed-data:number_observed = 1]", &bundle));
}

/// §9.5.1 and §9.5.2 on a row of observations, one a second.
#[test]
fn observations_are_combined_as_operators_and_qualifiers_say() {
    let list: Vec<Value> = ["a", "b", "a", "c", "a"]
        .into_iter()
        .zip(0..)
        .map(|(value, second)| observed(second, &json!({"0": {"type": "x", "v": value}})))
        .collect();
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|value| format!("[x:v = '{value}']"));
    let start_stop = |from: u32, to: u32| {
        format!("START t'2020-01-01T00:00:{from:02}Z' STOP t'2020-01-01T00:00:{to:02}Z'")
    };
    for (pattern, expected) in [
        (format!("{a} AND {b} AND {c}"), true),
        (format!("{a} AND {d}"), false),
        (format!("{a} OR {d}"), true),
        (format!("{b} FOLLOWEDBY {c}"), true),
        (format!("{c} FOLLOWEDBY {b}"), false),
        (
            format!("{a} FOLLOWEDBY {b} FOLLOWEDBY {a} FOLLOWEDBY {c} FOLLOWEDBY {a}"),
            true,
        ),
        (format!("{c} FOLLOWEDBY {a} FOLLOWEDBY {a}"), false),
        // AND binds tighter than OR, and OR than FOLLOWEDBY.
        (format!("{a} OR {d} AND {d}"), true),
        (format!("({a} OR {d}) AND {d}"), false),
        (format!("{d} OR {c} FOLLOWEDBY {b}"), false),
        (format!("{d} OR ({b} FOLLOWEDBY {c})"), true),
        (format!("{a} REPEATS 3 TIMES"), true),
        (format!("{a} REPEATS 4 TIMES"), false),
        (format!("{a} REPEATS 2 TIMES WITHIN 2.001 SECONDS"), true),
        (format!("{a} REPEATS 2 TIMES WITHIN 2 SECONDS"), false),
        // A qualifier is for what stands before it alone.
        (format!("{a} FOLLOWEDBY {c} WITHIN 0.1 SECONDS"), true),
        (format!("({a} FOLLOWEDBY {c}) WITHIN 0.1 SECONDS"), false),
        (format!("({a} AND ({b} OR {c})) REPEATS 2 TIMES"), true),
        (format!("({a} AND ({b} OR {c})) REPEATS 3 TIMES"), false),
        (format!("{b} {}", start_stop(1, 2)), true),
        (format!("{b} {}", start_stop(0, 1)), false),
        (format!("{b} {}", start_stop(2, 9)), false),
        (format!("{a} REPEATS 2 TIMES {}", start_stop(1, 5)), true),
        (format!("{a} REPEATS 3 TIMES {}", start_stop(1, 5)), false),
        (format!("{a} {} REPEATS 2 TIMES", start_stop(1, 4)), false),
    ] {
        assert_eq!(matches(&pattern, &list), expected, "{pattern}");
    }
}
