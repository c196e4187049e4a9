//! Programs that others have written, against a node on loopback.
//!
//! `cargo xtask test` installs them, and says in `COMITY_TEST_PYTHON` where their Python is.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test, and the interpreter comes from the environment"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use access::{
    model::Password,
    ops::{self as people, NewKey, NewUser},
};
use audit::Ground;
use db::Db;
use intel::{
    export::Target,
    model::{Filter, Refusals, Settings},
    ops::{self, Export, Exporting},
};
use kernel::{Language, Mode, Role, Scope, Tlp, UserId, Viewer, Who};
use testkit::Fleet;
use tokio::process::Command;

db::contract! {
    scripts_that_know_taxii_find_everything,
    what_is_exported_is_valid_stix,
    scripts_that_know_misp_do_their_everyday_work,
}

const PASSWORD: &str = "seven horses in the yard";

/// A script beside this file, run to its end.
async fn run(script: &str, arguments: &[&str]) {
    let python = env::var_os("COMITY_TEST_PYTHON")
        .expect("COMITY_TEST_PYTHON names a Python with the clients: run `cargo xtask test`");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let done = Command::new(python)
        .arg(folder.join(script))
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
    let fleet = Fleet::start(db.engine(), &["XA"], false).await;
    let ground = fleet.node("XA").ground();
    analyst(ground, "feed").await;
    let address = format!("{}/taxii2/", fleet.member("XA").web_url().unwrap());
    run("taxii.py", &[&address, "script", PASSWORD]).await;
}

async fn scripts_that_know_misp_do_their_everyday_work(db: Db) {
    let fleet = Fleet::start(db.engine(), &["XA"], false).await;
    let ground = fleet.node("XA").ground();
    let analyst = analyst(ground, "misp").await;
    let key = async |label: &str, scopes: &[Scope]| {
        let new = NewKey {
            label: label.parse().unwrap(),
            scopes: scopes.iter().copied().collect(),
            mode: Mode::Exercise,
            days: 1,
        };
        let made = people::create_key(ground, &analyst, new).await;
        made.unwrap().1.to_text()
    };
    let writes = key("writes", &[Scope::IntelRead, Scope::IntelWrite]).await;
    let reads = key("reads", &[Scope::IntelRead]).await;
    let address = format!("{}/misp/", fleet.member("XA").web_url().unwrap());
    run("misp.py", &[&address, &writes, &reads]).await;
}

/// An analyst, and a collection with that alias.
async fn analyst(ground: &Ground, alias: &str) -> Viewer {
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
        alias: Some(alias.parse().unwrap()),
        title: "A feed".parse().unwrap(),
        description: "".parse().unwrap(),
        ceiling: Tlp::Red,
        unmarked: Tlp::AmberStrict,
    };
    let root = "exercise".parse().unwrap();
    ops::create(ground, &analyst, &root, settings)
        .await
        .unwrap();
    analyst
}

/// Where the shared test data is.
fn data() -> PathBuf {
    let given = env::var_os("COMITY_TEST_DATA").map(PathBuf::from);
    given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"))
}

/// The files of JSON below a folder.
fn files_below(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            files.push(path);
        }
    }
}

/// Takes a file in, as a person does.
async fn take(ground: &Ground, analyst: &Viewer, bytes: &[u8]) -> Refusals {
    let place = ("exercise", "feed");
    let upload = ops::open_upload(ground, analyst, place, "file")
        .await
        .unwrap();
    for (number, piece) in (0..).zip(bytes.chunks(ops::PART_BYTES_MAX)) {
        let kept = ops::put_part(ground, analyst, place.0, upload.id, (number, piece)).await;
        kept.unwrap();
    }
    ops::seal(ground, analyst, place.0, upload.id)
        .await
        .unwrap();
    ops::begin(ground, analyst, place.0, upload.id)
        .await
        .unwrap();
    ops::finish(ground, analyst, place.0, upload.id)
        .await
        .unwrap()
}

async fn what_is_exported_is_valid_stix(db: Db) {
    let fleet = Fleet::start(db.engine(), &["XA"], false).await;
    let ground = fleet.node("XA").ground();
    let analyst = analyst(ground, "feed").await;
    // What is not ours comes out as it came in: only valid objects are handed in.
    let mut events = Vec::new();
    files_below(&data().join("misp-events"), &mut events);
    events.sort();
    let mut taken = 0;
    for path in events.iter().take(20) {
        let bytes = fs::read(path).unwrap();
        if intel::convert::Form::of(&bytes).is_ok_and(|form| form.name() == "misp") {
            let done = take(ground, &analyst, &bytes).await;
            assert_eq!(done.import.failure, None, "{}", path.display());
            taken += done.import.added;
        }
    }
    assert!(taken > 100, "{taken}");
    let list = "evil.example\n198.51.100.0/24\nhttp://a.example/'x'\n2001:db8::1\n\
                d41d8cd98f00b204e9800998ecf8427e\nsomebody@b.example\nAS64500\n";
    let done = take(ground, &analyst, list.as_bytes()).await;
    assert_eq!((done.import.added, done.import.refused), (7, 0), "{done:?}");
    let old = br#"{"type":"bundle","id":"bundle--44af6c39-c09b-49c5-9de2-394224b04982",
        "spec_version":"2.0","objects":[{"type":"tool",
        "id":"tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f","created":"2016-04-06T20:03:48.000Z",
        "modified":"2016-04-06T20:03:48.000Z","labels":["remote-access"],"name":"VNC"}]}"#;
    take(ground, &analyst, old).await;

    let schemas = data().join("stix/cti-stix2-json-schemas/schemas");
    let folder = tempfile::tempdir().unwrap();
    let exporting = Exporting {
        target: Target::Stix,
        filter: Filter::default(),
        after: 0,
        max_marking: Tlp::Red,
    };
    let place = ("exercise", "feed");
    let mut export = Export::begin(ground, &analyst, place, exporting)
        .await
        .unwrap();
    let mut bytes = Vec::new();
    while let Some(page) = export.next().await.unwrap() {
        bytes.extend(page);
    }
    let file = folder.path().join("export.stix.json");
    fs::write(&file, &bytes).unwrap();
    let words = [file.to_str().unwrap(), schemas.to_str().unwrap()];
    run("validate.py", &words).await;
}
