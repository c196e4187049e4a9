//! What the register exports as STIX, before the library and the validator of OASIS.

use std::{fs, path::Path};

use audit::Ground;
use db::Db;
use incidents::{
    formats::{model::Written, ops::export_as},
    model::Filter,
    ops,
    taxonomy::ops as taxonomies,
};
use kernel::{Limit, Mode, PageRequest, Viewer};
use serde_json::Value;

use crate::{data, node_with, run};

/// A file, before both.
async fn both(folder: &Path, (name, text): (&str, &str)) {
    let schemas = data().join("stix/cti-stix2-json-schemas/schemas");
    let file = folder.join(format!("{name}.stix.json"));
    fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    run("validate.py", &[file, schemas.to_str().unwrap()]).await;
    run("parse.py", &[file]).await;
}

/// The register that ships, each entry with a class of another taxonomy.
async fn filled(ground: &Ground, node: &Viewer) -> usize {
    ops::import_shipped(ground, node).await.unwrap();
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let page = ops::list(ground, node, &Filter::default(), request)
        .await
        .unwrap();
    let (name, version) = ("iso-27035".parse().unwrap(), "2016".parse().unwrap());
    for one in &page.items {
        let class = (&name, &version, "malware");
        taxonomies::classify(ground, node, one.public, class)
            .await
            .unwrap();
    }
    page.items.len()
}

pub(crate) async fn what_the_register_exports_is_valid_stix(db: Db) {
    let (fleet, _) = node_with(&db, "feed").await;
    let ground = fleet.node("XA").ground();
    let node = Viewer::node("test", "XA".parse().unwrap(), Mode::Real);
    let count = filled(ground, &node).await;
    assert!(count > 30, "{count} incidents");
    let folder = tempfile::tempdir().unwrap();
    let request = PageRequest {
        after: None,
        limit: Limit::MAX,
    };
    let asked = (&Filter::default(), request);
    let file = export_as(ground, &node, asked, Written::Stix)
        .await
        .unwrap();
    assert_eq!((file.entries, file.next), (count, None));
    let bundle: Value = serde_json::from_str(&file.text).unwrap();
    let objects = bundle.get("objects").and_then(Value::as_array).unwrap();
    let of = |kind: &str| {
        let found = objects
            .iter()
            .filter(|one| one.get("type") == Some(&kind.into()));
        found.count()
    };
    assert_eq!(of("incident"), count);
    assert!(of("impact") >= 30, "{} impacts", of("impact"));
    both(folder.path(), ("register", &file.text)).await;
}
