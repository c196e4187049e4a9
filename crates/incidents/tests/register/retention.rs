//! Deleting for good, on both engines: what a name was written into is looked for everywhere
//! afterwards.

use std::path::PathBuf;

use audit::Log;
use db::{Address, Db, Engine, scratch::Scratch};
use incidents::{
    Error,
    evidence::ops as evidence,
    hold,
    intake::ops::officer,
    ops,
    retention::{
        model::{Kind, Since},
        ops as retention,
    },
    state::Stage,
};
use kernel::{Language, Mode, Viewer};

use crate::{
    evidence::why,
    house::facts,
    merge::line,
    office::{NAME, Office},
};

db::contract! {
    without_a_rule_nothing_is_deleted,
    what_is_due_and_what_is_held_is_foreseen,
    personal_data_go_and_what_is_counted_stays,
    a_hold_wins_whenever_it_was_placed,
    a_run_that_ends_anywhere_goes_on,
    an_incident_is_deleted_by_hand_with_a_reason,
    reports_and_evidence_go_by_rules_of_their_own,
    who_may_not_sets_no_rule_and_deletes_nothing,
}

async fn without_a_rule_nothing_is_deleted(db: Db) {
    let office = Office::open(db).await;
    let id = office.named().await;
    office.closed(id).await;
    office.pass(40_000);
    assert_eq!(office.run().await, (0, 0));
    let seen = retention::preview(office.ground(), &office.duty).await;
    assert!(seen.unwrap().is_empty());
    assert!(office.found().await.len() > 20, "the search finds");
}

async fn what_is_due_and_what_is_held_is_foreseen(db: Db) {
    let office = Office::open(db).await;
    let (ground, amina) = (office.ground(), &office.amina);
    let mut ids = Vec::new();
    for title in ["a", "b"] {
        let made = ops::create(ground, amina, facts(title)).await.unwrap();
        office.closed(made.public).await;
        ids.push(made.public);
        office.pass(10);
    }
    hold::ops::place(ground, amina, ids[0], (&line("a suit"), None))
        .await
        .unwrap();
    office.rule(Kind::Incident, Since::Closed, "1mo").await;
    office.pass(12);
    let seen = retention::preview(ground, &office.duty).await.unwrap();
    assert_eq!(seen.len(), 1);
    let one = &seen[0];
    // Closed on 21 November, so the month ends with 21 December.
    assert_eq!(one.today.len(), 1);
    let due = &one.today[0];
    assert_eq!(
        (due.due.to_string().as_str(), due.title.as_deref()),
        ("2026-12-22", Some("a"))
    );
    assert_eq!(due.held[0].reason.as_deref(), Some("a suit"));
    assert_eq!(one.soon[0].due.to_string(), "2027-01-02");
    assert!(one.soon[0].held.is_empty() && !one.more);
    // Whoever may not read incidents sees that something is held, and not what or why.
    let seen = retention::preview(ground, &office.admin).await.unwrap();
    let due = &seen[0].today[0];
    assert_eq!(
        (due.title.as_ref(), due.held[0].reason.as_ref()),
        (None, None)
    );
    assert_eq!(office.run().await, (0, 1));
}

async fn personal_data_go_and_what_is_counted_stays(db: Db) {
    let office = Office::open(db).await;
    let ground = office.ground();
    let id = office.named().await;
    assert!(office.found().await.len() > 20);
    assert_eq!(office.lying().len(), 1);
    office.closed(id).await;
    let all = incidents::tally::Question::default();
    let before = ops::tally(ground, &office.amina, &all, false);
    let before = before.await.unwrap();
    office.rule(Kind::PersonalData, Since::Closed, "90d").await;
    let before_it = office.signed().await;
    office.pass(91);
    assert_eq!(office.run().await, (1, 0));
    assert_eq!(office.found().await, Vec::<String>::new());
    assert_eq!(office.lying(), Vec::<PathBuf>::new());
    let case = ops::view(ground, &office.amina, id).await.unwrap();
    assert_eq!(case.incident.status.stage(), Stage::Closed);
    assert_eq!(case.incident.facts.sectors.len(), 1);
    assert_eq!(case.incident.facts.title.as_str(), id.to_string());
    assert_eq!(case.harm.len(), 2);
    assert_eq!((case.assessments.len(), case.ratings.len()), (1, 1));
    let after = ops::tally(ground, &office.amina, &all, false);
    assert_eq!(format!("{:?}", after.await.unwrap()), format!("{before:?}"));
    office.verified(&before_it).await;
    // A second run finds nothing more to do.
    office.pass(1);
    assert_eq!(office.run().await, (0, 0));
    let told = retention::deletions(ground, &office.duty).await.unwrap();
    assert_eq!(
        (told[0].kind, told[0].subject.as_str()),
        (Kind::PersonalData, id.to_string().as_str())
    );
    assert_eq!(told[0].ground, "personal-data closed 90d: Act 7, section 3");
    let counts = told[0].counts;
    assert_eq!((counts.entries, counts.reports, counts.files), (2, 1, 1));
    assert!(counts.acts > 10);
}

async fn a_hold_wins_whenever_it_was_placed(db: Db) {
    let office = Office::open(db).await;
    let (ground, amina) = (office.ground(), &office.amina);
    let id = office.named().await;
    office.closed(id).await;
    office.rule(Kind::Incident, Since::Closed, "1d").await;
    office.pass(3);
    let seen = retention::preview(ground, &office.duty).await.unwrap();
    assert!(seen[0].today[0].held.is_empty());
    let number = hold::ops::place(ground, amina, id, (&line("a suit"), None)).await;
    assert_eq!(office.run().await, (0, 1));
    let case = ops::view(ground, &office.duty, id).await.unwrap();
    let by_hand = (id, case.incident.version);
    let refused = retention::delete(&office.shredder, &office.duty, by_hand, &line("w")).await;
    assert!(matches!(refused, Err(Error::Held)));
    hold::ops::lift(ground, amina, (id, number.unwrap()), &line("over"))
        .await
        .unwrap();
    assert_eq!(office.run().await, (1, 0));
    assert!(matches!(
        ops::view(ground, amina, id).await,
        Err(Error::NotFound)
    ));
    assert_eq!(office.found().await, Vec::<String>::new());
}

async fn a_run_that_ends_anywhere_goes_on(db: Db) {
    let office = Office::open(db).await;
    let (ground, amina) = (office.ground(), &office.amina);
    for number in 0..5 {
        let made = ops::create(ground, amina, facts(&format!("{NAME} {number}")));
        office.closed(made.await.unwrap().public).await;
    }
    office.rule(Kind::Incident, Since::Closed, "1d").await;
    office.pass(2);
    let before_it = office.signed().await;
    let some = retention::run(&office.shredder, &office.admin, 2).await;
    let some = some.unwrap();
    assert_eq!((some.deleted, some.more), (2, true));
    // The task is dropped in the middle: what it had not committed was not done.
    for steps in 0..40 {
        let run = retention::run(&office.shredder, &office.admin, 1);
        tokio::select! {
            biased;
            () = async { for _ in 0..steps { tokio::task::yield_now().await; } } => {}
            _ = run => {}
        }
        office.verified(&before_it).await;
    }
    office.run().await;
    assert_eq!(office.found().await, Vec::<String>::new());
    let told = retention::deletions(ground, &office.duty).await.unwrap();
    assert_eq!(told.len(), 5);
}

async fn an_incident_is_deleted_by_hand_with_a_reason(db: Db) {
    let office = Office::open(db).await;
    let (ground, duty) = (office.ground(), &office.duty);
    let id = office.named().await;
    let version = ops::view(ground, duty, id).await.unwrap().incident.version;
    let delete = async |viewer: &Viewer, version: i64, why: &str| {
        retention::delete(&office.shredder, viewer, (id, version), &line(why)).await
    };
    let refused = delete(&office.amina, version, "entered twice").await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let stale = delete(duty, version - 1, "entered twice").await;
    assert!(matches!(stale, Err(Error::Stale { .. })));
    let personal = delete(duty, version, "as a@b.example asks").await;
    assert!(matches!(personal, Err(Error::Invalid(broken)) if broken.field == "reason"));
    let before_it = office.signed().await;
    delete(duty, version, "entered twice").await.unwrap();
    let again = delete(duty, version, "entered twice").await;
    assert!(matches!(again, Err(Error::NotFound)));
    assert_eq!(office.found().await, Vec::<String>::new());
    assert_eq!(office.lying(), Vec::<PathBuf>::new());
    let told = retention::deletions(ground, duty).await.unwrap();
    assert_eq!(
        (told[0].ground.as_str(), told[0].who.as_str()),
        ("entered twice", "user:user2")
    );
    // Who did what stays, and what it was does not.
    let mut tx = ground.db.begin_read().await.unwrap();
    let page = kernel::PageRequest::default();
    let acts = audit::history(&mut tx, duty, &id, page)
        .await
        .unwrap()
        .items;
    assert_eq!(acts[0].code, "retention.deleted");
    assert!(acts[0].body.is_some() && acts.len() > 10);
    assert!(acts[1..].iter().all(|act| act.body.is_none()));
    let leaf = audit::leaf(&mut tx, ground, Log::Acts, acts[1].index).await;
    let leaf = leaf.unwrap().unwrap();
    assert_eq!(leaf.sha256, None);
    drop(tx);
    office.verified(&before_it).await;
}

async fn reports_and_evidence_go_by_rules_of_their_own(db: Db) {
    let office = Office::open(db).await;
    let (ground, amina) = (office.ground(), &office.amina);
    let (waiting, ..) = office.report().await;
    let (refused, version, _) = office.report().await;
    let reason = NAME.parse().unwrap();
    officer::refuse(ground, &office.duty, (&refused, version), reason)
        .await
        .unwrap();
    officer::invite(
        ground,
        &office.duty,
        Some(NAME.parse().unwrap()),
        Language::En,
    )
    .await
    .unwrap();
    let id = ops::create(ground, amina, facts("a")).await.unwrap().public;
    let first = office.evidence(id).await;
    let second = office.evidence(id).await;
    evidence::seal(
        &office.locker,
        amina,
        (id, second),
        (true, &why("for the court")),
    )
    .await
    .unwrap();
    office.closed(id).await;
    office.rule(Kind::Draft, Since::Changed, "1d").await;
    office.rule(Kind::WaitingReport, Since::Sent, "1d").await;
    office.rule(Kind::RefusedReport, Since::Changed, "1d").await;
    office.rule(Kind::Evidence, Since::Put, "1d").await;
    office.pass(2);
    assert_eq!(office.run().await, (4, 1), "the sealed one stays");
    let gone = officer::view(ground, &office.duty, &waiting).await;
    assert!(matches!(gone, Err(Error::Report(_))));
    let stays = officer::view(ground, &office.duty, &refused).await.unwrap();
    assert_eq!((stays.report.answers, stays.report.reason), (None, None));
    let all = office.found().await;
    assert!(
        all.iter().all(|one| one.starts_with("incident_item.")),
        "{all:?}"
    );
    let item = evidence::view(&office.locker, amina, (id, first)).await;
    let (item, lines) = item.unwrap();
    assert_eq!(item.state.as_str(), "destroyed");
    assert!(lines.iter().any(|line| line.deed.as_str() == "destroyed"));
    assert_eq!(office.lying().len(), 1);
}

async fn who_may_not_sets_no_rule_and_deletes_nothing(db: Db) {
    let office = Office::open(db).await;
    let ground = office.ground();
    let rule = (Kind::Draft, Since::Changed, "1d".parse().unwrap());
    for viewer in [&office.amina, &office.duty] {
        let set = retention::set(ground, viewer, rule, line("w")).await;
        assert!(matches!(set, Err(Error::Refused(_))));
        let run = retention::run(&office.shredder, viewer, 1).await;
        assert!(matches!(run, Err(Error::Refused(_))));
    }
    let seen = retention::preview(ground, &office.amina).await;
    assert!(matches!(seen, Err(Error::Refused(_))));
    let wrong = (Kind::Draft, Since::Closed, "1d".parse().unwrap());
    let set = retention::set(ground, &office.admin, wrong, line("w")).await;
    assert!(matches!(set, Err(Error::Invalid(broken)) if broken.field == "since"));
    office.rule(Kind::Draft, Since::Changed, "1d").await;
    assert_eq!(
        retention::rules(ground, &office.duty).await.unwrap().len(),
        1
    );
    assert!(
        retention::unset(ground, &office.admin, Kind::Draft)
            .await
            .unwrap()
    );
    assert!(
        !retention::unset(ground, &office.admin, Kind::Draft)
            .await
            .unwrap()
    );
    // The node's own job may, in each mode.
    for mode in [Mode::Real, Mode::Exercise] {
        let node = Viewer::node("retention", "XA".parse().unwrap(), mode);
        retention::run(&office.shredder, &node, 1).await.unwrap();
    }
}

/// The bytes of SQLite's file and of its log, while the node goes on.
#[tokio::test]
async fn no_byte_of_the_name_is_left_in_the_file() {
    let scratch = Scratch::open(Engine::Sqlite).await;
    let Address::Sqlite(path) = &scratch.address else {
        panic!("SQLite has a file")
    };
    let office = Office::open(scratch.db.clone()).await;
    let id = office.named().await;
    office.closed(id).await;
    let bytes = || {
        let log = path.with_extension("db-wal");
        let mut all = std::fs::read(path).unwrap();
        all.extend(std::fs::read(log).unwrap_or_default());
        all.make_ascii_lowercase();
        let count = all.windows(8).filter(|window| window == b"ephyrine");
        count.count()
    };
    assert!(bytes() > 20);
    office.rule(Kind::Incident, Since::Closed, "1d").await;
    office.pass(2);
    assert_eq!(office.run().await, (1, 0));
    assert_eq!(bytes(), 0);
    scratch.remove().await;
}
