//! Events of MISP in a shared collection: what is labelled more strictly, changed or deleted where they
//! were made is taken out or replaced where they went.

use std::collections::{BTreeMap, BTreeSet};

use db::Db;
use intel::{
    events::{
        model::{Expected, Origin, Which},
        ops as events,
    },
    model::{Cut, Filter, PAGE_ENTRIES_MAX, Reader, Versions},
};
use kernel::CollectionRef;
use serde_json::{Value, json};
use testkit::Fleet;

use crate::house::{ROOT, accept, agrees, collect, fleet, kept, party, set, sharing};

db::contract! {
    what_becomes_of_an_event_becomes_of_what_others_hold,
}

const PORTS: (&str, &str) = (ROOT, "ports");

fn uuid(number: u32) -> String {
    format!("10000000-0000-4000-8000-{number:012}")
}

fn event() -> Value {
    let changed_at = "1795132800";
    json!({
        "uuid": uuid(1), "info": "Harbours", "date": "2026-11-20", "distribution": "3",
        "timestamp": changed_at, "Tag": [{"name": "tlp:green"}],
        "Attribute": [
            {"uuid": uuid(11), "type": "ip-dst", "category": "Network activity", "to_ids": true,
             "value": "198.51.100.7", "timestamp": changed_at},
            {"uuid": uuid(12), "type": "domain", "value": "evil.example", "to_ids": true,
             "timestamp": changed_at},
            {"uuid": uuid(13), "type": "text", "value": "seen in a port",
             "timestamp": changed_at},
        ],
    })
}

/// Hands the event in at XA: a new one, or a newer version.
async fn put(fleet: &Fleet, event: Value, expected: Expected) -> i64 {
    let (x, viewer) = (sharing(fleet, "XA"), fleet.viewer("XA"));
    let event = Box::new(serde_json::from_value(event).unwrap());
    let how = (Origin::Own, expected);
    let kept = events::put(&x.ground, &viewer, PORTS, event, how).await;
    let kept = kept.unwrap();
    assert_eq!(kept.refused, []);
    kept.id
}

async fn retag(fleet: &Fleet, event: i64, from: &str, to: &str) {
    let (x, viewer) = (sharing(fleet, "XA"), fleet.viewer("XA"));
    let tag = serde_json::from_value(json!({ "name": to })).unwrap();
    let tagged = events::tag_with(&x.ground, &viewer, (event, None), tag).await;
    tagged.unwrap();
    let without = events::untag(&x.ground, &viewer, (event, None), from).await;
    without.unwrap();
}

/// All versions that a party holds, but for who made something: the id, the rest, the label.
async fn held(fleet: &Fleet, at: &str, name: &str) -> BTreeSet<(String, String, String)> {
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    let cut = Cut {
        after: 0,
        entries: PAGE_ENTRIES_MAX,
    };
    let all = Filter {
        versions: Versions::All,
        ..Filter::everything()
    };
    let page = intel::ops::objects(&x.ground, &viewer, (ROOT, name), &all, cut).await;
    let content = page.unwrap().content;
    let list: Vec<Value> = serde_json::from_str(&format!("[{content}]")).unwrap();
    let common = |one: &Value| {
        matches!(
            one["type"].as_str(),
            Some("identity" | "marking-definition")
        )
    };
    let list = list.into_iter().filter(|one| !common(one));
    list.map(|one| {
        let id = one["id"].as_str().unwrap().to_owned();
        let label = one["object_marking_refs"].to_string();
        (id, one.to_string(), label)
    })
    .collect()
}

/// Waits until XB holds what `wanted` says of what it holds.
async fn until(
    fleet: &Fleet,
    at_b: CollectionRef,
    what: &str,
    wanted: impl Fn(&BTreeSet<(String, String, String)>) -> bool,
) {
    let name = at_b.uuid().to_string();
    fleet
        .until("XB", what, async || {
            let held = held(fleet, "XB", &name).await;
            wanted(&held).then_some(())
        })
        .await;
    agrees(fleet, "XA", "XB").await;
}

fn ids(held: &BTreeSet<(String, String, String)>) -> BTreeSet<String> {
    held.iter().map(|(id, ..)| id.clone()).collect()
}

/// The newest version of each object.
fn newest(held: &BTreeSet<(String, String, String)>) -> BTreeMap<String, Value> {
    let mut newest: BTreeMap<String, Value> = BTreeMap::new();
    for (id, text, _) in held {
        let one: Value = serde_json::from_str(text).unwrap();
        let moment = |of: &Value| of["modified"].as_str().unwrap_or_default().to_owned();
        if newest.get(id).is_none_or(|had| moment(had) < moment(&one)) {
            newest.insert(id.clone(), one);
        }
    }
    newest
}

async fn what_becomes_of_an_event_becomes_of_what_others_hold(db: Db) {
    let fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    let id = put(&fleet, event(), Expected::New).await;
    let made = held(&fleet, "XA", "ports").await;
    let indicator = format!("indicator--{}", uuid(11));
    assert!(ids(&made).contains(&indicator), "{made:?}");
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    let at_b = kept(&fleet, "XB", "XA").await;
    until(&fleet, at_b, "the event", |held| *held == made).await;

    // Labelled more strictly: no freer version is left.
    retag(&fleet, id, "tlp:green", "tlp:amber+strict").await;
    let strict = held(&fleet, "XA", "ports").await;
    assert_eq!(ids(&strict), ids(&made));
    let label = |held: &BTreeSet<(String, String, String)>| -> BTreeSet<String> {
        held.iter().map(|(.., label)| label.clone()).collect()
    };
    assert_eq!(label(&strict).len(), 1);
    assert!(label(&strict).is_disjoint(&label(&made)));
    until(&fleet, at_b, "the stricter one", |held| *held == strict).await;

    // Changed: the newest version is the new one.
    let changed = json!({
        "uuid": uuid(1), "info": "Harbours", "Tag": [{"name": "tlp:amber+strict"}],
        "Attribute": [{"uuid": uuid(11), "type": "ip-dst", "category": "Network activity",
                       "to_ids": true, "value": "198.51.100.8"}],
    });
    put(&fleet, changed, Expected::Known).await;
    until(&fleet, at_b, "the change", |held| {
        let newest = newest(held);
        let found = newest.get(&indicator);
        found.is_some_and(|one| one["pattern"].to_string().contains("198.51.100.8"))
    })
    .await;

    // A part that is deleted goes.
    let (x, viewer) = (sharing(&fleet, "XA"), fleet.viewer("XA"));
    let which = Which::Uuid(uuid(12).parse().unwrap());
    let scope = intel::events::model::Scope::default();
    let (part, _) = events::attribute(&x.ground, &viewer, &scope, which)
        .await
        .unwrap();
    events::delete_attribute(&x.ground, &viewer, &part, true)
        .await
        .unwrap();
    let gone = format!("indicator--{}", uuid(12));
    until(&fleet, at_b, "the deletion", |held| {
        !ids(held).contains(&gone)
    })
    .await;

    // RED is seen by whom the collection names.
    let user = Reader::of(&viewer).remove(0);
    set(&fleet, "XA", "ports", user, true).await;
    // It leaves with no collection, whatever went before; what is free again goes again.
    retag(&fleet, id, "tlp:amber+strict", "tlp:red").await;
    until(&fleet, at_b, "nothing under RED", BTreeSet::is_empty).await;
    retag(&fleet, id, "tlp:red", "tlp:green").await;
    until(&fleet, at_b, "what is free again", |held| {
        ids(held).contains(&indicator)
    })
    .await;

    events::delete(&x.ground, &viewer, id).await.unwrap();
    until(&fleet, at_b, "the end", BTreeSet::is_empty).await;
    fleet.end().await;
}
