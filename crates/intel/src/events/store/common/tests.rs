//! How the engines find what has values in common, as they say themselves.

use std::collections::HashSet;

use db::Db;

use super::{super::plan, COMMON_OVER, events_with, holders, of_holders};

db::contract! {
    values_lead_to_events_without_reading_others,
}

async fn values_lead_to_events_without_reading_others(db: Db) {
    let mut tx = db.begin().await.unwrap();
    plan::fill(&mut tx).await;
    let seen = [(1, 0b11111)];
    let norms = ["common", "v31", "v32", "absent"].map(str::to_owned);
    let mut statement = plan::explain(&tx);
    of_holders(&mut statement, tx.engine(), &seen, &norms);
    let lines = plan::lines(&mut tx, statement).await;
    plan::reads_no_whole_table(&lines);
    let found = holders(&mut tx, &seen, &norms).await.unwrap();
    let common = found.iter().filter(|(norm, _)| norm == "common").count();
    assert_eq!(i64::try_from(common).unwrap(), COMMON_OVER + 1);
    let rare: HashSet<_> = found.iter().map(|(norm, _)| norm.as_str()).collect();
    // v1 to v30 of each fifty were taken back.
    assert_eq!(rare, HashSet::from(["common", "v31", "v32"]));
    // What a viewer does not see makes nothing common to him.
    let green = [(1, 0b00011)];
    let found = holders(&mut tx, &green, &norms).await.unwrap();
    assert!(found.iter().all(|(norm, _)| norm == "common"), "{found:?}");
    let events = events_with(&mut tx, (1, 0b11111), &norms, 5).await.unwrap();
    assert_eq!(events, [1]);
    let none = events_with(&mut tx, (2, 0b11111), &norms, 5).await.unwrap();
    assert!(none.is_empty());
}
