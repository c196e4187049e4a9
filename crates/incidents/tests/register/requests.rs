//! Reports that are due only where an authority asks for them, on both engines.

use db::Db;
use incidents::{
    Error,
    clocks::{Due, Reckoned, Request},
    ops,
    reporting::{
        Step,
        submission::{
            Nature, NewSubmission, Part,
            ops::{release, submissions, write},
        },
    },
};
use kernel::{IncidentRef, Role, Timestamp};

use crate::{
    house::user,
    reporting::{Scene, never, said},
    submission::{followed, part},
};

db::contract! {
    what_is_asked_for_is_due_reminded_of_and_answered_each_time,
    only_what_can_be_asked_for_is_and_by_whom_may,
    a_request_goes_where_its_incident_goes,
}

const CSIRT: &str = "National CSIRT";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn asked(at: Timestamp, due: Option<&str>) -> Request {
    Request {
        regime: "nis2".parse().unwrap(),
        stage: "intermediate".parse().unwrap(),
        at,
        authority: CSIRT.parse().unwrap(),
        due: due.map(|due| due.parse().unwrap()),
        by: "user:x".parse().unwrap(),
        entered_at: at,
    }
}

async fn intermediate(scene: &Scene, id: IncidentRef) -> Reckoned {
    let case = ops::view(&scene.ground, &scene.officer, id).await.unwrap();
    case.clocks.reckoned().unwrap().swap_remove(2)
}

/// Writes an intermediate report and hands it over now.
async fn give(scene: &Scene, id: IncidentRef) {
    let (ground, officer) = (&scene.ground, &scene.officer);
    let report = NewSubmission {
        regime: "nis2".parse().unwrap(),
        stage: "intermediate".parse().unwrap(),
        nature: Nature::First,
        corrects: None,
        parts: vec![part(Part::Facts, "It goes on.", &[CSIRT])],
    };
    let (_, number) = write(ground, officer, id, report).await.unwrap();
    release(ground, officer, (id, number, 1), &[Part::Facts])
        .await
        .unwrap();
}

async fn what_is_asked_for_is_due_reminded_of_and_answered_each_time(db: Db) {
    let scene = Scene::new(db).await;
    let (ground, officer) = (&scene.ground, &scene.officer);
    let id = followed(ground, officer, "A").await;
    assert!(matches!(intermediate(&scene, id).await.due, Due::Waits(_)));
    let request = asked(ground.now(), Some("2026-11-21T10:00:00Z"));
    ops::request(ground, officer, id, request.clone())
        .await
        .unwrap();
    let due = intermediate(&scene, id).await.due;
    assert_eq!(due, Due::At(at("2026-11-21T10:00:00Z")));
    let outstanding = ops::outstanding(ground, officer).await.unwrap();
    assert_eq!(outstanding[0].reckoned.stage.key, "intermediate");
    scene.after(5).await;
    let six = said("A nis2 intermediate", Step::Before(6));
    assert_eq!(scene.told(never()).await, six);
    give(&scene, id).await;
    assert!(intermediate(&scene, id).await.filed.is_some());
    assert_eq!(scene.told(never()).await, []);
    // Asked for again, it is due again, and a second report is a second filing.
    let first = ground.now();
    scene.after(1).await;
    let again = asked(ground.now(), Some("2026-11-21T08:00:00Z"));
    ops::request(ground, officer, id, again).await.unwrap();
    scene.after(1).await;
    let told = scene.told(first).await;
    assert!(
        told.contains(&said("A nis2 intermediate", Step::Before(1))[0]),
        "{told:?}"
    );
    scene.after(2).await;
    give(&scene, id).await;
    let late = intermediate(&scene, id).await;
    assert!(late.filed == Some(ground.now()) && late.is_late(ground.now()));
    let (all, clocks) = submissions(ground, officer, id).await.unwrap();
    assert_eq!((clocks.filings.len(), clocks.requests.len()), (2, 2));
    // Each report stands against what was asked before it.
    let timing = |number: usize| {
        let one = &all[number];
        let timing = one
            .timing(&one.recipients[0], &clocks, ground.now())
            .unwrap();
        (timing.due.unwrap().to_string(), timing.late)
    };
    assert_eq!(timing(0), ("2026-11-21T10:00:00.000Z".to_owned(), false));
    assert_eq!(timing(1), ("2026-11-21T08:00:00.000Z".to_owned(), true));
    let page = kernel::PageRequest::default();
    let history = ops::history(ground, officer, id, page).await.unwrap().items;
    let acts = history
        .iter()
        .filter(|act| act.code == "incident.report_requested");
    assert_eq!(acts.count(), 2);
}

async fn only_what_can_be_asked_for_is_and_by_whom_may(db: Db) {
    let scene = Scene::new(db).await;
    let (ground, officer) = (&scene.ground, &scene.officer);
    let id = followed(ground, officer, "A").await;
    let now = ground.now();
    let field = async |request: Request| match ops::request(ground, officer, id, request).await {
        Err(Error::Invalid(broken)) => broken.field,
        Err(_) | Ok(_) => "none",
    };
    let stage = |text: &str| Request {
        stage: text.parse().unwrap(),
        ..asked(now, None)
    };
    assert_eq!(field(stage("early-warning")).await, "stage");
    let cra = Request {
        regime: "cra".parse().unwrap(),
        ..asked(now, None)
    };
    assert_eq!(
        field(cra).await,
        "regime",
        "it is not reported by that rule"
    );
    let later = asked(at("2026-11-22T00:00:00Z"), None);
    assert_eq!(field(later).await, "at");
    assert_eq!(
        field(asked(now, Some("2026-11-20T00:00:00Z"))).await,
        "due_at"
    );
    let diplomat = user(2, Role::Diplomat);
    let refused = ops::request(ground, &diplomat, id, asked(now, None)).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    assert_eq!(field(asked(now, None)).await, "none");
    assert_eq!(intermediate(&scene, id).await.due, Due::Promptly(now));
}

async fn a_request_goes_where_its_incident_goes(db: Db) {
    let scene = Scene::new(db).await;
    let (ground, officer) = (&scene.ground, &scene.officer);
    let id = followed(ground, officer, "A").await;
    let request = asked(ground.now(), Some("2026-11-23T00:00:00Z"));
    ops::request(ground, officer, id, request).await.unwrap();
    let case = ops::view(ground, officer, id).await.unwrap();
    let line = incidents::wire::write_line(&case, &serde_json::Map::new());
    let (body, kept) = incidents::wire::read_line(line).unwrap();
    assert!(kept.is_empty(), "{kept:?}");
    let back = body.into_case(case.incident.id).unwrap();
    assert_eq!(back.clocks, case.clocks);
    let into = followed(ground, officer, "B").await;
    let version = |id| async move {
        ops::view(ground, officer, id)
            .await
            .unwrap()
            .incident
            .version
    };
    let order = incidents::merge::model::Order {
        from: (id, version(id).await),
        version: version(into).await,
        take: Vec::new(),
        reason: "one incident".parse().unwrap(),
    };
    incidents::merge::ops::merge(ground, officer, into, &order)
        .await
        .unwrap();
    let merged = ops::view(ground, officer, into).await.unwrap();
    assert_eq!(merged.clocks.requests, case.clocks.requests);
}
