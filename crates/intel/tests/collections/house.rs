//! A node with a collection, people who use it, and objects.

use std::sync::Arc;

use audit::Ground;
use db::Db;
use intel::{
    model::{Collection, Cut, Fetched, Filter, Outcome, Reader, Refusals, Root, Settings},
    ops,
};
use kernel::{ManualClock, Mode, Role, SeededRng, Timestamp, Tlp, UserId, Viewer, Who};
use serde_json::{Value, json};
use uuid::Uuid;

/// 2026-11-21T00:00:00Z.
pub(crate) const START: Timestamp = Timestamp::from_micros(1_795_219_200_000_000);
/// The alias of the collection.
pub(crate) const NAME: &str = "feed";
/// The root that it stands under.
pub(crate) const ROOT: &str = "feeds";
/// Where it stands.
pub(crate) const PLACE: (&str, &str) = (ROOT, NAME);

/// A node on a scratch database.
pub(crate) struct House {
    pub(crate) ground: Ground,
    pub(crate) analyst: Viewer,
    pub(crate) collection: Collection,
}

/// A user with that number and role.
pub(crate) fn user(number: u128, role: Role) -> Viewer {
    Viewer {
        who: Who::User {
            id: UserId::from_uuid(Uuid::from_u128(number)),
            name: format!("user{number}"),
        },
        roles: [role].into_iter().collect(),
        party: "XA".parse().unwrap(),
        circles: Vec::new(),
        mode: Mode::Real,
    }
}

/// How a collection is that takes all labels.
pub(crate) fn settings(alias: &str) -> Settings {
    Settings {
        alias: Some(alias.parse().unwrap()),
        title: "A feed".parse().unwrap(),
        description: "".parse().unwrap(),
        ceiling: Tlp::Red,
        unmarked: Tlp::AmberStrict,
    }
}

impl House {
    /// A node with an empty collection.
    pub(crate) async fn open(db: Db) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let ground = Ground::open(db, clock, Arc::new(SeededRng::new(7)));
        let ground = ground.await.unwrap();
        let analyst = user(1, Role::Analyst);
        let root = Root {
            name: ROOT.parse().unwrap(),
            mode: Mode::Real,
            title: "Intelligence".parse().unwrap(),
            description: "".parse().unwrap(),
        };
        let root = ops::add_root(&ground, &analyst, root).await.unwrap();
        let made = ops::create(&ground, &analyst, &root.name, settings(NAME)).await;
        Self {
            ground,
            analyst,
            collection: made.unwrap(),
        }
    }

    /// Hands in objects, which are looked at before the answer.
    pub(crate) async fn import(&self, objects: &[Value]) -> Refusals {
        let envelope = json!({ "objects": objects }).to_string();
        let viewer = &self.analyst;
        let done = ops::import(&self.ground, viewer, PLACE, envelope.into_bytes()).await;
        done.unwrap()
    }

    /// Names a reader.
    pub(crate) async fn name(&self, reader: Reader, may_write: bool) {
        let seen = ops::collection(&self.ground, &self.analyst, ROOT, NAME).await;
        let version = seen.unwrap().collection.version;
        let readers = vec![(reader, may_write)];
        let set = ops::set_readers(&self.ground, &self.analyst, PLACE, version, readers);
        set.await.unwrap();
    }

    /// A page for that viewer.
    pub(crate) async fn page(
        &self,
        viewer: &Viewer,
        filter: &Filter,
        (after, entries): (i64, u32),
    ) -> Fetched<Vec<Value>> {
        let cut = Cut { after, entries };
        let page = ops::objects(&self.ground, viewer, PLACE, filter, cut).await;
        let page = page.unwrap();
        Fetched {
            content: serde_json::from_str(&format!("[{}]", page.content)).unwrap(),
            places: page.places,
            more: page.more,
        }
    }

    /// The names of all objects that a viewer sees, on pages of three.
    pub(crate) async fn names(&self, viewer: &Viewer, filter: &Filter) -> Vec<String> {
        let (mut names, mut after) = (Vec::new(), 0);
        loop {
            let page = self.page(viewer, filter, (after, 3)).await;
            names.extend(page.content.iter().map(name_of));
            match page.places {
                Some((_, last)) if page.more => after = last,
                _ => return names,
            }
        }
    }
}

/// What a test knows an object by.
pub(crate) fn name_of(object: &Value) -> String {
    object["name"].as_str().unwrap_or("-").to_owned()
}

/// The counts of an outcome: added, known, refused.
pub(crate) fn counts(done: &Refusals) -> (i64, i64, i64) {
    let import = &done.import;
    (import.added, import.known, import.refused)
}

/// The counts of what was added at once.
pub(crate) fn outcome(done: &Outcome) -> (i64, i64, usize) {
    (done.added, done.known, done.refusals.len())
}

/// The id of the malware with that number.
pub(crate) fn id(number: u32) -> String {
    format!("malware--00000000-0000-4000-8000-{number:012}")
}

/// An object with that number, whose version is so many seconds into 2026, marked so.
pub(crate) fn malware(number: u32, second: u32, tlp: Option<Tlp>) -> Value {
    let mut object = json!({
        "type": "malware",
        "spec_version": "2.1",
        "id": id(number),
        "created": "2026-01-01T00:00:00.000Z",
        "modified": format!("2026-01-01T00:00:{second:02}.000Z"),
        "name": format!("m{number}v{second}"),
        "is_family": false,
    });
    if let Some(tlp) = tlp {
        object["object_marking_refs"] = json!([marking(tlp)]);
    }
    object
}

/// The id of the definition of a label.
pub(crate) fn marking(tlp: Tlp) -> &'static str {
    let all = stix::marking::Tlp::ALL;
    let place = usize::try_from(tlp.code()).unwrap();
    all[place].marking_id()
}
