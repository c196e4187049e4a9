//! Nodes with real stores, ledgers and cryptography talk over a network that can be cut.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod lies;
mod network;
mod notes;
mod party;
mod restore;

use std::{sync::atomic::Ordering, time::Duration};

use db::{Db, Engine};
use federation::{
    body::Attachment,
    compose::seal_attachment,
    state::{Delivery, Grade},
    store,
    verify::{Outcome, verify},
};
use kernel::{Limit, Mode, OsRng, PageRequest};
use seal::keys::Purpose;

use network::Network;
use party::{Node, Party};

db::contract! {
    a_message_is_receipted_and_handed_up_once,
    a_cut_line_heals_and_nothing_is_doubled,
    a_lost_answer_gives_the_same_receipt_again,
    a_tampered_envelope_is_refused_and_the_good_one_goes_through,
    an_attachment_comes_in_pieces_before_the_receipt,
    a_witness_cosigns_and_the_receipt_is_upgraded,
    a_stranger_is_told_nothing,
    deliveries_are_listed_newest_first,
}

pub(crate) struct Pair {
    a: Party,
    b: Party,
    node_a: Node,
    node_b: Node,
    network: Network,
}

pub(crate) async fn pair(engine: Engine) -> Pair {
    let network = Network::default();
    let (a, b) = (Party::new("XA"), Party::new("XB"));
    let node_a = Node::start(engine, &a, None, &network).await;
    let node_b = Node::start(engine, &b, None, &network).await;
    node_a.meet(&[(&b, None)]);
    node_b.meet(&[(&a, None)]);
    Pair {
        a,
        b,
        node_a,
        node_b,
        network,
    }
}

pub(crate) const RECEIPTED: Delivery = Delivery::Receipted { grade: Grade::Own };

async fn a_message_is_receipted_and_handed_up_once(db: Db) {
    let pair = pair(db.engine()).await;
    let message = pair.node_a.message(&pair.a, &pair.b, Vec::new());
    pair.node_a.send(&message).await;
    assert_eq!(pair.node_a.delivery(&message).await, RECEIPTED);
    assert_eq!(pair.node_b.taken(), 1);
    // The stored receipt convinces a third party.
    let mut tx = pair.node_a.scratch.db.begin_read().await.unwrap();
    let (_, receipt, _) = store::receipt(&mut tx, message.header.id)
        .await
        .unwrap()
        .unwrap();
    let sets = [
        pair.a.key_set(Purpose::Exercise, None),
        pair.b.key_set(Purpose::Exercise, None),
    ];
    let trust = [pair.a.root.fingerprint(), pair.b.root.fingerprint()];
    let report = verify(&message.envelope, receipt.as_bytes(), &sets, &trust);
    assert_eq!(report.outcome(), Outcome::Proven, "{report:#?}");
    assert_eq!(pair.node_a.alarms().await, Vec::<String>::new());
}

async fn a_cut_line_heals_and_nothing_is_doubled(db: Db) {
    let pair = pair(db.engine()).await;
    pair.network.cut.store(true, Ordering::SeqCst);
    let message = pair.node_a.message(&pair.a, &pair.b, Vec::new());
    pair.node_a.send(&message).await;
    assert_eq!(pair.node_a.delivery(&message).await, Delivery::Queued);
    for _ in 0..12 {
        pair.node_a.pass(Duration::from_hours(1)).await;
    }
    assert!(matches!(
        pair.node_a.delivery(&message).await,
        Delivery::Undeliverable { .. }
    ));
    assert_eq!(pair.node_a.alarms().await, ["undeliverable"]);
    pair.node_a.see_alarms().await;
    pair.network.cut.store(false, Ordering::SeqCst);
    pair.node_b
        .clock
        .set(kernel::Clock::now(&*pair.node_a.clock));
    pair.node_a.pass(Duration::from_hours(1)).await;
    assert_eq!(pair.node_a.delivery(&message).await, RECEIPTED);
    assert_eq!(pair.node_b.taken(), 1);
}

async fn deliveries_are_listed_newest_first(db: Db) {
    let pair = pair(db.engine()).await;
    let mut sent = Vec::new();
    for _ in 0..3 {
        let message = pair.node_a.message(&pair.a, &pair.b, Vec::new());
        pair.node_a.send(&message).await;
        pair.node_a.clock.advance(Duration::from_secs(1));
        sent.push(message.header.id);
    }
    sent.reverse();
    let mut tx = pair.node_a.scratch.db.begin_read().await.unwrap();
    let two = PageRequest {
        after: None,
        limit: Limit::new(2).unwrap(),
    };
    let first = store::deliveries(&mut tx, Mode::Exercise, two)
        .await
        .unwrap();
    let rest = PageRequest {
        after: first.next,
        ..two
    };
    let rest = store::deliveries(&mut tx, Mode::Exercise, rest)
        .await
        .unwrap();
    assert_eq!(rest.next, None);
    let listed: Vec<_> = first
        .items
        .into_iter()
        .chain(rest.items)
        .map(|one| one.id)
        .collect();
    assert_eq!(listed, sent);
    let real = store::deliveries(&mut tx, Mode::Real, two).await.unwrap();
    assert!(real.items.is_empty(), "an exercise is not real");
}

async fn a_lost_answer_gives_the_same_receipt_again(db: Db) {
    let pair = pair(db.engine()).await;
    pair.network.deaf.store(true, Ordering::SeqCst);
    let message = pair.node_a.message(&pair.a, &pair.b, Vec::new());
    pair.node_a.send(&message).await;
    assert_eq!(pair.node_b.taken(), 1, "it arrived");
    assert_eq!(pair.node_a.delivery(&message).await, Delivery::Queued);
    pair.network.deaf.store(false, Ordering::SeqCst);
    pair.node_a.pass(Duration::from_mins(1)).await;
    assert_eq!(pair.node_a.delivery(&message).await, RECEIPTED);
    assert_eq!(pair.node_b.taken(), 1, "and was handed up once");
}

async fn a_tampered_envelope_is_refused_and_the_good_one_goes_through(db: Db) {
    let pair = pair(db.engine()).await;
    pair.network.tamper.store(true, Ordering::SeqCst);
    let message = pair.node_a.message(&pair.a, &pair.b, Vec::new());
    pair.node_a.send(&message).await;
    assert_eq!(pair.node_b.taken(), 0);
    assert_ne!(pair.node_a.delivery(&message).await, RECEIPTED);
    for _ in 0..3 {
        pair.node_a.pass(Duration::from_mins(5)).await;
    }
    assert_eq!(pair.node_a.delivery(&message).await, RECEIPTED);
    assert_eq!(pair.node_b.taken(), 1);
}

async fn an_attachment_comes_in_pieces_before_the_receipt(db: Db) {
    let pair = pair(db.engine()).await;
    let named = Attachment {
        name: "memory.img".to_owned(),
        media_type: "application/octet-stream".to_owned(),
    };
    let content = vec![7_u8; 3_000_000];
    let (recipient, archive) = (
        pair.b.secrets.exercise.identity.recipient(),
        pair.a.archive.recipient(),
    );
    let mut sealed = Vec::new();
    let attachment = seal_attachment(
        named,
        content.as_slice(),
        &mut sealed,
        (&recipient, &archive),
        &OsRng,
    )
    .unwrap();
    let digest = attachment.file.sha256;
    pair.node_a.post.files().put(&digest, &sealed).unwrap();
    let message = pair.node_a.message(&pair.a, &pair.b, vec![attachment]);
    pair.node_a.send(&message).await;
    assert!(pair.node_b.post.files().has(&digest));
    assert_eq!(pair.node_a.delivery(&message).await, RECEIPTED);
    assert_eq!(pair.node_b.taken(), 1);
}

async fn a_witness_cosigns_and_the_receipt_is_upgraded(db: Db) {
    let network = Network::default();
    let (a, b, hub) = (Party::new("XA"), Party::new("XB"), Party::new("XH"));
    let node_a = Node::start(db.engine(), &a, None, &network).await;
    let node_b = Node::start(db.engine(), &b, Some(&hub), &network).await;
    let node_hub = Node::start(db.engine(), &hub, None, &network).await;
    node_a.meet(&[(&b, Some(&hub)), (&hub, None)]);
    node_b.meet(&[(&a, None), (&hub, None)]);
    node_hub.meet(&[(&a, None), (&b, Some(&hub))]);
    let message = node_a.message(&a, &b, Vec::new());
    node_a.send(&message).await;
    assert_eq!(node_a.delivery(&message).await, RECEIPTED);
    assert!(node_b.post.cosign_round(Mode::Exercise).await.unwrap());
    node_b.run_due().await;
    node_a.pass(Duration::from_mins(1)).await;
    let witnessed = Delivery::Receipted {
        grade: Grade::Witnessed,
    };
    assert_eq!(node_a.delivery(&message).await, witnessed);
    let mut tx = node_a.scratch.db.begin_read().await.unwrap();
    let (_, receipt, _) = store::receipt(&mut tx, message.header.id)
        .await
        .unwrap()
        .unwrap();
    let sets = [
        a.key_set(Purpose::Exercise, None),
        b.key_set(Purpose::Exercise, Some(&hub)),
    ];
    let trust = [a.root.fingerprint(), b.root.fingerprint()];
    let report = verify(&message.envelope, receipt.as_bytes(), &sets, &trust);
    assert_eq!(report.outcome(), Outcome::Proven, "{report:#?}");
    assert_eq!(report.witnesses.len(), 1);
    assert!(node_hub.alarms().await.is_empty());
}

async fn a_stranger_is_told_nothing(db: Db) {
    let pair = pair(db.engine()).await;
    // B no longer knows A.
    pair.node_b.meet(&[]);
    let message = pair.node_a.message(&pair.a, &pair.b, Vec::new());
    pair.node_a.send(&message).await;
    assert_eq!(pair.node_a.delivery(&message).await, Delivery::Queued);
    assert_eq!(pair.node_b.taken(), 0);
    assert!(pair.node_b.post.peers(Mode::Exercise).is_empty());
}
