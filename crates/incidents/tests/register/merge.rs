//! Merging entries and taking it back, on both engines.

use audit::Ground;
use db::Db;
use incidents::{
    Error,
    merge::{
        model::Order,
        ops::{merge, merges, preview, unmerge},
    },
    model::{Case, Facts, Line, Link, TimelineEntry},
    ops,
    state::Stage,
    work::{TaskFacts, TaskState, Work, parsed, written},
};
use kernel::{IncidentRef, Rng, Role, SeededRng, Tlp, Viewer};

use crate::house::{facts, ground, user, user_id};

db::contract! {
    what_goes_over_is_all_there_and_comes_back_as_it_was,
    whoever_may_not_see_both_merges_nothing,
    a_merged_entry_is_read_and_takes_nothing_more,
    two_who_differ_choose_and_a_change_meanwhile_is_told,
    merges_are_taken_back_last_first,
}

pub(crate) fn line(text: &str) -> Line<500> {
    text.parse().unwrap()
}

pub(crate) async fn entered(ground: &Ground, viewer: &Viewer, facts: Facts) -> IncidentRef {
    ops::create(ground, viewer, facts).await.unwrap().public
}

async fn order(ground: &Ground, viewer: &Viewer, into: IncidentRef, from: IncidentRef) -> Order {
    let seen = preview(ground, viewer, into, from).await.unwrap();
    Order {
        from: (from, seen.from.version),
        version: seen.into.version,
        take: Vec::new(),
        reason: line("the same attack"),
    }
}

pub(crate) async fn merged(ground: &Ground, viewer: &Viewer, into: IncidentRef, from: IncidentRef) {
    let order = order(ground, viewer, into, from).await;
    merge(ground, viewer, into, &order).await.unwrap();
}

pub(crate) fn event(text: &str) -> TimelineEntry {
    TimelineEntry {
        at: "2026-11-20".parse().unwrap(),
        what: text.parse().unwrap(),
        source: None,
    }
}

/// So many parts of each of some kinds.
pub(crate) async fn fill(
    ground: &Ground,
    viewer: &Viewer,
    id: IncidentRef,
    name: &str,
    counts: [u8; 4],
) {
    let [events, tasks, notes, values] = counts;
    for n in 0..events {
        ops::add_timeline(ground, viewer, id, &event(&format!("{name} {n}")))
            .await
            .unwrap();
    }
    for n in 0..tasks {
        let task = TaskFacts {
            title: format!("{name} {n}").parse().unwrap(),
            detail: "".parse().unwrap(),
            assignee: None,
            due: None,
            state: TaskState::Open,
        };
        ops::add_task(ground, viewer, id, task).await.unwrap();
    }
    for n in 0..notes {
        let note = written(&format!("{name} {n}"), "body").unwrap();
        ops::add_note(ground, viewer, id, note).await.unwrap();
    }
    for n in 0..values {
        let value = parsed("domain", &format!("n{n}.{name}.example")).unwrap();
        ops::keep_indicators(ground, viewer, id, vec![value])
            .await
            .unwrap();
        let link = Link {
            kind: "url".parse().unwrap(),
            target: format!("https://{name}.example/{n}").parse().unwrap(),
            label: "page".parse().unwrap(),
        };
        ops::link(ground, viewer, id, &link).await.unwrap();
    }
}

/// The parts of an entry, without what numbers them.
#[derive(Debug, Eq, PartialEq)]
struct Parts {
    events: Vec<String>,
    tasks: Vec<String>,
    notes: Vec<String>,
    indicators: Vec<String>,
    links: Vec<String>,
}

async fn parts(ground: &Ground, viewer: &Viewer, id: IncidentRef) -> Parts {
    let case: Case = ops::view(ground, viewer, id).await.unwrap();
    let work: Work = ops::work(ground, viewer, id).await.unwrap();
    let (found, _) = ops::indicators(ground, viewer, id, (0, 1_000))
        .await
        .unwrap();
    let sorted = |mut all: Vec<String>| {
        all.sort();
        all
    };
    Parts {
        events: sorted(
            case.timeline
                .iter()
                .map(|one| one.what.to_string())
                .collect(),
        ),
        tasks: sorted(
            work.tasks
                .iter()
                .map(|one| one.facts.title.to_string())
                .collect(),
        ),
        notes: sorted(work.notes.iter().map(|one| one.body.to_string()).collect()),
        indicators: sorted(found.iter().map(|one| one.value.to_string()).collect()),
        links: sorted(
            case.links
                .iter()
                .map(|one| one.target.to_string())
                .collect(),
        ),
    }
}

impl Parts {
    fn with(mut self, other: Self) -> Self {
        let pairs = [
            (&mut self.events, other.events),
            (&mut self.tasks, other.tasks),
            (&mut self.notes, other.notes),
            (&mut self.indicators, other.indicators),
            (&mut self.links, other.links),
        ];
        for (mine, theirs) in pairs {
            mine.extend(theirs);
            mine.sort();
        }
        self
    }
}

/// The multiset of parts is conserved whatever the shapes: over draws of how many parts each side has,
/// by merging, by adding afterwards, and by taking the merge back.
async fn what_goes_over_is_all_there_and_comes_back_as_it_was(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let rng = SeededRng::new(53);
    for round in 0..8 {
        let mut drawn = [0_u8; 12];
        rng.fill(&mut drawn);
        let shape = |at: usize| std::array::from_fn(|n| drawn[at + n] % 4);
        let one = entered(&ground, &amina, facts("A")).await;
        let other = entered(&ground, &amina, facts("B")).await;
        fill(&ground, &amina, one, &format!("a{round}"), shape(0)).await;
        fill(&ground, &amina, other, &format!("b{round}"), shape(4)).await;
        // A link that both have stays with each.
        let both = Link {
            kind: "url".parse().unwrap(),
            target: "https://both.example/".parse().unwrap(),
            label: "both".parse().unwrap(),
        };
        ops::link(&ground, &amina, one, &both).await.unwrap();
        ops::link(&ground, &amina, other, &both).await.unwrap();
        let before = (
            parts(&ground, &amina, one).await,
            parts(&ground, &amina, other).await,
        );
        merged(&ground, &amina, one, other).await;
        let (here, there) = (
            parts(&ground, &amina, one).await,
            parts(&ground, &amina, other).await,
        );
        assert_eq!(there.links, ["https://both.example/"]);
        assert!(there.events.is_empty() && there.tasks.is_empty() && there.notes.is_empty());
        let fresh = || async {
            (
                parts(&ground, &amina, one).await,
                parts(&ground, &amina, other).await,
            )
        };
        let all = before.0.with(before.1);
        assert_eq!(here.with(there), all);
        // What is added meanwhile stays where it was added, under numbers that nobody else has.
        fill(&ground, &amina, one, &format!("c{round}"), shape(8)).await;
        unmerge(&ground, &amina, other, &line("two after all"))
            .await
            .unwrap();
        let (here, there) = fresh().await;
        let own = |name: char, all: &[String]| {
            all.iter()
                .all(|one| one.contains(name) || one.contains("both"))
        };
        for texts in [&there.events, &there.tasks, &there.notes] {
            assert!(own('b', texts), "{there:?}");
        }
        let [events, tasks, notes, values]: [u8; 4] = shape(0);
        let [more_events, more_tasks, more_notes, more_values]: [u8; 4] = shape(8);
        assert_eq!(here.events.len(), usize::from(events + more_events));
        assert_eq!(here.tasks.len(), usize::from(tasks + more_tasks));
        assert_eq!(here.notes.len(), usize::from(notes + more_notes));
        assert_eq!(here.indicators.len(), usize::from(values + more_values));
        assert_eq!(here.links.len(), usize::from(values + more_values + 1));
        let [events, tasks, notes, values]: [u8; 4] = shape(4);
        let counted = [&there.events, &there.tasks, &there.notes, &there.indicators];
        let counted = counted.map(|all| u8::try_from(all.len()).unwrap());
        assert_eq!(counted, [events, tasks, notes, values]);
        // Numbers go on without gaps: the next of each kind finds its place.
        fill(&ground, &amina, one, &format!("d{round}"), [1; 4]).await;
        fill(&ground, &amina, other, &format!("e{round}"), [1; 4]).await;
    }
}

async fn whoever_may_not_see_both_merges_nothing(db: Db) {
    let ground = ground(db).await;
    let (amina, boris) = (user(1, Role::Analyst), user(2, Role::Analyst));
    let red = Facts {
        tlp: Tlp::Red,
        named: vec![user_id(2)],
        ..facts("red")
    };
    let hidden = entered(&ground, &boris, red).await;
    let open = entered(&ground, &amina, facts("open")).await;
    let refused = preview(&ground, &amina, open, hidden).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    let refused = preview(&ground, &amina, hidden, open).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    // He sees both; but others would see what they do not see now.
    let refused = preview(&ground, &boris, open, hidden).await;
    assert_eq!(
        refused.err().unwrap().code(),
        "incident.merge_other_readers"
    );
    let itself = preview(&ground, &amina, open, open).await;
    assert_eq!(itself.err().unwrap().code(), "incident.merge_itself");
    let diplomat = user(3, Role::Diplomat);
    let second = entered(&ground, &amina, facts("second")).await;
    let refused = preview(&ground, &diplomat, open, second).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}

async fn a_merged_entry_is_read_and_takes_nothing_more(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let one = entered(&ground, &amina, facts("A")).await;
    let other = entered(&ground, &amina, facts("B")).await;
    merged(&ground, &amina, one, other).await;
    let case = ops::view(&ground, &amina, other).await.unwrap();
    assert_eq!(case.incident.status.stage(), Stage::Closed);
    let told = merges(&ground, &amina, other).await.unwrap();
    assert_eq!(told.into.unwrap().other, one);
    let told = merges(&ground, &amina, one).await.unwrap();
    assert_eq!(told.from[0].other, other);
    assert_eq!(told.from[0].reason, "the same attack");
    let refused = ops::add_timeline(&ground, &amina, other, &event("late")).await;
    assert!(matches!(refused, Err(Error::Merged)));
    let refused = preview(&ground, &amina, other, one).await;
    assert!(matches!(refused, Err(Error::Merged)));
    unmerge(&ground, &amina, other, &line("no")).await.unwrap();
    let case = ops::view(&ground, &amina, other).await.unwrap();
    assert_eq!(case.incident.status.stage(), Stage::Open);
    let again = unmerge(&ground, &amina, other, &line("no")).await;
    assert_eq!(again.err().unwrap().code(), "incident.not_merged");
    let history = ops::changes(&ground, &amina, other).await.unwrap();
    assert!(history.iter().any(|one| one.after.contains("no")));
}

async fn two_who_differ_choose_and_a_change_meanwhile_is_told(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let one = entered(&ground, &amina, facts("A")).await;
    let other = Facts {
        organisation: Some("Clinic".parse().unwrap()),
        ..facts("B")
    };
    let other = entered(&ground, &amina, other).await;
    let seen = preview(&ground, &amina, one, other).await.unwrap();
    let told: Vec<_> = seen
        .differences
        .iter()
        .map(|one| (one.field.as_str(), one.here.as_str(), one.there.as_str()))
        .collect();
    assert_eq!(told, [("organisation", "", "Clinic"), ("title", "A", "B")]);
    let order = order(&ground, &amina, one, other).await;
    let wrong = Order {
        take: vec!["kind".to_owned()],
        ..order.clone()
    };
    let refused = merge(&ground, &amina, one, &wrong).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    // Somebody else changed the other one since.
    ops::add_timeline(&ground, &amina, other, &event("new"))
        .await
        .unwrap();
    let stale = merge(&ground, &amina, one, &order).await;
    assert!(matches!(
        stale,
        Err(Error::Stale {
            given: 1,
            current: 2
        })
    ));
    let order = Order {
        take: vec!["organisation".to_owned()],
        from: (other, 2),
        ..order
    };
    let done = merge(&ground, &amina, one, &order).await.unwrap();
    assert_eq!(done.facts.title.as_str(), "A");
    assert_eq!(done.facts.organisation.unwrap().as_str(), "Clinic");
    unmerge(&ground, &amina, other, &line("no")).await.unwrap();
    let case = ops::view(&ground, &amina, one).await.unwrap();
    assert_eq!(case.incident.facts.organisation, None);
    assert!(case.timeline.is_empty());
}

async fn merges_are_taken_back_last_first(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let mut ids = Vec::new();
    for name in ["A", "B", "C"] {
        let id = entered(&ground, &amina, facts(name)).await;
        fill(&ground, &amina, id, &name.to_lowercase(), [2; 4]).await;
        ids.push(id);
    }
    merged(&ground, &amina, ids[0], ids[1]).await;
    merged(&ground, &amina, ids[0], ids[2]).await;
    let early = unmerge(&ground, &amina, ids[1], &line("no")).await;
    assert_eq!(early.err().unwrap().code(), "incident.merge_not_last");
    for (id, name) in [(ids[2], "c"), (ids[1], "b")] {
        unmerge(&ground, &amina, id, &line("no")).await.unwrap();
        let own = parts(&ground, &amina, id).await;
        assert_eq!(own.events, [format!("{name} 0"), format!("{name} 1")]);
        assert_eq!(own.tasks.len(), 2);
    }
    assert_eq!(parts(&ground, &amina, ids[0]).await.events, ["a 0", "a 1"]);
}
