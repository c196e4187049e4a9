//! What is given to other parties and what others take back, on both engines.
use db::{Db, Tx, query};
use intel::{
    jobs::{CHANGED, Changed},
    model::{Collection, Filter, Reader, SightingKind},
    ops::{self, Given, Item},
};
use kernel::{CircleId, CollectionRef, Mode, Tlp};
use uuid::Uuid;

use crate::{
    house::{House, NAME, PLACE, ROOT, counts, id, malware, settings},
    sightings::{of_indicator, seen},
    values::{address, indicator},
};

db::contract! {
    what_is_given_is_cut_by_label_and_size,
    items_are_read_by_id_with_all_versions,
    what_is_emptied_is_gone_and_kept_in_mind,
    an_emptied_collection_is_no_longer_in_the_index,
    a_dropped_collection_is_no_longer_in_the_index,
    a_deletion_leaves_the_index,
    who_was_given_a_dropped_collection_is_told,
    a_circle_leads_to_the_collections_that_name_it,
}

/// Who takes everything back.
const STEWARD: &str = "party:XB";
/// An address that two collections have.
const PATTERN: &str = "[ipv4-addr:value = '198.51.100.7' OR domain-name:value = 'a.example']";

pub(crate) fn bits(labels: &[Tlp]) -> i32 {
    labels.iter().map(|tlp| 1 << tlp.code()).sum()
}

pub(crate) fn labels(given: &[Given]) -> Vec<(&str, Tlp)> {
    given
        .iter()
        .map(|one| (one.item.stix_id.as_str(), one.item.tlp))
        .collect()
}

/// One more collection beside that of the house.
async fn another(house: &House, alias: &str) -> Collection {
    let root = ROOT.parse().unwrap();
    let made = ops::create(&house.ground, &house.analyst, &root, settings(alias)).await;
    made.unwrap()
}

async fn add(house: &House, alias: &str, objects: &[serde_json::Value]) {
    let envelope = serde_json::json!({ "objects": objects }).to_string();
    let (place, bytes) = ((ROOT, alias), envelope.into_bytes());
    let done = ops::import(&house.ground, &house.analyst, place, bytes).await;
    assert_eq!(done.unwrap().import.refused, 0);
}

/// Two collections with the same indicator, and their numbers; that of the house comes first and has
/// a sighting of it, too.
async fn indexed(db: Db) -> (House, i64, i64) {
    let house = House::open(db).await;
    let other = another(&house, "other").await;
    house.import(&[indicator(1, PATTERN, None)]).await;
    house.import(&[address(2, "198.51.100.7")]).await;
    add(&house, "other", &[indicator(1, PATTERN, None)]).await;
    let new = seen(of_indicator(), SightingKind::Seen, 5);
    let sighted = ops::sight(&house.ground, &house.analyst, PLACE, new).await;
    assert_eq!(sighted.unwrap().len(), 1);
    let ours = slot(&house, &house.collection).await;
    let theirs = slot(&house, &other).await;
    (house, ours, theirs)
}

/// The number of a collection.
async fn slot(house: &House, collection: &Collection) -> i64 {
    const SQL: &str = "SELECT slot FROM collection WHERE public_id = $1";
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let statement = query(SQL).bind(collection.public.uuid());
    let (slot,): (i64,) = statement.fetch_one(&mut tx).await.unwrap();
    slot
}

/// The rows of the collection with that number in the index of values and in that of sightings.
async fn rows(house: &House, slot: i64) -> (i64, i64) {
    const VALUES: &str = "SELECT count(*) FROM intel_value WHERE slot = $1";
    const SIGHTINGS: &str = "SELECT count(*) FROM intel_sighting WHERE slot = $1";
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let mut found = Vec::new();
    for sql in [VALUES, SIGHTINGS] {
        let (rows,): (i64,) = query(sql).bind(slot).fetch_one(&mut tx).await.unwrap();
        found.push(rows);
    }
    (found[0], found[1])
}

/// The changes of which others are to be told, in the order of the collections' numbers.
async fn changes(tx: &mut Tx) -> Vec<Changed> {
    const SQL: &str = "SELECT payload FROM job WHERE kind = $1";
    let found: Vec<(String,)> = query(SQL).bind(CHANGED).fetch_all(tx).await.unwrap();
    let read = |(payload,): &(String,)| serde_json::from_str(payload).unwrap();
    let mut changes: Vec<Changed> = found.iter().map(read).collect();
    changes.sort_by_key(|change| change.slot);
    changes
}

async fn told(tx: &mut Tx) -> Vec<(CollectionRef, Mode)> {
    let changes = changes(tx).await;
    let told = changes.iter().map(|job| (job.collection, job.mode));
    told.collect()
}

/// All jobs are carried out.
async fn all_seen(tx: &mut Tx) {
    const SQL: &str = "DELETE FROM job WHERE kind = $1";
    for change in changes(tx).await {
        ops::seen_in(tx, change.slot).await.unwrap();
    }
    query(SQL).bind(CHANGED).execute(tx).await.unwrap();
}

fn job(collection: &Collection) -> (CollectionRef, Mode) {
    (collection.public, collection.mode)
}

async fn name(house: &House, alias: &str, readers: Vec<(Reader, bool)>) -> Collection {
    let (ground, viewer) = (&house.ground, &house.analyst);
    let shown = ops::collection(ground, viewer, ROOT, alias).await.unwrap();
    let version = shown.collection.version;
    let set = ops::set_readers(ground, viewer, (ROOT, alias), version, readers);
    set.await.unwrap()
}

async fn what_is_given_is_cut_by_label_and_size(db: Db) {
    let house = House::open(db).await;
    let other = another(&house, "other").await;
    house
        .import(&[
            malware(1, 0, Some(Tlp::Green)),
            malware(2, 0, Some(Tlp::Red)),
            malware(3, 0, Some(Tlp::Amber)),
            malware(4, 0, Some(Tlp::Red)),
        ])
        .await;
    add(&house, "other", &[malware(5, 0, Some(Tlp::Green))]).await;
    let mask = bits(&[Tlp::Green, Tlp::Amber]);
    let feed = &house.collection;
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let both = [(id(1), Tlp::Green), (id(3), Tlp::Amber)];
    let both = both.each_ref().map(|(id, tlp)| (id.as_str(), *tlp));

    let (all, end) = ops::given_in(&mut tx, feed, (mask, 0), i64::MAX)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(labels(&all), both);
    assert!(all[0].body.contains("m1v0") && all[1].body.contains("m3v0"));
    // What comes last is looked at although it is not given.
    assert!(end > all[1].place);
    let after = ops::given_in(&mut tx, feed, (mask, end), i64::MAX).await;
    assert_eq!(after.unwrap(), None);

    // One that is larger than all that may be given goes alone.
    let (first, until) = ops::given_in(&mut tx, feed, (mask, 0), 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(labels(&first), both[..1]);
    assert!(first[0].place < until && until < all[1].place);
    let (second, until) = ops::given_in(&mut tx, feed, (mask, until), 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((labels(&second), until), (both[1..].to_vec(), end));

    // The bytes of both are just enough for both.
    let bytes = all.iter().map(|one| one.body.len()).sum::<usize>();
    let bytes = i64::try_from(bytes).unwrap();
    for (most, given) in [(bytes, 2), (bytes - 1, 1)] {
        let found = ops::given_in(&mut tx, feed, (mask, 0), most).await;
        assert_eq!(found.unwrap().unwrap().0.len(), given);
    }
    let (theirs, _) = ops::given_in(&mut tx, &other, (mask, 0), i64::MAX)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(labels(&theirs), [(id(5).as_str(), Tlp::Green)]);
}

async fn items_are_read_by_id_with_all_versions(db: Db) {
    let house = House::open(db).await;
    another(&house, "other").await;
    house
        .import(&[
            malware(2, 1, None),
            malware(1, 2, None),
            malware(1, 1, None),
        ])
        .await;
    house.import(&[malware(3, 0, Some(Tlp::Clear))]).await;
    add(&house, "other", &[malware(4, 0, None)]).await;
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let mut pages: Vec<Vec<Item>> = Vec::new();
    let mut after = String::new();
    loop {
        let page = ops::items_in(&mut tx, &house.collection, &after, 1).await;
        let page = page.unwrap();
        let Some(last) = page.last() else { break };
        after.clone_from(&last.stix_id);
        pages.push(page);
    }
    let ids = |page: &[Item]| -> Vec<String> {
        let ids = page.iter().map(|item| item.stix_id.clone());
        ids.collect()
    };
    let read: Vec<_> = pages.iter().map(|page| ids(page)).collect();
    assert_eq!(read, [vec![id(1), id(1)], vec![id(2)], vec![id(3)]]);
    assert_ne!(pages[0][0].sha256, pages[0][1].sha256);
    let of = |page: usize| pages[page][0].tlp;
    assert_eq!((of(1), of(2)), (Tlp::AmberStrict, Tlp::Clear));
}

async fn what_is_emptied_is_gone_and_kept_in_mind(db: Db) {
    let house = House::open(db).await;
    let other = another(&house, "other").await;
    let versions = [malware(1, 1, None), malware(1, 2, None)];
    house.import(&versions).await;
    house.import(&[malware(2, 0, None)]).await;
    add(&house, "other", &versions[..1]).await;
    let feed = &house.collection;
    let every = bits(&Tlp::ALL);
    let mut tx = house.ground.db.begin().await.unwrap();
    let given = ops::given_in(&mut tx, feed, (every, 0), i64::MAX).await;
    let places: Vec<_> = given
        .unwrap()
        .unwrap()
        .0
        .iter()
        .map(|one| one.place)
        .collect();
    assert_eq!(ops::newest_gone_in(&mut tx, feed).await.unwrap(), 0);

    let out = ops::empty_in(&mut tx, &house.ground, feed, STEWARD).await;
    assert_eq!(out.unwrap(), 3);
    let gone = ops::gone_in(&mut tx, feed, 0).await.unwrap();
    assert_eq!(gone.iter().map(|one| one.place).collect::<Vec<_>>(), places);
    let newest = ops::newest_gone_in(&mut tx, feed).await.unwrap();
    assert_eq!(gone[2].gone, newest);
    assert!(places[2] < gone[0].gone && gone[0].gone < gone[1].gone);
    let later = ops::gone_in(&mut tx, feed, gone[0].gone).await.unwrap();
    assert_eq!(later, gone[1..]);
    assert_eq!(ops::items_in(&mut tx, feed, "", 10).await.unwrap(), []);
    let nothing = ops::given_in(&mut tx, feed, (every, 0), i64::MAX).await;
    assert_eq!(nothing.unwrap(), None);

    // The other collection keeps its own, and the content of it.
    assert_eq!(ops::newest_gone_in(&mut tx, &other).await.unwrap(), 0);
    let theirs = ops::given_in(&mut tx, &other, (every, 0), i64::MAX).await;
    let theirs = theirs.unwrap().unwrap().0;
    assert!(theirs.len() == 1 && theirs[0].body.contains("m1v1"));
    let bodies: Vec<(String,)> = query("SELECT body FROM stix_version")
        .fetch_all(&mut tx)
        .await
        .unwrap();
    assert_eq!(bodies, [(theirs[0].body.clone(),)]);
    let who = "SELECT DISTINCT deleted_by, deleted_at FROM collection_tombstone";
    let who: Vec<(String, i64)> = query(who).fetch_all(&mut tx).await.unwrap();
    assert_eq!(who, [(STEWARD.to_owned(), house.ground.now().as_micros())]);

    // Nothing is left to be taken out.
    let out = ops::empty_in(&mut tx, &house.ground, feed, STEWARD).await;
    assert_eq!(out.unwrap(), 0);
    assert_eq!(ops::newest_gone_in(&mut tx, feed).await.unwrap(), newest);
    tx.commit().await.unwrap();

    let contents = ops::contents(&house.ground, &house.analyst, ROOT, NAME).await;
    let counted = |one: &ops::Contents| (one.objects, one.versions);
    assert!(contents.unwrap().iter().all(|one| counted(one) == (0, 0)));
    let again = house
        .import(&[malware(1, 2, None), malware(2, 0, None)])
        .await;
    assert_eq!(counts(&again), (0, 0, 2));
    assert!(again.refusals.iter().all(|one| one.code == "intel.deleted"));
    // What comes afterwards stands behind all goings.
    assert_eq!(
        counts(&house.import(&[malware(3, 0, None)]).await),
        (1, 0, 0)
    );
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let given = ops::given_in(&mut tx, feed, (every, 0), i64::MAX).await;
    let given = given.unwrap().unwrap().0;
    assert!(given.len() == 1 && given[0].place > newest);
}

async fn an_emptied_collection_is_no_longer_in_the_index(db: Db) {
    let (house, ours, theirs) = indexed(db).await;
    assert_eq!(rows(&house, ours).await, (3, 1));
    let mut tx = house.ground.db.begin().await.unwrap();
    let out = ops::empty_in(&mut tx, &house.ground, &house.collection, STEWARD).await;
    assert_eq!(out.unwrap(), 3);
    tx.commit().await.unwrap();
    assert_eq!(rows(&house, ours).await, (0, 0));
    assert_eq!(rows(&house, theirs).await, (2, 0));
}

async fn a_dropped_collection_is_no_longer_in_the_index(db: Db) {
    let (house, ours, theirs) = indexed(db).await;
    assert_eq!(rows(&house, ours).await, (3, 1));
    let version = house.collection.version;
    let dropped = ops::drop_collection(&house.ground, &house.analyst, PLACE, version).await;
    dropped.unwrap();
    assert_eq!(rows(&house, ours).await, (0, 0));
    assert_eq!(rows(&house, theirs).await, (2, 0));
}

async fn a_deletion_leaves_the_index(db: Db) {
    let (house, ours, theirs) = indexed(db).await;
    let all = Filter::everything();
    let indicator = "indicator--00000000-0000-4000-8000-000000000001";
    let gone = ops::delete(&house.ground, &house.analyst, PLACE, indicator, &all).await;
    assert_eq!(gone.unwrap(), 1);
    // The address and the sighting are there.
    assert_eq!(rows(&house, ours).await, (1, 1));
    let mut tx = house.ground.db.begin_read().await.unwrap();
    let items = ops::items_in(&mut tx, &house.collection, "", 10).await;
    drop(tx);
    let items = items.unwrap();
    let sighting = items
        .iter()
        .find(|one| one.stix_id.starts_with("sighting--"));
    let sighting = sighting.unwrap().stix_id.as_str();
    let gone = ops::delete(&house.ground, &house.analyst, PLACE, sighting, &all).await;
    assert_eq!(gone.unwrap(), 1);
    assert_eq!(rows(&house, ours).await, (1, 0));
    assert_eq!(rows(&house, theirs).await, (2, 0));
}

async fn who_was_given_a_dropped_collection_is_told(db: Db) {
    let house = House::open(db).await;
    let party = Reader::Party("XB".parse().unwrap());
    name(&house, NAME, vec![(party, false)]).await;
    // It was given, and names nobody any more.
    let feed = name(&house, NAME, Vec::new()).await;
    house.import(&[malware(1, 0, None)]).await;
    let mut tx = house.ground.db.begin().await.unwrap();
    assert_eq!(told(&mut tx).await, [job(&feed)]);
    all_seen(&mut tx).await;
    tx.commit().await.unwrap();

    let (ground, viewer) = (&house.ground, &house.analyst);
    let stale = ops::drop_collection(ground, viewer, PLACE, feed.version - 1).await;
    assert_eq!(stale.unwrap_err().code(), "intel.stale");
    let mut tx = house.ground.db.begin().await.unwrap();
    assert_eq!(told(&mut tx).await, []);
    drop(tx);
    ops::drop_collection(ground, viewer, PLACE, feed.version)
        .await
        .unwrap();
    let mut tx = house.ground.db.begin().await.unwrap();
    assert_eq!(told(&mut tx).await, [job(&feed)]);
    let gone = ops::collection_by_ref_in(&mut tx, feed.public, feed.mode).await;
    assert_eq!(gone.unwrap(), None);
}

async fn a_circle_leads_to_the_collections_that_name_it(db: Db) {
    let house = House::open(db).await;
    for alias in ["second", "third", "fourth"] {
        another(&house, alias).await;
    }
    let circle = |number| CircleId::from_uuid(Uuid::from_u128(number));
    let of = |number| (Reader::Circle(circle(number)), false);
    let party = (Reader::Party("XB".parse().unwrap()), false);
    let feed = name(&house, NAME, vec![of(1), party.clone()]).await;
    let second = name(&house, "second", vec![of(2)]).await;
    let third = name(&house, "third", vec![of(2), of(1)]).await;
    name(&house, "fourth", vec![party]).await;
    let mut tx = house.ground.db.begin().await.unwrap();
    all_seen(&mut tx).await;

    // It is noted once, however often it changes until others are told.
    for _ in 0..2 {
        let noted = ops::changed_by_circle_in(&mut tx, &house.ground, circle(1)).await;
        noted.unwrap();
        assert_eq!(told(&mut tx).await, [job(&feed), job(&third)]);
    }
    ops::changed_by_circle_in(&mut tx, &house.ground, circle(3))
        .await
        .unwrap();
    assert_eq!(told(&mut tx).await.len(), 2);
    all_seen(&mut tx).await;
    ops::changed_by_circle_in(&mut tx, &house.ground, circle(2))
        .await
        .unwrap();
    assert_eq!(told(&mut tx).await, [job(&second), job(&third)]);
}
