//! What is sent to another server, and what it says.

use std::time::Duration;

use db::Db;
use intel::model::{Direction, RunOutcome};
use outward::Credentials;
use serde_json::json;

use crate::{
    house::{House, malware, many, texts},
    stub::{Oddities, Stub},
};

db::contract! {
    a_push_keeps_to_the_limits_of_the_server,
    what_a_server_refuses_is_named,
    a_status_is_looked_at_until_it_is_complete,
}

async fn a_push_keeps_to_the_limits_of_the_server(db: Db) {
    let house = House::open(db, 1).await;
    let odd = Oddities {
        max_content_length: 2_000,
        ..Oddities::default()
    };
    let stub = Stub::start(Vec::new(), odd).await;
    let mut large = malware(40);
    large["description"] = json!("x".repeat(3_000));
    let objects: Vec<_> = many(40).into_iter().chain([large, malware(41)]).collect();
    house.import(&texts(&objects).join(",")).await;
    let remote = house
        .remote(Direction::Push, (&stub.address, "c1"), Credentials::None)
        .await;
    house.run().await;
    let (run, notes) = house.last_run(&remote).await;
    assert_eq!((run.tally.sent, run.tally.refused), (41, 1), "{notes:?}");
    assert_eq!(notes[0].code, "taxii.too_large");
    assert_eq!(notes[0].subject, malware(40)["id"].as_str().unwrap());
    assert_eq!(stub.objects().len(), 41);
    assert!(stub.envelopes().iter().all(|objects| *objects < 10));
    let before = stub.envelopes().len();
    house.run_again().await;
    assert_eq!(stub.envelopes().len(), before, "nothing is new");
}

async fn what_a_server_refuses_is_named(db: Db) {
    let house = House::open(db, 1).await;
    let odd = Oddities {
        poison: "m13\"",
        refused: "m17\"",
        ..Oddities::default()
    };
    let stub = Stub::start(Vec::new(), odd).await;
    house.import(&texts(&many(30)).join(",")).await;
    let remote = house
        .remote(Direction::Push, (&stub.address, "c1"), Credentials::None)
        .await;
    house.run().await;
    let (run, notes) = house.last_run(&remote).await;
    assert_eq!(
        (run.outcome, run.tally.sent, run.tally.refused),
        (RunOutcome::Complete, 28, 2)
    );
    let told: Vec<_> = notes
        .iter()
        .map(|note| (note.code.as_str(), note.subject.split(' ').next().unwrap()))
        .collect();
    let id = |number| malware(number)["id"].as_str().unwrap().to_owned();
    assert_eq!(
        told,
        [
            ("taxii.refused", id(13).as_str()),
            ("taxii.failure", id(17).as_str())
        ]
    );
    assert_eq!(stub.objects().len(), 28);
}

async fn a_status_is_looked_at_until_it_is_complete(db: Db) {
    let house = House::open(db, 1).await;
    let odd = Oddities {
        pending: 4,
        ..Oddities::default()
    };
    let stub = Stub::start(Vec::new(), odd).await;
    house.import(&texts(&many(3)).join(",")).await;
    let remote = house
        .remote(Direction::Push, (&stub.address, "c1"), Credentials::None)
        .await;
    house.run().await;
    let (run, _) = house.last_run(&remote).await;
    assert_eq!(
        (run.outcome, run.code.as_deref()),
        (RunOutcome::Cut, Some("taxii.pending"))
    );
    for _ in 0..3 {
        house.clock.advance(Duration::from_mins(1));
        house.run().await;
    }
    let (run, _) = house.last_run(&remote).await;
    assert_eq!((run.outcome, run.tally.sent), (RunOutcome::Complete, 3));
    assert_eq!(stub.envelopes(), [3], "it was sent once");
}
