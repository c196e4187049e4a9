//! Three real nodes on loopback, on both engines.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use db::Db;
use exchange::model::Kind;
use federation::{
    state::{Delivery, Grade},
    store,
    verify::Outcome,
    wire::Answer,
};
use kernel::{MessageId, Mode, ThreadId, Viewer};
use serde_json::{Value, json};
use server::{
    loopback::{Intruder, SecondHistory, address_past_the_line},
    thaw::thaw,
};
use testkit::{Fleet, Words};

db::contract! {
    two_parties_settle_a_matter_and_every_message_is_proven,
    a_cut_line_recovers_by_itself,
    an_altered_copy_is_refused_and_the_true_one_goes_through,
    a_second_history_freezes_the_peer_until_a_person_thaws_it,
    a_node_restarted_in_mid_delivery_loses_nothing_and_doubles_nothing,
    a_stolen_machine_loses_its_say_and_its_ledger_goes_on_under_new_keys,
}

const PARTIES: [&str; 3] = ["XA", "XB", "XH"];

fn words(kind: Kind, thread: Option<ThreadId>, title: &str, details: &Value) -> Words {
    Words {
        kind,
        thread,
        statement: json!({ "title": title, "details": details }),
        files: Vec::new(),
    }
}

fn request() -> Words {
    let details = json!({
        "assets": [{ "kind": "ipv4", "value": "198.51.100.23" }],
        "measures": ["takedown"],
    });
    words(Kind::Rfm, None, "Please act", &details)
}

fn ping() -> Words {
    words(Kind::Ping, None, "Anybody there?", &json!({ "test": true }))
}

fn closing(thread: ThreadId, asked: MessageId) -> Words {
    let details = json!({ "outcome": "resolved", "covers": [asked] });
    words(Kind::Close, Some(thread), "Settled", &details)
}

async fn two_parties_settle_a_matter_and_every_message_is_proven(db: Db) {
    let fleet = Fleet::start(db.engine(), &PARTIES, true).await;
    let (asked, thread) = fleet.send("XA", "XB", request()).await;
    fleet.receipted("XA", asked, Grade::Own).await;
    let at = fleet.node("XB").ground().now();
    let follow = |kind, title, details: Value| words(kind, Some(thread), title, &details);
    let seen = json!({ "refers_to": asked, "received_at": at, "handler": "the watch" });
    let question = json!({ "refers_to": asked, "part": "question", "items": ["Which port?"] });
    let mut said = vec![("XA", asked)];
    for (kind, title, details) in [
        (Kind::Ack, "Seen", seen),
        (Kind::Clarify, "One question", question),
    ] {
        let (id, _) = fleet.send("XB", "XA", follow(kind, title, details)).await;
        fleet.receipted("XB", id, Grade::Own).await;
        said.push(("XB", id));
    }
    let (_, question) = *said.last().unwrap();
    let answer = json!({
        "refers_to": asked, "part": "answer", "question": question, "items": ["8443"],
    });
    let (id, _) = fleet
        .send("XA", "XB", follow(Kind::Clarify, "The answer", answer))
        .await;
    fleet.receipted("XA", id, Grade::Own).await;
    said.push(("XA", id));
    let done = json!({
        "refers_to": asked,
        "decision": "accept",
        "actions": [{ "what": "It is off the network", "status": "done" }],
    });
    let (id, _) = fleet
        .send("XB", "XA", follow(Kind::Resp, "Done", done))
        .await;
    fleet.receipted("XB", id, Grade::Own).await;
    said.push(("XB", id));
    for (from, to, state) in [("XA", "XB", "closing"), ("XB", "XA", "closed")] {
        let (id, _) = fleet.send(from, to, closing(thread, asked)).await;
        fleet.receipted(from, id, Grade::Own).await;
        said.push((from, id));
        assert_eq!(fleet.thread("XA", thread, "XB").await.code(), state);
        assert_eq!(fleet.thread("XB", thread, "XA").await.code(), state);
    }
    for (from, id) in &said {
        fleet.receipted(from, *id, Grade::Witnessed).await;
        let report = fleet.verify(from, *id).await;
        assert_eq!(report.outcome(), Outcome::Proven, "{report:#?}");
        assert_eq!(report.witnesses.len(), 1, "{report:#?}");
    }
    for party in PARTIES {
        assert_eq!(fleet.alarms(party).await, Vec::<String>::new(), "{party}");
    }
    fleet.end().await;
}

async fn a_cut_line_recovers_by_itself(db: Db) {
    let fleet = Fleet::start(db.engine(), &["XA", "XB"], false).await;
    fleet.cut("XA", "XB");
    let (id, thread) = fleet.send("XA", "XB", request()).await;
    fleet
        .until("XA", "the first failure", async || {
            let row = fleet.outgoing("XA", id).await;
            row.failing_since.map(drop)
        })
        .await;
    assert_eq!(fleet.delivery("XA", id).await, Delivery::Queued);
    assert_eq!(fleet.messages("XB", thread, "XA").await, 0);
    fleet.heal("XA", "XB");
    fleet.receipted("XA", id, Grade::Own).await;
    assert_eq!(fleet.messages("XB", thread, "XA").await, 1);
    fleet.end().await;
}

async fn an_altered_copy_is_refused_and_the_true_one_goes_through(db: Db) {
    let fleet = Fleet::start(db.engine(), &["XA", "XB"], false).await;
    fleet.cut("XA", "XB");
    let (id, thread) = fleet.send("XA", "XB", request()).await;
    let answer = fleet.bring_altered("XA", "XB", id).await;
    let code = match &answer {
        Answer::Refused { code, .. } => code.as_str(),
        _ => "",
    };
    assert_eq!(code, "envelope.bad_signature", "{answer:?}");
    assert_eq!(fleet.alarms("XB").await, ["damaged"]);
    assert_eq!(fleet.messages("XB", thread, "XA").await, 0);
    fleet.heal("XA", "XB");
    fleet.receipted("XA", id, Grade::Own).await;
    assert_eq!(fleet.messages("XB", thread, "XA").await, 1);
    fleet.end().await;
}

async fn a_second_history_freezes_the_peer_until_a_person_thaws_it(db: Db) {
    let fleet = Fleet::start(db.engine(), &["XA", "XB"], false).await;
    let (first, _) = fleet.send("XA", "XB", request()).await;
    fleet.receipted("XA", first, Grade::Own).await;
    let other = fleet.folder().join("other");
    std::fs::create_dir(&other).unwrap();
    let forged = SecondHistory::forge(fleet.node("XB").post(), &other, &["PING"], 9)
        .await
        .unwrap();
    fleet.line("XA", "XB").lead_to(forged.address());
    let (id, thread) = fleet.send("XA", "XB", ping()).await;
    let (known, shown) = fleet.frozen("XA", "XB").await;
    assert_eq!((known.size, shown.size), (1, 10));
    assert!(!matches!(
        fleet.delivery("XA", id).await,
        Delivery::Receipted { .. }
    ));
    assert_eq!(fleet.alarms("XA").await, ["split_view"]);
    let mut tx = fleet.node("XA").ground().db.begin_read().await.unwrap();
    let kept = store::evidence(&mut tx, &"XB".parse().unwrap(), Mode::Exercise).await;
    drop(tx);
    let kept = kept.unwrap();
    let split = kept.iter().find(|one| one.code == "split_view").unwrap();
    assert!(split.held.is_some() && split.shown.is_some());

    let true_place = fleet.member("XB").serving().unwrap().federation;
    fleet.line("XA", "XB").lead_to(true_place);
    forged.end().await;
    let (post, party) = (fleet.node("XA").post(), "XB".parse().unwrap());
    let admin = fleet.viewer("XA");
    let duty = Viewer {
        roles: [kernel::Role::DutyOfficer].into_iter().collect(),
        ..admin.clone()
    };
    let refused = thaw(post, &duty, &party, known, "a wish")
        .await
        .unwrap_err();
    assert_eq!(refused.code, "access.role");
    thaw(post, &admin, &party, known, "compared by telephone")
        .await
        .unwrap();
    post.retry_now(id).await.unwrap();
    fleet.receipted("XA", id, Grade::Own).await;
    assert_eq!(fleet.messages("XB", thread, "XA").await, 1);
    fleet.end().await;
}

async fn a_node_restarted_in_mid_delivery_loses_nothing_and_doubles_nothing(db: Db) {
    let mut fleet = Fleet::start(db.engine(), &["XA", "XB"], false).await;
    let content: Vec<u8> = (0..3_000_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    let file = fleet.put_file("XA", "memory.img", &content).await;
    let message = Words {
        files: vec![file],
        ..request()
    };
    let (id, thread) = fleet.send("XA", "XB", message).await;
    // Whatever has arrived by now, the addressee stops, and then the sender too.
    fleet.stop("XB").await;
    fleet.stop("XA").await;
    fleet.start_again("XA").await;
    fleet.start_again("XB").await;
    fleet.receipted("XA", id, Grade::Own).await;
    assert_eq!(fleet.messages("XB", thread, "XA").await, 1);
    assert!(
        fleet.read_file("XB", id, 1).await == content,
        "another file"
    );
    let report = fleet.verify("XA", id).await;
    assert_eq!(report.outcome(), Outcome::Proven, "{report:#?}");
    fleet.end().await;
}

async fn a_stolen_machine_loses_its_say_and_its_ledger_goes_on_under_new_keys(db: Db) {
    let mut fleet = Fleet::start(db.engine(), &PARTIES, true).await;
    let (taken, _) = fleet.send("XB", "XA", request()).await;
    let (given, _) = fleet.send("XA", "XB", ping()).await;
    fleet.receipted("XB", taken, Grade::Witnessed).await;
    fleet.receipted("XA", given, Grade::Witnessed).await;

    let post = fleet.node("XA").post();
    let thief = Intruder::at(post).unwrap();
    let there = fleet.member("XB").serving().unwrap().federation;
    let there = address_past_the_line(post, &"XB".parse().unwrap(), there).unwrap();
    let mut tx = post.ground().db.begin_read().await.unwrap();
    let envelope = store::envelope_out(&mut tx, given).await.unwrap().unwrap();
    drop(tx);
    let replayed = thief.bring(there.clone(), envelope.clone()).await;
    assert!(matches!(replayed, Some(Answer::Receipt { .. })));

    fleet.stop("XA").await;
    let stolen = fleet.node("XB").ground().now();
    fleet.member("XA").replace_keys(stolen).unwrap();
    fleet.start_again("XA").await;
    // The peers find the new keys at its address by themselves, the witness too.
    let (later, _) = fleet.send("XB", "XA", ping()).await;
    let (own, _) = fleet.send("XA", "XB", ping()).await;
    fleet.receipted("XB", later, Grade::Witnessed).await;
    fleet.receipted("XA", own, Grade::Witnessed).await;
    assert!(thief.bring(there, envelope).await.is_none(), "it is let in");
    thief.end().await;
    // Witnesses had seen what the revoked keys signed, so it is proven as before.
    for (from, id) in [("XB", taken), ("XA", given), ("XB", later), ("XA", own)] {
        let report = fleet.verify(from, id).await;
        assert_eq!(report.outcome(), Outcome::Proven, "{from}: {report:#?}");
    }
    for party in PARTIES {
        assert_eq!(fleet.alarms(party).await, Vec::<String>::new(), "{party}");
    }
    let mut tx = fleet.node("XB").ground().db.begin_read().await.unwrap();
    let known = store::peers(&mut tx, Mode::Exercise).await.unwrap();
    drop(tx);
    let known = known.iter().find(|row| row.party.as_str() == "XA").unwrap();
    assert_eq!(known.epoch, 0, "one tree, before and after");
    fleet.end().await;
}
