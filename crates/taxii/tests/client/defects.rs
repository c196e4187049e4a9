//! What other servers do, and what comes of it here. One engine: it is the protocol that is tried.

use std::{collections::HashMap, time::Duration};

use db::Db;
use intel::model::{Direction, RunOutcome};
use outward::{Credentials, Secret};
use serde_json::json;

use crate::{
    house::{House, came, malware, many, texts},
    stub::{Oddities, Stub},
};

db::contract! {
    every_way_of_paging_gives_every_object_once,
    a_second_run_asks_for_what_is_new,
    a_killed_run_is_gone_on_with_where_it_was,
    a_forgotten_cursor_loses_nothing,
    what_cannot_be_had_is_said_and_not_called_complete,
    a_server_that_is_down_is_left_alone_as_long_as_it_asks,
    a_bad_object_is_named_and_the_others_come,
    older_versions_and_strangers_are_told_apart,
    a_test_says_how_far_it_came,
}

/// Ways of paging, and what is told of each.
fn manners() -> Vec<(Oddities, &'static [&'static str])> {
    let plain = Oddities::default;
    vec![
        (plain(), &[]),
        (
            Oddities {
                no_next: true,
                ..plain()
            },
            &[],
        ),
        (
            Oddities {
                next_ignored: true,
                ..plain()
            },
            &["taxii.repeated_page"],
        ),
        (
            Oddities {
                no_more: true,
                ..plain()
            },
            &["taxii.next_without_more"],
        ),
        (
            Oddities {
                no_moments: true,
                ..plain()
            },
            &["taxii.no_date_added"],
        ),
        (
            Oddities {
                no_fractions: true,
                ..plain()
            },
            &["taxii.no_fraction"],
        ),
        (
            Oddities {
                no_fractions: true,
                no_next: true,
                ..plain()
            },
            &["taxii.no_fraction"],
        ),
        (
            Oddities {
                one_moment: true,
                ..plain()
            },
            &[],
        ),
        (
            Oddities {
                media_type: "application/json",
                ..plain()
            },
            &["taxii.media_type"],
        ),
    ]
}

async fn every_way_of_paging_gives_every_object_once(db: Db) {
    let house = House::open(db, 1).await;
    let mut objects = Vec::new();
    for (number, (oddities, expected)) in (0..).zip(manners()) {
        let name = format!("{oddities:?}");
        let new: Vec<_> = (0..47).map(|place| malware(number * 100 + place)).collect();
        let stub = Stub::start(new.clone(), oddities).await;
        let remote = house
            .remote(Direction::Pull, (&stub.address, "c1"), Credentials::None)
            .await;
        house.run().await;
        objects.extend(texts(&new));
        assert_eq!(house.objects().await, objects, "{name}");
        let (run, notes) = house.last_run(&remote).await;
        let codes: Vec<_> = notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes, expected, "{name}");
        assert_eq!(
            (run.outcome, run.tally.added),
            (RunOutcome::Complete, 47),
            "{name}"
        );
        intel::ops::remove_remote(&house.remotes, &house.viewer, remote.id)
            .await
            .unwrap();
    }
}

async fn a_second_run_asks_for_what_is_new(db: Db) {
    let house = House::open(db, 1).await;
    let stub = Stub::start(many(25), Oddities::default()).await;
    let remote = house
        .remote(Direction::Pull, (&stub.address, "First"), Credentials::None)
        .await;
    house.run().await;
    stub.add(malware(25));
    house.run_again().await;
    assert_eq!(house.objects().await, texts(&many(26)));
    let (run, _) = house.last_run(&remote).await;
    assert_eq!((run.tally.received, run.tally.added), (1, 1));
    assert_eq!(
        stub.asked().last().unwrap(),
        "limit=1000&match%5Bversion%5D=all&added_after=2026-11-20T00%3A00%3A07.200Z"
    );
    assert_eq!(stub.asked().len(), 4);
}

async fn a_killed_run_is_gone_on_with_where_it_was(db: Db) {
    let house = House::open(db, 1).await;
    let odd = Oddities {
        silent: vec![1, 8, 16],
        ..Oddities::default()
    };
    let stub = Stub::start(many(200), odd).await;
    let remote = house
        .remote(Direction::Pull, (&stub.address, "c1"), Credentials::None)
        .await;
    for unanswered in [1, 8, 16] {
        // The requests before it were answered, and what they brought is kept.
        house.run_until(&stub, unanswered + 1).await;
    }
    house.run().await;
    assert_eq!(house.objects().await, texts(&many(200)));
    let (run, _) = house.last_run(&remote).await;
    assert_eq!(
        (run.outcome, run.tally.known),
        (RunOutcome::Complete, 1),
        "the last object is asked for again, and no other"
    );
    assert_eq!(stub.asked().len(), 21 + 3);
}

async fn a_forgotten_cursor_loses_nothing(db: Db) {
    let house = House::open(db, 1).await;
    let odd = Oddities {
        cursors_forgotten: true,
        ..Oddities::default()
    };
    let stub = Stub::start(many(100), odd).await;
    let remote = house
        .remote(Direction::Pull, (&stub.address, "c1"), Credentials::None)
        .await;
    house.run().await;
    assert_eq!(house.objects().await, texts(&many(100)));
    let (run, notes) = house.last_run(&remote).await;
    assert_eq!(run.outcome, RunOutcome::Complete);
    let codes: Vec<_> = notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, ["taxii.cursor_lost"]);
}

async fn what_cannot_be_had_is_said_and_not_called_complete(db: Db) {
    let house = House::open(db, 1).await;
    let odd = Oddities {
        next_ignored: true,
        one_moment: true,
        ..Oddities::default()
    };
    let stub = Stub::start(many(30), odd).await;
    let remote = house
        .remote(Direction::Pull, (&stub.address, "c1"), Credentials::None)
        .await;
    house.run().await;
    let (run, _) = house.last_run(&remote).await;
    assert_eq!(
        (run.outcome, run.code.as_deref()),
        (RunOutcome::Cut, Some("taxii.stuck"))
    );
    assert_eq!(house.objects().await.len(), 10);
    let odd = Oddities {
        more_for_ever: true,
        ..Oddities::default()
    };
    let stub = Stub::start(many(30), odd).await;
    intel::ops::remove_remote(&house.remotes, &house.viewer, remote.id)
        .await
        .unwrap();
    let remote = house
        .remote(Direction::Pull, (&stub.address, "c1"), Credentials::None)
        .await;
    house.run().await;
    let (run, notes) = house.last_run(&remote).await;
    assert_eq!((run.outcome, run.tally.added), (RunOutcome::Cut, 20));
    assert_eq!(notes[0].code, "taxii.empty_page");
}

async fn a_server_that_is_down_is_left_alone_as_long_as_it_asks(db: Db) {
    let house = House::open(db, 1).await;
    let odd = Oddities {
        failing: HashMap::from([(2, (503, "")), (3, (429, "1800"))]),
        ..Oddities::default()
    };
    let stub = Stub::start(many(50), odd).await;
    let remote = house
        .remote(Direction::Pull, (&stub.address, "c1"), Credentials::None)
        .await;
    house.run().await;
    let (run, _) = house.last_run(&remote).await;
    assert_eq!((run.outcome, run.tally.added), (RunOutcome::Failed, 20));
    assert_eq!(run.code.as_deref(), Some("taxii.unavailable"));
    house.clock.advance(Duration::from_mins(1));
    house.run().await;
    assert_eq!(stub.asked().len(), 4);
    house.clock.advance(Duration::from_mins(29));
    house.run().await;
    assert_eq!(stub.asked().len(), 4, "it asked for half an hour");
    house.clock.advance(Duration::from_mins(1));
    house.run().await;
    assert_eq!(house.objects().await, texts(&many(50)));
}

async fn a_bad_object_is_named_and_the_others_come(db: Db) {
    let house = House::open(db, 1).await;
    let mut objects = many(5);
    objects[2]["id"] = json!("tool--00000000-0000-4000-8000-000000000002");
    let stub = Stub::start(objects, Oddities::default()).await;
    let remote = house
        .remote(Direction::Pull, (&stub.address, "c2"), Credentials::None)
        .await;
    house.run().await;
    let (run, notes) = house.last_run(&remote).await;
    assert_eq!((run.tally.added, run.tally.refused), (4, 1));
    assert_eq!(run.outcome, RunOutcome::Complete);
    assert!(notes[0].subject.starts_with("tool--"), "{notes:?}");
    assert_eq!(notes[0].code, "intel.id");
}

async fn older_versions_and_strangers_are_told_apart(db: Db) {
    let house = House::open(db, 1).await;
    let plain = Oddities::default;
    let all = [
        (
            Oddities {
                media_type: "application/vnd.oasis.taxii+json; version=2.0",
                ..plain()
            },
            "taxii.version",
        ),
        (
            Oddities {
                versions: "taxii-2.0",
                ..plain()
            },
            "taxii.version",
        ),
        (
            Oddities {
                media_type: "text/html",
                ..plain()
            },
            "taxii.no_taxii",
        ),
    ];
    for (oddities, expected) in all {
        let stub = Stub::start(many(1), oddities).await;
        let remote = house
            .remote(Direction::Pull, (&stub.address, "c1"), Credentials::None)
            .await;
        house.run().await;
        let (run, _) = house.last_run(&remote).await;
        assert_eq!(
            (run.outcome, run.code.as_deref()),
            (RunOutcome::Failed, Some(expected))
        );
        intel::ops::remove_remote(&house.remotes, &house.viewer, remote.id)
            .await
            .unwrap();
    }
    assert_eq!(house.objects().await.len(), 0);
}

async fn a_test_says_how_far_it_came(db: Db) {
    let house = House::open(db, 1).await;
    let stub = Stub::start(many(1), Oddities::default()).await;
    let works = house
        .remote(Direction::Pull, (&stub.address, "c1"), Credentials::None)
        .await;
    let steps = came(&house.test(&works).await);
    assert_eq!(
        steps[..4],
        [
            ("name", Some(true)),
            ("network", Some(true)),
            ("connect", Some(true)),
            ("tls", None),
        ]
    );
    assert_eq!(
        steps[4..],
        [
            ("answer", Some(true)),
            ("authentication", Some(true)),
            ("version", Some(true)),
            ("root", Some(true)),
            ("collection", Some(true)),
            ("readable", Some(true)),
            ("objects", Some(true)),
        ]
    );
    let cases = [
        (stub.address.as_str(), "c1", "wrong", "authentication"),
        (stub.address.as_str(), "c9", "", "collection"),
        (stub.address.as_str(), "", "", "collection"),
        ("http://127.0.0.1:1/", "", "", "connect"),
        ("http://10.0.0.1/", "", "", "network"),
        ("http://name.invalid/", "", "", "name"),
    ];
    for (address, collection, token, expected) in cases {
        intel::ops::remove_remote(&house.remotes, &house.viewer, house.only().await)
            .await
            .unwrap();
        let credentials = match token {
            "" => Credentials::None,
            token => Credentials::Bearer(Secret::from(token.to_owned())),
        };
        let remote = house
            .remote(Direction::Push, (address, collection), credentials)
            .await;
        let steps = house.test(&remote).await;
        let failed: Vec<_> = steps
            .iter()
            .filter(|step| step.worked == Some(false))
            .map(|step| step.step)
            .collect();
        assert_eq!(failed, [expected], "{steps:?}");
        assert!(steps.iter().all(|step| !step.detail.contains("wrong")));
    }
}
