//! A log, a witness, a receipt, and a split view that is caught.
//!
//! `cargo run -p ledger --example witness`
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::collections::BTreeMap;
use std::error::Error;

use ledger::{
    Act, AddCheckpoint, Expected, Frontier, Hash, LedgerSigner, Plan, Record, TileId, Witness,
    WitnessPolicy, WitnessSigner, decide, leaf_hash, receipt, verify_receipt,
};

/// A log that keeps its tiles in memory.
#[derive(Default)]
struct Log {
    frontier: Frontier,
    tiles: BTreeMap<TileId, Vec<Hash>>,
}

impl Log {
    fn append(&mut self, record: &Record) -> Result<u64, ledger::Error> {
        let tiles = &mut self.tiles;
        self.frontier
            .append(leaf_hash(&record.entry()), |node, hash| {
                if node.level % 8 == 0 {
                    let (level, index) = (node.level / 8, node.index / 256);
                    tiles.entry(TileId { level, index }).or_default().push(hash);
                }
            })?;
        Ok(self.frontier.size() - 1)
    }

    fn resolve(&self, plan: &Plan) -> Result<Vec<Hash>, ledger::Error> {
        plan.resolve(|tile| self.tiles.get(&tile)?.get(..tile.width(plan.size())))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let signer = LedgerSigner::from_seeds("xb.example/exchange", &[1; 32], &[2; 32])?;
    let witness = WitnessSigner::from_seeds("hub.example/witness", &[3; 32], &[4; 32])?;
    let trusted = [
        signer.keys().ed25519().clone(),
        signer.keys().mldsa44().clone(),
    ];

    let payload = ledger::sha256(b"a payload");
    let record = |subject: &str| {
        Record::new(
            Act::Received,
            1_700_000_000_000_000,
            subject,
            payload,
            [9; 32],
        )
    };
    let mut log = Log::default();
    log.append(&record("message--1")?)?;
    let seen = (log.frontier.size(), log.frontier.root());
    let ours = record("message--2")?;
    let index = log.append(&ours)?;
    log.append(&record("message--3")?)?;

    // The witness saw one leaf; the log proves that three continue it.
    let size = log.frontier.size();
    let mut note = signer.sign(size, log.frontier.root(), 1_700_000_060)?;
    let request = AddCheckpoint {
        old: seen.0,
        proof: log.resolve(&Plan::consistency(seen.0, size)?)?,
        checkpoint: note.clone(),
    };
    let checkpoint = decide(&request, Some(&trusted), Some(seen))?;
    note.signatures
        .extend(witness.cosign(&checkpoint, 1_700_000_061)?);
    println!(
        "The witness cosigned the tree of {} leaves.\n",
        checkpoint.size()
    );

    let path = log.resolve(&Plan::inclusion(index, size)?)?;
    let receipt = receipt(&ours, index, path, note);
    let policy = WitnessPolicy {
        witnesses: vec![Witness {
            name: "hub.example/witness".into(),
            keys: witness.keys().to_vec(),
        }],
        needed: 1,
    };
    let expected = Expected {
        act: &Act::Received,
        sha256: &payload,
        subject: Some("message--2"),
    };
    let verdict = verify_receipt(receipt.as_bytes(), &expected, signer.keys(), &policy);
    println!("The receipt:\n{verdict}");

    // The log shows another tree of the same size to somebody else.
    let mut other = Log::default();
    for subject in ["message--1", "message--4", "message--3"] {
        other.append(&record(subject)?)?;
    }
    let forged = AddCheckpoint {
        old: size,
        proof: Vec::new(),
        checkpoint: signer.sign(size, other.frontier.root(), 1_700_000_062)?,
    };
    let last = Some((checkpoint.size(), *checkpoint.root()));
    match decide(&forged, Some(&trusted), last) {
        Ok(_) => Err("a split view was cosigned".into()),
        Err(refusal) => {
            println!("The other tree: {refusal} (HTTP {}).", refusal.status());
            Ok(())
        }
    }
}
