//! Whatever the order, and however often.

use std::sync::atomic::Ordering;

use db::Db;
use exchange::{
    model::{Kind, ThreadFilter},
    ops,
    state::RequestState,
};
use kernel::{MessageId, OsRng, PageRequest};
use serde_json::json;

use crate::house::{about, message, mitigation, two};

const PLAIN: &str = "SELECT count(*) FROM search_token WHERE token IN ('drop', 'table', 'abc')";

db::contract! {
    what_comes_twice_changes_nothing,
    an_answer_may_come_before_its_acknowledgement,
    a_body_that_breaks_its_rules_is_refused,
    hostile_words_are_words,
    what_is_stuck_is_counted_and_tried_again,
}

async fn what_comes_twice_changes_nothing(db: Db) {
    let (a, b, line) = two(db).await;
    let rfm = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    b.send(
        &b.duty(),
        message(&a, Some(rfm.thread), Kind::Ack, about(rfm.id)),
    )
    .await;
    let before = b.thread(&b.duty(), rfm.thread).await;
    for number in [0, 1, 0] {
        assert_eq!(line.replay(number).await, 200);
    }
    let after = b.thread(&b.duty(), rfm.thread).await;
    assert_eq!(after.messages.len(), before.messages.len());
    assert_eq!(after.requests, before.requests);
    let listed = ops::list_threads(
        &b.x,
        &b.duty(),
        &ThreadFilter::default(),
        PageRequest::default(),
    )
    .await;
    assert_eq!(listed.unwrap().items.len(), 1);
    b.end().await;
}

async fn an_answer_may_come_before_its_acknowledgement(db: Db) {
    let (a, b, line) = two(db).await;
    let rfm = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    line.hold.store(true, Ordering::SeqCst);
    b.send(
        &b.duty(),
        message(&a, Some(rfm.thread), Kind::Ack, about(rfm.id)),
    )
    .await;
    b.clock.advance(std::time::Duration::from_mins(1));
    let done = json!({"refers_to": rfm.id, "decision": "accept"});
    b.send(&b.duty(), message(&a, Some(rfm.thread), Kind::Resp, done))
        .await;
    line.hold.store(false, Ordering::SeqCst);
    assert_eq!(line.replay(2).await, 200);
    let view = a.thread(&a.duty(), rfm.thread).await;
    assert_eq!(view.requests[0].state, RequestState::Responded);
    let early = view.requests[0].acknowledged;
    assert_eq!(line.replay(1).await, 200);
    let view = a.thread(&a.duty(), rfm.thread).await;
    assert_eq!(view.requests[0].state, RequestState::Responded);
    assert!(
        view.requests[0].acknowledged < early,
        "the acknowledgement adds its time"
    );
    let there = b.thread(&b.duty(), rfm.thread).await;
    assert_eq!(view.requests, there.requests);
    b.end().await;
}

async fn a_body_that_breaks_its_rules_is_refused(db: Db) {
    let (a, b, _line) = two(db).await;
    for (kind, content) in [
        ("RFM", json!({"title": "No details"})),
        (
            "RFM",
            json!({"title": "x".repeat(20_000), "details": mitigation()}),
        ),
        (
            "RFM",
            json!({"title": "gnp.\u{202e}exe", "details": mitigation()}),
        ),
        (
            "ACK",
            json!({"title": "No parent", "details": about(MessageId::random(&OsRng))}),
        ),
        ("SHARE", json!({"title": "Of a newer node"})),
    ] {
        let sent = crate::raw::raw(&a, &b, kind, content.clone()).await;
        let delivery = crate::raw::delivery(&a, sent).await;
        assert_eq!(delivery.code(), "refused", "{kind} {delivery:?}");
        let there = ops::read_message(&b.x, &b.duty(), sent).await;
        assert_eq!(there.unwrap_err().code(), "message.not_found");
    }
    b.end().await;
}

async fn hostile_words_are_words(db: Db) {
    let (a, b, _line) = two(db).await;
    let title = "'; DROP TABLE exchange_message; -- <img src=x> مرحبا \u{2067}abc\u{2069}";
    let content = json!({"title": title, "text": "t".repeat(20_000), "details": mitigation()});
    let sent = crate::raw::raw(&a, &b, "RFM", content).await;
    let there = ops::read_message(&b.x, &b.duty(), sent).await.unwrap();
    let statement = there.statement.unwrap();
    assert_eq!(statement.title.as_str(), title);
    assert_eq!(statement.text.unwrap().as_str().len(), 20_000);
    let found = async |text: &str| {
        let filter = ThreadFilter {
            text: Some(text.to_owned()),
            ..ThreadFilter::default()
        };
        let page = ops::list_threads(&b.x, &b.duty(), &filter, PageRequest::default()).await;
        page.unwrap().items.len()
    };
    assert_eq!((found("drop مرحبا").await, found("nothing").await), (1, 0));
    // What is sealed is not in the index of words either.
    let mut tx = b.x.ground.db.begin_read().await.unwrap();
    let (plain,): (i64,) = db::query(PLAIN).fetch_one(&mut tx).await.unwrap();
    assert_eq!(plain, 0);
    drop(tx);
    b.end().await;
}

async fn what_is_stuck_is_counted_and_tried_again(db: Db) {
    let (a, b, line) = two(db).await;
    line.cut.store(true, Ordering::SeqCst);
    let sent = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    for _ in 0..40 {
        a.pass(std::time::Duration::from_hours(1)).await;
    }
    assert_eq!(ops::counts(&a.x, &a.duty()).await.unwrap().undelivered, 1);
    line.cut.store(false, Ordering::SeqCst);
    let other = ops::retry(&b.x, &b.duty(), sent.id).await.unwrap_err();
    assert_eq!(other.code(), "message.not_found");
    ops::retry(&a.x, &a.duty(), sent.id).await.unwrap();
    a.x.post.drain().await;
    assert_eq!(ops::counts(&a.x, &a.duty()).await.unwrap().undelivered, 0);
    assert_eq!(b.thread(&b.duty(), sent.thread).await.messages.len(), 1);
    assert_eq!(a.acts("message.retried").await, 1);
    b.end().await;
}
