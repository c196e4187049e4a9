//! What is marked more strictly than a viewer sees is to him as if it were not there, on both engines.
use db::{Db, Engine};
use intel::{
    model::{Filter, Reader, Refusals, Versions},
    ops,
};
use kernel::{Role, SeededRng, Tlp, Viewer, random_array};
use serde_json::{Value, json};

use crate::house::{House, PLACE, ROOT, counts, id, malware, user};

db::contract! {
    each_viewer_has_a_newest_version_of_his_own,
    what_stands_unseen_answers_as_nothing,
    what_is_given_twice_unseen_stands_once,
    what_was_deleted_unseen_answers_as_nothing,
    the_migration_gives_the_classes_that_the_program_gives,
}

const STRICT: Option<Tlp> = Some(Tlp::AmberStrict);
const GREEN: Option<Tlp> = Some(Tlp::Green);

async fn guest(house: &House) -> Viewer {
    let guest = user(7, Role::Reporter);
    house.name(Reader::User(guest.user().unwrap()), true).await;
    guest
}

async fn hand_in(house: &House, viewer: &Viewer, objects: &[Value]) -> Refusals {
    let envelope = json!({ "objects": objects }).to_string().into_bytes();
    let done = ops::import(&house.ground, viewer, PLACE, envelope).await;
    done.unwrap()
}

fn of(versions: Versions) -> Filter {
    Filter {
        versions,
        ..Filter::default()
    }
}

/// How many objects and versions a viewer is told of.
async fn told(house: &House, viewer: &Viewer) -> (i64, i64) {
    let all = ops::contents(&house.ground, viewer, ROOT, PLACE.1).await;
    let all = all.unwrap();
    let objects = all.iter().map(|one| one.objects).sum();
    (objects, all.iter().map(|one| one.versions).sum())
}

async fn classes(house: &House) -> Vec<(i64, i32)> {
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let rows = db::query("SELECT added, class FROM collection_entry ORDER BY added");
    rows.fetch_all(&mut tx).await.unwrap()
}

async fn each_viewer_has_a_newest_version_of_his_own(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    house
        .import(&[
            malware(1, 1, STRICT),
            malware(1, 2, GREEN),
            malware(1, 3, Some(Tlp::Amber)),
            malware(1, 4, STRICT),
            malware(1, 5, Some(Tlp::Red)),
        ])
        .await;
    let first = of(Versions::Some {
        last: false,
        first: true,
        at: Vec::new(),
    });
    let last = of(Versions::Last);
    let analyst = &house.analyst;
    for (viewer, oldest, newest, versions) in
        [(&guest, "m1v2", "m1v3", 2), (analyst, "m1v1", "m1v4", 4)]
    {
        assert_eq!(house.names(viewer, &first).await, [oldest]);
        assert_eq!(house.names(viewer, &last).await, [newest]);
        assert_eq!(told(&house, viewer).await, (1, versions));
        let life = ops::life(&house.ground, viewer, PLACE, &id(1), house.ground.now()).await;
        assert!(life.is_ok());
    }
    // The newest of the analyst goes: the guest's stays, and is the analyst's too.
    let gone = ops::delete(&house.ground, analyst, PLACE, &id(1), &last).await;
    assert_eq!(gone.unwrap(), 1);
    assert_eq!(house.names(&guest, &last).await, ["m1v3"]);
    assert_eq!(house.names(analyst, &last).await, ["m1v3"]);
}

async fn what_stands_unseen_answers_as_nothing(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    house.import(&[malware(1, 1, STRICT)]).await;
    // The same version with another content, and one that is nowhere.
    for number in [1, 2] {
        let done = hand_in(&house, &guest, &[malware(number, 1, GREEN)]).await;
        assert_eq!(counts(&done), (1, 0, 0));
        assert!(done.refusals.is_empty());
    }
    let all = of(Versions::All);
    let last = of(Versions::Last);
    assert_eq!(house.names(&guest, &last).await, ["m1v1", "m2v1"]);
    assert_eq!(
        house.names(&house.analyst, &all).await,
        ["m1v1", "m1v1", "m2v1"]
    );
    // It does not take the place of what stood there for those who see both.
    let page = house.page(&house.analyst, &last, (0, 10)).await;
    assert_eq!(page.content[0], malware(1, 1, STRICT));
    assert_eq!(page.content.len(), 2);
    // His own is his: what he hands in again is known, or another version.
    let again = [malware(1, 1, GREEN), malware(1, 1, Some(Tlp::Clear))];
    let done = hand_in(&house, &guest, &again).await;
    assert_eq!(counts(&done), (0, 1, 1));
    assert_eq!(done.refusals[0].code, "intel.conflict");
}

async fn what_is_given_twice_unseen_stands_once(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    house.import(&[malware(1, 1, STRICT)]).await;
    // Who hands in for the first time gets a number.
    hand_in(&house, &guest, &[malware(3, 1, STRICT)]).await;
    let (there, absent) = (malware(1, 1, STRICT), malware(2, 1, STRICT));
    for object in [&there, &absent, &there, &absent] {
        let twice = [object.clone(), object.clone()];
        let (done, statements) = db::scratch::counted(hand_in(&house, &guest, &twice)).await;
        assert_eq!(counts(&done), (1, 1, 0));
        let (other, others) = db::scratch::counted(hand_in(&house, &guest, &twice)).await;
        assert_eq!(counts(&other), (1, 1, 0));
        assert_eq!(statements, others);
    }
    assert_eq!(told(&house, &house.analyst).await, (3, 3));
}

async fn what_was_deleted_unseen_answers_as_nothing(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    let objects = [malware(1, 1, STRICT), malware(2, 1, GREEN)];
    house.import(&objects).await;
    for number in [1, 2] {
        let everything = Filter::everything();
        let id = id(number);
        let gone = ops::delete(&house.ground, &house.analyst, PLACE, &id, &everything);
        assert_eq!(gone.await.unwrap(), 1);
    }
    // It stays deleted for whom it was told.
    let done = hand_in(&house, &guest, &objects).await;
    assert_eq!(counts(&done), (1, 0, 1));
    assert_eq!(done.refusals[0].stix_id, id(2));
    assert_eq!(told(&house, &house.analyst).await, (0, 0));
    let done = house.import(&objects).await;
    assert_eq!(counts(&done), (0, 0, 2));
    // What he sees himself is his own.
    let done = hand_in(&house, &guest, &[malware(1, 2, GREEN)]).await;
    assert_eq!(counts(&done), (1, 0, 0));
    let last = of(Versions::Last);
    assert_eq!(house.names(&guest, &last).await, ["m1v2"]);
}

async fn the_migration_gives_the_classes_that_the_program_gives(db: Db) {
    const SQLITE: &str = include_str!("../../../db/migrations/sqlite/0031_shown.sql");
    const POSTGRES: &str = include_str!("../../../db/migrations/postgres/0031_shown.sql");
    let engine = db.engine();
    let house = House::open(db).await;
    let rng = SeededRng::new(31);
    let chance = random_array::<200>(&rng);
    let objects: Vec<Value> = chance
        .chunks(4)
        .map(|chance| {
            let label = Tlp::ALL[usize::from(chance[0]) % 5];
            let mut object = malware(
                u32::from(chance[1] % 12),
                u32::from(chance[2] % 30),
                Some(label),
            );
            if chance[3] % 4 == 0 {
                object.as_object_mut().unwrap().remove("spec_version");
                object["labels"] = json!(["worm"]);
            }
            object
        })
        .collect();
    let done = house.import(&objects).await;
    assert!(done.import.added > 25, "{:?}", counts(&done));
    let wanted = classes(&house).await;
    assert!(wanted.iter().any(|(_, class)| *class > 127));
    let counted = told(&house, &house.analyst).await;

    let mut tx = house.ground.db.begin().await.unwrap();
    let forget = "UPDATE collection_entry SET class = class & 71 WHERE class > 127";
    db::query(forget).execute(&mut tx).await.unwrap();
    let script = match engine {
        Engine::Sqlite => SQLITE,
        Engine::Postgres => POSTGRES,
    };
    for statement in script.split(";\n").map(str::trim) {
        if !statement.is_empty() && !statement.contains("ALTER TABLE") {
            db::query(statement).execute(&mut tx).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    assert_eq!(classes(&house).await, wanted);
    assert_eq!(told(&house, &house.analyst).await, counted);
}
