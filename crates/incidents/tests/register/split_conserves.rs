//! Whatever is split and merged, in whatever order: each part stands in one entry, as it was.

use db::{Db, Engine};
use incidents::{
    evidence::ops as evidence,
    merge::ops::unmerge,
    ops,
    split::{model::Name, ops::parts},
    wire::{HarmBody, StatementBody},
};
use kernel::IncidentRef;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::json;
use tokio::{runtime::Handle, task::block_in_place};

use crate::{
    evidence::{Scene, scene},
    house::facts,
    merge::{entered, fill, line, merged},
    split::split_off,
};

db::contract! { every_part_is_in_one_entry_as_it_was }

/// What is done, to the entries that stand.
#[derive(Clone, Debug)]
enum Step {
    /// To the entry of that number, those whose bit is set go to a new one.
    Split(usize, u64),
    /// One goes into another.
    Merge(usize, usize),
    /// The merge of that number is taken back, where it can be.
    Unmerge(usize),
    /// Something is added to the entry of that number.
    Add(usize),
}

#[derive(Clone, Debug)]
struct Plan {
    /// Events, tasks, notes, indicators with links.
    counts: [u8; 4],
    statements: u8,
    items: u8,
    /// For each figure, the earlier one that it would correct.
    figures: Vec<Option<u8>>,
    steps: Vec<Step>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let step = prop_oneof![
        3 => (0_usize..8, any::<u64>()).prop_map(|(of, bits)| Step::Split(of, bits)),
        2 => (0_usize..8, 0_usize..8).prop_map(|(one, other)| Step::Merge(one, other)),
        1 => (0_usize..8).prop_map(Step::Unmerge),
        1 => (0_usize..8).prop_map(Step::Add),
    ];
    let figures = prop::collection::vec(prop::option::of(0_u8..6), 0..6);
    let steps = prop::collection::vec(step, 1..7);
    (
        prop::array::uniform4(0_u8..4),
        0_u8..3,
        0_u8..3,
        figures,
        steps,
    )
        .prop_map(|(counts, statements, items, figures, steps)| Plan {
            counts,
            statements,
            items,
            figures,
            steps,
        })
}

async fn every_part_is_in_one_entry_as_it_was(db: Db) {
    let cases = match db.engine() {
        Engine::Sqlite => 12,
        Engine::Postgres => 6,
    };
    let mut scene = scene(db).await;
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 64,
        ..Config::default()
    };
    let handle = Handle::current();
    block_in_place(|| {
        let mut runner = TestRunner::new(config);
        let held = std::cell::RefCell::new(&mut scene);
        let checked = runner.run(&plan(), |plan| {
            handle.block_on(check(&mut held.borrow_mut(), &plan));
            Ok(())
        });
        checked.unwrap();
    });
}

/// Each part of an entry as a text, what it corrects by what that says.
async fn told(scene: &Scene, id: IncidentRef) -> Vec<String> {
    let (ground, amina) = (&scene.locker.ground, &scene.amina);
    let case = ops::view(ground, amina, id).await.unwrap();
    let work = ops::work(ground, amina, id).await.unwrap();
    let (kept, _) = ops::indicators(ground, amina, id, (0, 10_000))
        .await
        .unwrap();
    let items = evidence::list(&scene.locker, amina, id).await.unwrap();
    let mut all = Vec::new();
    all.extend(case.timeline.iter().map(|one| format!("{one:?}")));
    for figure in &case.harm {
        let corrects = figure.detail.corrects.as_ref();
        let of = corrects.map(|one| {
            let number = usize::try_from(one.number).unwrap();
            case.harm[number].what.to_string()
        });
        let mut figure = figure.clone();
        figure.detail.corrects = None;
        all.push(format!("{figure:?} {of:?}"));
    }
    all.extend(case.statements.iter().map(|one| format!("{one:?}")));
    all.extend(case.links.iter().map(|one| format!("{one:?}")));
    for task in &work.tasks {
        let (facts, version) = (&task.facts, task.version);
        let hands = (&task.made, &task.changed);
        all.push(format!("{facts:?} {version} {hands:?}"));
    }
    let notes = work.notes.iter();
    all.extend(notes.map(|one| format!("{:?} {:?}", one.body, one.written)));
    all.extend(
        kept.iter()
            .map(|one| format!("{} {:?}", one.value, one.added)),
    );
    for item in &items {
        let (_, lines) = evidence::view(&scene.locker, amina, (id, item.id))
            .await
            .unwrap();
        let put = (
            &item.facts,
            item.sha256,
            &item.put_by,
            item.put_at,
            lines.first().cloned(),
        );
        all.push(format!("{:?} {put:?}", item.id));
    }
    // Numbers are each there once.
    let (_, names) = parts(ground, amina, id).await.unwrap();
    let mut names: Vec<&Name> = names.iter().map(|one| &one.name).collect();
    let there = names.len();
    names.sort();
    names.dedup();
    assert_eq!((names.len(), all.len()), (there, there));
    all
}

async fn all_told(scene: &Scene, entries: &[IncidentRef]) -> Vec<String> {
    let mut all = Vec::new();
    for id in entries {
        all.extend(told(scene, *id).await);
    }
    all.sort();
    all
}

async fn begun(scene: &mut Scene, plan: &Plan) -> IncidentRef {
    let amina = scene.amina.clone();
    let root = entered(&scene.locker.ground, &amina, facts("root")).await;
    scene.id = root;
    for n in 0..plan.items {
        scene.put(format!("bytes {n}").as_bytes()).await;
    }
    let ground = &scene.locker.ground;
    fill(ground, &amina, root, "a", plan.counts).await;
    for n in 0..plan.statements {
        let body = json!({ "kind": "account", "by": "Aldoria", "says": format!("said {n}") });
        let body: StatementBody = serde_json::from_value(body).unwrap();
        let said = body.try_into().unwrap();
        ops::add_statement(ground, &amina, root, &said)
            .await
            .unwrap();
    }
    for (number, corrects) in plan.figures.iter().enumerate() {
        let mut body = json!({ "what": format!("figure {number}"), "bound": "exact",
            "value": number.to_string(), "unit": "patient", "grade": "B" });
        if let Some(other) = corrects.filter(|other| usize::from(*other) < number) {
            body["corrects"] = other.into();
            body["correction"] = "counted anew".into();
        }
        let body: HarmBody = serde_json::from_value(body).unwrap();
        let figure = body.try_into().unwrap();
        // What was corrected already is not corrected again.
        let _refused = ops::add_harm(ground, &amina, root, &figure).await;
    }
    root
}

async fn check(scene: &mut Scene, plan: &Plan) {
    let root = begun(scene, plan).await;
    let amina = scene.amina.clone();
    let ground = scene.locker.ground.clone();
    let mut entries = vec![root];
    let mut gone: Vec<IncidentRef> = Vec::new();
    let mut before = all_told(scene, &entries).await;
    for (number, step) in plan.steps.iter().enumerate() {
        match step {
            Step::Split(of, bits) => {
                let of = entries[of % entries.len()];
                let (_, all) = parts(&ground, &amina, of).await.unwrap();
                let chosen = all.iter().enumerate();
                let chosen = chosen.filter(|(at, _)| (bits >> (at % 64)) & 1 == 1);
                let chosen: Vec<Name> = chosen.map(|(_, one)| one.name.clone()).collect();
                if !chosen.is_empty() {
                    entries.push(split_off(&ground, &amina, of, chosen).await);
                }
            }
            Step::Merge(one, other) => {
                let (one, other) = (one % entries.len(), other % entries.len());
                // The first stays, so that something does.
                if one != other && other != 0 {
                    merged(&ground, &amina, entries[one], entries[other]).await;
                    gone.push(entries.remove(other));
                }
            }
            Step::Unmerge(of) if !gone.is_empty() => {
                let of = of % gone.len();
                if unmerge(&ground, &amina, gone[of], &line("no"))
                    .await
                    .is_ok()
                {
                    entries.push(gone.remove(of));
                }
            }
            Step::Unmerge(_) => {}
            Step::Add(of) => {
                let of = entries[of % entries.len()];
                fill(&ground, &amina, of, &format!("s{number}"), [1; 4]).await;
                before = all_told(scene, &entries).await;
            }
        }
        assert_eq!(all_told(scene, &entries).await, before, "after {step:?}");
    }
    // What went out is brought back, and all of it stands where it stood.
    for other in entries.split_off(1) {
        merged(&ground, &amina, root, other).await;
    }
    assert_eq!(all_told(scene, &entries).await, before);
}
