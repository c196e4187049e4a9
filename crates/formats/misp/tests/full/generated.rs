//! Events of all forms, generated.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{read, text, written};

/// Members whose values are texts, lists and objects, some of them unknown.
const NAMES: &[&str] = &[
    "uuid",
    "id",
    "info",
    "timestamp",
    "published",
    "distribution",
    "type",
    "value",
    "to_ids",
    "deleted",
    "first_seen",
    "name",
    "local",
    "meta",
    "authors",
    "note",
    "opinion",
    "x_more",
];
const LISTS: &[&str] = &[
    "Attribute",
    "Object",
    "Tag",
    "Galaxy",
    "GalaxyCluster",
    "ShadowAttribute",
    "Sighting",
    "Note",
    "Opinion",
    "EventReport",
    "ObjectReference",
    "SharingGroupOrg",
    "CryptographicKey",
];
const ONES: &[&str] = &[
    "Org",
    "Orgc",
    "SharingGroup",
    "Organisation",
    "Server",
    "Event",
];

/// What may stand alone. Without what is written in another form than it came.
fn lossless() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        "[ -~é漢]{0,12}".prop_filter_map("written as a truth", |text| {
            let truth = matches!(&*text, "0" | "1" | "true" | "false");
            (!truth).then_some(Value::String(text))
        }),
        any::<u32>().prop_map(|number| Value::String((u64::from(number) + 2).to_string())),
        Just(json!([])),
        Just(json!({})),
        Just(json!([1.5, null, {"a": "b"}])),
        Just(json!({"refs": ["a", "b"], "country": ["XA"]})),
        Just(json!(["a", "b"])),
    ]
}

/// What MISP writes in another form besides.
fn any_scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        lossless(),
        any::<i64>().prop_map(|number| json!(number)),
        any::<i32>().prop_map(|number| json!(f64::from(number) / 8.0)),
        prop::sample::select(&["0", "1", "true", "false"][..]).prop_map(|text| json!(text)),
    ]
}

/// An object of whatever record, with records in it.
fn record(scalar: impl Strategy<Value = Value> + Clone + 'static) -> impl Strategy<Value = Value> {
    let members = prop::collection::btree_map(prop::sample::select(NAMES), scalar, 0..6);
    let leaf = members.clone().prop_map(|members| {
        let owned = members.into_iter();
        Value::Object(
            owned
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    });
    leaf.prop_recursive(4, 64, 4, move |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array);
        let lists = prop::collection::btree_map(prop::sample::select(LISTS), list, 0..3);
        let ones = prop::collection::btree_map(prop::sample::select(ONES), inner, 0..2);
        (members.clone(), lists, ones).prop_map(|(members, lists, ones)| {
            let all = members.into_iter().chain(lists).chain(ones);
            let all = all.map(|(name, value)| (name.to_owned(), value));
            Value::Object(all.collect::<Map<_, _>>())
        })
    })
}

proptest! {
    #[test]
    fn nothing_is_lost(event in record(lossless().boxed())) {
        let wrapped = json!({"Event": event});
        let read = read(wrapped.to_string().as_bytes()).unwrap();
        prop_assert_eq!(written(&read[0]), wrapped);
    }

    #[test]
    fn what_is_written_reads_as_what_was_read(event in record(any_scalar().boxed())) {
        let first = read(json!({"Event": event}).to_string().as_bytes()).unwrap();
        let out = text(&first[0]);
        let second = read(&out).unwrap();
        prop_assert_eq!(&first, &second);
        prop_assert_eq!(text(&second[0]), out);
    }
}
