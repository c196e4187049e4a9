//! Assessments and ratings, on both engines.
use crate::house::{facts, ground, in_exercise, user};
use db::Db;
use incidents::{
    Error,
    model::{Attachment, Filter, Incident, Line},
    ops,
    severity::{
        Author, Evidence, Factor, FloorRule, Level, Opinion, Points, Proposal, Rating, Scale,
        Stated,
    },
    shipped,
    state::Event,
};
use kernel::{Mode, PageRequest, Problem, Role, Tlp, Viewer};

db::contract! {
    the_last_assessment_holds_and_the_first_stays,
    whoever_judges_without_having_seen_the_last_is_told,
    points_rest_on_what_is_there,
    what_others_say_changes_nothing_of_ours,
    lists_show_the_level_and_are_narrowed_to_it,
    the_level_follows_the_facts,
    levels_are_counted_of_open_work_that_the_viewer_sees,
    the_historical_cases_come_with_their_severity,
    only_who_may_edit_may_judge,
}

fn judged(points: &[(Factor, u8)]) -> Proposal {
    let opinion = |&(factor, points): &(Factor, u8)| {
        let opinion = Opinion {
            points: Some(Points::new(points).unwrap()),
            reason: Some("told so".parse().unwrap()),
            evidence: vec!["document: Report 1, page 2".parse().unwrap()],
        };
        (factor, opinion)
    };
    Proposal {
        opinions: points.iter().map(opinion).collect(),
        ..Proposal::default()
    }
}

fn stated(scale: Scale, value: &str) -> Stated {
    let name = (scale == Scale::Own).then_some("National scale");
    Stated {
        rating: Rating::read(scale, name, value).unwrap(),
        said_by: "National authority".parse().unwrap(),
        country: Some("FR".parse().unwrap()),
        at: Some("2024-05".parse().unwrap()),
        source: Some("Communiqué 4".parse().unwrap()),
        note: None,
    }
}

/// Severity 3 of 5 in the health sector by its floor, else 2.
const CARE: [(Factor, u8); 3] = [
    (Factor::People, 3),
    (Factor::Sovereignty, 0),
    (Factor::Security, 0),
];

async fn entered(ground: &audit::Ground, analyst: &Viewer) -> Incident {
    let mut hospital = facts("Hospital");
    hospital.sectors = vec!["health".parse().unwrap()];
    ops::create(ground, analyst, hospital).await.unwrap()
}

async fn the_last_assessment_holds_and_the_first_stays(db: Db) {
    let ground = ground(db).await;
    let (first, second) = (user(1, Role::Analyst), user(2, Role::DutyOfficer));
    let id = entered(&ground, &first).await.public;
    ops::assess(&ground, &first, id, 0, judged(&CARE))
        .await
        .unwrap();
    let mut next = judged(&CARE);
    next.opinions.insert(
        Factor::Sovereignty,
        Opinion {
            points: Some(Points::new(4).unwrap()),
            reason: Some("the ministry stands still".parse().unwrap()),
            evidence: Vec::new(),
        },
    );
    next.note = Some(Line::required("second look", "note").unwrap());
    let after = ops::assess(&ground, &second, id, 1, next).await.unwrap();
    assert_eq!(after.version, 3);
    let case = ops::view(&ground, &first, id).await.unwrap();
    assert_eq!(case.assessments.len(), 2);
    let (before, holds) = (&case.assessments[0], &case.assessments[1]);
    assert_eq!(before.by.as_str(), "user:user1");
    assert_eq!(
        before.severity(&case.incident.facts).level,
        Level::new(3).ok()
    );
    assert_eq!(holds.by.as_str(), "user:user2");
    // Who judged a factor last is kept factor by factor.
    assert_eq!(holds.judgements[&Factor::People].by, before.by);
    assert_eq!(holds.judgements[&Factor::Sovereignty].by, holds.by);
    let severity = case.severity().unwrap();
    assert_eq!(severity.level, Level::new(4).ok());
    let rules: Vec<_> = severity.floors.iter().map(|floor| floor.rule).collect();
    assert_eq!(rules, [FloorRule::Paralysis, FloorRule::Care]);
    let history = ops::history(&ground, &first, id, PageRequest::default())
        .await
        .unwrap();
    let acts: Vec<_> = history.items.iter().map(|act| act.code.as_str()).collect();
    assert_eq!(
        acts,
        ["incident.assessed", "incident.assessed", "incident.created"]
    );
    let what = history.items[0].what().unwrap();
    assert_eq!(what["added_commitment"].as_str().unwrap().len(), 64);
    assert!(
        !what.to_string().contains("ministry"),
        "the ledger holds no content"
    );
}

async fn whoever_judges_without_having_seen_the_last_is_told(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let id = entered(&ground, &analyst).await.public;
    ops::assess(&ground, &analyst, id, 0, judged(&CARE))
        .await
        .unwrap();
    let late = ops::assess(&ground, &analyst, id, 0, judged(&CARE))
        .await
        .unwrap_err();
    assert!(matches!(
        late,
        Error::AssessedMeanwhile {
            given: 0,
            current: 1
        }
    ));
    assert_eq!(Problem::from(late).status(), 409);
    let case = ops::view(&ground, &analyst, id).await.unwrap();
    assert_eq!(case.assessments.len(), 1);
}

async fn points_rest_on_what_is_there(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let id = entered(&ground, &analyst).await.public;
    let mut proposal = judged(&CARE);
    let people = proposal.opinions.get_mut(&Factor::People).unwrap();
    people.evidence.push(Evidence::File([7; 32]));
    let refused = ops::assess(&ground, &analyst, id, 0, proposal.clone()).await;
    assert!(matches!(refused, Err(Error::Invalid(broken)) if broken.field == "F3"));
    let file = Attachment {
        sha256: [7; 32],
        size: 9,
        name: "report.pdf".parse().unwrap(),
        media_type: "application/pdf".parse().unwrap(),
    };
    ops::attach(&ground, &analyst, id, &file).await.unwrap();
    ops::assess(&ground, &analyst, id, 0, proposal.clone())
        .await
        .unwrap();
    let case = ops::view(&ground, &analyst, id).await.unwrap();
    let kept = &case.assessments[0].judgements[&Factor::People].opinion;
    assert_eq!(*kept, proposal.opinions[&Factor::People]);
}

async fn what_others_say_changes_nothing_of_ours(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let id = entered(&ground, &analyst).await.public;
    ops::assess(&ground, &analyst, id, 0, judged(&CARE))
        .await
        .unwrap();
    let before = ops::view(&ground, &analyst, id).await.unwrap();
    let all = [
        stated(Scale::Own, "orange"),
        stated(Scale::Ncsc, "1"),
        stated(Scale::Cisss, "5"),
        stated(Scale::Nis2, "yes unknown"),
        stated(
            Scale::Nciss,
            "no-impact none unknown unknown none regular health minimal",
        ),
        stated(Scale::Own, "red"),
    ];
    for one in &all {
        ops::rate(&ground, &analyst, id, one.clone()).await.unwrap();
    }
    let case = ops::view(&ground, &analyst, id).await.unwrap();
    let kept: Vec<_> = case.ratings.iter().map(|one| one.stated.clone()).collect();
    assert_eq!(kept, all);
    let by: Author = "user:user1".parse().unwrap();
    assert!(
        case.ratings
            .iter()
            .all(|one| one.by == by && one.entered_at == ground.now())
    );
    assert_eq!(case.severity(), before.severity());
    assert_eq!(case.assessments, before.assessments);
}

async fn listed(ground: &audit::Ground, viewer: &Viewer, level: u8) -> Vec<(String, Option<u8>)> {
    let filter = Filter {
        level: Level::new(level).ok(),
        ..Filter::default()
    };
    let page = ops::list(ground, viewer, &filter, PageRequest::default())
        .await
        .unwrap();
    let count = ops::count(ground, viewer, &filter).await.unwrap();
    assert_eq!(usize::try_from(count.count).unwrap(), page.items.len());
    let rows = page.items.into_iter();
    rows.map(|one| (one.title, one.level.map(Level::number)))
        .collect()
}

async fn lists_show_the_level_and_are_narrowed_to_it(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let id = entered(&ground, &analyst).await.public;
    ops::create(&ground, &analyst, facts("not judged"))
        .await
        .unwrap();
    assert_eq!(listed(&ground, &analyst, 3).await, []);
    ops::assess(&ground, &analyst, id, 0, judged(&CARE))
        .await
        .unwrap();
    let found = [("Hospital".to_owned(), Some(3))];
    assert_eq!(listed(&ground, &analyst, 3).await, found);
    assert_eq!(listed(&ground, &analyst, 4).await, []);
    let all = ops::list(
        &ground,
        &analyst,
        &Filter::default(),
        PageRequest::default(),
    )
    .await;
    let levels: Vec<_> = all.unwrap().items.iter().map(|one| one.level).collect();
    assert_eq!(levels.iter().flatten().count(), 1);
    // What nobody knows has no level.
    ops::assess(&ground, &analyst, id, 1, Proposal::default())
        .await
        .unwrap();
    assert_eq!(listed(&ground, &analyst, 3).await, []);
}

async fn the_level_follows_the_facts(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let id = entered(&ground, &analyst).await.public;
    let judged = ops::assess(&ground, &analyst, id, 0, judged(&CARE))
        .await
        .unwrap();
    let version = judged.version;
    ops::edit(&ground, &analyst, id, version, facts("Mill"))
        .await
        .unwrap();
    // 24 of 80 points, and no floor outside of the health sector.
    assert_eq!(listed(&ground, &analyst, 3).await, []);
    assert_eq!(
        listed(&ground, &analyst, 2).await,
        [("Mill".to_owned(), Some(2))]
    );
}

async fn levels_are_counted_of_open_work_that_the_viewer_sees(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let mut red = facts("secret");
    red.tlp = Tlp::Red;
    red.sectors = vec!["health".parse().unwrap()];
    let red = ops::create(&ground, &analyst, red).await.unwrap().public;
    ops::assess(&ground, &analyst, red, 0, judged(&CARE))
        .await
        .unwrap();
    let open = entered(&ground, &analyst).await.public;
    ops::assess(&ground, &analyst, open, 0, judged(&CARE))
        .await
        .unwrap();
    let at_3 = async |viewer: &Viewer| {
        let levels = ops::levels(&ground, viewer).await.unwrap();
        let numbers: Vec<_> = levels.iter().map(|one| one.level.number()).collect();
        assert_eq!(numbers, [5, 4, 3, 2, 1, 0]);
        assert_eq!(
            levels.iter().map(|one| one.count).sum::<u32>(),
            levels[2].count
        );
        levels[2].count
    };
    assert_eq!(at_3(&analyst).await, 2);
    assert_eq!(at_3(&user(2, Role::Analyst)).await, 1);
    assert_eq!(at_3(&in_exercise(analyst.clone())).await, 0);
    ops::advance(&ground, &analyst, open, 2, Event::Close)
        .await
        .unwrap();
    assert_eq!(at_3(&analyst).await, 1);
    // Each number is that of the list which it leads to.
    let filter = Filter {
        level: Level::new(3).ok(),
        active: true,
        ..Filter::default()
    };
    assert_eq!(
        ops::count(&ground, &analyst, &filter).await.unwrap().count,
        1
    );
    assert_eq!(listed(&ground, &analyst, 3).await.len(), 2);
}

async fn the_historical_cases_come_with_their_severity(db: Db) {
    let ground = ground(db).await;
    let node = Viewer::node("import", "XA".parse().unwrap(), Mode::Real);
    ops::import_shipped(&ground, &node).await.unwrap();
    let reader = user(1, Role::Diplomat);
    let mut told = Vec::new();
    for file in shipped::all().unwrap() {
        let case = ops::view(&ground, &reader, file.public).await.unwrap();
        assert_eq!(case.assessments.as_slice(), file.assessment.as_slice());
        if let Some(severity) = case.severity() {
            let point = severity.point.unwrap().to_string();
            told.push((file.key, point, severity.level.unwrap().number()));
            let judged = case.assessments[0].judgements.values();
            assert!(judged.clone().all(|one| !one.opinion.evidence.is_empty()));
            let coverage = severity.coverage.to_string();
            // Of three cases no loss was told: the factor stays open and the result an interval.
            assert!(["100.0", "88.2"].contains(&coverage.as_str()), "{coverage}");
        }
    }
    let told: Vec<_> = told
        .iter()
        .map(|(key, point, level)| (*key, point.as_str(), *level))
        .collect();
    assert_eq!(
        told,
        [
            ("ascension-2024", "52.9", 3),
            ("brno-hospital-2020", "40.0", 3),
            ("costa-rica-2022", "78.7", 4),
            ("georgia-2019", "40.4", 2),
            ("hse-2021", "60.0", 3),
            ("ka-sat-2022", "60.3", 3),
            ("london-pathology-2024", "51.7", 3),
        ]
    );
    assert_eq!(listed(&ground, &reader, 3).await.len(), 5);
}

async fn only_who_may_edit_may_judge(db: Db) {
    let ground = ground(db).await;
    let analyst = user(1, Role::Analyst);
    let id = entered(&ground, &analyst).await.public;
    let diplomat = user(2, Role::Diplomat);
    let refused = ops::assess(&ground, &diplomat, id, 0, judged(&CARE)).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let refused = ops::rate(&ground, &diplomat, id, stated(Scale::Ncsc, "1")).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let other = in_exercise(user(1, Role::Analyst));
    let hidden = ops::assess(&ground, &other, id, 0, judged(&CARE)).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
}
