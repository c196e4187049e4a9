//! What is taken out, on both engines.
use db::Db;
use intel::{
    model::{Filter, Versions},
    ops,
};
use kernel::Role;

use crate::house::{House, PLACE, counts, id, malware, user};

db::contract! {
    what_was_deleted_does_not_come_back,
    the_version_before_is_the_newest_again,
    who_may_not_delete_does_not,
}

fn all() -> Filter {
    Filter {
        versions: Versions::All,
        ..Filter::default()
    }
}

async fn what_was_deleted_does_not_come_back(db: Db) {
    let house = House::open(db).await;
    house
        .import(&[malware(1, 1, None), malware(2, 0, None)])
        .await;
    let gone = ops::delete(&house.ground, &house.analyst, PLACE, &id(1), &all()).await;
    assert_eq!(gone.unwrap(), 1);
    assert_eq!(house.names(&house.analyst, &all()).await, ["m2v0"]);
    let again = house
        .import(&[malware(1, 1, None), malware(1, 2, None)])
        .await;
    assert_eq!(counts(&again), (0, 0, 2));
    assert_eq!(again.refusals[0].code, "intel.deleted");

    ops::restore(&house.ground, &house.analyst, PLACE, &id(1))
        .await
        .unwrap();
    let again = house.import(&[malware(1, 1, None)]).await;
    assert_eq!(counts(&again), (1, 0, 0));
    let none = ops::restore(&house.ground, &house.analyst, PLACE, &id(1)).await;
    assert_eq!(none.unwrap_err().code(), "intel.not_found");
}

async fn the_version_before_is_the_newest_again(db: Db) {
    let house = House::open(db).await;
    house
        .import(&[malware(1, 1, None), malware(1, 2, None)])
        .await;
    let gone = ops::delete(
        &house.ground,
        &house.analyst,
        PLACE,
        &id(1),
        &Filter::default(),
    )
    .await;
    assert_eq!(gone.unwrap(), 1);
    assert_eq!(
        house.names(&house.analyst, &Filter::default()).await,
        ["m1v1"]
    );
    let contents = ops::contents(&house.ground, &house.analyst, PLACE.0, PLACE.1)
        .await
        .unwrap();
    assert_eq!((contents[0].objects, contents[0].versions), (1, 1));
}

async fn who_may_not_delete_does_not(db: Db) {
    let house = House::open(db).await;
    house.import(&[malware(1, 0, None)]).await;
    let diplomat = user(3, Role::Diplomat);
    let refused = ops::delete(&house.ground, &diplomat, PLACE, &id(1), &all()).await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
    let absent = ops::delete(&house.ground, &house.analyst, PLACE, &id(4), &all()).await;
    assert_eq!(absent.unwrap_err().code(), "intel.not_found");
}
