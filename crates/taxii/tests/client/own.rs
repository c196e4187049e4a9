//! From node to node.

use access::{
    model::Password,
    ops::{NewUser, create_user, set_node_party_in},
};
use db::{Db, Engine, scratch::Scratch};
use intel::model::{Direction, RunOutcome};
use kernel::{Language, Role};
use outward::{Credentials, Secret};
use serde_json::json;
use tokio::net::TcpListener;

use crate::house::{House, malware};

db::contract! {
    what_is_pulled_is_the_same_to_the_byte,
    what_is_pushed_is_the_same_to_the_byte,
    what_is_deleted_there_stays_here,
}

const PASSWORD: &str = "seven horses in the yard";

/// Objects as no printer would write them.
const ODD: [&str; 4] = [
    r#"{ "type":"malware" ,"spec_version":"2.1","is_family":false,
        "id":"malware--00000000-0000-4000-8000-00000000aaaa","name":"\u0061\t\/ü",
        "created":"2026-01-01T00:00:00Z","modified":"2026-01-01T00:00:00.123456Z","x_n":1.50e+01}"#,
    r#"{"type":"domain-name","id":"domain-name--00000000-0000-5000-8000-000000000001","value":"a.example"}"#,
    r#"{"type":"x-other","id":"x-other--00000000-0000-4000-8000-000000000002","spec_version":"2.1","deep":[[[{"z":null,"a":{}}]]]}"#,
    r#"{"id":"marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9","type":"marking-definition","spec_version":"2.1","created":"2017-01-20T00:00:00.000Z","definition_type":"tlp","name":"TLP:WHITE","definition":{"tlp":"white"}}"#,
];

/// A second node with its endpoints open, and who we are there.
async fn other() -> (House, String, Credentials, Scratch) {
    let scratch = Scratch::open(Engine::Sqlite).await;
    let house = House::open(scratch.db.clone(), 2).await;
    let node = kernel::Viewer::node("test", "XA".parse().unwrap(), kernel::Mode::Real);
    let new = NewUser {
        name: "amina".parse().unwrap(),
        display: "Amina".parse().unwrap(),
        roles: [Role::Analyst].into_iter().collect(),
        language: Language::En,
        password: Some(Password::new(PASSWORD.to_owned()).unwrap()),
    };
    let mut tx = house.ground.db.begin().await.unwrap();
    set_node_party_in(&mut tx, &node.party).await.unwrap();
    tx.commit().await.unwrap();
    create_user(&house.ground, &node, new).await.unwrap();
    let state = taxii::State::new(house.ground.clone());
    let (router, _) = taxii::router(state).split_for_parts();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    let credentials = Credentials::Basic {
        user: "amina".to_owned(),
        password: Secret::from(PASSWORD.to_owned()),
    };
    (house, address, credentials, scratch)
}

/// What cannot be told apart by anybody who looks.
fn many(count: u32) -> Vec<String> {
    (0..count)
        .map(|number| malware(number).to_string())
        .collect()
}

async fn what_is_pulled_is_the_same_to_the_byte(db: Db) {
    let (there, address, credentials, _scratch) = other().await;
    there.import(&ODD.join(",")).await;
    there.import(&many(2_500).join(",")).await;
    let mut newer = malware(7);
    newer["modified"] = json!("2026-01-02T00:00:00.000Z");
    there.import(&newer.to_string()).await;
    let here = House::open(db, 1).await;
    // A host alone is enough: its discovery is looked for, and one of its roots has the collection.
    let place = (address.as_str(), "feed");
    let remote = here.remote(Direction::Pull, place, credentials).await;
    here.run().await;
    let (run, notes) = here.last_run(&remote).await;
    assert_eq!(run.detail, None);
    assert_eq!(
        (run.outcome, run.tally.added, notes),
        (RunOutcome::Complete, 2_505, vec![])
    );
    assert_eq!(here.objects().await, there.objects().await);
    there.import(&malware(9_000).to_string()).await;
    here.run_again().await;
    let (run, _) = here.last_run(&remote).await;
    assert_eq!((run.tally.received, run.tally.added), (1, 1));
    assert_eq!(here.objects().await, there.objects().await);
}

async fn what_is_pushed_is_the_same_to_the_byte(db: Db) {
    let (there, address, credentials, _scratch) = other().await;
    let here = House::open(db, 1).await;
    here.import(&ODD.join(",")).await;
    here.import(&many(2_500).join(",")).await;
    let root = format!("{address}/taxii2/intel/");
    let remote = here.remote(Direction::Push, (&root, ""), credentials).await;
    here.run().await;
    let (run, _) = here.last_run(&remote).await;
    assert_eq!(run.detail, None);
    assert_eq!(
        (run.outcome, run.tally.sent, run.tally.refused),
        (RunOutcome::Complete, 2_504, 0)
    );
    assert_eq!(there.objects().await, here.objects().await);
    here.import(&malware(9_000).to_string()).await;
    here.run_again().await;
    let (run, _) = here.last_run(&remote).await;
    assert_eq!(run.tally.sent, 1);
    assert_eq!(there.objects().await, here.objects().await);
}

/// The protocol does not tell: this is what the documentation says of it.
async fn what_is_deleted_there_stays_here(db: Db) {
    let (there, address, credentials, _scratch) = other().await;
    there.import(&many(2).join(",")).await;
    let here = House::open(db, 1).await;
    here.remote(Direction::Pull, (&address, "feed"), credentials)
        .await;
    here.run().await;
    let id = malware(0)["id"].as_str().unwrap().to_owned();
    let filter = intel::model::Filter::everything();
    let place = crate::house::PLACE;
    intel::ops::delete(&there.ground, &there.viewer, place, &id, &filter)
        .await
        .unwrap();
    here.run_again().await;
    assert_eq!(
        (there.objects().await.len(), here.objects().await.len()),
        (1, 2)
    );
}
