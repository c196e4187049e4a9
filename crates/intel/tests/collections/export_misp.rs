//! A collection as events of MISP, on both engines.
use db::Db;
use formats_misp::full::Event;
use intel::{
    events::{
        model::{Expected, Origin, Scope, Which},
        ops as events,
    },
    export::Target,
    model::{Filter, Loss, Reader},
    ops::{self, Export, Exporting},
};
use kernel::{Role, Tlp, Viewer};
use serde_json::{Value, json};

use crate::{
    events::{own, uuid, whole},
    house::{House, PLACE, marking, settings, user},
};

db::contract! {
    events_go_out_one_by_one_and_come_back_equal,
    an_event_goes_out_without_what_is_stricter,
    each_report_is_an_event_and_so_is_the_rest,
}

async fn file(house: &House, viewer: &Viewer, max_marking: Tlp) -> (Value, Vec<Loss>) {
    let exporting = Exporting {
        target: Target::Misp,
        filter: Filter::default(),
        after: 0,
        max_marking,
    };
    let begun = Export::begin(&house.ground, viewer, PLACE, exporting).await;
    let mut export = begun.unwrap();
    let mut bytes = Vec::new();
    while let Some(page) = export.next().await.unwrap() {
        bytes.extend(page);
    }
    (
        serde_json::from_slice(&bytes).unwrap(),
        export.report().losses,
    )
}

fn infos(file: &Value) -> Vec<&str> {
    let all = file["response"].as_array().unwrap();
    all.iter()
        .map(|one| one["Event"]["info"].as_str().unwrap())
        .collect()
}

async fn events_go_out_one_by_one_and_come_back_equal(db: Db) {
    let house = House::open(db).await;
    let (empty, _) = file(&house, &house.analyst, Tlp::Red).await;
    assert_eq!(empty, json!({"response": []}));
    let objects = json!([{"uuid": uuid(70), "name": "file", "ObjectReference": [
            {"uuid": uuid(71), "referenced_uuid": uuid(11), "relationship_type": "drops"}],
        "Attribute": [{"uuid": uuid(72), "type": "filename", "object_relation": "filename",
            "value": "a.exe", "timestamp": "1795132800"}]}]);
    let first = own(&house, 1, json!({"Object": objects})).await;
    let (single, losses) = file(&house, &house.analyst, Tlp::Red).await;
    assert_eq!(
        (&single["Event"]["uuid"], losses.len()),
        (&json!(uuid(1)), 0)
    );
    let mut given = vec![first.id];
    for number in 2..5 {
        given.push(
            own(&house, number, json!({"published": number > 3}))
                .await
                .id,
        );
    }
    let (many, losses) = file(&house, &house.analyst, Tlp::Red).await;
    assert_eq!(infos(&many), ["event 1", "event 2", "event 3", "event 4"]);
    assert_eq!(losses, []);
    // Elsewhere they are the same events.
    let root = house.collection.root.clone();
    let second = settings("second");
    ops::create(&house.ground, &house.analyst, &root, second)
        .await
        .unwrap();
    for (event, number) in many["response"].as_array().unwrap().iter().zip(given) {
        let event: Event = serde_json::from_value(event["Event"].clone()).unwrap();
        let how = (Origin::Sync, Expected::Any);
        let place = ("feeds", "second");
        let kept = events::put(&house.ground, &house.analyst, place, Box::new(event), how)
            .await
            .unwrap();
        assert_eq!(kept.refused, []);
        let mut there = whole(&house, &house.analyst, kept.id).await.unwrap();
        let mut here = whole(&house, &house.analyst, number).await.unwrap();
        for event in [&mut there, &mut here] {
            let members = event.as_object_mut().unwrap();
            members.retain(|name, _| !["id", "locked", "Org", "org_id"].contains(&&**name));
        }
        assert_eq!(there, here);
    }
}

async fn an_event_goes_out_without_what_is_stricter(db: Db) {
    let house = House::open(db).await;
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), false).await;
    own(
        &house,
        1,
        json!({
            "Attribute": [
                {"type": "domain", "value": "seen.example", "Note": [
                    {"uuid": uuid(80), "note": "kept back", "distribution": "0"},
                    {"uuid": uuid(81), "note": "for all", "distribution": "3"}]},
                {"type": "domain", "value": "hidden.example", "distribution": "0"}],
            "EventReport": [
                {"uuid": uuid(82), "name": "own", "content": "kept back", "distribution": "0"},
                {"uuid": uuid(83), "name": "all", "content": "for all", "distribution": "5"}],
        }),
    )
    .await;
    own(&house, 2, json!({"Tag": [], "info": "unmarked event"})).await;
    for (viewer, most) in [(&house.analyst, Tlp::Green), (&guest, Tlp::Red)] {
        let (found, losses) = file(&house, viewer, most).await;
        let text = found.to_string();
        assert_eq!(found["Event"]["info"], "event 1", "{text}");
        assert!(text.contains("seen.example") && text.contains("for all"));
        assert!(!text.contains("hidden.example") && !text.contains("kept back"));
        assert_eq!(losses, []);
    }
    let (found, _) = file(&house, &house.analyst, Tlp::Red).await;
    assert!(found.to_string().contains("hidden.example"));
    assert!(found.to_string().contains("kept back"));
    // What says no label, says it outside.
    let unmarked = &found["response"][1]["Event"]["Tag"][0];
    assert_eq!(unmarked["name"], "tlp:amber+strict");
}

fn id(kind: &str, number: u32) -> String {
    format!("{kind}--{}", uuid(number))
}

fn stix(kind: &str, number: u32, more: &Value) -> Value {
    let mut object = json!({"type": kind, "spec_version": "2.1", "id": id(kind, number),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "object_marking_refs": [marking(Tlp::Green)]});
    for (name, value) in more.as_object().unwrap() {
        object[name] = value.clone();
    }
    object
}

fn indicator(number: u32) -> Value {
    let pattern = format!("[domain-name:value = 'n{number}.example']");
    let more = json!({"pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z",
        "pattern": pattern});
    stix("indicator", number, &more)
}

fn report(kind: &str, number: u32, refs: &[u32]) -> Value {
    let refs: Vec<_> = refs.iter().map(|number| id("indicator", *number)).collect();
    let mut more = json!({"created_by_ref": id("identity", 300),
        "name": format!("{kind} {number}"), "object_refs": refs});
    if kind == "report" {
        more["published"] = json!("2026-01-01T00:00:00Z");
    } else {
        more["context"] = json!("suspicious-activity");
    }
    stix(kind, number, &more)
}

async fn each_report_is_an_event_and_so_is_the_rest(db: Db) {
    let house = House::open(db).await;
    own(&house, 1, json!({})).await;
    let maker = stix("identity", 300, &json!({"name": "Lab of Brevonia"}));
    house
        .import(&[
            maker,
            indicator(101),
            indicator(102),
            indicator(103),
            report("report", 201, &[101, 102]),
            report("grouping", 202, &[102]),
        ])
        .await;
    let (found, losses) = file(&house, &house.analyst, Tlp::Red).await;
    assert_eq!(
        infos(&found),
        ["event 1", "report 201", "grouping 202", "A feed"]
    );
    let values = |number: usize| -> Vec<&str> {
        let all = found["response"][number]["Event"]["Attribute"].as_array();
        all.unwrap()
            .iter()
            .map(|one| one["value"].as_str().unwrap())
            .collect()
    };
    assert_eq!(values(0), ["198.51.100.7", "Evil.example"]);
    assert_eq!(values(1), ["n101.example", "n102.example"]);
    assert_eq!(values(2), ["n102.example"]);
    assert_eq!(values(3), ["n103.example"]);
    assert_eq!(
        found["response"][1]["Event"]["Orgc"]["name"],
        "Lab of Brevonia"
    );
    assert_eq!(found["response"][1]["Event"]["uuid"], uuid(201));
    // MISP takes a UUID once.
    let text = found.to_string();
    assert_eq!(text.matches(&format!("\"{}\"", uuid(102))).count(), 1);
    let lost: Vec<_> = losses
        .iter()
        .map(|loss| (&*loss.place, &*loss.name))
        .collect();
    assert_eq!(lost, []);
    // The same collection gives the same events.
    let (again, _) = file(&house, &house.analyst, Tlp::Red).await;
    assert_eq!(again, found);
    // Each can be taken in.
    let root = house.collection.root.clone();
    let second = settings("second");
    ops::create(&house.ground, &house.analyst, &root, second)
        .await
        .unwrap();
    for event in found["response"].as_array().unwrap() {
        let event: Event = serde_json::from_value(event["Event"].clone()).unwrap();
        let how = (Origin::Sync, Expected::New);
        let place = ("feeds", "second");
        let kept = events::put(&house.ground, &house.analyst, place, Box::new(event), how);
        let kept = kept.await.unwrap();
        assert_eq!(kept.refused, []);
        let which = Which::Id(kept.id);
        let seen = events::event(&house.ground, &house.analyst, &Scope::default(), which).await;
        assert!(seen.unwrap().attributes > 0);
    }
}
