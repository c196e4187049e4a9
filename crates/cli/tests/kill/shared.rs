//! Killed while a collection travels: afterwards both sides hold the same, and every receipt holds.

use std::collections::BTreeSet;

use db::Db;
use federation::{state::Delivery, verify::Outcome};
use intel::{
    model::{Cut, Filter, PAGE_ENTRIES_MAX, Reader, Settings},
    ops,
};
use kernel::{CollectionRef, PartyCode, Tlp};
use serde_json::{Value, json};
use share::{
    Sharing,
    model::{InState, Verdict},
};
use testkit::Fleet;

use crate::{
    binary::Binary,
    held::open,
    killed::{a_moment, pair, random},
};

db::contract! {
    a_receiver_killed_at_any_moment_ends_with_the_same_copy,
    a_steward_killed_at_any_moment_gives_all_of_it_once,
}

const ROOT: &str = "exercise";
const NAME: &str = "ports";
const ROUNDS: usize = 5;
/// Objects of a round: several transactions where they are taken.
const EACH: usize = 1_200;

fn sharing(fleet: &Fleet, at: &str) -> Sharing {
    let exchange = fleet.exchange(at);
    Sharing {
        ground: exchange.ground,
        post: exchange.post,
    }
}

fn malware(number: usize) -> Value {
    json!({
        "type": "malware", "spec_version": "2.1", "is_family": false,
        "id": format!("malware--00000000-0000-4000-8000-{number:012}"),
        "name": format!("m{number}"),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "object_marking_refs": ["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"],
    })
}

/// A collection of `at` that the other one keeps.
async fn shared(fleet: &Fleet, at: &str, with: &str) -> CollectionRef {
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    let settings = Settings {
        alias: Some(NAME.parse().unwrap()),
        title: "Harbours".parse().unwrap(),
        description: "".parse().unwrap(),
        ceiling: Tlp::Red,
        unmarked: Tlp::AmberStrict,
    };
    let root = ROOT.parse().unwrap();
    ops::create(&x.ground, &viewer, &root, settings)
        .await
        .unwrap();
    let reader = (Reader::Party(with.parse().unwrap()), true);
    share::ops::set_shared(&x.ground, &viewer, (ROOT, NAME), reader)
        .await
        .unwrap();
    let (x, viewer, from) = (sharing(fleet, with), fleet.viewer(with), party(at));
    fleet
        .until(with, "the collection", async || {
            let view = share::ops::peer(&x, &viewer, &from).await.unwrap();
            let one = view.incoming.into_iter().next()?;
            if one.share.state == InState::Offered {
                let id = one.share.id;
                share::ops::accept(&x, &viewer, id, Tlp::AmberStrict)
                    .await
                    .unwrap();
            }
            Some(one.place?.1)
        })
        .await
}

fn party(code: &str) -> PartyCode {
    code.parse().unwrap()
}

/// Adds objects, and takes one out that was there before.
async fn change(fleet: &Fleet, at: &str, round: usize) {
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    let objects: Vec<_> = (round * EACH..(round + 1) * EACH).map(malware).collect();
    let envelope = json!({ "objects": objects }).to_string().into_bytes();
    ops::import(&x.ground, &viewer, (ROOT, NAME), envelope)
        .await
        .unwrap();
    if let Some(before) = round.checked_sub(1) {
        let id = format!("malware--00000000-0000-4000-8000-{:012}", before * EACH);
        let all = Filter::everything();
        ops::delete(&x.ground, &viewer, (ROOT, NAME), &id, &all)
            .await
            .unwrap();
    }
}

/// The names of the objects that a collection holds.
async fn names(fleet: &Fleet, at: &str, name: &str) -> BTreeSet<String> {
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    let (mut names, mut after) = (BTreeSet::new(), 0);
    loop {
        let cut = Cut {
            after,
            entries: PAGE_ENTRIES_MAX,
        };
        let all = Filter::everything();
        let page = ops::objects(&x.ground, &viewer, (ROOT, name), &all, cut).await;
        let page = page.unwrap();
        let objects: Vec<Value> = serde_json::from_str(&format!("[{}]", page.content)).unwrap();
        names.extend(
            objects
                .iter()
                .map(|one| one["name"].as_str().unwrap().to_owned()),
        );
        match page.places {
            Some((_, end)) if page.more => after = end,
            _ => return names,
        }
    }
}

/// Waits until both hold the same, and looks at every receipt.
async fn whole(fleet: &Fleet, (from, to): (&str, &str), kept: CollectionRef) {
    let wanted = names(fleet, from, NAME).await;
    assert!(!wanted.is_empty());
    let (name, x) = (kept.uuid().to_string(), sharing(fleet, from));
    let (viewer, other) = (fleet.viewer(from), party(to));
    let view = async || share::ops::peer(&x, &viewer, &other).await.unwrap();
    fleet
        .until(to, "the same copy", async || {
            for (row, delivery) in &view().await.outgoing.first()?.sent {
                if !matches!(delivery, Some(Delivery::Receipted { .. })) {
                    x.post.retry_now(row.message).await.ok()?;
                }
            }
            (names(fleet, to, &name).await == wanted).then_some(())
        })
        .await;
    fleet
        .until(from, "agreement", async || {
            share::ops::compare(&x, &viewer, &other).await.ok()?;
            let agrees = view().await.outgoing.first()?.verdict == Verdict::Agrees;
            agrees.then_some(())
        })
        .await;
    let sent = view().await.outgoing.remove(0).sent;
    let numbers: Vec<_> = sent.iter().map(|(row, _)| row.sequence).rev().collect();
    let through: Vec<_> = (1..).take(numbers.len()).collect();
    assert_eq!(numbers, through, "numbered without a gap");
    for (row, _) in sent {
        let report = fleet.verify(from, row.message).await;
        assert_eq!(report.outcome(), Outcome::Proven, "{report:#?}");
    }
}

/// How many objects a node that is killed again and again holds of another's.
async fn stored(db: &Db) -> i64 {
    let mut tx = db.begin_read().await.unwrap();
    let sql = "SELECT count(*) AS many FROM stix_version";
    let (many,): (i64,) = db::query(sql).fetch_one(&mut tx).await.unwrap();
    many
}

async fn a_receiver_killed_at_any_moment_ends_with_the_same_copy(db: Db) {
    let (mut fleet, _) = pair(db.engine()).await;
    let kept = shared(&fleet, "XA", "XB").await;
    fleet.stop("XB").await;
    for round in 0..ROUNDS {
        let binary = Binary::serve(fleet.member("XB"), &[]);
        fleet.line("XA", "XB").lead_to(binary.federation());
        change(&fleet, "XA", round).await;
        for _ in 0..random(40) {
            a_moment().await;
        }
        binary.kill();
        let db = open(fleet.member("XB")).await;
        let some = stored(&db).await;
        assert!(some <= i64::try_from((round + 1) * EACH).unwrap());
        db.close().await;
    }
    fleet.start_again("XB").await;
    whole(&fleet, ("XA", "XB"), kept).await;
    assert_eq!(fleet.alarms("XB").await, Vec::<String>::new());
    fleet.end().await;
}

async fn a_steward_killed_at_any_moment_gives_all_of_it_once(db: Db) {
    let (mut fleet, _) = pair(db.engine()).await;
    let kept = shared(&fleet, "XB", "XA").await;
    for round in 0..ROUNDS {
        change(&fleet, "XB", round).await;
        // What is not said by now is said by the program.
        fleet.stop("XB").await;
        let binary = Binary::serve(fleet.member("XB"), &[]);
        for _ in 0..random(40) {
            a_moment().await;
        }
        binary.kill();
        fleet.start_again("XB").await;
    }
    whole(&fleet, ("XB", "XA"), kept).await;
    assert_eq!(fleet.alarms("XA").await, Vec::<String>::new());
    fleet.end().await;
}
