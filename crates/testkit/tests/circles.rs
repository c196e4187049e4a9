//! Circles of three real nodes on loopback, on both engines.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{collections::BTreeSet, time::Duration};

use db::Db;
use directory::{
    SignedCircle,
    model::{CircleVersion, Place, Trust},
    ops::{NewCircle, NewWish, Wish, circle_in, set_trust},
    state::Change,
};
use exchange::{
    model::CircleMessage,
    ops::{CircleState, ask_steward, change_circle, create_circle, decline_request, read_circle},
};
use federation::{
    compose::{Draft, Keys, Message, compose},
    model::{Desk, Urgency},
    state::{Delivery, Grade},
};
use kernel::{CircleId, ContactId, MessageId, Mode, OsRng, PartyCode, Tlp};
use seal::keys::SigningKeys;
use testkit::Fleet;

db::contract! {
    a_circle_grows_and_shrinks_and_everybody_holds_the_same_versions,
    a_party_that_asks_is_let_in_by_people,
    what_is_lost_on_the_way_is_sent_again,
    a_forged_and_a_forked_version_are_refused_and_the_sender_is_told,
    copies_for_a_frozen_party_wait_and_are_not_lost,
    a_steward_restarted_after_a_change_tells_everybody_once,
}

const PARTIES: [&str; 3] = ["XA", "XB", "XC"];

fn party(code: &str) -> PartyCode {
    code.parse().unwrap()
}

async fn create(fleet: &Fleet) -> CircleId {
    let new = NewCircle {
        name: "Harbours".parse().unwrap(),
        purpose: "Indicators about ports".parse().unwrap(),
    };
    let made = create_circle(&fleet.exchange("XA"), &fleet.viewer("XA"), new).await;
    made.unwrap().circle.version().id
}

async fn change(fleet: &Fleet, id: CircleId, given: u64, change: Change) {
    let (x, viewer) = (fleet.exchange("XA"), fleet.viewer("XA"));
    let changed = change_circle(&x, &viewer, (id, given), change).await;
    assert_eq!(changed.unwrap().circle.version().version, given + 1);
}

async fn wish(fleet: &Fleet, id: CircleId, of: &str, wish: Wish) {
    let new = NewWish {
        circle: id,
        steward: Some(party("XA")),
        wish,
    };
    let asked = ask_steward(&fleet.exchange(of), &fleet.viewer(of), new).await;
    asked.unwrap();
}

async fn state(fleet: &Fleet, id: CircleId, at: &str) -> Option<CircleState> {
    let read = read_circle(&fleet.exchange(at), &fleet.viewer(at), id).await;
    read.ok()
}

/// Waits until a party's node has that version in force.
async fn held(fleet: &Fleet, id: CircleId, at: &str, version: u64) -> CircleState {
    fleet
        .until(at, &format!("version {version} at {at}"), async || {
            let state = state(fleet, id, at).await?;
            (state.view.circle().version >= version).then_some(state)
        })
        .await
}

/// Waits until these parties have given their receipts for the newest version.
async fn confirmed(fleet: &Fleet, id: CircleId, by: &[&str], version: u64) {
    let wanted: BTreeSet<PartyCode> = by.iter().map(|code| party(code)).collect();
    fleet
        .until("XA", "the receipts", async || {
            let state = state(fleet, id, "XA").await?;
            let receipted = state.copies.iter().filter(|sent| {
                let proven = matches!(sent.delivery, Some(Delivery::Receipted { .. }));
                proven && sent.copy.version == version
            });
            let receipted: BTreeSet<_> = receipted.map(|sent| sent.copy.party.clone()).collect();
            receipted.is_superset(&wanted).then_some(())
        })
        .await;
}

async fn a_circle_grows_and_shrinks_and_everybody_holds_the_same_versions(db: Db) {
    let fleet = Fleet::start(db.engine(), &PARTIES, false).await;
    let id = create(&fleet).await;
    change(&fleet, id, 1, Change::Invite(party("XB"))).await;
    held(&fleet, id, "XB", 2).await;
    wish(&fleet, id, "XB", Wish::Join).await;
    let joined = held(&fleet, id, "XB", 3).await;
    assert_eq!(joined.view.circle().place(&party("XB")), Place::Member);
    assert_eq!(joined.view.asked, None);
    change(&fleet, id, 3, Change::Invite(party("XC"))).await;
    held(&fleet, id, "XC", 4).await;
    wish(&fleet, id, "XC", Wish::Join).await;
    held(&fleet, id, "XC", 5).await;
    confirmed(&fleet, id, &["XB", "XC"], 5).await;

    change(&fleet, id, 5, Change::Remove(party("XB"))).await;
    let out = held(&fleet, id, "XB", 6).await;
    assert_eq!(out.view.circle().place(&party("XB")), Place::Out);
    confirmed(&fleet, id, &["XB", "XC"], 6).await;
    wish(&fleet, id, "XC", Wish::Leave).await;
    let left = held(&fleet, id, "XC", 7).await;
    assert_eq!(left.view.circle().place(&party("XC")), Place::Out);
    confirmed(&fleet, id, &["XC"], 7).await;

    let at = async |code| state(&fleet, id, code).await.unwrap().view;
    let steward = at("XA").await;
    let digest = |number: u64| {
        let mut versions = steward.versions.iter();
        versions.find(|one| one.version == number).unwrap().sha256
    };
    for (code, first, last) in [("XB", 2, 6), ("XC", 4, 7)] {
        let view = at(code).await;
        let numbers: Vec<u64> = view.versions.iter().map(|one| one.version).collect();
        assert_eq!(numbers, (first..=last).rev().collect::<Vec<_>>(), "{code}");
        for one in &view.versions {
            assert_eq!(one.sha256, digest(one.version), "{code} {}", one.version);
        }
    }
    for code in PARTIES {
        assert_eq!(fleet.alarms(code).await, Vec::<String>::new(), "{code}");
    }
    fleet.end().await;
}

async fn a_party_that_asks_is_let_in_by_people(db: Db) {
    let fleet = Fleet::start(db.engine(), &PARTIES, false).await;
    let id = create(&fleet).await;
    for code in ["XB", "XC"] {
        wish(&fleet, id, code, Wish::Join).await;
    }
    fleet
        .until("XA", "both requests", async || {
            let state = state(&fleet, id, "XA").await?;
            (state.view.requests.len() == 2).then_some(())
        })
        .await;
    change(&fleet, id, 1, Change::Admit(party("XC"))).await;
    let joined = held(&fleet, id, "XC", 2).await;
    assert_eq!(joined.view.circle().place(&party("XC")), Place::Member);
    let (x, viewer) = (fleet.exchange("XA"), fleet.viewer("XA"));
    decline_request(&x, &viewer, id, &party("XB"))
        .await
        .unwrap();
    assert!(
        state(&fleet, id, "XB").await.is_none(),
        "it is told nothing"
    );
    change(&fleet, id, 2, Change::Dissolve).await;
    let ended = held(&fleet, id, "XC", 3).await;
    assert!(ended.view.circle().dissolved);
    fleet.end().await;
}

async fn what_is_lost_on_the_way_is_sent_again(db: Db) {
    let fleet = Fleet::start(db.engine(), &PARTIES, false).await;
    let id = create(&fleet).await;
    fleet.cut("XA", "XB");
    change(&fleet, id, 1, Change::Invite(party("XB"))).await;
    change(&fleet, id, 2, Change::Invite(party("XC"))).await;
    held(&fleet, id, "XC", 3).await;
    confirmed(&fleet, id, &["XC"], 3).await;
    assert!(state(&fleet, id, "XB").await.is_none());
    fleet.heal("XA", "XB");
    held(&fleet, id, "XB", 3).await;
    confirmed(&fleet, id, &["XB", "XC"], 3).await;
    fleet.end().await;
}

/// A message of XA to XB about a circle.
fn message(fleet: &Fleet, said: &CircleMessage) -> Message {
    let post = fleet.node("XA").post();
    let own = post.keys();
    let peer = post.peer(&party("XB"), Mode::Exercise).unwrap();
    let desk = |code| Desk {
        contact: ContactId::random(&OsRng),
        party: party(code),
    };
    let draft = Draft {
        id: MessageId::random(&OsRng),
        thread: said.thread(),
        kind: said.kind().unwrap(),
        from: desk("XA"),
        to: desk("XB"),
        sent: post.ground().now(),
        parent: None,
        urgency: Urgency::Routine,
        ack_due: None,
        answer_due: None,
        tlp: Tlp::Amber,
        exercise: true,
        content: said.content(),
        attachments: Vec::new(),
    };
    let set = own.chain(Mode::Exercise).latest().set();
    let keys = Keys {
        signing: &own.of(Mode::Exercise).signing,
        keyset: set.seq,
        recipient: &peer.chain.latest().set().age_recipient,
        archive: &set.archive_recipient,
    };
    compose(draft, keys, &OsRng).unwrap()
}

/// Sends a version past the circle's own rules, and gives the code with which it was refused.
async fn refused(fleet: &Fleet, version: &CircleVersion, keys: &SigningKeys) -> String {
    let signed = SignedCircle::sign(version, keys).unwrap();
    let message = message(fleet, &CircleMessage::Version(Box::new(signed)));
    let post = fleet.node("XA").post();
    let mut tx = post.ground().db.begin().await.unwrap();
    post.submit(&mut tx, &message).await.unwrap();
    tx.commit().await.unwrap();
    post.sent(&message);
    fleet
        .until("XA", "the refusal", async || {
            match fleet.delivery("XA", message.header.id).await {
                Delivery::Refused { code } => Some(code.as_str().to_owned()),
                Delivery::Receipted { .. } => Some("receipted".to_owned()),
                _ => None,
            }
        })
        .await
}

async fn a_forged_and_a_forked_version_are_refused_and_the_sender_is_told(db: Db) {
    let fleet = Fleet::start(db.engine(), &["XA", "XB"], false).await;
    let id = create(&fleet).await;
    change(&fleet, id, 1, Change::Invite(party("XB"))).await;
    let second = held(&fleet, id, "XB", 2).await.view.circle().clone();
    let mut third = CircleVersion {
        version: 3,
        ..second.clone()
    };
    let mut tx = fleet.node("XB").ground().db.begin_read().await.unwrap();
    let newest = circle_in(&mut tx, id, Mode::Exercise).await.unwrap();
    third.previous_sha256 = Some(newest.unwrap().sha256());
    drop(tx);
    let forged = refused(&fleet, &third, &SigningKeys::from_seed(&[7; 32])).await;
    assert_eq!(forged, "circle.bad_signature");
    let own = fleet.node("XA").post().keys();
    let own = &own.of(Mode::Exercise).signing;
    let mut other = second.clone();
    other.name = "Lakes".parse().unwrap();
    assert_eq!(refused(&fleet, &other, own).await, "circle.fork");
    let view = state(&fleet, id, "XB").await.unwrap().view;
    assert_eq!(view.circle(), &second);
    let mut codes: Vec<_> = view.refused.iter().map(|one| one.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["circle.bad_signature", "circle.fork"]);
    // The true one still goes through.
    change(&fleet, id, 2, Change::Dissolve).await;
    held(&fleet, id, "XB", 3).await;
    fleet.end().await;
}

async fn a_steward_restarted_after_a_change_tells_everybody_once(db: Db) {
    let mut fleet = Fleet::start(db.engine(), &["XA", "XB"], false).await;
    let id = create(&fleet).await;
    change(&fleet, id, 1, Change::Invite(party("XB"))).await;
    fleet.stop("XA").await;
    fleet.start_again("XA").await;
    held(&fleet, id, "XB", 2).await;
    confirmed(&fleet, id, &["XB"], 2).await;
    let copies = state(&fleet, id, "XA").await.unwrap().copies;
    let message = copies.first().unwrap().copy.message.unwrap();
    fleet.receipted("XA", message, Grade::Own).await;
    fleet.end().await;
}

async fn copies_for_a_frozen_party_wait_and_are_not_lost(db: Db) {
    const PLANNED: &str = "SELECT COUNT(id) FROM job WHERE kind = 'exchange.circle_copy' \
                           AND state = 'waiting' AND run_at > $1";
    let fleet = Fleet::start(db.engine(), &PARTIES, false).await;
    let id = create(&fleet).await;
    change(&fleet, id, 1, Change::Invite(party("XB"))).await;
    held(&fleet, id, "XB", 2).await;
    let ground = fleet.node("XA").ground().clone();
    let viewer = fleet.viewer("XA");
    let code = party("XB");
    let frozen = set_trust(&ground, &viewer, &code, Trust::Frozen, "two ledgers").await;
    frozen.unwrap();
    change(&fleet, id, 2, Change::Invite(party("XC"))).await;
    held(&fleet, id, "XC", 3).await;
    confirmed(&fleet, id, &["XC"], 3).await;
    let copies = state(&fleet, id, "XA").await.unwrap().copies;
    let waiting = copies.iter().find(|sent| sent.copy.party == code).unwrap();
    assert_eq!((waiting.copy.version, waiting.copy.message), (3, None));
    // It is planned anew for a later hour, and no dead letter.
    let soon = ground.now().plus(Duration::from_mins(50)).as_micros();
    fleet
        .until("XA", "the later hour", async || {
            let mut tx = ground.db.begin_read().await.unwrap();
            let planned = db::query(PLANNED).bind(soon).fetch_one(&mut tx).await;
            let (planned,): (i64,) = planned.unwrap();
            (planned == 1).then_some(())
        })
        .await;
    let mut tx = ground.db.begin_read().await.unwrap();
    let dead = queue::dead_letters(&mut tx, kernel::PageRequest::default()).await;
    assert_eq!(dead.unwrap().items.len(), 0);
    drop(tx);
    fleet.end().await;
}
