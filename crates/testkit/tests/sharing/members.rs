//! Circles whose members come and go while things travel.

use db::Db;
use directory::state::Change;
use federation::state::Delivery;
use intel::model::Reader;
use kernel::Tlp;
use share::model::{InState, Onward, OutState, Sent};
use testkit::Fleet;

use crate::house::{
    accept, add, agrees, change, circle, collect, fleet, holds, incoming, kept, malware, member,
    objects, onward, outgoing, party, set,
};

db::contract! {
    members_get_it_without_being_asked_and_removed_ones_nothing_more,
    what_has_not_left_when_a_member_is_removed_never_leaves,
    a_removed_member_takes_back_what_it_passed_on,
    what_is_labelled_too_strictly_leaves_with_all_its_versions,
}

async fn what_is_labelled_too_strictly_leaves_with_all_its_versions(db: Db) {
    let fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    let both = [
        malware(1, 1, Some(Tlp::Green)),
        malware(2, 1, Some(Tlp::Green)),
    ];
    add(&fleet, "XA", "ports", &both).await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    let at_b = kept(&fleet, "XB", "XA").await;
    holds(&fleet, "XB", at_b, &["m1v1", "m2v1"]).await;
    // Who has it is asked to take it out, and who gets the collection later never gets it.
    add(&fleet, "XA", "ports", &[malware(1, 2, Some(Tlp::Red))]).await;
    holds(&fleet, "XB", at_b, &["m2v1"]).await;
    set(&fleet, "XA", "ports", Reader::Party(party("XC")), true).await;
    accept(&fleet, "XC", "XA").await;
    let at_c = kept(&fleet, "XC", "XA").await;
    holds(&fleet, "XC", at_c, &["m2v1"]).await;
    agrees(&fleet, "XA", "XB").await;
    // What is free again goes again.
    add(&fleet, "XA", "ports", &[malware(1, 3, Some(Tlp::Green))]).await;
    holds(&fleet, "XB", at_b, &["m1v3", "m2v1"]).await;
    holds(&fleet, "XC", at_c, &["m1v3", "m2v1"]).await;
    agrees(&fleet, "XA", "XC").await;
    fleet.end().await;
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

/// The names of all objects that a node keeps, in whichever collection.
async fn stored(fleet: &Fleet, at: &str) -> Vec<String> {
    let mut tx = fleet.node(at).ground().db.begin_read().await.unwrap();
    let rows = db::query("SELECT stix_id FROM stix_version ORDER BY stix_id");
    let rows: Vec<(String,)> = rows.fetch_all(&mut tx).await.unwrap();
    rows.into_iter().map(|(id,)| id).collect()
}

/// A person asks for all that one party tells another of to be tried now.
async fn try_now(fleet: &Fleet, at: &str, to: &str) {
    for share in outgoing(fleet, at, to).await {
        for (row, delivery) in share.sent {
            if !matches!(delivery, Some(Delivery::Receipted { .. })) {
                let post = fleet.node(at).post();
                post.retry_now(row.message).await.unwrap();
            }
        }
    }
}

/// XA keeps a circle with XB and XC; XB also passes on to XC what its labels let go. XB is removed while
/// XC cannot be reached from it.
async fn a_removed_member_takes_back_what_it_passed_on(db: Db) {
    let fleet = fleet(db.engine()).await;
    let id = circle(&fleet, &["XB", "XC"]).await;
    member(&fleet, id, "XB", ("XC", true)).await;
    collect(&fleet, "XA", "ports").await;
    let green = |number| malware(number, 1, Some(Tlp::Green));
    let amber = malware(3, 1, Some(Tlp::Amber));
    add(&fleet, "XA", "ports", &[green(1), green(2), amber]).await;
    onward(&fleet, "XA", "ports", true).await;
    set(&fleet, "XA", "ports", Reader::Circle(id), true).await;
    let at_b = kept(&fleet, "XB", "XA").await;
    let at_c = kept(&fleet, "XC", "XA").await;
    for (code, place) in [("XB", at_b), ("XC", at_c)] {
        holds(&fleet, code, place, &["m1v1", "m2v1", "m3v1"]).await;
    }
    let name = at_b.uuid().to_string();
    set(&fleet, "XB", &name, Reader::Party(party("XC")), true).await;
    accept(&fleet, "XC", "XB").await;
    let passed_on = kept(&fleet, "XC", "XB").await;
    holds(&fleet, "XC", passed_on, &["m1v1", "m2v1"]).await;

    fleet.cut("XB", "XC");
    change(&fleet, id, Change::Remove(party("XB"))).await;
    holds(&fleet, "XB", at_b, &[]).await;
    let stated = async || {
        let all = outgoing(&fleet, "XA", "XB").await;
        let sent = &all.first()?.sent;
        let row = sent.iter().find(|(row, _)| row.kind == Sent::RemoveAll)?;
        let row = &row.0;
        row.confirmed_at.map(|_at| (row.removed, row.onward))
    };
    // XB has deleted its copies and says that it asked XC to; XC still has the others.
    let said = fleet.until("XA", "the first statement", stated).await;
    assert_eq!(said, (Some(3), Some(Onward::Asked)));
    holds(&fleet, "XC", passed_on, &["m1v1", "m2v1"]).await;
    assert_eq!(stored(&fleet, "XB").await, Vec::<String>::new());

    fleet.heal("XB", "XC");
    try_now(&fleet, "XB", "XC").await;
    holds(&fleet, "XC", passed_on, &[]).await;
    fleet
        .until("XA", "the second statement", async || {
            (stated().await?.1 == Some(Onward::Confirmed)).then_some(())
        })
        .await;
    // Who stays a member keeps what it has, and alone gets what is new.
    add(&fleet, "XA", "ports", &[green(4)]).await;
    holds(&fleet, "XC", at_c, &["m1v1", "m2v1", "m3v1", "m4v1"]).await;
    agrees(&fleet, "XA", "XC").await;
    let ended = &outgoing(&fleet, "XA", "XB").await[0].share;
    assert_eq!(ended.state, OutState::Ended);
    let ended = &incoming(&fleet, "XB", "XA").await[0].share;
    assert_eq!(ended.state, InState::Ended);
    for (at, with) in [("XA", "XB"), ("XB", "XC")] {
        let all = outgoing(&fleet, at, with).await;
        let one = all.first().unwrap();
        let given: i64 = one
            .sent
            .iter()
            .filter(|(row, _)| row.kind == Sent::Share)
            .map(|(row, _)| row.items)
            .sum();
        assert_eq!(given, if at == "XA" { 3 } else { 2 }, "{at} to {with}");
        agrees(&fleet, at, with).await;
    }
    holds(&fleet, "XC", passed_on, &[]).await;
    assert_eq!(stored(&fleet, "XB").await, Vec::<String>::new());
    fleet.end().await;
}
