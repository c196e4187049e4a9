//! Sets and observations made to hurt: what they cost is bounded, and what is lost is counted.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::time::Duration;

use stix::{
    json::Document,
    pattern::{Objects, Observed},
    pattern_set::{Losses, PatternSet, PatternSetBuilder, SetLimits, Unindexed},
};

fn set(limits: SetLimits, patterns: impl IntoIterator<Item = String>) -> PatternSet {
    let mut builder = PatternSetBuilder::new(limits);
    for pattern in patterns {
        builder.add(&pattern).unwrap();
    }
    builder.build()
}

fn one(pattern: &str) -> PatternSet {
    set(SetLimits::default(), [pattern.to_owned()])
}

/// What each of the observations completes: the second that it begins and ends at, and its objects.
fn completed(set: &PatternSet, observations: &[(u32, &str)]) -> (Vec<Vec<u32>>, Losses) {
    let mut stream = set.stream();
    let each = observations.iter().map(|(second, objects)| {
        let moment = format!("2020-01-01T{:02}:{:02}:{:02}Z", second / 3600, second / 60 % 60, second % 60);
        let text = format!(
            "{{\"type\":\"observed-data\",\"first_observed\":\"{moment}\",\"last_observed\":\"{moment}\",\
             \"number_observed\":1,\"objects\":{{{objects}}}}}"
        );
        let document = Document::parse(text.as_bytes()).unwrap();
        let observed = Observed::new(document.root(), &Objects::default()).unwrap();
        let mut found = Vec::new();
        stream.observe(&observed, |pattern| found.push(pattern.number())).unwrap();
        assert_eq!(stream.failed(), []);
        found
    });
    let each = each.collect();
    (each, stream.losses())
}

const A: &str = r#""0":{"type":"url","value":"a"}"#;
const B: &str = r#""0":{"type":"url","value":"b"}"#;

#[test]
fn many_patterns_may_share_one_value() {
    let patterns = (0..100_000).map(|_| "[url:value = 'a']".to_owned());
    let set = set(SetLimits::default(), patterns);
    // And the observation has it many times over.
    let objects: Vec<_> = (0..50)
        .map(|at| format!("\"{at}\":{{\"type\":\"url\",\"value\":\"a\"}}"))
        .collect();
    let (found, _) = completed(&set, &[(0, &objects.join(",")), (1, B)]);
    assert_eq!(found[0], (0..100_000).collect::<Vec<_>>());
    assert_eq!(found[1], []);
}

#[test]
fn many_patterns_may_share_one_text_and_one_range() {
    let patterns = (0..20_000).flat_map(|at| {
        [
            format!("[url:value LIKE '%shared{at}%']"),
            format!("[url:port > {at} AND url:port <= {}]", at + 10),
        ]
    });
    let set = set(SetLimits::default(), patterns);
    let object = r#""0":{"type":"url","value":"xxshared77","port":5000}"#;
    let (found, _) = completed(&set, &[(0, object)]);
    let mut expected: Vec<u32> = (4990..5000).map(|at| 2 * at + 1).collect();
    expected.insert(0, 2 * 77);
    expected.insert(0, 2 * 7);
    assert_eq!(found[0], expected);
}

#[test]
fn long_strings_are_values_like_others() {
    let long = "shar".repeat(500_000);
    let patterns = [
        format!("[url:value = '{}']", "shar".repeat(250_000)),
        "[url:value LIKE '%hars%x']".to_owned(),
    ];
    let (found, _) = completed(
        &set(SetLimits::default(), patterns),
        &[
            (0, &format!(r#""0":{{"type":"url","value":"{long}"}}"#)),
            (1, &format!(r#""0":{{"type":"url","value":"{long}x"}}"#)),
        ],
    );
    assert_eq!(found, [vec![], vec![1]]);
}

#[test]
fn many_wildcards_are_walked_once() {
    let patterns = (0..10_000).map(|at| format!("[x-a:list[*].k{at}[*].deep[*] = {at}]"));
    let set = set(SetLimits::default(), patterns);
    let items: Vec<_> = (0..1_000)
        .map(|at| format!("{{\"k{at}\":[{{\"deep\":[1,{at}]}}]}}"))
        .collect();
    let object = format!(r#""0":{{"type":"x-a","list":[{}]}}"#, items.join(","));
    let (found, _) = completed(&set, &[(0, &object)]);
    assert_eq!(found[0], (0..1_000).collect::<Vec<_>>());
}

#[test]
fn circles_of_references_end() {
    let steps = ".x_refs[*]".repeat(30);
    let set = one(&format!(
        "[x-a:{}.name = 'a']",
        steps.trim_start_matches('.')
    ));
    let references = vec!["\"0\",\"1\""; 50].join(",");
    let objects = format!(
        r#""0":{{"type":"x-a","x_refs":[{references}]}},"1":{{"type":"x-b","x_refs":[{references}],"name":"a"}}"#
    );
    assert_eq!(completed(&set, &[(0, &objects)]).0, [[0]]);
    // A path as long as a pattern can be needs no deeper stack than others.
    let long = one(&format!("[x-a:x_ref{} = 'a']", ".x_ref".repeat(60_000)));
    assert_eq!(
        long.unindexed().map(|(_, why)| why).collect::<Vec<_>>(),
        [Unindexed::LongPath]
    );
    completed(&long, &[(0, r#""0":{"type":"x-a","x_ref":"0"}"#)]);
}

#[test]
fn windows_are_bounded_and_say_what_they_lost() {
    let limits = SetLimits {
        kept_per_bracket_max: 4,
        ..SetLimits::default()
    };
    let followed = set(
        limits,
        ["[url:value = 'a'] FOLLOWEDBY [url:value = 'b']".to_owned()],
    );
    let many: Vec<_> = (0..10).map(|second| (second, A)).chain([(10, B)]).collect();
    let (found, losses) = completed(&followed, &many);
    assert_eq!(
        (found.last().unwrap().as_slice(), losses),
        (
            [0].as_slice(),
            Losses {
                dropped: 6,
                late: 0
            }
        )
    );

    let repeated = set(limits, ["[url:value = 'a'] REPEATS 3 TIMES".to_owned()]);
    let (found, losses) = completed(&repeated, &many);
    assert_eq!(
        found.iter().map(Vec::len).collect::<Vec<_>>(),
        [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0]
    );
    assert_eq!(losses, Losses::default());

    let limits = SetLimits {
        kept_max: 3,
        ..SetLimits::default()
    };
    let within = set(
        limits,
        ["[url:value = 'a'] REPEATS 3 TIMES WITHIN 2.5 SECONDS".to_owned()],
    );
    let (found, losses) = completed(&within, &many);
    assert_eq!(
        found.iter().map(Vec::len).collect::<Vec<_>>(),
        [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0]
    );
    assert_eq!(losses, Losses::default());
}

#[test]
fn what_comes_late_is_counted_or_awaited() {
    let pattern = "([url:value = 'a'] AND [url:value = 'b']) WITHIN 10 SECONDS".to_owned();
    let late = [(0, A), (100, A), (5, B)];
    let (found, losses) = completed(&set(SetLimits::default(), [pattern.clone()]), &late);
    assert_eq!(
        (found, losses),
        (
            vec![vec![], vec![], vec![]],
            Losses {
                dropped: 0,
                late: 1
            }
        )
    );
    let limits = SetLimits {
        lateness: Duration::from_secs(100),
        ..SetLimits::default()
    };
    let (found, losses) = completed(&set(limits, [pattern]), &late);
    assert_eq!(
        (found, losses),
        (vec![vec![], vec![], vec![0]], Losses::default())
    );
}

#[test]
fn what_no_constant_finds_is_listed_and_found_all_the_same() {
    let patterns = [
        "[url:value != 'a']",
        "[url:value = 'a']",
        "[NOT EXISTS url:port]",
        "[url:value MATCHES '^[a-z]$']",
        "[url:value LIKE '_']",
        "[url:value != 'z' AND url:value = 'b']",
        "[url:value = 'b' OR url:value NOT IN ('a', 'b')]",
        "[url:value MATCHES '^(?=a)']",
    ];
    let set = set(SetLimits::default(), patterns.map(String::from));
    let unindexed: Vec<_> = set
        .unindexed()
        .map(|(pattern, why)| (pattern.number(), why))
        .collect();
    assert_eq!(
        unindexed,
        [
            (0, Unindexed::Negated),
            (2, Unindexed::Negated),
            (3, Unindexed::NoText),
            (4, Unindexed::NoText),
            (6, Unindexed::Negated),
            (7, Unindexed::NoText),
        ]
    );
    assert_eq!(
        completed(&set, &[(0, A), (1, B)]).0,
        [vec![1, 2, 3, 4, 7], vec![0, 2, 3, 4, 5, 6]]
    );
}

#[test]
fn what_is_no_pattern_is_refused_and_leaves_no_trace() {
    let mut builder = PatternSetBuilder::new(SetLimits {
        patterns_max: 2,
        ..SetLimits::default()
    });
    for (text, code) in [
        ("[url:value = 'a'", "pattern.syntax"),
        ("[url:value ISSUBSET 'x']", "pattern.bad_address"),
        (
            "[url:value = 'a' OR url:value MATCHES '(?R)']",
            "pattern.regex",
        ),
        ("[url:value MATCHES '[b-a]bcde']", "pattern.regex"),
    ] {
        assert_eq!(builder.add(text).unwrap_err().code(), code, "{text}");
    }
    for number in 0..2 {
        assert_eq!(builder.add("[url:value = 'b']").unwrap().number(), number);
    }
    assert_eq!(
        builder.add("[url:value = 'b']").unwrap_err().code(),
        "pattern_set.full"
    );
    let set = builder.build();
    assert_eq!((set.len(), set.statistics().constants), (2, 2));
    assert_eq!(completed(&set, &[(0, A), (1, B)]).0, [vec![], vec![0, 1]]);
}
