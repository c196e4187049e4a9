//! Versions of objects that somebody else gave, on both engines.
use db::Db;
use intel::{
    events::{
        model::{Expected, Origin},
        ops as events,
    },
    model::{Filter, Reader, Refusals, Versions},
    ops,
};
use kernel::{Role, Tlp, Viewer};
use serde_json::{Value, json};

use crate::{
    events::uuid,
    given::bits,
    house::{House, PLACE, ROOT, counts, id, malware, marking, user},
};

db::contract! {
    an_object_gets_versions_from_who_gave_it_and_the_house,
    a_version_of_what_is_hidden_takes_its_place_for_nobody,
    what_is_hidden_is_refused_no_more_than_what_is_not_there,
    a_newer_specification_takes_no_place_either,
    what_stands_aside_does_not_leave,
    what_stood_alone_is_taken_back_when_the_house_gives_it,
    a_guests_event_takes_the_place_of_nothing,
    a_guests_event_goes_alone,
}

const STRICT: Option<Tlp> = Some(Tlp::AmberStrict);
const GREEN: Option<Tlp> = Some(Tlp::Green);

/// Two guests who may add to the collection.
async fn guests(house: &House) -> (Viewer, Viewer) {
    let guests = (user(7, Role::Reporter), user(8, Role::Reporter));
    let seen = ops::collection(&house.ground, &house.analyst, ROOT, PLACE.1).await;
    let version = seen.unwrap().collection.version;
    let named = |guest: &Viewer| (Reader::User(guest.user().unwrap()), true);
    let readers = vec![named(&guests.0), named(&guests.1)];
    let set = ops::set_readers(&house.ground, &house.analyst, PLACE, version, readers);
    set.await.unwrap();
    guests
}

async fn hand_in(house: &House, viewer: &Viewer, objects: &[Value]) -> Refusals {
    let envelope = json!({ "objects": objects }).to_string().into_bytes();
    let done = ops::import(&house.ground, viewer, PLACE, envelope).await;
    done.unwrap()
}

/// What became of one object: `added`, `known`, or the code.
async fn fate(house: &House, viewer: &Viewer, object: Value) -> String {
    let done = hand_in(house, viewer, &[object]).await;
    match counts(&done) {
        (1, 0, 0) => "added".to_owned(),
        (0, 1, 0) => "known".to_owned(),
        _ => done.refusals[0].code.clone(),
    }
}

fn last() -> Filter {
    Filter::default()
}

fn all() -> Filter {
    Filter {
        versions: Versions::All,
        ..Filter::default()
    }
}

async fn an_object_gets_versions_from_who_gave_it_and_the_house(db: Db) {
    let house = House::open(db).await;
    let (one, other) = guests(&house).await;
    house.import(&[malware(1, 1, GREEN)]).await;
    assert_eq!(fate(&house, &one, malware(1, 1, GREEN)).await, "known");
    assert_eq!(
        fate(&house, &one, malware(1, 2, GREEN)).await,
        "intel.foreign"
    );
    // The same version with other content is refused for the same reason.
    let other_content = malware(1, 1, Some(Tlp::Clear));
    assert_eq!(fate(&house, &one, other_content).await, "intel.foreign");
    assert_eq!(house.names(&house.analyst, &all()).await, ["m1v1"]);
    for viewer in [&one, &one, &house.analyst] {
        let version = house.names(viewer, &all()).await.len().try_into().unwrap();
        assert_eq!(
            fate(&house, viewer, malware(2, version, GREEN)).await,
            "added"
        );
    }
    // What another guest gave is not his to change either; now it is the house's.
    for viewer in [&other, &one] {
        assert_eq!(
            fate(&house, viewer, malware(2, 9, GREEN)).await,
            "intel.foreign"
        );
    }
    assert_eq!(house.names(&one, &last()).await, ["m1v1", "m2v3"]);
    assert_eq!(fate(&house, &other, malware(3, 1, GREEN)).await, "added");
    assert_eq!(
        fate(&house, &one, malware(3, 2, GREEN)).await,
        "intel.foreign"
    );
    assert_eq!(fate(&house, &other, malware(3, 2, GREEN)).await, "added");
}

async fn a_version_of_what_is_hidden_takes_its_place_for_nobody(db: Db) {
    let house = House::open(db).await;
    let (one, other) = guests(&house).await;
    house.import(&[malware(1, 3, STRICT)]).await;
    let mut newer = malware(1, 5, GREEN);
    newer["revoked"] = json!(true);
    for version in [newer, malware(1, 6, GREEN), malware(1, 1, GREEN)] {
        assert_eq!(fate(&house, &one, version).await, "added");
    }
    assert_eq!(house.names(&house.analyst, &last()).await, ["m1v3"]);
    assert_eq!(house.names(&one, &last()).await, ["m1v6"]);
    // Another guest, who sees what the first gave, is told that it is not his.
    assert_eq!(
        fate(&house, &other, malware(1, 7, GREEN)).await,
        "intel.foreign"
    );
    let first = Filter {
        versions: Versions::Some {
            last: false,
            first: true,
            at: Vec::new(),
        },
        ..Filter::default()
    };
    assert_eq!(house.names(&house.analyst, &first).await, ["m1v3"]);
    assert_eq!(house.names(&one, &first).await, ["m1v1"]);
    // Without it, what stood aside is all that there is.
    let gone = ops::delete(&house.ground, &house.analyst, PLACE, &id(1), &last()).await;
    assert_eq!(gone.unwrap(), 1);
    assert_eq!(house.names(&house.analyst, &last()).await, ["m1v6"]);
    assert_eq!(fate(&house, &one, malware(1, 8, GREEN)).await, "added");
}

async fn what_is_hidden_is_refused_no_more_than_what_is_not_there(db: Db) {
    let house = House::open(db).await;
    let (one, _) = guests(&house).await;
    fate(&house, &one, malware(9, 1, GREEN)).await;
    house.import(&[malware(1, 3, STRICT)]).await;
    // The second is nowhere. The first of the last pair is what stands there, to the letter.
    let batches = |number: u32| {
        [
            vec![malware(number, 3, STRICT), malware(number, 4, STRICT)],
            vec![malware(number, 3, GREEN), malware(number, 4, GREEN)],
            vec![malware(number, 5, GREEN), malware(number, 3, STRICT)],
        ]
    };
    for (hidden, absent) in batches(1).into_iter().zip(batches(2)) {
        let (done, statements) = db::scratch::counted(hand_in(&house, &one, &hidden)).await;
        let (other, others) = db::scratch::counted(hand_in(&house, &one, &absent)).await;
        let codes = |done: &Refusals| -> Vec<_> {
            done.refusals.iter().map(|one| one.code.clone()).collect()
        };
        assert_eq!(counts(&done), counts(&other));
        assert_eq!(codes(&done), codes(&other));
        assert_eq!(statements, others);
    }
    assert_eq!(house.names(&one, &last()).await, ["m9v1", "m1v5", "m2v5"]);
}

async fn a_newer_specification_takes_no_place_either(db: Db) {
    let house = House::open(db).await;
    let (one, _) = guests(&house).await;
    let mut old = malware(1, 1, STRICT);
    old.as_object_mut().unwrap().remove("spec_version");
    house.import(&[old]).await;
    assert_eq!(fate(&house, &one, malware(1, 2, GREEN)).await, "added");
    assert_eq!(house.names(&house.analyst, &last()).await, ["m1v1"]);
    assert_eq!(house.names(&one, &last()).await, ["m1v2"]);
}

async fn what_stands_aside_does_not_leave(db: Db) {
    let house = House::open(db).await;
    let (one, _) = guests(&house).await;
    house.import(&[malware(1, 1, Some(Tlp::Amber))]).await;
    fate(&house, &one, malware(1, 5, GREEN)).await;
    fate(&house, &one, malware(2, 1, GREEN)).await;
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let mask = bits(&[Tlp::Green, Tlp::Amber]);
    let given = ops::given_in(&mut tx, &house.collection, (mask, 0), i64::MAX).await;
    let (given, _) = given.unwrap().unwrap();
    let ids: Vec<_> = given.iter().map(|one| one.item.stix_id.clone()).collect();
    assert_eq!(ids, [id(1), id(2)]);
    assert_eq!(given[0].item.tlp, Tlp::Amber);
}

async fn what_stood_alone_is_taken_back_when_the_house_gives_it(db: Db) {
    let house = House::open(db).await;
    let (one, _) = guests(&house).await;
    fate(&house, &one, malware(1, 5, GREEN)).await;
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let mask = bits(&[Tlp::Green]);
    let given = ops::given_in(&mut tx, &house.collection, (mask, 0), i64::MAX).await;
    let (given, until) = given.unwrap().unwrap();
    drop(tx);
    house.import(&[malware(1, 3, GREEN)]).await;
    assert_eq!(house.names(&one, &last()).await, ["m1v3"]);
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let gone = ops::gone_in(&mut tx, &house.collection, 0).await.unwrap();
    let gone: Vec<_> = gone.iter().map(|gone| gone.place).collect();
    assert_eq!(gone, [given[0].place]);
    let since = ops::given_in(&mut tx, &house.collection, (mask, until), i64::MAX).await;
    assert_eq!(since.unwrap().unwrap().0.len(), 1);
}

fn indicator(number: u32, name: &str, tlp: Tlp) -> Value {
    json!({
        "type": "indicator", "spec_version": "2.1", "id": format!("indicator--{}", uuid(number)),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "name": name, "pattern": "[ipv4-addr:value = '198.51.100.9']", "pattern_type": "stix",
        "valid_from": "2026-01-01T00:00:00Z", "object_marking_refs": [marking(tlp)],
    })
}

/// A guest's event whose first attribute has the UUID of the 11th thing.
async fn event_of(house: &House, guest: &Viewer) -> i64 {
    let event = json!({
        "uuid": uuid(1), "info": "an event", "date": "2026-11-20", "distribution": "3",
        "timestamp": "1795132800", "Tag": [{"name": "tlp:green"}],
        "Attribute": [{"uuid": uuid(11), "type": "ip-dst", "value": "198.51.100.7",
            "to_ids": true, "timestamp": "1795132800"}],
    });
    let event = Box::new(serde_json::from_value(event).unwrap());
    let how = (Origin::Own, Expected::New);
    let kept = events::put(&house.ground, guest, PLACE, event, how).await;
    kept.unwrap().id
}

/// The names of the indicators that a viewer sees, in order.
async fn indicators(house: &House, viewer: &Viewer, filter: Filter) -> Vec<String> {
    let filter = Filter {
        types: vec!["indicator".to_owned()],
        ..filter
    };
    house.names(viewer, &filter).await
}

async fn a_guests_event_takes_the_place_of_nothing(db: Db) {
    let house = House::open(db).await;
    let (one, _) = guests(&house).await;
    house
        .import(&[indicator(11, "of the house", Tlp::Green)])
        .await;
    event_of(&house, &one).await;
    let shown = indicators(&house, &house.analyst, last()).await;
    assert_eq!(shown, ["of the house"]);
    assert_eq!(indicators(&house, &one, last()).await, ["of the house"]);
    let all = indicators(&house, &house.analyst, all()).await;
    assert_eq!(all.len(), 2);
}

async fn a_guests_event_goes_alone(db: Db) {
    let house = House::open(db).await;
    let (one, _) = guests(&house).await;
    house
        .import(&[indicator(11, "of the house", Tlp::AmberStrict)])
        .await;
    let event = event_of(&house, &one).await;
    assert_eq!(indicators(&house, &one, last()).await.len(), 1);
    events::delete(&house.ground, &one, event).await.unwrap();
    assert_eq!(indicators(&house, &one, all()).await.len(), 0);
    let left = indicators(&house, &house.analyst, all()).await;
    assert_eq!(left, ["of the house"]);
}
