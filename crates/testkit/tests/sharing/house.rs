//! A fleet with collections.

use std::collections::{BTreeMap, BTreeSet};

use db::Engine;
use directory::{
    ops::{NewCircle, NewWish, Wish, circle_in},
    state::Change,
};
use exchange::ops::{ask_steward, change_circle, create_circle};
use intel::model::{Collection, Cut, Filter, PAGE_ENTRIES_MAX, Reader, Settings};
use kernel::{CircleId, CollectionRef, Mode, PartyCode, Tlp};
use serde_json::{Value, json};
use share::{
    Sharing,
    model::{InState, OutState, Verdict},
    ops::{self, IncomingView, OutgoingView},
};
use testkit::Fleet;

/// The root under which collections of the exercise stand.
pub(crate) const ROOT: &str = "exercise";

pub(crate) fn party(code: &str) -> PartyCode {
    code.parse().unwrap()
}

/// Three nodes.
pub(crate) async fn fleet(engine: Engine) -> Fleet {
    Fleet::start(engine, &["XA", "XB", "XC"], false).await
}

pub(crate) fn sharing(fleet: &Fleet, at: &str) -> Sharing {
    let exchange = fleet.exchange(at);
    Sharing {
        ground: exchange.ground,
        post: exchange.post,
    }
}

/// An object with that number and version, marked so.
pub(crate) fn malware(number: u32, second: u32, tlp: Option<Tlp>) -> Value {
    let mut object = json!({
        "type": "malware",
        "spec_version": "2.1",
        "id": format!("malware--00000000-0000-4000-8000-{number:012}"),
        "created": "2026-01-01T00:00:00.000Z",
        "modified": format!("2026-01-01T00:00:{second:02}.000Z"),
        "name": format!("m{number}v{second}"),
        "is_family": false,
    });
    if let Some(tlp) = tlp {
        let all = stix::marking::Tlp::ALL;
        let place = usize::try_from(tlp.code()).unwrap();
        let label = all.get(place).unwrap().marking_id();
        object["object_marking_refs"] = json!([label]);
    }
    object
}

/// Makes a collection that takes all labels.
pub(crate) async fn collect(fleet: &Fleet, at: &str, alias: &str) -> Collection {
    let settings = Settings {
        alias: Some(alias.parse().unwrap()),
        title: "Harbours".parse().unwrap(),
        description: "Indicators about ports".parse().unwrap(),
        ceiling: Tlp::Red,
        unmarked: Tlp::AmberStrict,
    };
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    let root = ROOT.parse().unwrap();
    let made = intel::ops::create(&x.ground, &viewer, &root, settings).await;
    made.unwrap()
}

/// Hands in objects.
pub(crate) async fn add(fleet: &Fleet, at: &str, name: &str, objects: &[Value]) {
    let envelope = json!({ "objects": objects }).to_string().into_bytes();
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    let done = intel::ops::import(&x.ground, &viewer, (ROOT, name), envelope).await;
    let done = done.unwrap();
    assert_eq!(done.import.refused, 0, "{:?}", done.refusals);
}

/// Takes an object out.
pub(crate) async fn delete(fleet: &Fleet, at: &str, name: &str, number: u32) {
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    let id = format!("malware--00000000-0000-4000-8000-{number:012}");
    let all = Filter::everything();
    let gone = intel::ops::delete(&x.ground, &viewer, (ROOT, name), &id, &all).await;
    gone.unwrap();
}

/// Shares a collection, or no longer.
pub(crate) async fn set(fleet: &Fleet, at: &str, name: &str, reader: Reader, shared: bool) {
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    let set = ops::set_shared(&x.ground, &viewer, (ROOT, name), (reader, shared)).await;
    set.unwrap();
}

/// Says whether a collection may be passed on.
pub(crate) async fn onward(fleet: &Fleet, at: &str, name: &str, onward: bool) {
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    let seen = intel::ops::collection(&x.ground, &viewer, ROOT, name).await;
    let version = seen.unwrap().collection.version;
    let set = intel::ops::set_onward(&x.ground, &viewer, (ROOT, name), version, onward);
    set.await.unwrap();
}

/// What a party shares with another one, as that one sees it.
pub(crate) async fn incoming(fleet: &Fleet, at: &str, from: &str) -> Vec<IncomingView> {
    let view = ops::peer(&sharing(fleet, at), &fleet.viewer(at), &party(from)).await;
    view.unwrap().incoming
}

/// What a party tells another one of.
pub(crate) async fn outgoing(fleet: &Fleet, at: &str, to: &str) -> Vec<OutgoingView> {
    let view = ops::peer(&sharing(fleet, at), &fleet.viewer(at), &party(to)).await;
    view.unwrap().outgoing
}

/// Waits until a party is offered something, and keeps it.
pub(crate) async fn accept(fleet: &Fleet, at: &str, from: &str) {
    let id = fleet
        .until(at, "the offer", async || {
            let all = incoming(fleet, at, from).await;
            let offered = all
                .into_iter()
                .find(|one| one.share.state == InState::Offered);
            offered.map(|one| one.share.id)
        })
        .await;
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    ops::accept(&x, &viewer, id, Tlp::AmberStrict)
        .await
        .unwrap();
}

/// The collection in which a party keeps the first that another one shares with it.
pub(crate) async fn kept(fleet: &Fleet, at: &str, from: &str) -> CollectionRef {
    fleet
        .until(at, "the collection", async || {
            let all = incoming(fleet, at, from).await;
            all.first()?.place.clone()
        })
        .await
        .1
}

/// The objects of a collection by name, with their text.
pub(crate) async fn objects(fleet: &Fleet, at: &str, name: &str) -> BTreeMap<String, Value> {
    let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
    let cut = Cut {
        after: 0,
        entries: PAGE_ENTRIES_MAX,
    };
    let all = Filter::everything();
    let page = intel::ops::objects(&x.ground, &viewer, (ROOT, name), &all, cut).await;
    let content = page.unwrap().content;
    let list: Vec<Value> = serde_json::from_str(&format!("[{content}]")).unwrap();
    let name = |object: &Value| object["name"].as_str().unwrap_or_default().to_owned();
    list.into_iter()
        .map(|object| (name(&object), object))
        .collect()
}

/// Waits until a collection holds objects of these names and no others.
pub(crate) async fn holds(fleet: &Fleet, at: &str, id: CollectionRef, names: &[&str]) {
    let wanted: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let name = id.uuid().to_string();
    let what = format!("{names:?} at {at}");
    fleet
        .until(at, &what, async || {
            let held = objects(fleet, at, &name).await;
            let held: BTreeSet<String> = held.into_keys().collect();
            (held == wanted).then_some(())
        })
        .await;
}

/// Compares, until both hold the same.
pub(crate) async fn agrees(fleet: &Fleet, at: &str, with: &str) {
    fleet
        .until(at, "agreement", async || {
            let (x, viewer) = (sharing(fleet, at), fleet.viewer(at));
            ops::compare(&x, &viewer, &party(with)).await.ok()?;
            let all = outgoing(fleet, at, with).await;
            let active = |one: &&OutgoingView| one.share.state == OutState::Active;
            let agrees = |one: &OutgoingView| one.verdict == Verdict::Agrees;
            all.iter().filter(active).all(agrees).then_some(())
        })
        .await;
}

/// A circle that XA keeps, with these members besides.
pub(crate) async fn circle(fleet: &Fleet, members: &[&str]) -> CircleId {
    let new = NewCircle {
        name: "Harbours".parse().unwrap(),
        purpose: "Ports".parse().unwrap(),
    };
    let made = create_circle(&fleet.exchange("XA"), &fleet.viewer("XA"), new).await;
    let id = made.unwrap().circle.version().id;
    for code in members {
        change(fleet, id, Change::Invite(party(code))).await;
        fleet
            .until(code, "the invitation", async || {
                let wish = NewWish {
                    circle: id,
                    steward: None,
                    wish: Wish::Join,
                };
                ask_steward(&fleet.exchange(code), &fleet.viewer(code), wish)
                    .await
                    .ok()
            })
            .await;
        for at in ["XA", code] {
            member(fleet, id, at, (code, true)).await;
        }
    }
    id
}

/// Waits until a node knows that a party is a member, or is not.
pub(crate) async fn member(fleet: &Fleet, id: CircleId, at: &str, (code, is): (&str, bool)) {
    fleet
        .until(at, "the membership", async || {
            let ground = fleet.node(at).ground();
            let mut tx = ground.db.begin_read().await.unwrap();
            let code = party(code);
            let joined = directory::ops::is_member_in(&mut tx, id, Mode::Exercise, &code);
            (joined.await.unwrap() == is).then_some(())
        })
        .await;
}

/// Changes the circle, whatever version it is at.
pub(crate) async fn change(fleet: &Fleet, id: CircleId, change: Change) {
    let mut tx = fleet.node("XA").ground().db.begin_read().await.unwrap();
    let held = circle_in(&mut tx, id, Mode::Exercise).await.unwrap();
    drop(tx);
    let version = held.unwrap().version().version;
    let (x, viewer) = (fleet.exchange("XA"), fleet.viewer("XA"));
    change_circle(&x, &viewer, (id, version), change)
        .await
        .unwrap();
}
