//! What we export, before the validator of OASIS.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use audit::Ground;
use db::Db;
use intel::{
    export::Target,
    model::{Filter, Refusals},
    ops::{self, Export, Exporting},
};
use kernel::{Tlp, Viewer};

use crate::{node_with, run};

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

pub(crate) async fn what_is_exported_is_valid_stix(db: Db) {
    let (fleet, analyst) = node_with(&db, "feed").await;
    let ground = fleet.node("XA").ground();
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
    assert!(taken > 10, "{taken} events");
    let list = "evil.example\n198.51.100.0/24\nhttp://a.example/x?y=z\n2001:db8::1\n\
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
    let bundle: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let objects = bundle.get("objects").and_then(serde_json::Value::as_array);
    let objects = objects.unwrap().len();
    assert!(objects > 100, "{objects} objects of {taken} events");
    let file = folder.path().join("export.stix.json");
    fs::write(&file, &bytes).unwrap();
    let words = [file.to_str().unwrap(), schemas.to_str().unwrap()];
    run("validate.py", &words).await;
}
