//! Warninglists: what is an entry is listed, by the way in which the list means its entries.
#![no_main]

use indicators::Exclusions;
use formats_misp::{Limits, ListKind, read_warninglist};
use libfuzzer_sys::fuzz_target;
use matcher::{Breadth, Kind, Value, detect};

const LIMITS: Limits = Limits {
    part_bytes_max: 1 << 16,
    parts_max: 1_000,
};

/// Longer expressions only show how long the library of expressions takes.
const EXPRESSION_BYTES_MAX: usize = 100;

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut list) = read_warninglist(bytes, &LIMITS) else {
        return;
    };
    let is_long = |entry: &String| entry.len() > EXPRESSION_BYTES_MAX;
    if list.kind == ListKind::Regex && (list.list.len() > 10 || list.list.iter().any(is_long)) {
        return;
    }
    // A list that applies to some kinds lists no more than one that applies to all.
    let mut some = Exclusions::default();
    some.add(&list);
    list.matching_attributes.clear();
    let mut all = Exclusions::default();
    all.add(&list);
    for entry in &list.list {
        let value = detect(entry, Breadth::Any).and_then(Result::ok);
        if let Some(value) = &value {
            assert!(some.listed(value).is_none() || all.listed(value).is_some());
        }
        let is_listed = |value: &Value| all.listed(value) == Some(&list.name);
        match (list.kind, value) {
            (ListKind::String, Some(value)) => assert!(is_listed(&value), "{entry:?}"),
            (ListKind::Cidr, Some(value)) if value.network().is_some() => {
                assert!(is_listed(&value), "{entry:?}");
            }
            (ListKind::Hostname, Some(value)) if value.network().is_none() => {
                let Ok(name) = Value::parse(Kind::DomainTree, entry, Breadth::Any) else {
                    continue;
                };
                assert!(is_listed(&name), "{entry:?}");
                let below = format!("a.{name}");
                if let Ok(below) = Value::parse(Kind::Domain, &below, Breadth::Any) {
                    assert!(is_listed(&below), "{below}");
                }
                let url = format!("http://{name}/a");
                if let Ok(url) = Value::parse(Kind::Url, &url, Breadth::Any) {
                    assert!(is_listed(&url), "{url}");
                }
            }
            _ => {}
        }
    }
});
