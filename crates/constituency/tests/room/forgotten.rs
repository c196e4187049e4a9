//! Files that nobody begins.

use constituency::{Error, ops};
use db::Db;
use kernel::Role;

use crate::house::{ground, user};

db::contract! {
    what_does_not_begin_is_forgotten,
}

async fn what_does_not_begin_is_forgotten(db: Db) {
    let (ground, viewer) = (ground(db).await, user(Role::Analyst));
    for _ in 0..8 {
        ops::open(&ground, &viewer, "x").await.unwrap();
    }
    let many = ops::open(&ground, &viewer, "x").await;
    assert!(matches!(many, Err(Error::TooMany { .. })));
    let later = kernel::ManualClock::new(kernel::Timestamp::from_micros(
        crate::house::START.as_micros() + 25 * 3_600 * 1_000_000,
    ));
    let later = audit::Ground::open(
        ground.db.clone(),
        std::sync::Arc::new(later),
        std::sync::Arc::new(kernel::SeededRng::new(8)),
    );
    ops::open(&later.await.unwrap(), &viewer, "x")
        .await
        .unwrap();
    assert_eq!(ops::imports(&ground, &viewer).await.unwrap().len(), 1);
}
