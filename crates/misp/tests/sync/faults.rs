//! What others do wrong.

use db::Db;
use intel::{
    model::{RunOutcome, Tally},
    ops,
};
use serde_json::{Value, json};

use crate::{
    house::{House, codes, event, uuid},
    stub::{Fault, Stub},
};

db::contract! {
    what_is_cut_is_asked_for_again_and_the_rest_comes,
    what_is_wrong_for_good_is_refused_once,
    a_server_that_fails_is_left_alone,
    defects_of_a_list_are_told,
    a_test_says_how_far_it_comes,
}

async fn what_is_cut_is_asked_for_again_and_the_rest_comes(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new((1..=4).map(|number| event(number, number, json!({}))));
    stub.inside().faults.insert(uuid(2), Fault::Cut);
    stub.inside().faults.insert(uuid(3), Fault::Page(502));
    let remote = house.pulls(&stub).await;
    let (run, notes) = house.run(&remote).await;
    assert_eq!(
        (run.outcome, run.code.as_deref()),
        (RunOutcome::Cut, Some("misp.missed"))
    );
    assert_eq!((run.tally.added, run.tally.refused), (2, 0));
    let told = codes(&notes);
    assert_eq!(
        told,
        [(&*uuid(2), "misp.incomplete"), (&*uuid(3), "misp.refused")]
    );
    stub.inside().faults.clear();
    stub.asked();
    let run = house.runs_well(&remote).await;
    assert_eq!(run.tally.added, 2);
    assert_eq!(
        stub.asked().len(),
        3,
        "the list, and the two that are missing"
    );
}

async fn what_is_wrong_for_good_is_refused_once(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new((1..=5).map(|number| event(number, number, json!({}))));
    let faults = [
        Fault::Other,
        Fault::Page(403),
        Fault::Html,
        Fault::Page(404),
    ];
    for (number, fault) in (1..).zip(faults) {
        stub.inside().faults.insert(uuid(number), fault);
    }
    let remote = house.pulls(&stub).await;
    let (run, notes) = house.run(&remote).await;
    assert_eq!(run.outcome, RunOutcome::Complete);
    assert_eq!((run.tally.added, run.tally.refused), (1, 4));
    let told: Vec<_> = codes(&notes).into_iter().map(|(_, code)| code).collect();
    assert_eq!(
        told,
        [
            "misp.other_event",
            "misp.not_allowed",
            "misp.no_json",
            "misp.not_there"
        ]
    );
    let texts: String = notes.iter().map(|note| &*note.detail).collect();
    assert!(
        !texts.contains("html"),
        "no page of a server is repeated: {texts}"
    );
    assert_eq!(
        house.event("99999999-0000-4000-8000-000000000001").await,
        None
    );
}

async fn a_server_that_fails_is_left_alone(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new((1..=9).map(|number| event(number, number, json!({}))));
    for number in 1..=9 {
        stub.inside().faults.insert(uuid(number), Fault::Page(503));
    }
    let remote = house.pulls(&stub).await;
    let (run, _) = house.run(&remote).await;
    assert_eq!(run.outcome, RunOutcome::Failed);
    assert_eq!(run.tally, Tally::default());
    assert!(stub.asked().len() < 9);
}

async fn defects_of_a_list_are_told(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new([event(1, 0, json!({}))]);
    let twice = json!({"uuid": uuid(1), "timestamp": "1700000000", "published": "1"});
    let bad = json!({"uuid": "../../etc", "timestamp": 5, "published": true, "date": null});
    stub.inside().listed = vec![twice, bad];
    let remote = house.pulls(&stub).await;
    let (run, notes) = house.run(&remote).await;
    assert_eq!((run.outcome, run.tally.added), (RunOutcome::Complete, 1));
    let told = codes(&notes);
    assert_eq!(
        told,
        [
            (&*uuid(1), "misp.listed_twice"),
            ("../../etc", "misp.no_uuid")
        ]
    );
}

async fn a_test_says_how_far_it_comes(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new([event(1, 0, json!({}))]);
    let tested = |id| ops::test_remote(&house.remotes, &house.analyst, id);
    let worked = |steps: &[intel::model::TestStep]| -> Value {
        steps
            .iter()
            .map(|step| json!([step.step, step.worked]))
            .collect()
    };
    let remote = house.pulls(&stub).await;
    let steps = tested(remote.id).await.unwrap();
    let all = worked(&steps).to_string();
    assert!(
        all.ends_with(r#"["authentication",true],["version",true],["index",true]]"#),
        "{all}"
    );
    assert_eq!(house.event(&uuid(1)).await, None, "nothing was taken");
}
