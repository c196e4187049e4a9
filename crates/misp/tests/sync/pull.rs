//! What comes from another instance, or from a feed.

use db::Db;
use intel::model::{Direction, RemoteKind};
use serde_json::json;

use crate::{
    house::{House, codes, event, uuid},
    stub::Stub,
};

db::contract! {
    what_is_new_or_newer_comes_once,
    what_comes_is_a_step_nearer_and_labelled,
    what_is_not_listed_any_more_is_told_and_kept,
    what_was_deleted_here_does_not_come_back,
    a_feed_is_read_as_far_as_its_rules_say,
}

async fn what_is_new_or_newer_comes_once(db: Db) {
    let house = House::open(db).await;
    let hidden = event(3, 0, json!({"published": false}));
    let stub = Stub::new([event(1, 0, json!({})), event(2, 5, json!({})), hidden]);
    let remote = house.pulls(&stub).await;
    let run = house.runs_well(&remote).await;
    assert_eq!(
        (run.tally.received, run.tally.added, run.tally.refused),
        (2, 2, 0)
    );
    let view = |number| format!("GET events/view/{}", uuid(number));
    // Two are asked for at the same time.
    let mut asked = stub.asked();
    asked.sort();
    assert_eq!(asked, [view(1), view(2), "POST events/index".to_owned()]);
    assert_eq!(house.event(&uuid(3)).await, None);
    // Without a change there is one question.
    let run = house.runs_well(&remote).await;
    assert_eq!(run.tally.received, 0);
    assert_eq!(stub.asked(), ["POST events/index"]);
    stub.has(event(2, 9, json!({})));
    let run = house.runs_well(&remote).await;
    assert_eq!((run.tally.added, run.tally.known), (1, 1));
    assert_eq!(stub.asked(), ["POST events/index".to_owned(), view(2)]);
    assert_eq!(house.event(&uuid(2)).await.unwrap()["info"], "event 2 at 9");
    // One that knows no marks is asked for its list, and for no event.
    stub.inside().without_etag = true;
    house.runs_well(&remote).await;
    let run = house.runs_well(&remote).await;
    assert_eq!((run.tally.received, run.tally.known), (0, 2));
    assert_eq!(stub.asked(), ["POST events/index", "POST events/index"]);
}

async fn what_comes_is_a_step_nearer_and_labelled(db: Db) {
    let house = House::open(db).await;
    let unmarked = event(
        1,
        0,
        json!({"distribution": "2", "Tag": [{"name": "ours", "local": true}]}),
    );
    let near = event(2, 0, json!({"distribution": "1"}));
    let red = event(3, 0, json!({"Tag": [{"name": "tlp:red"}]}));
    let stub = Stub::new([unmarked, near, red]);
    let remote = house.pulls(&stub).await;
    let (run, notes) = house.run(&remote).await;
    assert_eq!((run.tally.added, run.tally.refused), (2, 1));
    // The collection takes nothing above AMBER+STRICT.
    assert_eq!(codes(&notes), [(&*uuid(3), "intel.event_ceiling")]);
    let one = house.event(&uuid(1)).await.unwrap();
    assert_eq!(
        (&one["distribution"], &one["label"]),
        (&json!("1"), &json!(1))
    );
    assert_eq!(one["locked"], json!(true));
    assert_eq!(one["Orgc"]["uuid"], json!(uuid(900)));
    let tags: Vec<_> = one["Tag"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| &tag["name"])
        .collect();
    assert_eq!(
        tags,
        ["tlp:green"],
        "the remote's label, and no local tag of theirs"
    );
    // What was for that community is for the own organisation alone.
    let two = house.event(&uuid(2)).await.unwrap();
    assert_eq!(
        (&two["distribution"], &two["label"]),
        (&json!("0"), &json!(3))
    );
    // What was refused is not fetched again until it is newer.
    stub.asked();
    stub.inside().without_etag = true;
    house.runs_well(&remote).await;
    assert_eq!(stub.asked(), ["POST events/index"]);
}

async fn what_is_not_listed_any_more_is_told_and_kept(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new([event(1, 0, json!({})), event(2, 0, json!({}))]);
    let remote = house.pulls(&stub).await;
    house.runs_well(&remote).await;
    let gone = stub.inside().events.remove(&uuid(2)).unwrap();
    let (run, notes) = house.run(&remote).await;
    assert_eq!(run.tally.withdrawn, 1);
    assert_eq!(codes(&notes), [(&*uuid(2), "misp.gone")]);
    assert!(house.event(&uuid(2)).await.is_some());
    // Told once; and once more if it goes again.
    stub.has(gone);
    assert_eq!(house.runs_well(&remote).await.tally.withdrawn, 0);
    stub.inside().events.remove(&uuid(2));
    assert_eq!(house.runs_well(&remote).await.tally.withdrawn, 1);
}

async fn what_was_deleted_here_does_not_come_back(db: Db) {
    let house = House::open(db).await;
    let stub = Stub::new([event(1, 0, json!({}))]);
    let remote = house.pulls(&stub).await;
    house.runs_well(&remote).await;
    house.delete(&uuid(1)).await;
    stub.has(event(1, 7, json!({})));
    let (run, notes) = house.run(&remote).await;
    assert_eq!((run.tally.added, run.tally.refused), (0, 1));
    assert_eq!(codes(&notes), [(&*uuid(1), "intel.event_deleted")]);
    assert_eq!(house.event(&uuid(1)).await, None);
}

async fn a_feed_is_read_as_far_as_its_rules_say(db: Db) {
    let house = House::open(db).await;
    let osint = event(
        1,
        0,
        json!({"distribution": "1", "Tag": [{"name": "type:osint"}]}),
    );
    let stub = Stub::new([osint, event(2, 0, json!({}))]);
    let how = (RemoteKind::MispFeed, Direction::Pull);
    let remote = house
        .remote(&stub, how, json!({"tags": ["type:osint"]}))
        .await;
    let run = house.runs_well(&remote).await;
    assert_eq!((run.tally.added, run.tally.known), (1, 0));
    let file = format!("GET {}.json", uuid(1));
    assert_eq!(stub.asked(), ["GET manifest.json", &file]);
    // A feed says itself how far it may go.
    assert_eq!(
        house.event(&uuid(1)).await.unwrap()["distribution"],
        json!("1")
    );
    house.runs_well(&remote).await;
    assert_eq!(stub.asked(), ["GET manifest.json"]);
}
