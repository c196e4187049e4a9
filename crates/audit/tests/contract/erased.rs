//! What is erased of a subject, on both engines.

use audit::{
    ERASED_AT_ONCE, Log, act, act_many, check, checkpoint, erase, erase_in, erase_subject, history,
    leaf, open_epoch, salts, salts_of,
};
use db::Db;
use kernel::{Mode, PageRequest};
use serde_json::json;

use crate::house::{ground, signer, viewer};

db::contract! {
    what_was_recorded_of_a_subject_is_erased_in_every_epoch,
    a_subject_keeps_its_salts_until_it_is_erased,
    many_acts_are_erased_part_by_part,
}

async fn what_was_recorded_of_a_subject_is_erased_in_every_epoch(db: Db) {
    let ground = ground(db).await;
    let body = json!({"name": "Amina"});
    let done = async |mode: Mode, subject: &str| {
        let mut tx = ground.db.begin().await.unwrap();
        let who = viewer(mode);
        act(&mut tx, &ground, &who, "a.b", subject, &body)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    };
    for mode in [Mode::Real, Mode::Exercise] {
        done(mode, "incident--1").await;
    }
    done(Mode::Real, "incident--2").await;
    open_epoch(&ground, Log::Acts, b"a signed statement")
        .await
        .unwrap();
    assert_eq!(ground.epoch(Log::Acts), 1);
    done(Mode::Real, "incident--1").await;

    let mut tx = ground.db.begin().await.unwrap();
    assert_eq!(erase_subject(&mut tx, "incident--1").await.unwrap(), 3);
    assert_eq!(erase_subject(&mut tx, "incident--1").await.unwrap(), 0);
    tx.commit().await.unwrap();
    checkpoint(&ground, Log::Acts, &signer(Log::Acts))
        .await
        .unwrap();
    let mut tx = ground.db.begin().await.unwrap();
    let page = PageRequest::default();
    let who = viewer(Mode::Real);
    let all = history(&mut tx, &who, "incident--1", page).await.unwrap();
    assert_eq!(all.items.len(), 2);
    assert!(all.items.iter().all(|one| one.body.is_none()));
    let other = history(&mut tx, &who, "incident--2", page).await.unwrap();
    assert!(other.items[0].body.is_some());
    // The present epoch begins with its statement.
    let seen = leaf(&mut tx, &ground, Log::Acts, 1).await.unwrap();
    assert_eq!(seen.unwrap().sha256, None);
    assert_eq!(check(&mut tx, &ground, Log::Acts).await.unwrap(), 2);
    // One leaf of an epoch that is over, and none of one that never was.
    erase_in(&mut tx, (Log::Acts, 0), 2).await.unwrap();
    let other = history(&mut tx, &who, "incident--2", page).await.unwrap();
    assert_eq!(other.items[0].body, None);
    assert!(erase(&mut tx, &ground, Log::Acts, 9).await.is_err());
    assert!(erase_in(&mut tx, (Log::Acts, 7), 0).await.is_err());
}

async fn a_subject_keeps_its_salts_until_it_is_erased(db: Db) {
    let ground = ground(db).await;
    let mut tx = ground.db.begin().await.unwrap();
    let first = salts(&mut tx, &ground, "incident--1").await.unwrap();
    let subjects: Vec<String> = (0..700).map(|n| format!("incident--{n}")).collect();
    let all = salts_of(&mut tx, &ground, &subjects).await.unwrap();
    assert_eq!((all.len(), &all[1]), (700, &first));
    assert_ne!(all[0], all[1]);
    assert!(salts_of(&mut tx, &ground, &[]).await.unwrap().is_empty());
    assert_eq!(salts(&mut tx, &ground, "incident--1").await.unwrap(), first);
    erase_subject(&mut tx, "incident--1").await.unwrap();
    assert_ne!(salts(&mut tx, &ground, "incident--1").await.unwrap(), first);
    let kept = salts(&mut tx, &ground, "incident--2").await.unwrap();
    assert_eq!(kept, all[2]);
}

async fn many_acts_are_erased_part_by_part(db: Db) {
    let ground = ground(db).await;
    let many = usize::try_from(ERASED_AT_ONCE).unwrap() + 1;
    let each: Vec<_> = (0..many).map(|n| ("x".to_owned(), n)).collect();
    let mut tx = ground.db.begin().await.unwrap();
    act_many(&mut tx, &ground, &viewer(Mode::Real), "a.b", &each)
        .await
        .unwrap();
    let first = erase_subject(&mut tx, "x").await.unwrap();
    let second = erase_subject(&mut tx, "x").await.unwrap();
    assert_eq!((first, second), (ERASED_AT_ONCE.unsigned_abs(), 1));
}
