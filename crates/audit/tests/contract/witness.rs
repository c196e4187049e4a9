//! What is kept of others' ledgers, on both engines.

use crate::house::{NOW, ground, signer, trusted};
use audit::{
    Ground, Log, Observed, Outcome, add_checkpoint, conflicts, frozen_since, last_seen, observe,
    unfreeze,
};
use db::Db;
use ledger::{
    AddCheckpoint, Checkpoint, Frontier, Hash, Note, Refusal, WitnessSigner, leaf_hash, node_hash,
};

db::contract! {
    a_ledger_that_grows_is_cosigned,
    what_the_specification_refuses_is_refused,
    a_split_view_is_kept_as_evidence_and_freezes,
    two_requests_at_once_are_one_after_the_other,
    an_observed_checkpoint_needs_its_proof,
    an_observed_conflict_is_kept_and_freezes,
}

const ORIGIN: &str = "xb.example/exchange";

fn witness() -> WitnessSigner {
    WitnessSigner::from_seeds("hub.example/w", &[3; 32], &[4; 32]).unwrap()
}

fn leaf(n: u8) -> Hash {
    leaf_hash(&[n])
}

/// The signed checkpoint of a tree of these leaves.
fn note(leaves: &[u8]) -> Note {
    let mut frontier = Frontier::new();
    for n in leaves {
        frontier.append(leaf(*n), |_, _| {}).unwrap();
    }
    signer(Log::Exchange)
        .sign(frontier.size(), frontier.root(), 1_795_255_200)
        .unwrap()
}

fn request(old: u64, proof: &[Hash], checkpoint: Note) -> AddCheckpoint {
    AddCheckpoint {
        old,
        proof: proof.to_vec(),
        checkpoint,
    }
}

async fn ask(ground: &Ground, request: &AddCheckpoint) -> Outcome {
    let trusted = trusted(&signer(Log::Exchange));
    add_checkpoint(ground, request, Some(&trusted), &witness())
        .await
        .unwrap()
}

async fn look(ground: &Ground, note: &Note, proof: Option<&[Hash]>) -> Observed {
    let mut tx = ground.db.begin().await.unwrap();
    let keys = signer(Log::Exchange);
    let observed = observe(&mut tx, ground, keys.keys(), note, proof)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    observed
}

async fn kept_size(ground: &Ground) -> Option<u64> {
    let mut tx = ground.db.begin_read().await.unwrap();
    let note = last_seen(&mut tx, ORIGIN).await.unwrap()?;
    Some(Checkpoint::parse(note.text.as_bytes()).unwrap().size())
}

async fn a_ledger_that_grows_is_cosigned(db: Db) {
    let ground = ground(db).await;
    assert_eq!(kept_size(&ground).await, None);
    for (old, proof, leaves) in [
        (0, vec![], &[1][..]),
        (1, vec![leaf(2)], &[1, 2]),
        (2, vec![leaf(3)], &[1, 2, 3]),
        (3, vec![], &[1, 2, 3]),
    ] {
        let note = note(leaves);
        let Outcome::Cosigned(lines) = ask(&ground, &request(old, &proof, note.clone())).await
        else {
            panic!("not cosigned from {old}");
        };
        for (key, line) in witness().keys().iter().zip(&lines) {
            let seconds = u64::try_from(NOW.as_seconds()).unwrap();
            assert_eq!(key.verify(&note.text, line), Ok(Some(seconds)));
        }
        assert_eq!(
            kept_size(&ground).await,
            Some(leaves.len().try_into().unwrap())
        );
    }
}

async fn what_the_specification_refuses_is_refused(db: Db) {
    let ground = ground(db).await;
    let first = request(0, &[], note(&[1]));
    let unknown = add_checkpoint(&ground, &first, None, &witness())
        .await
        .unwrap();
    assert_eq!(unknown, Outcome::Refused(Refusal::UnknownOrigin));
    let mut untrusted = first.clone();
    untrusted.checkpoint.signatures.pop();
    assert_eq!(
        ask(&ground, &untrusted).await,
        Outcome::Refused(Refusal::Untrusted)
    );
    assert_eq!(
        kept_size(&ground).await,
        None,
        "a refused checkpoint is not kept"
    );
    ask(&ground, &first).await;
    let stale = request(0, &[], note(&[1, 2]));
    assert_eq!(
        ask(&ground, &stale).await,
        Outcome::Refused(Refusal::Stale { size: 1 })
    );
    let mut tx = ground.db.begin_read().await.unwrap();
    assert_eq!(conflicts(&mut tx, None).await.unwrap(), []);
    assert_eq!(frozen_since(&mut tx, ORIGIN).await.unwrap(), None);
}

async fn a_split_view_is_kept_as_evidence_and_freezes(db: Db) {
    let ground = ground(db).await;
    let (one, other) = (note(&[1, 2]), note(&[1, 9]));
    ask(&ground, &request(0, &[], one.clone())).await;
    let forged = request(2, &[], other.clone());
    assert_eq!(
        ask(&ground, &forged).await,
        Outcome::Refused(Refusal::SplitView)
    );
    let honest = request(2, &[leaf(3)], note(&[1, 2, 3]));
    assert_eq!(ask(&ground, &honest).await, Outcome::Frozen);
    assert_eq!(look(&ground, &one, None).await, Observed::Frozen);

    let mut tx = ground.db.begin().await.unwrap();
    assert_eq!(frozen_since(&mut tx, ORIGIN).await.unwrap(), Some(NOW));
    let kept = conflicts(&mut tx, Some(ORIGIN)).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].kept.as_str(), kept[0].shown.as_str()),
        (one.to_string().as_str(), other.to_string().as_str())
    );
    assert_eq!((kept[0].reason.as_str(), kept[0].at), ("split_view", NOW));
    assert_eq!(conflicts(&mut tx, Some("another")).await.unwrap(), []);
    assert!(unfreeze(&mut tx, ORIGIN).await.unwrap());
    assert!(!unfreeze(&mut tx, "another").await.unwrap());
    tx.commit().await.unwrap();
    assert!(matches!(ask(&ground, &honest).await, Outcome::Cosigned(_)));
}

async fn two_requests_at_once_are_one_after_the_other(db: Db) {
    let ground = ground(db).await;
    let requests = [
        request(0, &[], note(&[1, 2])),
        request(0, &[], note(&[1, 2, 3])),
    ];
    let trusted = trusted(&signer(Log::Exchange));
    let signer = witness();
    let (a, b) = tokio::join!(
        add_checkpoint(&ground, &requests[0], Some(&trusted), &signer),
        add_checkpoint(&ground, &requests[1], Some(&trusted), &signer),
    );
    let outcomes = [a.unwrap(), b.unwrap()];
    let cosigned = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Outcome::Cosigned(_)));
    assert_eq!(cosigned.count(), 1, "{outcomes:?}");
}

async fn an_observed_checkpoint_needs_its_proof(db: Db) {
    let ground = ground(db).await;
    let second = node_hash(&leaf(1), &leaf(2));
    assert_eq!(
        look(&ground, &note(&[1, 2]), None).await,
        Observed::Accepted
    );
    assert_eq!(
        look(&ground, &note(&[1, 2]), None).await,
        Observed::Accepted
    );
    let newer = note(&[1, 2, 3]);
    assert_eq!(
        look(&ground, &newer, None).await,
        Observed::NeedsProof { old: 2, new: 3 }
    );
    assert_eq!(kept_size(&ground).await, Some(2));
    assert_eq!(
        look(&ground, &newer, Some(&[leaf(3)])).await,
        Observed::Accepted
    );
    assert_eq!(kept_size(&ground).await, Some(3));
    let older = note(&[1]);
    assert_eq!(
        look(&ground, &older, None).await,
        Observed::NeedsProof { old: 1, new: 3 }
    );
    assert_eq!(
        look(&ground, &older, Some(&[leaf(2), leaf(3)])).await,
        Observed::Accepted
    );
    assert_eq!(look(&ground, &note(&[]), None).await, Observed::Accepted);
    assert_eq!(
        kept_size(&ground).await,
        Some(3),
        "an older one does not replace a newer"
    );
    assert_ne!(second, leaf(3));
    let mut half = newer;
    half.signatures.remove(0);
    let mut tx = ground.db.begin().await.unwrap();
    let keys = signer(Log::Exchange);
    assert!(
        observe(&mut tx, &ground, keys.keys(), &half, None)
            .await
            .is_err()
    );
}

async fn an_observed_conflict_is_kept_and_freezes(db: Db) {
    let ground = ground(db).await;
    for (leaves, proof) in [
        (&[1, 9][..], None),
        (&[9], Some([leaf(2)])),
        (&[1, 9, 3], Some([leaf(3)])),
    ] {
        let mut tx = ground.db.begin().await.unwrap();
        unfreeze(&mut tx, ORIGIN).await.unwrap();
        let before = conflicts(&mut tx, None).await.unwrap().len();
        tx.commit().await.unwrap();
        assert_eq!(
            look(&ground, &note(&[1, 2]), None).await,
            Observed::Accepted
        );
        let proof = proof.as_ref().map(<[Hash; 1]>::as_slice);
        assert_eq!(
            look(&ground, &note(leaves), proof).await,
            Observed::Conflict
        );
        assert_eq!(kept_size(&ground).await, Some(2));
        let mut tx = ground.db.begin_read().await.unwrap();
        assert_eq!(conflicts(&mut tx, None).await.unwrap().len(), before + 1);
        assert!(frozen_since(&mut tx, ORIGIN).await.unwrap().is_some());
    }
}
