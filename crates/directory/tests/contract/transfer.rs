//! What one node of a party writes of its directory and another takes in.

use db::Db;
use directory::{
    Card,
    card::CardContact,
    ops::{self, TakenCard},
};
use kernel::{ContactId, Mode, PartyCode, Role, Viewer};
use seal::keys::Purpose;

use crate::support::{House, Maker, desk};

db::contract! {
    a_directory_is_written_and_taken_in_again,
    a_file_makes_nobody_trusted,
    contact_data_leaves_only_when_asked_for_and_recorded,
    addresses_are_told_on_the_card,
    a_fictional_state_keeps_every_desk_in_its_exercises,
}

async fn take(house: &House, card: &Card, maker: Option<&Maker>) -> TakenCard {
    let compared: Vec<_> = maker.iter().map(|maker| maker.root.fingerprint()).collect();
    ops::take_card(&house.ground, &house.key, &house.node, card, &compared)
        .await
        .unwrap()
}

async fn cards(house: &House) -> Vec<Card> {
    ops::export_cards(&house.ground, &house.node, Some(&house.key))
        .await
        .unwrap()
}

fn texts(cards: &[Card]) -> Vec<String> {
    let text = |card: &Card| String::from_utf8(card.to_bytes().unwrap()).unwrap();
    cards.iter().map(text).collect()
}

async fn a_directory_is_written_and_taken_in_again(db: Db) {
    let house = House::open(db).await;
    let maker = Maker::new("XB", 2);
    house.add(&maker, &[Purpose::Exercise]).await.unwrap();
    let officer = house.user(Role::PolicyOfficer);
    for code in ["XA", "XB"] {
        let code: PartyCode = code.parse().unwrap();
        ops::add_contact(&house.ground, &house.key, &officer, &code, desk())
            .await
            .unwrap();
    }
    let written = cards(&house).await;
    assert_eq!(written.len(), 2);
    for card in &written {
        assert_eq!(take(&house, card, None).await, TakenCard::Unchanged);
    }
    // What has changed since comes back, of the own entry the contacts too.
    let own = &written[0];
    assert_eq!(own.party.as_str(), "XA");
    let mut told = own.clone();
    told.contacts[0].profile.role = Some("Head of desk".parse().unwrap());
    assert_eq!(take(&house, &told, None).await, TakenCard::Updated);
    assert_eq!(take(&house, &told, None).await, TakenCard::Unchanged);
    assert_eq!(take(&house, own, None).await, TakenCard::Updated);
    assert_eq!(texts(&cards(&house).await), texts(&written));
}

async fn a_file_makes_nobody_trusted(db: Db) {
    let house = House::open(db).await;
    let (known, maker) = (Maker::new("XB", 2), Maker::new("XC", 3));
    house.add(&known, &[Purpose::Exercise]).await.unwrap();
    let card = maker.card(&[Purpose::Exercise]);
    assert_eq!(take(&house, &card, None).await, TakenCard::NotCompared);
    assert_eq!(
        take(&house, &card, Some(&known)).await,
        TakenCard::NotCompared
    );
    let listed = ops::list_parties(&house.ground, &house.node).await.unwrap();
    assert_eq!(listed.len(), 2);
    assert_eq!(take(&house, &card, Some(&maker)).await, TakenCard::Added);
    assert_eq!(take(&house, &card, None).await, TakenCard::Unchanged);
    // Another root under the name of a listed party is not taken on the word of a file.
    let other = Maker::new("XB", 9).card(&[Purpose::Exercise]);
    assert_eq!(take(&house, &other, None).await, TakenCard::NotCompared);
    let key_set = known.set(Purpose::Exercise, 1, None);
    let second = known.set(Purpose::Exercise, 2, Some(key_set.sha256()));
    let (party, title) = ("XB".parse().unwrap(), "XB".parse().unwrap());
    let newer = Card::new(party, title, known.root.fingerprint(), &[key_set, second]);
    assert_eq!(take(&house, &newer, None).await, TakenCard::Updated);
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let chain = ops::chain_in(&mut tx, &"XB".parse().unwrap(), Mode::Exercise).await;
    assert_eq!(chain.unwrap().unwrap().latest().set().seq, 2);
}

async fn contact_data_leaves_only_when_asked_for_and_recorded(db: Db) {
    let house = House::open(db).await;
    let code: PartyCode = "XA".parse().unwrap();
    ops::add_contact(&house.ground, &house.key, &house.node, &code, desk())
        .await
        .unwrap();
    let without = ops::export_cards(&house.ground, &house.user(Role::Admin), None).await;
    let without = texts(&without.unwrap());
    assert!(!without.concat().contains("Marchetti"));
    let key = Some(&house.key);
    let refused = ops::export_cards(&house.ground, &house.user(Role::Admin), key).await;
    assert!(refused.is_err());
    let refused = ops::export_cards(&house.ground, &house.user(Role::Reporter), None).await;
    assert!(refused.is_err());
    assert!(texts(&cards(&house).await).concat().contains("Marchetti"));
    assert_eq!(house.acts("directory.card_exported").await, 2);
}

async fn addresses_are_told_on_the_card(db: Db) {
    let house = House::open(db).await;
    let federation = "node.aldoria.example:8461".parse().unwrap();
    let set = |viewer| {
        let (ground, federation) = (&house.ground, &federation);
        async move { ops::set_addresses(ground, &viewer, Some(federation), None).await }
    };
    assert!(set(house.node.clone()).await.unwrap());
    assert!(!set(house.node.clone()).await.unwrap(), "nothing is new");
    assert!(set(house.user(Role::DutyOfficer)).await.is_err());
    assert_eq!(house.acts("directory.addresses").await, 1);
    let card = ops::own_card(&house.ground, &house.node, None)
        .await
        .unwrap();
    assert_eq!(card.federation, Some(federation.clone()));
}

async fn a_fictional_state_keeps_every_desk_in_its_exercises(db: Db) {
    let house = House::open(db).await;
    let maker = Maker::new("regional-hub", 6);
    let mut card = maker.card(&[Purpose::Real, Purpose::Exercise]);
    card.contacts.push(CardContact {
        id: ContactId::random(house.ground.rng.as_ref()),
        profile: desk().profile,
        reach: None,
    });
    let compared = maker.root.fingerprint();
    ops::add_peer(&house.ground, &house.key, &house.node, &card, &compared)
        .await
        .unwrap();
    let desks = async |mode: Mode| {
        let viewer = Viewer {
            mode,
            ..house.node.clone()
        };
        let code = "regional-hub".parse().unwrap();
        let read = ops::read_party(&house.ground, &viewer, &code).await;
        read.unwrap().1.len()
    };
    assert_eq!(
        (desks(Mode::Exercise).await, desks(Mode::Real).await),
        (1, 0)
    );
}
