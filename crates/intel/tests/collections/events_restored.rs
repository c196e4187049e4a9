//! What was deleted of events comes back whole, on both engines.

use std::collections::{BTreeMap, BTreeSet};

use db::Db;
use intel::events::ops as events;
use kernel::Viewer;
use serde_json::{Value, json};

use crate::{
    events::{own, uuid},
    events_withdrawn::{parts, versions},
    house::{House, PLACE, id, malware},
};

db::contract! {
    what_an_event_became_comes_back_with_it,
    what_a_person_deleted_beside_it_does_not,
}

/// The newest version of each object, with its label.
async fn labels(house: &House, viewer: &Viewer) -> BTreeMap<String, Value> {
    let all = versions(house, viewer).await.into_iter();
    let label = |one: Value| {
        let id = one["id"].as_str().unwrap().to_owned();
        (id, one["object_marking_refs"].clone())
    };
    all.map(label).collect()
}

/// The parts of [`parts`], two of them under a stricter label.
fn labelled() -> Value {
    let mut parts = parts();
    for place in [0, 2] {
        parts["Attribute"][place]["Tag"] = json!([{"name": "tlp:amber+strict"}]);
    }
    parts
}

async fn restore(house: &House, of: &str) {
    let of = of.parse().unwrap();
    let done = events::restore(&house.ground, &house.analyst, PLACE, of).await;
    done.unwrap();
}

async fn what_an_event_became_comes_back_with_it(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, labelled()).await;
    assert_eq!(kept.refused, []);
    let before = labels(&house, &house.analyst).await;
    let different: BTreeSet<String> = before.values().map(Value::to_string).collect();
    assert_eq!(different.len(), 2, "{before:?}");
    let gone = events::delete(&house.ground, &house.analyst, kept.id).await;
    gone.unwrap();
    assert_eq!(labels(&house, &house.analyst).await, BTreeMap::new());
    restore(&house, &uuid(1)).await;
    own(&house, 1, labelled()).await;
    assert_eq!(labels(&house, &house.analyst).await, before);
}

async fn what_a_person_deleted_beside_it_does_not(db: Db) {
    let house = House::open(db).await;
    house.import(&[malware(7, 1, None)]).await;
    let kept = own(&house, 1, labelled()).await;
    let indicator = format!("indicator--{}", uuid(11));
    for one in [&id(7), &indicator] {
        let whole = intel::model::Filter::everything();
        let gone = intel::ops::delete(&house.ground, &house.analyst, PLACE, one, &whole).await;
        gone.unwrap();
    }
    let gone = events::delete(&house.ground, &house.analyst, kept.id).await;
    gone.unwrap();
    restore(&house, &uuid(1)).await;
    own(&house, 1, labelled()).await;
    let now = labels(&house, &house.analyst).await;
    assert!(
        !now.contains_key(&indicator) && !now.contains_key(&id(7)),
        "{now:?}"
    );
    assert!(now.len() > 5);
}
