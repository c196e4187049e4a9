//! What the contract tests of the ledgers share.

use std::sync::Arc;

use audit::{Ground, Leaf, Log, append, checkpoint, record, size};
use db::Db;
use kernel::{Country, ManualClock, Mode, PartyCode, Roles, SeededRng, Timestamp, Viewer, Who};
use ledger::{
    Act, Checkpoint, Expected, Frontier, Hash, LedgerSigner, Verdict, VerifierKey, WitnessPolicy,
    leaf_hash, verify_receipt,
};

/// 2026-11-21T10:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_795_255_200_000_000);

/// The ledger that most promises are tried on.
pub(crate) const LOG: Log = Log::Exchange;

pub(crate) async fn ground(db: Db) -> Ground {
    let clock = Arc::new(ManualClock::new(NOW));
    Ground::open(db, clock, Arc::new(SeededRng::new(7)))
        .await
        .unwrap()
}

pub(crate) fn signer(log: Log) -> LedgerSigner {
    let seed = log.as_str().len().try_into().unwrap();
    let origin = format!("xb.example/{log}");
    LedgerSigner::from_seeds(&origin, &[seed; 32], &[seed + 100; 32]).unwrap()
}

pub(crate) fn trusted(signer: &LedgerSigner) -> [VerifierKey; 2] {
    [
        signer.keys().ed25519().clone(),
        signer.keys().mldsa44().clone(),
    ]
}

pub(crate) fn viewer(mode: Mode) -> Viewer {
    let party: Country = "FR".parse().unwrap();
    Viewer {
        who: Who::Peer(PartyCode::from(party)),
        roles: Roles::default(),
        party: party.into(),
        circles: Vec::new(),
        mode,
    }
}

/// A leaf about message number `n`.
pub(crate) fn leaf(n: u64) -> Leaf {
    Leaf {
        act: Act::Received,
        subject: format!("message--6f9c1c44-0000-4000-8000-{n:012x}"),
        sha256: ledger::sha256(&n.to_be_bytes()),
    }
}

/// Appends leaves `from` up to `to` in one transaction.
pub(crate) async fn grow(ground: &Ground, log: Log, from: u64, to: u64) {
    let leaves: Vec<Leaf> = (from..to).map(leaf).collect();
    let mut tx = ground.db.begin().await.unwrap();
    let indices = append(&mut tx, ground, log, &leaves).await.unwrap();
    assert_eq!(indices, (from..to).collect::<Vec<_>>());
    tx.commit().await.unwrap();
}

pub(crate) async fn sign(ground: &Ground) -> Checkpoint {
    let note = checkpoint(ground, LOG, &signer(LOG)).await.unwrap();
    signer(LOG).keys().verify(&note).unwrap().0
}

pub(crate) fn verify(receipt: &str, n: u64, policy: &WitnessPolicy) -> Verdict {
    let about = leaf(n);
    let expected = Expected {
        act: &Act::Received,
        sha256: &about.sha256,
        subject: Some(&about.subject),
    };
    verify_receipt(receipt.as_bytes(), &expected, signer(LOG).keys(), policy)
}

pub(crate) async fn hashes_of(ground: &Ground, log: Log) -> Vec<Hash> {
    let mut tx = ground.db.begin_read().await.unwrap();
    let size = size(&mut tx, ground, log).await.unwrap();
    let mut hashes = Vec::new();
    for index in 0..size {
        let record = record(&mut tx, ground, log, index).await.unwrap();
        hashes.push(leaf_hash(&record.entry()));
    }
    hashes
}

pub(crate) fn frontier_of(hashes: &[Hash]) -> Frontier {
    let mut frontier = Frontier::new();
    for hash in hashes {
        frontier.append(*hash, |_, _| {}).unwrap();
    }
    frontier
}
