//! Files that are looked at before they are taken in, on both engines.
use db::Db;
use intel::{
    jobs,
    model::{Fate, Filter, Import, Preview, Refusals, Stage},
    ops,
};
use kernel::{ImportId, Role, Tlp};
use queue::Runner;
use serde_json::json;

use crate::house::{House, PLACE, ROOT, counts, id, malware, user};

db::contract! {
    a_preview_keeps_nothing_and_tells_what_would_come,
    what_was_previewed_is_what_comes,
    pieces_may_come_again_and_none_may_be_missing,
    a_list_becomes_indicators_and_comes_once,
    stix_2_0_is_lifted,
    what_no_collection_holds_is_refused_by_name,
    a_file_that_is_cut_is_never_complete,
    an_upload_is_for_who_handed_it_in,
    an_import_goes_on_where_it_stood,
}

/// A file that waits.
async fn waiting(house: &House, text: &str) -> Import {
    try_waiting(house, text).await.unwrap()
}

async fn try_waiting(house: &House, text: &str) -> Result<Import, intel::Error> {
    let (ground, viewer) = (&house.ground, &house.analyst);
    let upload = ops::open_upload(ground, viewer, PLACE, "file").await?;
    // Pieces of odd lengths, so that objects lie across their ends.
    for (number, piece) in (0..).zip(text.as_bytes().chunks(97)) {
        ops::put_part(ground, viewer, ROOT, upload.id, (number, piece)).await?;
    }
    ops::seal(ground, viewer, ROOT, upload.id).await
}

async fn preview(house: &House, id: ImportId) -> Preview {
    let looked = ops::preview(&house.ground, &house.analyst, ROOT, id).await;
    looked.unwrap()
}

pub(crate) async fn work(house: &House) {
    let ground = &house.ground;
    let runner = Runner::new(ground.db.clone(), ground.clock.clone(), ground.rng.clone());
    jobs::jobs(runner, ground).run_due().await.unwrap();
}

async fn taken(house: &House, id: ImportId) -> Refusals {
    let (ground, viewer) = (&house.ground, &house.analyst);
    ops::begin(ground, viewer, ROOT, id).await.unwrap();
    work(house).await;
    ops::status(ground, viewer, ROOT, id).await.unwrap()
}

async fn a_preview_keeps_nothing_and_tells_what_would_come(db: Db) {
    let house = House::open(db).await;
    house
        .import(&[malware(1, 0, None), malware(2, 0, None)])
        .await;
    let mut conflict = malware(2, 0, None);
    conflict["name"] = json!("other");
    let objects = [
        malware(1, 0, None),
        malware(1, 5, Some(Tlp::Green)),
        conflict,
        malware(3, 0, None),
        json!({"id": "bad"}),
    ];
    let bundle = json!({"type": "bundle", "objects": objects}).to_string();
    let import = waiting(&house, &bundle).await;
    assert_eq!((import.stage, &*import.form), (Stage::Waiting, "stix"));
    let seen = preview(&house, import.id).await;
    let of = |fate| seen.tally.of(fate);
    let fates = Fate::ALL.map(of);
    assert_eq!(fates, [1, 1, 1, 1, 1], "{:?}", seen.tally);
    assert_eq!(seen.tally.labels[&(Tlp::Green, true)], 1);
    assert_eq!(seen.tally.labels[&(Tlp::AmberStrict, false)], 1);
    assert!(seen.is_whole && seen.broken.is_none());
    assert_eq!(seen.refusals.len(), 2);
    let names = house.names(&house.analyst, &Filter::default()).await;
    assert_eq!(names, ["m1v0", "m2v0"], "nothing was kept");
}

async fn what_was_previewed_is_what_comes(db: Db) {
    let house = House::open(db).await;
    let objects = [
        malware(1, 0, None),
        json!({"id": "bad"}),
        malware(2, 0, None),
    ];
    let lines = objects.map(|object| object.to_string()).join("\n");
    let import = waiting(&house, &lines).await;
    let seen = preview(&house, import.id).await;
    let done = taken(&house, import.id).await;
    assert_eq!(counts(&done), (seen.tally.of(Fate::New), 0, 1));
    assert_eq!(done.refusals[0].place, 1);
    assert_eq!((done.import.total, done.import.pending()), (3, 0));
    let again = ops::begin(&house.ground, &house.analyst, ROOT, import.id).await;
    assert_eq!(again.unwrap_err().code(), "intel.not_waiting");
}

async fn pieces_may_come_again_and_none_may_be_missing(db: Db) {
    let house = House::open(db).await;
    let (ground, viewer) = (&house.ground, &house.analyst);
    let upload = ops::open_upload(ground, viewer, PLACE, "a\nb")
        .await
        .unwrap();
    assert_eq!(upload.source, "ab");
    let text = malware(1, 0, None).to_string();
    let (one, two) = text.as_bytes().split_at(20);
    for (number, piece) in [(0, one), (2, two)] {
        let kept = ops::put_part(ground, viewer, ROOT, upload.id, (number, piece)).await;
        kept.unwrap();
    }
    let sealed = ops::seal(ground, viewer, ROOT, upload.id).await;
    assert_eq!(sealed.unwrap_err().code(), "intel.invalid");
    let other = ops::open_upload(ground, viewer, PLACE, "").await.unwrap();
    for (number, piece) in [(0, &b"lost"[..]), (1, two), (0, one)] {
        let kept = ops::put_part(ground, viewer, ROOT, other.id, (number, piece)).await;
        kept.unwrap();
    }
    let sealed = ops::seal(ground, viewer, ROOT, other.id).await.unwrap();
    assert_eq!(usize::try_from(sealed.bytes).unwrap(), text.len());
    assert_eq!(counts(&taken(&house, other.id).await), (1, 0, 0));
}

async fn a_list_becomes_indicators_and_comes_once(db: Db) {
    let house = House::open(db).await;
    let list = "evil.example\n198.51.100.0/24\n# a comment\nnot a value at all ~\n";
    let import = waiting(&house, list).await;
    assert_eq!(import.form, "plain");
    let done = taken(&house, import.id).await;
    assert_eq!(counts(&done), (2, 0, 1), "{:?}", done.refusals);
    let page = house
        .page(&house.analyst, &Filter::default(), (0, 10))
        .await;
    let object = &page.content[0];
    assert_eq!(object["pattern"], "[domain-name:value = 'evil.example']");
    let label = crate::house::marking(Tlp::AmberStrict);
    assert_eq!(object["object_marking_refs"], json!([label]));
    assert_eq!(
        page.content[1]["pattern"],
        "[ipv4-addr:value ISSUBSET '198.51.100.0/24']"
    );
    let again = waiting(&house, list).await;
    assert_eq!(counts(&taken(&house, again.id).await), (0, 2, 1));
}

async fn stix_2_0_is_lifted(db: Db) {
    let house = House::open(db).await;
    let old = json!({"type": "bundle", "id": "bundle--44af6c39-c09b-49c5-9de2-394224b04982",
        "spec_version": "2.0", "objects": [
        {"type": "tool", "id": "tool--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f",
         "created": "2016-04-06T20:03:48.000Z", "modified": "2016-04-06T20:03:48.000Z",
         "labels": ["remote-access"], "name": "VNC"}]});
    let import = waiting(&house, &old.to_string()).await;
    let done = taken(&house, import.id).await;
    assert_eq!(counts(&done), (1, 0, 0));
    assert!(!done.import.losses.is_empty());
    let page = house
        .page(&house.analyst, &Filter::default(), (0, 10))
        .await;
    assert_eq!(page.content[0]["spec_version"], "2.1");
}

async fn what_no_collection_holds_is_refused_by_name(db: Db) {
    let house = House::open(db).await;
    let list = r#"{"name":"x","list":["a.example"],"matching_attributes":["domain"]}"#;
    for (text, code) in [
        (list, "intel.file_warninglist"),
        (" ", "intel.file_empty"),
        ("%PDF-1.7", "intel.unreadable"),
        ("PK\u{3}\u{4}rest", "intel.file_packed"),
        ("BZh91AY&SYrest", "intel.file_packed"),
    ] {
        let refused = try_waiting(&house, text).await;
        assert_eq!(refused.unwrap_err().code(), code);
    }
    let left = ops::imports(&house.ground, &house.analyst, ROOT, PLACE.1).await;
    assert!(left.unwrap().is_empty(), "nothing waits for nobody");
}

async fn a_file_that_is_cut_is_never_complete(db: Db) {
    let house = House::open(db).await;
    let whole = malware(1, 0, None);
    let cut = format!(r#"{{"type":"bundle","objects":[{whole},{{"type""#);
    let import = waiting(&house, &cut).await;
    let seen = preview(&house, import.id).await;
    assert!(seen.broken.is_some());
    let done = taken(&house, import.id).await;
    assert!(done.import.failure.is_some(), "{done:?}");
    assert_eq!(counts(&done), (1, 0, 0), "what came before is counted");
}

async fn an_upload_is_for_who_handed_it_in(db: Db) {
    let house = House::open(db).await;
    let import = waiting(&house, &malware(1, 0, None).to_string()).await;
    let other = user(2, Role::Analyst);
    let (ground, id) = (&house.ground, import.id);
    let codes = [
        ops::preview(ground, &other, ROOT, id).await.err(),
        ops::begin(ground, &other, ROOT, id).await.err(),
        ops::discard(ground, &other, ROOT, id).await.err(),
        ops::put_part(ground, &other, ROOT, id, (0, b"x"))
            .await
            .err(),
    ];
    for error in codes {
        assert_eq!(error.unwrap().code(), "intel.not_found");
    }
    let reader = user(3, Role::Diplomat);
    let refused = ops::open_upload(ground, &reader, PLACE, "x").await;
    assert_eq!(refused.unwrap_err().code(), "access.role");
    ops::discard(ground, &house.analyst, ROOT, id)
        .await
        .unwrap();
    let gone = ops::status(ground, &house.analyst, ROOT, id).await;
    assert_eq!(gone.unwrap_err().code(), "intel.not_found");
}

async fn an_import_goes_on_where_it_stood(db: Db) {
    let house = House::open(db).await;
    let objects: Vec<_> = (0..2_500).map(|number| malware(number, 0, None)).collect();
    let bundle = json!({"type": "bundle", "objects": objects}).to_string();
    let (ground, viewer) = (&house.ground, &house.analyst);
    let upload = ops::open_upload(ground, viewer, PLACE, "big")
        .await
        .unwrap();
    for (number, piece) in (0..).zip(bundle.as_bytes().chunks(100_000)) {
        let kept = ops::put_part(ground, viewer, ROOT, upload.id, (number, piece)).await;
        kept.unwrap();
    }
    ops::seal(ground, viewer, ROOT, upload.id).await.unwrap();
    ops::begin(ground, viewer, ROOT, upload.id).await.unwrap();
    // As if a run had ended after its first thousand.
    let first: Vec<_> = objects.iter().take(1_000).cloned().collect();
    house.import(&first).await;
    let mut tx = ground.db.begin().await.unwrap();
    let statement = "UPDATE intel_import SET read = 1000, added = 1000 WHERE id = $1";
    db::query(statement)
        .bind(upload.id.uuid())
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    work(&house).await;
    let done = ops::status(ground, viewer, ROOT, upload.id).await.unwrap();
    assert_eq!(counts(&done), (2_500, 0, 0), "none was looked at twice");
    assert_eq!(done.import.total, 2_500);
    let _id = id(0);
}
