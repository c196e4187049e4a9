//! Who can be given a piece of content.

use access::{ops, policy::Act};
use db::Db;
use kernel::{Role, Tlp};

use crate::support::House;

db::contract! {
    content_is_given_to_those_who_may_read_it,
}

async fn content_is_given_to_those_who_may_read_it(db: Db) {
    let house = House::open(db).await;
    let amina = house.user("amina", &[Role::Analyst]).await;
    house.user("boris", &[Role::Reporter]).await;
    let analyst = house.viewer("amina").await;
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let label = (Tlp::Amber, [].as_slice());
    let may = ops::people_who_in(&mut tx, &analyst, Act::CaseRead, label)
        .await
        .unwrap();
    let ids: Vec<_> = may.iter().map(|person| person.id).collect();
    assert_eq!(ids, [amina.id]);
    let red = ops::people_who_in(&mut tx, &analyst, Act::CaseRead, (Tlp::Red, &[]))
        .await
        .unwrap();
    assert!(red.is_empty());
    // Whom one can name for it are those who might read it if they were.
    let may = ops::people_to_name_in(&mut tx, &analyst, Act::CaseRead, Tlp::Red)
        .await
        .unwrap();
    let ids: Vec<_> = may.iter().map(|person| person.id).collect();
    assert_eq!(ids, [amina.id]);
}
