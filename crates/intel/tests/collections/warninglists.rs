//! Warninglists, on both engines.
use db::Db;
use intel::ops;
use kernel::Role;
use serde_json::{Value, json};

use crate::{
    house::{House, PLACE, user},
    values::{address, ask, indicator},
};

db::contract! {
    every_kind_of_list_has_its_values,
    lists_are_changed_by_whom_may,
    what_is_found_says_which_lists_have_it,
    what_is_no_list_is_refused,
}

pub(crate) async fn import(house: &House, kind: &str, types: &[&str], list: &[&str]) -> i64 {
    let list = json!({"name": format!("a {kind} list"), "version": 3, "description": "d",
        "type": kind, "matching_attributes": types, "list": list});
    let done =
        ops::import_warninglist(&house.ground, &house.analyst, list.to_string().into_bytes());
    done.await.unwrap().number
}

async fn listed(house: &House, values: &[&str]) -> Vec<Vec<String>> {
    let values: Vec<_> = values.iter().map(|value| (*value).to_owned()).collect();
    let all = ops::check_values(&house.ground, &house.analyst, &values)
        .await
        .unwrap();
    let names =
        |lists: Vec<intel::model::Listing>| lists.into_iter().map(|list| list.name).collect();
    all.into_iter().map(names).collect()
}

/// Values, and the lists that have them.
const LISTED: &[(&str, &[&str])] = &[
    ("8.8.8[.]8", &["a cidr list"]),
    ("8.8.8.0/25", &["a cidr list"]),
    ("8.8.0.0/16", &[]),
    ("9.9.9.9", &["a cidr list"]),
    ("2001:4860::8888", &["a cidr list"]),
    ("http://8.8.8.8/dns", &["a cidr list"]),
    ("www.Google.example", &["a hostname list"]),
    ("google.example", &["a hostname list"]),
    ("notgoogle.example", &[]),
    ("hxxps://login.bank[.]example/x", &["a hostname list"]),
    ("someone@bank.example", &["a hostname list"]),
    ("44D88612FEA8A8F36DE82E1278ABB02F", &["a string list"]),
    ("some text", &["a string list"]),
    ("some texts", &[]),
    ("a.tracker.example", &["a substring list"]),
    ("10.1.2.3", &["a regex list"]),
    ("10.example", &[]),
    ("", &[]),
];

async fn every_kind_of_list_has_its_values(db: Db) {
    let house = House::open(db).await;
    assert_eq!(listed(&house, &["8.8.8.8"]).await, [Vec::<String>::new()]);
    import(
        &house,
        "cidr",
        &[],
        &["8.8.8.0/24", "2001:4860::/32", "9.9.9.9", "no network"],
    )
    .await;
    import(
        &house,
        "hostname",
        &[],
        &[".google.example", "bank.example"],
    )
    .await;
    import(
        &house,
        "string",
        &[],
        &["44d88612fea8a8f36de82e1278abb02f", "Some Text"],
    )
    .await;
    import(&house, "substring", &[], &["Tracker", ""]).await;
    import(&house, "regex", &["ip-dst"], &["/^10\\..*$/", "("]).await;
    for (value, lists) in LISTED {
        assert_eq!(listed(&house, &[value]).await[0], *lists, "{value}");
    }
    let all = ops::warninglists(&house.ground, &house.analyst)
        .await
        .unwrap();
    let told: Vec<_> = all
        .iter()
        .map(|list| {
            (
                list.name.as_str(),
                list.version,
                list.entries,
                list.unusable,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("a cidr list", 3, 4, 1),
            ("a hostname list", 3, 2, 0),
            ("a regex list", 3, 2, 1),
            ("a string list", 3, 2, 0),
            ("a substring list", 3, 1, 0),
        ]
    );
}

async fn lists_are_changed_by_whom_may(db: Db) {
    let house = House::open(db).await;
    let number = import(&house, "cidr", &[], &["8.8.8.0/24"]).await;
    let (ground, analyst) = (&house.ground, &house.analyst);
    assert_eq!(listed(&house, &["8.8.8.8"]).await[0].len(), 1);
    ops::enable_warninglist(ground, analyst, number, false)
        .await
        .unwrap();
    assert!(listed(&house, &["8.8.8.8"]).await[0].is_empty());
    // A new version of a list that is off stays off, under its number.
    assert_eq!(import(&house, "cidr", &[], &["9.9.9.0/24"]).await, number);
    assert!(listed(&house, &["9.9.9.9"]).await[0].is_empty());
    ops::enable_warninglist(ground, analyst, number, true)
        .await
        .unwrap();
    assert_eq!(listed(&house, &["9.9.9.9"]).await[0].len(), 1);
    assert!(listed(&house, &["8.8.8.8"]).await[0].is_empty());

    let diplomat = user(3, Role::Diplomat);
    assert_eq!(ops::warninglists(ground, &diplomat).await.unwrap().len(), 1);
    let guest = user(4, Role::Reporter);
    assert!(ops::warninglists(ground, &guest).await.unwrap().is_empty());
    let asked = ["9.9.9.9".to_owned()];
    let told = ops::check_values(ground, &guest, &asked).await.unwrap();
    assert_eq!(told, [[]]);
    let refused = ops::enable_warninglist(ground, &diplomat, number, false).await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
    let refused = ops::import_warninglist(ground, &diplomat, Vec::new()).await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
    let refused = ops::delete_warninglist(ground, &diplomat, number).await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
    ops::delete_warninglist(ground, analyst, number)
        .await
        .unwrap();
    assert!(listed(&house, &["9.9.9.9"]).await[0].is_empty());
    let gone = ops::delete_warninglist(ground, analyst, number).await;
    assert_eq!(gone.unwrap_err().code(), "intel.not_found");
}

async fn what_is_found_says_which_lists_have_it(db: Db) {
    let house = House::open(db).await;
    import(&house, "cidr", &[], &["8.8.8.0/24"]).await;
    house
        .import(&[
            indicator(1, "[ipv4-addr:value = '8.8.8.8']", None),
            address(2, "8.8.8.8"),
        ])
        .await;
    let answer = ask(&house, &house.analyst, &["8.8.8.8", "8.8.4.4"], false).await;
    assert_eq!(answer.values[0].listed[0].name, "a cidr list");
    assert!(answer.values[1].listed.is_empty());
    let id = "indicator--00000000-0000-4000-8000-000000000001";
    let relations = ops::related(&house.ground, &house.analyst, PLACE, id)
        .await
        .unwrap();
    assert_eq!(relations.listed[0].0, "8.8.8.8");
}

async fn what_is_no_list_is_refused(db: Db) {
    let house = House::open(db).await;
    for (text, code) in [
        (json!({"name": "n"}), "intel.no_warninglist"),
        (json!([]), "intel.no_warninglist"),
        (
            json!({"name": "n", "type": "magic", "list": []}),
            "intel.no_warninglist",
        ),
        (json!({"name": " ", "list": []}), "intel.invalid"),
    ] {
        let text: Value = text;
        let bytes = text.to_string().into_bytes();
        let refused = ops::import_warninglist(&house.ground, &house.analyst, bytes).await;
        assert_eq!(refused.unwrap_err().code(), code, "{text}");
    }
}
