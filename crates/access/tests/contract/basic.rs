//! Names and passwords with every request.

use access::{
    Error,
    model::Password,
    ops::{self, Basic, Remembered},
};
use db::Db;
use futures_util::future::join_all;
use kernel::{Role, Viewer};

use crate::support::{House, PASSWORD};

db::contract! {
    connections_opened_at_once_are_all_let_in,
    a_remembered_password_is_worth_nothing_once_it_is_changed,
    whoever_comes_in_is_not_held_against_his_network,
}

async fn ask(house: &House, remembered: &Remembered, password: &str) -> Result<Viewer, Error> {
    let basic = Basic {
        name: "amina".to_owned(),
        password: Password::typed(password.to_owned()),
        address: Some("192.0.2.7".parse().unwrap()),
    };
    ops::authenticate_basic(&house.ground, remembered, basic).await
}

async fn connections_opened_at_once_are_all_let_in(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::Analyst]).await;
    let remembered = Remembered::new(&house.ground);
    // More than may be wrong in a row.
    let asked = join_all((0..32).map(|_| ask(&house, &remembered, PASSWORD)));
    for viewer in asked.await {
        assert_eq!(viewer.unwrap().party.as_str(), "FR");
    }
    // Those who guess at once wait as if they guessed one after the other.
    let guesses = join_all((0..32).map(|number| {
        let (house, remembered) = (&house, &remembered);
        async move {
            ask(
                house,
                remembered,
                &format!("wrong password number {number}"),
            )
            .await
        }
    }));
    let throttled = guesses.await.into_iter().filter(|guess| {
        let refused = guess.as_ref().unwrap_err();
        matches!(refused, Error::Throttled { .. })
    });
    assert!(throttled.count() > 16);
}

async fn a_remembered_password_is_worth_nothing_once_it_is_changed(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::Analyst]).await;
    let remembered = Remembered::new(&house.ground);
    ask(&house, &remembered, PASSWORD).await.unwrap();
    let (_token, session) = house.sign_in("amina", PASSWORD).await.unwrap();
    let amina = session.viewer("FR".parse().unwrap());
    let [old, new] = [PASSWORD, "eight horses in the yard"].map(str::to_owned);
    let (old, new) = (Password::typed(old), Password::new(new).unwrap());
    ops::change_password(&house.ground, &amina, session.id, old, new)
        .await
        .unwrap();
    let refused = ask(&house, &remembered, PASSWORD).await.unwrap_err();
    assert!(matches!(refused, Error::Unauthenticated));
}

async fn whoever_comes_in_is_not_held_against_his_network(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::Analyst]).await;
    // More than may be wrong behind one address.
    for _ in 0..31 {
        house.sign_in("amina", PASSWORD).await.unwrap();
    }
    for number in 0..30 {
        let refused = house.sign_in(&format!("guess{number}"), PASSWORD).await;
        assert!(matches!(refused, Err(Error::BadCredentials)), "{number}");
    }
    let refused = house.sign_in("amina", PASSWORD).await;
    assert!(matches!(refused, Err(Error::Throttled { .. })));
}
