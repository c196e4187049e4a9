//! The examples of STIX 2.1 §9, and what they match by what the text says of them.
//!
//! They are those of the standard with its Errata 01 (draft of 2 April 2025).
#![expect(
    clippy::too_many_lines,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test, and tables are long"
)]

use serde_json::{Value, json};
use stix::{
    json::Document,
    pattern::{Limits, Matcher, Observed, Pattern},
};

#[path = "specification/patterns.rs"]
mod examples;

/// The example that contains this.
fn pattern(part: &str) -> &'static str {
    let all = examples::PATTERNS.iter().map(|example| example.text);
    let mut holding = all.filter(|text| text.contains(part));
    let whole = holding.clone().find(|text| *text == part);
    whole.or_else(|| holding.next()).unwrap()
}

/// Objects that were observed together, once, in that second.
fn at(second: u64, objects: &Value) -> Value {
    let time = format!(
        "2020-01-01T{:02}:{:02}:{:02}Z",
        second / 3600,
        second / 60 % 60,
        second % 60
    );
    json!({
        "type": "observed-data", "first_observed": time, "last_observed": time,
        "number_observed": 1, "objects": objects,
    })
}

/// One object that was observed once in that second.
fn one(second: u64, object: &Value) -> Value {
    at(second, &json!({ "0": object }))
}

fn matches(pattern: &str, observed: &[Value]) -> bool {
    let text = Value::from(observed).to_string();
    let document = Document::parse(text.as_bytes()).unwrap();
    let observed = Observed::from_bundle(document.root()).unwrap();
    let pattern = Pattern::parse(pattern).unwrap();
    let matcher = Matcher::new(&pattern, &Limits::default()).unwrap();
    matcher.matches(&observed).unwrap()
}

#[test]
fn the_examples_of_the_specification_are_valid_and_print_as_they_stand() {
    for example in examples::PATTERNS {
        let pattern = Pattern::parse_strict(example.text).unwrap();
        assert_eq!(pattern.to_string(), example.printed.unwrap_or(example.text));
        assert_eq!(pattern.to_string().parse(), Ok(pattern));
    }
}

/// Examples of §9.5 that only sketch a pattern: a property with a hyphen stands between apostrophes
/// (§9.7), a comparison has an operator, `WITHIN` counts seconds, and a digest is whole.
#[test]
fn sketches_of_the_specification_are_no_patterns() {
    for (text, code) in [
        (
            "[type-a:property-j = 'W' AND type-a:property-k = 'X' OR type-a:property-l = 'Z']",
            "pattern.syntax",
        ),
        (
            "([ a ] AND [ b ] REPEATS 5 TIMES) WITHIN 5 MINUTES",
            "pattern.syntax",
        ),
        ("[ b ] FOLLOWEDBY [ c ] REPEATS 5 TIMES", "pattern.syntax"),
        (
            "[ a = 'b' ] FOLLOWEDBY [ c = 'd' ] REPEATS 5 TIMES",
            "pattern.syntax",
        ),
        (
            "([file:hashes.'SHA-256' = '13987239847...'] AND [windows-registry-key:key = 'hkey']) WITHIN 120 SECONDS",
            "pattern.bad_hash",
        ),
    ] {
        assert_eq!(
            Pattern::parse_strict(text).unwrap_err().code(),
            code,
            "{text}"
        );
    }
}

/// Patterns of one bracket (§9.1 to §9.8) by a part of each, with objects that fulfil it, and with one
/// thing changed that they do not.
#[test]
fn one_observation_fulfils_what_stands_in_brackets() {
    let rows: Value = serde_json::from_str(include_str!("specification/matches.json")).unwrap();
    for row in rows.as_array().unwrap() {
        let [part, from, to] = ["pattern", "from", "to"].map(|name| row[name].as_str().unwrap());
        let (pattern, objects) = (pattern(part), &row["objects"]);
        assert!(matches(pattern, &[at(0, objects)]), "{pattern}");
        let changed = objects.to_string().replace(from, to);
        assert_ne!(changed, objects.to_string(), "{pattern}");
        let changed: Value = serde_json::from_str(&changed).unwrap();
        assert!(!matches(pattern, &[at(0, &changed)]), "{pattern} {changed}");
    }
    assert_eq!(rows.as_array().unwrap().len(), 41);
}

/// §9.5: both addresses were observed, but no one object refers to both.
#[test]
fn comparisons_in_brackets_start_from_the_same_object() {
    let mut objects = json!({
        "0": {"type": "network-traffic", "src_ref": "1"},
        "1": {"type": "ipv4-addr", "value": "203.0.113.10"},
        "2": {"type": "network-traffic", "dst_ref": "3"},
        "3": {"type": "ipv4-addr", "value": "198.51.100.58"},
    });
    let pattern = pattern("203.0.113.10");
    assert!(!matches(pattern, &[at(0, &objects)]));
    objects["2"]["src_ref"] = json!("1");
    assert!(matches(pattern, &[at(0, &objects)]));
}

/// §9.5, with the names of properties in the apostrophes that §9.7 asks for.
#[test]
fn alternatives_may_be_of_different_types_and_and_binds_tighter() {
    let (w, x, z) = (
        "'property-j' = 'W'",
        "'property-k' = 'X'",
        "'property-l' = 'Z'",
    );
    let types = format!(
        "[(type-a:{w} AND type-a:{x}) OR (type-b:'property-m' = 'Y' AND type-b:'property-n' = 'Z')]"
    );
    let one_type = format!("[type-a:{w} AND type-a:{x} OR type-a:{z}]");
    for (object, of_types, of_one) in [
        (
            json!({"type": "type-a", "property-j": "W", "property-k": "X"}),
            true,
            true,
        ),
        (
            json!({"type": "type-b", "property-m": "Y", "property-n": "Z"}),
            true,
            false,
        ),
        (
            json!({"type": "type-a", "property-j": "W", "property-n": "Z"}),
            false,
            false,
        ),
        (json!({"type": "type-a", "property-l": "Z"}), false, true),
        (json!({"type": "type-a", "property-j": "W"}), false, false),
    ] {
        assert_eq!(matches(&types, &[one(0, &object)]), of_types, "{object}");
        assert_eq!(matches(&one_type, &[one(0, &object)]), of_one, "{object}");
    }
    let halves = [
        one(0, &json!({"type": "type-a", "property-j": "W"})),
        one(0, &json!({"type": "type-a", "property-k": "X"})),
    ];
    assert!(!matches(&types, &halves));
    assert!(Pattern::parse_strict(&types).is_ok());
    let across = format!("[type-a:{w} AND type-b:{x}]");
    assert_eq!(
        Pattern::parse_strict(&across).unwrap_err().code(),
        "pattern.and_across_types"
    );
}

/// A row of letters, one a second after a beginning, as observations of a domain name each.
fn row(letters: &str, step: u64) -> Vec<Value> {
    let object = |letter: char| json!({"type": "domain-name", "value": letter.to_string()});
    (0..)
        .zip(letters.chars())
        .map(|(n, letter)| one(n * step, &object(letter)))
        .collect()
}

/// §9.5 to §9.5.2, with domain names for `a` to `d`, and seconds for minutes.
#[test]
fn qualifiers_hold_for_what_stands_before_them() {
    let [a, b] = ["a", "b"].map(|value| format!("[domain-name:value = '{value}']"));
    let one_a = format!("({a} AND {b} REPEATS 5 TIMES) WITHIN 300 SECONDS");
    let five_a = format!("({a} AND {b}) REPEATS 5 TIMES WITHIN 300 SECONDS");
    let after = format!("{a} FOLLOWEDBY {b} REPEATS 5 TIMES");
    let grouped = format!("{a} FOLLOWEDBY ({b} REPEATS 5 TIMES)");
    let pairs = format!("({a} FOLLOWEDBY {b}) REPEATS 5 TIMES");
    for (letters, step, expected) in [
        ("bbbbba", 59, [true, false, false, false]),
        ("abbbbb", 60, [false, false, true, false]),
        ("abbbbb", 59, [true, false, true, false]),
        ("babbbb", 1, [true, false, false, false]),
        ("abbbb", 1, [false, false, false, false]),
        ("ababababab", 33, [true, true, true, true]),
        ("ababababab", 34, [true, false, true, true]),
        ("aaaaabbbbb", 1, [true, true, true, true]),
        ("bbbbbaaaaa", 1, [true, true, false, false]),
        ("aaaaabbbb", 1, [false, false, false, false]),
    ] {
        let observed = row(letters, step);
        let found = [&one_a, &five_a, &after, &pairs].map(|pattern| matches(pattern, &observed));
        assert_eq!(found, expected, "{letters} {step}");
        assert_eq!(matches(&grouped, &observed), found[2], "{letters} {step}");
    }
}

/// The examples of several observations.
#[test]
fn several_observations_fulfil_several_brackets() {
    let hashed =
        |algorithm: &str, digest: &str| json!({"type": "file", "hashes": {algorithm: digest}});
    let key = json!({"type": "windows-registry-key", "key": r"HKEY_LOCAL_MACHINE\foo\bar"});
    let bf = hashed(
        "SHA-256",
        "bf07a7fbb825fc0aae7bf4a1177b2b31fcf8a3feeaf7092761e18c859ee52a9c",
    );
    let ce = hashed("MD5", "cead3f77f6cda6ec00f57d76c9a6879f");
    let ae = hashed(
        "SHA-256",
        "aec070645fe53ee3b3763059376134f058cc337247c978add178b6ccdfb0019f",
    );
    let md5 = hashed("MD5", "79054025255fb1a26e4bc422aef54eb4");
    let foo = json!({"type": "file", "name": "foo.dll"});
    let address = |value: &str| json!({"type": "ipv4-addr", "value": value});
    let (five, ten) = (address("198.51.100.5"), address("198.51.100.10"));
    let beacon = json!({"0": {"type": "network-traffic", "dst_ref": "1"}, "1": {"type": "domain-name", "value": "example.com"}});
    let beacons = |count: u64, step: u64| {
        (0..count)
            .map(|n| at(n * step, &beacon))
            .collect::<Vec<_>>()
    };
    let process = |name: &str| json!({"0": {"type": "process", "image_ref": "1"}, "1": {"type": "file", "name": name}});
    let account = |id: &str, login: &str| json!({"type": "user-account", "account_type": "unix", "user_id": id, "account_login": login});
    let accounts = [
        account("1007", "Peter"),
        account("1008", "Paul"),
        account("1009", "Mary"),
    ];
    let command = |end: &str| json!({"type": "process", "command_line": format!("certmgr.exe>-add GlobalSign.cer -c -s -r localMachine{end}")});
    let (root, publisher) = (command(" Root"), command("TrustedPublisher"));
    let (known, name) = (
        address("203.0.113.33/32"),
        json!({"type": "domain-name", "value": "example.com"}),
    );
    for (part, observed, expected) in [
        (
            "FOLLOWEDBY [ipv4-addr:value = '198.51.100.10'])",
            vec![one(0, &five), one(9, &ten)],
            true,
        ),
        (
            "FOLLOWEDBY [ipv4-addr:value = '198.51.100.10'])",
            vec![one(9, &five), one(9, &ten)],
            true,
        ),
        (
            "FOLLOWEDBY [ipv4-addr:value = '198.51.100.10'])",
            vec![one(9, &five), one(0, &ten)],
            false,
        ),
        (
            ") WITHIN 300 SECONDS",
            vec![one(299, &five), one(0, &ten)],
            true,
        ),
        (
            ") WITHIN 300 SECONDS",
            vec![one(0, &five), one(300, &ten)],
            false,
        ),
        ("AND [ ipv4", vec![one(0, &ten), one(9, &five)], true),
        // Two observations are asked for.
        (
            "AND [ ipv4",
            vec![at(0, &json!({"0": five, "1": ten}))],
            false,
        ),
        (
            "REPEATS 5 TIMES",
            (0..5).map(|n| one(n, &known)).collect(),
            true,
        ),
        (
            "REPEATS 5 TIMES",
            (0..4).map(|n| one(n, &known)).collect(),
            false,
        ),
        (
            "WITHIN 600 SECONDS",
            vec![one(0, &known), one(599, &name)],
            true,
        ),
        (
            "WITHIN 600 SECONDS",
            vec![one(0, &known), one(600, &name)],
            false,
        ),
        (
            "WITHIN 600 SECONDS",
            vec![one(1, &known), one(0, &name)],
            false,
        ),
        ("cead3f77f6cda6ec", vec![one(0, &bf), one(1, &ae)], true),
        ("cead3f77f6cda6ec", vec![one(0, &ae), one(1, &ce)], true),
        ("cead3f77f6cda6ec", vec![one(0, &bf), one(1, &ce)], false),
        ("79054025255fb1a2", vec![one(0, &md5), one(299, &key)], true),
        (
            "79054025255fb1a2",
            vec![one(0, &md5), one(300, &key)],
            false,
        ),
        ("79054025255fb1a2", vec![one(9, &md5), one(0, &key)], false),
        (
            "'Paul'",
            accounts.iter().map(|account| one(0, account)).collect(),
            true,
        ),
        (
            "'Paul'",
            accounts[1..]
                .iter()
                .map(|account| one(0, account))
                .collect(),
            false,
        ),
        (
            "'Paul'",
            vec![at(
                0,
                &json!({"0": accounts[0], "1": accounts[1], "2": accounts[2]}),
            )],
            false,
        ),
        ("WITHIN 1800 SECONDS", beacons(5, 449), true),
        ("WITHIN 1800 SECONDS", beacons(5, 450), false),
        ("WITHIN 1800 SECONDS", beacons(4, 1), false),
        // The qualifier stands behind the second bracket and holds for it alone.
        (
            "GlobalSign",
            vec![one(0, &root), one(9000, &publisher)],
            true,
        ),
        ("GlobalSign", vec![one(1, &root), one(0, &publisher)], false),
        ("'procfoo'", vec![one(0, &foo), one(1, &key)], true),
        ("'procfoo'", vec![one(0, &foo)], false),
        ("'procfoo'", vec![at(0, &process("procfoo"))], true),
        (
            "'procfoo'",
            vec![at(0, &process("other")), one(1, &foo)],
            false,
        ),
    ] {
        let pattern = pattern(part);
        assert_eq!(
            matches(pattern, &observed),
            expected,
            "{pattern} {observed:?}"
        );
    }
}

/// §9.1: at or after the one moment, before the other.
#[test]
fn start_is_counted_and_stop_is_not() {
    for (time, expected) in [
        ("2016-05-31T23:59:59.999Z", false),
        ("2016-06-01T00:00:00Z", true),
        ("2016-06-30T23:59:59.999Z", true),
        ("2016-07-01T00:00:00Z", false),
    ] {
        let mut seen = one(0, &json!({"type": "file", "name": "foo.dll"}));
        seen["first_observed"] = json!(time);
        seen["last_observed"] = json!(time);
        assert_eq!(matches(pattern("START"), &[seen]), expected, "{time}");
    }
}

/// §9.6.4: a value that is octets is compared as octets.
#[test]
fn octets_are_compared_as_such() {
    let artifact = json!({"type": "artifact", "mime_type": "application/octet-stream", "payload_bin": "dGhpcyBpcyBhIHRlc3Q="});
    for (part, expected) in [
        ("payload_bin = 'dGhp", false),
        ("payload_bin = 'this", true),
        ("payload_bin = b'", true),
        ("payload_bin = h'", true),
    ] {
        assert_eq!(
            matches(pattern(part), &[one(0, &artifact)]),
            expected,
            "{part}"
        );
    }
}
