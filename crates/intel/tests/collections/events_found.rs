//! Searches of events, their tags, sightings and pages, on both engines.
use db::Db;
use intel::{
    events::{
        model::{Asked, Filter, Terms, Which},
        ops as events,
    },
    jobs,
    model::Reader,
    ops,
};
use kernel::{Role, Viewer};
use queue::Runner;
use serde_json::json;

use crate::{
    events::{all, own, uuid, whole},
    house::{House, PLACE, user},
};

db::contract! {
    values_are_found_however_they_are_asked_for,
    tags_change_the_label_of_all_parts,
    sightings_are_kept_with_their_attribute,
    pages_lead_through_a_large_event,
}

async fn values_are_found_however_they_are_asked_for(db: Db) {
    let house = House::open(db).await;
    own(&house, 1, json!({})).await;
    own(&house, 2, json!({"info": "second", "date": "2026-01-01", "Tag": [{"name": "tlp:green"}, {"name": "type:x"}],
        "Attribute": [{"type": "url", "value": "http://evil.example/a"}]})).await;
    let count = async |filter: Filter| {
        let asked = Asked {
            after: 0,
            most: 100,
        };
        let scope = all();
        let found = events::attributes(
            &house.ground,
            &house.analyst,
            &scope,
            (&filter, false),
            asked,
        );
        let events = events::events(&house.ground, &house.analyst, &scope, &filter, asked);
        (found.await.unwrap().len(), events.await.unwrap().len())
    };
    let value = |text: &str| Filter {
        value: Terms::one(text),
        ..Filter::default()
    };
    assert_eq!(count(value("198.51.100.7")).await, (1, 1));
    assert_eq!(count(value("evil[.]example")).await, (1, 1));
    assert_eq!(count(value("%EVIL%")).await, (2, 2));
    assert_eq!(count(value("http://%")).await, (1, 1));
    assert_eq!(count(value("e_il.example")).await, (0, 0));
    let none = Filter {
        value: Terms {
            none: vec!["%evil%".to_owned()],
            ..Terms::default()
        },
        ..Filter::default()
    };
    assert_eq!(count(none).await, (1, 1));
    let tagged = |all: &[&str], none: &[&str]| Filter {
        tags: Terms {
            all: all.iter().map(|one| (*one).to_owned()).collect(),
            none: none.iter().map(|one| (*one).to_owned()).collect(),
            ..Terms::default()
        },
        ..Filter::default()
    };
    assert_eq!(count(tagged(&["tlp:green"], &[])).await, (3, 2));
    assert_eq!(count(tagged(&["tlp:green"], &["type:%"])).await, (2, 1));
    assert_eq!(count(tagged(&["role:c2"], &[])).await, (1, 1));
    let dated = Filter {
        date_from: Some("2026-06-01".to_owned()),
        org: Terms::one("xa"),
        ..Filter::default()
    };
    assert_eq!(count(dated).await, (2, 1));
    let kinds = Filter {
        kind: Terms::one("ip-%"),
        category: Terms::one("Network activity"),
        to_ids: Some(true),
        published: Some(false),
        events: vec![Which::Uuid(uuid(1).parse().unwrap())],
        ..Filter::default()
    };
    assert_eq!(count(kinds).await, (1, 1));
    let (scope, filter) = (all(), Filter::default());
    let skipped = events::attributes_after(&house.ground, &house.analyst, &scope, &filter, 2);
    assert!(skipped.await.unwrap().is_some());
    let beyond = events::events_after(&house.ground, &house.analyst, &scope, &filter, 9);
    assert_eq!(beyond.await.unwrap(), None);
}

async fn tags_change_the_label_of_all_parts(db: Db) {
    let house = House::open(db).await;
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), false).await;
    let kept = own(&house, 1, json!({})).await;
    let tag = async |attribute: Option<i64>, name: &str| {
        let tag = formats_misp::full::Tag {
            name: Some(name.to_owned()),
            ..Default::default()
        };
        let about = (kept.id, attribute);
        let given = events::tag_with(&house.ground, &house.analyst, about, tag);
        given.await.unwrap()
    };
    let about = (kept.id, None);
    assert!(tag(None, "tlp:amber+strict").await);
    assert!(!tag(None, "tlp:amber+strict").await);
    assert!(whole(&house, &guest, kept.id).await.is_err());
    let asked = Asked { after: 0, most: 10 };
    let found = events::attributes(
        &house.ground,
        &guest,
        &all(),
        (&Filter::default(), false),
        asked,
    )
    .await;
    assert_eq!(found.unwrap(), []);
    let names = async |viewer: &Viewer| {
        let tags = events::tags(&house.ground, viewer, &all(), 0)
            .await
            .unwrap();
        tags.into_iter().map(|tag| tag.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&guest).await, Vec::<String>::new());
    assert_eq!(
        names(&house.analyst).await,
        ["tlp:green", "role:c2", "tlp:amber+strict"]
    );
    let gone = events::untag(&house.ground, &house.analyst, about, "tlp:amber+strict").await;
    assert!(gone.unwrap());
    assert!(whole(&house, &guest, kept.id).await.is_ok());
    assert!(tag(Some(kept.attributes[0]), "tlp:red").await);
    let back = whole(&house, &guest, kept.id).await.unwrap();
    assert_eq!(back["Attribute"].as_array().unwrap().len(), 1);
    let made = events::add_tag(&house.ground, &house.analyst, "made", None)
        .await
        .unwrap();
    assert_eq!(
        (
            made.name.as_str(),
            names(&guest).await.last().unwrap().as_str()
        ),
        ("made", "made")
    );
}

async fn sightings_are_kept_with_their_attribute(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, json!({})).await;
    let said = events::Said {
        source: "sensor".to_owned(),
        ..events::Said::default()
    };
    let values = ["198.51.100.7".to_owned()];
    let sighted = events::sight(
        &house.ground,
        &house.analyst,
        &all(),
        (None, &values),
        &said,
    )
    .await;
    assert_eq!(sighted.unwrap(), [kept.attributes[0]]);
    let which = Some(Which::Id(kept.attributes[1]));
    let one = events::sight(&house.ground, &house.analyst, &all(), (which, &[]), &said).await;
    assert_eq!(one.unwrap().len(), 1);
    let asked = Asked { after: 0, most: 10 };
    let event = Some(Which::Id(kept.id));
    let found = events::sightings(&house.ground, &house.analyst, &all(), (event, None), asked)
        .await
        .unwrap();
    assert_eq!(found.len(), 2);
    assert_eq!(
        (found[0].0.source.as_str(), found[0].1.name.as_str()),
        ("sensor", "XA")
    );
    let guest = user(6, Role::Reporter);
    let none = events::sight(&house.ground, &guest, &all(), (None, &values), &said).await;
    assert_eq!(none.unwrap(), Vec::<i64>::new());
    let (attribute, _) = events::attribute(
        &house.ground,
        &house.analyst,
        &all(),
        Which::Id(kept.attributes[1]),
    )
    .await
    .unwrap();
    events::delete_attribute(&house.ground, &house.analyst, &attribute, false)
        .await
        .unwrap();
    let back = whole(&house, &house.analyst, kept.id).await.unwrap();
    assert_eq!(
        (&back["Attribute"][1]["deleted"], &back["attribute_count"]),
        (&json!(true), &json!("1"))
    );
    events::delete_attribute(&house.ground, &house.analyst, &attribute, true)
        .await
        .unwrap();
    let back = whole(&house, &house.analyst, kept.id).await.unwrap();
    assert_eq!(back["Attribute"].as_array().unwrap().len(), 1);
}

async fn pages_lead_through_a_large_event(db: Db) {
    let house = House::open(db).await;
    let attributes: Vec<_> = (0..2_500)
        .map(|number| json!({"type": "ip-dst", "value": format!("10.0.{}.{}", number / 250, number % 250)}))
        .collect();
    let object = json!({"name": "file", "uuid": uuid(70), "Attribute": [{"type": "filename", "value": "a"}]});
    let kept = own(
        &house,
        1,
        json!({"Attribute": attributes, "Object": [object]}),
    )
    .await;
    let back = whole(&house, &house.analyst, kept.id).await.unwrap();
    assert_eq!(back["Attribute"].as_array().unwrap().len(), 2_500);
    let which = Which::Uuid(uuid(70).parse().unwrap());
    let (object, _) = events::object(&house.ground, &house.analyst, &all(), which)
        .await
        .unwrap();
    assert_eq!(object.1.len(), 1);
    events::delete_object(&house.ground, &house.analyst, &object, true)
        .await
        .unwrap();
    // What is large is turned into STIX by a job.
    let ground = &house.ground;
    let runner = Runner::new(ground.db.clone(), ground.clock.clone(), ground.rng.clone());
    let runner = jobs::jobs(runner, ground);
    runner.run_due().await.unwrap();
    let indicators = async || {
        let contents = ops::contents(ground, &house.analyst, PLACE.0, PLACE.1)
            .await
            .unwrap();
        let found = contents.into_iter().find(|one| one.kind == "indicator");
        found.map_or(0, |one| one.objects)
    };
    assert_eq!(indicators().await, 2_500);
    events::delete(ground, &house.analyst, kept.id)
        .await
        .unwrap();
    runner.run_due().await.unwrap();
    assert_eq!(indicators().await, 0);
}
