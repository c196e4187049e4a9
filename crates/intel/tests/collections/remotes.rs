//! Servers of other makers, spoken to by a handler of the test, on both engines.
use std::time::Duration;

use db::Db;
use intel::{
    Error,
    jobs::remote_jobs,
    model::{Direction, RemoteKind, RemoteSettings, RunOutcome},
    ops::{self, RemoteChange},
    remotes::{Ended, Trouble},
};
use kernel::{Mode, Role, RunId, Tlp};
use outward::{Credentials, Secret};
use seal::data::DataKey;
use serde_json::json;

use crate::{
    house::{NAME, ROOT, malware, user},
    peer::{Peer, Told, change, remote},
};

db::contract! {
    a_page_and_its_cursor_are_kept_together,
    a_run_that_was_killed_is_gone_on_with,
    nobody_runs_beside_another,
    a_change_takes_the_remote_from_its_run,
    what_goes_out_is_marked_freely_enough,
    failures_wait_longer_each_time_and_as_long_as_asked,
    credentials_are_sealed_and_do_not_follow_to_another_server,
    notes_are_capped_and_counted,
    remotes_are_managed_by_those_who_may,
    names_and_kinds_are_checked,
}

async fn a_page_and_its_cursor_are_kept_together(db: Db) {
    let peer = Peer::new(db, |before| {
        let more = Ended::More {
            after: Duration::ZERO,
            code: "test.more",
            detail: "there is more".to_owned(),
        };
        match before {
            0 => Told::Takes(vec![(1, None), (2, Some(Tlp::Clear))], Ok(more)),
            _ => Told::Takes(vec![(2, Some(Tlp::Clear)), (3, None)], Ok(Ended::Complete)),
        }
    })
    .await;
    let remote = peer.add(Direction::Pull, Tlp::Green).await;
    peer.after(Duration::ZERO).await;
    assert_eq!(*peer.seen.lock().unwrap(), ["run 0", "run 1"]);
    let runs = peer.runs(&remote).await;
    let told: Vec<_> = runs
        .iter()
        .map(|run| {
            (
                run.outcome,
                run.tally.added,
                run.tally.known,
                run.code.as_deref(),
            )
        })
        .collect();
    assert!(
        told.contains(&(RunOutcome::Complete, 1, 1, None)),
        "{told:?}"
    );
    assert!(
        told.contains(&(RunOutcome::Cut, 2, 0, Some("test.more"))),
        "{told:?}"
    );
    let contents = ops::contents(&peer.house.ground, &peer.house.analyst, ROOT, NAME);
    let labels: Vec<_> = contents
        .await
        .unwrap()
        .iter()
        .map(|of| (of.tlp, of.objects))
        .collect();
    assert_eq!(
        labels,
        [(Tlp::Clear, 1), (Tlp::Green, 2)],
        "the remote's label, not the collection's"
    );
    // The next one comes at its time and not before.
    peer.after(Duration::from_mins(59)).await;
    assert_eq!(peer.seen.lock().unwrap().len(), 2);
    peer.after(Duration::from_mins(1)).await;
    assert_eq!(peer.seen.lock().unwrap().len(), 3);
}

async fn a_run_that_was_killed_is_gone_on_with(db: Db) {
    let mut peer = Peer::new(db, |before| match before {
        0 => Told::Dies(1),
        _ => Told::Takes(vec![(2, None)], Ok(Ended::Complete)),
    })
    .await;
    let remote = peer.add(Direction::Pull, Tlp::Green).await;
    // The program ends in the middle of the first run.
    tokio::select! {
        _ = peer.runner.run_due() => panic!("the run goes on for ever"),
        () = async {
            while peer.runs(&remote).await.first().is_none_or(|run| run.tally.added == 0) {
                tokio::task::yield_now().await;
            }
        } => {}
    }
    assert_eq!(peer.runs(&remote).await[0].outcome, RunOutcome::Running);
    peer.restart();
    peer.after(Duration::from_mins(10)).await;
    let runs = peer.runs(&remote).await;
    let told: Vec<_> = runs
        .iter()
        .map(|run| (run.outcome, run.tally.added, run.code.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (RunOutcome::Complete, 1, None),
            (RunOutcome::Cut, 1, Some("intel.run_abandoned")),
        ]
    );
    assert_eq!(*peer.seen.lock().unwrap(), ["run 0", "run 1"]);
}

async fn nobody_runs_beside_another(db: Db) {
    let peer = Peer::new(db, |_| Told::Dies(1)).await;
    let remote = peer.add(Direction::Pull, Tlp::Green).await;
    ops::plan_remotes(&peer.remotes).await.unwrap();
    tokio::select! {
        _ = peer.runner.run_due() => panic!("the run goes on for ever"),
        () = async {
            // The run is noted before the peer is asked; both have to be done when it is cut.
            while peer.runs(&remote).await.is_empty() || peer.seen.lock().unwrap().is_empty() {
                tokio::task::yield_now().await;
            }
        } => {}
    }
    let analyst = &peer.house.analyst;
    let again = ops::start_remote(&peer.remotes, analyst, remote.id).await;
    assert!(matches!(again, Err(Error::Running)));
    assert_eq!(peer.runs(&remote).await.len(), 1);
    assert_eq!(peer.seen.lock().unwrap().len(), 1);
}

async fn a_change_takes_the_remote_from_its_run(db: Db) {
    let peer = Peer::new(db, |_| Told::Takes(vec![(1, None)], Ok(Ended::Complete))).await;
    let before = peer.add(Direction::Pull, Tlp::Green).await;
    peer.after(Duration::ZERO).await;
    let (remotes, analyst) = (&peer.remotes, &peer.house.analyst);
    let mut same = change(&before);
    same.settings.name = "Another name".parse().unwrap();
    let renamed = ops::edit_remote(remotes, analyst, before.id, same)
        .await
        .unwrap();
    peer.after(Duration::ZERO).await;
    let mut other = change(&renamed);
    other
        .settings
        .selection
        .insert("collection".to_owned(), json!("other"));
    ops::edit_remote(remotes, analyst, before.id, other)
        .await
        .unwrap();
    peer.after(Duration::ZERO).await;
    let seen = peer.seen.lock().unwrap().clone();
    assert_eq!(
        seen,
        ["run 0", "run 1", "run 0"],
        "another collection begins anew"
    );
    let stale = ops::edit_remote(remotes, analyst, before.id, change(&before)).await;
    assert!(matches!(
        stale,
        Err(Error::Stale {
            given: 1,
            current: 3
        })
    ));
    ops::remove_remote(remotes, analyst, before.id)
        .await
        .unwrap();
    peer.after(Duration::from_hours(2)).await;
    assert_eq!(peer.seen.lock().unwrap().len(), 3);
}

async fn what_goes_out_is_marked_freely_enough(db: Db) {
    let peer = Peer::new(db, |_| Told::Looks).await;
    let labels = [
        None,
        Some(Tlp::Clear),
        Some(Tlp::Green),
        Some(Tlp::Amber),
        Some(Tlp::Red),
    ];
    let objects: Vec<_> = (1..)
        .zip(labels)
        .map(|(number, tlp)| malware(number, 0, tlp))
        .collect();
    peer.house.import(&objects).await;
    // Nor does an older version of what was marked too strictly since.
    let relabelled = [
        malware(6, 0, Some(Tlp::Green)),
        malware(6, 1, Some(Tlp::AmberStrict)),
    ];
    peer.house.import(&relabelled).await;
    peer.add(Direction::Push, Tlp::Green).await;
    peer.after(Duration::ZERO).await;
    assert_eq!(*peer.seen.lock().unwrap(), ["m2v0", "m3v0", "withheld 4"]);
}

async fn failures_wait_longer_each_time_and_as_long_as_asked(db: Db) {
    let peer = Peer::new(db, |before| {
        let trouble = Trouble::passing("test.down", "it is down");
        let ended = match before {
            0..=2 => Err(trouble),
            3 => Err(Trouble {
                wait: Some(Duration::from_hours(5)),
                ..trouble
            }),
            _ => Ok(Ended::Complete),
        };
        Told::Takes(vec![(1, None)], ended)
    })
    .await;
    let remote = peer.add(Direction::Pull, Tlp::Green).await;
    let mut waits = Vec::new();
    for _ in 0..4 {
        peer.after(Duration::ZERO).await;
        let wait = peer
            .now(&remote)
            .await
            .due_at
            .since(peer.house.ground.clock.now());
        waits.push(wait);
        peer.clock.advance(wait);
    }
    assert!(
        waits[0] >= Duration::from_secs(15) && waits[0] <= Duration::from_secs(32),
        "{waits:?}"
    );
    assert!(waits[2] > waits[0], "{waits:?}");
    assert_eq!(waits[3], Duration::from_hours(5));
    assert_eq!(peer.now(&remote).await.failures, 4);
    peer.after(Duration::ZERO).await;
    assert_eq!(peer.now(&remote).await.failures, 0);
    let outcomes: Vec<_> = peer
        .runs(&remote)
        .await
        .iter()
        .map(|run| run.outcome)
        .collect();
    assert_eq!(outcomes[1], RunOutcome::Failed);
}

async fn credentials_are_sealed_and_do_not_follow_to_another_server(db: Db) {
    let peer = Peer::new(db, |_| Told::Looks).await;
    let remote = peer.add(Direction::Pull, Tlp::Green).await;
    assert_eq!(remote.scheme, "bearer");
    let mut tx = peer.house.ground.db.begin_read().await.unwrap();
    let rows: Vec<(Vec<u8>, String)> = db::query("SELECT credentials, state FROM intel_remote")
        .fetch_all(&mut tx)
        .await
        .unwrap();
    drop(tx);
    let sealed = String::from_utf8_lossy(&rows[0].0).into_owned();
    assert!(!sealed.contains("opensesame") && rows[0].0.len() > 40);
    let (remotes, analyst) = (&peer.remotes, &peer.house.analyst);
    let mut away = change(&remote);
    away.settings.address = "https://evil.example/taxii2/".parse().unwrap();
    let refused = ops::edit_remote(remotes, analyst, remote.id, away.clone()).await;
    let invalid = matches!(refused, Err(Error::Invalid(invalid)) if invalid.field == "credentials");
    assert!(invalid);
    away.credentials = Some(Credentials::None);
    let moved = ops::edit_remote(remotes, analyst, remote.id, away)
        .await
        .unwrap();
    assert_eq!(moved.scheme, "none");
    // A node with another data key says so, and does not ask without credentials.
    let mut again = change(&moved);
    again.credentials = Some(Credentials::Key(Secret::from("k".to_owned())));
    ops::edit_remote(remotes, analyst, remote.id, again)
        .await
        .unwrap();
    let key = DataKey::from_bytes(zeroize::Zeroizing::new([8; 32]));
    let mut other = peer.remotes.clone();
    other.data_key = key;
    let test = ops::test_remote(&other, analyst, remote.id).await;
    assert!(matches!(test, Err(Error::Sealed)));
    let runner = &peer.runner;
    remote_jobs(runner.clone(), &other).run_due().await.unwrap();
    let run = &peer.runs(&remote).await[0];
    assert_eq!(run.code.as_deref(), Some("intel.remote_sealed"));
    assert_eq!(run.outcome, RunOutcome::Failed);
}

async fn notes_are_capped_and_counted(db: Db) {
    let peer = Peer::new(db, |_| Told::Notes(1_234)).await;
    let remote = peer.add(Direction::Pull, Tlp::Green).await;
    peer.after(Duration::ZERO).await;
    let run = &peer.runs(&remote).await[0];
    assert_eq!((run.noted, run.tally.refused), (1_234, 1_234));
    let (remotes, analyst) = (&peer.remotes, &peer.house.analyst);
    let (_, notes) = ops::run(remotes, analyst, remote.id, run.id).await.unwrap();
    assert_eq!(notes.len(), 1_000);
    assert_eq!(notes[999].subject, "object 999");
    assert_eq!(notes[0].detail, "a nul: \u{fffd}");
    let other = RunId::random(&*peer.house.ground.rng);
    let none = ops::run(remotes, analyst, remote.id, other).await;
    assert!(matches!(none, Err(Error::NotFound { what: "run" })));
}

async fn remotes_are_managed_by_those_who_may(db: Db) {
    let peer = Peer::new(db, |_| Told::Looks).await;
    let remote = peer.add(Direction::Pull, Tlp::Green).await;
    let remotes = &peer.remotes;
    for role in [Role::Diplomat, Role::Reporter, Role::Auditor, Role::Admin] {
        let viewer = user(9, role);
        let listed = ops::remotes(remotes, &viewer).await;
        assert!(matches!(listed, Err(Error::Refused(_))), "{role:?}");
        let removed = ops::remove_remote(remotes, &viewer, remote.id).await;
        assert!(matches!(removed, Err(Error::Refused(_))), "{role:?}");
    }
    let mut exercise = user(9, Role::Analyst);
    exercise.mode = Mode::Exercise;
    let hidden = ops::remote(remotes, &exercise, remote.id).await;
    assert!(matches!(hidden, Err(Error::NotFound { what: "remote" })));
    assert_eq!(ops::remotes(remotes, &exercise).await.unwrap(), []);
    peer.after(Duration::ZERO).await;
    let listed = ops::remotes(remotes, &peer.house.analyst).await.unwrap();
    assert_eq!(
        listed[0].1.as_ref().map(|run| run.outcome),
        Some(RunOutcome::Complete)
    );
    let started = ops::start_remote(remotes, &peer.house.analyst, remote.id).await;
    started.unwrap();
    peer.after(Duration::ZERO).await;
    assert_eq!(peer.runs(&remote).await.len(), 2);
}

async fn names_and_kinds_are_checked(db: Db) {
    let peer = Peer::new(db, |_| Told::Looks).await;
    peer.add(Direction::Pull, Tlp::Green).await;
    let (remotes, analyst) = (&peer.remotes, &peer.house.analyst);
    let taken = ops::add_remote(remotes, analyst, remote(Direction::Push, Tlp::Green)).await;
    assert!(matches!(taken, Err(Error::Taken { .. })));
    let mut other = remote(Direction::Pull, Tlp::Green);
    other.settings.name = "Other".parse().unwrap();
    let added = ops::add_remote(remotes, analyst, other.clone())
        .await
        .unwrap();
    let mut same = change(&added);
    same.settings.name = "Brevonia".parse().unwrap();
    let taken = ops::edit_remote(remotes, analyst, added.id, same).await;
    assert!(matches!(taken, Err(Error::Taken { .. })));
    other.kind = RemoteKind::Misp;
    let unknown = ops::add_remote(remotes, analyst, other.clone()).await;
    assert!(matches!(unknown, Err(Error::Invalid(invalid)) if invalid.field == "kind"));
    other.kind = RemoteKind::Taxii;
    "nowhere".clone_into(&mut other.here.1);
    let nowhere = ops::add_remote(remotes, analyst, other).await;
    assert!(matches!(
        nowhere,
        Err(Error::NotFound { what: "collection" })
    ));
    let off = RemoteChange {
        settings: RemoteSettings {
            enabled: false,
            ..added.settings.clone()
        },
        ..change(&added)
    };
    ops::edit_remote(remotes, analyst, added.id, off)
        .await
        .unwrap();
    let started = ops::start_remote(remotes, analyst, added.id).await;
    assert!(matches!(started, Err(Error::Disabled)));
}
