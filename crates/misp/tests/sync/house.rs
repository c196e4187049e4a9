//! A node with a collection that exchanges with a stub.

use std::{sync::Arc, time::Duration};

use audit::Ground;
use db::Db;
use formats_misp::full::Event;
use intel::{
    events::{
        model::{Expected, Kept, Origin, Scope, Which},
        ops as events,
    },
    jobs::remote_jobs,
    model::{Direction, Note, Remote, RemoteKind, RemoteSettings, Root, Run, RunOutcome, Settings},
    ops::{self, NewRemote},
    remotes::Remotes,
};
use kernel::{
    ManualClock, Mode, PageRequest, Role, SeededRng, SharedClock, Timestamp, Tlp, UserId, Viewer,
    Who,
};
use outward::{Client, Credentials};
use queue::Runner;
use seal::data::DataKey;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::stub::Stub;

const START: Timestamp = Timestamp::from_micros(1_795_219_200_000_000);
const PLACE: (&str, &str) = ("feeds", "misp");

pub(crate) struct House {
    pub(crate) ground: Ground,
    pub(crate) analyst: Viewer,
    pub(crate) remotes: Remotes,
    clock: Arc<ManualClock>,
    runner: Runner,
}

impl House {
    pub(crate) async fn open(db: Db) -> Self {
        let clock = Arc::new(ManualClock::new(START));
        let shared: SharedClock = clock.clone();
        let ground = Ground::open(db, shared, Arc::new(SeededRng::new(7)));
        let ground = ground.await.unwrap();
        let analyst = Viewer {
            who: Who::User {
                id: UserId::from_uuid(Uuid::from_u128(1)),
                name: "user1".to_owned(),
            },
            roles: [Role::Analyst].into_iter().collect(),
            party: "XA".parse().unwrap(),
            circles: Vec::new(),
            mode: Mode::Real,
        };
        let root = Root {
            name: PLACE.0.parse().unwrap(),
            mode: Mode::Real,
            title: "Intelligence".parse().unwrap(),
            description: "".parse().unwrap(),
        };
        let root = ops::add_root(&ground, &analyst, root).await.unwrap();
        let settings = Settings {
            alias: Some(PLACE.1.parse().unwrap()),
            title: "Events".parse().unwrap(),
            description: "".parse().unwrap(),
            ceiling: Tlp::AmberStrict,
            unmarked: Tlp::Amber,
        };
        ops::create(&ground, &analyst, &root.name, settings)
            .await
            .unwrap();
        let key = DataKey::from_bytes(zeroize::Zeroizing::new([7; 32]));
        let node = (ground.clone(), "XA".parse().unwrap(), key);
        let client = Client::new(vec!["127.0.0.0/8".parse().unwrap()]);
        let remotes = Remotes::new(node, client, misp::sync::handlers());
        let runner = Runner::new(ground.db.clone(), ground.clock.clone(), ground.rng.clone());
        let runner = remote_jobs(runner, &remotes);
        Self {
            ground,
            analyst,
            remotes,
            clock,
            runner,
        }
    }

    pub(crate) async fn remote(
        &self,
        stub: &Stub,
        how: (RemoteKind, Direction),
        selection: Value,
    ) -> Remote {
        let address = format!("http://{}", stub.start().await);
        self.remote_at(&address, how, selection, Credentials::None)
            .await
    }

    pub(crate) async fn remote_at(
        &self,
        address: &str,
        (kind, direction): (RemoteKind, Direction),
        selection: Value,
        credentials: Credentials,
    ) -> Remote {
        let Value::Object(selection) = selection else {
            panic!("a selection is an object");
        };
        let settings = RemoteSettings {
            name: format!("{kind} {direction}").parse().unwrap(),
            address: address.parse().unwrap(),
            selection,
            label: Tlp::Green,
            every: Duration::from_hours(1),
            enabled: true,
            authority: None,
        };
        let new = NewRemote {
            kind,
            direction,
            here: (PLACE.0.to_owned(), PLACE.1.to_owned()),
            settings,
            credentials,
        };
        ops::add_remote(&self.remotes, &self.analyst, new)
            .await
            .unwrap()
    }

    pub(crate) async fn pulls(&self, stub: &Stub) -> Remote {
        let how = (RemoteKind::Misp, Direction::Pull);
        self.remote(stub, how, Value::Object(Map::new())).await
    }

    pub(crate) async fn pushes(&self, stub: &Stub) -> Remote {
        let how = (RemoteKind::Misp, Direction::Push);
        self.remote(stub, how, Value::Object(Map::new())).await
    }

    /// Runs what is due after an hour, and gives the newest run with its notes.
    pub(crate) async fn run(&self, remote: &Remote) -> (Run, Vec<Note>) {
        self.clock.advance(Duration::from_hours(1));
        self.runner.run_due().await.unwrap();
        let page = PageRequest::default();
        let runs = ops::runs(&self.remotes, &self.analyst, remote.id, page).await;
        let newest = runs.unwrap().items.remove(0);
        let run = ops::run(&self.remotes, &self.analyst, remote.id, newest.id).await;
        run.unwrap()
    }

    /// A run that must be whole.
    pub(crate) async fn runs_well(&self, remote: &Remote) -> Run {
        let (run, notes) = self.run(remote).await;
        assert_eq!(run.outcome, RunOutcome::Complete, "{run:?} {notes:?}");
        run
    }

    pub(crate) async fn own(&self, event: &Value) -> Kept {
        let event = serde_json::from_value(event.clone()).unwrap();
        self.put(event, (Origin::Own, Expected::New)).await
    }

    pub(crate) async fn put(&self, event: Box<Event>, how: (Origin, Expected)) -> Kept {
        let put = events::put(&self.ground, &self.analyst, PLACE, event, how);
        put.await.unwrap()
    }

    /// Changes an own event, and publishes it.
    pub(crate) async fn change(&self, event: &Value) {
        let new: Box<Event> = serde_json::from_value(event.clone()).unwrap();
        let kept = self.put(new, (Origin::Own, Expected::Known)).await;
        let published = events::publish(&self.ground, &self.analyst, kept.id, true);
        published.await.unwrap();
    }

    /// Makes an event, and publishes it.
    pub(crate) async fn published(&self, event: &Value) {
        let kept = self.own(event).await;
        let published = events::publish(&self.ground, &self.analyst, kept.id, true);
        published.await.unwrap();
    }

    /// Deletes an event for good.
    pub(crate) async fn delete(&self, uuid: &str) {
        let which = Which::parse(uuid).unwrap();
        let scope = Scope::default();
        let seen = events::event(&self.ground, &self.analyst, &scope, which).await;
        let id = seen.unwrap().event.id;
        events::delete(&self.ground, &self.analyst, id)
            .await
            .unwrap();
    }

    /// What is stored of an event, with its own attributes; nothing where there is none.
    pub(crate) async fn event(&self, uuid: &str) -> Option<Value> {
        let which = Which::parse(uuid).unwrap();
        let scope = Scope::default();
        let seen = events::event(&self.ground, &self.analyst, &scope, which).await;
        let seen = seen.ok()?;
        let mut event = serde_json::to_value(events::head(&seen).unwrap()).unwrap();
        let asking = events::Asking::default();
        let from = events::Further::default();
        let parts = events::parts(&self.ground, &self.analyst, seen.event.id, asking, from);
        let parts = parts.await.unwrap();
        let body = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        event["Attribute"] = parts.attributes.iter().map(|one| body(&one.body)).collect();
        event["label"] = json!(seen.event.tlp);
        Some(event)
    }
}

/// The UUID with that number.
pub(crate) fn uuid(number: u32) -> String {
    format!("10000000-0000-4000-8000-{number:012}")
}

/// An event of another organisation, with that number, changed at that second.
pub(crate) fn event(number: u32, second: u32, more: Value) -> Value {
    let mut event = json!({
        "uuid": uuid(number),
        "info": format!("event {number} at {second}"),
        "date": "2026-11-20",
        "timestamp": (1_700_000_000 + second).to_string(),
        "published": true,
        "analysis": "0",
        "threat_level_id": "1",
        "distribution": "3",
        "Orgc": {"uuid": uuid(900), "name": "An organisation"},
        "Tag": [{"name": "tlp:green"}],
        "Attribute": [{
            "uuid": uuid(number * 10 + 1), "type": "domain", "category": "Network activity",
            "value": format!("e{number}.example"), "to_ids": true, "distribution": "5",
            "timestamp": (1_700_000_000 + second).to_string(),
        }],
    });
    let Value::Object(more) = more else {
        panic!("more members")
    };
    event.as_object_mut().unwrap().extend(more);
    event
}

/// What each note is about, and its code.
pub(crate) fn codes(notes: &[Note]) -> Vec<(&str, &str)> {
    notes
        .iter()
        .map(|note| (&*note.subject, &*note.code))
        .collect()
}
