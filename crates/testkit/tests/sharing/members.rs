//! Circles whose members come and go while things travel.

use db::Db;
use directory::state::Change;
use federation::state::Delivery;
use intel::model::Reader;
use kernel::Tlp;
use share::model::{InState, Sent};

use crate::house::{
    add, agrees, change, circle, collect, fleet, holds, incoming, kept, malware, member, objects,
    outgoing, party, set,
};

db::contract! {
    members_get_it_without_being_asked_and_removed_ones_nothing_more,
    what_has_not_left_when_a_member_is_removed_never_leaves,
}

async fn members_get_it_without_being_asked_and_removed_ones_nothing_more(db: Db) {
    let fleet = fleet(db.engine()).await;
    let id = circle(&fleet, &["XB", "XC"]).await;
    member(&fleet, id, "XB", ("XC", true)).await;
    collect(&fleet, "XA", "ports").await;
    add(&fleet, "XA", "ports", &[malware(1, 1, Some(Tlp::Amber))]).await;
    set(&fleet, "XA", "ports", Reader::Circle(id), true).await;
    let (at_b, at_c) = (
        kept(&fleet, "XB", "XA").await,
        kept(&fleet, "XC", "XA").await,
    );
    holds(&fleet, "XB", at_b, &["m1v1"]).await;
    holds(&fleet, "XC", at_c, &["m1v1"]).await;

    change(&fleet, id, Change::Remove(party("XB"))).await;
    add(&fleet, "XA", "ports", &[malware(2, 1, Some(Tlp::Green))]).await;
    holds(&fleet, "XC", at_c, &["m1v1", "m2v1"]).await;
    holds(&fleet, "XB", at_b, &[]).await;
    fleet
        .until("XA", "the confirmation", async || {
            let all = outgoing(&fleet, "XA", "XB").await;
            let sent = &all.first()?.sent;
            let row = sent.iter().find(|(row, _)| row.kind == Sent::RemoveAll)?;
            (row.0.removed == Some(1)).then_some(())
        })
        .await;
    // Nothing but the first object ever went to it.
    let sent = outgoing(&fleet, "XA", "XB").await.remove(0).sent;
    let given: i64 = sent
        .iter()
        .filter(|(row, _)| row.kind == Sent::Share)
        .map(|(row, _)| row.items)
        .sum();
    assert_eq!(given, 1);
    let state = incoming(&fleet, "XB", "XA").await.remove(0).share.state;
    assert_eq!(state, InState::Ended);
    agrees(&fleet, "XA", "XC").await;
    fleet.end().await;
}

async fn what_has_not_left_when_a_member_is_removed_never_leaves(db: Db) {
    let fleet = fleet(db.engine()).await;
    let id = circle(&fleet, &["XB"]).await;
    collect(&fleet, "XA", "ports").await;
    set(&fleet, "XA", "ports", Reader::Circle(id), true).await;
    let at_b = kept(&fleet, "XB", "XA").await;
    fleet.cut("XA", "XB");
    let many: Vec<_> = (0..20).map(|number| malware(number, 1, None)).collect();
    add(&fleet, "XA", "ports", &many).await;
    fleet
        .until("XA", "the message", async || {
            let all = outgoing(&fleet, "XA", "XB").await;
            let mut sent = all.first()?.sent.iter();
            sent.any(|(row, _)| row.items == 20).then_some(())
        })
        .await;
    change(&fleet, id, Change::Remove(party("XB"))).await;
    fleet.heal("XA", "XB");
    fleet
        .until("XB", "the end", async || {
            let all = incoming(&fleet, "XB", "XA").await;
            (all.first()?.share.state == InState::Ended).then_some(())
        })
        .await;
    let all = outgoing(&fleet, "XA", "XB").await;
    let row = all
        .first()
        .unwrap()
        .sent
        .iter()
        .find(|(row, _)| row.items == 20);
    let delivery = row.unwrap().1.clone();
    assert!(
        !matches!(delivery, Some(Delivery::Receipted { .. })),
        "{delivery:?}"
    );
    let held = objects(&fleet, "XB", &at_b.uuid().to_string()).await;
    assert_eq!(held.len(), 0);
    fleet.end().await;
}
