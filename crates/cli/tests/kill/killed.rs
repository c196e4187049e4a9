//! Killed at random moments under load.

use db::{Db, Engine};
use federation::{
    state::{Delivery, Grade},
    verify::Outcome,
};
use kernel::{MessageId, OsRng, PartyCode, random_array};
use serde_json::json;
use testkit::{Fleet, Words};

use crate::{
    binary::Binary,
    held::{Held, open},
};

db::contract! {
    a_receiver_killed_at_any_moment_keeps_what_it_acknowledged,
    a_sender_killed_at_any_moment_delivers_each_message_once,
}

const ROUNDS: usize = 8;
const EACH: usize = 12;

pub(crate) fn ping() -> Words {
    Words {
        kind: exchange::model::Kind::Ping,
        thread: None,
        statement: json!({"title": "Anybody there?", "details": {"test": true}}),
        files: Vec::new(),
    }
}

/// Anything below `end`.
pub(crate) fn random(end: usize) -> usize {
    let [low, high] = random_array::<2>(&OsRng);
    usize::from(u16::from_le_bytes([low, high])) % end
}

/// Lets others run for a moment whose length nobody chooses.
pub(crate) async fn a_moment() {
    for _ in 0..random(3_000) {
        tokio::task::yield_now().await;
    }
}

/// The messages for which a party holds a receipt.
pub(crate) async fn receipted(fleet: &Fleet, from: &str, sent: &[MessageId]) -> Vec<MessageId> {
    let mut found = Vec::new();
    for id in sent {
        if matches!(fleet.delivery(from, *id).await, Delivery::Receipted { .. }) {
            found.push(*id);
        }
    }
    found
}

/// A person asks for everything that is still out to be tried now.
pub(crate) async fn retry(fleet: &Fleet, from: &str, sent: &[MessageId]) {
    for id in sent {
        fleet.node(from).post().retry_now(*id).await.unwrap();
    }
}

/// Two nodes, of which the second is to be served by the program.
pub(crate) async fn pair(engine: Engine) -> (Fleet, PartyCode) {
    let fleet = Fleet::start(engine, &["XA", "XB"], false).await;
    (fleet, "XA".parse().unwrap())
}

async fn a_receiver_killed_at_any_moment_keeps_what_it_acknowledged(db: Db) {
    let (mut fleet, sender) = pair(db.engine()).await;
    fleet.stop("XB").await;
    let mut sent = Vec::new();
    for _ in 0..ROUNDS {
        let binary = Binary::serve(fleet.member("XB"), &[]);
        fleet.line("XA", "XB").lead_to(binary.federation());
        retry(&fleet, "XA", &sent).await;
        let before = receipted(&fleet, "XA", &sent).await.len();
        for _ in 0..EACH {
            sent.push(fleet.send("XA", "XB", ping()).await.0);
        }
        let wanted = before + 1 + random(EACH / 2);
        let told = async || (receipted(&fleet, "XA", &sent).await.len() >= wanted).then_some(());
        fleet.until("XA", "some receipts", told).await;
        a_moment().await;
        binary.kill();
        // Whatever was acknowledged by now is there before anything is sent again.
        let acknowledged = receipted(&fleet, "XA", &sent).await;
        let db = open(fleet.member("XB")).await;
        let held = Held::read(&db, &sender).await;
        db.close().await;
        for id in &acknowledged {
            assert!(held.once(*id), "{id} was acknowledged: {held:?}");
        }
        assert!(held.nothing_doubled(), "{held:?}");
    }
    let binary = Binary::serve(fleet.member("XB"), &[]);
    fleet.line("XA", "XB").lead_to(binary.federation());
    retry(&fleet, "XA", &sent).await;
    for id in &sent {
        fleet.receipted("XA", *id, Grade::Own).await;
    }
    assert_eq!(binary.stop(), Some(0));
    fleet.start_again("XB").await;
    let held = Held::read(&fleet.node("XB").ground().db, &sender).await;
    for id in &sent {
        assert!(held.once(*id), "{id}: {held:?}");
        let report = fleet.verify("XA", *id).await;
        assert_eq!(report.outcome(), Outcome::Proven, "{report:#?}");
    }
    assert!(held.nothing_doubled());
    assert_eq!(fleet.alarms("XA").await, Vec::<String>::new());
    fleet.end().await;
}

async fn a_sender_killed_at_any_moment_delivers_each_message_once(db: Db) {
    let (mut fleet, _) = pair(db.engine()).await;
    let receiver: PartyCode = "XB".parse().unwrap();
    fleet.cut("XB", "XA");
    let mut sent = Vec::new();
    for _ in 0..3 * EACH {
        sent.push(fleet.send("XB", "XA", ping()).await.0);
    }
    fleet.stop("XB").await;
    fleet.heal("XB", "XA");
    let arrived = async |fleet: &Fleet| {
        let db = fleet.node("XA").ground().db.clone();
        Held::read(&db, &receiver).await.inbox.len()
    };
    for _ in 0..ROUNDS {
        let before = arrived(&fleet).await;
        let wanted = sent.len().min(before + 1 + random(6));
        let binary = Binary::serve(fleet.member("XB"), &[]);
        let some = async || (arrived(&fleet).await >= wanted).then_some(());
        fleet.until("XA", "some messages", some).await;
        a_moment().await;
        binary.kill();
    }
    fleet.start_again("XB").await;
    retry(&fleet, "XB", &sent).await;
    for id in &sent {
        fleet.receipted("XB", *id, Grade::Own).await;
        let report = fleet.verify("XB", *id).await;
        assert_eq!(report.outcome(), Outcome::Proven, "{report:#?}");
    }
    let held = Held::read(&fleet.node("XA").ground().db, &receiver).await;
    assert!(sent.iter().all(|id| held.once(*id)), "{held:?}");
    assert!(held.nothing_doubled(), "{held:?}");
    for party in ["XA", "XB"] {
        for alarm in fleet.alarms(party).await {
            assert_eq!(alarm, "undeliverable", "of {party}");
        }
    }
    fleet.end().await;
}
