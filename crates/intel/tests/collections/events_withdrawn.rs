//! What of events is taken out of their collections again, on both engines.

use std::collections::BTreeSet;

use db::Db;
use intel::{
    events::{
        model::{Expected, Origin, Which},
        ops as events,
    },
    model::{Filter, Reader, Versions},
    ops,
};
use kernel::{Role, Tlp, Viewer};
use serde_json::{Value, json};

use crate::{
    events::{all, own, uuid},
    house::{House, PLACE, marking, user},
};

db::contract! {
    what_is_labelled_more_strictly_is_so_in_every_version,
    what_is_for_the_own_organisation_is_so_in_every_version,
    what_does_not_change_gets_no_version,
    nothing_is_left_of_a_deleted_event,
    nothing_is_left_of_a_deleted_part,
    what_others_stand_behind_stays,
    what_changes_its_type_may_change_back,
}

/// Parts of all kinds: what becomes an indicator, observables, and what STIX has no type for.
pub(crate) fn parts() -> Value {
    json!({
        "Galaxy": [{"name": "Tool", "type": "tool", "GalaxyCluster": [
            {"uuid": uuid(70), "type": "tool", "value": "Tool X"},
        ]}],
        "EventReport": [{"uuid": uuid(50), "name": "Report", "content": "text", "timestamp": "1795132800"}],
        "Attribute": [
            {"uuid": uuid(11), "type": "ip-dst", "value": "198.51.100.7", "to_ids": true,
             "timestamp": "1795132800"},
            {"uuid": uuid(12), "type": "domain", "value": "evil.example", "to_ids": false,
             "timestamp": "1795132800"},
            {"uuid": uuid(13), "type": "text", "value": "to be forgotten", "timestamp": "1795132800",
             "Sighting": [{"uuid": uuid(80), "type": "0", "date_sighting": "1795132801"}]},
            {"uuid": uuid(14), "type": "vulnerability", "value": "CVE-2026-1000",
             "timestamp": "1795132800"},
        ],
        "Object": [{"uuid": uuid(60), "name": "file", "comment": "of theirs", "timestamp": "1795132800",
            "Attribute": [{"uuid": uuid(61), "type": "filename", "object_relation": "filename",
                "value": "a.exe", "to_ids": false, "timestamp": "1795132800"}]}],
    })
}

pub(crate) async fn guest(house: &House) -> Viewer {
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), false).await;
    guest
}

/// All versions that the viewer sees, but for who made something.
pub(crate) async fn versions(house: &House, viewer: &Viewer) -> Vec<Value> {
    let filter = Filter {
        versions: Versions::All,
        ..Filter::default()
    };
    let page = house.page(viewer, &filter, (0, 1_000)).await;
    assert!(!page.more);
    let common = |one: &Value| one["type"] == "identity" || one["type"] == "marking-definition";
    let all = page.content.into_iter();
    all.filter(|one| !common(one)).collect()
}

fn types(page: &[Value]) -> BTreeSet<&str> {
    let types = page.iter().map(|one| one["type"].as_str().unwrap());
    types.collect()
}

async fn places(house: &House) -> usize {
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let gone = ops::gone_in(&mut tx, &house.collection, 0).await.unwrap();
    gone.len()
}

async fn retag(house: &House, event: i64, from: &str, to: &str) {
    let (ground, viewer) = (&house.ground, &house.analyst);
    let tag = serde_json::from_value(json!({ "name": to })).unwrap();
    events::tag_with(ground, viewer, (event, None), tag)
        .await
        .unwrap();
    events::untag(ground, viewer, (event, None), from)
        .await
        .unwrap();
}

async fn what_is_labelled_more_strictly_is_so_in_every_version(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    let kept = own(&house, 1, parts()).await;
    assert_eq!(kept.refused, []);
    let green = versions(&house, &guest).await;
    let expected = [
        "domain-name",
        "file",
        "grouping",
        "indicator",
        "note",
        "observed-data",
        "tool",
        "vulnerability",
        "x-misp-attribute",
        "x-misp-object",
    ];
    for kind in expected {
        assert!(types(&green).contains(kind), "{kind}: {:?}", types(&green));
    }
    retag(&house, kept.id, "tlp:green", "tlp:amber+strict").await;
    let left = versions(&house, &guest).await;
    assert_eq!(types(&left), BTreeSet::new(), "{left:?}");
    let strict = versions(&house, &house.analyst).await;
    assert_eq!(types(&strict), types(&green));
    for one in &strict {
        assert_eq!(
            one["object_marking_refs"],
            json!([marking(Tlp::AmberStrict)]),
            "{one}"
        );
    }
    // Who was given the freer ones is told that they are gone.
    assert!(places(&house).await >= green.len());
    // There and back again: each is what counts from then on.
    for (from, to) in [
        ("tlp:amber+strict", "tlp:amber"),
        ("tlp:amber", "tlp:amber+strict"),
    ] {
        retag(&house, kept.id, from, to).await;
    }
    let page = house
        .page(&house.analyst, &Filter::default(), (0, 1_000))
        .await;
    for one in page.content.iter().filter(|one| one["type"] == "indicator") {
        assert_eq!(
            one["object_marking_refs"],
            json!([marking(Tlp::AmberStrict)]),
            "{one}"
        );
    }
    // And back: what is freer is a newer version too.
    retag(&house, kept.id, "tlp:amber+strict", "tlp:green").await;
    let again = house.page(&guest, &Filter::default(), (0, 1_000)).await;
    let again: BTreeSet<_> = types(&again.content)
        .into_iter()
        .map(str::to_owned)
        .collect();
    assert!(
        expected.iter().all(|kind| again.contains(*kind)),
        "{again:?}"
    );
}

async fn what_is_for_the_own_organisation_is_so_in_every_version(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    let kept = own(&house, 1, parts()).await;
    // One attribute, then one object, then all.
    for (change, kind) in [
        (
            json!({"Attribute": [{"uuid": uuid(13), "distribution": "0"}]}),
            "x-misp-attribute",
        ),
        (
            json!({"Object": [{"uuid": uuid(60), "distribution": "0"}]}),
            "x-misp-object",
        ),
        (json!({"distribution": "0"}), "indicator"),
    ] {
        let mut change = change;
        change["uuid"] = json!(uuid(1));
        let event = Box::new(serde_json::from_value(change).unwrap());
        let how = (Origin::Own, Expected::Known);
        let done = events::put(&house.ground, &house.analyst, PLACE, event, how).await;
        assert_eq!((done.unwrap().id, kept.id), (kept.id, kept.id));
        let seen = versions(&house, &guest).await;
        assert!(!types(&seen).contains(kind), "{kind}: {seen:?}");
        let of_house = versions(&house, &house.analyst).await;
        assert!(types(&of_house).contains(kind), "{kind}: {of_house:?}");
    }
    assert_eq!(types(&versions(&house, &guest).await), BTreeSet::new());
}

async fn what_does_not_change_gets_no_version(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, parts()).await;
    retag(&house, kept.id, "tlp:green", "tlp:amber+strict").await;
    let count = |page: &[Value], kind: &str| page.iter().filter(|one| one["type"] == kind).count();
    let before = versions(&house, &house.analyst).await;
    for number in 0..2 {
        let more =
            json!([{"uuid": uuid(20 + number), "type": "text", "value": format!("more {number}")}]);
        let more = serde_json::from_value(more).unwrap();
        events::extend(&house.ground, &house.analyst, kept.id, (more, Vec::new()))
            .await
            .unwrap();
    }
    let after = versions(&house, &house.analyst).await;
    for kind in ["indicator", "domain-name", "x-misp-object", "vulnerability"] {
        assert_eq!(count(&after, kind), count(&before, kind), "{kind}");
        assert_eq!(count(&after, kind), 1, "{kind}");
    }
    assert_eq!(
        count(&after, "x-misp-attribute"),
        count(&before, "x-misp-attribute") + 2
    );
}

async fn nothing_is_left_of_a_deleted_event(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, parts()).await;
    let before = versions(&house, &house.analyst).await.len();
    events::delete(&house.ground, &house.analyst, kept.id)
        .await
        .unwrap();
    let left = versions(&house, &house.analyst).await;
    assert_eq!(types(&left), BTreeSet::new(), "{left:?}");
    assert!(places(&house).await >= before);
}

async fn nothing_is_left_of_a_deleted_part(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, parts()).await;
    let (ground, viewer, scope) = (&house.ground, &house.analyst, all());
    for number in [12, 13, 14] {
        let which = Which::Uuid(uuid(number).parse().unwrap());
        let (attribute, _) = events::attribute(ground, viewer, &scope, which)
            .await
            .unwrap();
        events::delete_attribute(ground, viewer, &attribute, true)
            .await
            .unwrap();
    }
    let which = Which::Uuid(uuid(60).parse().unwrap());
    let (object, _) = events::object(ground, viewer, &scope, which).await.unwrap();
    events::delete_object(ground, viewer, &object, true)
        .await
        .unwrap();
    let left = versions(&house, viewer).await;
    let expected = BTreeSet::from(["grouping", "indicator", "note", "tool"]);
    assert_eq!(types(&left), expected, "{left:?} of {}", kept.id);
}

async fn what_others_stand_behind_stays(db: Db) {
    let house = House::open(db).await;
    let domain = |value: &str, number: u32| {
        json!({"uuid": uuid(number), "type": "domain", "value": value, "to_ids": false,
            "timestamp": "1795132800"})
    };
    let both = own(
        &house,
        1,
        json!({"Attribute": [domain("one.example", 11), domain("both.example", 12),
            domain("told.example", 13), domain("given.example", 14)]}),
    );
    // What another has given before is his.
    let given = json!({"type": "domain-name", "spec_version": "2.1",
        "id": "domain-name--00000000-0000-4000-8000-000000000001", "value": "his.example"});
    house.import(&[given]).await;
    let both = both.await;
    own(
        &house,
        2,
        json!({"Attribute": [domain("both.example", 21)]}),
    )
    .await;
    let page = versions(&house, &house.analyst).await;
    let told = page.iter().find(|one| one["value"] == "told.example");
    let note = json!({"type": "note", "spec_version": "2.1", "content": "told",
        "id": "note--00000000-0000-4000-8000-000000000002", "object_refs": [told.unwrap()["id"]],
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z"});
    house.import(&[note]).await;
    events::delete(&house.ground, &house.analyst, both.id)
        .await
        .unwrap();
    let left = versions(&house, &house.analyst).await;
    let values: BTreeSet<_> = left
        .iter()
        .filter_map(|one| one["value"].as_str())
        .collect();
    let expected = BTreeSet::from(["both.example", "his.example", "told.example"]);
    assert_eq!(values, expected);
}

async fn what_changes_its_type_may_change_back(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, parts()).await;
    let (ground, viewer) = (&house.ground, &house.analyst);
    for (to_ids, kind, other) in [
        (false, "observed-data", "indicator"),
        (true, "indicator", "ipv4-addr"),
    ] {
        let change = json!([{"uuid": uuid(11), "to_ids": to_ids}]);
        let change = serde_json::from_value(change).unwrap();
        events::extend(ground, viewer, kept.id, (change, Vec::new()))
            .await
            .unwrap();
        let page = house.page(viewer, &Filter::default(), (0, 1_000)).await;
        let found = types(&page.content);
        assert!(found.contains(kind) && !found.contains(other), "{found:?}");
    }
}
