//! The work on an entry, on both engines.

use access::ops::{self as access_ops, NewUser};
use audit::Ground;
use db::Db;
use incidents::{
    Error,
    model::{Facts, Invalid},
    ops,
    work::{LessonKind, TaskFacts, TaskState, mentioned, parsed, written},
};
use kernel::{IncidentRef, Language, Mode, Role, Timestamp, Tlp, Viewer, Who};

use crate::house::{facts, ground};

db::contract! {
    a_task_is_changed_by_whoever_looked_at_it_last,
    a_task_goes_to_users_who_may_see_the_incident,
    a_mention_waits_on_the_desk_of_whom_it_names,
    whoever_may_not_see_an_incident_finds_no_work_in_it,
    indicators_are_looked_at_and_kept_once,
    a_template_adds_its_tasks_once,
    an_edit_tells_what_stood_there_before,
    work_raises_no_version,
    what_a_guest_may_not_see_cuts_no_page_short,
    a_timeline_holds_thousands,
}

pub(crate) async fn person(ground: &Ground, name: &str, role: Role) -> Viewer {
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Real);
    let new = NewUser {
        name: name.parse().unwrap(),
        display: name.parse().unwrap(),
        roles: [role].into_iter().collect(),
        language: Language::En,
        password: None,
    };
    let (user, _code) = access_ops::create_user(ground, &node, new).await.unwrap();
    Viewer {
        who: Who::User {
            id: user.id,
            name: name.to_owned(),
        },
        roles: user.roles,
        ..node
    }
}

async fn entered(ground: &Ground, viewer: &Viewer, facts: Facts) -> IncidentRef {
    ops::create(ground, viewer, facts).await.unwrap().public
}

fn task(title: &str, assignee: Option<&str>) -> TaskFacts {
    TaskFacts {
        title: title.parse().unwrap(),
        detail: "".parse().unwrap(),
        assignee: assignee.map(str::to_owned),
        due: None,
        state: TaskState::Open,
    }
}

fn refused_field<T>(done: &Result<T, Error>) -> &'static str {
    match done {
        Err(Error::Invalid(Invalid { field, .. })) => field,
        Err(_) | Ok(_) => "no field",
    }
}

async fn a_task_is_changed_by_whoever_looked_at_it_last(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let id = entered(&ground, &amina, facts("A")).await;
    let at: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
    let first = TaskFacts {
        due: Some(at),
        ..task("Call the ward", None)
    };
    let (_, number) = ops::add_task(&ground, &amina, id, first).await.unwrap();
    assert_eq!(number, 1);
    ops::add_task(&ground, &amina, id, task("Later", None))
        .await
        .unwrap();
    let done = TaskFacts {
        state: TaskState::Done,
        ..task("Call the ward", Some("amina"))
    };
    ops::change_task(&ground, &amina, id, (1, 1), done.clone())
        .await
        .unwrap();
    let again = ops::change_task(&ground, &amina, id, (1, 1), done.clone()).await;
    assert!(matches!(
        again,
        Err(Error::TaskStale {
            given: 1,
            current: 2
        })
    ));
    let absent = ops::change_task(&ground, &amina, id, (9, 1), done).await;
    assert!(matches!(absent, Err(Error::NotFound)));
    let work = ops::work(&ground, &amina, id).await.unwrap();
    let told: Vec<_> = work
        .tasks
        .iter()
        .map(|task| (task.number, task.facts.state, task.version))
        .collect();
    // What is done stands behind what is open.
    assert_eq!(told, [(2, TaskState::Open, 1), (1, TaskState::Done, 2)]);
}

async fn a_task_goes_to_users_who_may_see_the_incident(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let omar = person(&ground, "omar", Role::DutyOfficer).await;
    person(&ground, "rita", Role::Reporter).await;
    let red = Facts {
        tlp: Tlp::Red,
        ..facts("A")
    };
    let id = entered(&ground, &amina, red).await;
    for name in ["omar", "rita", "nobody"] {
        let done = ops::add_task(&ground, &amina, id, task("x", Some(name))).await;
        assert_eq!(refused_field(&done), "assignee", "{name}");
    }
    let open = entered(&ground, &amina, facts("B")).await;
    let given = task("Ask the supplier", Some("omar"));
    ops::add_task(&ground, &amina, open, given).await.unwrap();
    let mine = ops::mine(&ground, &omar).await.unwrap();
    assert_eq!(mine.tasks.len(), 1);
    assert_eq!(mine.tasks[0].title, "Ask the supplier");
    // Once the label keeps him out, it waits for him no more.
    let current = ops::view(&ground, &amina, open).await.unwrap().incident;
    let closed = Facts {
        tlp: Tlp::Red,
        ..current.facts
    };
    ops::edit(&ground, &amina, open, current.version, closed)
        .await
        .unwrap();
    assert!(ops::mine(&ground, &omar).await.unwrap().tasks.is_empty());
}

async fn a_mention_waits_on_the_desk_of_whom_it_names(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let omar = person(&ground, "omar", Role::DutyOfficer).await;
    let id = entered(&ground, &amina, facts("A")).await;
    let note = |text: &str| written(text, "body").unwrap();
    assert_eq!(mentioned("@omar"), ["omar"]);
    let nobody = ops::add_note(&ground, &amina, id, note("@nobody look")).await;
    assert_eq!(refused_field(&nobody), "body");
    ops::add_note(&ground, &amina, id, note("@omar please look, @omar"))
        .await
        .unwrap();
    ops::watch(&ground, &omar, id, true).await.unwrap();
    let mine = ops::mine(&ground, &omar).await.unwrap();
    assert_eq!(mine.mentions.len(), 1);
    assert_eq!(mine.mentions[0].by, "user:amina");
    assert_eq!(mine.watched.len(), 1);
    let work = ops::work(&ground, &omar, id).await.unwrap();
    assert_eq!((work.unseen, work.watchers, work.watched), (1, 1, true));
    assert_eq!(work.notes.len(), 1);
    ops::see_mentions(&ground, &omar, id).await.unwrap();
    ops::watch(&ground, &omar, id, false).await.unwrap();
    let mine = ops::mine(&ground, &omar).await.unwrap();
    assert!(mine.mentions.is_empty() && mine.watched.is_empty());
    assert!(
        ops::mine(&ground, &amina)
            .await
            .unwrap()
            .mentions
            .is_empty()
    );
}

async fn whoever_may_not_see_an_incident_finds_no_work_in_it(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let omar = person(&ground, "omar", Role::DutyOfficer).await;
    let rita = person(&ground, "rita", Role::Reporter).await;
    let dora = person(&ground, "dora", Role::Diplomat).await;
    let red = Facts {
        tlp: Tlp::Red,
        ..facts("A")
    };
    let hidden = entered(&ground, &amina, red).await;
    for id in [hidden, IncidentRef::random(&*ground.rng)] {
        let looked = ops::work(&ground, &omar, id).await;
        assert!(matches!(looked, Err(Error::NotFound)));
        let added = ops::add_task(&ground, &omar, id, task("x", None)).await;
        assert!(matches!(added, Err(Error::NotFound)));
        let watched = ops::watch(&ground, &omar, id, true).await;
        assert!(matches!(watched, Err(Error::NotFound)));
        let changed = ops::changes(&ground, &omar, id).await;
        assert!(matches!(changed, Err(Error::NotFound)));
    }
    // A reporter reads the incident and not how it is worked on; a diplomat reads and does not write.
    let open = entered(&ground, &amina, facts("B")).await;
    let looked = ops::work(&ground, &rita, open).await;
    assert!(matches!(looked, Err(Error::Refused(refused)) if !refused.hidden));
    assert!(ops::work(&ground, &dora, open).await.is_ok());
    let added = ops::add_task(&ground, &dora, open, task("x", None)).await;
    assert!(matches!(added, Err(Error::Refused(_))));
}

async fn indicators_are_looked_at_and_kept_once(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let id = entered(&ground, &amina, facts("A")).await;
    let text = "C2 at hxxp://evil[.]example/x and 198.51.100[.]7, again 198.51.100.7";
    let found = ops::find_indicators(&ground, &amina, id, text)
        .await
        .unwrap();
    let told: Vec<String> = found.iter().map(|one| one.value.to_string()).collect();
    assert_eq!(told, ["198.51.100.7", "http://evil.example/x"]);
    assert_eq!(ops::work(&ground, &amina, id).await.unwrap().indicators, 0);
    let first = found.into_iter().map(|one| one.value).take(1).collect();
    ops::keep_indicators(&ground, &amina, id, first)
        .await
        .unwrap();
    let rest = ops::find_indicators(&ground, &amina, id, text)
        .await
        .unwrap();
    assert_eq!(rest.len(), 1, "what is kept is not offered again");
    let many = (0..2_000)
        .map(|n| parsed("domain", &format!("h{n}.evil.example")).unwrap())
        .chain([parsed("ipv4", "198.51.100.7").unwrap()]);
    ops::keep_indicators(&ground, &amina, id, many.collect())
        .await
        .unwrap();
    let (page, next) = ops::indicators(&ground, &amina, id, (0, 200))
        .await
        .unwrap();
    assert_eq!((page.len(), next), (200, Some(200)));
    let (page, next) = ops::indicators(&ground, &amina, id, (1_900, 200))
        .await
        .unwrap();
    assert_eq!((page.len(), next), (101, None));
    assert_eq!(page[100].value.to_string(), "h1999.evil.example");
}

async fn a_template_adds_its_tasks_once(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let id = entered(&ground, &amina, facts("A")).await;
    let unknown = ops::apply_template(&ground, &amina, id, ("none", Language::En)).await;
    assert_eq!(refused_field(&unknown), "template");
    for language in [Language::Zh, Language::En] {
        ops::apply_template(&ground, &amina, id, ("ddos", language))
            .await
            .unwrap();
    }
    let work = ops::work(&ground, &amina, id).await.unwrap();
    assert_eq!(work.applied.len(), 1);
    assert_eq!(work.tasks.len(), work.applied[0].template.tasks.len());
    // The earliest due stands first, in the language in which it was applied.
    assert_eq!(
        work.tasks[0].facts.title.as_str(),
        work.applied[0].template.tasks[0].title.zh
    );
}

async fn an_edit_tells_what_stood_there_before(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let id = entered(&ground, &amina, facts("A")).await;
    let changed = Facts {
        victims: vec!["IE".parse().unwrap(), "CR".parse().unwrap()],
        ..facts("B")
    };
    ops::edit(&ground, &amina, id, 1, changed).await.unwrap();
    let told = ops::changes(&ground, &amina, id).await.unwrap();
    let told: Vec<_> = told
        .iter()
        .map(|one| (one.version, &*one.field, &*one.before, &*one.after))
        .collect();
    assert_eq!(told, [(2, "title", "A", "B"), (2, "victims", "", "CR, IE")]);
}

async fn work_raises_no_version(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let id = entered(&ground, &amina, facts("A")).await;
    ops::add_task(&ground, &amina, id, task("x", None))
        .await
        .unwrap();
    let text = written("We had no offline copy.", "body").unwrap();
    let kept = ops::add_lesson(&ground, &amina, id, (LessonKind::Failed, text))
        .await
        .unwrap();
    assert_eq!(kept.version, 1);
    let edited = ops::edit(&ground, &amina, id, 1, facts("B")).await.unwrap();
    assert_eq!(edited.version, 2);
    let page = ops::history(&ground, &amina, id, kernel::PageRequest::default())
        .await
        .unwrap();
    let codes: Vec<&str> = page.items.iter().map(|act| act.code.as_str()).collect();
    assert_eq!(
        codes,
        [
            "incident.edited",
            "incident.lesson_added",
            "incident.task_added",
            "incident.created"
        ]
    );
    // A reporter reads the incident, and not what work there is on it.
    let rita = person(&ground, "rita", Role::Reporter).await;
    let page = ops::history(&ground, &rita, id, kernel::PageRequest::default())
        .await
        .unwrap();
    let codes: Vec<&str> = page.items.iter().map(|act| act.code.as_str()).collect();
    assert_eq!(codes, ["incident.edited", "incident.created"]);
}

/// The acts on an incident as a viewer gets them, in pages of two.
async fn in_twos(ground: &Ground, viewer: &Viewer, id: IncidentRef) -> Vec<Vec<String>> {
    let limit = kernel::Limit::new(2).unwrap();
    let mut request = kernel::PageRequest { after: None, limit };
    let mut pages = Vec::new();
    loop {
        let page = ops::history(ground, viewer, id, request).await.unwrap();
        pages.push(page.items.into_iter().map(|act| act.code).collect());
        request.after = page.next;
        if request.after.is_none() {
            return pages;
        }
    }
}

async fn what_a_guest_may_not_see_cuts_no_page_short(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let rita = person(&ground, "rita", Role::Reporter).await;
    let id = entered(&ground, &amina, facts("A")).await;
    for version in 1..=3 {
        for title in ["x", "y"] {
            ops::add_task(&ground, &amina, id, task(title, None))
                .await
                .unwrap();
        }
        let changed = facts(&format!("B{version}"));
        ops::edit(&ground, &amina, id, version, changed)
            .await
            .unwrap();
    }
    let (task, edit, first) = ("incident.task_added", "incident.edited", "incident.created");
    assert_eq!(
        in_twos(&ground, &amina, id).await,
        [
            vec![edit, task],
            vec![task, edit],
            vec![task, task],
            vec![edit, task],
            vec![task, first]
        ]
    );
    assert_eq!(
        in_twos(&ground, &rita, id).await,
        [[edit, edit], [edit, first]]
    );
}

async fn a_timeline_holds_thousands(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let id = entered(&ground, &amina, facts("A")).await;
    let entry = incidents::model::TimelineEntry {
        at: "2026-11-20".parse().unwrap(),
        what: "Something".parse().unwrap(),
        source: None,
    };
    for _ in 0..1_050 {
        ops::add_timeline(&ground, &amina, id, &entry)
            .await
            .unwrap();
    }
    let case = ops::view(&ground, &amina, id).await.unwrap();
    assert_eq!(case.timeline.len(), 1_050);
}
