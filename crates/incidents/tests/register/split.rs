//! Splitting entries and taking it back, on both engines.

use audit::Ground;
use db::Db;
use incidents::{
    Error,
    evidence::ops as evidence,
    hold::ops::place,
    merge::ops::unmerge,
    model::{Facts, Link},
    ops,
    severity::{Factor, Opinion, Points, Proposal},
    split::{
        model::{Name, Order, PartKind},
        ops::{parts, preview, split, splits},
    },
};
use kernel::{IncidentRef, Role, Tlp, Viewer};
use serde_json::json;

use crate::{
    evidence::{scene, why},
    house::{facts, ground, user, user_id},
    merge::{entered, event, fill, line, merged},
    work::person,
};

db::contract! {
    what_is_chosen_goes_and_a_merge_brings_it_back,
    what_corrects_a_figure_goes_along,
    evidence_goes_with_its_custody_and_its_hold,
    a_mention_goes_with_its_note,
    what_came_by_a_merge_still_goes_back,
    what_is_added_later_is_not_taken_for_what_came,
    what_cannot_go_is_refused_with_a_reason,
    whoever_may_not_change_it_splits_nothing,
}

pub(crate) fn named(kind: PartKind, part: &str) -> Name {
    (kind, part.to_string())
}

pub(crate) async fn order(
    ground: &Ground,
    viewer: &Viewer,
    of: IncidentRef,
    wanted: Vec<Name>,
) -> Order {
    let (incident, _) = parts(ground, viewer, of).await.unwrap();
    Order {
        version: incident.version,
        title: "Split off".parse().unwrap(),
        reason: line("another attack"),
        parts: wanted,
    }
}

pub(crate) async fn split_off(
    ground: &Ground,
    viewer: &Viewer,
    of: IncidentRef,
    wanted: Vec<Name>,
) -> IncidentRef {
    let order = order(ground, viewer, of, wanted).await;
    split(ground, viewer, of, &order).await.unwrap().0.public
}

async fn texts(ground: &Ground, viewer: &Viewer, of: IncidentRef) -> Vec<(Name, String)> {
    let (_, all) = parts(ground, viewer, of).await.unwrap();
    all.into_iter().map(|one| (one.name, one.text)).collect()
}

async fn what_is_chosen_goes_and_a_merge_brings_it_back(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let secret = Facts {
        tlp: Tlp::Red,
        named: vec![user_id(1), user_id(2)],
        organisation: Some("Clinic".parse().unwrap()),
        ..facts("A")
    };
    let one = entered(&ground, &amina, secret).await;
    fill(&ground, &amina, one, "a", [3, 3, 2, 2]).await;
    let wanted = vec![
        named(PartKind::Timeline, "0"),
        named(PartKind::Timeline, "2"),
        named(PartKind::Tasks, "2"),
        named(PartKind::Notes, "0"),
        named(PartKind::Indicators, "1"),
        named(PartKind::Links, "url https://a.example/1"),
    ];
    let new = split_off(&ground, &amina, one, wanted).await;
    let case = ops::view(&ground, &amina, new).await.unwrap();
    let facts = &case.incident.facts;
    assert_eq!((facts.tlp, facts.named.len()), (Tlp::Red, 2));
    assert_eq!(facts.organisation.as_ref().unwrap().as_str(), "Clinic");
    let told = |all: Vec<(Name, String)>| -> Vec<String> {
        let all = all.into_iter();
        all.map(|((kind, part), text)| format!("{kind} {part}: {text}"))
            .collect()
    };
    let here = told(texts(&ground, &amina, new).await);
    let wanted = [
        "timeline 0: a 0",
        "timeline 1: a 2",
        "tasks 1: a 1",
        "notes 0: a 0",
        "indicators 0: n1.a.example",
        "links url https://a.example/1: page",
    ];
    assert_eq!(here, wanted);
    // What stays closes up, but tasks keep the numbers that people call them by.
    let stays = told(texts(&ground, &amina, one).await);
    let wanted = [
        "timeline 0: a 1",
        "tasks 1: a 0",
        "tasks 3: a 2",
        "notes 0: a 1",
        "indicators 0: n0.a.example",
        "links url https://a.example/0: page",
    ];
    assert_eq!(stays, wanted);
    and_back(&ground, &amina, one, new).await;
}

/// Both tell of it, go on, and become one again.
async fn and_back(ground: &Ground, amina: &Viewer, one: IncidentRef, new: IncidentRef) {
    let told = splits(ground, amina, new).await.unwrap();
    assert_eq!(told.from.unwrap().other, one);
    let told = splits(ground, amina, one).await.unwrap();
    assert_eq!(told.off[0].reason, "another attack");
    for id in [one, new] {
        let history = ops::changes(ground, amina, id).await.unwrap();
        assert!(history[0].after.contains("another attack"), "{history:?}");
    }
    // Both go on, under numbers that nobody else has.
    fill(ground, amina, one, "b", [1; 4]).await;
    fill(ground, amina, new, "c", [1; 4]).await;
    merged(ground, amina, one, new).await;
    let mut all = told_texts(ground, amina, one).await;
    all.sort();
    let count = |name: &str| all.iter().filter(|text| text.contains(name)).count();
    assert_eq!((count("a "), count("b "), count("c ")), (8, 3, 3));
    assert_eq!(all.len(), 12 + 5 + 5);
    // It stands as merged now, and no longer as split off.
    let told = splits(ground, amina, one).await.unwrap();
    assert!(told.off.is_empty());
    unmerge(ground, amina, new, &line("two after all"))
        .await
        .unwrap();
    assert_eq!(told_texts(ground, amina, new).await.len(), 6 + 5);
}

async fn told_texts(ground: &Ground, viewer: &Viewer, of: IncidentRef) -> Vec<String> {
    let all = texts(ground, viewer, of).await;
    all.into_iter().map(|(_, text)| text).collect()
}

async fn what_corrects_a_figure_goes_along(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let one = entered(&ground, &amina, facts("A")).await;
    for body in [
        json!({ "what": "beds" }),
        json!({ "what": "doctors" }),
        json!({ "what": "beds again", "corrects": 0, "correction": "counted twice" }),
        json!({ "what": "doctors again", "corrects": 1, "correction": "one was away" }),
        json!({ "what": "beds at last", "corrects": 2, "correction": "and again" }),
    ] {
        let figure = crate::harm::figure(body);
        ops::add_harm(&ground, &amina, one, &figure).await.unwrap();
    }
    let wanted = [named(PartKind::Harm, "2")];
    let seen = preview(&ground, &amina, one, &wanted).await.unwrap();
    let along: Vec<_> = seen.along.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(along, ["beds", "beds at last"]);
    let new = split_off(&ground, &amina, one, wanted.into()).await;
    let corrections = async |id| -> Vec<(String, Option<u32>)> {
        let case = ops::view(&ground, &amina, id).await.unwrap();
        let figures = case.harm.into_iter();
        let corrects = |one: incidents::model::HarmFigure| {
            let number = one.detail.corrects.map(|one| one.number);
            (one.what.to_string(), number)
        };
        figures.map(corrects).collect()
    };
    let pair = |what: &str, number| (what.to_owned(), number);
    let went = [
        pair("beds", None),
        pair("beds again", Some(0)),
        pair("beds at last", Some(1)),
    ];
    assert_eq!(corrections(new).await, went);
    let stayed = [pair("doctors", None), pair("doctors again", Some(0))];
    assert_eq!(corrections(one).await, stayed);
}

async fn evidence_goes_with_its_custody_and_its_hold(db: Db) {
    let scene = scene(db).await;
    let (locker, amina, one) = (&scene.locker, &scene.amina, scene.id);
    let ground = &locker.ground;
    let first = scene.put(b"first").await;
    let second = scene.put(b"second").await;
    place(ground, amina, one, (&line("a suit"), None))
        .await
        .unwrap();
    let before = evidence::view(locker, amina, (one, first.id))
        .await
        .unwrap();
    let new = split_off(ground, amina, one, vec![named(PartKind::Evidence, "1")]).await;
    let items = evidence::view_all(locker, amina, new).await.unwrap();
    assert_eq!(items.len(), 1);
    let (item, lines) = &items[0];
    assert_eq!(
        (item.id, item.number, item.put_at),
        (first.id, 1, first.put_at)
    );
    let (known, since) = lines.split_at(before.1.len());
    assert_eq!(known, before.1);
    let deeds: Vec<_> = since.iter().map(|one| one.deed.as_str()).collect();
    assert_eq!(deeds, ["moved", "viewed"]);
    // What stays keeps its number, and the next one takes another.
    let stays = evidence::list(locker, amina, one).await.unwrap();
    assert_eq!((stays[0].id, stays[0].number), (second.id, 2));
    assert_eq!(scene.put(b"third").await.number, 3);
    // The hold on the old entry goes on holding what left it.
    let at = (new, first.id);
    let destroyed = evidence::destroy(locker, amina, at, &why("tidy up")).await;
    assert!(matches!(destroyed, Err(Error::Held)));
}

async fn a_mention_goes_with_its_note(db: Db) {
    let ground = ground(db).await;
    let amina = person(&ground, "amina", Role::Analyst).await;
    let boris = person(&ground, "boris", Role::Analyst).await;
    let one = entered(&ground, &amina, facts("A")).await;
    for text in ["nothing", "look, @boris", "nothing more"] {
        let note = incidents::work::written(text, "body").unwrap();
        ops::add_note(&ground, &amina, one, note).await.unwrap();
    }
    let new = split_off(&ground, &amina, one, vec![named(PartKind::Notes, "1")]).await;
    let waits = ops::mine(&ground, &boris).await.unwrap().mentions;
    let at: Vec<_> = waits.iter().map(|one| one.public).collect();
    assert_eq!(at, [new]);
    assert_eq!(ops::work(&ground, &boris, new).await.unwrap().unseen, 1);
    assert_eq!(ops::work(&ground, &boris, one).await.unwrap().unseen, 0);
}

async fn what_came_by_a_merge_still_goes_back(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let one = entered(&ground, &amina, facts("A")).await;
    let other = entered(&ground, &amina, facts("B")).await;
    fill(&ground, &amina, one, "a", [3, 2, 2, 2]).await;
    fill(&ground, &amina, other, "b", [3, 2, 2, 2]).await;
    merged(&ground, &amina, one, other).await;
    fill(&ground, &amina, one, "c", [1; 4]).await;
    // One of those that were there, and one of those that came.
    let wanted = vec![
        named(PartKind::Timeline, "0"),
        named(PartKind::Timeline, "4"),
        named(PartKind::Tasks, "1"),
        named(PartKind::Tasks, "4"),
        named(PartKind::Notes, "3"),
        named(PartKind::Indicators, "1"),
    ];
    let new = split_off(&ground, &amina, one, wanted).await;
    unmerge(&ground, &amina, other, &line("two after all"))
        .await
        .unwrap();
    let of = async |id| {
        let mut all = told_texts(&ground, &amina, id).await;
        all.retain(|text| text != "page");
        all.sort();
        all
    };
    assert_eq!(
        of(other).await,
        ["b 0", "b 0", "b 0", "b 2", "n0.b.example", "n1.b.example"]
    );
    assert_eq!(
        of(new).await,
        ["a 0", "a 0", "b 1", "b 1", "b 1", "n1.a.example"]
    );
    let stays = of(one).await;
    assert_eq!(
        stays,
        [
            "a 0",
            "a 1",
            "a 1",
            "a 1",
            "a 2",
            "c 0",
            "c 0",
            "c 0",
            "n0.a.example",
            "n0.c.example"
        ]
    );
}

/// The last of what came leaves, and its number is free for what is added.
async fn what_is_added_later_is_not_taken_for_what_came(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let one = entered(&ground, &amina, facts("A")).await;
    let other = entered(&ground, &amina, facts("B")).await;
    fill(&ground, &amina, one, "a", [1, 1, 1, 0]).await;
    fill(&ground, &amina, other, "b", [2, 2, 2, 0]).await;
    merged(&ground, &amina, one, other).await;
    let wanted = vec![
        named(PartKind::Timeline, "2"),
        named(PartKind::Tasks, "3"),
        named(PartKind::Notes, "2"),
    ];
    split_off(&ground, &amina, one, wanted).await;
    fill(&ground, &amina, one, "c", [1, 1, 1, 0]).await;
    unmerge(&ground, &amina, other, &line("two after all"))
        .await
        .unwrap();
    assert_eq!(told_texts(&ground, &amina, other).await, ["b 0"; 3]);
    let stays = told_texts(&ground, &amina, one).await;
    assert_eq!(stays.iter().filter(|text| *text == "c 0").count(), 3);
}

async fn what_cannot_go_is_refused_with_a_reason(db: Db) {
    let ground = ground(db).await;
    let amina = user(1, Role::Analyst);
    let one = entered(&ground, &amina, facts("A")).await;
    fill(&ground, &amina, one, "a", [1, 0, 0, 1]).await;
    let where_refused = async |wanted: Vec<Name>| {
        let order = order(&ground, &amina, one, wanted).await;
        match split(&ground, &amina, one, &order).await {
            Err(Error::Invalid(broken)) => broken.field.to_owned(),
            Err(error) => error.code().to_owned(),
            Ok(_) => "taken".to_owned(),
        }
    };
    assert_eq!(where_refused(vec![]).await, "parts");
    let absent = vec![
        named(PartKind::Timeline, "0"),
        named(PartKind::Timeline, "1"),
    ];
    assert_eq!(where_refused(absent).await, "parts");
    // A judgement rests on the link.
    let link = named(PartKind::Links, "url https://a.example/0");
    let opinion = Opinion {
        points: Some(Points::new(2).unwrap()),
        reason: Some("told so".parse().unwrap()),
        evidence: vec!["link: url https://a.example/0".parse().unwrap()],
    };
    let proposal = Proposal {
        opinions: [(Factor::People, opinion)].into(),
        ..Proposal::default()
    };
    ops::assess(&ground, &amina, one, 0, proposal)
        .await
        .unwrap();
    assert_eq!(where_refused(vec![link]).await, "incident.split_cited");
    let wanted = vec![named(PartKind::Timeline, "0")];
    let late = order(&ground, &amina, one, wanted.clone()).await;
    ops::add_timeline(&ground, &amina, one, &event("new"))
        .await
        .unwrap();
    let stale = split(&ground, &amina, one, &late).await;
    assert!(matches!(stale, Err(Error::Stale { .. })));
    // What was merged into another takes nothing more, and gives nothing.
    let other = entered(&ground, &amina, facts("B")).await;
    merged(&ground, &amina, other, one).await;
    let gone = split(&ground, &amina, one, &late).await;
    assert!(matches!(gone, Err(Error::Merged)));
}

async fn whoever_may_not_change_it_splits_nothing(db: Db) {
    let ground = ground(db).await;
    let (amina, boris) = (user(1, Role::Analyst), user(2, Role::Analyst));
    let red = Facts {
        tlp: Tlp::Red,
        named: vec![user_id(2)],
        ..facts("red")
    };
    let hidden = entered(&ground, &boris, red).await;
    let refused = parts(&ground, &amina, hidden).await;
    assert!(matches!(refused, Err(Error::NotFound)));
    let open = entered(&ground, &amina, facts("open")).await;
    let link = Link {
        kind: "url".parse().unwrap(),
        target: "https://a.example/".parse().unwrap(),
        label: "page".parse().unwrap(),
    };
    ops::link(&ground, &amina, open, &link).await.unwrap();
    let wanted = vec![named(PartKind::Links, "url https://a.example/")];
    let order = order(&ground, &amina, open, wanted.clone()).await;
    let diplomat = user(3, Role::Diplomat);
    let refused = preview(&ground, &diplomat, open, &wanted).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let refused = split(&ground, &diplomat, open, &order).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}
