//! Each kind of constant finds the values that it should, and no others.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use stix::{
    json::Document,
    pattern::{Objects, Observed},
    pattern_set::{PatternSetBuilder, SetLimits},
};

/// For each pattern, whether it is found in the object; all of them are in one set.
fn check(object: &str, patterns: &[(&str, bool)]) {
    let mut builder = PatternSetBuilder::new(SetLimits::default());
    for (pattern, _) in patterns {
        builder.add(pattern).unwrap();
    }
    let text = format!(
        "{{\"first_observed\":\"2020-01-01T00:00:00Z\",\"last_observed\":\"2020-01-01T00:00:00Z\",\
         \"number_observed\":1,\"objects\":{{\"0\":{object}}}}}"
    );
    let document = Document::parse(text.as_bytes()).unwrap();
    let observed = Observed::new(document.root(), &Objects::default()).unwrap();
    let set = builder.build();
    let mut found = Vec::new();
    set.stream()
        .observe(&observed, |pattern| found.push(pattern.number()))
        .unwrap();
    let expected = (0..).zip(patterns).filter(|(_, (_, expected))| *expected);
    let expected: Vec<u32> = expected.map(|(number, _)| number).collect();
    assert_eq!(found, expected, "{object}");
}

#[test]
fn numbers_are_found_exactly() {
    check(
        r#"{"type":"file","size":9007199254740992}"#,
        &[
            ("[file:size = 9007199254740992]", true),
            ("[file:size = 9007199254740993]", false),
            ("[file:size = 9007199254740992.0]", true),
            ("[file:size > 9007199254740991]", true),
            ("[file:size > 9007199254740992]", false),
            (
                "[file:size >= 9007199254740992 AND file:size < 9007199254740993]",
                true,
            ),
            ("[file:size > 5 AND file:size < 4]", false),
            ("[file:size IN (1, 9007199254740992)]", true),
            ("[file:size = '9007199254740992']", false),
        ],
    );
    check(
        r#"{"type":"file","size":-0.0,"flag":true}"#,
        &[
            ("[file:size = 0]", true),
            ("[file:size = 0.0]", true),
            ("[file:size < 0]", false),
            ("[file:flag = true]", true),
            ("[file:flag = false]", false),
            ("[file:flag = 1]", false),
        ],
    );
}

#[test]
fn texts_are_found_by_their_characters() {
    check(
        r#"{"type":"file","name":"it's o\u0300\\x.exe","hashes":{"SHA-256":"AB"}}"#,
        &[
            ("[file:name = 'it\\'s o\u{300}\\\\x.exe']", true),
            // Equality does not normalise (STIX 2.1 §9.6.2), LIKE and MATCHES do.
            ("[file:name = 'it\\'s \u{f2}\\\\x.exe']", false),
            ("[file:name LIKE '%\u{f2}\\\\\\\\x%']", false),
            ("[file:name LIKE '%s \u{f2}\\\\x.e%']", true),
            ("[file:name MATCHES '\u{f2}.x\\\\.exe$']", true),
            ("[file:name LIKE '%X.EXE']", false),
            ("[file:name MATCHES '(?i)X\\\\.EXE$']", true),
            ("[file:hashes.'SHA-256' = 'AB']", true),
            ("[file:hashes.'SHA-256' = 'ab']", false),
            ("[file:name > 'it' AND file:name < 'iu']", true),
            (
                "[ file:name='x' OR /* a comment */ EXISTS file:hashes.'SHA-256' ]",
                true,
            ),
        ],
    );
}

#[test]
fn moments_and_octets_are_found_in_any_writing() {
    check(
        r#"{"type":"file","ctime":"2020-01-01T00:00:00.000Z","magic_hex":"Ff00","body_bin":"/wA="}"#,
        &[
            ("[file:ctime = t'2020-01-01T00:00:00Z']", true),
            ("[file:ctime = '2020-01-01T00:00:00Z']", false),
            (
                "[file:ctime >= t'2020-01-01T00:00:00Z' AND file:ctime < t'2020-01-01T00:00:01Z']",
                true,
            ),
            ("[file:magic_hex = h'ff00']", true),
            ("[file:magic_hex = b'/wA=']", true),
            ("[file:body_bin = h'ff00']", true),
            ("[file:body_bin = '\u{ff}\u{0}']", true),
            ("[file:body_bin = '/wA=']", false),
            ("[file:magic_hex = 'Ff00']", false),
        ],
    );
}

#[test]
fn networks_are_found_from_both_sides() {
    check(
        r#"{"type":"ipv4-addr","value":"198.51.100.128/25"}"#,
        &[
            ("[ipv4-addr:value ISSUBSET '198.51.100.0/24']", true),
            ("[ipv4-addr:value ISSUBSET '198.51.100.128/25']", true),
            ("[ipv4-addr:value ISSUBSET '198.51.100.128/26']", false),
            ("[ipv4-addr:value ISSUBSET '0.0.0.0/0']", true),
            ("[ipv4-addr:value ISSUPERSET '198.51.100.200']", true),
            ("[ipv4-addr:value ISSUPERSET '198.51.100.127']", false),
            ("[ipv4-addr:value ISSUPERSET '198.51.100.0/24']", false),
            ("[ipv4-addr:value ISSUBSET '::/0']", false),
        ],
    );
}

#[test]
fn paths_lead_through_lists_and_references() {
    check(
        r#"{"type":"file","list":[{"a":1},{"a":2}],"parent_ref":"0","all_refs":["0"],"name":"n"}"#,
        &[
            ("[file:list[*].a = 2]", true),
            ("[file:list[0].a = 2]", false),
            ("[file:list[1].a = 2]", true),
            ("[file:parent_ref.name = 'n']", true),
            ("[file:parent_ref = '0']", true),
            ("[file:all_refs[*].parent_ref.all_refs[0].name = 'n']", true),
            ("[file:list.name = 'n']", false),
            ("[directory:name = 'n']", false),
        ],
    );
}
