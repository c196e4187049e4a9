//! What an envelope and its receipt prove, and that no byte of either can be changed.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use federation::{
    compose::{Draft, Keys, Message, compose},
    inspect::{Unproven, open_body},
    model::{Desk, Urgency},
    protocol::Verdict,
    state::RefusalCode,
    verify::{Outcome, Report, verify},
};
use kernel::{ContactId, MessageId, PartyCode, Rng, SeededRng, ThreadId, Timestamp, Tlp};
use ledger::{Act, Frontier, LedgerSigner, Record, WitnessSigner, leaf_hash, receipt};
use seal::{
    Digest, HybridIdentity, Time,
    keys::{
        Fingerprint, KeySet, LedgerSecret, Purpose, Revocation, RootKey, SignedKeySet, SigningKeys,
        Witness, WitnessPolicy,
    },
};
use serde_json::json;

const SENT: i64 = 1_795_000_000_000_000;
const DAY: i64 = 86_400_000_000;

struct Party {
    code: PartyCode,
    root: RootKey,
    signing: SigningKeys,
    identity: HybridIdentity,
    archive: HybridIdentity,
    ledger: LedgerSecret,
}

impl Party {
    fn new(code: &str, seed: u64) -> Self {
        let rng = SeededRng::new(seed);
        let mut entropy = |bytes: &mut [u8]| rng.fill(bytes);
        Self {
            code: code.parse().unwrap(),
            root: RootKey::generate(&mut entropy),
            signing: SigningKeys::generate(&mut entropy),
            identity: HybridIdentity::generate(&mut entropy).unwrap(),
            archive: HybridIdentity::generate(&mut entropy).unwrap(),
            ledger: LedgerSecret::generate(
                &format!("comity/{code}/exercise/exchange"),
                &mut entropy,
            ),
        }
    }

    fn key_set(&self, witnesses: WitnessPolicy, revoked: Vec<Revocation>) -> SignedKeySet {
        let set = KeySet {
            party: self.code.to_string(),
            root: self.root.public().clone(),
            seq: 1,
            previous_sha256: None,
            purpose: Purpose::Exercise,
            valid_from: Time::from_micros(SENT - DAY).unwrap(),
            valid_until: Time::from_micros(SENT + 365 * DAY).unwrap(),
            signing_keys: vec![self.signing.public().clone()],
            age_recipient: self.identity.recipient(),
            archive_recipient: self.archive.recipient(),
            ledger_keys: vec![self.ledger.public()],
            tls_key_sha256: Digest::of(self.code.as_str().as_bytes()),
            witnesses,
            revoked,
        };
        self.root.sign(&set).unwrap()
    }
}

struct Case {
    message: Message,
    receipt: String,
    sets: Vec<SignedKeySet>,
    trust: Vec<Fingerprint>,
    a: Party,
    b: Party,
}

impl Case {
    fn new() -> Self {
        Self::with_revoked(|_a| Vec::new())
    }

    fn with_revoked(revoked: impl FnOnce(&Party) -> Vec<Revocation>) -> Self {
        let rng = SeededRng::new(1);
        let (a, b) = (Party::new("XA", 2), Party::new("XB", 3));
        let witness =
            WitnessSigner::from_seeds("comity/XH/exercise/witness", &[7; 32], &[8; 32]).unwrap();
        let keys = witness.keys();
        let of = keys.iter().map(|key| Witness {
            name: "regional hub".to_owned(),
            key: key.to_string(),
            region: None,
        });
        let policy = WitnessPolicy {
            threshold: 1,
            regions: 0,
            of: of.collect(),
        };
        let sets = vec![
            a.key_set(WitnessPolicy::default(), revoked(&a)),
            b.key_set(policy, Vec::new()),
        ];
        let desk = |party: &Party| Desk {
            contact: ContactId::random(&rng),
            party: party.code.clone(),
        };
        let draft = Draft {
            id: MessageId::random(&rng),
            thread: ThreadId::random(&rng),
            kind: "RFM".parse().unwrap(),
            from: desk(&a),
            to: desk(&b),
            sent: Timestamp::from_micros(SENT),
            parent: None,
            urgency: Urgency::Routine,
            ack_due: None,
            answer_due: None,
            tlp: Tlp::Amber,
            exercise: true,
            content: json!({"title": "Please act"}),
            attachments: Vec::new(),
        };
        let recipient = b.identity.recipient();
        let archive = a.archive.recipient();
        let keys = Keys {
            signing: &a.signing,
            keyset: 1,
            recipient: &recipient,
            archive: &archive,
        };
        let message = compose(draft, keys, &rng).unwrap();
        let receipt = receive(&b, &message, &witness);
        let trust = sets.iter().map(SignedKeySet::fingerprint).collect();
        Self {
            message,
            receipt,
            sets,
            trust,
            a,
            b,
        }
    }

    fn verify(&self) -> Report {
        verify(
            &self.message.envelope,
            self.receipt.as_bytes(),
            &self.sets,
            &self.trust,
        )
    }
}

/// The receipt of `b` for the message, as leaf 1 of 2, cosigned.
fn receive(b: &Party, message: &Message, witness: &WitnessSigner) -> String {
    let record = Record::new(
        Act::Received,
        SENT + 1,
        &message.header.id.to_string(),
        *message.digest.as_bytes(),
        [9; 32],
    )
    .unwrap();
    let other = leaf_hash(&[1; 32]);
    let mut frontier = Frontier::new();
    frontier.append(other, |_node, _hash| {}).unwrap();
    frontier
        .append(leaf_hash(&record.entry()), |_node, _hash| {})
        .unwrap();
    let signer =
        LedgerSigner::from_seeds(&b.ledger.origin, &b.ledger.ed25519, &b.ledger.ml_dsa_44).unwrap();
    let time = u64::try_from(SENT / 1_000_000).unwrap();
    let mut note = signer.sign(2, frontier.root(), time).unwrap();
    let checkpoint = ledger::Checkpoint::parse(note.text.as_bytes()).unwrap();
    note.signatures
        .extend(witness.cosign(&checkpoint, time + 2).unwrap());
    receipt(&record, 1, vec![other], note)
}

#[test]
fn a_good_pair_is_proven_and_anchored() {
    let report = Case::new().verify();
    assert_eq!(report.outcome(), Outcome::Proven, "{report:#?}");
    assert_eq!(report.witnesses.len(), 1);
    assert_eq!(report.index, Some(1));
}

#[test]
fn without_fingerprints_nothing_is_anchored() {
    let case = Case::new();
    let report = verify(
        &case.message.envelope,
        case.receipt.as_bytes(),
        &case.sets,
        &[],
    );
    assert_eq!(report.outcome(), Outcome::NotAnchored);
    let other = Party::new("XC", 9).root.fingerprint();
    let report = verify(
        &case.message.envelope,
        case.receipt.as_bytes(),
        &case.sets,
        &[other],
    );
    assert_eq!(report.outcome(), Outcome::Failed);
}

#[test]
fn every_flipped_byte_of_an_envelope_fails() {
    let case = Case::new();
    for at in 0..case.message.envelope.len() {
        let mut bytes = case.message.envelope.clone();
        bytes[at] ^= 1;
        let report = verify(&bytes, case.receipt.as_bytes(), &case.sets, &case.trust);
        assert!(
            matches!(report.outcome(), Outcome::Failed | Outcome::Unreadable),
            "byte {at}: {report:?}"
        );
    }
}

#[test]
fn every_flipped_byte_of_a_receipt_fails() {
    let case = Case::new();
    for at in 0..case.receipt.len() {
        let mut bytes = case.receipt.clone().into_bytes();
        bytes[at] ^= 1;
        let report = verify(&case.message.envelope, &bytes, &case.sets, &case.trust);
        assert!(
            matches!(report.outcome(), Outcome::Failed | Outcome::Unreadable),
            "byte {at}: {report:?}"
        );
    }
}

#[test]
fn a_receipt_without_its_witness_fails() {
    let case = Case::new();
    let lines: Vec<&str> = case
        .receipt
        .lines()
        .filter(|line| !line.starts_with("— comity/XH/"))
        .collect();
    let bare = lines.join("\n") + "\n";
    assert_ne!(bare, case.receipt);
    let report = verify(
        &case.message.envelope,
        bare.as_bytes(),
        &case.sets,
        &case.trust,
    );
    assert_eq!(report.outcome(), Outcome::Failed);
}

#[test]
fn a_signature_after_revocation_is_not_proven_unless_a_witness_came_first() {
    let revoked = |since: i64| {
        Case::with_revoked(|a| {
            vec![Revocation {
                key: a.signing.public().ed25519_id(),
                since: Time::from_micros(since).unwrap(),
            }]
        })
        .verify()
        .outcome()
    };
    assert_eq!(revoked(SENT - DAY / 2), Outcome::Failed);
    assert_eq!(revoked(SENT + DAY), Outcome::Proven);
}

/// What the receipt proves once the receiver has other ledger keys, and has revoked the old ones from
/// that moment on.
fn with_other_ledger_keys(since: Option<i64>) -> Outcome {
    let mut case = Case::new();
    let before = case.sets.last().unwrap().clone();
    let old = case.b.ledger.public().key_ids();
    let b = Party {
        ledger: LedgerSecret::generate(&case.b.ledger.origin, &mut |seed| seed.fill(5)),
        ..case.b
    };
    let revoked = since.map(|since| {
        let since = Time::from_micros(since).unwrap();
        old.map(|key| Revocation { key, since }).to_vec()
    });
    let mut set = b
        .key_set(before.set().witnesses.clone(), revoked.unwrap_or_default())
        .set()
        .clone();
    (set.seq, set.previous_sha256) = (2, Some(before.sha256()));
    case.sets.push(b.root.sign(&set).unwrap());
    let report = verify(
        &case.message.envelope,
        case.receipt.as_bytes(),
        &case.sets,
        &case.trust,
    );
    report.outcome()
}

#[test]
fn what_replaced_ledger_keys_signed_stays_proven_unless_they_are_revoked_before_a_witness_saw_it() {
    assert_eq!(with_other_ledger_keys(None), Outcome::Proven);
    assert_eq!(with_other_ledger_keys(Some(SENT + DAY)), Outcome::Proven);
    assert_eq!(with_other_ledger_keys(Some(SENT - DAY)), Outcome::Failed);
}

#[test]
fn a_missing_key_set_is_named() {
    let mut case = Case::new();
    case.sets.truncate(1);
    let report = case.verify();
    assert_eq!(report.outcome(), Outcome::Failed);
    assert!(
        report
            .checks
            .iter()
            .any(|check| check.name == "keys.XB" && !check.ok)
    );
}

#[test]
fn the_receiver_takes_it_and_opens_it() {
    let case = Case::new();
    let unproven = Unproven::parse(&case.message.envelope).unwrap();
    let chain = seal::keys::KeySetChain::begin(
        case.sets[0].clone(),
        &case.sets[0].fingerprint(),
        Purpose::Exercise,
    )
    .unwrap();
    let now = Timestamp::from_micros(SENT + 5);
    let parties = (&case.b.code, &case.a.code);
    assert_eq!(unproven.judge(parties, Some(&chain), now), Verdict::Accept);
    let sealed = unproven.envelope.sealed().unwrap();
    let opened = open_body(&unproven.header, sealed, [&case.b.identity]).unwrap();
    assert_eq!(opened.body.content, json!({"title": "Please act"}));
    let stranger = open_body(&unproven.header, sealed, [&case.a.identity]);
    assert_eq!(stranger.unwrap_err(), RefusalCode::Unopenable);
    // The sender's archive opens it too, and nobody else.
    assert!(open_body(&unproven.header, sealed, [&case.a.archive]).is_ok());
}

#[test]
fn what_is_not_ours_or_not_the_peers_is_told_apart() {
    let case = Case::new();
    let unproven = Unproven::parse(&case.message.envelope).unwrap();
    let chain = seal::keys::KeySetChain::begin(
        case.sets[0].clone(),
        &case.sets[0].fingerprint(),
        Purpose::Exercise,
    )
    .unwrap();
    let now = Timestamp::from_micros(SENT + 5);
    let other: PartyCode = "XC".parse().unwrap();
    assert_eq!(
        unproven.judge((&other, &case.a.code), Some(&chain), now),
        Verdict::Refuse(RefusalCode::WrongAddressee)
    );
    assert!(matches!(
        unproven.judge((&case.b.code, &other), Some(&chain), now),
        Verdict::Damaged {
            code: RefusalCode::WrongSender,
            ..
        }
    ));
    let late = Timestamp::from_micros(SENT + 400 * DAY);
    assert_eq!(
        unproven.judge((&case.b.code, &case.a.code), Some(&chain), late),
        Verdict::Refuse(RefusalCode::KeySetExpired)
    );
}
