//! Programs that others have written, against a node on loopback.
//!
//! `cargo xtask test` installs them, and says in `COMITY_TEST_PYTHON` where their Python is.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test, and the interpreter comes from the environment"
)]

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use access::{
    model::Password,
    ops::{self as people, NewUser},
};
use db::Db;
use intel::{
    model::{Direction, RemoteKind, RemoteSettings, Run, Settings},
    ops::{self, NewRemote},
};
use kernel::{Language, Mode, PageRequest, Role, Tlp, UserId, Viewer, Who};
use outward::{Credentials, Secret};
use testkit::Fleet;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::interval,
};

db::contract! {
    scripts_that_know_taxii_find_everything,
    our_client_pulls_from_and_pushes_to_medallion,
}

const PASSWORD: &str = "seven horses in the yard";

fn python() -> OsString {
    env::var_os("COMITY_TEST_PYTHON")
        .expect("COMITY_TEST_PYTHON names a Python with the clients: run `cargo xtask test`")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// A script beside this file, run to its end.
async fn run(script: &str, arguments: &[&str]) {
    let done = Command::new(python())
        .arg(folder().join(script))
        .args(arguments)
        .output()
        .await
        .unwrap();
    let (said, failed) = (
        String::from_utf8_lossy(&done.stdout),
        String::from_utf8_lossy(&done.stderr),
    );
    assert!(done.status.success(), "{script}: {said}{failed}");
}

async fn scripts_that_know_taxii_find_everything(db: Db) {
    let (fleet, _) = node_with_a_feed(&db).await;
    let address = format!("{}/taxii2/", fleet.member("XA").web_url().unwrap());
    run("taxii.py", &[&address, "script", PASSWORD]).await;
}

/// The address of a collection of medallion's, as long as the process lives.
async fn medallion(objects: &str) -> (Child, String) {
    let mut server = Command::new(python())
        .arg(folder().join("medallion_server.py"))
        .arg(objects)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(server.stdout.take().unwrap()).lines();
    let address = said.next_line().await.unwrap();
    (server, address.expect("it says where it listens"))
}

/// How a run of a new remote ended.
async fn exchange((fleet, analyst): (&Fleet, &Viewer), direction: Direction, address: &str) -> Run {
    let remotes = fleet.node("XA").remotes();
    let new = NewRemote {
        kind: RemoteKind::Taxii,
        direction,
        here: ("exercise".to_owned(), "feed".to_owned()),
        settings: RemoteSettings {
            name: direction.as_str().parse().unwrap(),
            address: address.parse().unwrap(),
            selection: serde_json::Map::new(),
            label: Tlp::Green,
            every: Duration::from_hours(1),
            enabled: true,
            authority: None,
        },
        credentials: Credentials::Basic {
            user: "comity".to_owned(),
            password: Secret::from("open sesame".to_owned()),
        },
    };
    let remote = ops::add_remote(remotes, analyst, new).await.unwrap();
    let mut again = interval(Duration::from_millis(50));
    loop {
        again.tick().await;
        let runs = ops::runs(remotes, analyst, remote.id, PageRequest::default());
        let newest = runs.await.unwrap().items.into_iter().next();
        if let Some(run) = newest.filter(|run| run.ended_at.is_some()) {
            return run;
        }
    }
}

async fn our_client_pulls_from_and_pushes_to_medallion(db: Db) {
    let (fleet, analyst) = node_with_a_feed(&db).await;
    let here = (&fleet, &analyst);
    let (_full, address) = medallion("250").await;
    let pulled = exchange(here, Direction::Pull, &address).await;
    assert_eq!(pulled.detail, None);
    assert_eq!(
        (pulled.tally.added, pulled.tally.refused, pulled.noted),
        (250, 0, 0)
    );
    let (_empty, address) = medallion("0").await;
    let pushed = exchange(here, Direction::Push, &address).await;
    assert_eq!(pushed.detail, None);
    assert_eq!((pushed.tally.sent, pushed.tally.refused), (250, 0));
    // What went there comes back as it is here: it is known to the last.
    let remotes = fleet.node("XA").remotes();
    for (remote, _) in ops::remotes(remotes, &analyst).await.unwrap() {
        ops::remove_remote(remotes, &analyst, remote.id)
            .await
            .unwrap();
    }
    let back = exchange(here, Direction::Pull, &address).await;
    assert_eq!(
        (back.tally.known, back.tally.received),
        (250, 250),
        "{back:?}"
    );
}

/// A node with an empty collection, and who uses it.
async fn node_with_a_feed(db: &Db) -> (Fleet, Viewer) {
    let fleet = Fleet::start(db.engine(), &["XA"], false).await;
    let ground = fleet.node("XA").ground();
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Exercise);
    let new = NewUser {
        name: "script".parse().unwrap(),
        display: "A script".parse().unwrap(),
        roles: [Role::Analyst].into_iter().collect(),
        language: Language::En,
        password: Some(Password::new(PASSWORD.to_owned()).unwrap()),
    };
    let (user, _) = people::create_user(ground, &node, new).await.unwrap();
    let analyst = Viewer {
        who: Who::User {
            id: UserId::from_uuid(user.id.uuid()),
            name: "script".to_owned(),
        },
        roles: user.roles,
        ..node
    };
    let settings = Settings {
        alias: Some("feed".parse().unwrap()),
        title: "A feed".parse().unwrap(),
        description: "".parse().unwrap(),
        ceiling: Tlp::Red,
        unmarked: Tlp::Green,
    };
    let root = "exercise".parse().unwrap();
    ops::create(ground, &analyst, &root, settings)
        .await
        .unwrap();
    (fleet, analyst)
}
