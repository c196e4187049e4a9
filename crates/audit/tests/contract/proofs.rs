//! What the ledgers hand out, on both engines: checkpoints, cosignatures, receipts, tiles.

use audit::{
    Error, Ground, Log, add_cosignatures, append, checkpoint, checkpoint_in, inclusion,
    newest_checkpoint, receipt, receipt_at, tile,
};
use db::Db;
use ledger::{LedgerSigner, TilePath, Witness, WitnessPolicy, WitnessSigner, leaf_hash};

use crate::house::{LOG, frontier_of, ground, grow, hashes_of, leaf, sign, signer, verify};

db::contract! {
    a_receipt_verifies_and_only_for_its_leaf,
    a_receipt_can_be_made_in_the_transaction_of_its_leaf,
    a_checkpoint_is_signed_once_and_again_with_new_keys,
    cosignatures_are_verified_and_kept,
    tiles_are_those_of_the_tree,
    nothing_beyond_the_checkpoint_is_shown,
}

async fn a_receipt_verifies_and_only_for_its_leaf(db: Db) {
    let ground = ground(db).await;
    grow(&ground, LOG, 0, 300).await;
    let mut tx = ground.db.begin_read().await.unwrap();
    let early = receipt(&mut tx, &ground, LOG, 7).await.unwrap_err();
    assert!(matches!(early, Error::NoCheckpoint { log: LOG, size: 8 }));
    drop(tx);
    sign(&ground).await;
    grow(&ground, LOG, 300, 301).await;
    let mut tx = ground.db.begin_read().await.unwrap();
    for n in [0, 7, 255, 256, 299] {
        let receipt = receipt(&mut tx, &ground, LOG, n).await.unwrap();
        let verdict = verify(&receipt, n, &WitnessPolicy::default());
        assert!(verdict.ok(), "{verdict}");
        assert!(!verify(&receipt, n + 1, &WitnessPolicy::default()).ok());
    }
    let uncovered = receipt(&mut tx, &ground, LOG, 300).await.unwrap_err();
    assert_eq!(uncovered.code(), "ledger.no_checkpoint");
    let no_leaf = receipt(&mut tx, &ground, LOG, 301).await.unwrap_err();
    assert_eq!(no_leaf.code(), "ledger.no_leaf");
}

async fn a_receipt_can_be_made_in_the_transaction_of_its_leaf(db: Db) {
    let ground = ground(db).await;
    grow(&ground, LOG, 0, 2).await;
    let mut tx = ground.db.begin().await.unwrap();
    let index = append(&mut tx, &ground, LOG, &[leaf(2)]).await.unwrap()[0];
    checkpoint_in(&mut tx, &ground, LOG, &signer(LOG))
        .await
        .unwrap();
    let receipt = receipt(&mut tx, &ground, LOG, index).await.unwrap();
    tx.commit().await.unwrap();
    assert!(verify(&receipt, 2, &WitnessPolicy::default()).ok());
}

async fn a_checkpoint_is_signed_once_and_again_with_new_keys(db: Db) {
    let ground = ground(db).await;
    let empty = checkpoint(&ground, LOG, &signer(LOG)).await.unwrap();
    assert_eq!(signer(LOG).keys().verify(&empty).unwrap().0.size(), 0);
    grow(&ground, LOG, 0, 1).await;
    let first = checkpoint(&ground, LOG, &signer(LOG)).await.unwrap();
    assert_eq!(checkpoint(&ground, LOG, &signer(LOG)).await.unwrap(), first);
    let rotated = LedgerSigner::from_seeds("xb.example/exchange", &[90; 32], &[91; 32]).unwrap();
    let second = checkpoint(&ground, LOG, &rotated).await.unwrap();
    assert_eq!(second.text, first.text);
    rotated.keys().verify(&second).unwrap();
    let mut tx = ground.db.begin_read().await.unwrap();
    let newest = newest_checkpoint(&mut tx, &ground, LOG).await.unwrap();
    assert_eq!(newest, Some(second));
    assert_eq!(
        newest_checkpoint(&mut tx, &ground, Log::Acts)
            .await
            .unwrap(),
        None
    );
}

async fn cosignatures_are_verified_and_kept(db: Db) {
    let ground = ground(db).await;
    grow(&ground, LOG, 0, 3).await;
    let signed = sign(&ground).await;
    let witness = WitnessSigner::from_seeds("hub.example/w", &[3; 32], &[4; 32]).unwrap();
    let stranger = WitnessSigner::from_seeds("stranger", &[5; 32], &[6; 32]).unwrap();
    let known = witness.keys();
    let mut lines = witness.cosign(&signed, 1_795_255_201).unwrap();
    lines.extend(stranger.cosign(&signed, 1).unwrap());

    let at = (LOG, 3);
    for _twice in 0..2 {
        let mut tx = ground.db.begin().await.unwrap();
        let note = add_cosignatures(&mut tx, &ground, at, &lines, &known)
            .await
            .unwrap();
        assert_eq!(
            note.signatures.len(),
            4,
            "a stranger's lines, and repeated ones, are left out"
        );
        tx.commit().await.unwrap();
    }
    lines[0].signature[9] ^= 1;
    let mut tx = ground.db.begin().await.unwrap();
    assert!(
        add_cosignatures(&mut tx, &ground, at, &lines, &known)
            .await
            .is_err()
    );
    let other = add_cosignatures(&mut tx, &ground, (LOG, 2), &[], &known)
        .await
        .unwrap_err();
    assert_eq!(other.code(), "ledger.no_checkpoint");
    drop(tx);

    grow(&ground, LOG, 3, 4).await;
    sign(&ground).await;
    let keys = known.to_vec();
    let policy = WitnessPolicy {
        witnesses: vec![Witness {
            name: "hub".into(),
            keys,
        }],
        needed: 1,
    };
    let mut tx = ground.db.begin_read().await.unwrap();
    let cosigned = receipt_at(&mut tx, &ground, LOG, 1, 3).await.unwrap();
    let verdict = verify(&cosigned, 1, &policy);
    assert!(verdict.ok(), "{verdict}");
    assert_eq!(verdict.witnessed_by(), Some(1_795_255_201));
    let newest = receipt(&mut tx, &ground, LOG, 1).await.unwrap();
    assert!(
        !verify(&newest, 1, &policy).ok(),
        "nobody has cosigned the newer one"
    );
    assert!(receipt_at(&mut tx, &ground, LOG, 3, 3).await.is_err());
}

async fn tile_at(ground: &Ground, path: &str) -> Option<Vec<u8>> {
    let mut tx = ground.db.begin_read().await.unwrap();
    let path = TilePath::parse(path.as_bytes()).unwrap();
    tile(&mut tx, ground, LOG, path).await.unwrap()
}

async fn tiles_are_those_of_the_tree(db: Db) {
    let ground = ground(db).await;
    grow(&ground, LOG, 0, 520).await;
    sign(&ground).await;
    let hashes = hashes_of(&ground, LOG).await;
    let tile = ledger::parse_tile(&tile_at(&ground, "tile/0/001").await.unwrap()).unwrap();
    assert_eq!(tile, hashes[256..512]);
    let tile = ledger::parse_tile(&tile_at(&ground, "tile/0/002.p/8").await.unwrap()).unwrap();
    assert_eq!(tile, hashes[512..520]);
    let tile = ledger::parse_tile(&tile_at(&ground, "tile/1/000.p/2").await.unwrap()).unwrap();
    assert_eq!(
        tile,
        [
            frontier_of(&hashes[..256]).root(),
            frontier_of(&hashes[256..512]).root()
        ]
    );
    let entries = tile_at(&ground, "tile/entries/002.p/8").await.unwrap();
    let entries = ledger::parse_bundle(&entries).unwrap();
    let from_entries: Vec<_> = entries.into_iter().map(leaf_hash).collect();
    assert_eq!(from_entries, hashes[512..520]);
}

async fn nothing_beyond_the_checkpoint_is_shown(db: Db) {
    let ground = ground(db).await;
    grow(&ground, LOG, 0, 300).await;
    assert_eq!(
        tile_at(&ground, "tile/0/000").await,
        None,
        "nothing is signed yet"
    );
    sign(&ground).await;
    grow(&ground, LOG, 300, 600).await;
    for beyond in [
        "tile/0/001",
        "tile/0/001.p/45",
        "tile/entries/001.p/45",
        "tile/1/000.p/2",
        "tile/2/000.p/1",
    ] {
        assert_eq!(tile_at(&ground, beyond).await, None, "{beyond}");
    }
    for within in [
        "tile/0/001.p/44",
        "tile/0/001.p/1",
        "tile/entries/000",
        "tile/1/000.p/1",
    ] {
        assert!(tile_at(&ground, within).await.is_some(), "{within}");
    }
    let mut tx = ground.db.begin_read().await.unwrap();
    let beyond = inclusion(&mut tx, &ground, LOG, 3, 601).await.unwrap_err();
    assert_eq!(beyond.code(), "ledger.no_checkpoint");
}
