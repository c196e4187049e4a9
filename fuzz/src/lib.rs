//! What the targets and their seeds have in common: keys that never change, and documents that are
//! right, from which the fuzzer sets out.
//!
//! `cargo run --example seeds` writes the documents to `corpus/TARGET/`. A target that takes none
//! of its seeds would only ever see refusals, so the example fails when one is refused.
#![forbid(unsafe_code)]

mod values;

pub use values::VALUES;

use directory::{
    Card, SignedCircle,
    model::{CircleVersion, Member},
};
use federation::{
    body::Body,
    model::{Desk, FORMAT_VERSION, Header, SealedFile, Urgency},
    own::origin_in,
    restored::Restored,
};
use incidents::{
    clocks::Clocks,
    model::{Case, Incident},
    shipped::Shipped,
    state::Status,
};
use kernel::{ContactId, IncidentId, MessageId, Mode, PartyCode, ThreadId, Timestamp, Tlp};
use ledger::{Hash, LedgerSigner, Record, VerifierKey, WitnessSigner};
use seal::{
    Digest, HybridIdentity, Time,
    data::DataKey,
    dsse::Envelope,
    keys::{
        KeySet, KeySetChain, LedgerSecret, Purpose, Revocation, RootKey, SignedKeySet, SigningKeys,
        Witness, WitnessPolicy,
    },
};

/// The origin of the ledger that all targets know.
pub const ORIGIN: &str = "xa.example/exchange";
/// The payload type of the envelopes that all targets know.
pub const PAYLOAD_TYPE: &str = "application/vnd.example+json";
/// The place of the records that all targets know.
pub const PLACE: &str = "contact.phone/1";
/// What patterns are held against: values of all kinds, at four moments.
pub const OBSERVATIONS: &str = include_str!("observations.json");

/// Who opens.
pub fn identity(seed: u8) -> HybridIdentity {
    HybridIdentity::from_seed(&[seed; 32]).expect("every seed has an identity")
}

/// Who signs messages.
pub fn signer() -> SigningKeys {
    SigningKeys::from_seed(&[3; 32])
}

/// Who seals personal data.
pub fn data_key() -> DataKey {
    DataKey::generate(&mut fill)
}

/// Chance that is none, so that seeds are the same every time.
pub fn fill(bytes: &mut [u8]) {
    bytes.fill(4);
}

/// A ledger that signs.
pub fn ledger_signer() -> LedgerSigner {
    LedgerSigner::from_seeds(ORIGIN, &[5; 32], &[6; 32]).expect("the origin is in order")
}

/// A witness that cosigns.
pub fn witness_signer() -> WitnessSigner {
    WitnessSigner::from_seeds("xh.example", &[7; 32], &[8; 32]).expect("the name is in order")
}

/// The two keys of the ledger.
pub fn ledger_keys() -> [VerifierKey; 2] {
    let signer = ledger_signer();
    [
        signer.keys().ed25519().clone(),
        signer.keys().mldsa44().clone(),
    ]
}

/// A leaf of the ledger.
pub fn record() -> Record {
    let digest = ledger::sha256(b"payload");
    Record::new(
        ledger::Act::Received,
        1_795_219_200_000_000,
        "message--1",
        digest,
        [9; 32],
    )
    .expect("the record is in order")
}

/// A checkpoint of a tree with that one leaf, signed by the ledger and the witness.
pub fn checkpoint() -> ledger::Note {
    let root: Hash = ledger::leaf_hash(&record().entry());
    let mut note = ledger_signer()
        .sign(1, root, 1_795_219_200)
        .expect("the time is in order");
    let checkpoint =
        ledger::Checkpoint::parse(note.text.as_bytes()).expect("our checkpoint is in order");
    let cosigned = witness_signer().cosign(&checkpoint, 1_795_219_201);
    note.signatures
        .extend(cosigned.expect("our checkpoint has no extensions"));
    note
}

/// A signed key set with something in every member.
pub fn key_set() -> SignedKeySet {
    let root = RootKey::from_seed(&[10; 32]);
    let time = |day: i64| {
        Time::from_micros(1_795_219_200_000_000 + day * 86_400_000_000).expect("it is in 2026")
    };
    let set = KeySet {
        party: "XA".to_owned(),
        root: root.public().clone(),
        seq: 2,
        previous_sha256: Some(Digest::of(b"the first")),
        purpose: Purpose::Exercise,
        valid_from: time(0),
        valid_until: time(1),
        signing_keys: vec![signer().public().clone()],
        age_recipient: identity(1).recipient(),
        archive_recipient: identity(2).recipient(),
        ledger_keys: vec![LedgerSecret::generate(ORIGIN, &mut fill).public()],
        tls_key_sha256: Digest::of(b"spki"),
        witnesses: WitnessPolicy {
            threshold: 1,
            regions: 1,
            of: vec![Witness {
                name: "Hub".to_owned(),
                key: witness_signer().keys()[0].to_string(),
                region: Some("Oceania".to_owned()),
            }],
        },
        revoked: vec![Revocation {
            key: signer().public().ed25519_id(),
            since: time(0),
        }],
    };
    root.sign(&set).expect("the key set is in order")
}

/// A signed envelope with a sealed part.
pub fn envelope() -> Envelope {
    Envelope::sign(PAYLOAD_TYPE, b"{}".to_vec(), &signer())
        .and_then(|envelope| envelope.with_sealed(b"age".to_vec()))
        .expect("the envelope is short")
}

/// A party, by its code.
pub fn party(code: &str) -> PartyCode {
    code.parse().expect("the code is in order")
}

/// The moment at which everything is judged: within the first key set's time.
pub fn now() -> Timestamp {
    Timestamp::from_micros(1_795_219_200_000_000 + 3_600_000_000)
}

/// The first key set of XA, by which nothing is revoked.
fn first_key_set() -> SignedKeySet {
    let set = KeySet {
        seq: 1,
        previous_sha256: None,
        revoked: Vec::new(),
        ..key_set().set().clone()
    };
    let root = RootKey::from_seed(&[10; 32]);
    root.sign(&set).expect("the key set is in order")
}

/// The key sets of XA: one, by which nothing is revoked.
pub fn chain() -> KeySetChain {
    let fingerprint = RootKey::from_seed(&[10; 32]).fingerprint();
    KeySetChain::begin(first_key_set(), &fingerprint, Purpose::Exercise)
        .expect("the key set is the first")
}

/// The header of a message from XA to XB.
pub fn header() -> Header {
    let id = |number: u128| uuid(number);
    let desk = |code: &str, number| Desk {
        contact: ContactId::from_uuid(id(number)),
        party: party(code),
    };
    Header {
        ack_due: None,
        answer_due: Some(now()),
        exercise: true,
        format_version: FORMAT_VERSION,
        from: desk("XA", 3),
        id: MessageId::from_uuid(id(1)),
        keyset: 1,
        kind: "RFM".parse().expect("the kind is in order"),
        parent: None,
        sealed: vec![SealedFile {
            commitment: Digest::of(b"commitment"),
            sha256: Digest::of(b"sealed"),
            size: seal::file::message_size(100).expect("it is short"),
        }],
        sent: now(),
        thread: ThreadId::from_uuid(id(2)),
        tlp: Tlp::Amber,
        to: desk("XB", 4),
        urgency: Urgency::Routine,
    }
}

fn uuid(number: u128) -> uuid::Uuid {
    // Version 4, as all that leaves the house.
    uuid::Builder::from_random_bytes(number.to_be_bytes()).into_uuid()
}

/// A body under that header.
pub fn body() -> Vec<u8> {
    let body = Body {
        copy: header().copy(),
        salts: vec![seal::commitment::Salt::from_bytes([5; 32])],
        attachments: Vec::new(),
        content: serde_json::json!({"title": "Please act"}),
    };
    body.to_bytes().expect("the body is short")
}

/// The card of XA, with the exercise key set alone.
pub fn card() -> Card {
    let fingerprint = RootKey::from_seed(&[10; 32]).fingerprint();
    let title = "Aldoria".parse().expect("it is a line");
    Card::new(party("XA"), title, fingerprint, &[first_key_set()])
}

/// The second version of a circle that XA keeps: XB belongs to it, XC is invited.
pub fn circle() -> SignedCircle {
    let member = |code: &str, joined, since| Member {
        invited_by: party("XA"),
        joined,
        party: party(code),
        since,
    };
    let version = CircleVersion {
        changed: now(),
        created: now(),
        dissolved: false,
        exercise: true,
        id: kernel::CircleId::from_uuid(uuid(7)),
        keyset: 1,
        members: vec![
            member("XA", Some(now()), 1),
            member("XB", Some(now()), 2),
            member("XC", None, 2),
        ],
        name: "Harbours".parse().expect("it is a line"),
        previous_sha256: Some(Digest::of(b"the first")),
        purpose: "Ports".parse().expect("it is a text"),
        steward: party("XA"),
        version: 2,
    };
    SignedCircle::sign(&version, &signer()).expect("the version is in order")
}

/// An entry of the register, as it is on the day of its import.
pub fn case(shipped: Shipped) -> Case {
    Case {
        incident: Incident {
            id: IncidentId::from_uuid(uuid(6)),
            public: shipped.public,
            mode: Mode::Real,
            facts: shipped.facts,
            status: Status::Open { since: now() },
            version: 1,
            created_at: now(),
            updated_at: now(),
            shipped: None,
        },
        timeline: shipped.timeline,
        harm: shipped.harm,
        statements: shipped.statements,
        links: Vec::new(),
        attachments: Vec::new(),
        assessments: shipped.assessment.into_iter().collect(),
        ratings: Vec::new(),
        clocks: Clocks::default(),
        course: shipped.course,
        classes: Vec::new(),
    }
}

/// An envelope with that header.
pub fn message() -> Envelope {
    let payload = header().to_bytes().expect("the header is in order");
    Envelope::sign(federation::model::PAYLOAD_TYPE, payload, &signer())
        .expect("the envelope is short")
}

/// What XA states when its node was restored.
pub fn restored() -> Restored {
    let party = party("XA");
    Restored {
        at: now(),
        backup_of: "2026-11-21T00:00:00Z".to_owned(),
        epoch: 1,
        exercise: true,
        held: 7,
        keyset: 1,
        origin: origin_in(&party, audit::Log::Exercise, 1),
        party,
    }
}
