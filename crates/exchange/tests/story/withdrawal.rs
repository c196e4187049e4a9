//! What is taken back is removed, and stays so.

use std::sync::atomic::Ordering;

use db::Db;
use exchange::{
    model::{Gone, Kind, ThreadFilter},
    ops,
    state::RequestState,
};
use federation::{body::Attachment, state::Delivery, verify::Outcome};
use kernel::PageRequest;
use serde_json::json;

use crate::house::{House, message, mitigation, two};

db::contract! {
    what_is_taken_back_is_removed_and_the_sender_learns_of_it,
    a_withdrawal_may_come_before_what_it_takes_back,
    nobody_takes_back_the_words_of_another,
    what_never_left_never_leaves_once_it_is_taken_back,
}

fn withdraw(target: kernel::MessageId) -> serde_json::Value {
    json!({"target": target, "reason": "misdirected"})
}

fn blobs(house: &House) -> usize {
    let shelves = std::fs::read_dir(house.folder.path().join("blobs")).unwrap();
    shelves
        .flat_map(|shelf| std::fs::read_dir(shelf.unwrap().path()).unwrap())
        .count()
}

async fn what_is_taken_back_is_removed_and_the_sender_learns_of_it(db: Db) {
    let (a, b, line) = two(db).await;
    let named = Attachment {
        name: "secret.txt".to_owned(),
        media_type: "text/plain".to_owned(),
    };
    let put = ops::put_file(
        &a.x,
        &a.duty(),
        named,
        std::io::Cursor::new(b"secret".to_vec()),
    )
    .await;
    let mut new = message(&b, None, Kind::Rfm, mitigation());
    new.files = vec![put.unwrap().id];
    let rfm = a.send(&a.duty(), new).await;
    b.run_due().await;
    a.run_due().await;
    assert_eq!(blobs(&b), 1);
    a.send(
        &a.duty(),
        message(&b, Some(rfm.thread), Kind::Withdraw, withdraw(rfm.id)),
    )
    .await;
    b.run_due().await;
    a.run_due().await;
    let there = ops::read_message(&b.x, &b.duty(), rfm.id).await.unwrap();
    assert!(matches!(there.gone, Some(Gone::Withdrawn { .. })));
    assert!(there.statement.is_none() && there.files.is_empty());
    assert_eq!(blobs(&b), 0, "the files are gone too");
    let file = ops::read_file(&b.x, &b.duty(), rfm.id, 1).await;
    assert_eq!(file.err().unwrap().code(), "message.withdrawn");
    let words = ThreadFilter {
        text: Some("hospital".to_owned()),
        ..ThreadFilter::default()
    };
    let listed = ops::list_threads(&b.x, &b.duty(), &words, PageRequest::default())
        .await
        .unwrap();
    // The withdrawal has the same title; of the request no word is left.
    let tokens = tokens_of(&b, rfm.id).await;
    assert_eq!((listed.items.len(), tokens), (1, 0));
    assert_eq!(b.acts("message.removed").await, 1);
    // The envelope still proves that it was sent, without its body.
    let proof = ops::proof(&b.x, &b.duty(), rfm.id).await.unwrap();
    assert_eq!(proof.report.outcome(), Outcome::Proven);
    assert!(
        !String::from_utf8(proof.envelope)
            .unwrap()
            .contains("\"sealed\"")
    );
    // A replay brings nothing back.
    assert_eq!(line.replay(0).await, 200);
    b.run_due().await;
    let there = ops::read_message(&b.x, &b.duty(), rfm.id).await.unwrap();
    assert!(there.statement.is_none());
    let again = ops::envelope(&b.x, &b.duty(), rfm.id).await.unwrap();
    assert!(!String::from_utf8(again).unwrap().contains("\"sealed\""));
    // The sender keeps his own words and sees who states that he removed it.
    let here = a.thread(&a.duty(), rfm.thread).await;
    assert_eq!(here.messages[0].removal.len(), 1);
    assert_eq!(here.messages[0].removal[0].0, b.code());
    assert!(here.messages[0].statement.is_some());
    assert_eq!(here.requests[0].state, RequestState::Withdrawn);
    assert_eq!(here.messages.len(), 3, "the confirmation came once");
    assert_eq!(
        ops::counts(&b.x, &b.duty()).await.unwrap().waiting_for_us,
        0
    );
    b.end().await;
}

async fn tokens_of(house: &House, id: kernel::MessageId) -> i64 {
    const SQL: &str = "SELECT count(*) FROM search_token WHERE id = $1";
    let mut tx = house.x.ground.db.begin_read().await.unwrap();
    let (count,): (i64,) = db::query(SQL)
        .bind(id.uuid())
        .fetch_one(&mut tx)
        .await
        .unwrap();
    count
}

async fn a_withdrawal_may_come_before_what_it_takes_back(db: Db) {
    let (a, b, line) = two(db).await;
    let first = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    line.hold.store(true, Ordering::SeqCst);
    let second = a
        .send(
            &a.duty(),
            message(&b, Some(first.thread), Kind::Rfm, mitigation()),
        )
        .await;
    a.send(
        &a.duty(),
        message(&b, Some(first.thread), Kind::Withdraw, withdraw(second.id)),
    )
    .await;
    line.hold.store(false, Ordering::SeqCst);
    assert_eq!(line.replay(2).await, 200);
    assert_eq!(line.replay(1).await, 200);
    b.run_due().await;
    let there = ops::read_message(&b.x, &b.duty(), second.id).await.unwrap();
    assert!(matches!(there.gone, Some(Gone::Withdrawn { .. })));
    assert!(there.statement.is_none());
    let envelope = ops::envelope(&b.x, &b.duty(), second.id).await.unwrap();
    assert!(!String::from_utf8(envelope).unwrap().contains("\"sealed\""));
    assert_eq!(tokens_of(&b, second.id).await, 0);
    b.end().await;
}

async fn what_never_left_never_leaves_once_it_is_taken_back(db: Db) {
    let (a, b, line) = two(db).await;
    let first = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    line.cut.store(true, Ordering::SeqCst);
    let wrong = message(&b, Some(first.thread), Kind::Rfm, mitigation());
    let wrong = a.send(&a.duty(), wrong).await;
    let taken_back = message(&b, Some(first.thread), Kind::Withdraw, withdraw(wrong.id));
    let taken_back = a.send(&a.duty(), taken_back).await;
    line.cut.store(false, Ordering::SeqCst);
    a.clock.advance(std::time::Duration::from_hours(1));
    a.run_due().await;
    b.run_due().await;
    let there = b.thread(&b.duty(), first.thread).await;
    assert_eq!(there.messages.len(), 1, "neither came");
    for id in [wrong.id, taken_back.id] {
        let here = ops::read_message(&a.x, &a.duty(), id).await.unwrap();
        assert_eq!(here.delivery, Some(Delivery::Withdrawn));
    }
    let here = a.thread(&a.duty(), first.thread).await;
    let open = |request: &&exchange::state::Request| request.state != RequestState::Withdrawn;
    assert_eq!(here.requests.iter().filter(open).count(), 1);
    b.end().await;
}

async fn nobody_takes_back_the_words_of_another(db: Db) {
    let (a, b, _line) = two(db).await;
    let rfm = a
        .send(&a.duty(), message(&b, None, Kind::Rfm, mitigation()))
        .await;
    let trick = message(&a, Some(rfm.thread), Kind::Withdraw, withdraw(rfm.id));
    let refused = ops::send(&b.x, &b.duty(), trick).await.unwrap_err();
    assert_eq!(refused.code(), "thread.not_allowed");
    let content = json!({"title": "Gone", "details": withdraw(rfm.id)});
    crate::raw::raw_in(&b, &a, ("WITHDRAW", rfm.thread, Some(rfm.id)), content).await;
    a.run_due().await;
    let here = ops::read_message(&a.x, &a.duty(), rfm.id).await.unwrap();
    assert!(here.gone.is_none() && here.statement.is_some());
    b.end().await;
}
