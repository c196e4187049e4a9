//! What the party chose to report by, and reminders, on both engines under a clock set by hand.

use std::{sync::Arc, time::Duration};

use audit::Ground;
use db::Db;
use incidents::{
    Error,
    clocks::{Filing, Moment},
    ops,
    reporting::{Choice, Step, jobs, ops as reporting},
    state::Event,
};
use kernel::{IncidentRef, ManualClock, Role, SeededRng, Timestamp, Viewer};
use queue::Runner;

use crate::house::{START, facts, in_exercise, user};

db::contract! {
    a_reminder_is_told_once_and_the_last_of_several,
    what_is_filed_dropped_or_closed_is_not_reminded_of,
    a_reminder_goes_with_the_time_that_is_due,
    the_choice_of_the_party_gives_duties_and_reminders,
    only_who_may_chooses,
}

pub(crate) struct Scene {
    pub(crate) ground: Ground,
    clock: Arc<ManualClock>,
    runner: Runner,
    pub(crate) officer: Viewer,
}

impl Scene {
    pub(crate) async fn new(db: Db) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let given = Arc::<ManualClock>::clone(&clock);
        let ground = Ground::open(db, given, Arc::new(SeededRng::new(7)))
            .await
            .unwrap();
        Self {
            runner: runner(&ground),
            ground,
            clock,
            officer: user(1, Role::DutyOfficer),
        }
    }

    /// Lets so many hours go by, and the jobs that are due by then run.
    pub(crate) async fn after(&self, hours: u64) {
        self.clock.advance(Duration::from_hours(hours));
        self.run().await;
    }

    pub(crate) async fn run(&self) {
        while self.runner.run_due().await.unwrap() > 0 {}
    }

    /// An incident of which the party became aware so many hours ago.
    async fn aware(&self, title: &str, hours: u64) -> IncidentRef {
        let (ground, officer) = (&self.ground, &self.officer);
        let id = ops::create(ground, officer, facts(title)).await.unwrap();
        self.became_aware(id.public, hours).await;
        id.public
    }

    async fn became_aware(&self, id: IncidentRef, hours: u64) {
        let at = self.ground.now().minus(Duration::from_hours(hours));
        let moment = (Moment::Awareness, at);
        ops::occurred(&self.ground, &self.officer, id, moment)
            .await
            .unwrap();
    }

    async fn follow(&self, id: IncidentRef, regime: &str) {
        let duty = (regime.parse().unwrap(), "UTC".parse().unwrap());
        ops::follow(&self.ground, &self.officer, id, duty)
            .await
            .unwrap();
    }

    pub(crate) async fn told(&self, since: Timestamp) -> Vec<(String, Step)> {
        let all = reporting::reminders(&self.ground, &self.officer, since).await;
        let one = |one: incidents::reporting::Reminder| {
            (
                format!("{} {} {}", one.title, one.regime, one.stage),
                one.step,
            )
        };
        let mut all: Vec<_> = all.unwrap().into_iter().map(one).collect();
        all.sort();
        all
    }
}

fn runner(ground: &Ground) -> Runner {
    let (clock, rng) = (Arc::clone(&ground.clock), Arc::clone(&ground.rng));
    jobs::jobs(Runner::new(ground.db.clone(), clock, rng), ground)
}

pub(crate) fn never() -> Timestamp {
    Timestamp::from_micros(0)
}

pub(crate) fn said(what: &str, step: Step) -> Vec<(String, Step)> {
    vec![(what.to_owned(), step)]
}

async fn a_reminder_is_told_once_and_the_last_of_several(db: Db) {
    let scene = Scene::new(db).await;
    let id = scene.aware("A", 1).await;
    scene.follow(id, "isa").await;
    scene.run().await;
    assert_eq!(scene.told(never()).await, [], "23 hours are left");
    // 24 hours from the awareness: 6 hours are left after 17.
    scene.after(16).await;
    assert_eq!(scene.told(never()).await, []);
    scene.after(1).await;
    assert_eq!(
        scene.told(never()).await,
        said("A isa report", Step::Before(6))
    );
    let first = scene.ground.now();
    scene.after(1).await;
    assert_eq!(scene.told(first).await, [], "told once");
    // The node was down for a day: what came meanwhile is told as what it is by now.
    let scene = Scene {
        runner: runner(&scene.ground),
        ..scene
    };
    scene.after(24).await;
    assert_eq!(scene.told(first).await, said("A isa report", Step::Late));
    // After a start, and however often the jobs run, nothing is told again.
    let late = scene.ground.now();
    reporting::plan_all(&scene.ground).await.unwrap();
    scene.after(48).await;
    assert_eq!(scene.told(late).await, []);
    let elsewhere = in_exercise(scene.officer.clone());
    let seen = reporting::reminders(&scene.ground, &elsewhere, never()).await;
    assert_eq!(seen.unwrap(), []);
}

async fn what_is_filed_dropped_or_closed_is_not_reminded_of(db: Db) {
    let scene = Scene::new(db).await;
    let (ground, officer) = (&scene.ground, &scene.officer);
    let mut all = Vec::new();
    for title in ["filed", "dropped", "closed", "open"] {
        let id = scene.aware(title, 0).await;
        scene.follow(id, "cert-in").await;
        all.push(id);
    }
    scene.after(5).await;
    assert_eq!(
        scene.told(never()).await.len(),
        4,
        "one hour is left of six"
    );
    let filing = Filing {
        regime: "cert-in".parse().unwrap(),
        stage: "report".parse().unwrap(),
        at: ground.now(),
        authority: "CERT-In".parse().unwrap(),
        reference: None,
        by: "user:x".parse().unwrap(),
        entered_at: ground.now(),
    };
    ops::file(ground, officer, all[0], filing).await.unwrap();
    let drop = |id| {
        let what = (
            "cert-in".parse().unwrap(),
            "not of the listed kinds".parse().unwrap(),
        );
        ops::drop_duty(ground, officer, id, what)
    };
    drop(all[1]).await.unwrap();
    let twice = drop(all[1]).await;
    assert!(matches!(twice, Err(Error::Invalid(broken)) if broken.field == "regime"));
    let version = ops::view(ground, officer, all[2])
        .await
        .unwrap()
        .incident
        .version;
    ops::advance(ground, officer, all[2], version, Event::Close)
        .await
        .unwrap();
    assert_eq!(
        scene.told(never()).await,
        said("open cert-in report", Step::Before(1))
    );
    scene.after(10).await;
    assert_eq!(
        scene.told(never()).await,
        said("open cert-in report", Step::Late)
    );
    // Opened and taken again, they are late as well.
    ops::advance(ground, officer, all[2], version + 1, Event::Reopen)
        .await
        .unwrap();
    scene.follow(all[1], "cert-in").await;
    scene.run().await;
    assert_eq!(scene.told(never()).await.len(), 3);
    let case = ops::view(ground, officer, all[1]).await.unwrap();
    assert_eq!(case.clocks.duties.len(), 2);
    let dropped = case.clocks.duties[0].dropped.as_ref().unwrap();
    assert_eq!(dropped.why.as_str(), "not of the listed kinds");
    let line = incidents::wire::write_line(&case, &serde_json::Map::new());
    let (body, _) = incidents::wire::read_line(line).unwrap();
    assert_eq!(
        body.into_case(case.incident.id).unwrap().clocks,
        case.clocks
    );
}

async fn a_reminder_goes_with_the_time_that_is_due(db: Db) {
    let scene = Scene::new(db).await;
    let id = scene.aware("A", 30).await;
    scene.follow(id, "isa").await;
    scene.run().await;
    assert_eq!(scene.told(never()).await, said("A isa report", Step::Late));
    // It turns out that nobody knew before now: it is not late, and later it is so anew.
    scene.became_aware(id, 0).await;
    scene.run().await;
    assert_eq!(scene.told(never()).await, []);
    let waiting = |ground: &Ground| {
        let ground = ground.clone();
        async move {
            let mut tx = ground.db.begin_read().await.unwrap();
            queue::count_waiting(&mut tx).await.unwrap()
        }
    };
    assert_eq!(waiting(&scene.ground).await, 1, "one look is planned");
    scene.after(25).await;
    assert_eq!(scene.told(never()).await, said("A isa report", Step::Late));
    assert_eq!(
        waiting(&scene.ground).await,
        0,
        "nothing is left to look at"
    );
}

async fn the_choice_of_the_party_gives_duties_and_reminders(db: Db) {
    let scene = Scene::new(db).await;
    let (ground, officer) = (&scene.ground, &scene.officer);
    let before = scene.aware("before", 0).await;
    let unmade = Choice::unmade().unwrap();
    assert_eq!(reporting::choice(ground, officer).await.unwrap(), unmade);
    let choice = Choice {
        regimes: vec!["nis2".parse().unwrap(), "hipaa".parse().unwrap()],
        zone: "Europe/Dublin".parse().unwrap(),
        remind: vec![3, 12],
        authorities: vec!["National CSIRT".parse().unwrap()],
    };
    reporting::choose(ground, officer, choice).await.unwrap();
    let kept = reporting::choice(ground, officer).await.unwrap();
    assert_eq!(kept.remind, [12, 3]);
    let mut given = facts("A");
    given.victims = vec!["IE".parse().unwrap()];
    given.sectors = vec!["health".parse().unwrap()];
    let id = ops::create(ground, officer, given.clone())
        .await
        .unwrap()
        .public;
    let duties = |case: &incidents::model::Case| -> Vec<(String, String)> {
        let all = case.clocks.followed();
        all.map(|duty| (duty.regime.to_string(), duty.zone.to_string()))
            .collect()
    };
    let case = ops::view(ground, officer, id).await.unwrap();
    let nis2 = ("nis2".to_owned(), "Europe/Dublin".to_owned());
    assert_eq!(duties(&case), [nis2]);
    let old = ops::view(ground, officer, before).await.unwrap();
    assert_eq!(duties(&old), [], "what was there is left alone");
    // A regime that people dropped does not come back; one that begins to apply comes.
    let drop = ("nis2".parse().unwrap(), "too small".parse().unwrap());
    let at = ops::drop_duty(ground, officer, id, drop).await.unwrap();
    given.victims = vec!["IE".parse().unwrap(), "US".parse().unwrap()];
    ops::edit(ground, officer, id, at.version, given)
        .await
        .unwrap();
    let case = ops::view(ground, officer, id).await.unwrap();
    assert_eq!(
        duties(&case),
        [("hipaa".to_owned(), "Europe/Dublin".to_owned())]
    );
    // Reminders come when the party wants them.
    scene.follow(before, "isa").await;
    scene.after(13).await;
    assert_eq!(
        scene.told(never()).await,
        said("before isa report", Step::Before(12))
    );
    scene.after(7).await;
    assert_eq!(
        scene.told(never()).await,
        said("before isa report", Step::Before(12))
    );
    scene.after(1).await;
    assert_eq!(
        scene.told(never()).await,
        said("before isa report", Step::Before(3))
    );
}

async fn only_who_may_chooses(db: Db) {
    let scene = Scene::new(db).await;
    let unmade = || Choice::unmade().unwrap();
    for (role, may) in [
        (Role::PolicyOfficer, true),
        (Role::Analyst, false),
        (Role::Reporter, false),
        (Role::Admin, false),
    ] {
        let done = reporting::choose(&scene.ground, &user(9, role), unmade()).await;
        assert_eq!(done.is_ok(), may, "{role:?}");
    }
    let guest = reporting::choice(&scene.ground, &user(9, Role::Reporter)).await;
    assert!(matches!(guest, Err(Error::Refused(_))));
}
