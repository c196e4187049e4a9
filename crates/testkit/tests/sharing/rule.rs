//! What goes by the newest version of each object: what was given by a laxer rule is taken back, the
//! numbers shown before sharing are those of what goes, and what was taken back is said to be so.

use db::Db;
use intel::model::Reader;
use kernel::{PartyCode, Tlp};
use share::{
    model::{OutState, Verdict},
    ops,
};
use testkit::Fleet;

use crate::house::{
    ROOT, accept, add, agrees, collect, fleet, holds, kept, malware, outgoing, party, set, sharing,
};

db::contract! {
    what_an_earlier_program_gave_by_a_laxer_rule_is_taken_back,
    the_preview_counts_what_goes,
    the_end_of_a_share_is_shown_as_done_once_it_is_stated,
}

async fn shared(fleet: &Fleet) -> kernel::CollectionRef {
    collect(fleet, "XA", "ports").await;
    let both = [
        malware(1, 1, Some(Tlp::Green)),
        malware(2, 1, Some(Tlp::Green)),
    ];
    add(fleet, "XA", "ports", &both).await;
    set(fleet, "XA", "ports", reader(), true).await;
    accept(fleet, "XB", "XA").await;
    let at_b = kept(fleet, "XB", "XA").await;
    holds(fleet, "XB", at_b, &["m1v1", "m2v1"]).await;
    at_b
}

fn reader() -> Reader {
    Reader::Party(party("XB"))
}

async fn run(fleet: &Fleet, at: &str, sql: &'static str) {
    let mut tx = fleet.node(at).ground().db.begin().await.unwrap();
    db::query(sql).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

async fn what_an_earlier_program_gave_by_a_laxer_rule_is_taken_back(db: Db) {
    let mut fleet = fleet(db.engine()).await;
    let at_b = shared(&fleet).await;
    agrees(&fleet, "XA", "XB").await;
    // As an earlier program left it: the stricter version was looked at, and the older one stayed.
    run(&fleet, "XA", "UPDATE share SET state = 'declined'").await;
    add(&fleet, "XA", "ports", &[malware(1, 2, Some(Tlp::Red))]).await;
    fleet
        .until("XA", "the look", async || {
            let sql =
                "SELECT count(*) AS many FROM job WHERE kind IN ('intel.changed', 'share.send')";
            let mut tx = fleet.node("XA").ground().db.begin_read().await.ok()?;
            let (many,): (i64,) = db::query(sql).fetch_one(&mut tx).await.ok()?;
            (many == 0).then_some(())
        })
        .await;
    let looked = "UPDATE share SET state = 'active', \
                  place = (SELECT max(added) FROM collection_entry)";
    run(&fleet, "XA", looked).await;
    // Neither a comparison nor another object shows it.
    agrees(&fleet, "XA", "XB").await;
    add(&fleet, "XA", "ports", &[malware(3, 1, Some(Tlp::Green))]).await;
    holds(&fleet, "XB", at_b, &["m1v1", "m2v1", "m3v1"]).await;
    let lax = "DELETE FROM setting WHERE name = 'share.newest_decides'";
    run(&fleet, "XA", lax).await;
    fleet.stop("XA").await;
    fleet.start_again("XA").await;
    holds(&fleet, "XB", at_b, &["m2v1", "m3v1"]).await;
    agrees(&fleet, "XA", "XB").await;
    fleet.end().await;
}

async fn the_preview_counts_what_goes(db: Db) {
    let fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    let all = [
        malware(1, 1, Some(Tlp::Green)),
        malware(1, 2, Some(Tlp::Amber)),
        malware(2, 1, Some(Tlp::Green)),
        malware(2, 2, Some(Tlp::Red)),
        malware(3, 1, Some(Tlp::Green)),
    ];
    add(&fleet, "XA", "ports", &all).await;
    let (x, viewer) = (sharing(&fleet, "XA"), fleet.viewer("XA"));
    let user = Reader::of(&viewer).remove(0);
    // RED is seen by whom the collection names.
    let seen = intel::ops::collection(&x.ground, &viewer, ROOT, "ports").await;
    let version = seen.unwrap().collection.version;
    let place = (ROOT, "ports");
    let named = vec![(user, false)];
    let set_named = intel::ops::set_readers(&x.ground, &viewer, place, version, named);
    set_named.await.unwrap();
    let preview = ops::preview(&x.ground, &viewer, place, &[reader()]).await;
    let preview = preview.unwrap();
    let parties: Vec<&PartyCode> = preview.parties.iter().map(|one| &one.party).collect();
    assert_eq!(parties, [&party("XB")]);
    let labels: Vec<_> = preview
        .labels
        .iter()
        .map(|(tlp, many, stays)| (*tlp, *many, stays.map(ops::Stays::code)))
        .collect();
    let expected = [
        (Tlp::Green, 2, None),
        (Tlp::Green, 1, Some("share.newer_stays")),
        (Tlp::Amber, 1, None),
        (Tlp::Red, 1, labels.last().unwrap().2),
    ];
    assert_eq!(labels, expected);
    assert!(labels.last().unwrap().2.is_some());
    // And so many go.
    set(&fleet, "XA", "ports", reader(), true).await;
    accept(&fleet, "XB", "XA").await;
    agrees(&fleet, "XA", "XB").await;
    let view = outgoing(&fleet, "XA", "XB").await.remove(0);
    assert_eq!(view.share.tally.items, 3);
    fleet.end().await;
}

async fn the_end_of_a_share_is_shown_as_done_once_it_is_stated(db: Db) {
    let fleet = fleet(db.engine()).await;
    shared(&fleet).await;
    agrees(&fleet, "XA", "XB").await;
    set(&fleet, "XA", "ports", reader(), false).await;
    // Nobody compares: what the party states is enough.
    fleet
        .until("XA", "the end", async || {
            let view = outgoing(&fleet, "XA", "XB").await.remove(0);
            let ended = view.share.state == OutState::Ended;
            (ended && view.verdict == Verdict::Agrees).then_some(())
        })
        .await;
    let view = outgoing(&fleet, "XA", "XB").await.remove(0);
    assert!(view.sent.iter().all(|(row, _)| !row.awaits()));
    fleet.end().await;
}
