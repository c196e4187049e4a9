//! Two nodes compare notes: what one of them lost is named, shown, and comes back.

use std::{sync::atomic::Ordering, time::Duration};

use db::{Db, query};
use federation::{
    body::Attachment,
    compose::{SealedAttachment, seal_attachment},
    protocol::{Bound, Exposure, Gap, Holdings, Incoming, Outgoing, Stage},
    state::Grade,
    store,
};
use kernel::{MessageId, Mode, OsRng, PageRequest, PartyCode};
use seal::Digest;

use super::{
    Pair, RECEIPTED, pair,
    party::{Node, Party},
};

db::contract! {
    equal_notes_name_nothing,
    a_message_that_the_receiver_lost_is_shown_and_comes_again,
    a_message_that_the_sender_lost_is_given_back_with_its_file,
    notes_over_many_pages_find_the_one_that_is_missing,
    what_is_on_its_way_is_no_gap,
    many_receipts_at_once_are_no_split_view,
    notes_are_compared_every_hour,
}

const MODE: Mode = Mode::Exercise;
const LOSE_IN: &str = "DELETE FROM inbox WHERE id = $1";
const LOSE_OUT: &str = "DELETE FROM outbox WHERE id = $1";
const UNPROVEN: &str = "DELETE FROM receipt WHERE id = $1";

async fn holdings(node: &Node, of: &PartyCode) -> Holdings {
    let mut tx = node.scratch.db.begin().await.unwrap();
    store::lock_peer(&mut tx, of, MODE).await.unwrap().holdings
}

/// Loses a row, and what the notes said of it: as if it had never been.
async fn forget(node: &Node, of: &PartyCode, sql: &'static str, id: MessageId, before: &Holdings) {
    let mut tx = node.scratch.db.begin().await.unwrap();
    let gone = query(sql).bind(id.uuid()).execute(&mut tx).await;
    assert_eq!(gone.unwrap(), 1);
    store::put_holdings(&mut tx, (of, MODE), before)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn gaps(node: &Node) -> Vec<(MessageId, Gap)> {
    let mut tx = node.scratch.db.begin_read().await.unwrap();
    let page = store::open_gaps(&mut tx, MODE, PageRequest::default());
    let rows = page.await.unwrap().items;
    rows.into_iter().map(|row| (row.id, row.gap)).collect()
}

/// An attachment of a megabyte, sealed and among the sender's files.
pub(crate) fn attachment(from: &Party, to: &Party, node: &Node) -> SealedAttachment {
    let named = Attachment {
        name: "memory.img".to_owned(),
        media_type: "application/octet-stream".to_owned(),
    };
    let (recipient, archive) = (
        to.secrets.exercise.identity.recipient(),
        from.archive.recipient(),
    );
    let mut sealed = Vec::new();
    let content = vec![7_u8; 1_500_000];
    let attachment = seal_attachment(
        named,
        content.as_slice(),
        &mut sealed,
        (&recipient, &archive),
        &OsRng,
    )
    .unwrap();
    let files = node.post.files();
    files.put(&attachment.file.sha256, &sealed).unwrap();
    attachment
}

async fn equal_notes_name_nothing(db: Db) {
    let Pair {
        a,
        b,
        node_a,
        node_b,
        ..
    } = pair(db.engine()).await;
    for _ in 0..3 {
        node_a.send(&node_a.message(&a, &b, Vec::new())).await;
    }
    node_b.send(&node_b.message(&b, &a, Vec::new())).await;
    assert!(node_a.post.reconcile((&b.code, MODE)).await.unwrap());
    assert!(node_b.post.reconcile((&a.code, MODE)).await.unwrap());
    assert_eq!(gaps(&node_a).await, []);
    assert_eq!(gaps(&node_b).await, []);
    let theirs = holdings(&node_b, &a.code).await;
    assert!(holdings(&node_a, &b.code).await.agrees_with(&theirs));
}

async fn a_message_that_the_receiver_lost_is_shown_and_comes_again(db: Db) {
    let Pair {
        a,
        b,
        node_a,
        node_b,
        ..
    } = pair(db.engine()).await;
    node_a.send(&node_a.message(&a, &b, Vec::new())).await;
    let before = holdings(&node_b, &a.code).await;
    let lost = node_a.message(&a, &b, Vec::new());
    let id = lost.header.id;
    node_a.send(&lost).await;
    forget(&node_b, &a.code, LOSE_IN, id, &before).await;
    assert!(node_b.post.reconcile((&a.code, MODE)).await.unwrap());
    // A was asked, and has not sent yet: until then the difference stands on both sides.
    assert_eq!(gaps(&node_b).await, [(id, Gap::WeMiss)]);
    assert_eq!(gaps(&node_a).await, [(id, Gap::TheyMiss)]);
    node_a.post.drain().await;
    assert_eq!(gaps(&node_b).await, []);
    assert_eq!(gaps(&node_a).await, []);
    assert_eq!(node_b.alarms().await, ["gap"]);
    assert!(node_a.post.reconcile((&b.code, MODE)).await.unwrap());
    let theirs = holdings(&node_b, &a.code).await;
    assert!(holdings(&node_a, &b.code).await.agrees_with(&theirs));
}

async fn a_message_that_the_sender_lost_is_given_back_with_its_file(db: Db) {
    let Pair {
        a,
        b,
        node_a,
        node_b,
        ..
    } = pair(db.engine()).await;
    node_a.send(&node_a.message(&a, &b, Vec::new())).await;
    let before = holdings(&node_a, &b.code).await;
    let attachment = attachment(&a, &b, &node_a);
    let file = attachment.file.sha256;
    let lost = node_a.message(&a, &b, vec![attachment]);
    let id = lost.header.id;
    node_a.send(&lost).await;
    assert_eq!(node_a.delivery(&lost).await, RECEIPTED);
    forget(&node_a, &b.code, LOSE_OUT, id, &before).await;
    forget(&node_a, &b.code, UNPROVEN, id, &before).await;
    node_a.post.files().remove(&file).unwrap();

    assert!(node_a.post.reconcile((&b.code, MODE)).await.unwrap());
    assert_eq!(node_a.delivery(&lost).await, RECEIPTED);
    assert!(node_a.post.files().has(&file));
    assert_eq!(gaps(&node_a).await, []);
    let mut tx = node_a.scratch.db.begin_read().await.unwrap();
    let envelope = store::envelope_out(&mut tx, id).await.unwrap().unwrap();
    assert_eq!(envelope, lost.envelope);
    assert!(store::receipt(&mut tx, id).await.unwrap().is_some());
    drop(tx);
    assert_eq!(node_b.taken(), 2, "nothing came twice");
    assert!(node_b.post.reconcile((&a.code, MODE)).await.unwrap());
    assert_eq!(gaps(&node_b).await, []);
}

/// What both hold without further ado: as many messages from A to B, and notes that agree.
async fn hold(pair: &Pair, count: u32) -> Holdings {
    let (at_a, at_b) = ((&pair.b.code, MODE), (&pair.a.code, MODE));
    let mut ours = holdings(&pair.node_a, at_a.0).await;
    let mut tx_a = pair.node_a.scratch.db.begin().await.unwrap();
    let mut tx_b = pair.node_b.scratch.db.begin().await.unwrap();
    store::lock_peer(&mut tx_b, at_b.0, MODE).await.unwrap();
    let now = kernel::Timestamp::from_micros(super::party::START);
    for number in 0..count {
        let id = MessageId::random(&OsRng);
        let digest = Digest::of(&number.to_be_bytes());
        let out = Outgoing {
            digest,
            delivery: RECEIPTED,
            attempt: 1,
            step: 1,
            failing_since: None,
            exposure: Exposure::Possible,
            withdrawn: false,
            forgone: false,
        };
        let stage = Stage::Received { grade: Grade::Own };
        let incoming = Incoming {
            bound: Some(Bound { digest, stage }),
            ..Incoming::default()
        };
        let put = store::insert_outgoing(&mut tx_a, at_a, id, (&out, b"{}"), now);
        put.await.unwrap();
        let put = store::put_incoming(&mut tx_b, at_b, id, (&incoming, None), now);
        put.await.unwrap();
        ours.sent.add(id, digest);
    }
    let theirs = Holdings {
        sent: ours.received,
        received: ours.sent,
    };
    let put = store::put_holdings(&mut tx_a, at_a, &ours);
    put.await.unwrap();
    let put = store::put_holdings(&mut tx_b, at_b, &theirs);
    put.await.unwrap();
    tx_a.commit().await.unwrap();
    tx_b.commit().await.unwrap();
    theirs
}

async fn notes_over_many_pages_find_the_one_that_is_missing(db: Db) {
    let pair = pair(db.engine()).await;
    let before = hold(&pair, 1_200).await;
    let Pair {
        a,
        b,
        node_a,
        node_b,
        ..
    } = pair;
    let lost = node_a.message(&a, &b, Vec::new());
    let id = lost.header.id;
    node_a.send(&lost).await;
    forget(&node_b, &a.code, LOSE_IN, id, &before).await;

    assert!(node_b.post.reconcile((&a.code, MODE)).await.unwrap());
    assert_eq!(gaps(&node_b).await, [(id, Gap::WeMiss)]);
    node_a.post.drain().await;
    assert_eq!(gaps(&node_b).await, []);
    assert_eq!(gaps(&node_a).await, []);
    // A page is bounded, and says where the next begins.
    let page = node_b.post.names((&a.code, MODE), (None, None));
    let page = page.await.unwrap();
    assert_eq!(page.received.len(), federation::wire::NAMES_MAX);
    assert_eq!(page.until, page.received.last().map(|(id, _)| *id));
}

async fn what_is_on_its_way_is_no_gap(db: Db) {
    let Pair {
        a,
        b,
        node_a,
        node_b,
        network,
    } = pair(db.engine()).await;
    // The receipt is lost on the way: B holds what A does not know to be delivered.
    network.deaf.store(true, Ordering::SeqCst);
    let message = node_a.message(&a, &b, Vec::new());
    node_a.send(&message).await;
    network.deaf.store(false, Ordering::SeqCst);
    assert!(node_b.post.reconcile((&a.code, MODE)).await.unwrap());
    assert_eq!(gaps(&node_b).await, []);
    assert!(node_a.post.reconcile((&b.code, MODE)).await.unwrap());
    assert_eq!(gaps(&node_a).await, []);
    assert_eq!(
        node_a.delivery(&message).await,
        RECEIPTED,
        "asked for again"
    );
    assert_eq!(node_b.taken(), 1);
}

async fn many_receipts_at_once_are_no_split_view(db: Db) {
    let Pair {
        a,
        b,
        node_a,
        node_b,
        ..
    } = pair(db.engine()).await;
    let stop = tokio_util::sync::CancellationToken::new();
    let (post, until) = (node_a.post.clone(), stop.clone());
    let tasks = tokio_util::task::TaskTracker::new();
    tasks.spawn(async move { post.run(until).await });
    let mut messages = Vec::new();
    for _ in 0..40 {
        let message = node_a.message(&a, &b, Vec::new());
        let mut tx = node_a.scratch.db.begin().await.unwrap();
        node_a.post.submit(&mut tx, &message).await.unwrap();
        tx.commit().await.unwrap();
        messages.push(message);
    }
    for message in &messages {
        node_a.post.sent(message);
    }
    // What is under way ends before the loop does.
    while node_b.taken() < messages.len() {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    tasks.close();
    tasks.wait().await;
    assert_eq!(node_a.alarms().await, Vec::<String>::new());
    node_a.pass(Duration::from_mins(1)).await;
    for message in &messages {
        assert_eq!(node_a.delivery(message).await, RECEIPTED);
    }
}

async fn notes_are_compared_every_hour(db: Db) {
    let Pair {
        a,
        b,
        node_a,
        node_b,
        ..
    } = pair(db.engine()).await;
    node_a.send(&node_a.message(&a, &b, Vec::new())).await;
    let before = holdings(&node_b, &a.code).await;
    let lost = node_a.message(&a, &b, Vec::new());
    node_a.send(&lost).await;
    // Twice, as after a restart: the earlier plan no longer counts.
    node_b.post.plan().await.unwrap();
    node_b.post.plan().await.unwrap();
    node_b.run_due().await;
    let id = lost.header.id;
    forget(&node_b, &a.code, LOSE_IN, id, &before).await;
    node_b.pass(Duration::from_mins(50)).await;
    assert_eq!(gaps(&node_b).await, []);
    node_b.pass(Duration::from_mins(11)).await;
    assert_eq!(gaps(&node_b).await, [(id, Gap::WeMiss)]);
    node_a.post.drain().await;
    assert_eq!(gaps(&node_b).await, []);
}
