//! Who sees a collection, on both engines.
use db::Db;
use intel::{
    model::{Filter, Reader},
    ops,
};
use kernel::{Role, Tlp, Viewer, Who};
use serde_json::json;

use crate::house::{House, PLACE, ROOT, malware, settings, user};

db::contract! {
    a_guest_sees_what_names_him_as_far_as_labels_reach,
    a_guest_writes_where_he_is_let,
    red_is_for_those_who_are_named_one_by_one,
    settings_are_changed_by_who_has_seen_them,
    names_are_taken_once,
    collections_are_made_by_the_house,
    readers_are_kept_and_named_once_each,
}

fn reader_of(viewer: &Viewer) -> Reader {
    Reader::User(viewer.user().unwrap())
}

async fn a_guest_sees_what_names_him_as_far_as_labels_reach(db: Db) {
    let house = House::open(db).await;
    let guest = user(7, Role::Reporter);
    let labels = [
        Tlp::Clear,
        Tlp::Green,
        Tlp::Amber,
        Tlp::AmberStrict,
        Tlp::Red,
    ];
    let objects: Vec<_> = (1..)
        .zip(labels)
        .map(|(number, tlp)| malware(number, 0, Some(tlp)))
        .collect();
    house.import(&objects).await;
    let before = ops::collections(&house.ground, &guest, Some(ROOT))
        .await
        .unwrap();
    assert!(before.is_empty());
    let hidden = ops::collection(&house.ground, &guest, PLACE.0, PLACE.1)
        .await
        .unwrap_err();
    let absent = ops::collection(&house.ground, &guest, ROOT, "nothing")
        .await
        .unwrap_err();
    assert_eq!(hidden.to_string(), absent.to_string());

    house.name(reader_of(&guest), false).await;
    let names = house.names(&guest, &Filter::default()).await;
    assert_eq!(names, ["m1v0", "m2v0", "m3v0"]);
    let shown = ops::collection(&house.ground, &guest, PLACE.0, PLACE.1)
        .await
        .unwrap();
    assert!(!shown.can_write);
    let envelope = json!({ "objects": [] }).to_string().into_bytes();
    let refused = ops::import(&house.ground, &guest, PLACE, envelope)
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "intel.read_only");
}

async fn a_guest_writes_where_he_is_let(db: Db) {
    let house = House::open(db).await;
    let guest = user(7, Role::Reporter);
    house.name(reader_of(&guest), true).await;
    let envelope = malware(1, 0, None).to_string().into_bytes();
    let done = ops::import(&house.ground, &guest, PLACE, envelope)
        .await
        .unwrap();
    assert_eq!(done.import.added, 1);
    assert!(
        house.names(&guest, &Filter::default()).await.is_empty(),
        "unmarked is AMBER+STRICT, which stays in the house"
    );
}

async fn red_is_for_those_who_are_named_one_by_one(db: Db) {
    let house = House::open(db).await;
    house.import(&[malware(1, 0, Some(Tlp::Red))]).await;
    let other = user(2, Role::Analyst);
    house.name(reader_of(&other), false).await;
    assert_eq!(house.names(&other, &Filter::default()).await, ["m1v0"]);
    assert!(
        house
            .names(&house.analyst, &Filter::default())
            .await
            .is_empty()
    );
}

async fn settings_are_changed_by_who_has_seen_them(db: Db) {
    let house = House::open(db).await;
    let changed = settings("renamed");
    let stale = ops::edit(&house.ground, &house.analyst, PLACE, 7, changed.clone()).await;
    assert_eq!(stale.unwrap_err().code(), "intel.stale");
    let edited = ops::edit(&house.ground, &house.analyst, PLACE, 1, changed)
        .await
        .unwrap();
    assert_eq!(edited.version, 2);
    let by_id = edited.public.uuid().to_string();
    for name in ["renamed", &by_id] {
        let found = ops::collection(&house.ground, &house.analyst, ROOT, name)
            .await
            .unwrap();
        assert_eq!(found.collection, edited);
    }
}

async fn names_are_taken_once(db: Db) {
    let house = House::open(db).await;
    let root = house.collection.root.clone();
    let again = ops::create(&house.ground, &house.analyst, &root, settings("feed")).await;
    assert_eq!(again.unwrap_err().code(), "intel.taken");
    let roots = ops::roots(&house.ground, &house.analyst).await.unwrap();
    let again = ops::add_root(&house.ground, &house.analyst, roots[0].clone()).await;
    assert_eq!(again.unwrap_err().code(), "intel.taken");
    let made = ops::create(&house.ground, &house.analyst, &root, settings("other")).await;
    made.unwrap();
    let taken = ops::edit(&house.ground, &house.analyst, PLACE, 1, settings("other")).await;
    assert_eq!(taken.unwrap_err().code(), "intel.taken");
}

async fn collections_are_made_by_the_house(db: Db) {
    let house = House::open(db).await;
    let root = house.collection.root.clone();
    let guest = user(7, Role::Reporter);
    let refused = ops::create(&house.ground, &guest, &root, settings("x")).await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
    let unknown = "nothing".parse().unwrap();
    let refused = ops::create(&house.ground, &house.analyst, &unknown, settings("x")).await;
    assert_eq!(refused.unwrap_err().code(), "intel.not_found");
}

async fn readers_are_kept_and_named_once_each(db: Db) {
    let house = House::open(db).await;
    let party = Reader::Party("XB".parse().unwrap());
    house.name(party.clone(), true).await;
    let kept = ops::readers(&house.ground, &house.analyst, PLACE.0, PLACE.1)
        .await
        .unwrap();
    assert_eq!(kept, [(party.clone(), true)]);
    let twice = vec![(party.clone(), true), (party, false)];
    let refused = ops::set_readers(&house.ground, &house.analyst, PLACE, 2, twice).await;
    assert_eq!(refused.unwrap_err().code(), "intel.invalid");
    let peer = Viewer {
        who: Who::Peer("XB".parse().unwrap()),
        ..house.analyst.clone()
    };
    let found = ops::collections(&house.ground, &peer, None).await;
    assert_eq!(
        found.unwrap_err().code(),
        "access.peer",
        "nodes read by message alone"
    );
}
