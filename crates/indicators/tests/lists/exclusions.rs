//! Warninglists as exclusions.

use formats_misp::{ListKind, Warninglist};
use indicators::Exclusions;
use matcher::{Breadth, Value, detect};

use crate::gather::{gather_with, options};

fn list(kind: ListKind, types: &[&str], entries: &[&str]) -> Warninglist {
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    Warninglist {
        name: format!("{kind:?}"),
        kind,
        matching_attributes: owned(types),
        list: owned(entries),
        ..Warninglist::default()
    }
}

fn of(lists: &[Warninglist]) -> Exclusions {
    let mut exclusions = Exclusions::default();
    for list in lists {
        assert_eq!(exclusions.add(list), []);
    }
    exclusions
}

fn value(text: &str) -> Value {
    detect(text, Breadth::Any).unwrap().unwrap()
}

#[track_caller]
fn assert_listed(exclusions: &Exclusions, listed: &[&str], others: &[&str]) {
    for text in listed {
        assert!(exclusions.listed(&value(text)).is_some(), "{text}");
    }
    for text in others {
        assert_eq!(exclusions.listed(&value(text)), None, "{text}");
    }
}

#[test]
fn strings_are_whole_values_in_normal_form() {
    let exclusions = of(&[list(
        ListKind::String,
        &[],
        &[
            "Good.example",
            "8.8.4.4",
            "44D88612FEA8A8F36DE82E1278ABB02F",
            "http://A.example",
        ],
    )]);
    let listed = [
        "good.example",
        "*.good.example",
        "8.8.4.4",
        "44d88612fea8a8f36de82e1278abb02f",
        "http://a.example/",
    ];
    assert_listed(
        &exclusions,
        &listed,
        &["www.good.example", "8.8.4.5", "http://good.example/"],
    );
}

#[test]
fn host_names_hold_those_below_and_urls() {
    let exclusions = of(&[list(
        ListKind::Hostname,
        &["domain", "hostname", "url", "email-src"],
        &[".good.example", "one.other.example"],
    )]);
    let listed = [
        "good.example",
        "www.good.example",
        "*.good.example",
        "https://u:p@www.good.example:8443/a?b",
        "a@good.example",
        "one.other.example",
    ];
    assert_listed(
        &exclusions,
        &listed,
        &[
            "notgood.example",
            "other.example",
            "http://other.example/good.example",
        ],
    );
}

#[test]
fn networks_hold_addresses_networks_and_urls() {
    let exclusions = of(&[list(
        ListKind::Cidr,
        &[],
        &["8.8.4.0/24", "2a00:1450::/32", "8.8.8.8"],
    )]);
    let listed = [
        "8.8.4.4",
        "8.8.4.0/25",
        "8.8.4.0/24",
        "http://8.8.4.4:80/",
        "http://[2a00:1450::1]/",
        "2a00:1450::1",
        "8.8.8.8",
    ];
    assert_listed(
        &exclusions,
        &listed,
        &[
            "8.8.5.4",
            "8.8.0.0/16",
            "2a00:1451::1",
            "8.8.8.9",
            "evil.example",
        ],
    );
}

#[test]
fn substrings_and_expressions_are_found_within() {
    let exclusions = of(&[list(ListKind::Substring, &[], &["Good.", "a+b"])]);
    assert_listed(
        &exclusions,
        &["www.good.example", "http://x.example/a+b"],
        &["evil.example", "http://x.example/aab"],
    );
    let exclusions = of(&[list(
        ListKind::Regex,
        &["email-src"],
        &[r"/^(soc|abuse)\@.*\..*$/i", r"/\d{3}x/g"],
    )]);
    assert_listed(
        &exclusions,
        &["SOC@a.example", "123x@a.example"],
        &["me@a.example", "abuse.example"],
    );
}

#[test]
fn a_list_applies_to_the_kinds_that_it_names() {
    let entries = ["8.8.4.4", "good.example"];
    let exclusions = of(&[list(ListKind::String, &["ip-dst", "domain|ip"], &entries)]);
    assert_listed(&exclusions, &["8.8.4.4", "good.example"], &[]);
    let exclusions = of(&[list(ListKind::String, &["domain"], &entries)]);
    assert_listed(&exclusions, &["good.example"], &["8.8.4.4"]);
    let exclusions = of(&[list(ListKind::String, &["phone-number"], &entries)]);
    assert_listed(&exclusions, &[], &entries);
    assert!(!exclusions.is_empty());
}

#[test]
fn what_cannot_be_used_is_told_and_costs_no_other() {
    let mut exclusions = Exclusions::default();
    let problems = exclusions.add(&list(ListKind::Cidr, &[], &["8.8.4.0/24", "a.example"]));
    assert_eq!(problems[0].place.to_string(), "/list/1");
    assert_eq!(problems[0].reason.code(), "list.entry");
    let problems = exclusions.add(&list(
        ListKind::Regex,
        &[],
        &["/(/", "/a{3000}{3000}{3000}/", "/good/"],
    ));
    assert_eq!(problems.len(), 2);
    assert_listed(&exclusions, &["8.8.4.4", "good.example"], &["a.example"]);
}

#[test]
fn what_is_listed_is_left_out_of_lists() {
    let exclusions = of(&[list(ListKind::Hostname, &[], &["good.example"])]);
    let mut options = options();
    options.exclusions = Some(&exclusions);
    let gathered = gather_with(
        "good.example\nevil.example\nhttp://www.good.example/\n",
        &options,
    )
    .unwrap();
    assert_eq!(gathered.items, ["domain-tree evil.example"]);
    assert_eq!(gathered.report().left.listed, 2);
}
