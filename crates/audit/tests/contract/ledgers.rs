//! What the ledgers promise, on both engines: leaves, tree, receipts, tiles.

use crate::house::{NOW, ground, grow, leaf, signer};
use audit::{
    Error, Ground, Leaf, Log, add_cosignatures, append, check, checkpoint, checkpoint_in,
    consistency, erase, inclusion, leaf as one_leaf, leaves, newest_checkpoint, open_epoch,
    receipt, receipt_at, record, size, tile,
};
use db::{
    Db, on,
    sqlx::{query, query_as},
};
use kernel::{Limit, PageRequest, SeededRng};
use ledger::{
    Act, Checkpoint, Expected, Frontier, Hash, LedgerSigner, TilePath, Verdict, Witness,
    WitnessPolicy, WitnessSigner, leaf_hash, verify_consistency, verify_inclusion, verify_receipt,
};
use tokio::task::JoinSet;

db::contract! {
    leaves_come_back_as_they_were_appended,
    what_is_rolled_back_leaves_no_gap,
    appenders_at_once_leave_no_gap,
    any_growth_gives_the_tree_of_its_leaves,
    a_receipt_verifies_and_only_for_its_leaf,
    a_receipt_can_be_made_in_the_transaction_of_its_leaf,
    a_checkpoint_is_signed_once_and_again_with_new_keys,
    cosignatures_are_verified_and_kept,
    tiles_are_those_of_the_tree,
    nothing_beyond_the_checkpoint_is_shown,
    erasing_removes_the_meaning_and_not_the_tree,
    an_altered_leaf_is_noticed,
    two_codes_of_one_number_are_refused,
    a_new_epoch_begins_a_new_tree,
}

const LOG: Log = Log::Exchange;

async fn sign(ground: &Ground) -> Checkpoint {
    let note = checkpoint(ground, LOG, &signer(LOG)).await.unwrap();
    signer(LOG).keys().verify(&note).unwrap().0
}

fn verify(receipt: &str, n: u64, policy: &WitnessPolicy) -> Verdict {
    let about = leaf(n);
    let expected = Expected {
        act: &Act::Received,
        sha256: &about.sha256,
        subject: Some(&about.subject),
    };
    verify_receipt(receipt.as_bytes(), &expected, signer(LOG).keys(), policy)
}

async fn hashes_of(ground: &Ground, log: Log) -> Vec<Hash> {
    let mut tx = ground.db.begin_read().await.unwrap();
    let size = size(&mut tx, ground, log).await.unwrap();
    let mut hashes = Vec::new();
    for index in 0..size {
        let record = record(&mut tx, ground, log, index).await.unwrap();
        hashes.push(leaf_hash(&record.entry()));
    }
    hashes
}

fn frontier_of(hashes: &[Hash]) -> Frontier {
    let mut frontier = Frontier::new();
    for hash in hashes {
        frontier.append(*hash, |_, _| {}).unwrap();
    }
    frontier
}

async fn leaves_come_back_as_they_were_appended(db: Db) {
    let ground = ground(db).await;
    let all = [
        leaf(0),
        Leaf {
            act: Act::Sent,
            subject: "x".into(),
            ..leaf(1)
        },
        Leaf {
            act: Act::Refused,
            subject: "~".repeat(128),
            ..leaf(2)
        },
        Leaf {
            act: Act::local("incident.updated").unwrap(),
            ..leaf(3)
        },
        Leaf {
            act: Act::local("incident.closed").unwrap(),
            ..leaf(4)
        },
        leaf(5),
    ];
    let mut tx = ground.db.begin().await.unwrap();
    let first = append(&mut tx, &ground, LOG, &all[..1]).await.unwrap();
    let more = append(&mut tx, &ground, LOG, &all[1..5]).await.unwrap();
    let last = append(&mut tx, &ground, LOG, &all[5..]).await.unwrap();
    let none = append(&mut tx, &ground, LOG, &[]).await.unwrap();
    let elsewhere = append(&mut tx, &ground, Log::Acts, &all).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((first, more, last), (vec![0], vec![1, 2, 3, 4], vec![5]));
    assert_eq!((none, elsewhere), (vec![], vec![0, 1, 2, 3, 4, 5]));

    let mut tx = ground.db.begin_read().await.unwrap();
    let request = |after| PageRequest {
        after,
        limit: Limit::new(4).unwrap(),
    };
    let page = leaves(&mut tx, &ground, LOG, request(None)).await.unwrap();
    let rest = leaves(&mut tx, &ground, LOG, request(page.next))
        .await
        .unwrap();
    assert_eq!(rest.next, None);
    let views: Vec<_> = page.items.into_iter().chain(rest.items).rev().collect();
    assert_eq!(views.len(), all.len());
    let mut salts = Vec::new();
    for (index, (view, leaf)) in views.iter().zip(&all).enumerate() {
        let index = index.try_into().unwrap();
        assert_eq!((view.index, view.at), (index, NOW));
        assert_eq!((&view.act, &view.subject), (&leaf.act, &leaf.subject));
        assert_eq!(view.sha256, Some(leaf.sha256));
        let again = one_leaf(&mut tx, &ground, LOG, index).await.unwrap();
        assert_eq!(again.as_ref(), Some(view));
        let record = record(&mut tx, &ground, LOG, index).await.unwrap();
        assert_eq!(
            (record.act(), record.subject()),
            (&leaf.act, leaf.subject.as_str())
        );
        salts.push(*record.salt());
    }
    salts.sort_unstable();
    salts.dedup();
    assert_eq!(salts.len(), all.len(), "each leaf has a salt of its own");
    assert_eq!(one_leaf(&mut tx, &ground, LOG, 6).await.unwrap(), None);
    let missing = record(&mut tx, &ground, LOG, 6).await.unwrap_err();
    assert_eq!(missing.code(), "ledger.no_leaf");
}

async fn what_is_rolled_back_leaves_no_gap(db: Db) {
    let ground = ground(db).await;
    grow(&ground, LOG, 0, 3).await;
    sign(&ground).await;
    for leaves in [vec![leaf(90)], vec![leaf(91), leaf(92)]] {
        let mut tx = ground.db.begin().await.unwrap();
        append(&mut tx, &ground, LOG, &leaves).await.unwrap();
        checkpoint_in(&mut tx, &ground, LOG, &signer(LOG))
            .await
            .unwrap();
        drop(tx);
    }
    let bad = Leaf {
        subject: "two words".into(),
        ..leaf(93)
    };
    let mut tx = ground.db.begin().await.unwrap();
    assert!(
        append(&mut tx, &ground, LOG, &[leaf(94), bad])
            .await
            .is_err()
    );
    drop(tx);
    grow(&ground, LOG, 3, 5).await;
    let checkpoint = sign(&ground).await;
    let frontier = frontier_of(&hashes_of(&ground, LOG).await);
    assert_eq!(
        (checkpoint.size(), *checkpoint.root()),
        (5, frontier.root())
    );
}

async fn appenders_at_once_leave_no_gap(db: Db) {
    const TASKS: u64 = 4;
    const EACH: u64 = 12;
    let ground = ground(db).await;
    let mut tasks = JoinSet::new();
    for task in 0..TASKS {
        let ground = ground.clone();
        tasks.spawn(async move {
            let mut all = Vec::new();
            for n in 0..EACH {
                let leaves: Vec<_> = (0..=n % 3)
                    .map(|more| leaf(task * 1_000 + n * 10 + more))
                    .collect();
                let mut tx = ground.db.begin().await.unwrap();
                all.extend(append(&mut tx, &ground, LOG, &leaves).await.unwrap());
                if n % 4 == 0 {
                    checkpoint_in(&mut tx, &ground, LOG, &signer(LOG))
                        .await
                        .unwrap();
                }
                tx.commit().await.unwrap();
            }
            all
        });
    }
    let mut all = Vec::new();
    while let Some(indices) = tasks.join_next().await {
        all.extend(indices.unwrap());
    }
    all.sort_unstable();
    assert_eq!(all, (0..TASKS * EACH * 2).collect::<Vec<_>>());
    let checkpoint = sign(&ground).await;
    let frontier = frontier_of(&hashes_of(&ground, LOG).await);
    assert_eq!(checkpoint.root(), &frontier.root());
}

async fn any_growth_gives_the_tree_of_its_leaves(db: Db) {
    let ground = ground(db).await;
    let rng = SeededRng::new(2_026);
    let mut roots = vec![(0, ledger::empty_root())];
    let mut total = 0;
    for _step in 0..30 {
        let more = match rng.next_u64() % 3 {
            0 => 1,
            1 => rng.next_u64() % 12,
            _ => rng.next_u64() % 300,
        };
        grow(&ground, LOG, total, total + more).await;
        total += more;
        if rng.next_u64().is_multiple_of(2) {
            let checkpoint = sign(&ground).await;
            assert_eq!(checkpoint.size(), total);
            roots.push((total, *checkpoint.root()));
        }
    }
    let hashes = hashes_of(&ground, LOG).await;
    let mut tx = ground.db.begin_read().await.unwrap();
    for (size, root) in &roots {
        let leaves = hashes.get(..usize::try_from(*size).unwrap()).unwrap();
        assert_eq!(frontier_of(leaves).root(), *root);
        for _sample in 0..3.min(*size) {
            let index = rng.next_u64() % size;
            let proof = inclusion(&mut tx, &ground, LOG, index, *size)
                .await
                .unwrap();
            let leaf = leaves.get(usize::try_from(index).unwrap()).unwrap();
            verify_inclusion(leaf, index, *size, &proof, root).unwrap();
        }
        for (older, older_root) in roots.iter().filter(|(older, _)| older <= size) {
            let proof = consistency(&mut tx, &ground, LOG, *older, *size)
                .await
                .unwrap();
            verify_consistency(*older, older_root, *size, root, &proof).unwrap();
        }
    }
    assert_eq!(
        check(&mut tx, &ground, LOG).await.unwrap(),
        roots.last().unwrap().0
    );
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

async fn erasing_removes_the_meaning_and_not_the_tree(db: Db) {
    let ground = ground(db).await;
    grow(&ground, LOG, 0, 5).await;
    let before = sign(&ground).await;
    let mut tx = ground.db.begin().await.unwrap();
    for _twice in 0..2 {
        erase(&mut tx, &ground, LOG, 2).await.unwrap();
    }
    assert!(erase(&mut tx, &ground, LOG, 5).await.is_err());
    tx.commit().await.unwrap();

    let mut tx = ground.db.begin_read().await.unwrap();
    let view = one_leaf(&mut tx, &ground, LOG, 2).await.unwrap().unwrap();
    assert_eq!(view.sha256, None);
    assert_eq!(
        record(&mut tx, &ground, LOG, 2).await.unwrap_err().code(),
        "ledger.erased"
    );
    assert_eq!(
        receipt(&mut tx, &ground, LOG, 2).await.unwrap_err().code(),
        "ledger.erased"
    );
    let neighbour = receipt(&mut tx, &ground, LOG, 3).await.unwrap();
    assert!(verify(&neighbour, 3, &WitnessPolicy::default()).ok());
    assert_eq!(check(&mut tx, &ground, LOG).await.unwrap(), 5);
    drop(tx);
    grow(&ground, LOG, 5, 6).await;
    let after = sign(&ground).await;
    let mut tx = ground.db.begin_read().await.unwrap();
    let proof = consistency(&mut tx, &ground, LOG, 5, 6).await.unwrap();
    verify_consistency(5, before.root(), 6, after.root(), &proof).unwrap();
}

async fn an_altered_leaf_is_noticed(db: Db) {
    const ALTER: &str = "UPDATE ledger_leaf SET at = at + 1 WHERE id = 3";
    const REMOVE: &str = "DELETE FROM ledger_leaf WHERE id = 3";
    let ground = ground(db).await;
    grow(&ground, LOG, 0, 10).await;
    sign(&ground).await;
    for statement in [ALTER, REMOVE] {
        let mut tx = ground.db.begin().await.unwrap();
        on!(tx, conn => query(statement).execute(conn).await.map(drop)).unwrap();
        let broken = check(&mut tx, &ground, LOG).await.unwrap_err();
        assert!(matches!(broken, Error::Broken { log: LOG, size: 10 }));
        if statement == ALTER {
            let forged = receipt(&mut tx, &ground, LOG, 3).await.unwrap();
            assert!(!verify(&forged, 3, &WitnessPolicy::default()).ok());
        }
    }
    let mut tx = ground.db.begin_read().await.unwrap();
    assert_eq!(check(&mut tx, &ground, LOG).await.unwrap(), 10);
    assert_eq!(check(&mut tx, &ground, Log::Acts).await.unwrap(), 0);
}

async fn two_codes_of_one_number_are_refused(db: Db) {
    const OTHER: &str = "UPDATE ledger_act SET code = 'other.code'";
    let ground = ground(db).await;
    let act = Act::local("incident.updated").unwrap();
    let leaves = [Leaf { act, ..leaf(0) }];
    let mut tx = ground.db.begin().await.unwrap();
    append(&mut tx, &ground, LOG, &leaves).await.unwrap();
    append(&mut tx, &ground, LOG, &leaves).await.unwrap();
    let (count,): (i64,) =
        on!(tx, conn => query_as("SELECT count(*) FROM ledger_act").fetch_one(conn).await).unwrap();
    assert_eq!(count, 1);
    on!(tx, conn => query(OTHER).execute(conn).await.map(drop)).unwrap();
    match append(&mut tx, &ground, LOG, &leaves).await {
        Err(Error::CodeTaken { code, other }) => {
            assert_eq!(
                (code.as_str(), other.as_str()),
                ("incident.updated", "other.code")
            );
        }
        unexpected => panic!("{unexpected:?}"),
    }
}

async fn a_new_epoch_begins_a_new_tree(db: Db) {
    let first = ground(db.clone()).await;
    grow(&first, LOG, 0, 5).await;
    sign(&first).await;
    assert_eq!(
        open_epoch(&first, LOG, b"a signed statement")
            .await
            .unwrap(),
        1
    );
    assert_eq!((first.epoch(LOG), first.epoch(Log::Acts)), (1, 0));
    let again = ground(db).await;
    assert_eq!(again.epoch(LOG), 1);
    let mut tx = again.db.begin_read().await.unwrap();
    assert_eq!(size(&mut tx, &again, LOG).await.unwrap(), 1);
    let opened = record(&mut tx, &again, LOG, 0).await.unwrap();
    assert_eq!(opened.act(), &Act::local("ledger.epoch_opened").unwrap());
    assert_eq!(opened.sha256(), &ledger::sha256(b"a signed statement"));
    drop(tx);
    grow(&again, LOG, 1, 3).await;
    assert_eq!(sign(&again).await.size(), 3);
}
