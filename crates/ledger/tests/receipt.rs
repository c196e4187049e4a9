//! Receipts: a good one holds, and no byte of it can be changed.
#![expect(
    clippy::unwrap_used,
    clippy::as_conversions,
    reason = "test code: a surprise ends the test"
)]

use ledger::{
    Act, Checkpoint, Expected, Frontier, Hash, LedgerKeys, LedgerSigner, Note, Record, TlogProof,
    Verdict, Witness, WitnessPolicy, WitnessSigner, leaf_hash, node_hash, receipt, verify_receipt,
};

const PAYLOAD: [u8; 32] = [7; 32];
const SUBJECT: &str = "message--6f9c1c44-0000-4000-8000-000000000000";
const TIME: u64 = 1_700_000_000;

struct Case {
    signer: LedgerSigner,
    witnesses: [WitnessSigner; 2],
    policy: WitnessPolicy,
    record: Record,
    hashes: Vec<Hash>,
    note: Note,
}

impl Case {
    /// A log of three leaves whose second is the record, cosigned by both witnesses.
    fn new() -> Self {
        let signer = LedgerSigner::from_seeds("xb.example/exchange", &[1; 32], &[2; 32]).unwrap();
        let witnesses =
            [("hub.example/witness", 3), ("xc.example/witness", 5)].map(|(name, seed)| {
                WitnessSigner::from_seeds(name, &[seed; 32], &[seed + 1; 32]).unwrap()
            });
        let policy = WitnessPolicy {
            witnesses: witnesses
                .iter()
                .map(|witness| Witness {
                    name: witness.keys()[0].name().to_owned(),
                    keys: witness.keys().to_vec(),
                })
                .collect(),
            needed: 2,
        };
        let record = Record::new(
            Act::Received,
            1_699_999_999_000_000,
            SUBJECT,
            PAYLOAD,
            [9; 32],
        );
        let record = record.unwrap();
        let leaves = [
            leaf_hash(b"before"),
            leaf_hash(&record.entry()),
            leaf_hash(b"after"),
        ];
        let mut frontier = Frontier::new();
        for leaf in leaves {
            frontier.append(leaf, |_, _| {}).unwrap();
        }
        assert_eq!(
            frontier.root(),
            node_hash(&node_hash(&leaves[0], &leaves[1]), &leaves[2])
        );
        let mut note = signer.sign(3, frontier.root(), TIME).unwrap();
        let checkpoint = Checkpoint::parse(note.text.as_bytes()).unwrap();
        for (number, witness) in witnesses.iter().enumerate() {
            let time = TIME + 1 + number as u64;
            note.signatures
                .extend(witness.cosign(&checkpoint, time).unwrap());
        }
        let hashes = vec![leaves[0], leaves[2]];
        Self {
            signer,
            witnesses,
            policy,
            record,
            hashes,
            note,
        }
    }

    fn receipt(&self) -> String {
        receipt(&self.record, 1, self.hashes.clone(), self.note.clone())
    }

    fn keys(&self) -> &LedgerKeys {
        self.signer.keys()
    }

    fn verify(&self, bytes: &[u8]) -> Verdict {
        verify_receipt(bytes, &expected(), self.keys(), &self.policy)
    }
}

fn expected() -> Expected<'static> {
    Expected {
        act: &Act::Received,
        sha256: &PAYLOAD,
        subject: Some(SUBJECT),
    }
}

fn failed(verdict: &Verdict) -> Vec<&'static str> {
    assert!(!verdict.ok());
    let failed = verdict.checks.iter().filter(|check| !check.ok);
    failed.map(|check| check.name).collect()
}

#[test]
fn a_good_receipt_holds_and_says_when_it_was_witnessed() {
    let case = Case::new();
    let verdict = case.verify(case.receipt().as_bytes());
    assert!(verdict.ok(), "{verdict}");
    let names: Vec<_> = verdict.checks.iter().map(|check| check.name).collect();
    assert_eq!(
        names,
        [
            "format",
            "record",
            "act",
            "payload",
            "subject",
            "inclusion",
            "ledger_ed25519",
            "ledger_mldsa44",
            "signatures",
            "witnesses",
        ]
    );
    assert_eq!(verdict.record, Some(case.record.clone()));
    assert_eq!(verdict.index, Some(1));
    assert_eq!(verdict.ledger_time, Some(TIME));
    assert_eq!(verdict.witnessed_by(), Some(TIME + 1));
    assert_eq!(verdict.witness_times.len(), 2);
    assert!(
        verdict
            .to_string()
            .contains("hub.example/witness at 2023-11-14T22:13:21Z")
    );
}

#[test]
fn flipping_any_byte_of_a_receipt_fails() {
    let mut case = Case::new();
    // One witness is enough to have lines of every kind.
    case.note.signatures.truncate(4);
    case.policy.needed = 1;
    let good = case.receipt().into_bytes();
    assert!(case.verify(&good).ok());
    for place in 0..good.len() {
        let mut bad = good.clone();
        // Three bits in turn: base64 and hexadecimal differ in what a flip makes of a letter.
        bad[place] ^= [0x01, 0x20, 0x08][place % 3];
        assert!(!case.verify(&bad).ok(), "byte {place}");
    }
}

#[test]
fn cutting_or_lengthening_a_receipt_fails() {
    let case = Case::new();
    let good = case.receipt().into_bytes();
    for length in (0..good.len()).step_by(7) {
        assert!(!case.verify(&good[..length]).ok());
    }
    for tail in [&b"\n"[..], b"x", b"\n\n", &good] {
        assert!(!case.verify(&[&good[..], tail].concat()).ok());
    }
    assert!(!case.verify(&vec![b'x'; ledger::RECEIPT_BYTES_MAX + 1]).ok());
}

#[test]
fn what_a_receipt_is_about_must_be_what_is_expected() {
    let case = Case::new();
    let receipt = case.receipt();
    let verify = |expected: &Expected<'_>| {
        failed(&verify_receipt(
            receipt.as_bytes(),
            expected,
            case.keys(),
            &case.policy,
        ))
    };
    assert_eq!(
        verify(&Expected {
            sha256: &[8; 32],
            ..expected()
        }),
        ["payload"]
    );
    assert_eq!(
        verify(&Expected {
            act: &Act::Refused,
            ..expected()
        }),
        ["act"]
    );
    assert_eq!(
        verify(&Expected {
            subject: Some("message--other"),
            ..expected()
        }),
        ["subject"]
    );
}

#[test]
fn another_salt_or_another_index_is_not_included() {
    let case = Case::new();
    let salted = Record::new(Act::Received, case.record.at(), SUBJECT, PAYLOAD, [8; 32]).unwrap();
    let bad = receipt(&salted, 1, case.hashes.clone(), case.note.clone());
    assert_eq!(failed(&case.verify(bad.as_bytes())), ["inclusion"]);
    let bad = receipt(&case.record, 0, case.hashes.clone(), case.note.clone());
    assert_eq!(failed(&case.verify(bad.as_bytes())), ["inclusion"]);
}

#[test]
fn a_receipt_of_another_ledger_does_not_hold() {
    let case = Case::new();
    let other = LedgerSigner::from_seeds("xb.example/exchange", &[1; 32], &[99; 32]).unwrap();
    let receipt = case.receipt();
    let verdict = verify_receipt(receipt.as_bytes(), &expected(), other.keys(), &case.policy);
    assert_eq!(failed(&verdict), ["ledger_mldsa44", "signatures"]);
    let other = LedgerSigner::from_seeds("xa.example/exchange", &[1; 32], &[2; 32]).unwrap();
    let verdict = verify_receipt(receipt.as_bytes(), &expected(), other.keys(), &case.policy);
    assert_eq!(
        failed(&verdict),
        ["ledger_ed25519", "ledger_mldsa44", "signatures"]
    );
    assert_eq!(verdict.ledger_time, None);
}

#[test]
fn an_unknown_or_repeated_signature_line_fails() {
    let mut case = Case::new();
    let stranger = WitnessSigner::from_seeds("stranger", &[70; 32], &[71; 32]).unwrap();
    let checkpoint = Checkpoint::parse(case.note.text.as_bytes()).unwrap();
    let line = stranger.cosign(&checkpoint, TIME).unwrap().remove(0);
    let good = case.note.clone();
    case.note.signatures.push(line);
    assert_eq!(
        failed(&case.verify(case.receipt().as_bytes())),
        ["signatures"]
    );
    case.note = good;
    case.note.signatures.push(case.note.signatures[2].clone());
    assert_eq!(
        failed(&case.verify(case.receipt().as_bytes())),
        ["signatures"]
    );
}

#[test]
fn a_witness_counts_when_each_of_its_keys_has_signed() {
    let mut case = Case::new();
    case.note.signatures.pop();
    let verdict = case.verify(case.receipt().as_bytes());
    assert_eq!(failed(&verdict), ["witnesses"]);
    assert_eq!(verdict.witness_times.len(), 1);
    case.policy.needed = 1;
    assert!(case.verify(case.receipt().as_bytes()).ok());
}

#[test]
fn one_witness_listed_twice_counts_once() {
    let mut case = Case::new();
    case.note.signatures.truncate(4);
    let again = Witness {
        name: "another name".into(),
        keys: case.witnesses[0].keys().to_vec(),
    };
    case.policy.witnesses[1] = again;
    let verdict = case.verify(case.receipt().as_bytes());
    assert_eq!(failed(&verdict), ["witnesses"]);
    case.policy.witnesses.push(Witness {
        name: "nobody".into(),
        keys: Vec::new(),
    });
    assert_eq!(
        failed(&case.verify(case.receipt().as_bytes())),
        ["witnesses"]
    );
}

#[test]
fn extension_lines_are_refused_since_mldsa44_does_not_cover_them() {
    let case = Case::new();
    let mut proof = TlogProof::parse(case.receipt().as_bytes()).unwrap();
    proof.checkpoint.text.push_str("extension\n");
    assert_eq!(
        failed(&case.verify(proof.to_string().as_bytes())),
        ["format"]
    );
}

#[test]
fn a_proof_without_record_is_no_receipt() {
    let case = Case::new();
    let mut proof = TlogProof::parse(case.receipt().as_bytes()).unwrap();
    proof.extra = None;
    assert_eq!(
        failed(&case.verify(proof.to_string().as_bytes())),
        ["record", "inclusion"]
    );
}
