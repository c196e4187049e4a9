//! Peers that lie: a ledger that goes on from an old copy without a word, and key sets out of their
//! order.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use audit::Log;
use db::Db;
use federation::{post::KnownPeer, protocol::Standing, state::Delivery, store};
use kernel::Mode;
use queue::dead_letters;
use seal::keys::{KeySet, Purpose, SignedKeySet};

use super::{
    Pair, RECEIPTED, pair,
    party::{Node, Party},
};

db::contract! {
    a_ledger_that_goes_on_from_an_old_copy_is_caught,
    key_sets_are_taken_in_their_order_or_not_at_all,
}

const MODE: Mode = Mode::Exercise;

async fn a_ledger_that_goes_on_from_an_old_copy_is_caught(db: Db) {
    let pair = pair(db.engine()).await;
    pair.node_a
        .send(&pair.node_a.message(&pair.a, &pair.b, Vec::new()))
        .await;
    let copy = pair.node_b.scratch.copy().await;
    for _ in 0..3 {
        let message = pair.node_a.message(&pair.a, &pair.b, Vec::new());
        pair.node_a.send(&message).await;
        assert_eq!(pair.node_a.delivery(&message).await, RECEIPTED);
    }
    // The same keys, an older state, and not a word that it is one.
    let other = Node::on(copy, &pair.b, None, &pair.network).await;
    other.meet(&[(&pair.a, None)]);
    assert_eq!(other.post.ground().epoch(Log::Exercise), 0);
    let mut after = Vec::new();
    for _ in 0..5 {
        let message = pair.node_a.message(&pair.a, &pair.b, Vec::new());
        pair.node_a.send(&message).await;
        after.push(message);
    }
    let mut tx = pair.node_a.scratch.db.begin_read().await.unwrap();
    let row = store::peer(&mut tx, &pair.b.code, MODE).await.unwrap();
    let standing = row.unwrap().standing;
    assert!(matches!(standing, Standing::Frozen { .. }), "{standing:?}");
    let kept = store::evidence(&mut tx, &pair.b.code, MODE).await.unwrap();
    let both = kept.iter().find(|one| one.code == "split_view").unwrap();
    assert!(both.held.is_some() && both.shown.is_some(), "both notes");
    drop(tx);
    let alarms = pair.node_a.alarms().await;
    let caught = alarms.iter().filter(|code| *code == "split_view").count();
    assert_eq!(caught, 1, "{alarms:?}");
    // What came after counts for nothing.
    let last = after.pop().unwrap();
    let delivery = pair.node_a.delivery(&last).await;
    assert!(
        !matches!(delivery, Delivery::Receipted { .. }),
        "{delivery:?}"
    );
}

/// The key sets of a party, one after the other, with new signing keys from the second on.
fn series(party: &Party, count: u64) -> Vec<SignedKeySet> {
    let mut sets = vec![party.key_set(Purpose::Exercise, None)];
    while u64::try_from(sets.len()).unwrap() < count {
        let last = sets.last().unwrap();
        let next = KeySet {
            seq: last.set().seq + 1,
            previous_sha256: Some(last.sha256()),
            ..last.set().clone()
        };
        sets.push(party.root.sign(&next).unwrap());
    }
    sets
}

async fn key_sets_are_taken_in_their_order_or_not_at_all(db: Db) {
    let Pair {
        a,
        b,
        node_a,
        node_b,
        network,
    } = pair(db.engine()).await;
    let sets = series(&b, 4);
    let texts = |from: usize| -> Vec<String> {
        let some = sets.iter().skip(from);
        some.map(|set| String::from_utf8(set.to_bytes()).unwrap())
            .collect()
    };
    // B signs by its third set; it shows sets without the second, then all of them.
    let shown = Arc::new(Mutex::new(texts(2)));
    network.answer_key_sets(&b, &shown, &node_b.post);
    let message = node_b.message_by(&b, &a, 3);
    node_b.send(&message).await;
    assert_ne!(node_b.delivery(&message).await, RECEIPTED);
    node_a.run_due().await;
    let chain = |node: &Node| {
        let peer: Arc<KnownPeer> = node.post.peer(&b.code, MODE).unwrap();
        peer.chain.latest().set().seq
    };
    assert_eq!(chain(&node_a), 1, "none of them was taken");
    let mut tx = node_a.scratch.db.begin_read().await.unwrap();
    let dead = dead_letters(&mut tx, kernel::PageRequest::default()).await;
    let dead = dead.unwrap().items;
    assert!(
        dead.iter().any(|job| job.kind == "federation.keysets"),
        "{dead:?}"
    );
    drop(tx);
    assert_eq!(node_a.taken(), 0);

    *shown.lock().unwrap() = texts(1);
    node_b.pass(Duration::from_mins(1)).await;
    node_a.run_due().await;
    assert_eq!(chain(&node_a), 4);
    for _ in 0..4 {
        node_b.pass(Duration::from_mins(5)).await;
    }
    assert_eq!(node_b.delivery(&message).await, RECEIPTED);
    assert_eq!(node_a.taken(), 1);
}
