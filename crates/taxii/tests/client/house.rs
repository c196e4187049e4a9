//! A node with a collection, which asks a server.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use audit::Ground;
use db::Db;
use intel::{
    jobs::{jobs, remote_jobs},
    model::{
        Cut, Direction, Filter, Note, Remote, RemoteKind, RemoteSettings, Run, Settings, TestStep,
    },
    ops::{self, NewRemote},
    remotes::Remotes,
};
use kernel::{
    ManualClock, Mode, PageRequest, RemoteId, Role, SeededRng, Timestamp, Tlp, UserId, Viewer, Who,
};
use outward::{Client, Credentials};
use queue::Runner;
use seal::data::DataKey;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::stub::Stub;

/// 2026-11-21T00:00:00Z.
const START: Timestamp = Timestamp::from_micros(1_795_219_200_000_000);
/// The root and alias of the collection.
pub(crate) const PLACE: (&str, &str) = ("intel", "feed");

pub(crate) struct House {
    pub(crate) ground: Ground,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) viewer: Viewer,
    pub(crate) remotes: Remotes,
    runner: Mutex<Runner>,
}

fn analyst() -> Viewer {
    Viewer {
        who: Who::User {
            id: UserId::from_uuid(Uuid::from_u128(1)),
            name: "somebody".to_owned(),
        },
        roles: [Role::Analyst].into_iter().collect(),
        party: "XA".parse().unwrap(),
        circles: Vec::new(),
        mode: Mode::Real,
    }
}

fn started(ground: &Ground, remotes: &Remotes) -> Runner {
    let runner = Runner::new(ground.db.clone(), ground.clock.clone(), ground.rng.clone());
    jobs(remote_jobs(runner, remotes), ground)
}

impl House {
    pub(crate) async fn open(db: Db, seed: u64) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let ground = Ground::open(db, clock.clone(), Arc::new(SeededRng::new(seed)));
        let ground = ground.await.unwrap();
        let viewer = analyst();
        let settings = Settings {
            alias: Some(PLACE.1.parse().unwrap()),
            title: "A feed".parse().unwrap(),
            description: "".parse().unwrap(),
            ceiling: Tlp::Red,
            unmarked: Tlp::Green,
        };
        let root = PLACE.0.parse().unwrap();
        ops::create(&ground, &viewer, &root, settings)
            .await
            .unwrap();
        let key = DataKey::from_bytes(zeroize::Zeroizing::new([7; 32]));
        let remotes = Remotes::new(
            (ground.clone(), viewer.party.clone(), key),
            Client::new(vec!["127.0.0.0/8".parse().unwrap()]),
            [(RemoteKind::Taxii, taxii::client::handler())],
        );
        Self {
            runner: Mutex::new(started(&ground, &remotes)),
            ground,
            clock,
            viewer,
            remotes,
        }
    }

    pub(crate) async fn remote(
        &self,
        direction: Direction,
        (address, collection): (&str, &str),
        credentials: Credentials,
    ) -> Remote {
        let mut selection = Map::new();
        if !collection.is_empty() {
            selection.insert("collection".to_owned(), json!(collection));
        }
        let new = NewRemote {
            kind: RemoteKind::Taxii,
            direction,
            here: (PLACE.0.to_owned(), PLACE.1.to_owned()),
            settings: RemoteSettings {
                name: "There".parse().unwrap(),
                address: address.parse().unwrap(),
                selection,
                label: Tlp::Green,
                every: Duration::from_hours(1),
                enabled: true,
                authority: None,
            },
            credentials,
        };
        ops::add_remote(&self.remotes, &self.viewer, new)
            .await
            .unwrap()
    }

    /// Runs all that is due.
    pub(crate) async fn run(&self) {
        let runner = self.runner.lock().unwrap().clone();
        while runner.run_due().await.unwrap() > 0 {}
    }

    /// Runs what is due in an hour.
    pub(crate) async fn run_again(&self) {
        self.clock.advance(Duration::from_hours(1));
        self.run().await;
    }

    /// Runs until the server has been asked for objects so often, and is killed then.
    pub(crate) async fn run_until(&self, stub: &Stub, requests: usize) {
        tokio::select! {
            // Where the machine is slow, the silence of the server ends it first.
            () = self.run() => {}
            () = async {
                while stub.asked().len() < requests {
                    tokio::task::yield_now().await;
                }
            } => {}
        }
        // Its claim runs out, and who is started then is another.
        *self.runner.lock().unwrap() = started(&self.ground, &self.remotes);
        self.clock.advance(Duration::from_mins(10));
    }

    /// The newest run, with its notes.
    pub(crate) async fn last_run(&self, remote: &Remote) -> (Run, Vec<Note>) {
        let page = PageRequest::default();
        let runs = ops::runs(&self.remotes, &self.viewer, remote.id, page).await;
        let newest = runs.unwrap().items.remove(0);
        let run = ops::run(&self.remotes, &self.viewer, remote.id, newest.id).await;
        run.unwrap()
    }

    /// The only remote.
    pub(crate) async fn only(&self) -> RemoteId {
        let all = ops::remotes(&self.remotes, &self.viewer).await.unwrap();
        assert_eq!(all.len(), 1);
        all[0].0.id
    }

    pub(crate) async fn test(&self, remote: &Remote) -> Vec<TestStep> {
        let steps = ops::test_remote(&self.remotes, &self.viewer, remote.id).await;
        steps.unwrap()
    }

    /// Hands in objects as they stand there.
    pub(crate) async fn import(&self, objects: &str) {
        let envelope = format!(r#"{{"objects":[{objects}]}}"#);
        let done = ops::import(&self.ground, &self.viewer, PLACE, envelope.into_bytes()).await;
        done.unwrap();
        self.run().await;
    }

    /// All objects, each as it was given, in their order.
    pub(crate) async fn objects(&self) -> Vec<String> {
        let (mut all, mut after) = (Vec::new(), 0);
        loop {
            let cut = Cut {
                after,
                entries: 10_000,
            };
            let filter = Filter::everything();
            let page = ops::objects(&self.ground, &self.viewer, PLACE, &filter, cut).await;
            let page = page.unwrap();
            let list = format!("[{}]", page.content);
            let raw: Vec<&serde_json::value::RawValue> = serde_json::from_str(&list).unwrap();
            all.extend(raw.iter().map(|object| object.get().to_owned()));
            match page.places {
                Some((_, place)) if page.more => after = place,
                _ => return all,
            }
        }
    }
}

/// An object with that number.
pub(crate) fn malware(number: u32) -> Value {
    json!({
        "type": "malware", "spec_version": "2.1", "is_family": false, "name": format!("m{number}"),
        "id": format!("malware--00000000-0000-4000-8000-{number:012}"),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
    })
}

/// The steps of a test with what came of each.
pub(crate) fn came(steps: &[TestStep]) -> Vec<(&'static str, Option<bool>)> {
    steps.iter().map(|step| (step.step, step.worked)).collect()
}

/// Objects from number zero on.
pub(crate) fn many(count: u32) -> Vec<Value> {
    (0..count).map(malware).collect()
}

/// The texts of objects.
pub(crate) fn texts(objects: &[Value]) -> Vec<String> {
    objects.iter().map(ToString::to_string).collect()
}
