//! Whatever is marked, shared, joined, left, deleted and passed on: each node holds what a model of
//! the rule says, and never sees what the model never allowed it.

use std::collections::{BTreeMap, BTreeSet};

use db::Db;
use directory::state::Change;
use intel::model::{Cut, Filter, PAGE_ENTRIES_MAX, Reader};
use kernel::{CircleId, CollectionRef, Mode, Rng, Role, SeededRng, Tlp, Viewer, Who, random_array};
use share::{model::InState, ops};
use testkit::Fleet;

use crate::house::{
    ROOT, add, change, circle, collect, delete, fleet, incoming, malware, member, onward, party,
    set, sharing,
};

db::contract! {
    nothing_goes_to_whom_the_rule_excludes,
}

/// So many things are done.
const ROUNDS: u32 = 14;

/// The rule, written down once more in the plainest way.
#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact that a rule asks for by itself"
)]
struct Model {
    objects: BTreeMap<u32, Tlp>,
    named: bool,
    by_circle: bool,
    members: BTreeSet<&'static str>,
    onward: bool,
    /// XB names XC as a reader of what it got.
    passed: bool,
    /// What each party was ever allowed to see.
    ever: BTreeMap<&'static str, BTreeSet<u32>>,
}

impl Model {
    fn gets(&self, code: &str) -> bool {
        let named = self.named && code == "XB";
        named || (self.by_circle && self.members.contains(code))
    }

    fn under(&self, strictest: Tlp) -> BTreeSet<u32> {
        let some = self.objects.iter().filter(|(_, tlp)| **tlp <= strictest);
        some.map(|(number, _)| *number).collect()
    }

    fn sent_by_a(&self, code: &str) -> BTreeSet<u32> {
        if self.gets(code) {
            self.under(Tlp::AmberStrict)
        } else {
            BTreeSet::new()
        }
    }

    fn sent_by_b(&self) -> BTreeSet<u32> {
        if self.gets("XB") && self.onward && self.passed {
            self.under(Tlp::Green)
        } else {
            BTreeSet::new()
        }
    }

    fn remember(&mut self) {
        let b = self.sent_by_a("XB");
        let c: Vec<u32> = self
            .sent_by_a("XC")
            .union(&self.sent_by_b())
            .copied()
            .collect();
        self.ever.entry("XB").or_default().extend(b);
        self.ever.entry("XC").or_default().extend(c);
    }
}

fn below(rng: &SeededRng, many: u32) -> u32 {
    u32::from_le_bytes(random_array(rng)) % many
}

fn number_of(name: &str) -> u32 {
    let digits = name.trim_start_matches('m').split('v').next();
    digits.unwrap().parse().unwrap()
}

/// What a viewer sees of a collection: by its pages, and by its counts.
async fn seen(fleet: &Fleet, at: &str, viewer: &Viewer, id: CollectionRef) -> BTreeSet<u32> {
    let x = sharing(fleet, at);
    let name = id.uuid().to_string();
    let cut = Cut {
        after: 0,
        entries: PAGE_ENTRIES_MAX,
    };
    let all = Filter::everything();
    let page = intel::ops::objects(&x.ground, viewer, (ROOT, &name), &all, cut).await;
    let Ok(page) = page else {
        return BTreeSet::new();
    };
    let list: Vec<serde_json::Value> =
        serde_json::from_str(&format!("[{}]", page.content)).unwrap();
    let manifest = intel::ops::manifest(&x.ground, viewer, (ROOT, &name), &all, cut).await;
    let counts = intel::ops::contents(&x.ground, viewer, ROOT, &name)
        .await
        .unwrap();
    let counted: i64 = counts.iter().map(|one| one.versions).sum();
    if usize::try_from(counted).unwrap() != list.len()
        || manifest.unwrap().content.len() != list.len()
    {
        // It changed between two looks.
        return BTreeSet::from([u32::MAX]);
    }
    list.iter()
        .map(|one| number_of(one["name"].as_str().unwrap()))
        .collect()
}

/// Everything of `from` that a node holds.
async fn held(fleet: &Fleet, at: &str, from: &str, viewer: &Viewer) -> BTreeSet<u32> {
    let mut all = BTreeSet::new();
    for one in incoming(fleet, at, from).await {
        if let Some((_, id)) = one.place {
            all.extend(seen(fleet, at, viewer, id).await);
        }
        if one.share.state == InState::Offered {
            let (x, people) = (sharing(fleet, at), fleet.viewer(at));
            // Another look may have accepted it.
            drop(ops::accept(&x, &people, one.share.id, Tlp::AmberStrict).await);
        }
    }
    all
}

/// Waits until all hold what the model says, and looks whether anything else is there.
async fn settle(fleet: &Fleet, model: &mut Model, what: &str) {
    model.remember();
    for (at, from, wanted) in [
        ("XB", "XA", model.sent_by_a("XB")),
        ("XC", "XA", model.sent_by_a("XC")),
        ("XC", "XB", model.sent_by_b()),
    ] {
        let viewer = fleet.viewer(at);
        fleet
            .until(
                at,
                &format!("{what}: {wanted:?} of {from} at {at}"),
                async || (held(fleet, at, from, &viewer).await == wanted).then_some(()),
            )
            .await;
    }
    for code in ["XB", "XC"] {
        let ever = model.ever.get(code).unwrap();
        let mut tx = fleet.node(code).ground().db.begin_read().await.unwrap();
        let bodies: Vec<(String,)> = db::query("SELECT body FROM stix_version")
            .fetch_all(&mut tx)
            .await
            .unwrap();
        for (body,) in bodies {
            let object: serde_json::Value = serde_json::from_str(&body).unwrap();
            let number = number_of(object["name"].as_str().unwrap());
            assert!(ever.contains(&number), "{what}: {number} at {code}");
        }
    }
    // What was given, whatever became of it since.
    let mut tx = fleet.node("XA").ground().db.begin_read().await.unwrap();
    let given: Vec<(String, String)> = db::query(
        "SELECT s.party, i.stix_id FROM share_item AS i JOIN share AS s ON s.id = i.share",
    )
    .fetch_all(&mut tx)
    .await
    .unwrap();
    for (code, id) in given {
        let number: u32 = id.rsplit('-').next().unwrap().parse().unwrap();
        assert!(
            model.ever[code.as_str()].contains(&number),
            "{what}: {number} to {code}"
        );
    }
}

async fn act(
    fleet: &Fleet,
    rng: &SeededRng,
    model: &mut Model,
    id: CircleId,
    round: u32,
) -> String {
    match below(rng, 8) {
        0..=2 => {
            let mut objects = Vec::new();
            for extra in 0..3 {
                let number = round * 10 + extra;
                let label = match below(rng, 6) {
                    5 => None,
                    code => Some(Tlp::from_code(i32::try_from(code).unwrap())),
                };
                model
                    .objects
                    .insert(number, label.unwrap_or(Tlp::AmberStrict));
                objects.push(malware(number, 1, label));
            }
            // Before they leave: a party may have them as soon as they are there.
            model.remember();
            add(fleet, "XA", "ports", &objects).await;
            "objects".to_owned()
        }
        3 => {
            let seen = model.under(Tlp::AmberStrict);
            let Some(number) = seen.into_iter().next() else {
                return "nothing to delete".to_owned();
            };
            model.objects.remove(&number);
            delete(fleet, "XA", "ports", number).await;
            format!("{number} deleted")
        }
        4 => {
            model.named = !model.named;
            set(
                fleet,
                "XA",
                "ports",
                Reader::Party(party("XB")),
                model.named,
            )
            .await;
            format!("named: {}", model.named)
        }
        5 => {
            model.by_circle = !model.by_circle;
            set(fleet, "XA", "ports", Reader::Circle(id), model.by_circle).await;
            format!("by circle: {}", model.by_circle)
        }
        6 => {
            let code = if below(rng, 2) == 0 { "XB" } else { "XC" };
            if model.members.remove(code) {
                change(fleet, id, Change::Remove(party(code))).await;
                member(fleet, id, "XA", (code, false)).await;
                return format!("{code} removed");
            }
            "nobody to remove".to_owned()
        }
        _ => {
            model.onward = !model.onward;
            onward(fleet, "XA", "ports", model.onward).await;
            format!("onward: {}", model.onward)
        }
    }
}

/// XB passes on what it got, if its steward lets it.
async fn pass_on(fleet: &Fleet, model: &mut Model) {
    if model.passed || !model.onward || !model.gets("XB") {
        return;
    }
    let all = incoming(fleet, "XB", "XA").await;
    let Some((_, id)) = all.first().and_then(|one| one.place.clone()) else {
        return;
    };
    let (x, viewer) = (sharing(fleet, "XB"), fleet.viewer("XB"));
    let name = id.uuid().to_string();
    let reader = (Reader::Party(party("XC")), true);
    let done = ops::set_shared(&x.ground, &viewer, (ROOT, &name), reader).await;
    // What its steward said may still be on its way.
    model.passed = done.is_ok();
}

async fn nothing_goes_to_whom_the_rule_excludes(db: Db) {
    const SEED: u64 = 20;
    let rng = SeededRng::new(SEED);
    let fleet = fleet(db.engine()).await;
    let id = circle(&fleet, &["XB", "XC"]).await;
    member(&fleet, id, "XB", ("XC", true)).await;
    collect(&fleet, "XA", "ports").await;
    let mut model = Model {
        by_circle: true,
        members: ["XB", "XC"].into(),
        ..Model::default()
    };
    set(&fleet, "XA", "ports", Reader::Circle(id), true).await;
    onward(&fleet, "XA", "ports", true).await;
    model.onward = true;
    for round in 0..ROUNDS {
        let done = act(&fleet, &rng, &mut model, id, round).await;
        let what = format!("seed {SEED}, round {round}: {done}");
        settle(&fleet, &mut model, &what).await;
        pass_on(&fleet, &mut model).await;
        settle(&fleet, &mut model, &what).await;
    }
    guests(&fleet, &rng).await;
    fleet.end().await;
}

/// A guest of XB, named as a reader, sees what clients may: never AMBER+STRICT.
async fn guests(fleet: &Fleet, rng: &dyn Rng) {
    let all = incoming(fleet, "XB", "XA").await;
    let Some((_, id)) = all.first().and_then(|one| one.place.clone()) else {
        return;
    };
    let user = kernel::UserId::from_uuid(kernel::uuid_v4(rng));
    let guest = Viewer {
        who: Who::User {
            id: user,
            name: "guest".to_owned(),
        },
        roles: [Role::Reporter].into_iter().collect(),
        party: party("XB"),
        circles: Vec::new(),
        mode: Mode::Exercise,
    };
    let (x, viewer) = (sharing(fleet, "XB"), fleet.viewer("XB"));
    let name = id.uuid().to_string();
    assert_eq!(seen(fleet, "XB", &guest, id).await, BTreeSet::new());
    let version = intel::ops::collection(&x.ground, &viewer, ROOT, &name)
        .await
        .unwrap();
    let version = version.collection.version;
    let mut readers = intel::ops::readers(&x.ground, &viewer, ROOT, &name)
        .await
        .unwrap();
    readers.retain(|(reader, _)| reader.is_here());
    readers.push((Reader::User(user), true));
    intel::ops::set_readers(&x.ground, &viewer, (ROOT, &name), version, readers)
        .await
        .unwrap();
    let counts = intel::ops::contents(&x.ground, &guest, ROOT, &name)
        .await
        .unwrap();
    assert!(counts.iter().all(|one| one.tlp <= Tlp::Amber), "{counts:?}");
    let shown = intel::ops::collection(&x.ground, &guest, ROOT, &name)
        .await
        .unwrap();
    assert!(!shown.can_write);
}
