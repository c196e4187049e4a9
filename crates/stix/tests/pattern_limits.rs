//! Patterns that cannot be used, or that want more than their share, end with a code.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use serde_json::{Value, json};
use stix::{
    json::Document,
    pattern::{Limits, MatchError, Matcher, Observed, Pattern},
};

/// Objects observed once, or as often as said.
fn observed(number: u32, objects: &Value) -> Value {
    json!({
        "type": "observed-data",
        "first_observed": "2020-01-01T00:00:00Z",
        "last_observed": "2020-01-01T00:00:00Z",
        "number_observed": number,
        "objects": objects,
    })
}

fn answer(pattern: &str, observed: Value) -> Result<bool, MatchError> {
    let text = Value::from([observed]).to_string();
    let document = Document::parse(text.as_bytes()).unwrap();
    let observed = Observed::from_bundle(document.root()).unwrap();
    let pattern = Pattern::parse(pattern).unwrap();
    Matcher::new(&pattern, &Limits::default())?.matches(&observed)
}

#[test]
fn what_cannot_be_used_or_takes_too_long_is_an_error_with_a_code() {
    let text = "a".repeat(50) + "!";
    let objects = json!({"0": {"type": "x", "v": text}});
    for (comparison, code) in [
        ("x:v MATCHES '(a'", "pattern.regex"),
        ("x:v MATCHES '(?R)'", "pattern.regex"),
        ("x:v MATCHES '((a{1000}){1000}){1000}'", "pattern.regex"),
        (
            "x:v MATCHES '^(a|aa)+(?=b)|^(a|aa)+\\\\1?$'",
            "pattern.regex_limit",
        ),
        ("x:v ISSUBSET 'ten'", "pattern.bad_address"),
        ("x:v ISSUPERSET '10.0.0.0/33'", "pattern.bad_address"),
    ] {
        let answer = answer(&format!("[{comparison}]"), observed(1, &objects));
        assert_eq!(answer.unwrap_err().code(), code, "{comparison}");
    }
}

#[test]
fn circles_of_references_do_not_multiply() {
    let refs: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    let object = json!({"type": "x", "o_refs": refs, "n": 1});
    let objects: Value = refs.iter().map(|id| (id.clone(), object.clone())).collect();
    let ask = |steps, n: u32| {
        let path = format!("x:o_refs[*]{}.n", ".o_refs[*]".repeat(steps));
        answer(&format!("[{path} = {n}]"), observed(1, &objects))
    };
    assert_eq!(ask(30, 1), Ok(true));
    assert_eq!(ask(30, 2), Ok(false));
    assert_eq!(ask(60_000, 2).unwrap_err().code(), "pattern.search_limit");
}

#[test]
fn repetitions_of_repetitions_do_not_multiply() {
    let objects = json!({"0": {"type": "x", "v": 1}});
    let repeats = " REPEATS 999999999 TIMES)".repeat(60);
    let nested = format!("{}[x:v = 1]{repeats}", "(".repeat(60));
    assert_eq!(answer(&nested, observed(1, &objects)), Ok(false));
    let timed = "([x:v = 1] FOLLOWEDBY [x:v = 1]) REPEATS 999999999 TIMES";
    assert_eq!(answer(timed, observed(1, &objects)), Ok(false));
    let often = answer(timed, observed(u32::MAX, &objects));
    assert_eq!(often.unwrap_err().code(), "pattern.search_limit");
}
