//! What goes to another instance.

use db::Db;
use intel::model::RunOutcome;
use serde_json::{Value, json};

use crate::{
    house::{House, codes, event, uuid},
    stub::Stub,
};

db::contract! {
    only_what_may_go_goes_and_only_what_is_wanted,
    what_may_not_go_any_more_is_taken_back,
    what_is_refused_there_is_told_and_not_sent_again,
    without_the_right_there_nothing_is_sent,
}

/// Of ours, with what makes it go.
fn ours(number: u32, more: Value) -> Value {
    let mut all = json!({"distribution": "2", "published": true});
    let Value::Object(more) = more else {
        panic!("more members")
    };
    all.as_object_mut().unwrap().extend(more);
    event(number, number, all)
}

async fn only_what_may_go_goes_and_only_what_is_wanted(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new([]);
    let mut mixed = ours(1, json!({}));
    mixed["Attribute"].as_array_mut().unwrap().extend([
        json!({"uuid": uuid(12), "type": "domain", "value": "red.example", "Tag": [{"name": "tlp:red"}]}),
        json!({"uuid": uuid(13), "type": "domain", "value": "near.example", "distribution": "1"}),
    ]);
    house.published(&mixed).await;
    house
        .published(&ours(2, json!({"distribution": "1"})))
        .await;
    house
        .published(&ours(3, json!({"Tag": [{"name": "tlp:amber"}]})))
        .await;
    house.own(&ours(4, json!({"published": false}))).await;
    stub.inside().wants = vec![uuid(3), uuid(77)];
    let remote = house.pushes(&stub).await;
    let (run, notes) = house.run(&remote).await;
    assert_eq!((run.outcome, run.tally.sent), (RunOutcome::Complete, 1));
    let told = codes(&notes);
    assert_eq!(
        told,
        [
            ("1 events", "misp.distribution"),
            ("1 events", "misp.label"),
            ("1 events", "misp.unpublished"),
            ("2 events", "misp.not_offered"),
        ]
    );
    {
        let inside = stub.inside();
        let [(path, body)] = &*inside.received else {
            panic!("one event: {:?}", inside.received);
        };
        assert_eq!(path, "events/add/metadata:1");
        let sent = &body["Event"];
        assert_eq!(
            (&sent["uuid"], &sent["distribution"]),
            (&json!(uuid(1)), &json!("1"))
        );
        let values: Vec<_> = sent["Attribute"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| &one["value"])
            .collect();
        assert_eq!(values, ["e1.example"]);
        assert_eq!((&sent["id"], &sent["Org"]), (&Value::Null, &Value::Null));
        assert!(!body.to_string().contains("red.example"));
    }
    // Without a change nothing is asked.
    stub.asked();
    house.runs_well(&remote).await;
    assert_eq!(stub.asked(), [""; 0]);
}

async fn what_may_not_go_any_more_is_taken_back(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new([]);
    house.published(&ours(1, json!({}))).await;
    house.published(&ours(2, json!({}))).await;
    let remote = house.pushes(&stub).await;
    assert_eq!(house.runs_well(&remote).await.tally.sent, 2);
    house.delete(&uuid(1)).await;
    let (run, notes) = house.run(&remote).await;
    assert_eq!(run.tally.withdrawn, 1, "{notes:?}");
    assert_eq!(codes(&notes), [(&*uuid(1), "misp.withdrawn")]);
    let there: Vec<_> = stub.inside().events.keys().cloned().collect();
    assert_eq!(there, [uuid(2)]);
}

async fn what_is_refused_there_is_told_and_not_sent_again(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new([]);
    house.published(&ours(1, json!({}))).await;
    stub.inside().refuses = Some((403, "The event is blocked."));
    let remote = house.pushes(&stub).await;
    let (run, notes) = house.run(&remote).await;
    assert_eq!((run.tally.sent, run.tally.refused), (0, 1));
    assert_eq!(codes(&notes), [(&*uuid(1), "misp.not_allowed")]);
    assert!(notes[0].detail.contains("The event is blocked."));
    house.published(&ours(2, json!({}))).await;
    stub.inside().refuses = None;
    let run = house.runs_well(&remote).await;
    assert_eq!(run.tally.sent, 1);
}

async fn without_the_right_there_nothing_is_sent(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new([]);
    stub.inside().without_sync = true;
    house.published(&ours(1, json!({}))).await;
    let remote = house.pushes(&stub).await;
    let (run, _) = house.run(&remote).await;
    assert_eq!(
        (run.outcome, run.code.as_deref()),
        (RunOutcome::Failed, Some("misp.no_sync"))
    );
    assert!(stub.inside().received.is_empty());
}
