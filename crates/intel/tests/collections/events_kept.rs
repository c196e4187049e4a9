//! What of an event is kept and shown, on both engines.
use db::Db;
use formats_misp::full::{Attribute, Object};
use intel::{
    events::{
        model::{Expected, Kept, Origin, Scope, Which},
        ops as events,
    },
    model::Reader,
};
use kernel::{Role, Tlp};
use serde_json::{Value, json};

use crate::{
    events::{own, uuid, whole},
    house::{House, PLACE, user},
};

db::contract! {
    what_a_search_puts_beside_an_attribute_is_not_kept,
    a_distribution_that_is_none_is_refused_or_closed,
    references_to_hidden_parts_are_hidden,
    a_sample_that_comes_as_it_is_is_packed,
    what_is_said_already_is_refused_also_within_one_request,
}

async fn extend(house: &House, event: i64, attribute: &Value) -> Kept {
    let attribute: Attribute = serde_json::from_value(attribute.clone()).unwrap();
    let given = (vec![attribute], Vec::new());
    events::extend(&house.ground, &house.analyst, event, given)
        .await
        .unwrap()
}

async fn what_a_search_puts_beside_an_attribute_is_not_kept(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, json!({})).await;
    let forged = json!({
        "type": "domain", "value": "new.example", "uuid": uuid(50),
        "Event": {"id": "9999", "info": "FORGED"}, "event_uuid": uuid(51),
        "RelatedAttribute": [{"id": "1"}], "warnings": [], "value1": "x",
        "x_own": "stays",
        "Tag": [{"name": "role:c2"}, {"name": "tlp:green", "inherited": true},
                {"name": "kept:own", "inherited": 0}],
    });
    extend(&house, kept.id, &forged).await;
    let changed = json!({"uuid": uuid(50), "comment": "again", "Event": {"info": "FORGED"},
        "Tag": [{"name": "kept:own"}, {"name": "tlp:green", "inherited": "1"}]});
    extend(&house, kept.id, &changed).await;
    let event = whole(&house, &house.analyst, kept.id).await.unwrap();
    let attributes = event["Attribute"].as_array().unwrap();
    let found = attributes.iter().find(|one| one["uuid"] == uuid(50));
    let found = found.unwrap();
    for name in [
        "Event",
        "event_uuid",
        "RelatedAttribute",
        "warnings",
        "value1",
    ] {
        assert_eq!(found.get(name), None, "{name}");
    }
    assert_eq!(
        (&found["comment"], &found["x_own"]),
        (&json!("again"), &json!("stays"))
    );
    let tags: Vec<_> = found["Tag"].as_array().unwrap().iter().collect();
    assert_eq!(tags.len(), 1);
    assert_eq!(
        (&tags[0]["name"], tags[0].get("inherited")),
        (&json!("kept:own"), None)
    );
}

async fn a_distribution_that_is_none_is_refused_or_closed(db: Db) {
    let house = House::open(db).await;
    let event = |number: u32, strange: &Value| {
        let event = json!({"uuid": uuid(number), "info": "x", "distribution": strange,
            "Tag": [{"name": "tlp:clear"}],
            "Attribute": [{"type": "domain", "value": "a.example", "distribution": strange}]});
        Box::new(serde_json::from_value(event).unwrap())
    };
    for (number, strange) in [json!("99"), json!(-1), json!(false)].iter().enumerate() {
        let number = u32::try_from(number).unwrap() + 1;
        let how = (Origin::Own, Expected::New);
        let given = event(number, strange);
        let refused = events::put(&house.ground, &house.analyst, PLACE, given, how).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code(), "intel.event_invalid");
        assert!(
            refused.to_string().starts_with("distribution: "),
            "{refused}"
        );
        // What comes from elsewhere is for the organisation alone.
        let how = (Origin::Sync, Expected::Any);
        let given = event(number, strange);
        let kept = events::put(&house.ground, &house.analyst, PLACE, given, how)
            .await
            .unwrap();
        let which = Which::Id(kept.id);
        let seen = events::event(&house.ground, &house.analyst, &Scope::default(), which).await;
        assert_eq!(seen.unwrap().event.tlp, Tlp::AmberStrict.code());
        let event = whole(&house, &house.analyst, kept.id).await.unwrap();
        assert_eq!(event["distribution"], "0");
        assert_eq!(event["Attribute"][0]["distribution"], "0");
    }
    let kept = own(&house, 8, json!({})).await;
    let strange = json!({"type": "domain", "value": "b.example", "distribution": "00"});
    let refused = extend(&house, kept.id, &strange).await.refused;
    assert_eq!(refused[0].field, "distribution");
    let object: Object = serde_json::from_value(json!({"name": "file", "distribution": 7,
        "Attribute": [{"type": "filename", "object_relation": "filename", "value": "x"}]}))
    .unwrap();
    let given = (Vec::new(), vec![object]);
    let done = events::extend(&house.ground, &house.analyst, kept.id, given).await;
    let done = done.unwrap();
    assert_eq!((done.objects.len(), done.attributes.len()), (0, 0));
    assert_eq!(done.refused[0].field, "distribution");
}

/// Objects of which the first refers to parts that are seen and to parts that are not.
fn referring() -> Value {
    let reference = |number: u32, to: u32| {
        json!({"uuid": uuid(number), "referenced_uuid": uuid(to), "comment": format!("to {to}"),
            "relationship_type": "related-to"})
    };
    let object = |number: u32, more: Value| {
        let mut object = json!({"uuid": uuid(number), "name": "file", "Attribute": [
            {"uuid": uuid(number + 1), "type": "filename", "object_relation": "filename",
             "value": format!("{number}.exe")}]});
        for (name, value) in more.as_object().unwrap() {
            object[name] = value.clone();
        }
        object
    };
    let references = [
        reference(61, 20),
        reference(62, 30),
        reference(63, 41),
        reference(64, 12),
        reference(65, 77),
    ];
    json!([
        object(10_000, json!({"ObjectReference": references})),
        object(20, json!({})),
        object(30, json!({"distribution": "0"})),
        object(
            40,
            json!({"Attribute": [
            {"uuid": uuid(41), "type": "filename", "object_relation": "filename",
             "value": "c", "Tag": [{"name": "tlp:amber+strict"}]},
            {"uuid": uuid(42), "type": "filename", "object_relation": "filename",
             "value": "d"}]})
        ),
    ])
}

fn comments(event: &Value) -> Vec<&str> {
    let objects = event["Object"].as_array().unwrap();
    let found = objects.iter().find(|one| one["uuid"] == uuid(10_000));
    let all = found.unwrap()["ObjectReference"].as_array().unwrap();
    all.iter()
        .map(|one| one["comment"].as_str().unwrap())
        .collect()
}

async fn references_to_hidden_parts_are_hidden(db: Db) {
    let house = House::open(db).await;
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), false).await;
    let kept = own(&house, 1, json!({"Object": referring()})).await;
    let all = ["to 20", "to 30", "to 41", "to 12", "to 77"];
    let event = whole(&house, &house.analyst, kept.id).await.unwrap();
    assert_eq!(comments(&event), all);
    // What is not here at all tells of nothing that is.
    let seen = ["to 20", "to 12", "to 77"];
    let event = whole(&house, &guest, kept.id).await.unwrap();
    assert_eq!(comments(&event), seen);
    let which = Which::Uuid(uuid(10_000).parse().unwrap());
    let found = events::object(&house.ground, &guest, &Scope::default(), which).await;
    let (found, _) = found.unwrap();
    assert!(!found.0.body.contains("to 30") && found.0.body.contains("to 20"));
    let which = Which::Id(kept.id);
    let page = events::objects(&house.ground, &guest, (&Scope::default(), which), 0).await;
    let page = format!("{:?}", page.unwrap());
    assert!(!page.contains("to 30") && page.contains("to 20"));
    // So it is with what goes out under a label.
    let fed = (kept.id, Tlp::Green);
    let fed = events::feed_event(&house.ground, &house.analyst, PLACE, fed).await;
    assert_eq!(comments(&serde_json::to_value(fed.unwrap()).unwrap()), seen);
    // One reference that is changed leaves the others.
    let change: Object = serde_json::from_value(json!({"uuid": uuid(10_000),
        "ObjectReference": [{"uuid": uuid(61), "referenced_uuid": uuid(20), "comment": "new",
            "relationship_type": "related-to"}]}))
    .unwrap();
    let given = (Vec::new(), vec![change]);
    events::extend(&house.ground, &house.analyst, kept.id, given)
        .await
        .unwrap();
    let event = whole(&house, &house.analyst, kept.id).await.unwrap();
    assert_eq!(
        comments(&event),
        ["to 30", "to 41", "to 12", "to 77", "new"]
    );
}

async fn a_sample_that_comes_as_it_is_is_packed(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, json!({})).await;
    let sample = |value: &str, data: &str| {
        json!({"type": "malware-sample", "object_relation": "malware-sample", "value": value,
            "data": data, "encrypt": true})
    };
    let object: Object = serde_json::from_value(json!({"name": "file", "Attribute": [
        {"type": "filename", "object_relation": "filename", "value": "evil.exe"},
        sample("evil.exe", "TVogeA=="), sample("bad.exe", "no base64!")]}))
    .unwrap();
    let given = (Vec::new(), vec![object]);
    let done = events::extend(&house.ground, &house.analyst, kept.id, given).await;
    let done = done.unwrap();
    assert_eq!((done.objects.len(), done.attributes.len()), (1, 2));
    assert_eq!(
        (done.refused[0].field, done.refused[0].code),
        ("data", "misp.data")
    );
    let which = Which::Id(done.objects[0]);
    let found = events::object(&house.ground, &house.analyst, &Scope::default(), which).await;
    let ((_, attributes), _) = found.unwrap();
    // The MD5 of those four bytes.
    assert_eq!(
        attributes[1].value,
        "evil.exe|87f54dd049c94a6510d82e41827ec008"
    );
    assert!(!attributes[1].body.contains("encrypt"));
    let zip = attributes[1].data.clone().unwrap();
    assert!(zip.starts_with("UEsD"), "{zip}");
}

async fn what_is_said_already_is_refused_also_within_one_request(db: Db) {
    let house = House::open(db).await;
    let kept = own(&house, 1, json!({})).await;
    let give = async |values: &[(&str, &str)]| {
        let one = |(category, value): &(&str, &str)| -> Attribute {
            let json = json!({"type": "domain", "category": category, "value": value});
            serde_json::from_value(json).unwrap()
        };
        let given = (values.iter().map(one).collect(), Vec::new());
        let kept = events::extend(&house.ground, &house.analyst, kept.id, given);
        let kept = kept.await.unwrap();
        let codes: Vec<_> = kept
            .refused
            .iter()
            .map(|one| (one.field, one.code))
            .collect();
        (kept.attributes.len(), codes)
    };
    let (network, delivery) = ("Network activity", "Payload delivery");
    let similar = ("value", "intel.event_similar");
    let two = [(network, "twice.example"), (network, "once.example")];
    assert_eq!(give(&[two[0], two[1], two[0]]).await, (2, vec![similar]));
    let again = [two[1], (delivery, "once.example"), (network, "new.example")];
    assert_eq!(give(&again).await, (2, vec![similar]));
    assert_eq!(give(&two).await, (0, vec![similar, similar]));
}
