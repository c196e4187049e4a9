//! Legal holds, on both engines.

use std::time::Duration;

use db::Db;
use incidents::{
    Error,
    hold::ops::{holds, lift, place},
    model::Line,
};
use kernel::Role;

use crate::{
    evidence::{scene, why},
    house::user,
};

db::contract! {
    while_a_hold_lasts_nothing_is_destroyed,
    a_hold_goes_with_what_was_merged,
    whoever_may_not_change_the_incident_places_none,
}

fn line(text: &str) -> Line<500> {
    text.parse().unwrap()
}

async fn while_a_hold_lasts_nothing_is_destroyed(db: Db) {
    let scene = scene(db).await;
    let (locker, amina, id) = (&scene.locker, &scene.amina, scene.id);
    let ground = &locker.ground;
    let item = scene.put(b"x").await;
    let past = place(ground, amina, id, (&line("a suit"), Some(ground.now()))).await;
    assert!(matches!(past, Err(Error::Invalid(broken)) if broken.field == "until"));
    let first = place(ground, amina, id, (&line("a suit"), None))
        .await
        .unwrap();
    let later = ground.now().plus(Duration::from_hours(1));
    let second = place(ground, amina, id, (&line("an inquiry"), Some(later))).await;
    assert_eq!((first, second.unwrap()), (1, 2));
    let at = (id, item.id);
    let destroy =
        || async { incidents::evidence::ops::destroy(locker, amina, at, &why("tidy up")).await };
    assert!(matches!(destroy().await, Err(Error::Held)));
    lift(ground, amina, (id, 1), &line("settled"))
        .await
        .unwrap();
    assert!(
        matches!(destroy().await, Err(Error::Held)),
        "one still lasts"
    );
    lift(ground, amina, (id, 2), &line("closed")).await.unwrap();
    let twice = lift(ground, amina, (id, 2), &line("closed")).await;
    assert!(matches!(twice, Err(Error::NotHeld)));
    destroy().await.unwrap();
    let told = holds(ground, amina, id).await.unwrap();
    let lifted: Vec<_> = told
        .iter()
        .map(|hold| hold.lifted.as_ref().unwrap().2.as_str())
        .collect();
    assert_eq!(lifted, ["closed", "settled"]);
}

async fn a_hold_goes_with_what_was_merged(db: Db) {
    let scene = scene(db).await;
    let (locker, amina, from) = (&scene.locker, &scene.amina, scene.id);
    let ground = &locker.ground;
    let item = scene.put(b"x").await;
    place(ground, amina, from, (&line("a suit"), None))
        .await
        .unwrap();
    let into = crate::merge::entered(ground, amina, crate::house::facts("B")).await;
    crate::merge::merged(ground, amina, into, from).await;
    let at = (into, item.id);
    let refused = incidents::evidence::ops::destroy(locker, amina, at, &why("w")).await;
    assert!(matches!(refused, Err(Error::Held)));
    // It is lifted where it was placed, though that takes nothing else any more.
    lift(ground, amina, (from, 1), &line("settled"))
        .await
        .unwrap();
    incidents::evidence::ops::destroy(locker, amina, at, &why("w"))
        .await
        .unwrap();
}

async fn whoever_may_not_change_the_incident_places_none(db: Db) {
    let scene = scene(db).await;
    let ground = &scene.locker.ground;
    let diplomat = user(3, Role::Diplomat);
    let refused = place(ground, &diplomat, scene.id, (&line("w"), None)).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    assert!(holds(ground, &diplomat, scene.id).await.unwrap().is_empty());
    let reporter = user(2, Role::Reporter);
    let refused = holds(ground, &reporter, scene.id).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}
