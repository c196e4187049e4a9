//! Taxonomies and galaxies of the house, and clusters that came within events, on both engines.
use std::path::PathBuf;

use db::Db;
use intel::{
    Error,
    events::{model::Which, ops as events},
    model::Reader,
    ops,
};
use kernel::{Role, Viewer};
use serde_json::{Value, json};

use crate::{
    events::{all, own},
    house::{House, user},
};

db::contract! {
    tags_of_a_taxonomy_are_offered_while_it_is_enabled,
    what_is_older_does_not_replace_what_is_newer,
    a_galaxy_comes_before_its_clusters_which_keep_their_numbers,
    a_cluster_of_an_event_is_shown_to_whom_sees_the_event,
    what_is_no_taxonomy_or_galaxy_is_refused,
    a_guest_is_told_of_nothing_that_the_house_took_in,
    the_published_library_is_taken_in_whole,
}

fn taxonomy(version: u64) -> Vec<u8> {
    let taxonomy = json!({
        "namespace": "course", "description": "Of what", "version": version,
        "predicates": [
            {"value": "done", "expanded": "It is done", "colour": "#00ff00"},
            {"value": "stage", "expanded": "Stage", "exclusive": true},
        ],
        "values": [{"predicate": "stage", "entry": [
            {"value": "first", "expanded": "The first", "numerical_value": 10},
            {"value": "last"},
        ]}],
    });
    taxonomy.to_string().into_bytes()
}

fn galaxy(version: u64) -> Vec<u8> {
    let galaxy = json!({
        "uuid": "20000000-0000-4000-8000-000000000001", "type": "vessel", "name": "Vessels",
        "description": "What sails", "version": version, "icon": "ship", "namespace": "sea",
    });
    galaxy.to_string().into_bytes()
}

fn clusters(version: u64, names: &[(u32, &str)]) -> Vec<u8> {
    let value = |(number, name): &(u32, &str)| {
        json!({
            "uuid": format!("21000000-0000-4000-8000-{number:012}"), "value": name,
            "description": format!("The {name}"), "meta": {"synonyms": [format!("{name}s")]},
        })
    };
    let values: Vec<_> = names.iter().map(value).collect();
    let file = json!({
        "uuid": "20000000-0000-4000-8000-000000000002", "type": "vessel", "name": "Vessels",
        "version": version, "values": values,
    });
    file.to_string().into_bytes()
}

async fn tags(house: &House, viewer: &Viewer) -> Vec<String> {
    let found = events::tags(&house.ground, viewer, &all(), 0)
        .await
        .unwrap();
    found.into_iter().map(|tag| tag.name).collect()
}

async fn take_taxonomy(house: &House, version: u64) -> Result<(i64, bool), Error> {
    let bytes = taxonomy(version);
    let taken = ops::import_taxonomy(&house.ground, &house.analyst, bytes).await?;
    Ok((taken.taxonomy.number, taken.added))
}

async fn tags_of_a_taxonomy_are_offered_while_it_is_enabled(db: Db) {
    let house = House::open(db).await;
    let (number, added) = take_taxonomy(&house, 3).await.unwrap();
    assert!(added);
    let offered = [
        "course:done",
        "course:stage=\"first\"",
        "course:stage=\"last\"",
    ];
    assert_eq!(tags(&house, &house.analyst).await, offered);
    let (known, source) = ops::taxonomy(&house.ground, &house.analyst, "course")
        .await
        .unwrap();
    assert_eq!((known.version, known.tags), (3, 3));
    let words: Vec<_> = source.entries().map(|tag| tag.expanded).collect();
    assert_eq!(words, ["It is done", "Stage: The first", "Stage: last"]);
    let said = ops::tags_known(&house.ground, &house.analyst, &offered)
        .await
        .unwrap();
    let mut counted: Vec<_> = said.iter().filter_map(|(_, tag)| tag.numerical).collect();
    counted.sort_unstable();
    assert_eq!(counted, [10]);

    let enable = async |on: bool| {
        let done = ops::enable_taxonomy(&house.ground, &house.analyst, number, on).await;
        done.unwrap()
    };
    assert!(!enable(false).await.enabled);
    assert!(tags(&house, &house.analyst).await.is_empty());
    // What came newer stays as it was switched.
    assert_eq!(take_taxonomy(&house, 4).await.unwrap(), (number, false));
    assert!(tags(&house, &house.analyst).await.is_empty());
    enable(true).await;
    assert_eq!(tags(&house, &house.analyst).await.len(), 3);
    ops::delete_taxonomy(&house.ground, &house.analyst, number)
        .await
        .unwrap();
    assert!(tags(&house, &house.analyst).await.is_empty());
    let gone = ops::taxonomy(&house.ground, &house.analyst, "course").await;
    assert!(matches!(gone, Err(Error::NotFound { .. })));
}

async fn what_is_older_does_not_replace_what_is_newer(db: Db) {
    let house = House::open(db).await;
    take_taxonomy(&house, 3).await.unwrap();
    let older = take_taxonomy(&house, 2).await;
    assert!(matches!(older, Err(Error::Older { .. })));
    let take =
        async |bytes: Vec<u8>| ops::import_galaxy(&house.ground, &house.analyst, bytes).await;
    take(galaxy(3)).await.unwrap();
    assert!(matches!(take(galaxy(2)).await, Err(Error::Older { .. })));
    take(clusters(9, &[(1, "barge")])).await.unwrap();
    let older = take(clusters(8, &[])).await;
    assert!(matches!(older, Err(Error::Older { .. })));
    // A newer galaxy keeps its clusters.
    assert_eq!(take(galaxy(4)).await.unwrap().galaxy.clusters, 1);
}

async fn seen(
    house: &House,
    viewer: &Viewer,
) -> Vec<(events::SeenGalaxy, Vec<events::SeenCluster>)> {
    let mut found = Vec::new();
    let scope = all();
    let galaxies = events::seen_galaxies(&house.ground, viewer, &scope).await;
    for galaxy in galaxies.unwrap() {
        let mut clusters = Vec::new();
        let mut from = Some(events::ClustersFrom::default());
        while let Some(next) = from {
            let page = events::seen_clusters(&house.ground, viewer, &scope, &galaxy, next);
            let (page, next) = page.await.unwrap();
            clusters.extend(page);
            from = next;
        }
        found.push((galaxy, clusters));
    }
    found
}

/// The names of galaxies, each with those of its clusters.
async fn names(house: &House, viewer: &Viewer) -> Vec<(String, Vec<String>)> {
    let found = seen(house, viewer).await.into_iter();
    let found = found.map(|(galaxy, clusters)| {
        let clusters = clusters.into_iter().map(|one| one.record.value.unwrap());
        (galaxy.record.name.unwrap(), clusters.collect())
    });
    found.collect()
}

async fn a_galaxy_comes_before_its_clusters_which_keep_their_numbers(db: Db) {
    let house = House::open(db).await;
    let take =
        async |bytes: Vec<u8>| ops::import_galaxy(&house.ground, &house.analyst, bytes).await;
    let early = take(clusters(1, &[(1, "barge")])).await;
    assert!(matches!(early, Err(Error::NoGalaxyOf { .. })));
    assert!(take(galaxy(1)).await.unwrap().added);
    let taken = take(clusters(
        1,
        &[(1, "barge"), (2, "cutter"), (2, "again"), (3, "barge")],
    ));
    let taken = taken.await.unwrap();
    assert_eq!((taken.galaxy.clusters, taken.doubles), (2, 2));
    let before = seen(&house, &house.analyst).await;
    let (_, clusters_before) = &before[0];
    take(clusters(2, &[(3, "yawl"), (2, "sloop")]))
        .await
        .unwrap();
    let after = seen(&house, &house.analyst).await;
    let (galaxy, clusters_after) = &after[0];
    let number = |clusters: &[events::SeenCluster], end: &str| {
        let mut ones = clusters.iter();
        let found = ones.find(|one| one.record.uuid.as_deref().unwrap().ends_with(end));
        found.unwrap().number
    };
    assert_eq!(number(clusters_before, "2"), number(clusters_after, "2"));
    assert_eq!(clusters_after.len(), 2);
    let which = Which::Id(number(clusters_after, "2"));
    let one = events::seen_cluster(&house.ground, &house.analyst, &all(), which).await;
    let (one, of) = one.unwrap();
    assert_eq!(
        (one.tag.as_str(), &of),
        ("misp-galaxy:vessel=\"sloop\"", galaxy)
    );
    assert_eq!(one.record.meta["synonyms"], ["sloops"]);
    ops::delete_galaxy(&house.ground, &house.analyst, galaxy.number)
        .await
        .unwrap();
    assert!(seen(&house, &house.analyst).await.is_empty());
}

/// An event that has a cluster, as MISP writes it.
fn with_cluster(name: &str, label: &str, said: &str) -> Value {
    json!({
        "Tag": [{"name": label}, {"name": format!("misp-galaxy:vessel=\"{name}\"")},
            {"name": "misp-galaxy:port=\"haven\""}],
        "Galaxy": [{
            "uuid": "20000000-0000-4000-8000-000000000001", "type": "vessel",
            "name": "Vessels", "description": "", "version": "1",
            "GalaxyCluster": [{
                "uuid": format!("22000000-0000-4000-8000-{:012}", name.len()), "type": "vessel",
                "value": name, "tag_name": format!("misp-galaxy:vessel=\"{name}\""),
                "description": said, "meta": {"synonyms": ["s"]},
            }],
        }],
    })
}

async fn a_cluster_of_an_event_is_shown_to_whom_sees_the_event(db: Db) {
    let house = House::open(db).await;
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), false).await;
    own(&house, 1, with_cluster("dhow", "tlp:green", "said to all")).await;
    own(&house, 2, with_cluster("dhow", "tlp:red", "said to few")).await;
    own(&house, 3, with_cluster("galleon", "tlp:red", "said to few")).await;
    let few = house.analyst.clone();
    house.name(Reader::of(&few).remove(0), true).await;

    let ports = ("port".to_owned(), vec!["haven".to_owned()]);
    let vessels = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned());
        ("Vessels".to_owned(), names.collect::<Vec<_>>())
    };
    let mut others = user(6, Role::Analyst);
    assert_eq!(
        names(&house, &others).await,
        [ports.clone(), vessels(&["dhow"])]
    );
    let (_, found) = seen(&house, &others).await.remove(1);
    assert_eq!(found[0].record.description.as_deref(), Some("said to all"));
    assert_eq!(
        names(&house, &few).await,
        [ports.clone(), vessels(&["dhow", "galleon"])]
    );
    // By number and by UUID, and nothing of what is not seen.
    let (_, mine) = seen(&house, &few).await.remove(1);
    let look = async |viewer: &Viewer, which| {
        let found = events::seen_cluster(&house.ground, viewer, &all(), which).await;
        found.map(|(cluster, _)| cluster.record.value.unwrap())
    };
    for (cluster, shown) in mine.iter().zip([true, false]) {
        let uuid = cluster.record.uuid.as_deref().unwrap().parse().unwrap();
        for which in [Which::Id(cluster.number), Which::Uuid(uuid)] {
            assert!(look(&few, which).await.is_ok());
            assert_eq!(look(&others, which).await.is_ok(), shown);
        }
    }
    // What the house took in stands in place of what events say.
    let take = async |bytes: Vec<u8>| ops::import_galaxy(&house.ground, &few, bytes).await;
    take(galaxy(1)).await.unwrap();
    take(clusters(1, &[(1, "dhow")])).await.unwrap();
    assert_eq!(
        names(&house, &few).await,
        [vessels(&["dhow", "galleon"]), ports.clone()]
    );
    // Another mode has none of the events.
    others.mode = kernel::Mode::Exercise;
    assert_eq!(names(&house, &others).await, [vessels(&["dhow"])]);
}

async fn what_is_no_taxonomy_or_galaxy_is_refused(db: Db) {
    let house = House::open(db).await;
    for (bad, code) in [
        ("[]".to_owned(), "intel.no_taxonomy"),
        ("{\"namespace\":\"x\"}".to_owned(), "intel.no_taxonomy"),
        (
            json!({"namespace": "", "predicates": []}).to_string(),
            "intel.invalid",
        ),
    ] {
        let done = ops::import_taxonomy(&house.ground, &house.analyst, bad.into_bytes()).await;
        assert_eq!(done.unwrap_err().code(), code);
    }
    for (bad, code) in [
        (json!([]), "intel.no_galaxy"),
        (json!({"type": "x"}), "intel.no_galaxy"),
        (
            json!({"type": "x", "name": "X", "uuid": "none"}),
            "intel.invalid",
        ),
        (
            json!({"type": "x", "values": [{"value": "v"}]}),
            "intel.invalid",
        ),
        (json!({"type": "x", "values": {}}), "intel.no_galaxy"),
    ] {
        let bytes = bad.to_string().into_bytes();
        let done = ops::import_galaxy(&house.ground, &house.analyst, bytes).await;
        assert_eq!(done.unwrap_err().code(), code, "{bad}");
    }
    let reader = user(6, Role::Diplomat);
    let refused = ops::import_taxonomy(&house.ground, &reader, taxonomy(1)).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let refused = ops::import_galaxy(&house.ground, &reader, galaxy(1)).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
}

async fn a_guest_is_told_of_nothing_that_the_house_took_in(db: Db) {
    let house = House::open(db).await;
    take_taxonomy(&house, 1).await.unwrap();
    let take =
        async |bytes: Vec<u8>| ops::import_galaxy(&house.ground, &house.analyst, bytes).await;
    take(galaxy(1)).await.unwrap();
    take(clusters(1, &[(1, "barge")])).await.unwrap();
    let guest = user(5, Role::Reporter);
    assert!(tags(&house, &guest).await.is_empty());
    assert!(
        ops::taxonomies(&house.ground, &guest)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        ops::galaxies(&house.ground, &guest)
            .await
            .unwrap()
            .is_empty()
    );
    let said = ops::tags_known(&house.ground, &guest, &["course:done"]).await;
    assert!(said.unwrap().is_empty());
    let one = ops::taxonomy(&house.ground, &guest, "course").await;
    assert!(matches!(one, Err(Error::NotFound { .. })));
    assert!(seen(&house, &guest).await.is_empty());
    let (_, clusters) = seen(&house, &house.analyst).await.remove(0);
    let which = Which::Id(clusters[0].number);
    let one = events::seen_cluster(&house.ground, &guest, &all(), which).await;
    assert!(matches!(one, Err(Error::NotFound { .. })));
}

fn data() -> PathBuf {
    let given = std::env::var_os("COMITY_TEST_DATA").map(PathBuf::from);
    given.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"))
}

fn files(folder: &str) -> Vec<PathBuf> {
    let all = std::fs::read_dir(data().join(folder)).unwrap();
    let mut all: Vec<_> = all.map(|entry| entry.unwrap().path()).collect();
    all.sort();
    all
}

async fn the_published_library_is_taken_in_whole(db: Db) {
    let house = House::open(db).await;
    let (mut taxonomies, mut count) = (0, 0);
    for folder in files("misp-taxonomies") {
        let Ok(bytes) = std::fs::read(folder.join("machinetag.json")) else {
            continue;
        };
        let taken = ops::import_taxonomy(&house.ground, &house.analyst, bytes).await;
        let taken = taken.unwrap();
        let taxonomy = taken.taxonomy;
        assert!(taken.added && taken.left_out < 5, "{}", taxonomy.namespace);
        taxonomies += 1;
        count += taxonomy.tags;
    }
    assert!(taxonomies > 100 && count > 5_000, "{taxonomies} {count}");
    let mut after = 0;
    let mut offered = 0;
    loop {
        let page = events::tags(&house.ground, &house.analyst, &all(), after)
            .await
            .unwrap();
        let Some(last) = page.last() else { break };
        after = last.id;
        offered += i64::try_from(page.len()).unwrap();
    }
    assert!(offered > count * 9 / 10, "{offered} of {count}");
    let mut clusters = 0;
    for folder in ["misp-galaxy/galaxies", "misp-galaxy/clusters"] {
        for file in files(folder) {
            let bytes = std::fs::read(&file).unwrap();
            let taken = ops::import_galaxy(&house.ground, &house.analyst, bytes).await;
            clusters += taken.unwrap().galaxy.clusters;
        }
    }
    assert!(clusters > 5_000, "{clusters}");
    let shown = seen(&house, &house.analyst).await;
    let shown: usize = shown.iter().map(|(_, clusters)| clusters.len()).sum();
    assert_eq!(i64::try_from(shown).unwrap(), clusters);
}
