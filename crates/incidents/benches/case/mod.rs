//! Figures of one large case: 5,000 entries in its timeline, 2,000 indicators, 200 tasks and notes, on
//! both engines.
//!
//! What the page of a case asks for, in three operations: the case with its parts, the work on it, and
//! a page of its indicators. The figure is the 99th percentile of a hundred times.
use std::time::Instant;

use audit::Ground;
use db::{Engine, query};
use incidents::{
    model::{Determination, Facts, Kind, Period, TimelineEntry},
    ops,
    work::{TaskFacts, TaskState, parsed, written},
};
use kernel::{IncidentRef, Tlp, Viewer};

use super::{figure, name_of, open};

const EVENTS: i64 = 5_000;
const INDICATORS: usize = 2_000;
const WORK: usize = 200;
const CALLS: usize = 100;
const BAR_MS: f64 = 100.0;

pub(super) async fn measure(engine: Engine) {
    let (scratch, ground, viewer) = open(engine).await;
    let id = fill(&ground, &viewer).await;
    scratch.settle().await;
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let begun = Instant::now();
        let case = ops::view(&ground, &viewer, id).await.expect("a case");
        let work = ops::work(&ground, &viewer, id).await.expect("its work");
        let (page, _next) = ops::indicators(&ground, &viewer, id, (0, 200))
            .await
            .expect("its indicators");
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        assert_eq!(i64::try_from(case.timeline.len()), Ok(EVENTS));
        assert_eq!((work.tasks.len(), page.len()), (WORK, 200));
    }
    times.sort_by(f64::total_cmp);
    let value = times.iter().rev().nth(CALLS / 100).copied().expect("times");
    let on = name_of(engine);
    let name = format!("case with 5,000 timeline entries and 2,000 indicators, {on}");
    figure(&name, value, BAR_MS);
    scratch.remove().await;
}

/// Makes the case. The first entry of its timeline is made by the operation, and copied in SQL.
async fn fill(ground: &Ground, viewer: &Viewer) -> IncidentRef {
    const SQL: &str = "INSERT INTO incident_timeline (incident, ordinal, at, fidelity, what, source) \
                       WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL \
                       SELECT i + 1 FROM n WHERE i + 1 < $1) \
                       SELECT t.incident, n.i, t.at + n.i * 60000000, t.fidelity, t.what, t.source \
                       FROM incident_timeline t CROSS JOIN n WHERE t.ordinal = 0";
    let created = ops::create(ground, viewer, facts()).await.expect("a case");
    let id = created.public;
    let entry = TimelineEntry {
        at: "2026-11-19T04:10Z".parse().expect("a date"),
        what: "The night shift found patient records encrypted in one more department"
            .parse()
            .expect("a line"),
        source: "Report of the hospital network".parse().ok(),
    };
    ops::add_timeline(ground, viewer, id, &entry)
        .await
        .expect("an entry");
    let mut tx = ground.db.begin().await.expect("a transaction");
    query(SQL)
        .bind(EVENTS)
        .execute(&mut tx)
        .await
        .expect("copies");
    tx.commit().await.expect("a commit");
    let values = (0..INDICATORS)
        .map(|n| parsed("domain", &format!("h{n}.evil.example")).expect("a value"))
        .collect();
    ops::keep_indicators(ground, viewer, id, values)
        .await
        .expect("indicators");
    for n in 0..WORK {
        let task = TaskFacts {
            title: format!("Task {n}").parse().expect("a line"),
            detail: "".parse().expect("a text"),
            assignee: None,
            due: None,
            state: TaskState::Open,
        };
        ops::add_task(ground, viewer, id, task)
            .await
            .expect("a task");
        let note = written("What colleagues should know.", "body").expect("a text");
        ops::add_note(ground, viewer, id, note)
            .await
            .expect("a note");
    }
    id
}

fn facts() -> Facts {
    Facts {
        kind: Kind::Incident,
        title: "Ransomware at the northern hospitals"
            .parse()
            .expect("a line"),
        description: "".parse().expect("a text"),
        victims: Vec::new(),
        worldwide: false,
        organisation: None,
        sectors: Vec::new(),
        sector_text: None,
        rsit: None,
        period: Period::default(),
        detected: None,
        reported: None,
        determination: Determination::Confirmed,
        tlp: Tlp::Amber,
        pap: None,
        named: Vec::new(),
        cross_border: None,
    }
}
