//! Our TAXII client and servers of others.

use std::{process::Stdio, time::Duration};

use db::Db;
use intel::{
    model::{Direction, RemoteKind, RemoteSettings, Run},
    ops::{self, NewRemote},
};
use kernel::{PageRequest, Tlp, Viewer};
use outward::{Credentials, Secret};
use testkit::Fleet;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::interval,
};

use crate::{folder, node_with, python};

/// The address that a server says, as long as the process lives.
async fn server(script: &str, argument: &str) -> (Child, String) {
    let mut server = Command::new(python())
        .arg(folder().join(script))
        .arg(argument)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut said = BufReader::new(server.stdout.take().unwrap()).lines();
    loop {
        let line = said.next_line().await.unwrap();
        let line = line.expect("it says where it listens");
        if line.starts_with("http://") {
            return (server, line);
        }
    }
}

/// A collection of medallion's with so many objects.
async fn medallion(objects: &str) -> (Child, String) {
    server("medallion_server.py", objects).await
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

/// Removes the remotes, with what they know of their servers.
async fn forget((fleet, analyst): (&Fleet, &Viewer)) {
    let remotes = fleet.node("XA").remotes();
    for (remote, _) in ops::remotes(remotes, analyst).await.unwrap() {
        ops::remove_remote(remotes, analyst, remote.id)
            .await
            .unwrap();
    }
}

pub(crate) async fn our_client_pulls_from_and_pushes_to_medallion(db: Db) {
    let (fleet, analyst) = node_with(&db, "feed").await;
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
    forget(here).await;
    let back = exchange(here, Direction::Pull, &address).await;
    assert_eq!(
        (back.tally.known, back.tally.received),
        (250, 250),
        "{back:?}"
    );
}

pub(crate) async fn our_client_pushes_to_and_pulls_from_opentaxii(db: Db) {
    let (fleet, analyst) = node_with(&db, "feed").await;
    let here = (&fleet, &analyst);
    let (_full, address) = medallion("250").await;
    let pulled = exchange(here, Direction::Pull, &address).await;
    assert_eq!(pulled.tally.added, 250);
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:///{}", folder.path().join("db").display());
    let (_empty, address) = server("opentaxii_server.py", &database).await;
    let pushed = exchange(here, Direction::Push, &address).await;
    assert_eq!(pushed.detail, None);
    assert_eq!((pushed.tally.sent, pushed.tally.refused), (250, 0));
    forget(here).await;
    let back = exchange(here, Direction::Pull, &address).await;
    assert_eq!(back.detail, None);
    // It gives them back with other members than it was given, under the same version: none of them
    // takes the place of what is here, and each is named.
    assert_eq!(
        (back.tally.refused, back.tally.received, back.noted),
        (250, 250, 250),
        "{back:?}"
    );
}
