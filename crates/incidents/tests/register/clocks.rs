//! The clocks of an entry, on both engines.
use crate::house::{facts, ground, in_exercise, user};
use db::Db;
use incidents::{
    Error,
    clocks::{Due, Filing, Moment, Start},
    ops,
    state::Event,
};
use kernel::{Role, Timestamp};

db::contract! {
    a_duty_is_reckoned_from_its_moments_and_filings,
    what_has_not_happened_is_not_entered,
    what_is_due_is_told_earliest_first_and_to_who_may_read_it,
    clocks_travel_with_the_entry,
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn filing(stage: &str, when: &str) -> Filing {
    Filing {
        regime: "nis2".parse().unwrap(),
        stage: stage.parse().unwrap(),
        at: at(when),
        authority: "National CSIRT".parse().unwrap(),
        reference: Some("REF-7".parse().unwrap()),
        by: "user:nobody".parse().unwrap(),
        entered_at: at("2000-01-01T00:00:00Z"),
    }
}

fn duty(regime: &str, zone: &str) -> (incidents::model::Line<60>, incidents::model::Line<60>) {
    (regime.parse().unwrap(), zone.parse().unwrap())
}

async fn a_duty_is_reckoned_from_its_moments_and_filings(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = ops::create(&ground, &officer, facts("A"))
        .await
        .unwrap()
        .public;
    let aware = at("2026-11-19T10:00:00Z");
    ops::occurred(
        &ground,
        &officer,
        id,
        (Moment::Awareness, at("2026-11-18T10:00:00Z")),
    )
    .await
    .unwrap();
    ops::occurred(&ground, &officer, id, (Moment::Awareness, aware))
        .await
        .unwrap();
    let first = ops::follow(&ground, &officer, id, duty("nis2", "Europe/Dublin"))
        .await
        .unwrap();
    let again = ops::follow(&ground, &officer, id, duty("nis2", "UTC"))
        .await
        .unwrap();
    assert_eq!(first.version, again.version, "a regime is followed once");
    ops::file(
        &ground,
        &officer,
        id,
        filing("notification", "2026-11-20T09:00:00Z"),
    )
    .await
    .unwrap();
    let case = ops::view(&ground, &officer, id).await.unwrap();
    assert_eq!(case.clocks.occurred.len(), 2);
    assert_eq!(case.clocks.duties[0].zone.as_str(), "Europe/Dublin");
    let kept = &case.clocks.filings[0];
    assert_eq!(
        (kept.by.as_str(), kept.entered_at),
        ("user:user1", ground.now())
    );
    let told = case.clocks.reckoned().unwrap();
    let due: Vec<_> = told
        .iter()
        .map(|one| (one.stage.key.as_str(), one.due.clone()))
        .collect();
    assert_eq!(
        due,
        [
            ("early-warning", Due::At(at("2026-11-20T10:00:00Z"))),
            ("notification", Due::At(at("2026-11-22T10:00:00Z"))),
            ("intermediate", Due::Waits(vec![Start::Request])),
            ("final", Due::At(at("2026-12-20T09:00:00Z"))),
        ]
    );
    // It is 21 November: the early warning was not given in time, the notification was.
    let late: Vec<_> = told.iter().map(|one| one.is_late(ground.now())).collect();
    assert_eq!(late, [true, false, false, false]);
}

async fn what_has_not_happened_is_not_entered(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = ops::create(&ground, &officer, facts("A"))
        .await
        .unwrap()
        .public;
    let field = |done: Result<_, Error>| match done {
        Err(Error::Invalid(broken)) => broken.field,
        Err(_) | Ok(_) => "no field",
    };
    let tomorrow = at("2026-11-22T00:00:00Z");
    let early = ops::occurred(&ground, &officer, id, (Moment::Payment, tomorrow)).await;
    assert_eq!(field(early), "at");
    let strange = ops::follow(&ground, &officer, id, duty("nowhere", "UTC")).await;
    assert_eq!(field(strange), "regime");
    let strange = ops::follow(&ground, &officer, id, duty("nis2", "Moon/Sea")).await;
    assert_eq!(field(strange), "zone");
    let alone = ops::file(
        &ground,
        &officer,
        id,
        filing("final", "2026-11-20T00:00:00Z"),
    )
    .await;
    assert_eq!(field(alone), "regime");
    ops::follow(&ground, &officer, id, duty("nis2", "UTC"))
        .await
        .unwrap();
    let strange = ops::file(
        &ground,
        &officer,
        id,
        filing("initial", "2026-11-20T00:00:00Z"),
    )
    .await;
    assert_eq!(field(strange), "stage");
    let early = ops::file(
        &ground,
        &officer,
        id,
        filing("final", "2026-11-22T00:00:00Z"),
    )
    .await;
    assert_eq!(field(early), "at");
    let diplomat = user(2, Role::Diplomat);
    let refused = ops::occurred(&ground, &diplomat, id, (Moment::Payment, ground.now())).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}

async fn what_is_due_is_told_earliest_first_and_to_who_may_read_it(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let mut open = Vec::new();
    for (title, aware, tlp) in [
        ("later", "2026-11-20T12:00:00Z", kernel::Tlp::Green),
        ("earlier", "2026-11-20T06:00:00Z", kernel::Tlp::Red),
    ] {
        let mut given = facts(title);
        given.tlp = tlp;
        let id = ops::create(&ground, &officer, given).await.unwrap().public;
        ops::occurred(&ground, &officer, id, (Moment::Awareness, at(aware)))
            .await
            .unwrap();
        ops::follow(&ground, &officer, id, duty("isa", "UTC"))
            .await
            .unwrap();
        open.push(id);
    }
    let (second, playing) = (user(2, Role::DutyOfficer), in_exercise(officer.clone()));
    let due = async |viewer| {
        let all = ops::outstanding(&ground, viewer).await.unwrap();
        all.into_iter()
            .map(|one| (one.title, one.due.to_string()))
            .collect::<Vec<_>>()
    };
    let later = ("later".to_owned(), "2026-11-21T12:00:00.000Z".to_owned());
    let earlier = ("earlier".to_owned(), "2026-11-21T06:00:00.000Z".to_owned());
    assert_eq!(due(&officer).await, [earlier, later.clone()]);
    assert_eq!(due(&second).await, [later]);
    assert_eq!(due(&playing).await, []);
    let report = Filing {
        regime: "isa".parse().unwrap(),
        ..filing("report", "2026-11-20T13:00:00Z")
    };
    ops::file(&ground, &officer, open[0], report).await.unwrap();
    ops::advance(&ground, &officer, open[1], 3, Event::Close)
        .await
        .unwrap();
    assert_eq!(due(&officer).await, []);
}

async fn clocks_travel_with_the_entry(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = ops::create(&ground, &officer, facts("A"))
        .await
        .unwrap()
        .public;
    ops::occurred(
        &ground,
        &officer,
        id,
        (Moment::Awareness, at("2026-11-19T10:00:00Z")),
    )
    .await
    .unwrap();
    ops::follow(&ground, &officer, id, duty("nis2", "UTC"))
        .await
        .unwrap();
    ops::file(
        &ground,
        &officer,
        id,
        filing("early-warning", "2026-11-20T09:00:00Z"),
    )
    .await
    .unwrap();
    let case = ops::view(&ground, &officer, id).await.unwrap();
    let line = incidents::wire::write_line(&case, &serde_json::Map::new());
    let (body, kept) = incidents::wire::read_line(line).unwrap();
    assert!(kept.is_empty(), "{kept:?}");
    assert_eq!(body.clocks.due[0].due_at, Some(at("2026-11-20T10:00:00Z")));
    let back = body.into_case(case.incident.id).unwrap();
    assert_eq!(back.clocks, case.clocks);
    // Another register takes it in as it is.
    let mut tx = ground.db.begin().await.unwrap();
    for sql in [
        "DELETE FROM incident_moment",
        "DELETE FROM incident_duty",
        "DELETE FROM incident_filing",
        "DELETE FROM incident",
    ] {
        db::query(sql).execute(&mut tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    let node = kernel::Viewer::node("import", "XA".parse().unwrap(), kernel::Mode::Real);
    let line = incidents::wire::write_line(&case, &serde_json::Map::new());
    ops::take_in(&ground, &node, &[line]).await.unwrap();
    let taken = ops::view(&ground, &officer, id).await.unwrap();
    assert_eq!(taken.clocks, case.clocks);
}
