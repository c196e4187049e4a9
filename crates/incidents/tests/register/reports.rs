//! Reports from their writing to what became of them, on both engines.
use std::time::Duration;

use crate::house::{facts, ground, in_exercise, user, user_id};
use audit::Ground;
use db::Db;
use incidents::{
    Error,
    error::ReportFault,
    intake::{
        model::{Answers, Author, Code, Reference, Report, ReportState},
        ops::{
            officer,
            reporter::{self, A_MINUTE_MAX, Caller, Writing},
        },
        wire::ReportBody,
    },
    model::Doubt,
    ops,
};
use kernel::{Language, PageRequest, Problem, Role, SeededRng, Tlp, Viewer};

db::contract! {
    a_link_is_written_sent_looked_at_and_becomes_an_incident,
    the_public_address_is_off_until_an_officer_turns_it_on,
    what_one_address_brings_is_limited_and_nobody_else_loses_by_it,
    a_report_merges_splits_and_is_refused_with_the_reason,
    who_may_not_handle_reports_finds_none,
    a_red_report_is_for_its_named_officers,
    what_changed_meanwhile_is_a_conflict,
    an_erased_report_says_nothing_any_more,
    a_draft_that_nobody_touches_goes,
    an_exercise_has_reports_of_its_own,
    two_who_send_one_form_at_once_make_one_report,
    days_that_do_not_go_together_are_taken_and_told,
}

fn answers(title: &str) -> Answers {
    Answers {
        kind: "incident".into(),
        title: title.into(),
        what: "Every screen shows a note.".into(),
        began: "2026-11-20".into(),
        country: "IE".into(),
        contact: "nurse@hospital.example".into(),
        ..Answers::default()
    }
}

fn caller(last: u8) -> Caller {
    Caller {
        party: "IE".parse().unwrap(),
        address: Some([192, 0, 2, last].into()),
    }
}

fn writing(code: &Code, title: &str, send: bool) -> Writing {
    Writing {
        code: code.clone(),
        answers: answers(title),
        language: Language::Ar,
        send,
    }
}

fn duty() -> Viewer {
    user(1, Role::DutyOfficer)
}

/// A report that was sent by a link.
async fn sent(ground: &Ground, title: &str) -> (Report, Code) {
    let (_, code) = officer::invite(ground, &duty(), None, Language::En)
        .await
        .unwrap();
    let report = reporter::write(ground, &caller(1), writing(&code, title, true)).await;
    (report.unwrap(), code)
}

fn fault<T: std::fmt::Debug>(result: Result<T, Error>) -> ReportFault {
    let fault = match result.unwrap_err() {
        Error::Report(fault) => Some(fault),
        _ => None,
    };
    fault.unwrap()
}

async fn a_link_is_written_sent_looked_at_and_becomes_an_incident(db: Db) {
    let ground = ground(db).await;
    let note = Some("ward 3".parse().unwrap());
    let (report, code) = officer::invite(&ground, &duty(), note, Language::Zh)
        .await
        .unwrap();
    assert_eq!(
        (report.state, report.language),
        (ReportState::Draft, Language::Zh)
    );
    let draft = reporter::write(&ground, &caller(1), writing(&code, "", false))
        .await
        .unwrap();
    assert_eq!(draft.state, ReportState::Draft);
    let missing = reporter::write(&ground, &caller(1), writing(&code, "", true)).await;
    assert!(matches!(missing, Err(Error::Invalid(invalid)) if invalid.field == "title"));
    // A draft is its writer's alone.
    let seen = officer::view(&ground, &duty(), &report.reference)
        .await
        .unwrap();
    assert_eq!(seen.report.answers, None);
    assert_eq!(officer::waiting(&ground, &duty()).await.unwrap(), 0);
    let sent = reporter::write(&ground, &caller(1), writing(&code, "Locked", true))
        .await
        .unwrap();
    assert_eq!(officer::waiting(&ground, &duty()).await.unwrap(), 1);
    let again = reporter::write(&ground, &caller(1), writing(&code, "Other", true)).await;
    assert!(matches!(fault(again), ReportFault::Step { .. }));
    let looked = officer::look(&ground, &duty(), (&report.reference, sent.version))
        .await
        .unwrap();
    let added = reporter::add(&ground, &caller(1), &code, "It spreads.")
        .await
        .unwrap();
    assert_eq!(looked.version + 1, added.version);
    let prefilled = officer::prefill(&added).unwrap();
    assert_eq!(prefilled.title.as_str(), "Locked");
    assert!(!prefilled.description.as_str().contains("nurse@"));
    let at = (&report.reference, added.version);
    let incident = officer::accept(&ground, &duty(), at, prefilled)
        .await
        .unwrap();
    let case = ops::view(&ground, &duty(), incident.public).await.unwrap();
    assert_eq!(case.links[0].target.as_str(), report.reference.as_str());
    let whole = reporter::open(&ground, &code).await.unwrap();
    assert_eq!(whole.report.state, ReportState::Incident);
    assert_eq!(whole.report.incident, Some(incident.public));
    assert_eq!(whole.additions[0].author, Author::Reporter);
}

async fn the_public_address_is_off_until_an_officer_turns_it_on(db: Db) {
    let ground = ground(db).await;
    let code = Code::random(&SeededRng::new(3));
    let closed = reporter::write(&ground, &caller(1), writing(&code, "A", true)).await;
    assert_eq!(fault(closed), ReportFault::NotFound);
    officer::set_public(&ground, &duty(), true).await.unwrap();
    assert!(reporter::is_public(&ground).await.unwrap());
    let draft = reporter::write(&ground, &caller(1), writing(&code, "A", false))
        .await
        .unwrap();
    let sent = reporter::write(&ground, &caller(1), writing(&code, "A", true))
        .await
        .unwrap();
    assert_eq!(draft.reference, sent.reference);
    officer::set_public(&ground, &duty(), false).await.unwrap();
    // Whoever has reported goes on seeing what becomes of it.
    assert!(reporter::open(&ground, &code).await.is_ok());
    let other = Code::random(&SeededRng::new(4));
    assert_eq!(
        fault(reporter::open(&ground, &other).await),
        ReportFault::NotFound
    );
}

/// Reports that come within a minute.
const FLOOD: u64 = 10_000;

async fn what_one_address_brings_is_limited_and_nobody_else_loses_by_it(db: Db) {
    let ground = ground(db).await;
    officer::set_public(&ground, &duty(), true).await.unwrap();
    let (mut kept, mut refused, mut others) = (0, 0, 0);
    for seed in 0..FLOOD {
        let code = Code::random(&SeededRng::new(100 + seed));
        if seed % 500 == 250 {
            // In the midst of it somebody else reports.
            others += 1;
            let caller = caller(2 + u8::try_from(others).unwrap());
            let sent = reporter::write(&ground, &caller, writing(&code, "Other", true)).await;
            assert_eq!(sent.unwrap().state, ReportState::Received);
            continue;
        }
        match reporter::write(&ground, &caller(1), writing(&code, "A", true)).await {
            Ok(_) => kept += 1,
            Err(error) => {
                let problem = Problem::from(error);
                assert_eq!((problem.code, problem.status()), ("report.too_many", 429));
                refused += 1;
            }
        }
    }
    let flood = i64::try_from(FLOOD).unwrap();
    assert_eq!(
        (kept, refused),
        (A_MINUTE_MAX, flood - others - A_MINUTE_MAX)
    );
    let waiting = officer::waiting(&ground, &duty()).await.unwrap();
    assert_eq!(i64::from(waiting), A_MINUTE_MAX + others);
}

async fn a_report_merges_splits_and_is_refused_with_the_reason(db: Db) {
    let ground = ground(db).await;
    let incident = ops::create(&ground, &duty(), facts("There already"))
        .await
        .unwrap();
    let (report, code) = sent(&ground, "Two things").await;
    let at = (&report.reference, report.version);
    let parts = ("A theft".to_owned(), "A laptop is gone.".to_owned());
    let second = officer::split(&ground, &duty(), at, parts).await.unwrap();
    assert_eq!(second.split_from.as_ref(), Some(&report.reference));
    let what = "The ward reports locked screens".parse().unwrap();
    let at = (&report.reference, report.version + 1);
    officer::merge(&ground, &duty(), at, (incident.public, what))
        .await
        .unwrap();
    let at = (&second.reference, second.version);
    let reason = "Not an incident: call the police.".parse().unwrap();
    officer::refuse(&ground, &duty(), at, reason).await.unwrap();
    let case = ops::view(&ground, &duty(), incident.public).await.unwrap();
    assert_eq!(
        case.timeline[0].what.as_str(),
        "The ward reports locked screens"
    );
    let whole = reporter::open(&ground, &code).await.unwrap();
    assert_eq!(whole.report.state, ReportState::Merged);
    assert_eq!(whole.parts[0].state, ReportState::Refused);
    let reason = whole.parts[0].reason.as_ref().unwrap();
    assert_eq!(reason.as_str(), "Not an incident: call the police.");
    let closed = officer::look(&ground, &duty(), (&second.reference, second.version + 1)).await;
    assert!(matches!(fault(closed), ReportFault::Step { .. }));
}

async fn who_may_not_handle_reports_finds_none(db: Db) {
    let ground = ground(db).await;
    let (report, _) = sent(&ground, "A").await;
    for role in [Role::Diplomat, Role::Reporter, Role::Auditor, Role::Admin] {
        let viewer = user(9, role);
        let page = officer::list(&ground, &viewer, None, PageRequest::default()).await;
        assert!(matches!(page, Err(Error::Refused(_))), "{role:?}");
        assert!(
            officer::view(&ground, &viewer, &report.reference)
                .await
                .is_err()
        );
        assert!(officer::waiting(&ground, &viewer).await.is_err());
        let at = (&report.reference, report.version);
        assert!(officer::look(&ground, &viewer, at).await.is_err());
        assert!(officer::set_public(&ground, &viewer, true).await.is_err());
    }
    let duty = duty();
    let received = Some(ReportState::Received);
    let page = officer::list(&ground, &duty, received, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(page.items[0].title.as_deref(), Some("A"));
}

async fn a_red_report_is_for_its_named_officers(db: Db) {
    let ground = ground(db).await;
    let (report, _) = sent(&ground, "A").await;
    let at = (&report.reference, report.version);
    officer::label(&ground, &duty(), at, (Tlp::Red, vec![user_id(2)]))
        .await
        .unwrap();
    for (number, sees) in [(1, true), (2, true), (3, false)] {
        let viewer = user(number, Role::Analyst);
        let found = officer::view(&ground, &viewer, &report.reference).await;
        assert_eq!(found.is_ok(), sees);
        let page = officer::list(&ground, &viewer, None, PageRequest::default())
            .await
            .unwrap();
        assert_eq!(page.items.len(), usize::from(sees));
        assert_eq!(
            officer::waiting(&ground, &viewer).await.unwrap(),
            u32::from(sees)
        );
        let absent: Reference = "R-00000-00000".parse().unwrap();
        if !sees {
            let absent = officer::view(&ground, &viewer, &absent).await;
            assert_eq!(fault(found), fault(absent));
        }
    }
}

async fn what_changed_meanwhile_is_a_conflict(db: Db) {
    let ground = ground(db).await;
    let (report, code) = sent(&ground, "A").await;
    reporter::add(&ground, &caller(1), &code, "More.")
        .await
        .unwrap();
    let at = (&report.reference, report.version);
    let stale = officer::look(&ground, &duty(), at).await;
    assert!(matches!(fault(stale), ReportFault::Stale { .. }));
}

async fn an_erased_report_says_nothing_any_more(db: Db) {
    let ground = ground(db).await;
    let (report, code) = sent(&ground, "Secret words").await;
    let early = officer::erase(&ground, &duty(), (&report.reference, report.version)).await;
    assert!(matches!(fault(early), ReportFault::Undecided { .. }));
    let added = reporter::add(&ground, &caller(1), &code, "Call me.")
        .await
        .unwrap();
    let reason = "Twice.".parse().unwrap();
    let at = (&report.reference, added.version);
    let refused = officer::refuse(&ground, &duty(), at, reason).await.unwrap();
    let at = (&report.reference, refused.version);
    officer::erase(&ground, &duty(), at).await.unwrap();
    let whole = officer::view(&ground, &duty(), &report.reference)
        .await
        .unwrap();
    assert!(whole.additions.is_empty() && whole.report.answers.is_none());
    let text = serde_json::to_string(&ReportBody::from(&whole)).unwrap();
    assert!(
        !text.contains("Secret") && !text.contains("nurse@"),
        "{text}"
    );
    let page = officer::list(&ground, &duty(), None, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(page.items[0].title, None);
    let open = reporter::open(&ground, &code).await.unwrap();
    assert_eq!(open.report.state, ReportState::Refused);
    assert_eq!(
        fault(reporter::add(&ground, &caller(1), &code, "x").await),
        ReportFault::Closed
    );
}

async fn a_draft_that_nobody_touches_goes(db: Db) {
    let clock = std::sync::Arc::new(kernel::ManualClock::new(crate::house::START));
    let rng = std::sync::Arc::new(SeededRng::new(7));
    let ground = Ground::open(db, clock.clone(), rng).await.unwrap();
    officer::set_public(&ground, &duty(), true).await.unwrap();
    let (first, second) = (
        Code::random(&SeededRng::new(1)),
        Code::random(&SeededRng::new(2)),
    );
    reporter::write(&ground, &caller(1), writing(&first, "A", false))
        .await
        .unwrap();
    clock.advance(Duration::from_hours(24 * 31));
    reporter::write(&ground, &caller(1), writing(&second, "B", false))
        .await
        .unwrap();
    assert_eq!(
        fault(reporter::open(&ground, &first).await),
        ReportFault::NotFound
    );
    assert!(reporter::open(&ground, &second).await.is_ok());
}

async fn an_exercise_has_reports_of_its_own(db: Db) {
    let ground = ground(db).await;
    let playing = in_exercise(duty());
    let (report, code) = officer::invite(&ground, &playing, None, Language::En)
        .await
        .unwrap();
    let wrong = reporter::write(&ground, &caller(1), writing(&code, "A", true)).await;
    assert!(matches!(wrong, Err(Error::Invalid(invalid)) if invalid.field == "country"));
    let mut right = writing(&code, "A", true);
    right.answers.country = "XB".into();
    reporter::write(&ground, &caller(1), right).await.unwrap();
    assert!(
        officer::view(&ground, &duty(), &report.reference)
            .await
            .is_err()
    );
    assert_eq!(officer::waiting(&ground, &duty()).await.unwrap(), 0);
    assert_eq!(officer::waiting(&ground, &playing).await.unwrap(), 1);
    assert!(officer::set_public(&ground, &playing, true).await.is_err());
}

async fn two_who_send_one_form_at_once_make_one_report(db: Db) {
    let ground = ground(db).await;
    officer::set_public(&ground, &duty(), true).await.unwrap();
    let code = Code::random(&*ground.rng);
    let send = |number| {
        let ground = &ground;
        let writing = writing(&code, "Locked", true);
        async move { reporter::write(ground, &caller(number), writing).await }
    };
    // From several addresses, so that no count of one lets them wait for each other.
    let all = tokio::join!(send(1), send(2), send(3), send(4));
    // Whoever comes when it is sent already hears so.
    let all = [all.0, all.1, all.2, all.3]
        .into_iter()
        .filter(|one| !matches!(one, Err(Error::Report(ReportFault::Step { .. }))));
    let done: Vec<Report> = all.map(Result::unwrap).collect();
    assert!(!done.is_empty());
    assert!(done.iter().all(|one| one.reference == done[0].reference));
    assert_eq!(officer::waiting(&ground, &duty()).await.unwrap(), 1);
}

async fn days_that_do_not_go_together_are_taken_and_told(db: Db) {
    let (ground, mut told) = (ground(db).await, answers("A"));
    told.noticed = "2020".into();
    let handed = reporter::hand_in(&ground, &duty(), told, Language::En).await;
    let whole = officer::view(&ground, &duty(), &handed.unwrap().0.reference).await;
    assert_eq!(
        ReportBody::from(&whole.unwrap()).doubts,
        [Doubt::NoticedBefore]
    );
}
