//! What does not leave the house, because a newer version may not, on both engines.

use db::Db;
use intel::ops;
use kernel::Tlp;
use serde_json::json;

use crate::{
    given::{bits, labels},
    house::{House, id, malware, marking},
};

db::contract! {
    what_is_newest_decides_for_all_versions,
}

async fn what_is_newest_decides_for_all_versions(db: Db) {
    let house = House::open(db).await;
    let observable = |tlp: Tlp| {
        json!({"type": "domain-name", "spec_version": "2.1", "value": "a.example",
            "id": "domain-name--00000000-0000-4000-8000-000000000001",
            "object_marking_refs": [marking(tlp)]})
    };
    house
        .import(&[
            malware(1, 1, Some(Tlp::Green)),
            malware(2, 1, Some(Tlp::Green)),
            malware(3, 2, Some(Tlp::Green)),
            observable(Tlp::Green),
        ])
        .await;
    let mask = bits(&[Tlp::Clear, Tlp::Green, Tlp::Amber]);
    let feed = &house.collection;
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let (all, before) = ops::given_in(&mut tx, feed, (mask, 0), i64::MAX)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(all.len(), 4);
    let none = ops::barred_since_in(&mut tx, feed, mask, (0, before)).await;
    assert!(none.unwrap().is_empty());
    drop(tx);
    house
        .import(&[
            malware(1, 2, Some(Tlp::Red)),
            malware(3, 1, Some(Tlp::Red)),
            observable(Tlp::Red),
        ])
        .await;
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let (left, until) = ops::given_in(&mut tx, feed, (mask, 0), i64::MAX)
        .await
        .unwrap()
        .unwrap();
    let (two, three) = (id(2), id(3));
    let expected = [(two.as_str(), Tlp::Green), (three.as_str(), Tlp::Green)];
    assert_eq!(labels(&left), expected);
    let barred = ops::barred_since_in(&mut tx, feed, mask, (before, until)).await;
    let barred = barred.unwrap();
    let domain = "domain-name--00000000-0000-4000-8000-000000000001";
    let expected = [domain.to_owned(), id(1)];
    assert_eq!(barred.into_iter().collect::<Vec<_>>(), expected);
    drop(tx);
    // A version that is freer again goes, and so do the others that are.
    house.import(&[malware(1, 3, Some(Tlp::Green))]).await;
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let (left, _) = ops::given_in(&mut tx, feed, (mask, 0), i64::MAX)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(left.len(), 4);
}
