//! Bad input over a real federation listener: what each thing is told, who learns of it at home, and
//! that nothing of it is taken.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod rogue;

use db::Db;
use federation::{
    compose::Draft,
    model::{Header, PAYLOAD_TYPE},
    state::RefusalCode,
    store,
    transport::Method,
    wire::Answer,
};
use kernel::{MessageId, Mode, OsRng, Tlp};
use seal::{Digest, dsse::Envelope, keys::SigningKeys};
use serde_json::json;

use rogue::{party, rogue, signed};

db::contract! {
    bytes_that_are_no_message_are_refused_at_the_door,
    a_message_that_breaks_a_rule_is_refused_with_its_code,
    what_is_not_proven_to_be_the_peers_is_told_to_the_duty_officer,
    doubled_replayed_and_reordered_messages_change_nothing,
    a_message_by_a_key_set_that_is_not_known_waits,
    files_that_nobody_asked_for_are_not_taken,
    a_peer_that_shows_a_witness_two_ledgers_is_frozen,
}

async fn bytes_that_are_no_message_are_refused_at_the_door(db: Db) {
    let rogue = rogue(&db).await;
    let good = rogue.message(rogue.draft());
    let own = rogue.fleet.node("XA").post().keys();
    let keys = &own.of(Mode::Exercise).signing;
    let other_type = Envelope::sign("application/json", b"{}".to_vec(), keys).unwrap();
    let header = String::from_utf8(good.header.to_bytes().unwrap()).unwrap();
    let payload = |text: String| {
        let envelope = Envelope::sign(PAYLOAD_TYPE, text.into_bytes(), keys);
        envelope.unwrap().to_bytes()
    };
    let newer = header.replacen("\"format_version\":1", "\"format_version\":2", 1);
    let loose = header.replacen('{', "{ ", 1);
    let (half, _) = good.envelope.split_at(good.envelope.len() / 2);
    let table: [(Vec<u8>, u16, &str); 8] = [
        (Vec::new(), 400, "envelope.malformed"),
        (b"rubbish".to_vec(), 400, "envelope.malformed"),
        (half.to_vec(), 400, "envelope.malformed"),
        (other_type.to_bytes(), 400, "envelope.payload_type"),
        (payload("{}".to_owned()), 400, "header."),
        (payload(newer), 400, "header."),
        (payload(loose), 400, "header."),
        (vec![b'x'; 9 << 20], 413, ""),
    ];
    for (bytes, status, code) in table {
        let length = bytes.len();
        let answer = rogue.ask(Method::Post, "/federation/v1/messages", bytes);
        let answer = answer.await;
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, status, "{length} bytes: {told}");
        assert!(told.contains(code), "{length} bytes: {told}");
    }
    for path in [
        "/federation/v1/receipts/rubbish?mode=exercise",
        "/federation/v1/names?mode=war",
    ] {
        let answer = rogue.ask(Method::Get, path, Vec::new()).await;
        assert_eq!(answer.status, 400, "{path}");
    }
    rogue.nothing_taken(good.header.id).await;
    // Nobody at home is woken by what anybody can send, and the good message still goes through.
    assert_eq!(rogue.fleet.alarms("XB").await, Vec::<String>::new());
    assert!(matches!(
        rogue.bring(good.envelope).await,
        Answer::Receipt { .. }
    ));
    rogue.end().await;
}

async fn a_message_that_breaks_a_rule_is_refused_with_its_code(db: Db) {
    let rogue = rogue(&db).await;
    let fresh = || rogue.message(rogue.draft());
    let kind = |kind: &str, content| Draft {
        kind: kind.parse().unwrap(),
        content,
        ..rogue.draft()
    };
    let addressed = {
        let mut draft = rogue.draft();
        draft.to.party = party("XC");
        rogue.message(draft)
    };
    let unopenable = {
        let stranger = seal::HybridIdentity::from_seed(&[7; 32]).unwrap();
        rogue.sealed(rogue.draft(), &stranger.recipient(), Mode::Exercise)
    };
    let copied = rogue.with_header(&fresh(), |header| header.id = MessageId::random(&OsRng));
    let promised = rogue.with_header(&fresh(), |header| {
        for file in &mut header.sealed {
            file.commitment = Digest::of(b"another plaintext");
        }
    });
    let table = [
        (addressed.envelope, RefusalCode::WrongAddressee),
        (
            rogue.message(kind("VOTE", json!({}))).envelope,
            RefusalCode::KindUnknown,
        ),
        (
            rogue.message(kind("PING", json!({"title": 7}))).envelope,
            RefusalCode::BodyInvalid,
        ),
        (unopenable.envelope, RefusalCode::Unopenable),
        (copied, RefusalCode::CopyDiffers),
        (promised, RefusalCode::CommitmentDiffers),
    ];
    for (envelope, expected) in table {
        let header = Envelope::parse(&envelope).unwrap();
        let header = Header::parse(header.payload_unverified()).unwrap();
        let first = rogue.bring(envelope.clone()).await;
        let told = match &first {
            Answer::Refused { digest, code } => Some((*digest, code.clone())),
            _ => None,
        };
        let digest = Digest::of(&header.to_bytes().unwrap());
        assert_eq!(told, Some((digest, expected)), "{first:?}");
        // Asked again, the node says the same again, and writes nothing twice.
        assert_eq!(rogue.bring(envelope).await, first);
        rogue.nothing_taken(header.id).await;
    }
    rogue.end().await;
}

async fn what_is_not_proven_to_be_the_peers_is_told_to_the_duty_officer(db: Db) {
    let rogue = rogue(&db).await;
    let fresh = || rogue.message(rogue.draft());
    let stranger = SigningKeys::from_seed(&[9; 32]);
    let foreign = {
        let mut draft = rogue.draft();
        draft.from.party = party("XC");
        rogue.message(draft).envelope
    };
    // Real keys under an exercise header, and the other way round.
    let real_keys = rogue.sealed(rogue.draft(), &rogue.recipient(), Mode::Real);
    let swapped = {
        let envelope = Envelope::parse(&fresh().envelope).unwrap();
        let other = Envelope::parse(&fresh().envelope).unwrap();
        let sealed = other.sealed().unwrap().to_vec();
        envelope
            .without_sealed()
            .with_sealed(sealed)
            .unwrap()
            .to_bytes()
    };
    let table = [
        (
            signed(&fresh(), |_same| {}, &stranger),
            RefusalCode::BadSignature,
        ),
        (foreign, RefusalCode::WrongSender),
        (real_keys.envelope, RefusalCode::BadSignature),
        (swapped, RefusalCode::FileDiffers),
    ];
    let mut alarms = 0;
    for (envelope, expected) in table {
        let header = Envelope::parse(&envelope).unwrap();
        let header = Header::parse(header.payload_unverified()).unwrap();
        for _ in 0..2 {
            let answer = rogue.bring(envelope.clone()).await;
            let refused = matches!(&answer, Answer::Refused { code, .. } if *code == expected);
            assert!(refused, "{expected:?}: {answer:?}");
        }
        alarms += 1;
        assert_eq!(rogue.fleet.alarms("XB").await, vec!["damaged"; alarms]);
        rogue.nothing_taken(header.id).await;
    }
    // An id that somebody else used is still the peer's own: what is damaged does not bind it.
    let good = fresh();
    let forged = signed(&good, |header| header.tlp = Tlp::Clear, &stranger);
    assert!(matches!(rogue.bring(forged).await, Answer::Refused { .. }));
    assert!(matches!(
        rogue.bring(good.envelope).await,
        Answer::Receipt { .. }
    ));
    rogue.end().await;
}

async fn doubled_replayed_and_reordered_messages_change_nothing(db: Db) {
    let rogue = rogue(&db).await;
    let first = rogue.message(rogue.draft());
    let second = rogue.message(Draft {
        thread: first.header.thread,
        ..rogue.draft()
    });
    let mut receipts = Vec::new();
    for message in [&second, &first, &second, &first, &first] {
        let answer = rogue.bring(message.envelope.clone()).await;
        let receipt = match answer {
            Answer::Receipt { receipt, .. } => Some(receipt),
            _ => None,
        };
        let receipt = receipt.unwrap();
        let index = ledger::TlogProof::parse(receipt.as_bytes()).unwrap().index;
        receipts.push((message.header.id, index));
    }
    // One leaf a message, whenever and however often it came.
    receipts.sort_unstable();
    receipts.dedup();
    assert_eq!(receipts.len(), 2);
    let count = rogue.fleet.messages("XB", first.header.thread, "XA").await;
    assert_eq!(count, 2);
    // Another message under a taken id is a contradiction, and kept as one.
    let other = rogue.with_header(&first, |header| header.tlp = Tlp::Green);
    let answer = rogue.bring(other).await;
    let conflict =
        matches!(&answer, Answer::Refused { code, .. } if *code == RefusalCode::Conflict);
    assert!(conflict, "{answer:?}");
    assert_eq!(rogue.fleet.alarms("XB").await, ["conflict"]);
    let mut tx = rogue
        .fleet
        .node("XB")
        .ground()
        .db
        .begin_read()
        .await
        .unwrap();
    let kept = store::evidence(&mut tx, &party("XA"), Mode::Exercise).await;
    let kept = kept.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(
        kept.iter()
            .all(|one| one.held.is_some() && one.shown.is_some())
    );
    drop(tx);
    rogue.end().await;
}

async fn a_message_by_a_key_set_that_is_not_known_waits(db: Db) {
    let rogue = rogue(&db).await;
    let message = rogue.message(rogue.draft());
    let ahead = rogue.with_header(&message, |header| header.keyset += 2);
    let answer = rogue.bring(ahead).await;
    assert_eq!(
        answer,
        Answer::Later {
            code: "keyset.unknown".to_owned()
        }
    );
    // Nothing is bound to the id: the same message by a known set is taken.
    assert!(matches!(
        rogue.bring(message.envelope).await,
        Answer::Receipt { .. }
    ));
    assert_eq!(rogue.fleet.alarms("XB").await, Vec::<String>::new());
    rogue.end().await;
}

async fn files_that_nobody_asked_for_are_not_taken(db: Db) {
    let rogue = rogue(&db).await;
    let name = Digest::of(b"something");
    let path = format!("/federation/v1/blobs/{name}?size=9&offset=0");
    let answer = rogue.ask(Method::Put, &path, b"something".to_vec()).await;
    assert_eq!(answer.status, 404);
    assert!(!rogue.fleet.node("XB").post().files().has(&name));
    let path = format!("/federation/v1/blobs/{name}");
    assert_eq!(rogue.ask(Method::Get, &path, Vec::new()).await.status, 404);
    let others = format!(
        "/federation/v1/given/{}?mode=exercise",
        MessageId::random(&OsRng)
    );
    assert_eq!(
        rogue.ask(Method::Get, &others, Vec::new()).await.status,
        404
    );
    rogue.end().await;
}

async fn a_peer_that_shows_a_witness_two_ledgers_is_frozen(db: Db) {
    let rogue = rogue(&db).await;
    let own = rogue.fleet.node("XA").post().keys();
    let signer = own.ledger(audit::Log::Exercise);
    let seconds = u64::try_from(rogue.now().as_seconds()).unwrap();
    let show = |leaf: &'static [u8]| ledger::AddCheckpoint {
        old: 0,
        proof: Vec::new(),
        checkpoint: signer.sign(1, ledger::leaf_hash(leaf), seconds).unwrap(),
    };
    let path = "/federation/v1/witness/exercise/add-checkpoint";
    let first = show(b"one history").to_string().into_bytes();
    assert_eq!(rogue.ask(Method::Post, path, first).await.status, 200);
    let mut other = show(b"another history");
    other.old = 1;
    let other = other.to_string().into_bytes();
    assert_eq!(rogue.ask(Method::Post, path, other).await.status, 409);
    assert_eq!(rogue.fleet.alarms("XB").await, ["split_view"]);
    rogue.fleet.frozen("XB", "XA").await;
    // Its messages are still taken; it gets no receipt.
    let message = rogue.message(rogue.draft());
    let thread = message.header.thread;
    assert_eq!(rogue.bring(message.envelope).await, Answer::Withheld);
    assert_eq!(rogue.fleet.messages("XB", thread, "XA").await, 1);
    rogue.end().await;
}
