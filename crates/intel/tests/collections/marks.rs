//! Labels by marking definitions that came before, or come later, on both engines.
use db::Db;
use intel::{model::Reader, ops};
use kernel::{Role, Viewer};
use serde_json::{Value, json};

use crate::house::{House, PLACE, malware, user};

db::contract! {
    a_definition_behind_its_object_labels_it,
    a_definition_that_came_before_labels_what_comes,
    a_definition_that_comes_later_labels_more_strictly_and_never_less,
    a_definition_of_a_guest_labels_what_is_his,
}

fn mark(number: u32) -> String {
    format!("marking-definition--20000000-0000-4000-8000-{number:012}")
}

/// A definition of its own id that says a colour.
fn definition(number: u32, colour: &str) -> Value {
    json!({
        "type": "marking-definition", "spec_version": "2.1", "id": mark(number),
        "created": "2026-01-01T00:00:00.000Z", "definition_type": "tlp",
        "definition": {"tlp": colour},
    })
}

/// An object that refers to the definition of that number.
fn marked(number: u32, by: u32) -> Value {
    let mut object = malware(number, 1, None);
    object["object_marking_refs"] = json!([mark(by)]);
    object
}

async fn hand_in(house: &House, viewer: &Viewer, objects: &[Value]) {
    let envelope = json!({ "objects": objects }).to_string().into_bytes();
    let done = ops::import(&house.ground, viewer, PLACE, envelope).await;
    assert_eq!(done.unwrap().import.refused, 0);
}

/// The codes of the labels of the malware here, in the order in which it came.
async fn labels(house: &House) -> Vec<i32> {
    const SQL: &str = "SELECT class & 7 FROM collection_entry \
                       WHERE type = 'malware' ORDER BY added";
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let rows: Vec<(i32,)> = db::query(SQL).fetch_all(&mut tx).await.unwrap();
    rows.into_iter().map(|(label,)| label).collect()
}

const GREEN: i32 = 1;
const STRICT: i32 = 3;
const RED: i32 = 4;

async fn a_definition_behind_its_object_labels_it(db: Db) {
    let house = House::open(db).await;
    let mut of_a_part = malware(3, 1, None);
    of_a_part["granular_markings"] = json!([{"marking_ref": mark(2), "selectors": ["name"]}]);
    let objects = [
        marked(1, 1),
        marked(2, 2),
        of_a_part,
        marked(4, 3),
        definition(2, "red"),
        definition(1, "green"),
    ];
    house.import(&objects).await;
    assert_eq!(labels(&house).await, [GREEN, RED, RED, STRICT]);
}

async fn a_definition_that_came_before_labels_what_comes(db: Db) {
    let house = House::open(db).await;
    house
        .import(&[definition(1, "green"), definition(2, "red")])
        .await;
    house
        .import(&[marked(1, 1), marked(2, 2), marked(3, 3)])
        .await;
    assert_eq!(labels(&house).await, [GREEN, RED, STRICT]);
}

async fn a_definition_that_comes_later_labels_more_strictly_and_never_less(db: Db) {
    let house = House::open(db).await;
    house
        .import(&[marked(1, 1), marked(2, 2), marked(3, 2)])
        .await;
    assert_eq!(labels(&house).await, [STRICT, STRICT, STRICT]);
    house
        .import(&[definition(1, "green"), definition(2, "red")])
        .await;
    assert_eq!(labels(&house).await, [STRICT, RED, RED]);
    // Who was given them is told.
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let gone = ops::gone_in(&mut tx, &house.collection, 0).await.unwrap();
    assert_eq!(gone.len(), 2);
    drop(tx);
    // What is counted is what is there.
    let seen = ops::contents(&house.ground, &house.analyst, PLACE.0, PLACE.1).await;
    let malware = seen
        .unwrap()
        .into_iter()
        .filter(|one| one.kind == "malware");
    assert_eq!(malware.map(|one| one.versions).sum::<i64>(), 1);
}

async fn a_definition_of_a_guest_labels_what_is_his(db: Db) {
    let house = House::open(db).await;
    let guest = user(7, Role::Reporter);
    house.name(Reader::User(guest.user().unwrap()), true).await;
    house.import(&[marked(1, 1)]).await;
    hand_in(&house, &guest, &[marked(2, 1)]).await;
    hand_in(&house, &guest, &[definition(1, "red")]).await;
    assert_eq!(labels(&house).await, [STRICT, RED]);
    house.import(&[marked(3, 1)]).await;
    assert_eq!(labels(&house).await, [STRICT, RED, STRICT]);
    // Where the house says it, it holds for all.
    let mut of_house = definition(1, "red");
    of_house["name"] = json!("of the house");
    house.import(&[of_house]).await;
    assert_eq!(labels(&house).await, [RED, RED, RED]);
}
