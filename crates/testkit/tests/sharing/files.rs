//! Sealed files: what was said leaves nothing behind, and what a party has lost is said anew.

use std::path::Path;

use db::{Db, Engine, setting};
use federation::post::RESTORED;
use intel::model::Reader;
use kernel::Tlp;
use share::model::Sent;
use testkit::Fleet;

use crate::house::{
    accept, add, agrees, collect, delete, fleet, holds, incoming, kept, malware, outgoing, party,
    set,
};

db::contract! {
    no_folder_grows_with_what_was_said,
    what_is_not_wanted_leaves_no_file,
    what_waits_for_its_receipt_stays,
}

/// How many sealed files a node keeps.
fn sealed(fleet: &Fleet, at: &str) -> usize {
    fn count(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap();
        let each = entries.map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { count(&path) } else { 1 }
        });
        each.sum()
    }
    count(&fleet.folder().join(at).join("blobs"))
}

/// Waits until a node keeps so many sealed files.
async fn keeps(fleet: &Fleet, at: &str, many: usize) {
    let what = format!("{many} sealed files at {at}");
    fleet
        .until(at, &what, async || {
            (sealed(fleet, at) == many).then_some(())
        })
        .await;
}

async fn no_folder_grows_with_what_was_said(db: Db) {
    let fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    let at_b = kept(&fleet, "XB", "XA").await;
    let mut names = Vec::new();
    for number in 0..8 {
        add(
            &fleet,
            "XA",
            "ports",
            &[malware(number, 1, Some(Tlp::Amber))],
        )
        .await;
        names.push(format!("m{number}v1"));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        holds(&fleet, "XB", at_b, &names).await;
    }
    // A removal names what has to go in an attachment too.
    delete(&fleet, "XA", "ports", 0).await;
    let names: Vec<&str> = names.iter().skip(1).map(String::as_str).collect();
    holds(&fleet, "XB", at_b, &names).await;
    let sent = outgoing(&fleet, "XA", "XB").await.remove(0).sent;
    let with_files = sent.iter().filter(|(row, _)| row.items > 0).count();
    assert!(with_files >= 9, "{with_files} messages had an attachment");
    keeps(&fleet, "XA", 0).await;
    keeps(&fleet, "XB", 0).await;
    agrees(&fleet, "XA", "XB").await;
    fleet.end().await;
}

async fn what_is_not_wanted_leaves_no_file(db: Db) {
    let fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    add(&fleet, "XA", "ports", &[malware(1, 1, Some(Tlp::Amber))]).await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    // Until people have decided, it has to stay where it is to be read.
    keeps(&fleet, "XA", 0).await;
    let id = fleet
        .until("XB", "the offer", async || {
            let all = incoming(&fleet, "XB", "XA").await;
            all.first().map(|one| one.share.id)
        })
        .await;
    keeps(&fleet, "XB", 1).await;
    let (x, viewer) = (crate::house::sharing(&fleet, "XB"), fleet.viewer("XB"));
    share::ops::decline(&x, &viewer, id).await.unwrap();
    keeps(&fleet, "XB", 0).await;
    fleet.end().await;
}

async fn what_waits_for_its_receipt_stays(db: Db) {
    let fleet = fleet(db.engine()).await;
    collect(&fleet, "XA", "ports").await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    let at_b = kept(&fleet, "XB", "XA").await;
    fleet.cut("XA", "XB");
    add(&fleet, "XA", "ports", &[malware(1, 1, Some(Tlp::Amber))]).await;
    fleet
        .until("XA", "the message", async || {
            let sent = outgoing(&fleet, "XA", "XB").await.remove(0).sent;
            let gives = |row: &share::model::SentRow| row.kind == Sent::Share && row.items == 1;
            sent.iter().any(|(row, _)| gives(row)).then_some(())
        })
        .await;
    keeps(&fleet, "XA", 1).await;
    fleet.heal("XA", "XB");
    let id = outgoing(&fleet, "XA", "XB").await.remove(0).sent;
    let id = id.iter().find(|(row, _)| row.items == 1).unwrap().0.message;
    fleet.exchange("XA").post.retry_now(id).await.unwrap();
    holds(&fleet, "XB", at_b, &["m1v1"]).await;
    keeps(&fleet, "XA", 0).await;
    keeps(&fleet, "XB", 0).await;
    fleet.end().await;
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// The whole folder of a node is what a backup is, so this is about `SQLite`.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_restored_node_has_lost_is_said_anew() {
    let mut fleet = fleet(Engine::Sqlite).await;
    collect(&fleet, "XA", "ports").await;
    let first = [malware(1, 1, Some(Tlp::Amber)), malware(2, 1, None)];
    add(&fleet, "XA", "ports", &first).await;
    set(&fleet, "XA", "ports", Reader::Party(party("XB")), true).await;
    accept(&fleet, "XB", "XA").await;
    let at_b = kept(&fleet, "XB", "XA").await;
    holds(&fleet, "XB", at_b, &["m1v1", "m2v1"]).await;

    fleet.stop("XB").await;
    let (folder, backup) = (fleet.folder().join("XB"), fleet.folder().join("backup"));
    copy(&folder, &backup);
    fleet.start_again("XB").await;
    add(&fleet, "XA", "ports", &[malware(3, 1, Some(Tlp::Amber))]).await;
    add(&fleet, "XA", "ports", &[malware(4, 1, Some(Tlp::Green))]).await;
    delete(&fleet, "XA", "ports", 1).await;
    holds(&fleet, "XB", at_b, &["m2v1", "m3v1", "m4v1"]).await;
    keeps(&fleet, "XA", 0).await;

    fleet.stop("XB").await;
    std::fs::remove_dir_all(&folder).unwrap();
    copy(&backup, &folder);
    let address = db::Address::Sqlite(folder.join("comity.db"));
    let database = Db::open(&address, db::Options::default()).await.unwrap();
    let mut tx = database.begin().await.unwrap();
    let at = "2026-11-21T06:00:00Z";
    setting::write(&mut tx, RESTORED, at).await.unwrap();
    tx.commit().await.unwrap();
    database.close().await;
    fleet.start_again("XB").await;

    // Nobody has to ask: what it lacks comes, and what it should not have goes.
    holds(&fleet, "XB", at_b, &["m2v1", "m3v1", "m4v1"]).await;
    agrees(&fleet, "XA", "XB").await;
    let (post, b) = (fleet.exchange("XA").post, party("XB"));
    fleet
        .until("XA", "notes that agree", async || {
            post.reconcile((&b, kernel::Mode::Exercise)).await.ok()?;
            let mut tx = fleet.node("XA").ground().db.begin_read().await.ok()?;
            let gaps = federation::store::gaps(&mut tx, (&b, kernel::Mode::Exercise));
            gaps.await.ok()?.is_empty().then_some(())
        })
        .await;
    keeps(&fleet, "XA", 0).await;
    keeps(&fleet, "XB", 0).await;
    fleet.end().await;
}
