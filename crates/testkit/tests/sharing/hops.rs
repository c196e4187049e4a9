//! From one party to another, and from there to a third.

use db::Db;
use intel::model::Reader;
use kernel::Tlp;
use share::{
    model::{OutState, Sent},
    ops,
};

use crate::house::{
    ROOT, accept, add, agrees, collect, delete, fleet, holds, incoming, kept, malware, objects,
    onward, outgoing, party, set, sharing,
};

db::contract! {
    what_is_new_travels_and_what_is_gone_goes,
    labels_stop_where_they_have_to,
    a_withdrawal_goes_three_hops_and_is_confirmed_all_the_way_back,
    what_is_not_wanted_is_not_kept,
    nodes_that_stop_and_start_miss_nothing_and_repeat_nothing,
}

async fn what_is_new_travels_and_what_is_gone_goes(db: Db) {
    let fleet = fleet(db.engine()).await;
    let made = collect(&fleet, "XA", "ports").await;
    add(
        &fleet,
        "XA",
        "ports",
        &[malware(1, 1, Some(Tlp::Green)), malware(2, 1, None)],
    )
    .await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    let id = kept(&fleet, "XB", "XA").await;
    holds(&fleet, "XB", id, &["m1v1", "m2v1"]).await;
    assert_ne!(id, made.public);
    // Byte by byte, and in a collection that nobody here can write.
    let name = id.uuid().to_string();
    assert_eq!(
        objects(&fleet, "XB", &name).await,
        objects(&fleet, "XA", "ports").await
    );
    let (x, viewer) = (sharing(&fleet, "XB"), fleet.viewer("XB"));
    let body = malware(9, 1, None).to_string().into_bytes();
    let refused = intel::ops::import(&x.ground, &viewer, (ROOT, &name), body).await;
    assert_eq!(refused.unwrap_err().code(), "intel.read_only");

    add(
        &fleet,
        "XA",
        "ports",
        &[malware(1, 2, Some(Tlp::Amber)), malware(3, 1, None)],
    )
    .await;
    holds(&fleet, "XB", id, &["m1v1", "m1v2", "m2v1", "m3v1"]).await;
    delete(&fleet, "XA", "ports", 1).await;
    holds(&fleet, "XB", id, &["m2v1", "m3v1"]).await;
    let stated = fleet
        .until("XA", "the confirmation", async || {
            let all = outgoing(&fleet, "XA", "XB").await;
            let row = all
                .first()?
                .sent
                .iter()
                .find(|(row, _)| row.kind == Sent::Remove)?;
            row.0.confirmed_at.map(|_at| row.0.removed)
        })
        .await;
    assert_eq!(stated, Some(2));
    agrees(&fleet, "XA", "XB").await;

    // What was let in again comes back.
    let (x, viewer) = (sharing(&fleet, "XA"), fleet.viewer("XA"));
    let again = "malware--00000000-0000-4000-8000-000000000001";
    intel::ops::restore(&x.ground, &viewer, (ROOT, "ports"), again)
        .await
        .unwrap();
    add(&fleet, "XA", "ports", &[malware(1, 3, None)]).await;
    holds(&fleet, "XB", id, &["m1v3", "m2v1", "m3v1"]).await;
    agrees(&fleet, "XA", "XB").await;
    fleet.end().await;
}

async fn labels_stop_where_they_have_to(db: Db) {
    let fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    let labels = [
        Some(Tlp::Clear),
        Some(Tlp::Green),
        Some(Tlp::Amber),
        Some(Tlp::AmberStrict),
        Some(Tlp::Red),
        None,
    ];
    let all: Vec<_> = (0_u32..)
        .zip(labels)
        .map(|(number, tlp)| malware(number, 1, tlp))
        .collect();
    add(&fleet, "XA", "ports", &all).await;
    onward(&fleet, "XA", "ports", true).await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    let at_b = kept(&fleet, "XB", "XA").await;
    // RED is for those who are named with it.
    holds(
        &fleet,
        "XB",
        at_b,
        &["m0v1", "m1v1", "m2v1", "m3v1", "m5v1"],
    )
    .await;
    let name = at_b.uuid().to_string();
    set(&fleet, "XB", &name, Reader::Party(party("XC")), true).await;
    accept(&fleet, "XC", "XB").await;
    let at_c = kept(&fleet, "XC", "XB").await;
    // AMBER and what came unmarked stay with the receiving party.
    holds(&fleet, "XC", at_c, &["m0v1", "m1v1"]).await;
    // A stricter version of what went on does not follow it, and what went on is asked back.
    add(
        &fleet,
        "XA",
        "ports",
        &[
            malware(0, 2, Some(Tlp::Amber)),
            malware(7, 1, Some(Tlp::Clear)),
        ],
    )
    .await;
    holds(&fleet, "XC", at_c, &["m1v1", "m7v1"]).await;
    // Its steward no longer lets it be passed on.
    onward(&fleet, "XA", "ports", false).await;
    holds(&fleet, "XC", at_c, &[]).await;
    let (x, viewer) = (sharing(&fleet, "XB"), fleet.viewer("XB"));
    let seen = intel::ops::collection(&x.ground, &viewer, ROOT, &name)
        .await
        .unwrap();
    let more = vec![(Reader::Party(party("XC")), false)];
    let version = seen.collection.version;
    let refused = intel::ops::set_readers(&x.ground, &viewer, (ROOT, &name), version, more).await;
    assert_eq!(refused.unwrap_err().code(), "intel.not_onward");
    fleet.end().await;
}

async fn a_withdrawal_goes_three_hops_and_is_confirmed_all_the_way_back(db: Db) {
    let fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    let green = |number| malware(number, 1, Some(Tlp::Green));
    add(&fleet, "XA", "ports", &[green(1), green(2), green(3)]).await;
    onward(&fleet, "XA", "ports", true).await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    let at_b = kept(&fleet, "XB", "XA").await;
    holds(&fleet, "XB", at_b, &["m1v1", "m2v1", "m3v1"]).await;
    set(
        &fleet,
        "XB",
        &at_b.uuid().to_string(),
        Reader::Party(party("XC")),
        true,
    )
    .await;
    accept(&fleet, "XC", "XB").await;
    let at_c = kept(&fleet, "XC", "XB").await;
    holds(&fleet, "XC", at_c, &["m1v1", "m2v1", "m3v1"]).await;

    // The third cannot be reached: the first sees that it was asked, and has not confirmed.
    fleet.cut("XB", "XC");
    delete(&fleet, "XA", "ports", 2).await;
    holds(&fleet, "XB", at_b, &["m1v1", "m3v1"]).await;
    let onward_of = async || {
        let all = outgoing(&fleet, "XA", "XB").await;
        let rows = all.first()?.sent.iter();
        let row = rows
            .map(|(row, _)| row)
            .find(|row| row.kind == Sent::Remove)?;
        row.onward
    };
    fleet
        .until("XA", "the first statement", async || {
            (onward_of().await == Some(share::model::Onward::Asked)).then_some(())
        })
        .await;
    fleet.heal("XB", "XC");
    holds(&fleet, "XC", at_c, &["m1v1", "m3v1"]).await;
    fleet
        .until("XA", "the second statement", async || {
            (onward_of().await == Some(share::model::Onward::Confirmed)).then_some(())
        })
        .await;

    // Everything goes.
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), false).await;
    holds(&fleet, "XB", at_b, &[]).await;
    holds(&fleet, "XC", at_c, &[]).await;
    fleet
        .until("XA", "the last statement", async || {
            let all = outgoing(&fleet, "XA", "XB").await;
            let one = all.first()?;
            assert_eq!(one.share.state, OutState::Ended);
            let row = one
                .sent
                .iter()
                .find(|(row, _)| row.kind == Sent::RemoveAll)?;
            let done = row.0.onward == Some(share::model::Onward::Confirmed);
            (done && row.0.removed == Some(2)).then_some(())
        })
        .await;
    // And begins anew, if people want it at both ends.
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    holds(&fleet, "XB", at_b, &["m1v1", "m3v1"]).await;
    holds(&fleet, "XC", at_c, &["m1v1", "m3v1"]).await;
    for (at, with) in [("XA", "XB"), ("XB", "XC")] {
        agrees(&fleet, at, with).await;
    }
    fleet.end().await;
}

async fn what_is_not_wanted_is_not_kept(db: Db) {
    let fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    add(&fleet, "XA", "ports", &[malware(1, 1, None)]).await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    let id = fleet
        .until("XB", "the offer", async || {
            incoming(&fleet, "XB", "XA")
                .await
                .first()
                .map(|one| one.share.id)
        })
        .await;
    let (x, viewer) = (sharing(&fleet, "XB"), fleet.viewer("XB"));
    ops::decline(&x, &viewer, id).await.unwrap();
    let again = ops::decline(&x, &viewer, id).await;
    assert_eq!(again.unwrap_err().code(), "share.decided");
    fleet
        .until("XA", "the answer", async || {
            let all = outgoing(&fleet, "XA", "XB").await;
            (all.first()?.share.state == OutState::Declined).then_some(())
        })
        .await;
    add(&fleet, "XA", "ports", &[malware(2, 1, None)]).await;
    // People at the first ask once more; then it is offered anew.
    let share = outgoing(&fleet, "XA", "XB").await.remove(0).share.id;
    let at_a = (sharing(&fleet, "XA"), fleet.viewer("XA"));
    ops::send_again(&at_a.0, &at_a.1, share).await.unwrap();
    accept(&fleet, "XB", "XA").await;
    let id = kept(&fleet, "XB", "XA").await;
    holds(&fleet, "XB", id, &["m1v1", "m2v1"]).await;
    fleet.end().await;
}

async fn nodes_that_stop_and_start_miss_nothing_and_repeat_nothing(db: Db) {
    let mut fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    let many: Vec<_> = (0..1_500).map(|number| malware(number, 1, None)).collect();
    add(&fleet, "XA", "ports", &many).await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    fleet.stop("XB").await;
    fleet.start_again("XB").await;
    add(&fleet, "XA", "ports", &[malware(1, 2, None)]).await;
    fleet.stop("XA").await;
    fleet.start_again("XA").await;
    delete(&fleet, "XA", "ports", 7).await;
    fleet.stop("XB").await;
    fleet.start_again("XB").await;
    let id = kept(&fleet, "XB", "XA").await.uuid().to_string();
    let wanted = objects(&fleet, "XA", "ports").await;
    assert_eq!(wanted.len(), 1_500);
    fleet
        .until("XB", "all objects", async || {
            (objects(&fleet, "XB", &id).await == wanted).then_some(())
        })
        .await;
    agrees(&fleet, "XA", "XB").await;
    let view = outgoing(&fleet, "XA", "XB").await.remove(0);
    let given: i64 = view
        .sent
        .iter()
        .filter(|(row, _)| row.kind == Sent::Share)
        .map(|(row, _)| row.items)
        .sum();
    assert_eq!(given, 1_501, "each once");
    fleet.end().await;
}
