//! Guesses are counted, and whoever gets in is not held against others.

use std::time::Duration;

use access::Error;
use db::Db;
use kernel::Role;

use crate::support::{House, PASSWORD};

db::contract! {
    guessing_is_slowed_down,
    many_people_behind_one_address_get_in,
}

async fn guessing_is_slowed_down(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::DutyOfficer]).await;
    house.user("boris", &[Role::DutyOfficer]).await;
    for _ in 0..5 {
        let refused = house.sign_in("amina", "a guess that is wrong").await;
        assert!(matches!(refused, Err(Error::BadCredentials)));
    }
    let refused = house.sign_in("amina", PASSWORD).await;
    assert!(matches!(
        refused,
        Err(Error::Throttled {
            retry_after_seconds: 900
        })
    ));
    house.sign_in("boris", PASSWORD).await.unwrap();
    house.clock.advance(Duration::from_secs(901));
    house.sign_in("amina", PASSWORD).await.unwrap();
    for _ in 0..5 {
        house.sign_in("amina", PASSWORD).await.unwrap();
    }
}

async fn many_people_behind_one_address_get_in(db: Db) {
    let house = House::open(db).await;
    for name in ["amina", "boris", "clara"] {
        house.user(name, &[Role::DutyOfficer]).await;
    }
    for _ in 0..40 {
        house.sign_in("amina", PASSWORD).await.unwrap();
    }
    // Of the 30 guesses that one address has, none was used up; those that were wrong count.
    for name in ["boris", "d", "e", "f", "g", "h"] {
        for _ in 0..5 {
            let refused = house.sign_in(name, "a guess that is wrong").await;
            assert!(matches!(refused, Err(Error::BadCredentials)), "{name}");
            house.sign_in("amina", PASSWORD).await.ok();
        }
    }
    let refused = house.sign_in("clara", PASSWORD).await;
    assert!(matches!(refused, Err(Error::Throttled { .. })));
}
