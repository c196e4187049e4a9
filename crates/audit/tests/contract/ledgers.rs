//! What the ledgers promise of their leaves and of the tree over them, on both engines.

use audit::{
    Error, Leaf, Log, append, check, checkpoint_in, consistency, erase, inclusion,
    leaf as one_leaf, leaves, open_epoch, receipt, record, size,
};
use db::{Db, query};
use kernel::{Limit, PageRequest, SeededRng};
use ledger::{Act, WitnessPolicy, verify_consistency, verify_inclusion};
use tokio::task::JoinSet;

use crate::house::{LOG, NOW, frontier_of, ground, grow, hashes_of, leaf, sign, signer, verify};

db::contract! {
    leaves_come_back_as_they_were_appended,
    what_is_rolled_back_leaves_no_gap,
    appenders_at_once_leave_no_gap,
    a_wrong_guess_of_the_next_index_leaves_no_gap,
    any_growth_gives_the_tree_of_its_leaves,
    erasing_removes_the_meaning_and_not_the_tree,
    an_altered_leaf_is_noticed,
    two_codes_of_one_number_are_refused,
    a_new_epoch_begins_a_new_tree,
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

async fn a_wrong_guess_of_the_next_index_leaves_no_gap(db: Db) {
    let ground = ground(db).await;
    grow(&ground, LOG, 0, 3).await;
    let mut wanted = 3;
    for guess in [0, 2, 4, 1_000, i64::MAX] {
        let mut tx = ground.db.begin().await.unwrap();
        tx.leave_hint(("ledger_leaf", 0), guess);
        for _twice in 0..2 {
            let indices = append(&mut tx, &ground, LOG, &[leaf(wanted)]).await;
            assert_eq!(indices.unwrap(), [wanted], "after the guess {guess}");
            wanted += 1;
        }
        tx.commit().await.unwrap();
        let mut tx = ground.db.begin().await.unwrap();
        tx.leave_hint(("ledger_leaf", 0), guess);
        tx.commit().await.unwrap();
        grow(&ground, LOG, wanted, wanted + 1).await;
        wanted += 1;
    }
    let checkpoint = sign(&ground).await;
    let frontier = frontier_of(&hashes_of(&ground, LOG).await);
    assert_eq!(
        (checkpoint.size(), *checkpoint.root()),
        (wanted, frontier.root())
    );
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
        query(statement).execute(&mut tx).await.unwrap();
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
    let (count,): (i64,) = query("SELECT count(*) FROM ledger_act")
        .fetch_one(&mut tx)
        .await
        .unwrap();
    assert_eq!(count, 1);
    query(OTHER).execute(&mut tx).await.unwrap();
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
