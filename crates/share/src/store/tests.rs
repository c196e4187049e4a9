//! Statements about what others are told, on both engines.

use db::{Db, Tx};
use intel::ops::Item;
use kernel::{CollectionRef, MessageId, Mode, PartyCode, ShareId, Timestamp, Tlp};
use seal::Digest;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{into, item, out};
use crate::model::{
    About, Gap, Held, InShare, InState, Onward, OutShare, OutState, Sent, SentRow, Tally,
};

db::contract! {
    a_share_is_read_as_it_was_written,
    a_message_leads_to_its_share_and_number,
    removals_are_confirmed_and_shares_are_not,
    differences_of_one_kind_are_dropped,
    what_was_given_is_found_by_place_id_and_label,
    what_several_count_at_once_is_all_counted,
}

fn party(code: &str) -> PartyCode {
    code.parse().unwrap()
}

fn share(number: u128, to: &str) -> OutShare {
    OutShare {
        id: ShareId::from_uuid(Uuid::from_u128(number)),
        collection: CollectionRef::from_uuid(Uuid::from_u128(7)),
        title: "Harbours".to_owned(),
        mode: Mode::Exercise,
        party: party(to),
        state: OutState::Active,
        via: None,
        sequence: 3,
        place: 40,
        gone: 50,
        mask: 7,
        told: 2,
        resume: true,
        tally: Tally {
            items: 2,
            sum: Digest::from_bytes([9; 32]),
        },
        changed_at: Timestamp::from_micros(60),
        compared_at: None,
        theirs: None,
    }
}

fn thing(number: u8, tlp: Tlp) -> Item {
    Item {
        stix_id: format!("malware--00000000-0000-4000-8000-{number:012}"),
        sha256: vec![number; 32],
        tlp,
    }
}

fn sent(sequence: i64, kind: Sent, message: u128) -> SentRow {
    SentRow {
        sequence,
        kind,
        message: MessageId::from_uuid(Uuid::from_u128(message)),
        items: 5,
        sent_at: Timestamp::from_micros(70),
        confirmed_at: None,
        removed: None,
        onward: None,
    }
}

/// Two parties are told of one collection.
async fn two(tx: &mut Tx) -> (OutShare, OutShare) {
    let both = (share(1, "XB"), share(2, "XC"));
    out::put(tx, &both.0).await.unwrap();
    out::put(tx, &both.1).await.unwrap();
    both
}

async fn a_share_is_read_as_it_was_written(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let (mut one, other) = two(&mut tx).await;
    let at = one.mode;
    let found = out::by_id(&mut tx, one.id, at).await.unwrap();
    assert_eq!(found.as_ref(), Some(&one));
    assert_eq!(found, out::whatever_mode(&mut tx, one.id).await.unwrap());
    let hidden = out::by_id(&mut tx, one.id, Mode::Real).await.unwrap();
    assert_eq!(hidden, None);
    let theirs = Held {
        state: "accepted".to_owned(),
        sequence: 4,
        tally: Tally {
            items: 8,
            sum: Digest::from_bytes([1; 32]),
        },
    };
    let when = Timestamp::from_micros(80);
    out::compared(&mut tx, one.id, when, Some(&theirs))
        .await
        .unwrap();
    one.state = OutState::Ended;
    one.sequence = 9;
    one.title = "Ports".to_owned();
    out::put(&mut tx, &one).await.unwrap();
    one.compared_at = Some(when);
    one.theirs = Some(theirs);
    let key = (one.collection, &one.party);
    let found = out::find(&mut tx, key, at).await.unwrap();
    assert_eq!(found.as_ref(), Some(&one));
    let all = out::of_collection(&mut tx, one.collection, at).await;
    assert_eq!(all.unwrap(), [one.clone(), other.clone()]);
    let to = out::of_party(&mut tx, Some(&party("XC")), at).await;
    assert_eq!(to.unwrap(), [other]);
}

async fn a_message_leads_to_its_share_and_number(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let (one, other) = two(&mut tx).await;
    let rows = [
        (one.id, sent(1, Sent::Share, 11)),
        (one.id, sent(2, Sent::RemoveAll, 12)),
        (one.id, sent(3, Sent::Remove, 13)),
        (other.id, sent(2, Sent::Share, 21)),
    ];
    for (id, row) in &rows {
        out::insert_sent(&mut tx, *id, row, (0, 0)).await.unwrap();
    }
    for (id, row) in &rows {
        let found = out::of_message(&mut tx, row.message).await.unwrap();
        let place = (*id, row.sequence, row.items);
        let found = found.map(|one| (one.share, one.sequence, one.items));
        assert_eq!(found, Some(place));
    }
    let unknown = MessageId::from_uuid(Uuid::from_u128(99));
    assert_eq!(out::of_message(&mut tx, unknown).await.unwrap(), None);
    let floors = (
        out::floor(&mut tx, one.id).await.unwrap(),
        out::floor(&mut tx, other.id).await.unwrap(),
    );
    assert_eq!(floors, (2, 0));
    let newest = out::sent(&mut tx, one.id, 2).await.unwrap();
    let newest: Vec<_> = newest.iter().map(|row| row.sequence).collect();
    assert_eq!(newest, [3, 2]);
}

async fn removals_are_confirmed_and_shares_are_not(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let (one, other) = two(&mut tx).await;
    for (id, row, gone) in [
        (one.id, sent(1, Sent::Share, 11), (0, 0)),
        (one.id, sent(2, Sent::Remove, 12), (10, 20)),
        (other.id, sent(1, Sent::RemoveAll, 21), (10, 30)),
    ] {
        out::insert_sent(&mut tx, id, &row, gone).await.unwrap();
    }
    let of = (one.collection, one.mode);
    let asked = out::passed_on(&mut tx, of, (10, 20)).await.unwrap();
    assert_eq!(asked, (0, 2, 0));
    let at = Timestamp::from_micros(90);
    let done = (4, Onward::Nobody);
    for (sequence, written) in [(1, false), (2, true), (3, false)] {
        let confirmed = out::confirm(&mut tx, (one.id, sequence), at, done).await;
        assert_eq!(confirmed.unwrap(), written);
    }
    // Said again, it was first confirmed when it was.
    let later = Timestamp::from_micros(95);
    let said = (5, Onward::Confirmed);
    let again = out::confirm(&mut tx, (one.id, 2), later, said).await;
    assert!(again.unwrap());
    let rows = out::sent(&mut tx, one.id, 1).await.unwrap();
    let confirmed = SentRow {
        confirmed_at: Some(at),
        removed: Some(5),
        onward: Some(Onward::Confirmed),
        ..sent(2, Sent::Remove, 12)
    };
    assert_eq!(rows, [confirmed]);
    let asked = out::passed_on(&mut tx, of, (10, 20)).await.unwrap();
    assert_eq!(asked, (0, 1, 1));
    // Of what went later, those were not told who were looked after up to 50.
    let later = out::passed_on(&mut tx, of, (50, 60)).await.unwrap();
    assert_eq!(later, (2, 0, 0));
}

async fn differences_of_one_kind_are_dropped(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let (one, other) = two(&mut tx).await;
    let (first, second) = (thing(1, Tlp::Red), thing(2, Tlp::Red));
    let since = Timestamp::from_micros(5);
    for (id, item, gap) in [
        (one.id, &second, Gap::TheyMiss),
        (one.id, &first, Gap::TheyKeep),
        (other.id, &first, Gap::TheyMiss),
    ] {
        item::put_gap(&mut tx, id, (item, gap), since)
            .await
            .unwrap();
    }
    let all = item::gaps(&mut tx, one.id, 10).await.unwrap();
    let keeps = (first.clone(), Gap::TheyKeep, since);
    assert_eq!(all, [keeps.clone(), (second, Gap::TheyMiss, since)]);
    item::drop_gaps(&mut tx, one.id, Gap::TheyMiss)
        .await
        .unwrap();
    assert_eq!(item::gaps(&mut tx, one.id, 10).await.unwrap(), [keeps]);
    let theirs = item::gaps(&mut tx, other.id, 10).await.unwrap();
    assert_eq!(theirs, [(first.clone(), Gap::TheyMiss, since)]);
    // A difference that turns round keeps its beginning.
    let later = Timestamp::from_micros(6);
    let turned = (&first, Gap::TheyMiss);
    item::put_gap(&mut tx, one.id, turned, later).await.unwrap();
    let now = item::gaps(&mut tx, one.id, 10).await.unwrap();
    assert_eq!(now, [(first, Gap::TheyMiss, since)]);
    item::clear_gaps(&mut tx, one.id).await.unwrap();
    assert_eq!(item::gaps(&mut tx, one.id, 10).await.unwrap(), []);
    assert_eq!(item::gaps(&mut tx, other.id, 10).await.unwrap().len(), 1);
}

async fn what_was_given_is_found_by_place_id_and_label(db: Db) {
    let mut tx = db.begin().await.unwrap();
    let (one, other) = two(&mut tx).await;
    let items = [
        (10, thing(3, Tlp::Green)),
        (11, thing(1, Tlp::Amber)),
        (12, thing(2, Tlp::Clear)),
    ];
    item::insert(&mut tx, one.id, &items).await.unwrap();
    item::insert(&mut tx, other.id, &items[..1]).await.unwrap();
    let at = item::at(&mut tx, one.id, &[10, 12, 13]).await.unwrap();
    assert_eq!(at, [items[0].clone(), items[2].clone()]);
    let mask = (1 << Tlp::Green.code()) | (1 << Tlp::Clear.code());
    let beyond = item::beyond(&mut tx, one.id, mask, 10).await.unwrap();
    assert_eq!(beyond, items[1..2]);
    let (low, high) = (&items[1].1.stix_id, items[0].1.stix_id.as_str());
    let between = item::between(&mut tx, one.id, (low, Some(high))).await;
    assert_eq!(between.unwrap(), [items[2].clone(), items[0].clone()]);
    assert!(item::has(&mut tx, one.id, high).await.unwrap());
    assert!(!item::has(&mut tx, other.id, low).await.unwrap());
    item::remove(&mut tx, one.id, &[10, 11]).await.unwrap();
    assert!(!item::has(&mut tx, one.id, high).await.unwrap());
    let left = item::between(&mut tx, one.id, ("", None)).await.unwrap();
    assert_eq!(left, items[2..]);
    item::clear(&mut tx, one.id).await.unwrap();
    let left = item::between(&mut tx, one.id, ("", None)).await.unwrap();
    assert_eq!(left, []);
    let theirs = item::between(&mut tx, other.id, ("", None)).await;
    assert_eq!(theirs.unwrap(), items[..1]);
}

fn heard() -> InShare {
    let collection = CollectionRef::from_uuid(Uuid::from_u128(8));
    InShare {
        id: ShareId::from_uuid(Uuid::from_u128(3)),
        party: party("XB"),
        collection,
        mode: Mode::Exercise,
        state: InState::Accepted,
        via: None,
        about: About {
            id: collection,
            title: "Harbours".to_owned(),
            description: String::new(),
            ceiling: Tlp::Amber,
            unmarked: Tlp::Amber,
            onward: false,
        },
        kept_as: None,
        ceiling: Tlp::Amber,
        sequence: 1,
        tally: Tally::default(),
        stated: Tally::default(),
        offered_at: Timestamp::from_micros(1),
        decided_at: None,
        decided_by: None,
        compared_at: None,
    }
}

async fn what_several_count_at_once_is_all_counted(db: Db) {
    let share = heard();
    let mut tx = db.begin().await.unwrap();
    into::put(&mut tx, &share).await.unwrap();
    tx.commit().await.unwrap();
    let mut all = Tally::default();
    let mut tasks = JoinSet::new();
    for number in 0..6 {
        let one = thing(number, Tlp::Green);
        all.add(&one);
        let (db, id) = (db.clone(), share.id);
        tasks.spawn(async move {
            let mut tx = db.begin().await.unwrap();
            let mut share = into::locked(&mut tx, id).await.unwrap().unwrap();
            // Time for the others to read too, if they may.
            let sql = "SELECT count(*) AS many FROM share_in";
            for _ in 0..20 {
                let _: (i64,) = db::query(sql).fetch_one(&mut tx).await.unwrap();
            }
            share.tally.add(&one);
            into::put(&mut tx, &share).await.unwrap();
            tx.commit().await.unwrap();
        });
    }
    tasks.join_all().await;
    let mut tx = db.begin_read().await.unwrap();
    let now = into::by_id(&mut tx, share.id).await.unwrap().unwrap();
    assert_eq!(now.tally, all);
}
