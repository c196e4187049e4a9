//! What the tree, the signatures and a receipt cost. `cargo bench -p ledger`
#![expect(clippy::unwrap_used, reason = "bench code: a surprise ends the run")]

use divan::{Bencher, black_box};
use ledger::{
    Act, Checkpoint, Expected, Frontier, Hash, LedgerSigner, Record, WitnessPolicy, leaf_hash,
    receipt, verify_receipt,
};

fn main() {
    divan::main();
}

fn signer() -> LedgerSigner {
    LedgerSigner::from_seeds("log.example/x", &[1; 32], &[2; 32]).unwrap()
}

fn record() -> Record {
    Record::new(
        Act::Received,
        1_700_000_000_000_000,
        "message--1",
        [7; 32],
        [9; 32],
    )
    .unwrap()
}

#[divan::bench(args = [1, 1_000, 100_000])]
fn append(leaves: u64) -> Hash {
    let mut frontier = Frontier::new();
    for number in 0..leaves {
        let leaf = leaf_hash(&number.to_be_bytes());
        frontier.append(leaf, |_, _| {}).unwrap();
    }
    frontier.root()
}

#[divan::bench]
fn record_to_leaf_hash(bencher: Bencher<'_, '_>) {
    let record = record();
    bencher.bench(|| leaf_hash(&black_box(&record).entry()));
}

#[divan::bench]
fn sign_a_checkpoint(bencher: Bencher<'_, '_>) {
    let signer = signer();
    let root = leaf_hash(b"root");
    bencher
        .counter(1_u32)
        .bench(|| signer.sign(1, black_box(root), 5).unwrap());
}

#[divan::bench]
fn verify_a_receipt(bencher: Bencher<'_, '_>) {
    let (signer, record) = (signer(), record());
    let note = signer.sign(1, leaf_hash(&record.entry()), 5).unwrap();
    assert_eq!(Checkpoint::parse(note.text.as_bytes()).unwrap().size(), 1);
    let receipt = receipt(&record, 0, Vec::new(), note);
    let expected = Expected {
        act: &Act::Received,
        sha256: &[7; 32],
        subject: None,
    };
    let policy = WitnessPolicy::default();
    bencher.bench(|| {
        let verdict = verify_receipt(receipt.as_bytes(), &expected, signer.keys(), &policy);
        assert!(verdict.ok());
    });
}
