//! Reports for several authorities, on both engines.

use std::{sync::Arc, time::Duration};

use audit::Ground;
use db::Db;
use incidents::{
    Error,
    clocks::Moment,
    merge::{model::Order, ops as merge},
    ops,
    reporting::submission::{
        Nature, NewPart, NewSubmission, Part,
        ops::{release, submissions, write},
        wire::SentBody,
    },
};
use kernel::{IncidentRef, ManualClock, Role, SeededRng, Viewer};

use crate::house::{START, facts, user};

db::contract! {
    each_part_goes_to_each_authority_when_it_is_released,
    each_authority_is_late_for_itself,
    a_correction_follows_what_it_corrects,
    what_makes_no_report_is_refused,
    reports_go_with_what_was_merged,
}

const CSIRT: &str = "National CSIRT";
const DPA: &str = "Data Protection Commission";

struct Scene {
    ground: Ground,
    clock: Arc<ManualClock>,
    officer: Viewer,
    id: IncidentRef,
}

async fn scene(db: Db) -> Scene {
    let clock = Arc::new(ManualClock::new(START));
    let given = Arc::<ManualClock>::clone(&clock);
    let ground = Ground::open(db, given, Arc::new(SeededRng::new(7)))
        .await
        .unwrap();
    let officer = user(1, Role::DutyOfficer);
    let id = followed(&ground, &officer, "A").await;
    Scene {
        ground,
        clock,
        officer,
        id,
    }
}

/// An incident that is reported under NIS2, of which the party became aware now.
pub(crate) async fn followed(ground: &Ground, officer: &Viewer, title: &str) -> IncidentRef {
    let id = ops::create(ground, officer, facts(title))
        .await
        .unwrap()
        .public;
    let duty = ("nis2".parse().unwrap(), "UTC".parse().unwrap());
    ops::follow(ground, officer, id, duty).await.unwrap();
    let aware = (Moment::Awareness, ground.now());
    ops::occurred(ground, officer, id, aware).await.unwrap();
    id
}

pub(crate) fn part(part: Part, body: &str, authorities: &[&str]) -> NewPart {
    NewPart {
        part,
        body: body.parse().unwrap(),
        authorities: authorities.iter().map(|one| one.parse().unwrap()).collect(),
    }
}

fn warning(parts: Vec<NewPart>) -> NewSubmission {
    NewSubmission {
        regime: "nis2".parse().unwrap(),
        stage: "early-warning".parse().unwrap(),
        nature: Nature::First,
        corrects: None,
        parts,
    }
}

fn usual() -> NewSubmission {
    warning(vec![
        part(Part::Facts, "The ward is down.", &[CSIRT, DPA]),
        part(Part::PersonalData, "3 patients", &[DPA]),
    ])
}

async fn each_part_goes_to_each_authority_when_it_is_released(db: Db) {
    let scene = scene(db).await;
    let (ground, officer, id) = (&scene.ground, &scene.officer, scene.id);
    let (_, number) = write(ground, officer, id, usual()).await.unwrap();
    let (all, clocks) = submissions(ground, officer, id).await.unwrap();
    assert_eq!((number, all.len(), clocks.filings.len()), (1, 1, 0));
    let sent = |all: &[incidents::reporting::submission::Submission], place| {
        let body = SentBody::new(id, &all[0], place).unwrap();
        let parts = body.parts.into_iter();
        parts.map(|one| (one.part, one.text)).collect::<Vec<_>>()
    };
    assert_eq!(sent(&all, 2), [], "nobody got anything by that");
    scene.clock.advance(Duration::from_hours(1));
    release(ground, officer, (id, 1, 2), &[Part::Facts])
        .await
        .unwrap();
    scene.clock.advance(Duration::from_hours(2));
    let both = [Part::Facts, Part::PersonalData];
    let refused = release(ground, officer, (id, 1, 2), &both).await;
    assert!(matches!(refused, Err(Error::Invalid(broken)) if broken.field == "parts"));
    release(ground, officer, (id, 1, 2), &[Part::PersonalData])
        .await
        .unwrap();
    let (all, clocks) = submissions(ground, officer, id).await.unwrap();
    let ward = (Part::Facts, "The ward is down.".to_owned());
    assert_eq!(
        sent(&all, 2),
        [ward, (Part::PersonalData, "3 patients".to_owned())]
    );
    assert_eq!(sent(&all, 1), [], "the other got nothing");
    let released = all[0].recipients[1].shares.iter();
    let released: Vec<_> = released
        .map(|share| share.released.as_ref().unwrap())
        .map(|(by, at)| (by.as_str(), at.since(START).as_secs() / 3_600))
        .collect();
    assert_eq!(released, [("user:user1", 1), ("user:user1", 3)]);
    // The first release is the filing; what the other authority does not get is none.
    let filed: Vec<_> = clocks
        .filings
        .iter()
        .map(|one| one.authority.as_str())
        .collect();
    assert_eq!(filed, [DPA]);
    assert!(!clocks.reckoned().unwrap()[0].is_open(), "the clock stands");
    let strange = release(ground, officer, (id, 1, 1), &[Part::PersonalData]).await;
    assert!(
        matches!(strange, Err(Error::Invalid(_))),
        "not meant for it"
    );
    for (number, place) in [(2, 1), (1, 3)] {
        let nowhere = release(ground, officer, (id, number, place), &[Part::Facts]).await;
        assert!(matches!(nowhere, Err(Error::NotFound)));
    }
    let diplomat = user(2, Role::Diplomat);
    assert!(submissions(ground, &diplomat, id).await.is_ok());
    let refused = release(ground, &diplomat, (id, 1, 1), &[Part::Facts]).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let guest = submissions(ground, &user(3, Role::Reporter), id).await;
    assert!(matches!(guest, Err(Error::Refused(_))), "{guest:?}");
}

async fn each_authority_is_late_for_itself(db: Db) {
    let scene = scene(db).await;
    let (ground, officer, id) = (&scene.ground, &scene.officer, scene.id);
    write(ground, officer, id, usual()).await.unwrap();
    scene.clock.advance(Duration::from_hours(24));
    release(ground, officer, (id, 1, 1), &[Part::Facts])
        .await
        .unwrap();
    let late = async || {
        let (all, clocks) = submissions(ground, officer, id).await.unwrap();
        let now = ground.now();
        let of = |one| all[0].timing(one, &clocks, now).unwrap().late;
        all[0].recipients.iter().map(of).collect::<Vec<_>>()
    };
    assert_eq!(late().await, [false, false], "the last moment is in time");
    scene.clock.advance(Duration::from_secs(1));
    assert_eq!(late().await, [false, true]);
    release(ground, officer, (id, 1, 2), &[Part::Facts])
        .await
        .unwrap();
    assert_eq!(late().await, [false, true], "filed late stays late");
}

async fn a_correction_follows_what_it_corrects(db: Db) {
    let scene = scene(db).await;
    let (ground, officer, id) = (&scene.ground, &scene.officer, scene.id);
    write(ground, officer, id, usual()).await.unwrap();
    release(ground, officer, (id, 1, 1), &[Part::Facts])
        .await
        .unwrap();
    let correction = |corrects, stage: &str| NewSubmission {
        nature: Nature::Correction,
        corrects,
        stage: stage.parse().unwrap(),
        ..warning(vec![part(Part::Facts, "Two wards are down.", &[CSIRT])])
    };
    for (corrects, stage) in [
        (None, "early-warning"),
        (Some(7), "early-warning"),
        (Some(1), "notification"),
    ] {
        let refused = write(ground, officer, id, correction(corrects, stage)).await;
        assert!(matches!(refused, Err(Error::Invalid(broken)) if broken.field == "corrects"));
    }
    write(ground, officer, id, correction(Some(1), "early-warning"))
        .await
        .unwrap();
    scene.clock.advance(Duration::from_hours(3));
    release(ground, officer, (id, 2, 1), &[Part::Facts])
        .await
        .unwrap();
    let (all, clocks) = submissions(ground, officer, id).await.unwrap();
    assert_eq!(
        all[0].text(Part::Facts),
        "The ward is down.",
        "what went stays"
    );
    assert_eq!(
        (all[1].nature, all[1].corrects),
        (Nature::Correction, Some(1))
    );
    assert_eq!(clocks.filings.len(), 1, "the first filing counts");
}

async fn what_makes_no_report_is_refused(db: Db) {
    let scene = scene(db).await;
    let (ground, officer, id) = (&scene.ground, &scene.officer, scene.id);
    let field = async |new| match write(ground, officer, id, new).await {
        Err(Error::Invalid(broken)) => broken.field,
        Err(_) | Ok(_) => "none",
    };
    assert_eq!(field(warning(Vec::new())).await, "parts");
    let twice = vec![
        part(Part::Facts, "A", &[CSIRT]),
        part(Part::Facts, "B", &[DPA]),
    ];
    assert_eq!(field(warning(twice)).await, "parts");
    for empty in [part(Part::Facts, "", &[CSIRT]), part(Part::Facts, "A", &[])] {
        assert_eq!(field(warning(vec![empty])).await, "parts");
    }
    let names: Vec<String> = (0..21).map(|number| format!("A{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let many = vec![part(Part::Facts, "A", &names)];
    assert_eq!(field(warning(many)).await, "authorities");
    let strange = |regime: &str, stage: &str| NewSubmission {
        regime: regime.parse().unwrap(),
        stage: stage.parse().unwrap(),
        ..usual()
    };
    assert_eq!(field(strange("gdpr", "authority")).await, "stage");
    assert_eq!(field(strange("nis2", "initial")).await, "stage");
    let drop = ("nis2".parse().unwrap(), "too small".parse().unwrap());
    ops::drop_duty(ground, officer, id, drop).await.unwrap();
    assert_eq!(field(usual()).await, "stage");
}

async fn reports_go_with_what_was_merged(db: Db) {
    let scene = scene(db).await;
    let (ground, officer, into) = (&scene.ground, &scene.officer, scene.id);
    let from = followed(ground, officer, "B").await;
    write(ground, officer, into, usual()).await.unwrap();
    let other = warning(vec![part(Part::Cause, "A mail", &[DPA])]);
    write(ground, officer, from, other.clone()).await.unwrap();
    let correction = NewSubmission {
        nature: Nature::Supplement,
        corrects: Some(1),
        ..other
    };
    write(ground, officer, from, correction).await.unwrap();
    release(ground, officer, (from, 2, 1), &[Part::Cause])
        .await
        .unwrap();
    let version = async |id| {
        ops::view(ground, officer, id)
            .await
            .unwrap()
            .incident
            .version
    };
    let order = Order {
        from: (from, version(from).await),
        version: version(into).await,
        take: Vec::new(),
        reason: "one incident".parse().unwrap(),
    };
    merge::merge(ground, officer, into, &order).await.unwrap();
    let (all, _) = submissions(ground, officer, into).await.unwrap();
    let told = |all: &[incidents::reporting::submission::Submission]| -> Vec<_> {
        all.iter()
            .map(|one| {
                (
                    one.number,
                    one.corrects,
                    one.parts.len(),
                    one.recipients.len(),
                )
            })
            .collect()
    };
    assert_eq!(
        told(&all),
        [(1, None, 2, 2), (2, None, 1, 1), (3, Some(2), 1, 1)]
    );
    assert!(all[2].recipients[0].shares[0].released.is_some());
    let back = "they are two".parse().unwrap();
    merge::unmerge(ground, officer, from, &back).await.unwrap();
    let (all, _) = submissions(ground, officer, into).await.unwrap();
    assert_eq!(told(&all), [(1, None, 2, 2)]);
    let (all, _) = submissions(ground, officer, from).await.unwrap();
    assert_eq!(told(&all), [(1, None, 1, 1), (2, Some(1), 1, 1)]);
}
