//! What distances between places and between numbers say, on both engines.
use db::Db;
use intel::model::Filter;
use kernel::Tlp;
use serde_json::json;

use crate::{
    events::own,
    house::{House, START, malware},
};

db::contract! {
    places_of_a_batch_stand_apart_by_chance,
    numbers_of_an_event_stand_apart_by_chance,
}

/// How many different distances there are, and the least and the greatest.
fn distances(numbers: &[i64]) -> (usize, i64, i64) {
    let mut all: Vec<i64> = numbers.windows(2).map(|pair| pair[1] - pair[0]).collect();
    all.sort_unstable();
    let ends = (all[0], all[all.len() - 1]);
    all.dedup();
    (all.len(), ends.0, ends.1)
}

async fn places_of_a_batch_stand_apart_by_chance(db: Db) {
    let house = House::open(db).await;
    let objects: Vec<_> = (1..=200)
        .map(|number| malware(number, 1, Some(Tlp::Green)))
        .collect();
    house.import(&objects).await;
    let mut places = Vec::new();
    let mut after = 0;
    loop {
        let page = house
            .page(&house.analyst, &Filter::default(), (after, 1))
            .await;
        let Some((place, _)) = page.places else { break };
        places.push(place);
        after = place;
    }
    assert_eq!(places.len(), 200);
    let (different, least, greatest) = distances(&places);
    assert!(different > 10 && least >= 1 && greatest <= 4_096);
    let ahead = places[199] - START.as_micros();
    assert!((0..1_000_000).contains(&ahead), "{ahead}");
}

async fn numbers_of_an_event_stand_apart_by_chance(db: Db) {
    let house = House::open(db).await;
    let attributes: Vec<_> = (0..100)
        .map(|number| json!({"type": "ip-dst", "value": format!("198.51.100.{number}")}))
        .collect();
    let kept = own(&house, 1, json!({ "Attribute": attributes })).await;
    assert_eq!(kept.attributes.len(), 100);
    let (different, least, greatest) = distances(&kept.attributes);
    assert!(different > 5 && least >= 1 && greatest <= 4_096);
    let next = own(&house, 2, json!({})).await;
    assert!(next.id > kept.id && next.attributes[0] > kept.attributes[99]);
}
