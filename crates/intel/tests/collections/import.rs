//! What is handed in, on both engines.
use db::Db;
use intel::{
    intake::{Batch, Reader},
    jobs, ops,
};
use kernel::{Mode, Role, Tlp, Viewer};
use queue::Runner;
use serde_json::json;

use crate::house::{House, PLACE, ROOT, counts, id, malware, outcome, user};

db::contract! {
    an_object_that_cannot_be_read_is_named_and_the_others_are_kept,
    what_is_handed_in_twice_is_known,
    one_version_never_has_two_contents,
    a_bad_object_is_named_and_the_others_are_kept,
    what_is_no_json_leaves_nothing,
    what_is_marked_above_the_ceiling_is_refused,
    a_part_that_is_marked_counts_for_the_whole,
    what_no_selector_covers_is_not_marked,
    a_colour_that_nobody_knows_is_red,
    long_envelopes_are_kept_first_and_looked_at_by_a_job,
    a_status_is_for_who_handed_it_in,
    objects_that_were_read_are_added_at_once,
    two_collections_share_a_content_and_nothing_else,
    the_exercise_does_not_see_what_is_real,
}

async fn what_is_handed_in_twice_is_known(db: Db) {
    let house = House::open(db).await;
    let mut again = malware(1, 0, None);
    let observable = json!({"type": "domain-name", "value": "evil.example",
        "id": "domain-name--00000000-0000-5000-8000-000000000001"});
    let first = house.import(&[again.clone(), observable.clone()]).await;
    assert_eq!(counts(&first), (2, 0, 0));
    // The order of members is no difference of content.
    let name = again.as_object_mut().unwrap().remove("name").unwrap();
    again["name"] = name;
    let second = house.import(&[again, observable]).await;
    assert_eq!(counts(&second), (0, 2, 0));
}

async fn one_version_never_has_two_contents(db: Db) {
    let house = House::open(db).await;
    let mut other = malware(1, 0, None);
    house.import(&[other.clone()]).await;
    other["name"] = json!("other");
    let done = house.import(&[malware(2, 0, None), other]).await;
    assert_eq!(counts(&done), (1, 0, 1));
    let refusal = &done.refusals[0];
    assert_eq!(
        (
            refusal.place,
            refusal.stix_id.as_str(),
            refusal.code.as_str()
        ),
        (1, id(1).as_str(), "intel.conflict")
    );
    assert_eq!(refusal.version, "2026-01-01T00:00:00.000Z");
}

async fn a_bad_object_is_named_and_the_others_are_kept(db: Db) {
    let house = House::open(db).await;
    let bad = [
        json!(7),
        json!({"type": "malware", "id": "tool--00000000-0000-4000-8000-000000000001"}),
        json!({"type": "malware", "id": id(5), "modified": "yesterday"}),
        json!({"id": "nothing"}),
    ];
    let objects: Vec<_> = bad.into_iter().chain([malware(1, 0, None)]).collect();
    let done = house.import(&objects).await;
    assert_eq!(counts(&done), (1, 0, 4));
    let codes: Vec<_> = done
        .refusals
        .iter()
        .map(|refusal| refusal.code.as_str())
        .collect();
    assert_eq!(
        codes,
        ["intel.no_object", "intel.id", "intel.moment", "intel.id"]
    );
}

async fn what_is_no_json_leaves_nothing(db: Db) {
    let house = House::open(db).await;
    let cut = format!(r#"{{"objects":[{},{{"type""#, malware(1, 0, None));
    let refused = ops::import(&house.ground, &house.analyst, PLACE, cut.into_bytes()).await;
    assert_eq!(refused.unwrap_err().code(), "intel.unreadable");
    assert!(
        house
            .names(&house.analyst, &intel::model::Filter::default())
            .await
            .is_empty()
    );
}

async fn what_is_marked_above_the_ceiling_is_refused(db: Db) {
    let house = House::open(db).await;
    let low = intel::model::Settings {
        ceiling: Tlp::Green,
        unmarked: Tlp::Green,
        ..crate::house::settings("low")
    };
    let root = house.collection.root.clone();
    ops::create(&house.ground, &house.analyst, &root, low)
        .await
        .unwrap();
    let objects = [
        malware(1, 0, Some(Tlp::Amber)),
        malware(2, 0, Some(Tlp::Green)),
        malware(3, 0, None),
    ];
    let envelope = json!({ "objects": objects }).to_string().into_bytes();
    let done = ops::import(&house.ground, &house.analyst, (ROOT, "low"), envelope)
        .await
        .unwrap();
    assert_eq!(counts(&done), (2, 0, 1));
    assert_eq!(done.refusals[0].code, "intel.ceiling");
}

async fn a_part_that_is_marked_counts_for_the_whole(db: Db) {
    let house = House::open(db).await;
    let mut object = malware(1, 0, Some(Tlp::Clear));
    object["granular_markings"] =
        json!([{"marking_ref": crate::house::marking(Tlp::Red), "selectors": ["name"]}]);
    house.import(&[object]).await;
    assert!(
        house
            .names(&house.analyst, &intel::model::Filter::default())
            .await
            .is_empty()
    );
}

async fn what_no_selector_covers_is_not_marked(db: Db) {
    let house = House::open(db).await;
    let mut object = malware(1, 0, None);
    object["granular_markings"] =
        json!([{"marking_ref": crate::house::marking(Tlp::Clear), "selectors": ["name"]}]);
    house.import(&[object]).await;
    let held = ops::contents(&house.ground, &house.analyst, ROOT, PLACE.1).await;
    let labels: Vec<_> = held.unwrap().iter().map(|held| held.tlp).collect();
    assert_eq!(labels, [Tlp::AmberStrict]);
}

async fn a_colour_that_nobody_knows_is_red(db: Db) {
    let house = House::open(db).await;
    let id = "marking-definition--0b2f6a3c-9a50-4f5e-8f0e-6b1f0c3f4a11";
    let purple = json!({
        "type": "marking-definition", "spec_version": "2.1", "id": id,
        "created": "2026-01-01T00:00:00.000Z",
        "definition_type": "tlp", "definition": {"tlp": "purple"},
    });
    let mut object = malware(1, 0, Some(Tlp::Green));
    object["object_marking_refs"] = json!([crate::house::marking(Tlp::Green), id]);
    house.import(&[purple, object]).await;
    let seen = house
        .names(&house.analyst, &intel::model::Filter::default())
        .await;
    assert!(seen.is_empty());
}

async fn long_envelopes_are_kept_first_and_looked_at_by_a_job(db: Db) {
    let house = House::open(db).await;
    let mut objects: Vec<_> = (0..4_500).map(|number| malware(number, 0, None)).collect();
    objects[3_000] = json!({"id": "bad"});
    let waiting = house.import(&objects).await;
    assert_eq!(
        (waiting.import.total, waiting.import.pending()),
        (4_500, 4_500)
    );

    let ground = &house.ground;
    let runner = Runner::new(ground.db.clone(), ground.clock.clone(), ground.rng.clone());
    let runner = jobs::jobs(runner, ground);
    runner.run_due().await.unwrap();
    let done = ops::status(ground, &house.analyst, ROOT, waiting.import.id)
        .await
        .unwrap();
    assert_eq!((counts(&done), done.import.pending()), ((4_499, 0, 1), 0));
    assert_eq!(done.refusals[0].place, 3_000);
    assert_eq!(done.import.failure, None);
}

async fn a_status_is_for_who_handed_it_in(db: Db) {
    let house = House::open(db).await;
    let done = house.import(&[malware(1, 0, None)]).await;
    let other = user(2, Role::Analyst);
    let status = ops::status(&house.ground, &other, ROOT, done.import.id).await;
    assert_eq!(status.unwrap_err().code(), "intel.not_found");
    let own = ops::status(&house.ground, &house.analyst, ROOT, done.import.id).await;
    assert_eq!(own.unwrap(), done);
}

async fn objects_that_were_read_are_added_at_once(db: Db) {
    let house = House::open(db).await;
    let text = malware(1, 0, None).to_string();
    let batch: Batch = Reader::new(text.as_bytes()).next(10).unwrap().unwrap();
    let added = ops::add(&house.ground, &house.analyst, PLACE, batch.clone())
        .await
        .unwrap();
    assert_eq!(outcome(&added), (1, 0, 0));
    let added = ops::add(&house.ground, &house.analyst, PLACE, batch)
        .await
        .unwrap();
    assert_eq!(outcome(&added), (0, 1, 0));
}

async fn two_collections_share_a_content_and_nothing_else(db: Db) {
    let house = House::open(db).await;
    let root = house.collection.root.clone();
    let second = crate::house::settings("second");
    ops::create(&house.ground, &house.analyst, &root, second)
        .await
        .unwrap();
    let mut object = malware(1, 0, None);
    house.import(&[object.clone()]).await;
    object["name"] = json!("other");
    let envelope = json!({ "objects": [object] }).to_string().into_bytes();
    let place = (ROOT, "second");
    let done = ops::import(&house.ground, &house.analyst, place, envelope)
        .await
        .unwrap();
    assert_eq!(
        counts(&done),
        (1, 0, 0),
        "what another collection holds does not show"
    );
}

async fn the_exercise_does_not_see_what_is_real(db: Db) {
    let house = House::open(db).await;
    let player = Viewer {
        mode: Mode::Exercise,
        ..house.analyst.clone()
    };
    let roots = ops::roots(&house.ground, &player).await.unwrap();
    assert_eq!(roots.len(), 1, "that of the exercise");
    let found = ops::collection(&house.ground, &player, PLACE.0, PLACE.1).await;
    assert_eq!(found.unwrap_err().code(), "intel.not_found");
}

async fn an_object_that_cannot_be_read_is_named_and_the_others_are_kept(db: Db) {
    let house = House::open(db).await;
    let deep = format!(
        r#"{{"type":"malware","x":{}{},"id":"{}"}}"#,
        "[".repeat(100),
        "]".repeat(100),
        id(3)
    );
    let half = r#"{"id":"malware--half","name":"\ud800 and \" }"}"#;
    let twice = r#"{"type":"malware","type":"tool"}"#;
    let (first, last) = (malware(1, 0, None), malware(2, 0, None));
    let envelope = format!(r#"{{"objects":[{first},{deep},{half},{twice},{last}]}}"#);
    let tried = ops::import(&house.ground, &house.analyst, PLACE, envelope.into_bytes()).await;
    let done = tried.unwrap();
    assert_eq!(counts(&done), (2, 0, 3));
    let named: Vec<_> = done
        .refusals
        .iter()
        .map(|one| (one.place, one.stix_id.as_str(), one.code.as_str()))
        .collect();
    let code = "intel.object_unreadable";
    let third = id(3);
    assert_eq!(
        named,
        [
            (1, &*third, code),
            (2, "malware--half", code),
            (3, "", code)
        ]
    );
    // Around them, all must be sound.
    for broken in ["", "]", "]}}", r#",{"x":[}]}"#] {
        let text = format!(r#"{{"objects":[{first},{deep}{broken}"#);
        let tried = ops::import(&house.ground, &house.analyst, PLACE, text.into_bytes()).await;
        assert_eq!(tried.unwrap_err().code(), "intel.unreadable", "{broken}");
    }
}
