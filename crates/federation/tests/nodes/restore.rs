//! A node comes back from a backup: it signs nothing before it knows how far it had come, loses
//! nothing that was acknowledged, doubles nothing, and looks like no attacker.

use std::{collections::BTreeSet, sync::atomic::Ordering, time::Duration};

use audit::Log;
use db::{Db, Engine, scratch::Scratch, setting};
use federation::{
    compose::Message,
    error::Error,
    post::{Gate, Progress, RESTORED},
    protocol::Standing,
    state::{Delivery, Grade},
    store,
    verify::{Outcome, verify},
};
use kernel::{Clock, Mode};
use ledger::{Act, Note};
use seal::keys::Purpose;

use super::{
    RECEIPTED,
    network::Network,
    notes::{attachment, gaps},
    party::{Node, Party},
};

db::contract! {
    an_hour_old_backup_comes_back_whole_under_traffic,
    a_backup_that_nobody_outgrew_goes_on_as_it_was,
    a_restored_node_signs_nothing_while_it_asks,
    a_peer_that_stays_silent_costs_an_epoch_and_not_the_node,
    a_statement_is_believed_once_and_only_from_its_party,
}

const MODE: Mode = Mode::Exercise;

struct Three {
    network: Network,
    parties: [Party; 3],
    a: Node,
    hub: Node,
}

/// A and B exchange messages; the hub witnesses the ledger of B.
async fn three(engine: Engine) -> (Three, Node) {
    let network = Network::default();
    let parties = ["XA", "XB", "XH"].map(Party::new);
    let [a, b, hub] = &parties;
    let node_a = Node::start(engine, a, None, &network).await;
    let node_b = Node::start(engine, b, Some(hub), &network).await;
    let node_hub = Node::start(engine, hub, None, &network).await;
    node_a.meet(&[(b, Some(hub)), (hub, None)]);
    node_b.meet(&[(a, None), (hub, None)]);
    node_hub.meet(&[(a, None), (b, Some(hub))]);
    let three = Three {
        network,
        a: node_a,
        hub: node_hub,
        parties,
    };
    (three, node_b)
}

impl Three {
    /// B from its backup, an hour later than the others are.
    async fn restore(&self, backup: Scratch) -> Node {
        let [a, b, hub] = &self.parties;
        let mut tx = backup.db.begin().await.unwrap();
        setting::write(&mut tx, RESTORED, "2026-11-21T06:00:00Z")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let node = Node::on(backup, b, Some(hub), &self.network).await;
        node.meet(&[(a, None), (hub, None)]);
        node.clock.set(self.a.clock.now());
        node
    }

    async fn a_to_b(&self, attached: bool) -> Message {
        let [a, b, _] = &self.parties;
        let attachments = if attached {
            vec![attachment(a, b, &self.a)]
        } else {
            Vec::new()
        };
        let message = self.a.message(a, b, attachments);
        self.a.send(&message).await;
        message
    }

    async fn b_to_a(&self, node: &Node, attached: bool) -> Message {
        let [a, b, _] = &self.parties;
        let attachments = if attached {
            vec![attachment(b, a, node)]
        } else {
            Vec::new()
        };
        let message = node.message(b, a, attachments);
        node.send(&message).await;
        message
    }

    /// Lets time pass for everybody, step by step.
    async fn pass(&self, b: &Node, steps: u32, step: Duration) {
        for _ in 0..steps {
            for node in [&self.a, b, &self.hub] {
                node.pass(step).await;
            }
        }
    }
}

/// The receipt that a node keeps for its message, judged by a third party.
async fn proven(three: &Three, node: &Node, message: &Message) -> bool {
    let [a, b, hub] = &three.parties;
    let mut tx = node.scratch.db.begin_read().await.unwrap();
    let kept = store::receipt(&mut tx, message.header.id).await.unwrap();
    let (_, receipt, _) = kept.unwrap();
    let sets = [
        a.key_set(Purpose::Exercise, None),
        b.key_set(Purpose::Exercise, Some(hub)),
    ];
    let trust = [a.root.fingerprint(), b.root.fingerprint()];
    let report = verify(&message.envelope, receipt.as_bytes(), &sets, &trust);
    report.outcome() == Outcome::Proven
}

async fn an_hour_old_backup_comes_back_whole_under_traffic(db: Db) {
    let (three, old) = three(db.engine()).await;
    let (mut to_b, mut to_a) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        to_b.push(three.a_to_b(false).await);
        to_a.push(three.b_to_a(&old, false).await);
    }
    three.pass(&old, 2, Duration::from_secs(30)).await;
    let backup = old.scratch.copy().await;
    // An hour of traffic that the backup knows nothing of. The witness sees the ledger grow.
    for attached in [true, false, false] {
        to_b.push(three.a_to_b(attached).await);
        to_a.push(three.b_to_a(&old, attached).await);
        three.pass(&old, 2, Duration::from_mins(10)).await;
    }
    for message in &to_b {
        let witnessed = three.a.delivery(message).await;
        let grade = Grade::Witnessed;
        assert_eq!(witnessed, Delivery::Receipted { grade }, "acknowledged");
    }
    for message in &to_a {
        assert_eq!(old.delivery(message).await, RECEIPTED, "acknowledged");
    }
    // The disk dies; the others go on.
    three.network.disconnect(&three.parties[1]);
    to_b.push(three.a_to_b(false).await);
    let node = three.restore(backup).await;
    node.post.plan().await.unwrap();
    three.a.post.plan().await.unwrap();
    to_b.push(three.a_to_b(true).await);
    three.pass(&node, 6, Duration::from_secs(20)).await;
    to_b.push(three.a_to_b(false).await);
    to_a.push(three.b_to_a(&node, false).await);
    three.pass(&node, 10, Duration::from_mins(20)).await;

    assert_eq!(node.post.gate().await.unwrap(), Gate::Open);
    for message in &to_b {
        let delivery = three.a.delivery(message).await;
        assert!(
            matches!(delivery, Delivery::Receipted { .. }),
            "{delivery:?}"
        );
        assert!(proven(&three, &three.a, message).await);
    }
    for message in &to_a {
        assert_eq!(node.delivery(message).await, RECEIPTED, "nothing is lost");
        assert!(proven(&three, &node, message).await);
    }
    // Three stood in the backup, and the rest was handed up once more, on the database that lost it.
    let taken: Vec<_> = node
        .taken
        .lock()
        .unwrap()
        .iter()
        .map(|one| one.header.id)
        .collect();
    let distinct: BTreeSet<_> = taken.iter().copied().collect();
    assert_eq!((taken.len(), distinct.len()), (to_b.len() - 3, taken.len()));
    assert_eq!(three.a.taken(), to_a.len(), "nothing is doubled");
    for one in [&three.a, &node] {
        assert_eq!(gaps(one).await, []);
    }
    assert_eq!(node.post.ground().epoch(Log::Exercise), 1);
    assert_no_attack(&three, &node).await;
    assert_agreed(&three, &node).await;
}

/// Peers and the witness show a restore, and none of them a lie.
async fn assert_no_attack(three: &Three, node: &Node) {
    let b = &three.parties[1].code;
    for one in [&three.a, &three.hub] {
        let alarms = one.alarms().await;
        assert!(alarms.contains(&"peer_restored".to_owned()), "{alarms:?}");
        let restored = alarms.iter().filter(|code| *code == "peer_restored");
        assert_eq!(restored.count(), 1, "said once");
        let mut tx = one.scratch.db.begin_read().await.unwrap();
        let row = store::peer(&mut tx, b, MODE).await.unwrap().unwrap();
        assert_eq!(row.standing, Standing::Believed);
        assert_eq!(row.epoch, 1);
        assert!(row.restored.is_some());
    }
    for one in [&three.a, &three.hub, node] {
        for alarm in one.alarms().await {
            let expected = ["peer_restored", "gap", "undeliverable"];
            assert!(expected.contains(&alarm.as_str()), "{alarm}");
        }
    }
}

async fn assert_agreed(three: &Three, node: &Node) {
    let [a, b, _] = &three.parties;
    assert!(node.post.reconcile((&a.code, MODE)).await.unwrap());
    let row = |node: &Node, of: &Party| {
        let (db, of) = (node.scratch.db.clone(), of.code.clone());
        async move {
            let mut tx = db.begin_read().await.unwrap();
            store::peer(&mut tx, &of, MODE).await.unwrap().unwrap()
        }
    };
    let (ours, theirs) = (row(node, a).await, row(&three.a, b).await);
    assert!(ours.holdings.agrees_with(&theirs.holdings));
}

async fn a_backup_that_nobody_outgrew_goes_on_as_it_was(db: Db) {
    let (three, old) = three(db.engine()).await;
    let before = three.a_to_b(false).await;
    three.pass(&old, 2, Duration::from_secs(30)).await;
    let backup = old.scratch.copy().await;
    three.network.disconnect(&three.parties[1]);
    let node = three.restore(backup).await;
    assert_eq!(node.post.come_back().await.unwrap(), Progress::Done);
    let after = three.a_to_b(false).await;
    three.pass(&node, 3, Duration::from_mins(5)).await;
    for message in [&before, &after] {
        assert!(proven(&three, &three.a, message).await);
    }
    assert_eq!(node.post.ground().epoch(Log::Exercise), 0);
    assert_eq!(three.a.alarms().await, Vec::<String>::new());
    assert_eq!(three.hub.alarms().await, Vec::<String>::new());
    // What only auditors saw cannot be asked of anybody.
    assert_eq!(node.post.ground().epoch(Log::Acts), 1);
    // Once back it does not begin anew.
    assert_eq!(node.post.come_back().await.unwrap(), Progress::Done);
    assert_eq!(node.post.ground().epoch(Log::Acts), 1);
}

/// The newest checkpoint of the exchange, and the number of leaves.
async fn ledger_of(node: &Node) -> (Option<Note>, u64) {
    let (ground, log) = (node.post.ground(), Log::Exercise);
    let mut tx = ground.db.begin_read().await.unwrap();
    let newest = audit::newest_checkpoint(&mut tx, ground, log)
        .await
        .unwrap();
    (newest, audit::size(&mut tx, ground, log).await.unwrap())
}

async fn a_restored_node_signs_nothing_while_it_asks(db: Db) {
    let (three, old) = three(db.engine()).await;
    let [a, b, _] = &three.parties;
    three.a_to_b(false).await;
    let backup = old.scratch.copy().await;
    let lost = three.a_to_b(false).await;
    let node = three.restore(backup).await;
    let before = ledger_of(&node).await;
    // Nobody can be asked.
    three.network.cut.store(true, Ordering::SeqCst);
    assert_eq!(node.post.come_back().await.unwrap(), Progress::Waiting);
    assert_eq!(node.post.gate().await.unwrap(), Gate::Asking);
    let message = node.message(b, a, Vec::new());
    let mut tx = node.scratch.db.begin().await.unwrap();
    let refused = node.post.submit(&mut tx, &message).await;
    assert!(matches!(refused, Err(Error::Returning)));
    drop(tx);
    // The line from A is open again before anybody was asked: it is told "later".
    three.network.cut.store(false, Ordering::SeqCst);
    let waiting = three.a_to_b(false).await;
    assert_eq!(three.a.delivery(&waiting).await, Delivery::Queued);
    let again = node.post.receipt_asked((&a.code, MODE), lost.header.id, 0);
    let again = again.await.unwrap();
    assert!(matches!(again, federation::wire::Answer::Later { .. }));
    let refused = node.post.names((&a.code, MODE), (None, None)).await;
    assert!(matches!(refused, Err(Error::Returning)));
    let cosigned = node.post.witness(&a.code, MODE, b"").await.unwrap();
    assert_eq!(cosigned.status, 400);
    assert_eq!(
        ledger_of(&node).await,
        before,
        "nothing signed, nothing written"
    );
    assert_eq!(node.taken(), 0);
    three.pass(&node, 1, Duration::from_secs(1)).await;
    node.post.plan().await.unwrap();
    three.pass(&node, 8, Duration::from_mins(10)).await;
    for message in [&lost, &waiting] {
        assert!(proven(&three, &three.a, message).await);
    }
    assert_eq!(node.taken(), 2);
}

async fn a_peer_that_stays_silent_costs_an_epoch_and_not_the_node(db: Db) {
    let (three, old) = three(db.engine()).await;
    three.a_to_b(false).await;
    three.pass(&old, 2, Duration::from_secs(30)).await;
    let backup = old.scratch.copy().await;
    let lost = three.b_to_a(&old, false).await;
    three.network.disconnect(&three.parties[0]);
    let node = three.restore(backup).await;
    assert_eq!(node.post.come_back().await.unwrap(), Progress::Waiting);
    node.clock.advance(Duration::from_mins(9));
    assert_eq!(node.post.come_back().await.unwrap(), Progress::Waiting);
    node.clock.advance(Duration::from_mins(2));
    assert_eq!(node.post.come_back().await.unwrap(), Progress::Done);
    assert_eq!(node.post.ground().epoch(Log::Exercise), 1);
    let mut tx = node.scratch.db.begin_read().await.unwrap();
    let leaf = audit::leaf(&mut tx, node.post.ground(), Log::Exercise, 0).await;
    let leaf = leaf.unwrap().unwrap();
    assert_eq!(leaf.act, Act::local("ledger.epoch_opened").unwrap());
    drop(tx);
    // Back again, A gives back what it holds.
    three.network.connect(&three.parties[0], &three.a.post);
    let [a, ..] = &three.parties;
    assert!(node.post.reconcile((&a.code, MODE)).await.unwrap());
    assert_eq!(node.delivery(&lost).await, RECEIPTED);
}

async fn a_statement_is_believed_once_and_only_from_its_party(db: Db) {
    let (three, old) = three(db.engine()).await;
    let [a, b, hub] = &three.parties;
    let backup = old.scratch.copy().await;
    three.a_to_b(false).await;
    let node = three.restore(backup).await;
    assert_eq!(node.post.come_back().await.unwrap(), Progress::Waiting);
    let statement = node.post.statement(MODE).await.unwrap().unwrap();
    let bytes = statement.as_bytes();
    let from = |party: &Party| (party.code.clone(), MODE);
    // Another peer shows it as its own; somebody alters it; it comes for real traffic.
    let (hub_code, mode) = from(hub);
    let foreign = three.a.post.take_statement((&hub_code, mode), bytes).await;
    assert!(matches!(foreign, Err(Error::Statement(_))));
    let altered = statement.replacen("signatures", "signatured", 1);
    let altered = three
        .a
        .post
        .take_statement((&b.code, MODE), altered.as_bytes());
    assert!(matches!(altered.await, Err(Error::Statement(_))));
    let real = three
        .a
        .post
        .take_statement((&b.code, Mode::Real), bytes)
        .await;
    assert!(matches!(real, Err(Error::NoPeer { .. })));
    for _ in 0..2 {
        three
            .a
            .post
            .take_statement((&b.code, MODE), bytes)
            .await
            .unwrap();
    }
    let alarms = three.a.alarms().await;
    let restored = alarms.iter().filter(|code| *code == "peer_restored");
    assert_eq!(restored.count(), 1, "{alarms:?}");
    let mut tx = three.a.scratch.db.begin_read().await.unwrap();
    let kept = store::evidence(&mut tx, &b.code, MODE).await.unwrap();
    assert_eq!(kept.len(), 1);
    let kept = kept.first().unwrap();
    assert_eq!(kept.shown.as_deref(), Some(bytes));
    assert!(kept.held.is_some(), "the last checkpoint before it");
    drop(tx);
    three.pass(&node, 3, Duration::from_mins(20)).await;
    assert_eq!(node.taken(), 1, "{}", a.code);
}
