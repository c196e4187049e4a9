//! The same request twice has its effect once, on both engines.
use std::time::Duration;

use access::{
    Error,
    model::OnceKey,
    ops::{self, ANSWER_KEPT, Once},
};
use db::Db;
use kernel::{Problem, Role};

use crate::support::House;

db::contract! {
    an_answer_is_kept_for_its_request_and_user,
    a_key_is_for_one_request,
    what_changed_nothing_may_be_made_again,
    answers_are_forgotten_after_a_day_and_bounded,
}

const REQUEST: [u8; 32] = [1; 32];

fn key(text: &str) -> OnceKey {
    text.parse().unwrap()
}

async fn an_answer_is_kept_for_its_request_and_user(db: Db) {
    let house = House::open(db).await;
    let (amina, boris) = (
        house.user("amina", &[Role::Analyst]).await.id,
        house.user("boris", &[Role::Analyst]).await.id,
    );
    let begin = async |user| ops::begin_once(&house.ground, user, &key("k"), &REQUEST).await;
    assert_eq!(begin(amina).await.unwrap(), Once::First);
    assert_eq!(begin(amina).await.unwrap(), Once::Begun);
    ops::keep_answer(&house.ground, amina, &key("k"), b"sealed")
        .await
        .unwrap();
    let answered = Once::Answered(b"sealed".to_vec());
    assert_eq!(begin(amina).await.unwrap(), answered);
    assert_eq!(begin(boris).await.unwrap(), Once::First);
}

async fn a_key_is_for_one_request(db: Db) {
    let house = House::open(db).await;
    let amina = house.user("amina", &[Role::Analyst]).await.id;
    let begin = async |request| ops::begin_once(&house.ground, amina, &key("k"), request).await;
    begin(&REQUEST).await.unwrap();
    let other = begin(&[2; 32]).await.unwrap_err();
    assert_eq!(Problem::from(other).status(), 422);
    for text in ["", "a b", "é", &"k".repeat(129)] {
        assert!(text.parse::<OnceKey>().is_err(), "{text:?}");
    }
}

async fn what_changed_nothing_may_be_made_again(db: Db) {
    let house = House::open(db).await;
    let amina = house.user("amina", &[Role::Analyst]).await.id;
    let begin = async |request| ops::begin_once(&house.ground, amina, &key("k"), request).await;
    begin(&REQUEST).await.unwrap();
    ops::release_once(&house.ground, amina, &key("k"))
        .await
        .unwrap();
    assert_eq!(begin(&[2; 32]).await.unwrap(), Once::First);
}

async fn answers_are_forgotten_after_a_day_and_bounded(db: Db) {
    let house = House::open(db).await;
    let amina = house.user("amina", &[Role::Analyst]).await.id;
    let begin = async |n: u32| {
        let key = key(&format!("k{n}"));
        ops::begin_once(&house.ground, amina, &key, &REQUEST).await
    };
    for n in 0..1_000 {
        assert_eq!(begin(n).await.unwrap(), Once::First);
    }
    let full = begin(1_000).await.unwrap_err();
    assert!(matches!(full, Error::TooManyAnswers { max: 1_000 }));
    assert_eq!(begin(999).await.unwrap(), Once::Begun);
    house.clock.advance(ANSWER_KEPT + Duration::from_secs(1));
    assert_eq!(begin(999).await.unwrap(), Once::First);
    assert_eq!(begin(1_000).await.unwrap(), Once::First);
}
