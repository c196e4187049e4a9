//! Files of MISP, whose events become events, on both engines.
use db::Db;
use intel::{
    events::{
        model::{Asked, Filter, Which},
        ops as events,
    },
    model::{Fate, Filter as StixFilter, Import, Reader, Refusals},
    ops,
};
use kernel::{Role, Tlp, Viewer};
use serde_json::{Value, json};

use crate::{
    events::{all, event, own, uuid, whole},
    house::{House, NAME, PLACE, ROOT, counts, user},
    upload::work,
};

db::contract! {
    an_event_of_a_file_is_an_event_and_comes_once,
    lists_and_answers_bring_each_of_their_events,
    what_says_no_uuid_comes_once,
    what_was_deleted_or_is_hidden_is_refused_alike,
    what_a_guest_hands_in_is_his,
    parts_that_are_refused_are_named,
    events_go_on_where_they_stood,
    a_list_of_events_that_is_cut_is_never_complete,
}

/// The moment that events of these tests were changed at.
const CHANGED: i64 = 1_795_132_800;

fn given(number: u32, more: &Value) -> Value {
    serde_json::to_value(event(number, more)).unwrap()
}

fn at(seconds: i64) -> Value {
    json!({ "timestamp": (CHANGED + seconds).to_string() })
}

async fn waiting(house: &House, viewer: &Viewer, text: &str) -> Import {
    let ground = &house.ground;
    let upload = ops::open_upload(ground, viewer, PLACE, "file").await;
    let id = upload.unwrap().id;
    for (number, piece) in (0..).zip(text.as_bytes().chunks(97)) {
        let kept = ops::put_part(ground, viewer, ROOT, id, (number, piece)).await;
        kept.unwrap();
    }
    ops::seal(ground, viewer, ROOT, id).await.unwrap()
}

/// Looks at a file first, takes it in, and holds what was foreseen against what came: which fates, and
/// the codes of what was refused.
async fn taken(house: &House, viewer: &Viewer, file: &Value) -> (Vec<Fate>, Refusals) {
    let import = waiting(house, viewer, &file.to_string()).await;
    assert_eq!(import.form, "misp");
    let (ground, id) = (&house.ground, import.id);
    let seen = ops::preview(ground, viewer, ROOT, id).await.unwrap();
    let again = ops::preview(ground, viewer, ROOT, id).await.unwrap();
    assert_eq!(seen, again, "a preview keeps nothing");
    ops::begin(ground, viewer, ROOT, id).await.unwrap();
    work(house).await;
    let done = ops::status(ground, viewer, ROOT, id).await.unwrap();
    let of = |fate| seen.tally.of(fate);
    let foreseen = (of(Fate::New) + of(Fate::Version), of(Fate::Known));
    assert_eq!((done.import.added, done.import.known), foreseen, "{done:?}");
    let codes = |all: &[intel::model::Refusal]| -> Vec<_> {
        let code = |one: &intel::model::Refusal| (one.place, one.code.clone());
        all.iter().map(code).collect()
    };
    assert_eq!(codes(&seen.refusals), codes(&done.refusals));
    assert_eq!(seen.losses, done.import.losses);
    assert!(done.import.ended_at.is_some() && done.import.failure.is_none());
    let fates = seen.objects.iter().map(|one| one.fate).collect();
    (fates, done)
}

async fn stored(house: &House, viewer: &Viewer, number: u32) -> Result<Value, intel::Error> {
    let which = Which::Uuid(uuid(number).parse().unwrap());
    let seen = events::event(&house.ground, viewer, &all(), which).await?;
    whole(house, viewer, seen.event.id).await
}

async fn count(house: &House) -> usize {
    let asked = Asked { after: 0, most: 50 };
    let filter = Filter::default();
    let found = events::events(&house.ground, &house.analyst, &all(), &filter, asked).await;
    found.unwrap().len()
}

async fn kinds(house: &House) -> Vec<String> {
    let filter = StixFilter::default();
    let page = house.page(&house.analyst, &filter, (0, 50));
    let kind = |object: &Value| object["type"].as_str().unwrap().to_owned();
    let mut kinds: Vec<_> = page.await.content.iter().map(kind).collect();
    kinds.sort();
    kinds
}

async fn an_event_of_a_file_is_an_event_and_comes_once(db: Db) {
    let house = House::open(db).await;
    let viewer = house.analyst.clone();
    let file = json!({"Event": given(1, &json!({"Tag": [], "x_of_another": {"n": 1}}))});
    let (fates, done) = taken(&house, &viewer, &file).await;
    assert_eq!((fates, counts(&done)), (vec![Fate::New], (1, 0, 0)));
    assert_eq!(done.import.total, 1);
    let came = stored(&house, &viewer, 1).await.unwrap();
    assert_eq!(came["Orgc"]["uuid"], uuid(900), "who made it stays");
    assert_eq!(came["x_of_another"]["n"], 1);
    assert_eq!(came["Attribute"].as_array().unwrap().len(), 2);
    let which = Which::Uuid(uuid(1).parse().unwrap());
    let seen = events::event(&house.ground, &viewer, &all(), which).await;
    let label = Tlp::from_code(seen.unwrap().event.tlp);
    assert_eq!(
        label,
        Tlp::AmberStrict,
        "what is unmarked is as the collection says"
    );
    let objects = kinds(&house).await;
    assert!(objects.contains(&"indicator".to_owned()), "{objects:?}");

    let (fates, done) = taken(&house, &viewer, &file).await;
    assert_eq!((fates, counts(&done)), (vec![Fate::Known], (0, 1, 0)));
    assert_eq!((count(&house).await, kinds(&house).await), (1, objects));

    let mut newer = at(60);
    newer["info"] = json!("newer");
    let (fates, done) = taken(&house, &viewer, &given(1, &newer)).await;
    assert_eq!((fates, counts(&done)), (vec![Fate::Version], (1, 0, 0)));
    let mut older = at(30);
    older["info"] = json!("older");
    let (fates, done) = taken(&house, &viewer, &given(1, &older)).await;
    assert_eq!((fates, counts(&done)), (vec![Fate::Refused], (0, 0, 1)));
    assert_eq!(done.refusals[0].code, "intel.event_older");
    assert_eq!(done.refusals[0].stix_id, uuid(1));
    let left = stored(&house, &viewer, 1).await.unwrap();
    assert_eq!((&left["info"], count(&house).await), (&json!("newer"), 1));
}

async fn lists_and_answers_bring_each_of_their_events(db: Db) {
    let house = House::open(db).await;
    let viewer = house.analyst.clone();
    let wrapped = |number, more: Value| json!({"Event": given(number, &more)});
    let list = json!([wrapped(1, json!({})), wrapped(2, json!({}))]);
    let (_, done) = taken(&house, &viewer, &list).await;
    assert_eq!(counts(&done), (2, 0, 0));
    let answer = json!({"response": [
        wrapped(2, json!({})), wrapped(3, json!({})), wrapped(3, at(5)), wrapped(3, at(5)),
        wrapped(3, at(1)),
    ]});
    let (fates, done) = taken(&house, &viewer, &answer).await;
    let expected = [
        Fate::Known,
        Fate::New,
        Fate::Version,
        Fate::Known,
        Fate::Refused,
    ];
    assert_eq!((fates, counts(&done)), (expected.to_vec(), (2, 2, 1)));
    assert_eq!(count(&house).await, 3);
    // Attributes alone are no event.
    let found = json!({"response": {"Attribute": given(4, &json!({}))["Attribute"]}});
    let (_, done) = taken(&house, &viewer, &found).await;
    assert!(
        done.import.added > 1 && done.import.refused == 0,
        "{done:?}"
    );
    assert_eq!(count(&house).await, 3);
}

async fn what_says_no_uuid_comes_once(db: Db) {
    let house = House::open(db).await;
    let viewer = house.analyst.clone();
    let file = json!({"Event": {"info": "By hand", "Attribute": [
        {"type": "domain", "value": "evil.example"}]}});
    let (fates, _) = taken(&house, &viewer, &file).await;
    assert_eq!(fates, [Fate::New]);
    let (fates, done) = taken(&house, &viewer, &file).await;
    assert_eq!((fates, counts(&done)), (vec![Fate::Known], (0, 1, 0)));
    assert_eq!(count(&house).await, 1);
    let bad = json!({"Event": {"info": "Bad", "uuid": "none"}});
    let (_, done) = taken(&house, &viewer, &bad).await;
    assert_eq!(done.refusals[0].code, "intel.event_uuid");
    let unnamed = json!({"Event": {"uuid": uuid(9), "info": " "}});
    let (_, done) = taken(&house, &viewer, &unnamed).await;
    assert_eq!(done.refusals[0].code, "intel.event_invalid");
    assert_eq!(count(&house).await, 1);
}

async fn what_was_deleted_or_is_hidden_is_refused_alike(db: Db) {
    let house = House::open(db).await;
    let viewer = house.analyst.clone();
    let deleted = own(&house, 1, json!({})).await;
    let gone = events::delete(&house.ground, &viewer, deleted.id).await;
    gone.unwrap();
    own(&house, 2, json!({"Tag": [{"name": "tlp:red"}]})).await;
    let mut told = Vec::new();
    for number in [1, 2] {
        let (fates, done) = taken(&house, &viewer, &given(number, &at(60))).await;
        assert_eq!((fates, counts(&done)), (vec![Fate::Refused], (0, 0, 1)));
        told.push((
            done.refusals[0].code.clone(),
            done.refusals[0].detail.clone(),
        ));
        let missing = stored(&house, &viewer, number).await.unwrap_err();
        assert_eq!(missing.code(), "intel.not_found");
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0].0, "intel.event_taken");
}

async fn what_a_guest_hands_in_is_his(db: Db) {
    let house = House::open(db).await;
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), true).await;
    let (_, done) = taken(&house, &guest, &given(1, &json!({}))).await;
    assert_eq!(counts(&done), (1, 0, 0));
    let came = stored(&house, &guest, 1).await.unwrap();
    let his = events::own_org(&house.ground, &guest).await.unwrap();
    assert_eq!(came["Orgc"]["uuid"], his.uuid.to_string());
    let (_, done) = taken(&house, &guest, &given(1, &at(60))).await;
    assert_eq!(counts(&done), (1, 0, 0), "he may change it");
    let (_, done) = taken(&house, &house.analyst, &given(1, &at(90))).await;
    assert_eq!(done.refusals[0].code, "intel.event_foreign");
    own(&house, 2, json!({})).await;
    let (_, done) = taken(&house, &guest, &given(2, &at(60))).await;
    assert_eq!(done.refusals[0].code, "intel.event_foreign");
    // Where it is made more strict than he sees, it is as if it had been deleted.
    own(&house, 3, json!({"Tag": [{"name": "tlp:amber+strict"}]})).await;
    let (_, done) = taken(&house, &guest, &given(3, &at(60))).await;
    assert_eq!(done.refusals[0].code, "intel.event_taken");
}

async fn parts_that_are_refused_are_named(db: Db) {
    let house = House::open(db).await;
    own(&house, 1, json!({})).await;
    let mut other = given(2, &json!({}));
    other["Attribute"][0]["uuid"] = json!(uuid(11));
    let import = waiting(&house, &house.analyst, &other.to_string()).await;
    let (ground, viewer) = (&house.ground, &house.analyst);
    ops::begin(ground, viewer, ROOT, import.id).await.unwrap();
    work(&house).await;
    let done = ops::status(ground, viewer, ROOT, import.id).await.unwrap();
    assert_eq!(counts(&done), (1, 0, 1), "it was taken without a part");
    let told = &done.refusals[0];
    assert_eq!((told.place, &*told.code), (0, "intel.event_elsewhere"));
    assert!(told.detail.contains(&uuid(11)), "{told:?}");
    let came = stored(&house, viewer, 2).await.unwrap();
    assert_eq!(came["Attribute"].as_array().unwrap().len(), 1);
}

async fn events_go_on_where_they_stood(db: Db) {
    let house = House::open(db).await;
    let wrapped = |number| json!({"Event": given(number, &json!({}))});
    let list: Vec<_> = (1..=4).map(wrapped).collect();
    let import = waiting(&house, &house.analyst, &json!(list).to_string()).await;
    let (ground, viewer) = (&house.ground, &house.analyst);
    ops::begin(ground, viewer, ROOT, import.id).await.unwrap();
    // As if a run had ended after its first two.
    let mut tx = ground.db.begin().await.unwrap();
    let statement = "UPDATE intel_import SET read = 2, added = 2 WHERE id = $1";
    let statement = db::query(statement).bind(import.id.uuid());
    statement.execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    work(&house).await;
    let done = ops::status(ground, viewer, ROOT, import.id).await.unwrap();
    assert_eq!((counts(&done), done.import.total), ((4, 0, 0), 4));
    assert_eq!(count(&house).await, 2, "none was looked at twice");
}

async fn a_list_of_events_that_is_cut_is_never_complete(db: Db) {
    let house = House::open(db).await;
    let cut = format!(
        "[{{\"Event\":{}}},{{\"Event\":{{\"info\"",
        given(1, &json!({}))
    );
    let import = waiting(&house, &house.analyst, &cut).await;
    let (ground, viewer) = (&house.ground, &house.analyst);
    let seen = ops::preview(ground, viewer, ROOT, import.id).await;
    assert!(seen.unwrap().broken.is_some());
    ops::begin(ground, viewer, ROOT, import.id).await.unwrap();
    work(&house).await;
    let done = ops::status(ground, viewer, ROOT, import.id).await.unwrap();
    assert!(done.import.failure.is_some(), "{done:?}");
    assert_eq!((counts(&done), count(&house).await), ((1, 0, 0), 1));
    let listed = ops::imports(ground, viewer, ROOT, NAME).await.unwrap();
    assert_eq!(listed.len(), 1);
}
