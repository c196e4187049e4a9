//! What is read, by whom, and what waits.

use std::time::Duration;

use db::Db;
use directory::model::ContactKind;
use exchange::{
    model::{Kind, Tab, ThreadFilter, Verb},
    ops,
    state::Allowed,
};
use kernel::{Limit, PageRequest, Role};

use crate::house::{about, message, mitigation, two};

db::contract! {
    no_viewer_sees_what_his_role_does_not_read,
    threads_are_listed_page_by_page_and_tab_by_tab,
    clocks_run_until_they_are_stopped,
    what_was_read_is_no_longer_new,
    what_may_be_said_is_offered_to_who_may_say_it,
    a_question_waits_for_whoever_asked_first_and_no_clock_runs,
    open_threads_are_counted_for_the_viewer,
    the_history_tells_who_did_what_here_and_hides_what_is_hidden,
}

async fn no_viewer_sees_what_his_role_does_not_read(db: Db) {
    let (a, b, _line) = two(db).await;
    let sent = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    for role in [
        Role::PolicyOfficer,
        Role::Reporter,
        Role::Auditor,
        Role::Admin,
    ] {
        let viewer = b.user(9, role);
        let x = &b.x;
        let page = PageRequest::default();
        let codes = [
            ops::list_threads(x, &viewer, &ThreadFilter::default(), page)
                .await
                .err()
                .unwrap()
                .code(),
            ops::read_thread(x, &viewer, sent.thread, None)
                .await
                .err()
                .unwrap()
                .code(),
            ops::read_message(x, &viewer, sent.id)
                .await
                .err()
                .unwrap()
                .code(),
            ops::mark_read(x, &viewer, sent.thread)
                .await
                .err()
                .unwrap()
                .code(),
            ops::read_file(x, &viewer, sent.id, 1)
                .await
                .err()
                .unwrap()
                .code(),
            ops::proof(x, &viewer, sent.id).await.err().unwrap().code(),
            ops::envelope(x, &viewer, sent.id)
                .await
                .err()
                .unwrap()
                .code(),
            ops::evidence(x, &viewer, sent.thread, None)
                .await
                .err()
                .unwrap()
                .code(),
            ops::clocks(x, &viewer, page).await.err().unwrap().code(),
            ops::counts(x, &viewer).await.err().unwrap().code(),
            ops::count_open(x, &viewer).await.err().unwrap().code(),
            ops::timeless(x, &viewer, Limit::MAX)
                .await
                .err()
                .unwrap()
                .code(),
            ops::history(x, &viewer, sent.thread, None, Limit::MAX)
                .await
                .err()
                .unwrap()
                .code(),
            ops::retry(x, &viewer, sent.id).await.err().unwrap().code(),
        ];
        assert_eq!(codes, ["access.role"; 14], "{role:?}");
    }
    b.end().await;
}

async fn threads_are_listed_page_by_page_and_tab_by_tab(db: Db) {
    let (a, b, _line) = two(db).await;
    let mut sent = Vec::new();
    for _ in 0..5 {
        a.clock.advance(Duration::from_mins(1));
        b.clock.advance(Duration::from_mins(1));
        sent.push(
            a.send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
                .await,
        );
    }
    let mut after = None;
    let mut found = Vec::new();
    loop {
        let limit = Limit::new(2).unwrap();
        let request = PageRequest { after, limit };
        let page = ops::list_threads(&b.x, &b.duty(), &ThreadFilter::default(), request)
            .await
            .unwrap();
        found.extend(page.items.into_iter().map(|thread| thread.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let newest_first: Vec<_> = sent.iter().rev().map(|one| one.thread).collect();
    assert_eq!(found, newest_first);
    let tab = async |house: &crate::house::House, state: Tab| {
        let filter = ThreadFilter {
            state: Some(state),
            ..ThreadFilter::default()
        };
        let page =
            ops::list_threads(&house.x, &house.duty(), &filter, PageRequest::default()).await;
        page.unwrap().items.len()
    };
    assert_eq!(
        (
            tab(&a, Tab::WaitingForThem).await,
            tab(&a, Tab::WaitingForUs).await
        ),
        (5, 0)
    );
    assert_eq!(
        (
            tab(&b, Tab::WaitingForThem).await,
            tab(&b, Tab::WaitingForUs).await
        ),
        (0, 5)
    );
    assert_eq!(
        (tab(&b, Tab::Open).await, tab(&b, Tab::Closed).await),
        (5, 0)
    );
    let nobody = ThreadFilter {
        party: Some("XC".parse().unwrap()),
        ..ThreadFilter::default()
    };
    let page = ops::list_threads(&b.x, &b.duty(), &nobody, PageRequest::default())
        .await
        .unwrap();
    assert!(page.items.is_empty());
    b.end().await;
}

async fn clocks_run_until_they_are_stopped(db: Db) {
    let (a, b, _line) = two(db).await;
    let rfm = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    let first = async || {
        let page = ops::clocks(&b.x, &b.duty(), PageRequest::default())
            .await
            .unwrap();
        page.items.first().cloned()
    };
    let clock = first().await.unwrap();
    assert_eq!(
        (clock.verb, clock.overdue, clock.ours),
        (Verb::Acknowledge, false, true)
    );
    assert_eq!(clock.title.as_deref(), Some("Ransomware at a hospital"));
    b.clock.advance(Duration::from_hours(25));
    assert!(first().await.unwrap().overdue);
    assert_eq!(ops::counts(&b.x, &b.duty()).await.unwrap().overdue, 1);
    b.send(
        &b.duty(),
        message(&a, Some(rfm.thread), Kind::Ack, about(rfm.id)),
    )
    .await;
    let clock = first().await.unwrap();
    assert_eq!((clock.verb, clock.overdue), (Verb::Answer, false));
    let done = serde_json::json!({"refers_to": rfm.id, "decision": "accept"});
    b.send(&b.duty(), message(&a, Some(rfm.thread), Kind::Resp, done))
        .await;
    assert_eq!(first().await, None);
    b.end().await;
}

async fn what_was_read_is_no_longer_new(db: Db) {
    let (a, b, _line) = two(db).await;
    let rfm = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    let unread = async |number| {
        let viewer = b.user(number, Role::DutyOfficer);
        let all = ThreadFilter::default();
        let page = ops::list_threads(&b.x, &viewer, &all, PageRequest::default()).await;
        let listed = page.unwrap().items[0].unread;
        let counted = ops::counts(&b.x, &viewer).await.unwrap().unread;
        assert_eq!(u32::from(listed), counted);
        listed
    };
    assert!(unread(1).await);
    ops::mark_read(&b.x, &b.user(1, Role::DutyOfficer), rfm.thread)
        .await
        .unwrap();
    assert_eq!(
        (unread(1).await, unread(2).await),
        (false, true),
        "each for himself"
    );
    b.clock.advance(Duration::from_mins(1));
    a.send(
        &a.duty(),
        message(&b, Some(rfm.thread), Kind::Rfm, mitigation()),
    )
    .await;
    assert!(unread(1).await);
    b.end().await;
}

async fn what_may_be_said_is_offered_to_who_may_say_it(db: Db) {
    let (a, b, _line) = two(db).await;
    let rfm = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    let offered = b.thread(&b.duty(), rfm.thread).await.allowed;
    assert!(offered.contains(&Allowed::Acknowledge { request: rfm.id }));
    let analyst = b.user(4, Role::Analyst);
    assert!(b.thread(&analyst, rfm.thread).await.allowed.is_empty());
    let here = a.thread(&a.duty(), rfm.thread).await.allowed;
    assert!(here.contains(&Allowed::Withdraw { target: rfm.id }));
    b.end().await;
}

async fn a_question_waits_for_whoever_asked_first_and_no_clock_runs(db: Db) {
    let (a, b, _line) = two(db).await;
    let rfm = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    let timeless = async |house: &crate::house::House| {
        ops::timeless(&house.x, &house.duty(), Limit::MAX)
            .await
            .unwrap()
    };
    assert!(timeless(&a).await.is_empty(), "clocks run for it");
    let question =
        serde_json::json!({"refers_to": rfm.id, "part": "question", "items": ["Which host?"]});
    b.send(
        &b.duty(),
        message(&a, Some(rfm.thread), Kind::Clarify, question),
    )
    .await;
    for (house, ours) in [(&a, true), (&b, false)] {
        let waiting = timeless(house).await;
        assert_eq!(waiting.len(), 1);
        assert_eq!(
            (waiting[0].message, waiting[0].questioned, waiting[0].ours),
            (rfm.id, true, ours)
        );
        assert_eq!(
            waiting[0].title.as_deref(),
            Some("Ransomware at a hospital")
        );
    }
    b.end().await;
}

async fn open_threads_are_counted_for_the_viewer(db: Db) {
    let (a, b, _line) = two(db).await;
    let open = async |number, role| {
        let viewer = b.user(number, role);
        ops::count_open(&b.x, &viewer).await.unwrap()
    };
    for kind in [Kind::Rfm, Kind::Rfm] {
        a.send(&a.duty(), message(&b, None, kind, mitigation()))
            .await;
    }
    let red = exchange::model::NewMessage {
        tlp: kernel::Tlp::Red,
        to_desk: Some(a.desk_of(&b.code(), ContactKind::Technical).await),
        ..message(&b, None, Kind::Rfm, mitigation())
    };
    let red = a.send(&a.duty(), red).await;
    assert_eq!(open(1, Role::DutyOfficer).await, 3);
    assert_eq!(open(2, Role::Diplomat).await, 2, "RED names its readers");
    for (from, to) in [(&a, &b), (&b, &a)] {
        let close = serde_json::json!({"outcome": "resolved"});
        from.send(
            &from.duty(),
            message(to, Some(red.thread), Kind::Close, close),
        )
        .await;
    }
    assert_eq!(open(1, Role::DutyOfficer).await, 2);
    b.end().await;
}

async fn the_history_tells_who_did_what_here_and_hides_what_is_hidden(db: Db) {
    let (a, b, _line) = two(db).await;
    let rfm = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    let ack = b
        .send(
            &b.user(2, Role::DutyOfficer),
            message(&a, Some(rfm.thread), Kind::Ack, about(rfm.id)),
        )
        .await;
    let red = exchange::model::NewMessage {
        tlp: kernel::Tlp::Red,
        to_desk: Some(b.desk_of(&a.code(), ContactKind::Technical).await),
        ..message(&a, Some(rfm.thread), Kind::Rfm, mitigation())
    };
    let red = b.send(&b.duty(), red).await;
    ops::evidence(&b.x, &b.duty(), rfm.thread, None)
        .await
        .unwrap();
    let told = async |viewer: &kernel::Viewer| {
        let deeds = ops::history(&b.x, viewer, rfm.thread, None, Limit::MAX).await;
        let told = deeds.unwrap().into_iter();
        told.map(|deed| (deed.who, deed.code, deed.message))
            .collect::<Vec<_>>()
    };
    let deed = |who: &str, code: &str, message| (who.to_owned(), code.to_owned(), message);
    let evidence = deed("user:user1", "thread.evidence", None);
    let asked = deed("user:user1", "message.sent", Some((red.id, Kind::Rfm)));
    let acknowledged = deed("user:user2", "message.sent", Some((ack.id, Kind::Ack)));
    assert_eq!(
        told(&b.duty()).await,
        [evidence.clone(), asked, acknowledged.clone()]
    );
    assert_eq!(
        told(&b.user(3, Role::Diplomat)).await,
        [evidence, acknowledged]
    );
    b.end().await;
}
