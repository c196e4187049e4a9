//! What the directory promises, on both engines.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod circle_members;
mod circles;
mod http;
mod support;
mod transfer;

use std::time::Duration;

use db::{Db, query};
use directory::{
    Card, Error,
    model::{Reach, Standing, Trust},
    ops::{self},
};
use kernel::{Mode, Role, Viewer, Who};
use seal::{
    data::DataKey,
    keys::{Acceptance, Purpose, SignedKeySet},
};
use zeroize::Zeroizing;

use support::{House, Maker, desk};

db::contract! {
    a_party_comes_from_its_card,
    a_fingerprint_that_differs_is_refused,
    a_changed_root_asks_for_a_new_comparison,
    key_sets_follow_one_another,
    a_card_renews_keys_and_nothing_else,
    a_frozen_party_is_not_thawed_by_a_card,
    a_removed_party_is_gone_but_its_keys_stay,
    contact_data_is_shown_by_a_recorded_look_only,
    a_stranger_sees_no_contact_data,
    contact_data_is_sealed_at_rest,
    a_contact_changes_under_its_version,
    real_and_exercise_entries_stand_apart,
}

async fn a_party_comes_from_its_card(db: Db) {
    let house = House::open(db).await;
    let maker = Maker::new("XB", 2);
    house.add(&maker, &[Purpose::Exercise]).await.unwrap();
    let viewer = house.user(Role::Analyst);
    let parties = ops::list_parties(&house.ground, &viewer).await.unwrap();
    let codes: Vec<_> = parties
        .iter()
        .map(|party| (party.code.as_str(), party.own))
        .collect();
    assert_eq!(codes, [("XA", true), ("XB", false)]);
    let peers = ops::peers_for_federation(&house.ground).await.unwrap();
    let peer = peers
        .iter()
        .find(|peer| peer.party.code.as_str() == "XB")
        .unwrap();
    assert_eq!(peer.chain.fingerprint(), maker.root.fingerprint());
    assert_eq!(house.acts("directory.party_added").await, 2);
    let reporter = house.user(Role::Reporter);
    let refused = ops::list_parties(&house.ground, &reporter).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let analyst = house.user(Role::Analyst);
    let refused = ops::remove_peer(&house.ground, &analyst, &"XB".parse().unwrap()).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}

async fn a_fingerprint_that_differs_is_refused(db: Db) {
    let house = House::open(db).await;
    let card = Maker::new("XB", 2).card(&[Purpose::Exercise]);
    let other = Maker::new("XB", 3).root.fingerprint();
    let refused = ops::add_peer(&house.ground, &house.key, &house.node, &card, &other).await;
    assert!(matches!(refused, Err(Error::FingerprintDiffers)));
    // A card that shows the compared fingerprint above another root's key sets.
    let mut forged = serde_json::to_value(&card).unwrap();
    forged["fingerprint"] = serde_json::json!(other);
    let forged = Card::parse(forged.to_string().as_bytes()).unwrap();
    let refused = ops::add_peer(&house.ground, &house.key, &house.node, &forged, &other).await;
    assert!(matches!(refused, Err(Error::Seal(_))));
    assert_eq!(
        ops::list_parties(&house.ground, &house.node)
            .await
            .unwrap()
            .len(),
        1
    );
}

async fn a_changed_root_asks_for_a_new_comparison(db: Db) {
    let house = House::open(db).await;
    let (old, new) = (Maker::new("XB", 2), Maker::new("XB", 3));
    house.add(&old, &[Purpose::Exercise]).await.unwrap();
    house.add(&old, &[Purpose::Exercise]).await.unwrap();
    let refused = house.add(&new, &[Purpose::Exercise]).await;
    assert!(matches!(refused, Err(Error::OtherRoot { .. })));
    let code = "XB".parse().unwrap();
    ops::remove_peer(&house.ground, &house.node, &code)
        .await
        .unwrap();
    house.add(&new, &[Purpose::Exercise]).await.unwrap();
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let chain = ops::chain_in(&mut tx, &code, Mode::Exercise)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(chain.fingerprint(), new.root.fingerprint());
}

async fn key_sets_follow_one_another(db: Db) {
    let house = House::open(db).await;
    let maker = Maker::new("XB", 2);
    house.add(&maker, &[Purpose::Exercise]).await.unwrap();
    let first = maker.set(Purpose::Exercise, 1, None);
    let second = maker.set(Purpose::Exercise, 2, Some(first.sha256()));
    let third = maker.set(Purpose::Exercise, 3, Some(second.sha256()));
    let code = "XB".parse().unwrap();
    let accept = |set: SignedKeySet| ops::accept_key_set(&house.ground, &house.node, &code, set);
    assert!(matches!(accept(third.clone()).await, Err(Error::Seal(_))));
    assert_eq!(accept(second.clone()).await.unwrap(), Acceptance::New);
    assert_eq!(accept(second).await.unwrap(), Acceptance::Known);
    assert_eq!(accept(third.clone()).await.unwrap(), Acceptance::New);
    let foreign = Maker::new("XB", 3).set(Purpose::Exercise, 4, Some(third.sha256()));
    assert!(matches!(accept(foreign).await, Err(Error::Seal(_))));
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let chain = ops::chain_in(&mut tx, &code, Mode::Exercise)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(chain.latest().set().seq, 3);
    drop(tx);
    assert_eq!(house.acts("directory.key_set").await, 2);
}

async fn a_card_renews_keys_and_nothing_else(db: Db) {
    let house = House::open(db).await;
    let maker = Maker::new("XB", 2);
    let both = [Purpose::Real, Purpose::Exercise];
    house.add(&maker, &both).await.unwrap();
    let code = "XB".parse().unwrap();
    let mut sets = both.map(|purpose| maker.set(purpose, 1, None)).to_vec();
    for at in 0..2 {
        let (purpose, before) = (sets[at].set().purpose, sets[at].sha256());
        sets.push(maker.set(purpose, 2, Some(before)));
    }
    let fingerprint = maker.root.fingerprint();
    let mut card = Card::new(code, "Another title".parse().unwrap(), fingerprint, &sets);
    card.federation = Some("elsewhere.example:1".parse().unwrap());
    let code = card.party.clone();
    let renew = |card: Card| {
        let (house, code) = (&house, &code);
        async move { ops::renew(&house.ground, &house.node, code, &card).await }
    };
    let renewed = renew(card.clone()).await.unwrap();
    assert_eq!(renewed, [Mode::Real, Mode::Exercise]);
    assert_eq!(renew(card.clone()).await.unwrap(), []);
    // An older card takes nothing back.
    assert_eq!(renew(maker.card(&both)).await.unwrap(), []);
    for peer in ops::peers_for_federation(&house.ground).await.unwrap() {
        if peer.party.code == code {
            assert_eq!(peer.chain.latest().set().seq, 2);
            assert_ne!(peer.party.title, card.title);
            assert_ne!(peer.party.federation, card.federation);
        }
    }
    let other_root = renew(Maker::new("XB", 3).card(&both)).await;
    assert!(matches!(other_root, Err(Error::FingerprintDiffers)));
    let other_party = renew(Maker::new("XC", 2).card(&both)).await;
    assert!(matches!(other_party, Err(Error::Card { .. })));
    let nobody: kernel::PartyCode = "XD".parse().unwrap();
    let card = Maker::new("XD", 4).card(&both);
    let unknown = ops::renew(&house.ground, &house.node, &nobody, &card).await;
    assert!(matches!(unknown, Err(Error::NoParty)));
}

async fn a_frozen_party_is_not_thawed_by_a_card(db: Db) {
    let house = House::open(db).await;
    let maker = Maker::new("XB", 2);
    house.add(&maker, &[Purpose::Exercise]).await.unwrap();
    let code = "XB".parse().unwrap();
    let set = |trust, code| ops::set_trust(&house.ground, &house.node, code, trust, "two ledgers");
    set(Trust::Frozen, &code).await.unwrap();
    house.add(&maker, &[Purpose::Exercise]).await.unwrap();
    let (party, _) = ops::read_party(&house.ground, &house.node, &code)
        .await
        .unwrap();
    assert_eq!(party.trust, Trust::Frozen);
    assert_eq!(
        set(Trust::Trusted, &code).await.unwrap().trust,
        Trust::Trusted
    );
    let own = "XA".parse().unwrap();
    assert!(matches!(set(Trust::Removed, &own).await, Err(Error::Own)));
}

async fn a_removed_party_is_gone_but_its_keys_stay(db: Db) {
    let house = House::open(db).await;
    let maker = Maker::new("XB", 2);
    house.add(&maker, &[Purpose::Exercise]).await.unwrap();
    let code = "XB".parse().unwrap();
    ops::remove_peer(&house.ground, &house.node, &code)
        .await
        .unwrap();
    let gone = ops::read_party(&house.ground, &house.node, &code).await;
    assert!(matches!(gone, Err(Error::NoParty)));
    assert_eq!(
        ops::peers_for_federation(&house.ground)
            .await
            .unwrap()
            .len(),
        1
    );
    let mut tx = house.ground.db.begin_read().await.unwrap();
    assert!(
        ops::find_in(&mut tx, &code, Mode::Exercise)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        ops::chain_in(&mut tx, &code, Mode::Exercise)
            .await
            .unwrap()
            .is_some()
    );
}

async fn contact_data_is_shown_by_a_recorded_look_only(db: Db) {
    let house = House::open(db).await;
    house
        .add(&Maker::new("XB", 2), &[Purpose::Exercise])
        .await
        .unwrap();
    let code = "XB".parse().unwrap();
    let officer = house.user(Role::PolicyOfficer);
    let contact = ops::add_contact(&house.ground, &house.key, &officer, &code, desk())
        .await
        .unwrap();
    let (_, contacts) = ops::read_party(&house.ground, &officer, &code)
        .await
        .unwrap();
    assert_eq!(contacts.first(), Some(&contact));
    assert_eq!(contacts.len(), 1);
    assert!(!format!("{contacts:?}").contains("Marchetti"));
    assert_eq!(house.acts("directory.looked").await, 0);
    let duty = house.user(Role::DutyOfficer);
    let look = ops::look(&house.ground, &house.key, &duty, contact.id, "overdue").await;
    assert_eq!(look.unwrap(), (contact.clone(), desk().reach));
    assert_eq!(house.acts("directory.looked").await, 1);
    for role in [Role::Admin, Role::Auditor, Role::Reporter] {
        let viewer = house.user(role);
        let refused = ops::look(&house.ground, &house.key, &viewer, contact.id, "").await;
        assert!(matches!(refused, Err(Error::Refused(_))), "{role:?}");
    }
    assert_eq!(house.acts("directory.looked").await, 1);
}

async fn a_stranger_sees_no_contact_data(db: Db) {
    let house = House::open(db).await;
    house
        .add(&Maker::new("XB", 2), &[Purpose::Exercise])
        .await
        .unwrap();
    let code = "XB".parse().unwrap();
    let contact = ops::add_contact(&house.ground, &house.key, &house.node, &code, desk())
        .await
        .unwrap();
    let mut viewer = house.user(Role::DutyOfficer);
    viewer.party = "XC".parse().unwrap();
    let refused = ops::look(&house.ground, &house.key, &viewer, contact.id, "").await;
    assert!(matches!(refused, Err(Error::NotListed)));
    viewer.who = Who::Peer("XB".parse().unwrap());
    let refused = ops::look(&house.ground, &house.key, &viewer, contact.id, "").await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let mut real = house.user(Role::DutyOfficer);
    real.mode = Mode::Real;
    assert!(
        ops::look(&house.ground, &house.key, &real, contact.id, "")
            .await
            .is_err()
    );
}

async fn contact_data_is_sealed_at_rest(db: Db) {
    const SQL: &str = "SELECT profile, reach FROM directory_contact";
    let house = House::open(db).await;
    let code = "XA".parse().unwrap();
    let contact = ops::add_contact(&house.ground, &house.key, &house.node, &code, desk())
        .await
        .unwrap();
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let (profile, reach): (String, Vec<u8>) = query(SQL).fetch_one(&mut tx).await.unwrap();
    drop(tx);
    for secret in ["Marchetti", "cert.example", "23 45"] {
        assert!(!profile.contains(secret));
        assert!(
            !reach
                .windows(secret.len())
                .any(|window| window == secret.as_bytes())
        );
    }
    let other = DataKey::from_bytes(Zeroizing::new([8; 32]));
    let unreadable = ops::look(&house.ground, &other, &house.node, contact.id, "").await;
    assert!(matches!(unreadable, Err(Error::Seal(_))));
    assert_eq!(house.acts("directory.looked").await, 0, "nothing was shown");

    let card = ops::own_card(&house.ground, &house.node, None)
        .await
        .unwrap();
    assert!(card.contacts.iter().all(|contact| contact.reach.is_none()));
    let card = ops::own_card(&house.ground, &house.node, Some(&house.key))
        .await
        .unwrap();
    assert_eq!(card.contacts.first().unwrap().reach, Some(desk().reach));
    assert_eq!(house.acts("directory.card_exported").await, 1);
}

async fn a_contact_changes_under_its_version(db: Db) {
    let house = House::open(db).await;
    let code = "XA".parse().unwrap();
    let made = ops::add_contact(&house.ground, &house.key, &house.node, &code, desk())
        .await
        .unwrap();
    let mut change = desk();
    change.reach.phones = vec!["+44 20 7946 0000".parse().unwrap()];
    change.verified = false;
    house.clock.advance(Duration::from_mins(1));
    let edit = |version, change, standing| {
        let change = (change, standing);
        ops::edit_contact(
            &house.ground,
            &house.key,
            &house.node,
            made.id,
            version,
            change,
        )
    };
    let stale = edit(7, change.clone(), Standing::Active).await;
    assert!(matches!(
        stale,
        Err(Error::Stale {
            given: 7,
            current: 1
        })
    ));
    let after = edit(1, change.clone(), Standing::Active).await.unwrap();
    assert_eq!((after.version, after.verified_at), (2, made.verified_at));
    let (_, reach) = ops::look(&house.ground, &house.key, &house.node, made.id, "")
        .await
        .unwrap();
    assert_eq!(reach, change.reach);
    let mut nothing = change.clone();
    nothing.reach = Reach::default();
    assert!(matches!(
        edit(2, nothing, Standing::Active).await,
        Err(Error::Invalid(_))
    ));
    edit(2, change, Standing::Removed).await.unwrap();
    let gone = ops::look(&house.ground, &house.key, &house.node, made.id, "").await;
    assert!(matches!(gone, Err(Error::NoContact)));
}

async fn real_and_exercise_entries_stand_apart(db: Db) {
    let house = House::open(db).await;
    house
        .add(&Maker::new("FR", 4), &[Purpose::Real, Purpose::Exercise])
        .await
        .unwrap();
    let mut real = house.node.clone();
    real.mode = Mode::Real;
    let of = async |viewer: &Viewer| -> Vec<String> {
        let parties = ops::list_parties(&house.ground, viewer).await.unwrap();
        parties.iter().map(|party| party.code.to_string()).collect()
    };
    assert_eq!(of(&real).await, ["FR"]);
    assert_eq!(of(&house.node).await, ["FR", "XA"]);
    let code = "FR".parse().unwrap();
    ops::remove_peer(&house.ground, &real, &code).await.unwrap();
    assert_eq!(of(&house.node).await, ["FR", "XA"]);
    assert!(of(&real).await.is_empty());
}
