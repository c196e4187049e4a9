//! Two nodes of ours, each of which is an instance to the other.

use std::{fs, path::PathBuf};

use access::ops::{NewKey, NewUser, create_key, create_user, set_node_party_in};
use db::{Db, Engine, scratch::Scratch};
use formats_misp::{Limits, read_hashes, read_manifest};
use intel::{
    events::model::{Expected, Origin},
    model::{Direction, RemoteKind},
};
use kernel::{Language, Mode, Role, Scope as KeyScope, Viewer, Who};
use outward::{Credentials, Secret};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::house::{House, event, uuid};

db::contract! {
    events_go_and_come_between_nodes,
    a_feed_of_one_is_read_by_another,
    published_events_go_through_two_nodes,
}

const SELECTION: fn() -> Value = || json!({});

/// A second node, which listens.
struct Other {
    house: House,
    address: String,
    key: String,
    _scratch: Scratch,
}

impl Other {
    async fn open() -> Self {
        let scratch = Scratch::open(Engine::Sqlite).await;
        let house = House::open(scratch.db.clone()).await;
        let mut tx = house.ground.db.begin().await.unwrap();
        let party = "XA".parse().unwrap();
        set_node_party_in(&mut tx, &party).await.unwrap();
        tx.commit().await.unwrap();
        let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Real);
        let new = NewUser {
            name: "peer".parse().unwrap(),
            display: "A peer".parse().unwrap(),
            roles: [Role::Analyst].into_iter().collect(),
            language: Language::En,
            password: None,
        };
        let (user, _) = create_user(&house.ground, &node, new).await.unwrap();
        let viewer = Viewer {
            who: Who::User {
                id: user.id,
                name: "peer".to_owned(),
            },
            ..house.analyst.clone()
        };
        let key = NewKey {
            label: "of a peer".parse().unwrap(),
            scopes: [KeyScope::IntelRead, KeyScope::IntelWrite]
                .into_iter()
                .collect(),
            mode: Mode::Real,
            days: 30,
        };
        let (_, secret) = create_key(&house.ground, &viewer, key).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/misp/", listener.local_addr().unwrap());
        let router = misp::router(misp::State::new(house.ground.clone()));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            house,
            address,
            key: secret.to_text().as_str().to_owned(),
            _scratch: scratch,
        }
    }
}

async fn events_go_and_come_between_nodes(db: Db) {
    let (house, other) = (House::open(db).await, Other::open().await);
    let ours = event(
        1,
        1,
        json!({"Tag": [{"name": "tlp:green"}, {"name": "type:osint"}]}),
    );
    house.published(&ours).await;
    let near = event(2, 2, json!({"distribution": "2"}));
    other.house.published(&near).await;
    let all = event(3, 3, json!({}));
    other.house.published(&all).await;
    let push = (RemoteKind::Misp, Direction::Push);
    let push = house
        .remote_at(&other.address, push, SELECTION(), other.credentials())
        .await;
    let run = house.runs_well(&push).await;
    assert_eq!((run.tally.sent, run.tally.refused), (1, 0));
    let there = other.house.event(&uuid(1)).await.unwrap();
    assert_eq!(there["info"], "event 1 at 1");
    assert_eq!(
        (&there["locked"], &there["published"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(there["Attribute"][0]["value"], "e1.example");
    let pull = (RemoteKind::Misp, Direction::Pull);
    let pull = house
        .remote_at(&other.address, pull, SELECTION(), other.credentials())
        .await;
    let run = house.runs_well(&pull).await;
    assert_eq!(
        (run.tally.added, run.tally.known, run.tally.refused),
        (2, 1, 0)
    );
    assert_eq!(
        house.event(&uuid(2)).await.unwrap()["distribution"],
        json!("1")
    );
    assert_eq!(
        house.event(&uuid(3)).await.unwrap()["distribution"],
        json!("3")
    );
    // What came does not go back, and a round without changes moves nothing.
    let run = house.runs_well(&push).await;
    assert_eq!(
        (run.tally.sent, run.tally.refused, run.tally.withdrawn),
        (0, 0, 0)
    );
    assert_eq!(house.runs_well(&pull).await.tally.received, 0);
    // A change of ours goes, and what is deleted here is taken back there.
    house
        .change(&event(
            1,
            9,
            json!({"info": "changed", "timestamp": "1999999999"}),
        ))
        .await;
    assert_eq!(house.runs_well(&push).await.tally.sent, 1);
    assert_eq!(
        other.house.event(&uuid(1)).await.unwrap()["info"],
        "changed"
    );
    house.delete(&uuid(1)).await;
    assert_eq!(house.runs_well(&push).await.tally.withdrawn, 1);
    assert_eq!(other.house.event(&uuid(1)).await, None);
}

async fn a_feed_of_one_is_read_by_another(db: Db) {
    let (house, other) = (House::open(db).await, Other::open().await);
    for number in 1..=3 {
        let published = number != 3;
        let one = event(number, number, json!({"published": published}));
        other.house.own(&one).await;
    }
    let address = format!("{}in/feeds/misp/feed", other.address);
    let how = (RemoteKind::MispFeed, Direction::Pull);
    let remote = house
        .remote_at(&address, how, SELECTION(), other.credentials())
        .await;
    let run = house.runs_well(&remote).await;
    assert_eq!((run.tally.added, run.tally.refused), (2, 0));
    assert_eq!(house.event(&uuid(3)).await, None);
    assert_eq!(
        house.event(&uuid(2)).await.unwrap()["Attribute"][0]["value"],
        "e2.example"
    );
    assert_eq!(house.runs_well(&remote).await.tally.received, 0);
    // The same as files of a feed.
    let manifest = other.get("in/feeds/misp/feed/manifest.json").await;
    let entries = read_manifest(&*manifest, &Limits::default()).unwrap();
    let uuids: Vec<_> = entries.iter().map(|entry| &*entry.uuid).collect();
    assert_eq!(uuids, [uuid(1), uuid(2)]);
    let hashes = other.get("in/feeds/misp/feed/hashes.csv").await;
    let mut lines = Vec::new();
    let read = read_hashes(&*hashes, &Limits::default(), |hash, uuid| {
        lines.push((hash, uuid.to_owned()));
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(read.unwrap(), 0);
    assert!(lines.contains(&(formats_misp::value_hash("e2.example"), uuid(2))));
}

async fn published_events_go_through_two_nodes(db: Db) {
    let (house, other) = (House::open(db).await, Other::open().await);
    let mut events = Vec::new();
    for path in files() {
        let text = fs::read(path).unwrap();
        let limits = formats_misp::full::EventLimits::default();
        formats_misp::full::read_events(&*text, &limits, |mut event| {
            event.published = Some(true);
            event.distribution = Some(formats_misp::full::Distribution::All);
            for one in &mut event.attributes {
                one.distribution = Some(formats_misp::full::Distribution::Inherited);
            }
            for object in &mut event.objects {
                object.distribution = Some(formats_misp::full::Distribution::Inherited);
                for one in &mut object.attributes {
                    one.distribution = Some(formats_misp::full::Distribution::Inherited);
                }
            }
            formats_misp::transfer::unbind(&mut event);
            event
                .tags
                .retain(|tag| !tag.name.as_deref().unwrap_or_default().starts_with("tlp:"));
            events.push(event);
            std::ops::ControlFlow::Continue(())
        })
        // One of the files is a list of names.
        .ok();
    }
    assert!(events.len() > 20, "{}", events.len());
    events.sort_by_key(|event| event.attributes.len());
    // The smaller ones: large ones make the test long and show nothing else.
    events.truncate(12);
    for event in &events {
        let how = (Origin::Sync, Expected::New);
        let mut event = event.clone();
        event.tags.push(formats_misp::full::Tag {
            name: Some("tlp:green".into()),
            ..Default::default()
        });
        other.house.put(Box::new(event), how).await;
    }
    let pull = (RemoteKind::Misp, Direction::Pull);
    let pull = house
        .remote_at(&other.address, pull, SELECTION(), other.credentials())
        .await;
    let run = house.runs_well(&pull).await;
    assert_eq!(usize::try_from(run.tally.added), Ok(events.len()));
    assert_eq!(run.tally.refused, 0);
    for event in &events {
        let uuid = event.uuid.as_deref().unwrap();
        let (here, there) = (house.event(uuid).await, other.house.event(uuid).await);
        let (here, there) = (here.unwrap(), there.unwrap());
        for member in [
            "info",
            "date",
            "timestamp",
            "Attribute",
            "threat_level_id",
            "analysis",
        ] {
            assert_eq!(here[member], there[member], "{member} of {uuid}");
        }
    }
}

impl Other {
    fn credentials(&self) -> Credentials {
        Credentials::Key(Secret::from(self.key.clone()))
    }

    async fn get(&self, path: &str) -> Vec<u8> {
        let at: outward::Address = format!("{}{path}", self.address).parse().unwrap();
        let client = outward::Client::new(vec!["127.0.0.0/8".parse().unwrap()]);
        let credentials = self.credentials();
        let session = client.session(&at, &credentials, None, outward::Limits::default());
        let answer = session
            .await
            .unwrap()
            .send(outward::Request::get(at))
            .await
            .unwrap();
        assert_eq!(answer.status, 200, "{path}");
        answer.bytes().await.unwrap()
    }
}

/// Events as their makers published them.
fn files() -> Vec<PathBuf> {
    let given = std::env::var("COMITY_TEST_DATA");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data = given.map_or_else(|_| root.join("../shared/data"), PathBuf::from);
    let mut folders = vec![data.join("misp-events")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|extension| extension == "json")
            {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
