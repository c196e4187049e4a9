//! Events of MISP in collections, on both engines.
use db::Db;
use formats_misp::full::Event;
use intel::{
    Error,
    events::{
        model::{Asked, Expected, Fault, Filter, Kept, Origin, Scope, Which},
        ops as events,
    },
    model::{Filter as StixFilter, Reader},
};
use kernel::{Role, Viewer};
use serde_json::{Value, json};

use crate::house::{House, PLACE, user};

db::contract! {
    an_event_comes_back_as_it_was_given,
    an_event_stands_in_the_collection_as_stix,
    what_is_newer_replaces_what_it_names,
    nobody_changes_what_another_organisation_made,
    a_uuid_of_another_event_is_refused,
    a_deleted_event_stays_deleted,
    a_guest_sees_what_his_label_reaches,
    the_uuid_of_a_hidden_event_is_refused_as_that_of_a_deleted_one,
}

pub(crate) fn uuid(number: u32) -> String {
    format!("10000000-0000-4000-8000-{number:012}")
}

pub(crate) fn all() -> Scope {
    Scope::default()
}

/// An event with that number, as scripts write one.
fn event(number: u32, more: &Value) -> Box<Event> {
    let mut event = json!({
        "uuid": uuid(number),
        "info": format!("event {number}"),
        "date": "2026-11-20",
        "threat_level_id": "2",
        "analysis": "1",
        "distribution": "3",
        "timestamp": "1795132800",
        "Orgc": {"uuid": uuid(900), "name": "CSIRT of Brevonia"},
        "Tag": [{"name": "tlp:green"}],
        "Attribute": [
            {"uuid": uuid(number * 10 + 1), "type": "ip-dst", "value": "198.51.100.7",
             "category": "Network activity", "to_ids": true, "timestamp": "1795132800"},
            {"uuid": uuid(number * 10 + 2), "type": "domain", "value": "Evil.example",
             "timestamp": "1795132800", "Tag": [{"name": "role:c2"}]},
        ],
    });
    for (name, value) in more.as_object().unwrap() {
        event[name] = value.clone();
    }
    Box::new(serde_json::from_value(event).unwrap())
}

async fn put(
    house: &House,
    viewer: &Viewer,
    event: Box<Event>,
    how: (Origin, Expected),
) -> Result<Kept, Error> {
    events::put(&house.ground, viewer, PLACE, event, how).await
}

pub(crate) async fn own(house: &House, number: u32, more: Value) -> Kept {
    let how = (Origin::Own, Expected::New);
    put(house, &house.analyst, event(number, &more), how)
        .await
        .unwrap()
}

/// The event as the viewer sees it, with all its parts.
pub(crate) async fn whole(house: &House, viewer: &Viewer, id: i64) -> Result<Value, Error> {
    let seen = events::event(&house.ground, viewer, &all(), Which::Id(id)).await?;
    let mut value = serde_json::to_value(events::head(&seen)?).unwrap();
    let asking = events::Asking {
        data: true,
        sightings: true,
        ..events::Asking::default()
    };
    let mut from = events::Further::default();
    let (mut attributes, mut objects) = (Vec::new(), Vec::new());
    loop {
        let parts = events::parts(&house.ground, viewer, id, asking, from).await?;
        let body = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        attributes.extend(parts.attributes.iter().map(|one| body(&one.body)));
        for (object, inside) in &parts.objects {
            let mut object = body(&object.body);
            object["Attribute"] = inside.iter().map(|one| body(&one.body)).collect();
            objects.push(object);
        }
        match parts.next {
            Some(next) => from = next,
            None => break,
        }
    }
    value["Attribute"] = Value::Array(attributes);
    value["Object"] = Value::Array(objects);
    Ok(value)
}

async fn an_event_comes_back_as_it_was_given(db: Db) {
    let house = House::open(db).await;
    let given = event(
        1,
        &json!({
            "x_of_another": {"n": 1},
            "Galaxy": [{"name": "Threat Actor", "GalaxyCluster": [{"value": "APT X"}]}],
            "EventReport": [{"uuid": uuid(50), "name": "Report", "content": "text"}],
            "Object": [{"uuid": uuid(60), "name": "file", "Attribute": [
                {"uuid": uuid(61), "type": "filename", "object_relation": "filename", "value": "a.exe"},
            ]}],
        }),
    );
    let how = (Origin::Sync, Expected::Any);
    let kept = put(&house, &house.analyst, given.clone(), how)
        .await
        .unwrap();
    assert_eq!(
        (kept.added, kept.attributes.len(), kept.objects.len()),
        (true, 3, 1)
    );
    assert_eq!(kept.refused, []);
    let back = whole(&house, &house.analyst, kept.id).await.unwrap();
    assert_eq!(back["info"], "event 1");
    assert_eq!(back["x_of_another"], json!({"n": 1}));
    assert_eq!(back["Galaxy"][0]["GalaxyCluster"][0]["value"], "APT X");
    assert_eq!(back["EventReport"][0]["content"], "text");
    assert_eq!(back["Orgc"]["name"], "CSIRT of Brevonia");
    assert_eq!(back["Org"]["name"], "XA");
    assert_eq!(back["attribute_count"], "3");
    assert_eq!(back["Attribute"][1]["value"], "Evil.example");
    assert_eq!(back["Attribute"][1]["category"], "Network activity");
    assert_eq!(back["Object"][0]["Attribute"][0]["value"], "a.exe");
    // Again, nothing is newer.
    let again = put(&house, &house.analyst, given, how).await;
    assert_eq!(again.unwrap_err().code(), "intel.event_older");
}

async fn an_event_stands_in_the_collection_as_stix(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, json!({})).await;
    let types = |page: &[Value]| {
        let mut types: Vec<_> = page
            .iter()
            .map(|one| one["type"].as_str().unwrap().to_owned())
            .collect();
        types.sort();
        types.dedup();
        types
    };
    let page = house
        .page(&house.analyst, &StixFilter::default(), (0, 100))
        .await;
    let found = types(&page.content);
    for kind in ["grouping", "indicator", "identity"] {
        assert!(found.contains(&kind.to_owned()), "{kind}: {found:?}");
    }
    let green = crate::house::marking(kernel::Tlp::Green);
    let grouping = page
        .content
        .iter()
        .find(|one| one["type"] == "grouping")
        .unwrap();
    assert_eq!(grouping["object_marking_refs"][0], green);
    events::publish(&house.ground, &house.analyst, kept.id, true)
        .await
        .unwrap();
    let page = house
        .page(&house.analyst, &StixFilter::default(), (0, 100))
        .await;
    let found = types(&page.content);
    assert!(found.contains(&"report".to_owned()) && !found.contains(&"grouping".to_owned()));
    events::delete(&house.ground, &house.analyst, kept.id)
        .await
        .unwrap();
    let page = house
        .page(&house.analyst, &StixFilter::default(), (0, 100))
        .await;
    let found = types(&page.content);
    assert!(!found.contains(&"report".to_owned()) && !found.contains(&"indicator".to_owned()));
}

async fn what_is_newer_replaces_what_it_names(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, json!({})).await;
    let change: Event = serde_json::from_value(json!({
        "uuid": uuid(1).to_uppercase(),
        "info": "another",
        "Tag": [{"name": "tlp:amber"}, {"name": "tlp:green", "deleted": true}],
        "Attribute": [
            {"uuid": uuid(12), "comment": "seen twice", "type": "domain", "value": "evil.example"},
            {"uuid": uuid(11), "value": "198.51.100.8", "timestamp": "1"},
            {"type": "md5", "value": "no hash"},
            {"type": "ip-src", "value": "198.51.100.9"},
        ],
    }))
    .unwrap();
    let how = (Origin::Own, Expected::Known);
    let changed = put(&house, &house.analyst, Box::new(change), how)
        .await
        .unwrap();
    assert_eq!(
        (changed.id, changed.added, changed.attributes.len()),
        (kept.id, false, 2)
    );
    assert_eq!(changed.refused[0].field, "value");
    let back = whole(&house, &house.analyst, kept.id).await.unwrap();
    assert_eq!(back["info"], "another");
    assert_eq!(back["date"], "2026-11-20");
    assert_eq!(back["Tag"].as_array().unwrap().len(), 1);
    assert_eq!(back["Attribute"][0]["value"], "198.51.100.7");
    assert_eq!(back["Attribute"][1]["comment"], "seen twice");
    assert_eq!(back["Attribute"][1]["Tag"][0]["name"], "role:c2");
    assert_eq!(back["Attribute"][2]["value"], "198.51.100.9");
    let missing = put(&house, &house.analyst, event(2, &json!({})), how).await;
    assert_eq!(missing.unwrap_err().code(), "intel.not_found");
    let twice = put(
        &house,
        &house.analyst,
        event(1, &json!({})),
        (Origin::Own, Expected::New),
    )
    .await;
    assert_eq!(twice.unwrap_err().code(), "intel.event_exists");
}

async fn nobody_changes_what_another_organisation_made(db: Db) {
    let house = House::open(db).await;
    let how = (Origin::Sync, Expected::Any);
    let theirs = put(&house, &house.analyst, event(1, &json!({})), how)
        .await
        .unwrap();
    let ours = own(&house, 2, json!({})).await;
    let newer = json!({"timestamp": "1795219999", "info": "changed"});
    let mine = put(
        &house,
        &house.analyst,
        event(1, &newer),
        (Origin::Own, Expected::Any),
    )
    .await;
    assert_eq!(mine.unwrap_err().code(), "intel.event_foreign");
    let pushed = put(&house, &house.analyst, event(2, &newer), how).await;
    assert_eq!(pushed.unwrap_err().code(), "intel.event_foreign");
    let published = events::publish(&house.ground, &house.analyst, theirs.id, true).await;
    assert_eq!(published.unwrap_err().code(), "intel.event_foreign");
    assert!(
        put(&house, &house.analyst, event(1, &newer), how)
            .await
            .is_ok()
    );
    // A guest who may write here is another organisation than the house.
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), true).await;
    let tried = events::delete(&house.ground, &guest, ours.id).await;
    assert_eq!(tried.unwrap_err().code(), "intel.event_foreign");
    let stranger = user(6, Role::Reporter);
    let tried = events::delete(&house.ground, &stranger, ours.id).await;
    assert_eq!(tried.unwrap_err().code(), "intel.not_found");
}

async fn a_uuid_of_another_event_is_refused(db: Db) {
    let house = House::open(db).await;
    own(&house, 1, json!({})).await;
    let stolen = json!({"Attribute": [
        {"uuid": uuid(11), "type": "domain", "value": "other.example"},
        {"uuid": "no uuid", "type": "domain", "value": "x.example"},
    ]});
    let kept = own(&house, 2, stolen).await;
    let codes: Vec<_> = kept.refused.iter().map(|one| one.code).collect();
    assert_eq!(codes, ["intel.event_elsewhere", "intel.event_uuid"]);
    assert!(kept.attributes.is_empty());
}

async fn a_deleted_event_stays_deleted(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, json!({})).await;
    events::delete(&house.ground, &house.analyst, kept.id)
        .await
        .unwrap();
    let gone = whole(&house, &house.analyst, kept.id).await;
    assert_eq!(gone.unwrap_err().code(), "intel.not_found");
    let how = (Origin::Sync, Expected::Any);
    let again = put(&house, &house.analyst, event(1, &json!({})), how).await;
    assert_eq!(again.unwrap_err().code(), "intel.event_deleted");
    let id = uuid(1).parse().unwrap();
    events::restore(&house.ground, &house.analyst, PLACE, id)
        .await
        .unwrap();
    assert!(
        put(&house, &house.analyst, event(1, &json!({})), how)
            .await
            .is_ok()
    );
}

async fn a_guest_sees_what_his_label_reaches(db: Db) {
    let house = House::open(db).await;
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), false).await;
    let green = own(&house, 1, json!({})).await;
    let unmarked = own(&house, 2, json!({"Tag": []})).await;
    let kept_back = own(&house, 3, json!({"distribution": "0"})).await;
    let strange = own(&house, 4, json!({"Tag": [{"name": "tlp:ultra"}]})).await;
    assert!(whole(&house, &guest, green.id).await.is_ok());
    for hidden in [unmarked.id, kept_back.id, strange.id] {
        let refused = whole(&house, &guest, hidden).await.unwrap_err();
        assert_eq!(refused.code(), "intel.not_found");
    }
    // RED is for those whom the collection names, the house's own people among them.
    assert!(whole(&house, &house.analyst, strange.id).await.is_err());
    let filter = Filter::default();
    let asked = Asked { after: 0, most: 10 };
    let seen = events::events(&house.ground, &guest, &all(), &filter, asked)
        .await
        .unwrap();
    assert_eq!(
        seen.iter().map(|one| one.event.id).collect::<Vec<_>>(),
        [green.id]
    );
    let found = events::attributes(&house.ground, &guest, &all(), (&filter, false), asked).await;
    assert_eq!(found.unwrap().len(), 2);
    let orgs = events::orgs(&house.ground, &guest, &all()).await.unwrap();
    assert_eq!(orgs.len(), 2);
    let nobody = user(6, Role::Reporter);
    let none = events::events(&house.ground, &nobody, &all(), &filter, asked)
        .await
        .unwrap();
    assert_eq!(none, []);
    let page = house.page(&guest, &StixFilter::default(), (0, 100)).await;
    assert!(
        page.content
            .iter()
            .all(|one| one["name"] != "event 3" && one["name"] != "event 2")
    );
    assert!(page.content.iter().any(|one| one["name"] == "event 1"));
}

async fn the_uuid_of_a_hidden_event_is_refused_as_that_of_a_deleted_one(db: Db) {
    let house = House::open(db).await;
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), true).await;
    let red = json!({"Tag": [{"name": "tlp:red"}]});
    let first = own(&house, 1, red.clone()).await;
    own(&house, 2, json!({"distribution": "0"})).await;
    let gone = own(&house, 3, json!({})).await;
    events::delete(&house.ground, &house.analyst, gone.id)
        .await
        .unwrap();
    for origin in [Origin::Own, Origin::Sync] {
        let mut answers = Vec::new();
        for number in [1, 2, 3] {
            let how = (origin, Expected::New);
            let again = put(&house, &guest, event(number, &json!({})), how).await;
            answers.push(again.unwrap_err());
        }
        assert!(answers.iter().all(|one| one.code() == "intel.event_taken"));
        assert!(
            answers
                .iter()
                .all(|one| one.to_string() == answers[0].to_string())
        );
    }
    // Nor does another way in change what is not seen.
    let how = (Origin::Own, Expected::Any);
    let again = put(&house, &guest, event(2, &json!({})), how).await;
    assert_eq!(again.unwrap_err().code(), "intel.event_taken");
    let how = (Origin::Own, Expected::Known);
    let again = put(&house, &guest, event(2, &json!({})), how).await;
    assert_eq!(again.unwrap_err().code(), "intel.not_found");
    // Who added it knows it by its number, although he does not see it.
    let how = (Origin::Own, Expected::New);
    let again = put(&house, &house.analyst, event(1, &red), how).await;
    let known = matches!(&again, Err(Error::Event(Fault::Exists { id })) if *id == first.id);
    assert!(known, "{again:?}");
}
