//! Harm and the course of an entry, on both engines.
use crate::house::{facts, ground, in_exercise, user};
use audit::Ground;
use db::Db;
use incidents::{
    Error,
    course::{Draft, Entry},
    harm::{Correction, computed},
    model::HarmFigure,
    ops, shipped,
    wire::{CourseBody, DraftBody, HarmBody, HarmViewBody},
};
use kernel::{IncidentRef, Mode, Role, Tlp, Viewer};
use serde_json::{Value, json};

db::contract! {
    a_course_is_entered_corrected_and_taken_back,
    two_officers_do_not_overwrite_each_other,
    contradictions_are_refused_where_they_stand,
    a_batch_is_kept_whole_or_not_at_all,
    a_figure_is_corrected_once_and_with_a_reason,
    small_groups_stay_inside,
    whoever_may_not_see_it_gets_the_answer_of_an_absent_one,
    the_seven_cases_compute_from_stated_facts,
}

fn draft(content: Value) -> Draft {
    let mut whole = json!({});
    whole["content"] = content;
    let body: DraftBody = serde_json::from_value(whole).unwrap();
    Draft::try_from(body).unwrap()
}

pub(crate) async fn enter(
    ground: &Ground,
    viewer: &Viewer,
    id: IncidentRef,
    content: Value,
) -> Result<u32, Error> {
    let done = ops::enter(ground, viewer, id, vec![draft(content)]).await?;
    Ok(done.1[0])
}

async fn course(ground: &Ground, viewer: &Viewer, id: IncidentRef) -> Vec<Entry> {
    ops::view(ground, viewer, id).await.unwrap().course
}

async fn entered(ground: &Ground, viewer: &Viewer) -> IncidentRef {
    ops::create(ground, viewer, facts("A"))
        .await
        .unwrap()
        .public
}

fn vendor(name: &str, state: &str, seen: Option<u32>) -> Draft {
    let content = json!({ "kind": "vendor", "name": name, "state": state, "at": "2026-11-20",
        "evidence": "scan report 7", "attested_by": "CISO of the vendor" });
    Draft {
        seen,
        ..draft(content)
    }
}

fn where_refused(done: Result<u32, Error>) -> &'static str {
    let Err(Error::Invalid(broken)) = done else {
        return "taken";
    };
    broken.field
}

async fn a_course_is_entered_corrected_and_taken_back(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = entered(&ground, &officer).await;
    let service =
        json!({ "kind": "service", "name": "laboratory", "people": 1000, "care": "laboratory" });
    let number = enter(&ground, &officer, id, service).await.unwrap();
    for (at, share) in [("2026-11-01", "0"), ("2026-11-11", "100")] {
        let point = json!({ "kind": "capacity", "service": number, "at": at, "share": share });
        enter(&ground, &officer, id, point).await.unwrap();
    }
    let lost = async || {
        let entries = course(&ground, &officer, id).await;
        let all = computed::computed(&entries);
        let all = all.iter().filter(|one| one.measure.as_str() == "H-PSD");
        all.map(|one| format!("{:?}", one.value))
            .collect::<Vec<_>>()
    };
    assert_eq!(lost().await, ["Point(Quantity(5000000))"]);
    let corrected = Draft {
        corrects: Some(Correction {
            number: 2,
            reason: "it was back later".parse().unwrap(),
        }),
        ..draft(
            json!({ "kind": "capacity", "service": number, "at": "2026-11-21", "share": "100" }),
        )
    };
    ops::enter(&ground, &officer, id, vec![corrected.clone()])
        .await
        .unwrap();
    assert_eq!(lost().await, ["Point(Quantity(10000000))"]);
    let again = ops::enter(&ground, &officer, id, vec![corrected]).await;
    assert!(matches!(
        again,
        Err(Error::EnteredMeanwhile { current: 3, .. })
    ));
    let back = Draft {
        corrects: Some(Correction {
            number,
            reason: "another hospital".parse().unwrap(),
        }),
        ..draft(json!({ "kind": "withdrawn" }))
    };
    ops::enter(&ground, &officer, id, vec![back]).await.unwrap();
    assert_eq!(lost().await, Vec::<String>::new());
    // Nothing is lost of what was entered.
    assert_eq!(course(&ground, &officer, id).await.len(), 5);
}

async fn two_officers_do_not_overwrite_each_other(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = entered(&ground, &officer).await;
    let put = async |draft: Draft| ops::enter(&ground, &officer, id, vec![draft]).await;
    put(vendor("Acme", "cut", None)).await.unwrap();
    let blind = put(vendor("ACME", "attested", None)).await;
    assert!(matches!(
        blind,
        Err(Error::EnteredMeanwhile {
            given: None,
            current: 0
        })
    ));
    put(vendor("ACME", "attested", Some(0))).await.unwrap();
    let late = put(vendor("Acme", "dropped", Some(0))).await;
    assert!(matches!(
        late,
        Err(Error::EnteredMeanwhile { current: 1, .. })
    ));
}

async fn contradictions_are_refused_where_they_stand(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = entered(&ground, &officer).await;
    let put = async |content: Value| enter(&ground, &officer, id, content).await;
    let at = |event: &str, at: &str| json!({ "kind": "milestone", "event": event, "at": at });
    put(at("onset", "2026-11-10")).await.unwrap();
    assert_eq!(
        where_refused(put(at("records-back", "2026-11-09")).await),
        "at"
    );
    assert_eq!(where_refused(put(at("detected", "2027-01-01")).await), "at");
    // A month holds days before and after: it contradicts nothing.
    put(at("records-back", "2026-11")).await.unwrap();
    assert_eq!(
        where_refused(put(at("diversion-off", "2026-11-11")).await),
        "at"
    );
    let point = json!({ "kind": "capacity", "service": 0, "at": "2026-11-11", "share": "10" });
    assert_eq!(where_refused(put(point).await), "service");
    let bare =
        json!({ "kind": "vendor", "name": "Acme", "state": "connected", "at": "2026-11-12" });
    assert_eq!(where_refused(put(bare).await), "evidence");
    let far = json!({ "kind": "effect", "from": "a", "to": "b", "order": 2 });
    assert_eq!(where_refused(put(far).await), "from");
    let people = json!({ "kind": "service", "name": "x", "people": 99_000_000_000_u64 });
    assert_eq!(where_refused(put(people).await), "people");
}

async fn a_batch_is_kept_whole_or_not_at_all(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = entered(&ground, &officer).await;
    let entries: Vec<Value> = (0..300)
        .map(|n| {
            json!({ "content": { "kind": "vendor", "name": format!("vendor {n}"),
            "state": "cut", "at": "2026-11-20" } })
        })
        .collect();
    let all: CourseBody = serde_json::from_value(json!({ "entries": entries })).unwrap();
    let drafts = |body: CourseBody| {
        body.entries
            .into_iter()
            .map(|one| Draft::try_from(one).unwrap())
    };
    let mut bad: Vec<Draft> = drafts(all.clone()).collect();
    bad.push(vendor("vendor 7", "asked", None));
    let refused = ops::enter(&ground, &officer, id, bad).await;
    assert!(matches!(
        refused,
        Err(Error::EnteredMeanwhile { current: 7, .. })
    ));
    assert_eq!(course(&ground, &officer, id).await, []);
    ops::enter(&ground, &officer, id, drafts(all).collect())
        .await
        .unwrap();
    assert_eq!(course(&ground, &officer, id).await.len(), 300);
}

pub(crate) fn figure(body: Value) -> HarmFigure {
    let mut whole = json!({ "what": "patients", "bound": "exact", "value": "43", "unit": "patient",
        "grade": "B" });
    let Value::Object(members) = body else {
        return HarmFigure::try_from(serde_json::from_value::<HarmBody>(body).unwrap()).unwrap();
    };
    for (name, value) in members {
        whole[name] = value;
    }
    let body: HarmBody = serde_json::from_value(whole).unwrap();
    HarmFigure::try_from(body).unwrap()
}

async fn a_figure_is_corrected_once_and_with_a_reason(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = entered(&ground, &officer).await;
    let add = async |body: Value| ops::add_harm(&ground, &officer, id, &figure(body)).await;
    let fix = json!({ "corrects": 0, "correction": "counted twice", "value": "40" });
    let absent = add(fix.clone()).await;
    assert!(matches!(absent, Err(Error::Invalid(broken)) if broken.field == "corrects"));
    add(json!({})).await.unwrap();
    add(fix.clone()).await.unwrap();
    let twice = add(fix).await;
    assert!(matches!(
        twice,
        Err(Error::EnteredMeanwhile { current: 1, .. })
    ));
    let future = add(json!({ "as_of": "2027-05" })).await;
    assert!(matches!(future, Err(Error::Invalid(broken)) if broken.field == "as_of"));
    let history = ops::history(&ground, &officer, id, kernel::PageRequest::default())
        .await
        .unwrap();
    let codes: Vec<_> = history.items.iter().map(|act| act.code.as_str()).collect();
    assert_eq!(codes[0], "incident.harm_corrected");
}

async fn small_groups_stay_inside(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let id = entered(&ground, &officer).await;
    let cells = json!([{ "sex": "f", "count": 40 }, { "sex": "m", "count": 3 }]);
    ops::add_harm(&ground, &officer, id, &figure(json!({ "cells": cells })))
        .await
        .unwrap();
    let case = ops::view(&ground, &officer, id).await.unwrap();
    let shown = serde_json::to_value(HarmViewBody::from(&case)).unwrap();
    assert_eq!(shown["figures"][0]["cells"], Value::Null);
    let groups = &shown["figures"][0]["groups"][0]["groups"];
    assert_eq!(
        (&groups[0]["count"], &groups[1]["count"]),
        (&Value::Null, &Value::Null)
    );
}

async fn whoever_may_not_see_it_gets_the_answer_of_an_absent_one(db: Db) {
    let ground = ground(db).await;
    let officer = user(1, Role::DutyOfficer);
    let mut red = facts("secret");
    red.tlp = Tlp::Red;
    let red = ops::create(&ground, &officer, red).await.unwrap().public;
    let service = json!({ "kind": "service", "name": "x" });
    for viewer in [user(2, Role::DutyOfficer), in_exercise(officer.clone())] {
        let hidden = enter(&ground, &viewer, red, service.clone()).await;
        assert!(matches!(hidden, Err(Error::NotFound)));
        let hidden = ops::take_out(&ground, &viewer, red).await;
        assert!(matches!(hidden, Err(Error::NotFound)));
        let hidden = ops::add_harm(&ground, &viewer, red, &figure(json!({}))).await;
        assert!(matches!(hidden, Err(Error::NotFound)));
    }
    let open = entered(&ground, &officer).await;
    let refused = enter(&ground, &user(3, Role::Diplomat), open, service).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}

async fn the_seven_cases_compute_from_stated_facts(db: Db) {
    const CASES: [&str; 7] = [
        "ascension-2024",
        "brno-hospital-2020",
        "costa-rica-2022",
        "georgia-2019",
        "hse-2021",
        "ka-sat-2022",
        "london-pathology-2024",
    ];
    let ground = ground(db).await;
    let node = Viewer::node("import", "XA".parse().unwrap(), Mode::Real);
    ops::import_shipped(&ground, &node).await.unwrap();
    let reader = user(1, Role::Diplomat);
    let all = shipped::all().unwrap();
    for key in CASES {
        let file = all.iter().find(|one| one.key == key).unwrap();
        let case = ops::view(&ground, &reader, file.public).await.unwrap();
        assert!(case.severity().unwrap().level.is_some(), "{key}");
        assert!(!case.harm.is_empty() && !case.course.is_empty(), "{key}");
        assert!(!computed::computed(&case.course).is_empty(), "{key}");
        assert!(
            case.harm.iter().all(|figure| figure.source.is_some()),
            "{key}"
        );
        assert!(
            case.course.iter().all(|entry| entry.source.is_some()),
            "{key}"
        );
    }
}
