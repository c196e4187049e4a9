//! Entries and their parts, on both engines.
use crate::house::{facts, ground, in_exercise, period, user, user_id};
use db::Db;
use incidents::{
    Error,
    model::{
        Attachment, Bound, Determination, Facts, Grade, HarmFigure, Incident, Kind, Link, Quantity,
        Statement, StatementKind, TimelineEntry,
    },
    ops,
    state::{Event, Stage, Status},
};
use kernel::{Problem, Role, Tlp};

db::contract! {
    everything_that_is_entered_comes_back,
    an_edit_of_a_stale_version_is_refused,
    the_life_of_an_entry_is_kept,
    parts_come_back_as_they_were_added,
    a_link_is_made_once_and_found_from_the_other_side,
    a_file_is_attached_once,
    red_is_for_those_who_are_named,
    whoever_marks_an_entry_red_goes_on_reading_it,
    who_may_not_know_of_an_entry_hears_that_there_is_none,
    a_reporter_enters_and_does_not_edit,
    the_exercise_does_not_see_what_is_real,
}

fn whole() -> Facts {
    Facts {
        kind: Kind::Campaign,
        description: "First line.\nSecond line.".parse().unwrap(),
        victims: vec!["CR".parse().unwrap(), "IE".parse().unwrap()],
        worldwide: true,
        organisation: Some("Health Service".parse().unwrap()),
        sectors: vec!["health".parse().unwrap(), "space".parse().unwrap()],
        sector_text: Some("health (laboratory)".parse().unwrap()),
        rsit: Some("availability/ddos".parse().unwrap()),
        period: period("2024-05", "2024-06-14"),
        detected: Some("2024-05-08T10Z".parse().unwrap()),
        reported: Some("2024-05-08T10:30Z".parse().unwrap()),
        determination: Determination::Confirmed,
        tlp: Tlp::Red,
        pap: Some(kernel::Pap::Amber),
        named: vec![user_id(1), user_id(9)],
        cross_border: Some(true),
        ..facts("Everything")
    }
}

async fn everything_that_is_entered_comes_back(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let entered = ops::create(&ground, &analyst, whole()).await.unwrap();
    let case = ops::view(&ground, &analyst, entered.public).await.unwrap();
    assert_eq!(case.incident, entered);
    assert_eq!(entered.facts, whole());
    assert_eq!((entered.version, entered.status.stage()), (1, Stage::Open));
}

async fn an_edit_of_a_stale_version_is_refused(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let first = ops::create(&ground, &analyst, facts("A")).await.unwrap();
    let second = ops::edit(&ground, &analyst, first.public, 1, whole())
        .await
        .unwrap();
    assert_eq!((second.version, &second.facts), (2, &whole()));
    let refused = ops::edit(&ground, &analyst, first.public, 1, facts("C"))
        .await
        .unwrap_err();
    assert!(matches!(
        refused,
        Error::Stale {
            given: 1,
            current: 2
        }
    ));
    assert_eq!(Problem::from(refused).status(), 409);
    let stored = ops::view(&ground, &analyst, first.public).await.unwrap();
    assert_eq!(stored.incident, second);
}

async fn the_life_of_an_entry_is_kept(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let entered = ops::create(&ground, &analyst, facts("A")).await.unwrap();
    let closed = ops::advance(&ground, &analyst, entered.public, 1, Event::Close)
        .await
        .unwrap();
    let stored = ops::view(&ground, &analyst, entered.public)
        .await
        .unwrap()
        .incident;
    assert_eq!(stored, closed);
    let by = "user:user1".to_owned();
    assert_eq!(
        stored.status,
        Status::Closed {
            at: ground.clock.now(),
            by
        }
    );
    let again = ops::advance(&ground, &analyst, entered.public, 2, Event::Close).await;
    assert!(matches!(again, Err(Error::Transition(_))));
    let reopened = ops::advance(&ground, &analyst, entered.public, 2, Event::Reopen)
        .await
        .unwrap();
    assert_eq!(reopened.status.stage(), Stage::Investigating);
}

fn entry(at: &str, what: &str) -> TimelineEntry {
    TimelineEntry {
        at: at.parse().unwrap(),
        what: what.parse().unwrap(),
        source: Some("S/PV.9779, line 117".parse().unwrap()),
    }
}

fn figure() -> HarmFigure {
    HarmFigure {
        what: "births in a year".parse().unwrap(),
        measure: Some("H-PSD".parse().unwrap()),
        bound: Bound::Range(
            Quantity::from_thousandths(72_000_500),
            Quantity::from_thousandths(78_000_000),
        ),
        unit: "birth".parse().unwrap(),
        grade: Grade::A,
        source: None,
        note: Some("a denominator".parse().unwrap()),
        detail: incidents::harm::Detail::default(),
    }
}

fn statement() -> Statement {
    Statement {
        kind: StatementKind::Attribution,
        by: "Ireland".parse().unwrap(),
        country: Some("IE".parse().unwrap()),
        role: Some("representative".parse().unwrap()),
        actor: Some("a group".parse().unwrap()),
        says: "It was them.".parse().unwrap(),
        cites: Some("its police".parse().unwrap()),
        document: Some("S/PV.9779".parse().unwrap()),
        line: Some(117),
        at: Some("2024-11-08".parse().unwrap()),
        note: Some("denied".parse().unwrap()),
    }
}

async fn parts_come_back_as_they_were_added(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let public = ops::create(&ground, &analyst, facts("A"))
        .await
        .unwrap()
        .public;
    let (early, late) = (entry("2024-05-08", "began"), entry("2024-06", "ended"));
    ops::add_timeline(&ground, &analyst, public, &late)
        .await
        .unwrap();
    ops::add_timeline(&ground, &analyst, public, &early)
        .await
        .unwrap();
    ops::add_harm(&ground, &analyst, public, &figure())
        .await
        .unwrap();
    let last = ops::add_statement(&ground, &analyst, public, &statement())
        .await
        .unwrap();
    let case = ops::view(&ground, &analyst, public).await.unwrap();
    assert_eq!(case.timeline, [early, late]);
    let mut kept = figure();
    kept.detail.entered = Some(("user:user1".parse().unwrap(), ground.now()));
    assert_eq!(case.harm, [kept]);
    assert_eq!(case.statements, [statement()]);
    assert_eq!((case.incident.version, case.incident), (5, last));
}

async fn a_link_is_made_once_and_found_from_the_other_side(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let entered = ops::create(&ground, &analyst, facts("A")).await.unwrap();
    let secret = Facts {
        tlp: Tlp::Red,
        ..facts("B")
    };
    let hidden = ops::create(&ground, &user(2, Role::Analyst), secret)
        .await
        .unwrap();
    let link = Link {
        kind: "thread".parse().unwrap(),
        target: "thread--6f9c1c44-0000-4000-8000-000000000000"
            .parse()
            .unwrap(),
        label: "Request to mitigate".parse().unwrap(),
    };
    let once = ops::link(&ground, &analyst, entered.public, &link)
        .await
        .unwrap();
    let twice = ops::link(&ground, &analyst, entered.public, &link)
        .await
        .unwrap();
    assert_eq!((once.version, twice), (2, once.clone()));
    ops::link(&ground, &user(2, Role::Analyst), hidden.public, &link)
        .await
        .unwrap();
    let found = ops::linked(&ground, &analyst, &link.kind, link.target.as_str())
        .await
        .unwrap();
    assert_eq!(found, [once]);
    let case = ops::view(&ground, &analyst, entered.public).await.unwrap();
    assert_eq!(case.links, std::slice::from_ref(&link));
    let target = link.target.as_str();
    ops::unlink(&ground, &analyst, entered.public, &link.kind, target)
        .await
        .unwrap();
    let case = ops::view(&ground, &analyst, entered.public).await.unwrap();
    assert_eq!((case.links, case.incident.version), (vec![], 3));
}

async fn a_file_is_attached_once(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let public = ops::create(&ground, &analyst, facts("A"))
        .await
        .unwrap()
        .public;
    let file = Attachment {
        sha256: [7; 32],
        size: 50_000_000_000,
        name: "disk.img".parse().unwrap(),
        media_type: "application/octet-stream".parse().unwrap(),
    };
    ops::attach(&ground, &analyst, public, &file).await.unwrap();
    ops::attach(&ground, &analyst, public, &file).await.unwrap();
    let case = ops::view(&ground, &analyst, public).await.unwrap();
    assert_eq!((case.attachments, case.incident.version), (vec![file], 2));
}

async fn red_is_for_those_who_are_named(db: Db) {
    let ground = ground(db).await;
    let named = Facts {
        tlp: Tlp::Red,
        named: vec![user_id(2)],
        ..facts("A")
    };
    let entered = ops::create(&ground, &user(1, Role::Analyst), named)
        .await
        .unwrap();
    assert_eq!(entered.facts.named, [user_id(1), user_id(2)]);
    for number in [1, 2] {
        let case = ops::view(&ground, &user(number, Role::Analyst), entered.public).await;
        assert_eq!(case.unwrap().incident, entered);
    }
    let stranger = ops::view(&ground, &user(3, Role::Analyst), entered.public).await;
    assert!(matches!(stranger, Err(Error::NotFound)));
}

async fn whoever_marks_an_entry_red_goes_on_reading_it(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let entered = ops::create(&ground, &analyst, facts("A")).await.unwrap();
    assert_eq!(entered.facts.named, []);
    let red = Facts {
        tlp: Tlp::Red,
        ..facts("A")
    };
    ops::edit(&ground, &analyst, entered.public, 1, red)
        .await
        .unwrap();
    let case = ops::view(&ground, &analyst, entered.public).await.unwrap();
    assert_eq!(case.incident.facts.named, [user_id(1)]);
}

async fn who_may_not_know_of_an_entry_hears_that_there_is_none(db: Db) {
    let ground = ground(db).await;
    let red = Facts {
        tlp: Tlp::Red,
        ..facts("A")
    };
    let entered = ops::create(&ground, &user(1, Role::Analyst), red)
        .await
        .unwrap();
    let stranger = user(2, Role::DutyOfficer);
    let edited = ops::edit(&ground, &stranger, entered.public, 1, facts("B"))
        .await
        .unwrap_err();
    let none = entered_nowhere(&entered);
    let missing = ops::edit(&ground, &stranger, none, 1, facts("B"))
        .await
        .unwrap_err();
    let (edited, missing) = (Problem::from(edited), Problem::from(missing));
    assert_eq!(
        (edited.status(), edited.to_string()),
        (404, missing.to_string())
    );
}

fn entered_nowhere(incident: &Incident) -> kernel::IncidentRef {
    kernel::IncidentRef::from_uuid(uuid::Uuid::from_u128(incident.public.uuid().as_u128() ^ 1))
}

async fn a_reporter_enters_and_does_not_edit(db: Db) {
    let ground = ground(db).await;
    let reporter = user(5, Role::Reporter);
    let amber = Facts {
        tlp: Tlp::Amber,
        ..facts("A")
    };
    let entered = ops::create(&ground, &reporter, amber.clone())
        .await
        .unwrap();
    assert!(ops::view(&ground, &reporter, entered.public).await.is_ok());
    let edited = ops::edit(&ground, &reporter, entered.public, 1, amber)
        .await
        .unwrap_err();
    assert_eq!(Problem::from(edited).status(), 403);
    let other = ops::view(&ground, &user(6, Role::Reporter), entered.public).await;
    assert!(matches!(other, Err(Error::NotFound)));
}

async fn the_exercise_does_not_see_what_is_real(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let real = ops::create(&ground, &analyst, facts("A")).await.unwrap();
    let playing = in_exercise(analyst.clone());
    let played = ops::create(&ground, &playing, facts("B")).await.unwrap();
    assert!(matches!(
        ops::view(&ground, &playing, real.public).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        ops::view(&ground, &analyst, played.public).await,
        Err(Error::NotFound)
    ));
}
