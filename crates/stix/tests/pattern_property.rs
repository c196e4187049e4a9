//! Properties of patterns: they print as they parse, no text breaks the parser, and the engine
//! answers as the naive evaluator does.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

use std::time::Duration;

use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};
use stix::{
    Timestamp,
    json::Document,
    pattern::{
        Comparison, Limits, Literal, Matcher, ObjectPath, Observation, Observed, Pattern,
        Proposition, Qualifier, Relation, Step, Test,
    },
};

mod naive;

/// What the two kinds of property draw from: anything, or little enough that things meet.
#[derive(Clone)]
struct Words {
    key: BoxedStrategy<Step>,
    object_type: BoxedStrategy<String>,
    literal: BoxedStrategy<Literal>,
    like: BoxedStrategy<String>,
    regex: BoxedStrategy<String>,
    address: BoxedStrategy<String>,
    second: BoxedStrategy<u64>,
}

fn anything() -> Words {
    let text = prop_oneof![any::<String>(), "[a-z'\\\\%_ ]{0,8}"].boxed();
    let literal = prop_oneof![
        any::<i64>().prop_map(Literal::Integer),
        any::<f64>()
            .prop_filter("finite", |f| f.is_finite())
            .prop_map(Literal::Float),
        any::<bool>().prop_map(Literal::Boolean),
        text.clone().prop_map(Literal::String),
        any::<Vec<u8>>().prop_map(Literal::Binary),
        any::<Vec<u8>>().prop_map(Literal::Hex),
        (0..253_402_300_799_i64, 0..1_000_000_000_u32)
            .prop_map(|(seconds, nanos)| Literal::Timestamp(Timestamp::from_parts(seconds, nanos))),
    ];
    Words {
        key: text.clone().prop_map(Step::Key).boxed(),
        object_type: "x-[a-z0-9_-]{0,5}".boxed(),
        literal: literal.boxed(),
        like: text.clone(),
        regex: text.clone(),
        address: text,
        second: any::<u32>().prop_map(u64::from).boxed(),
    }
}

const TEXTS: [&str; 9] = [
    "a",
    "ab",
    "b",
    "\u{f2}",
    "ffd8",
    "1.2.3.4",
    "1.2.3.0/24",
    "2020-01-01T00:00:02Z",
    "\u{101}",
];

fn little() -> Words {
    let text = select(&TEXTS[..]).prop_map(String::from).boxed();
    let literal = prop_oneof![
        (-1..3_i64).prop_map(Literal::Integer),
        select(vec![0.0, 0.5, 1.0]).prop_map(Literal::Float),
        any::<bool>().prop_map(Literal::Boolean),
        text.prop_map(Literal::String),
        select(vec![vec![0xff, 0xd8], vec![b'a'], vec![0xf2]]).prop_map(Literal::Hex),
        select(vec![vec![0xff, 0xd8], vec![b'a', b'b']]).prop_map(Literal::Binary),
        (0..4_u32).prop_map(|second| Literal::Timestamp(moment(second.into()))),
    ];
    let owned = |texts: &'static [&'static str]| select(texts).prop_map(String::from).boxed();
    Words {
        key: select(vec!["v", "l", "d", "o_ref", "o_refs", "v_hex"])
            .prop_map(|key| Step::Key(key.into()))
            .boxed(),
        object_type: owned(&["x", "y"]),
        literal: literal.boxed(),
        like: owned(&["a%", "_", "%b", "%", "a_", "\u{f2}", "%.%.%"]),
        regex: owned(&["^a", "b$", "a|b", "[0-9]+", "^.$", "\u{f2}"]),
        address: owned(&["1.2.3.4", "1.2.3.0/24", "1.2.0.0/16", "0.0.0.0/0", "::/0"]),
        second: (0..5_u64).boxed(),
    }
}

fn proposition(words: &Words) -> impl Strategy<Value = Proposition> + use<> {
    let step = prop_oneof![
        4 => words.key.clone(),
        1 => (0..2_u64).prop_map(Step::Index),
        1 => Just(Step::Any),
    ];
    let path = (
        words.object_type.clone(),
        words.key.clone(),
        vec(step, 0..4),
    );
    let relation = select(vec![
        Relation::Equal,
        Relation::NotEqual,
        Relation::Less,
        Relation::LessOrEqual,
        Relation::Greater,
        Relation::GreaterOrEqual,
    ]);
    let compare = (relation, words.literal.clone()).prop_map(|(relation, literal)| {
        let unordered = matches!(literal, Literal::Boolean(_));
        Test::Compare(if unordered { Relation::Equal } else { relation }, literal)
    });
    let test = prop_oneof![
        5 => compare,
        2 => vec(words.literal.clone(), 0..3).prop_map(Test::In),
        1 => words.like.clone().prop_map(Test::Like),
        1 => words.regex.clone().prop_map(Test::Matches),
        1 => words.address.clone().prop_map(Test::IsSubset),
        1 => words.address.clone().prop_map(Test::IsSuperset),
        1 => Just(Test::Exists),
    ];
    (path, any::<bool>(), test).prop_map(|((object_type, key, mut steps), negated, test)| {
        steps.insert(0, key);
        Proposition {
            path: ObjectPath { object_type, steps },
            negated,
            test,
        }
    })
}

fn comparison(words: &Words) -> impl Strategy<Value = Comparison> + use<> {
    proposition(words)
        .prop_map(Comparison::Test)
        .prop_recursive(3, 8, 3, |inner| {
            prop_oneof![
                vec(inner.clone(), 2..4).prop_map(Comparison::And),
                vec(inner, 2..4).prop_map(Comparison::Or),
            ]
        })
}

fn pattern(words: &Words) -> impl Strategy<Value = Pattern> + use<> {
    let words = words.clone();
    let qualifier = prop_oneof![
        (words.second.clone(), 0..3_u32).prop_map(|(s, half)| Qualifier::Within(Duration::new(
            s,
            500_000_000 * (half % 2) + 1
        ))),
        (1..4_u64).prop_map(Qualifier::Repeats),
        (words.second.clone(), words.second.clone()).prop_map(|(a, b)| Qualifier::StartStop {
            start: moment(a),
            stop: moment(b)
        }),
    ];
    let test = comparison(&words).prop_map(Observation::Test);
    let observation = test.prop_recursive(4, 6, 3, move |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Observation::And),
            vec(inner.clone(), 2..4).prop_map(Observation::Or),
            vec(inner.clone(), 2..4).prop_map(Observation::FollowedBy),
            (inner, qualifier.clone())
                .prop_map(|(inner, qualifier)| Observation::Qualified(Box::new(inner), qualifier)),
        ]
    });
    observation.prop_map(|expression| Pattern { expression })
}

fn moment(second: u64) -> Timestamp {
    Timestamp::from_parts(1_577_836_800 + i64::try_from(second).unwrap(), 0)
}

/// An object with any of the properties that the little words name.
fn object() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        select(&TEXTS[..]).prop_map(Value::from),
        (-1..3).prop_map(Value::from),
        select(vec![0.5, 1.0]).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    let reference = select(vec!["0", "1", "2"]).prop_map(Value::from);
    let property = prop_oneof![
        3 => scalar.clone().prop_map(|value| ("v", value)),
        1 => vec(scalar.clone(), 0..3).prop_map(|items| ("l", items.into())),
        1 => scalar.clone().prop_map(|value| ("d", json!({"v": value, "l": [value]}))),
        2 => reference.clone().prop_map(|id| ("o_ref", id)),
        1 => vec(reference, 0..3).prop_map(|ids| ("o_refs", ids.into())),
        1 => select(vec!["ffd8", "61", "f"]).prop_map(|hex| ("v_hex", hex.into())),
    ];
    (select(vec!["x", "y"]), vec(property, 0..4)).prop_map(|(object_type, properties)| {
        let mut object = json!({"type": object_type});
        for (name, value) in properties {
            object[name] = value;
        }
        object
    })
}

fn bundle() -> impl Strategy<Value = Value> {
    let observed = (vec(object(), 0..3), 0..5_u64, 0..3_u64, 1..3_u64);
    vec(observed, 0..5).prop_map(|list| {
        let mut objects = Vec::new();
        for (at, (scos, first, length, number)) in list.into_iter().enumerate() {
            let mut observed = json!({
                "type": "observed-data",
                "first_observed": moment(first).to_string(),
                "last_observed": moment(first + length).to_string(),
                "number_observed": number,
            });
            if at % 2 == 0 {
                for (key, object) in scos.into_iter().enumerate() {
                    observed["objects"][key.to_string()] = object;
                }
            } else {
                // The references within point nowhere, which is allowed.
                let ids = (0..scos.len()).map(|key| Value::from(format!("{at}-{key}")));
                observed["object_refs"] = ids.chain([Value::from("gone")]).collect();
                for (key, mut object) in scos.into_iter().enumerate() {
                    object["id"] = format!("{at}-{key}").into();
                    if let Some(reference) = object.get_mut("o_ref") {
                        *reference = format!("{at}-0").into();
                    }
                    objects.push(object);
                }
            }
            objects.push(observed);
        }
        json!({"type": "bundle", "objects": objects})
    })
}

fn find(pattern: &Pattern, bundle: &Value) -> Option<Vec<usize>> {
    let text = bundle.to_string();
    let document = Document::parse(text.as_bytes()).unwrap();
    let observed = Observed::from_bundle(document.root()).unwrap();
    Matcher::new(pattern, &Limits::default())
        .unwrap()
        .find(&observed)
        .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_prints_to_a_text_that_parses_to_it(pattern in pattern(&anything())) {
        let text = pattern.to_string();
        prop_assert_eq!(text.parse(), Ok(pattern), "{}", text);
    }

    #[test]
    fn no_text_breaks_the_parser(text in any::<String>()) {
        let _answer = Pattern::parse_strict(&text);
    }

    #[test]
    fn no_bytes_break_the_parser(bytes in any::<Vec<u8>>()) {
        let _answer = Pattern::parse_strict(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_row_of_words_breaks_the_parser(words in vec(select(WORDS), 0..30)) {
        let text = words.join(" ");
        if let Ok(pattern) = Pattern::parse(&text) {
            prop_assert_eq!(pattern.to_string().parse(), Ok(pattern), "{}", text);
        }
    }
}

const WORDS: &[&str] = &[
    "[",
    "[",
    "]",
    "]",
    "(",
    ")",
    "a:b",
    "c:d",
    "= 1",
    "= 'e'",
    "NOT",
    "EXISTS",
    "AND",
    "OR",
    "FOLLOWEDBY",
    "IN (1, 2)",
    "LIKE 'f'",
    "WITHIN 5 SECONDS",
    "REPEATS 2 TIMES",
    "[a:b = 1]",
    "START t'2020-01-01T00:00:00Z' STOP t'2021-01-01T00:00:00Z'",
    ".",
    "[0]",
    "[*]",
    ",",
    "'",
    "t'",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_answers_as_the_naive_evaluator(pattern in pattern(&little()), bundle in bundle()) {
        let found = find(&pattern, &bundle);
        prop_assert_eq!(found.is_some(), naive::matches(&pattern, &bundle), "{}", pattern);
        // What was found is enough by itself.
        if let Some(found) = found {
            let mut at = 0;
            let mut rest = bundle.clone();
            rest["objects"].as_array_mut().unwrap().retain(|object| {
                let observed = object["type"] == "observed-data";
                at += usize::from(observed);
                !observed || found.contains(&(at - 1))
            });
            prop_assert!(naive::matches(&pattern, &rest), "{} in {:?}", pattern, found);
        }
    }
}

/// Expressions of observations alone, where every `[ … ]` is met often.
fn crowded() -> impl Strategy<Value = (Pattern, Value)> {
    let leaf = select(vec!["[x:v = 0]", "[x:v <= 1]", "[x:v > 0]", "[x:v < 9]"])
        .prop_map(|text| Pattern::parse(text).unwrap().expression);
    let words = little();
    let qualifier = prop_oneof![
        words
            .second
            .clone()
            .prop_map(|s| Qualifier::Within(Duration::from_secs(s + 1))),
        (1..4_u64).prop_map(Qualifier::Repeats),
        (words.second.clone(), words.second).prop_map(|(a, b)| Qualifier::StartStop {
            start: moment(a),
            stop: moment(a + b)
        }),
    ];
    let observation = leaf.prop_recursive(4, 5, 3, move |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Observation::And),
            vec(inner.clone(), 2..3).prop_map(Observation::Or),
            vec(inner.clone(), 2..4).prop_map(Observation::FollowedBy),
            (inner, qualifier.clone())
                .prop_map(|(inner, qualifier)| Observation::Qualified(Box::new(inner), qualifier)),
        ]
    });
    let observed = vec((0..3, 0..6_u64, 0..3_u64, 1..3_u64), 0..6).prop_map(|list| {
        let observed = list.into_iter().map(|(value, first, length, number)| {
            json!({
                "type": "observed-data",
                "first_observed": moment(first).to_string(),
                "last_observed": moment(first + length).to_string(),
                "number_observed": number,
                "objects": {"0": {"type": "x", "v": value}},
            })
        });
        json!({"type": "bundle", "objects": observed.collect::<Vec<_>>()})
    });
    (
        observation.prop_map(|expression| Pattern { expression }),
        observed,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn observations_are_given_out_as_the_naive_evaluator_does((pattern, bundle) in crowded()) {
        let found = find(&pattern, &bundle);
        prop_assert_eq!(found.is_some(), naive::matches(&pattern, &bundle), "{}", pattern);
    }
}
