//! Programs that others have written, against a node on loopback.
//!
//! `cargo xtask test` installs them, and says in `COMITY_TEST_PYTHON` where their Python is.
#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test, and the interpreter comes from the environment"
)]

mod exported;
mod register;
mod servers;

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

use access::{
    model::Password,
    ops::{self as people, NewKey, NewUser},
};
use db::Db;
use intel::{model::Settings, ops};
use kernel::{Language, Mode, Role, Scope, Tlp, UserId, Viewer, Who};
use testkit::Fleet;
use tokio::process::Command;

use exported::what_is_exported_is_valid_stix;
use register::what_the_register_exports_is_valid_stix;
use servers::{
    our_client_pulls_from_and_pushes_to_medallion, our_client_pushes_to_and_pulls_from_opentaxii,
};

db::contract! {
    scripts_that_know_taxii_find_everything,
    scripts_that_know_misp_do_their_everyday_work,
    what_is_exported_is_valid_stix,
    what_the_register_exports_is_valid_stix,
    our_client_pulls_from_and_pushes_to_medallion,
    our_client_pushes_to_and_pulls_from_opentaxii,
}

const PASSWORD: &str = "seven horses in the yard";

fn python() -> OsString {
    env::var_os("COMITY_TEST_PYTHON")
        .expect("COMITY_TEST_PYTHON names a Python with the clients: run `cargo xtask test`")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

/// The shared data of tests.
fn data() -> PathBuf {
    let given = env::var_os("COMITY_TEST_DATA").map(PathBuf::from);
    given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"))
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
    let (fleet, _) = node_with(&db, "feed").await;
    let address = format!("{}/taxii2/", fleet.member("XA").web_url().unwrap());
    run("taxii.py", &[&address, "script", PASSWORD]).await;
}

async fn scripts_that_know_misp_do_their_everyday_work(db: Db) {
    let (fleet, analyst) = node_with(&db, "misp").await;
    let ground = fleet.node("XA").ground();
    let list = br#"{"name":"Addresses of ours","type":"string","version":1,"description":"",
        "matching_attributes":["ip-dst"],"list":["203.0.113.99"]}"#;
    ops::import_warninglist(ground, &analyst, list.to_vec())
        .await
        .unwrap();
    let bytes = std::fs::read(data().join("misp-taxonomies/tlp/machinetag.json")).unwrap();
    ops::import_taxonomy(ground, &analyst, bytes).await.unwrap();
    for file in ["misp-galaxy/galaxies", "misp-galaxy/clusters"] {
        let all = std::fs::read_dir(data().join(file)).unwrap();
        for one in all {
            let bytes = std::fs::read(one.unwrap().path()).unwrap();
            ops::import_galaxy(ground, &analyst, bytes).await.unwrap();
        }
    }
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

/// A node with an empty collection of that alias, and who uses it.
async fn node_with(db: &Db, alias: &str) -> (Fleet, Viewer) {
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
        alias: Some(alias.parse().unwrap()),
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
