//! Taxonomies and galaxies, as MISP's library has them.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::{
    fs::{self, File},
    io::BufReader,
    path::{Path, PathBuf},
};

use formats_misp::{Limits, read_clusters, read_galaxy, read_taxonomy};

/// The data that tests share, beside the workspace unless the environment says otherwise.
fn files(folder: &str) -> Vec<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "tests are configured by their environment"
    )]
    let given = std::env::var("COMITY_TEST_DATA");
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../..");
    let data = given.map_or_else(|_| root.join("../shared/data"), PathBuf::from);
    let entries = fs::read_dir(data.join(folder)).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn open(path: &Path) -> BufReader<File> {
    BufReader::new(File::open(path).unwrap())
}

#[test]
fn a_taxonomy_is_read() {
    let text = r##"{"namespace": "rsit", "version": "1003", "exclusive": true, "description": "d",
        "predicates": [{"value": "fraud", "expanded": "Fraud"}, {"value": "other", "colour": "#fff"}],
        "values": [{"predicate": "fraud", "entry": [{"value": "phishing", "numerical_value": 5}]},
            {"predicate": "unknown", "entry": [{"value": "x"}]}]}"##;
    let taxonomy = read_taxonomy(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(taxonomy.version, Some(1_003));
    assert!(taxonomy.exclusive);
    let tags: Vec<_> = taxonomy
        .tags()
        .map(|(name, term)| (name, term.numerical_value, term.colour.as_deref()))
        .collect();
    let expected = [
        ("rsit:fraud=\"phishing\"".to_owned(), Some(5), None),
        ("rsit:other".to_owned(), None, Some("#fff")),
    ];
    assert_eq!(tags, expected);
}

#[test]
fn a_galaxy_and_its_clusters_are_read() {
    let text =
        r#"{"uuid": "u", "name": "A galaxy", "type": "kind", "version": 3, "namespace": "n"}"#;
    let galaxy = read_galaxy(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(galaxy.version.as_deref(), Some("3"));
    let text = r#"{"uuid": "u", "name": "n", "type": "kind", "version": 3, "authors": ["a"], "values": [
        {"uuid": "1", "value": "A name", "meta": {"country": "XX", "synonyms": ["B", "C"]},
         "related": [{"dest-uuid": "2", "type": "uses", "tags": ["likely"]}]}]}"#;
    let file = read_clusters(text.as_bytes(), &Limits::default()).unwrap();
    let [cluster] = &*file.clusters else {
        panic!("one cluster");
    };
    assert_eq!(
        cluster.tag_name.as_deref(),
        Some("misp-galaxy:kind=\"A name\"")
    );
    assert_eq!(cluster.meta["country"], ["XX"]);
    assert_eq!(cluster.meta["synonyms"], ["B", "C"]);
    let relation = &cluster.relations[0];
    assert_eq!(
        relation.referenced_galaxy_cluster_uuid.as_deref(),
        Some("2")
    );
    assert_eq!(relation.tags[0].name.as_deref(), Some("likely"));
}

#[test]
fn what_is_none_is_refused() {
    let limits = Limits {
        parts_max: 1,
        ..Limits::default()
    };
    let two = r#"{"type": "a", "values": [{"value": "b"}, {"value": "c"}]}"#;
    let error = read_clusters(two.as_bytes(), &limits).unwrap_err();
    assert_eq!(error.code(), "misp.too_many");
    let two = r#"{"namespace": "a", "predicates": [{"value": "b"}, {"value": "c"}]}"#;
    let error = read_taxonomy(two.as_bytes(), &limits).unwrap_err();
    assert_eq!(error.code(), "misp.too_many");
    for text in [
        "[]",
        "{}",
        "{\"namespace\": 5, \"type\": [], \"values\": 1}",
    ] {
        assert!(read_taxonomy(text.as_bytes(), &limits).is_err(), "{text}");
        assert!(read_clusters(text.as_bytes(), &limits).is_err(), "{text}");
        assert!(read_galaxy(text.as_bytes(), &limits).is_err(), "{text}");
    }
}

#[test]
fn published_taxonomies_are_read() {
    let mut tags = 0;
    let mut count = 0;
    for path in files("misp-taxonomies") {
        let Ok(file) = File::open(path.join("machinetag.json")) else {
            continue;
        };
        let taxonomy = read_taxonomy(BufReader::new(file), &Limits::default()).unwrap();
        assert_eq!(
            Some(&*taxonomy.namespace),
            path.file_name().unwrap().to_str()
        );
        tags += taxonomy.tags().count();
        count += 1;
    }
    assert!(count > 10 && tags > 500, "{count} {tags}");
}

#[test]
fn published_galaxies_are_read() {
    let mut clusters = 0;
    for path in files("misp-galaxy/galaxies") {
        let galaxy = read_galaxy(open(&path), &Limits::default()).unwrap();
        let name = path.file_name().unwrap();
        let path = path.parent().unwrap().with_file_name("clusters").join(name);
        let file = read_clusters(open(&path), &Limits::default()).unwrap();
        assert_eq!(galaxy.kind.as_ref(), Some(&file.kind));
        clusters += file.clusters.len();
    }
    assert!(clusters > 5_000, "{clusters}");
}
