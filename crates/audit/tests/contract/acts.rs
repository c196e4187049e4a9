//! What is kept of acts, on both engines, and the hourly job.

use tokio::task::JoinSet;

use crate::house::{self, NOW, ground, grow, signer, trusted, viewer};
use audit::{
    ACT_BODY_BYTES_MAX, ACTS_CHECKPOINT, CHECKPOINTS_KEPT, Log, act, act_many, acts,
    acts_checkpoint, append, check, checkpoint, checkpoint_in, erase, histories, history, leaf,
    receipt_at, record, schedule,
};
use db::{Db, query};
use kernel::{Limit, Mode, PageRequest};
use ledger::Act;
use serde_json::json;

db::contract! {
    an_act_is_a_leaf_and_a_row,
    a_history_shows_one_subject_in_one_mode,
    the_histories_of_many_subjects_are_one_in_one_mode,
    many_acts_are_as_if_each_were_alone,
    a_subject_that_no_leaf_can_name_is_kept_all_the_same,
    a_body_has_a_limit,
    what_is_not_committed_was_not_done,
    an_erased_act_has_no_body,
    the_acts_are_put_into_the_exchange_ledger_once,
    old_checkpoints_are_forgotten,
    the_next_hour_is_enqueued,
    operations_and_the_hourly_job_do_not_stop_each_other,
}

async fn an_act_is_a_leaf_and_a_row(db: Db) {
    let ground = ground(db).await;
    let what = json!({"why": "it was asked for", "b": {"z": 1, "a": [2, {"y": 0, "x": 1}]}});
    let mut tx = ground.db.begin().await.unwrap();
    let who = viewer(Mode::Real);
    let index = act(
        &mut tx,
        &ground,
        &who,
        "incident.closed",
        "incident--1",
        &what,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();

    let mut tx = ground.db.begin_read().await.unwrap();
    let page = history(&mut tx, &who, "incident--1", PageRequest::default())
        .await
        .unwrap();
    let [entry] = page.items.as_slice() else {
        panic!("one entry")
    };
    assert_eq!(
        (entry.index, entry.at, entry.who.as_str()),
        (index, NOW, "peer:FR")
    );
    assert_eq!(entry.code, "incident.closed");
    assert_eq!(entry.what(), Some(what));
    let body = entry.body.as_deref().unwrap();
    assert_eq!(
        body,
        "{\"at\":\"2026-11-21T10:00:00.000Z\",\"code\":\"incident.closed\",\"exercise\":false,\
         \"party\":\"FR\",\"subject\":\"incident--1\",\
         \"what\":{\"b\":{\"a\":[2,{\"x\":1,\"y\":0}],\"z\":1},\"why\":\"it was asked for\"},\
         \"who\":\"peer:FR\"}"
    );
    let record = record(&mut tx, &ground, Log::Acts, index).await.unwrap();
    assert_eq!(record.act(), &Act::local("incident.closed").unwrap());
    assert_eq!(record.subject(), "incident--1");
    assert_eq!(record.sha256(), &ledger::sha256(body.as_bytes()));
    assert_eq!(record.at(), NOW.as_micros());
}

async fn a_history_shows_one_subject_in_one_mode(db: Db) {
    let ground = ground(db).await;
    let (real, exercise) = (viewer(Mode::Real), viewer(Mode::Exercise));
    let mut tx = ground.db.begin().await.unwrap();
    for n in 0..5 {
        for (who, subject) in [
            (&real, "incident--1"),
            (&real, "incident--2"),
            (&exercise, "incident--1"),
        ] {
            act(
                &mut tx,
                &ground,
                who,
                "incident.updated",
                subject,
                &json!({"n": n}),
            )
            .await
            .unwrap();
        }
    }
    tx.commit().await.unwrap();

    let mut tx = ground.db.begin_read().await.unwrap();
    let mut request = PageRequest {
        after: None,
        limit: Limit::new(2).unwrap(),
    };
    let mut seen = Vec::new();
    loop {
        let page = history(&mut tx, &real, "incident--1", request)
            .await
            .unwrap();
        seen.extend(
            page.items
                .iter()
                .map(|entry| entry.what().unwrap()["n"].clone()),
        );
        request.after = page.next;
        if request.after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [4, 3, 2, 1, 0]);
    let all = acts(&mut tx, &real, PageRequest::default()).await.unwrap();
    assert_eq!(all.items.len(), 10);
    let all = acts(&mut tx, &exercise, PageRequest::default())
        .await
        .unwrap();
    assert_eq!(all.items.len(), 5);
    let none = history(&mut tx, &real, "incident--3", PageRequest::default())
        .await
        .unwrap();
    assert_eq!((none.items.len(), none.next), (0, None));
}

async fn many_acts_are_as_if_each_were_alone(db: Db) {
    let ground = ground(db).await;
    let who = viewer(Mode::Real);
    let each: Vec<_> = (0..700).map(|n| (format!("x{n}"), n)).collect();
    let mut tx = ground.db.begin().await.unwrap();
    act_many(&mut tx, &ground, &who, "a.b", &each)
        .await
        .unwrap();
    act_many::<u8>(&mut tx, &ground, &who, "a.b", &[])
        .await
        .unwrap();
    let page = PageRequest::default();
    for n in [0, 699] {
        let found = history(&mut tx, &who, &format!("x{n}"), page)
            .await
            .unwrap();
        assert_eq!(found.items[0].what().unwrap(), json!(n));
        assert_eq!(found.items[0].index, n);
    }
}

async fn a_subject_that_no_leaf_can_name_is_kept_all_the_same(db: Db) {
    let ground = ground(db).await;
    let who = viewer(Mode::Real);
    let long = "ü ".repeat(200);
    let mut tx = ground.db.begin().await.unwrap();
    for subject in ["", long.as_str()] {
        let index = act(
            &mut tx,
            &ground,
            &who,
            "access.blocked",
            subject,
            &json!({}),
        )
        .await
        .unwrap();
        let record = record(&mut tx, &ground, Log::Acts, index).await.unwrap();
        assert!(record.subject().starts_with("sha256--"));
        let page = history(&mut tx, &who, subject, PageRequest::default())
            .await
            .unwrap();
        assert_eq!(page.items[0].subject, subject);
    }
}

async fn the_histories_of_many_subjects_are_one_in_one_mode(db: Db) {
    let ground = ground(db).await;
    let (real, exercise) = (viewer(Mode::Real), viewer(Mode::Exercise));
    let mut tx = ground.db.begin().await.unwrap();
    let done = [
        (&real, "message--1"),
        (&real, "message--2"),
        (&exercise, "message--1"),
        (&real, "message--3"),
        (&real, "message--1"),
    ];
    for (who, subject) in done {
        act(&mut tx, &ground, who, "message.sent", subject, &json!({}))
            .await
            .unwrap();
    }
    let asked = ["message--1", "message--2", "message--9"].map(str::to_owned);
    let mut shown = Vec::new();
    for (subjects, most) in [(&asked[..], 9), (&asked[..], 2), (&[][..], 9)] {
        let limit = Limit::new(most).unwrap();
        let found = histories(&mut tx, &real, subjects, limit).await.unwrap();
        let subjects = found.into_iter().map(|entry| entry.subject);
        shown.push(subjects.collect::<Vec<_>>().join(" "));
    }
    let newest = "message--1 message--2";
    assert_eq!(
        shown,
        [
            format!("{newest} message--1"),
            newest.to_owned(),
            String::new()
        ]
    );
}

async fn a_body_has_a_limit(db: Db) {
    let ground = ground(db).await;
    let mut tx = ground.db.begin().await.unwrap();
    let what = "x".repeat(ACT_BODY_BYTES_MAX);
    let error = act(&mut tx, &ground, &viewer(Mode::Real), "a.b", "x", &what)
        .await
        .unwrap_err();
    assert_eq!(error.code(), "ledger.body_too_large");
    let error = act(&mut tx, &ground, &viewer(Mode::Real), "Not a code", "x", "")
        .await
        .unwrap_err();
    assert_eq!(error.code(), "ledger.malformed");
}

async fn what_is_not_committed_was_not_done(db: Db) {
    let ground = ground(db).await;
    let who = viewer(Mode::Real);
    let mut tx = ground.db.begin().await.unwrap();
    act(&mut tx, &ground, &who, "a.b", "x", &json!({}))
        .await
        .unwrap();
    drop(tx);
    let mut tx = ground.db.begin_read().await.unwrap();
    assert_eq!(
        acts(&mut tx, &who, PageRequest::default())
            .await
            .unwrap()
            .items,
        []
    );
    assert_eq!(leaf(&mut tx, &ground, Log::Acts, 0).await.unwrap(), None);
}

async fn an_erased_act_has_no_body(db: Db) {
    let ground = ground(db).await;
    let who = viewer(Mode::Real);
    let mut tx = ground.db.begin().await.unwrap();
    let index = act(
        &mut tx,
        &ground,
        &who,
        "a.b",
        "x",
        &json!({"name": "Amina"}),
    )
    .await
    .unwrap();
    erase(&mut tx, &ground, Log::Acts, index).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = ground.db.begin_read().await.unwrap();
    let page = acts(&mut tx, &who, PageRequest::default()).await.unwrap();
    assert_eq!((&page.items[0].body, page.items[0].what()), (&None, None));
}

async fn the_acts_are_put_into_the_exchange_ledger_once(db: Db) {
    let ground = ground(db).await;
    let key = signer(Log::Acts);
    assert_eq!(
        acts_checkpoint(&ground, &key, Log::Exchange).await.unwrap(),
        None
    );
    grow(&ground, Log::Exchange, 0, 4).await;
    let mut tx = ground.db.begin().await.unwrap();
    act(
        &mut tx,
        &ground,
        &viewer(Mode::Real),
        "a.b",
        "x",
        &json!({}),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        acts_checkpoint(&ground, &key, Log::Exchange).await.unwrap(),
        Some(4)
    );
    assert_eq!(
        acts_checkpoint(&ground, &key, Log::Exchange).await.unwrap(),
        None
    );

    let note = checkpoint(&ground, Log::Acts, &key).await.unwrap();
    assert!(
        trusted(&key)
            .iter()
            .all(|key| note.signatures.iter().any(|line| key.claims(line)))
    );
    let mut tx = ground.db.begin_read().await.unwrap();
    let put = record(&mut tx, &ground, Log::Exchange, 4).await.unwrap();
    assert_eq!(put.act(), &Act::local("acts.checkpoint").unwrap());
    assert_eq!(put.subject(), "ledger--acts/1");
    assert_eq!(put.sha256(), &ledger::sha256(note.text.as_bytes()));
}

async fn old_checkpoints_are_forgotten(db: Db) {
    const FILL: &str = "INSERT INTO ledger_checkpoint (log, size, at, note, edge) \
                        VALUES (0, $1, 0, 'one of many', $2)";
    const COUNT: &str = "SELECT count(*), min(size) FROM ledger_checkpoint WHERE log = 0";
    let ground = ground(db).await;
    let key = signer(Log::Exchange);
    grow(&ground, Log::Exchange, 0, 1).await;
    checkpoint(&ground, Log::Exchange, &key).await.unwrap();
    let mut tx = ground.db.begin().await.unwrap();
    for size in 2..=CHECKPOINTS_KEPT + 1 {
        query(FILL)
            .bind(size)
            .bind(&b""[..])
            .execute(&mut tx)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    acts_checkpoint(&ground, &signer(Log::Acts), Log::Exchange)
        .await
        .unwrap();
    let mut tx = ground.db.begin_read().await.unwrap();
    let kept: (i64, i64) = query(COUNT).fetch_one(&mut tx).await.unwrap();
    assert_eq!(kept, (CHECKPOINTS_KEPT, 2));
    let forgotten = receipt_at(&mut tx, &ground, Log::Exchange, 0, 1)
        .await
        .unwrap_err();
    assert_eq!(forgotten.code(), "ledger.no_checkpoint");
}

async fn the_next_hour_is_enqueued(db: Db) {
    const SQL: &str = "SELECT kind, run_at FROM job";
    let ground = ground(db).await;
    let mut tx = ground.db.begin().await.unwrap();
    schedule(&mut tx, &ground).await.unwrap();
    let jobs: Vec<(String, i64)> = query(SQL).fetch_all(&mut tx).await.unwrap();
    assert_eq!(
        jobs,
        [(ACTS_CHECKPOINT.to_owned(), NOW.as_micros() + 3_600_000_000)]
    );
}

async fn operations_and_the_hourly_job_do_not_stop_each_other(db: Db) {
    const EACH: u64 = 15;
    let ground = ground(db).await;
    let mut tasks = JoinSet::new();
    for task in 0..3 {
        let ground = ground.clone();
        tasks.spawn(async move {
            let who = viewer(Mode::Real);
            for n in 0..EACH {
                let leaves: Vec<_> = (0..=n % 2).map(house::leaf).collect();
                let mut tx = ground.db.begin().await.unwrap();
                append(&mut tx, &ground, Log::Exchange, &leaves)
                    .await
                    .unwrap();
                let key = signer(Log::Exchange);
                checkpoint_in(&mut tx, &ground, Log::Exchange, &key)
                    .await
                    .unwrap();
                act(&mut tx, &ground, &who, "a.b", &format!("x{task}"), &n)
                    .await
                    .unwrap();
                tx.commit().await.unwrap();
            }
        });
    }
    let hourly = ground.clone();
    tasks.spawn(async move {
        for _hour in 0..EACH {
            let key = signer(Log::Acts);
            acts_checkpoint(&hourly, &key, Log::Exchange).await.unwrap();
        }
    });
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    checkpoint(&ground, Log::Acts, &signer(Log::Acts))
        .await
        .unwrap();
    let mut tx = ground.db.begin_read().await.unwrap();
    assert_eq!(check(&mut tx, &ground, Log::Acts).await.unwrap(), 3 * EACH);
    assert!(check(&mut tx, &ground, Log::Exchange).await.unwrap() > 0);
}
