//! What pages of events show, and to whom, on both engines.
use db::Db;
use intel::{
    events::{
        model::{Browsed, Scope, Which},
        ops as events,
    },
    model::Reader,
    ops,
};
use kernel::{Role, Viewer};
use serde_json::{Value, json};

use crate::{
    events::{all, own, uuid},
    house::{House, PLACE, ROOT, settings, user},
    warninglists::import,
};

db::contract! {
    a_list_tells_of_each_event_what_is_seen_of_it,
    titles_and_values_lead_to_events,
    a_page_tells_what_is_known_of_values,
    objects_come_with_their_first_attributes,
    events_with_the_same_values_are_related,
    an_object_of_stix_leads_to_its_event,
}

async fn list(house: &House, viewer: &Viewer, text: &str, most: u32) -> Browsed {
    let question = (None, most);
    events::newest(&house.ground, viewer, PLACE, text, question)
        .await
        .unwrap()
}

fn titles(browsed: &Browsed) -> Vec<&str> {
    browsed.rows.iter().map(|row| &*row.event.info).collect()
}

/// A guest whom the collection names: he sees what is GREEN.
async fn guest(house: &House) -> Viewer {
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), false).await;
    guest
}

fn attribute(number: u32, kind: &str, value: &str, more: &Value) -> Value {
    let mut attribute = json!({"uuid": uuid(number), "type": kind, "value": value});
    for (name, value) in more.as_object().unwrap() {
        attribute[name] = value.clone();
    }
    attribute
}

async fn a_list_tells_of_each_event_what_is_seen_of_it(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    let hidden = attribute(
        19,
        "domain",
        "hidden.example",
        &json!({"distribution": "0"}),
    );
    let seen = attribute(18, "domain", "seen.example", &json!({}));
    let of_object = attribute(
        17,
        "filename",
        "a.exe",
        &json!({"object_relation": "filename"}),
    );
    let object =
        json!({"uuid": uuid(16), "name": "file", "distribution": "0", "Attribute": [of_object]});
    own(
        &house,
        1,
        json!({"timestamp": "1795132900", "Attribute": [hidden, seen], "Object": [object]}),
    )
    .await;
    own(&house, 2, json!({"timestamp": "1795132800"})).await;
    own(&house, 3, json!({"timestamp": "1795133000", "Tag": []})).await;
    let of_house = list(&house, &house.analyst, "", 10).await;
    assert_eq!(titles(&of_house), ["event 3", "event 1", "event 2"]);
    let counts = |browsed: &Browsed| -> Vec<_> {
        let rows = browsed.rows.iter();
        rows.map(|row| (row.attributes, row.objects)).collect()
    };
    assert_eq!(counts(&of_house), [(2, 0), (3, 1), (2, 0)]);
    assert_eq!(of_house.rows[1].orgc, "XA");
    assert_eq!(of_house.rows[1].tags[0].name, "tlp:green");
    let of_guest = list(&house, &guest, "", 10).await;
    assert_eq!(titles(&of_guest), ["event 1", "event 2"]);
    assert_eq!(counts(&of_guest), [(1, 0), (2, 0)]);
    assert_eq!(of_guest.searched, 2);
    // The event says no more than the list.
    let which = Which::Id(of_guest.rows[0].event.id);
    let event = events::event(&house.ground, &guest, &all(), which)
        .await
        .unwrap();
    assert_eq!(events::head(&event).unwrap().attribute_count, Some(1));
    let first = list(&house, &house.analyst, "", 2).await;
    assert_eq!(titles(&first), ["event 3", "event 1"]);
    let next = events::newest(&house.ground, &house.analyst, PLACE, "", (first.end, 2)).await;
    let next = next.unwrap();
    assert_eq!((titles(&next), next.end), (vec!["event 2"], None));
    let nobody = user(6, Role::Reporter);
    let refused = events::newest(&house.ground, &nobody, PLACE, "", (None, 2)).await;
    assert_eq!(refused.unwrap_err().code(), "intel.not_found");
}

async fn titles_and_values_lead_to_events(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    own(&house, 1, json!({"info": "Phishing of Häfen"})).await;
    let hidden = attribute(
        29,
        "domain",
        "hidden.example",
        &json!({"distribution": "0"}),
    );
    own(&house, 2, json!({"Attribute": [hidden]})).await;
    for _ in 0..2 {
        let found = list(&house, &house.analyst, "HÄFEN", 1).await;
        assert_eq!(
            (titles(&found), found.searched),
            (vec!["Phishing of Häfen"], 2)
        );
    }
    let with = async |viewer: &Viewer, value: &str| {
        let found = events::with_value(&house.ground, viewer, PLACE, value, 1).await;
        let (rows, more) = found.unwrap();
        (rows.len(), more)
    };
    assert_eq!(with(&house.analyst, "evil[.]example").await, (1, false));
    assert_eq!(with(&house.analyst, "HIDDEN.example").await, (1, false));
    assert_eq!(with(&guest, "hidden.example").await, (0, false));
    own(&house, 3, json!({})).await;
    assert_eq!(with(&guest, "evil.example").await, (1, true));
    assert_eq!(with(&guest, " ").await, (0, false));
}

async fn a_page_tells_what_is_known_of_values(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    let with_port = attribute(18, "ip-dst|port", "198.51.100.7|443", &json!({}));
    let hidden = attribute(
        19,
        "domain",
        "hidden.example",
        &json!({"distribution": "0"}),
    );
    let one = own(&house, 1, json!({"Attribute": [with_port, hidden]})).await;
    own(&house, 2, json!({})).await;
    own(&house, 3, json!({"Tag": []})).await;
    let port = attribute(48, "ip-dst|port", "203.0.113.1|443", &json!({}));
    own(&house, 4, json!({"Attribute": [port]})).await;
    import(&house, "cidr", &[], &["198.51.100.0/24"]).await;
    let number = one.attributes[0];
    for kind in [0, 0, 1] {
        let said = events::Said {
            kind,
            ..events::Said::default()
        };
        let which = (Some(Which::Id(number)), &[][..]);
        let done = events::sight(&house.ground, &house.analyst, &all(), which, &said).await;
        assert_eq!(done.unwrap(), [number]);
    }
    let page = async |viewer: &Viewer| {
        let place = (&all(), Which::Uuid(uuid(1).parse().unwrap()));
        let page = events::details(&house.ground, viewer, place, (0, 0)).await;
        page.unwrap()
    };
    let of_house = page(&house.analyst).await;
    assert_eq!((of_house.rows.len(), of_house.next), (2, None));
    let first = &of_house.rows[0];
    // Events 2 and 3 have the address; what event 4 has is the port alone.
    assert_eq!((first.events, first.common), (2, false));
    assert_eq!(
        (first.sightings.seen, first.sightings.false_positives),
        (2, 1)
    );
    assert_eq!(first.listed[0].name, "a cidr list");
    assert_eq!(first.record.kind.as_deref(), Some("ip-dst|port"));
    let of_guest = page(&guest).await;
    assert_eq!(of_guest.rows.len(), 1);
    // Event 3 is not for him.
    assert_eq!(of_guest.rows[0].events, 1);
    let found = async |viewer: &Viewer, value: &str| {
        let place = (&all(), Which::Id(one.id));
        let page = events::found_in(&house.ground, viewer, place, (value, 0)).await;
        page.unwrap().rows.len()
    };
    assert_eq!(found(&guest, "198[.]51.100.7").await, 1);
    assert_eq!(found(&guest, "hidden.example").await, 0);
    assert_eq!(found(&house.analyst, "hidden.example").await, 1);
    assert_eq!(found(&house.analyst, "evil.example").await, 0);
}

async fn objects_come_with_their_first_attributes(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    let object = |number: u32, many: u32| {
        let more = json!({"object_relation": "filename"});
        let attributes = (0..many).map(|at| {
            let number = number * 100 + at;
            attribute(number, "filename", &format!("{number}.exe"), &more)
        });
        let attributes: Vec<_> = attributes.collect();
        json!({"uuid": uuid(number), "name": "file", "Attribute": attributes})
    };
    let mut hidden = object(300, 1);
    hidden["distribution"] = json!("0");
    let objects: Vec<_> = (200..222)
        .map(|number| object(number, if number == 200 { 30 } else { 1 }))
        .collect();
    let mut all_objects = vec![hidden];
    all_objects.extend(objects);
    let kept = own(&house, 1, json!({"Attribute": [], "Object": all_objects})).await;
    let scope = Scope::default();
    let place = (&scope, Which::Id(kept.id));
    let first = events::objects(&house.ground, &guest, place, 0)
        .await
        .unwrap();
    assert_eq!(first.rows.len(), 20);
    assert_eq!(
        (first.rows[0].attributes.len(), first.rows[0].more),
        (25, true)
    );
    assert_eq!(
        (first.rows[1].attributes.len(), first.rows[1].more),
        (1, false)
    );
    assert_eq!(first.rows[1].record.name.as_deref(), Some("file"));
    let next = first.next.unwrap();
    let rest = events::objects(&house.ground, &guest, place, next)
        .await
        .unwrap();
    assert_eq!((rest.rows.len(), rest.next), (2, None));
    let of_house = events::objects(&house.ground, &house.analyst, place, 0)
        .await
        .unwrap();
    let ids = |page: &intel::events::model::Wholes| -> Vec<_> {
        page.rows.iter().map(|row| row.object.id).collect()
    };
    assert_eq!(ids(&of_house)[1..], ids(&first)[..19]);
    // The rest of a large object is on pages of its own.
    let large = (first.rows[0].object.id, 0);
    let page = events::details(&house.ground, &guest, place, large)
        .await
        .unwrap();
    assert_eq!((page.rows.len(), page.next), (30, None));
}

/// An event with one of the values, in a collection that names nobody.
async fn elsewhere(house: &House) {
    let root = ROOT.parse().unwrap();
    ops::create(&house.ground, &house.analyst, &root, settings("other"))
        .await
        .unwrap();
    let given = json!({"uuid": uuid(6), "info": "event 6", "Tag": [{"name": "tlp:green"}],
        "Attribute": [attribute(69, "ip-src", "198.51.100.7", &json!({}))]});
    let how = (
        intel::events::model::Origin::Own,
        intel::events::model::Expected::New,
    );
    let given = Box::new(serde_json::from_value(given).unwrap());
    events::put(&house.ground, &house.analyst, (ROOT, "other"), given, how)
        .await
        .unwrap();
}

async fn events_with_the_same_values_are_related(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    own(&house, 1, json!({})).await;
    own(&house, 2, json!({})).await;
    let one = attribute(39, "domain", "evil.example", &json!({}));
    own(&house, 3, json!({"Attribute": [one], "Tag": []})).await;
    let quiet = attribute(
        49,
        "domain",
        "evil.example",
        &json!({"disable_correlation": true}),
    );
    own(&house, 4, json!({"Attribute": [quiet]})).await;
    let remark = attribute(59, "comment", "evil.example", &json!({}));
    own(&house, 5, json!({"Attribute": [remark]})).await;
    elsewhere(&house).await;
    let related = async |viewer: &Viewer, number: u32| {
        let which = Which::Uuid(uuid(number).parse().unwrap());
        let kindred = events::related(&house.ground, viewer, &all(), which)
            .await
            .unwrap();
        let kin = kindred.events.iter();
        let kin: Vec<_> = kin
            .map(|kin| (kin.event.info.clone(), kin.values.clone()))
            .collect();
        (kin, kindred.common)
    };
    let both = || vec!["198.51.100.7".to_owned(), "Evil.example".to_owned()];
    let (mut kin, common) = related(&house.analyst, 1).await;
    assert_eq!(kin.remove(0), ("event 2".to_owned(), both()));
    kin.sort();
    assert_eq!(
        kin,
        [
            ("event 3".to_owned(), vec!["Evil.example".to_owned()]),
            ("event 6".to_owned(), vec!["198.51.100.7".to_owned()]),
        ]
    );
    assert_eq!(common, Vec::<String>::new());
    let (kin, _) = related(&guest, 1).await;
    assert_eq!(kin, [("event 2".to_owned(), both())]);
    assert_eq!(related(&house.analyst, 4).await.0, []);

    // More than a hundred have it.
    let many: Vec<_> = (0..100)
        .map(|at| {
            attribute(
                7_000 + at,
                "ip-src|port",
                &format!("198.51.100.7|{}", at + 1),
                &json!({}),
            )
        })
        .collect();
    let kept = own(&house, 7, json!({"Attribute": many})).await;
    assert_eq!(kept.refused, []);
    let (kin, common) = related(&house.analyst, 1).await;
    assert_eq!(kin.len(), 2);
    assert_eq!(common, ["198.51.100.7"]);
}

async fn an_object_of_stix_leads_to_its_event(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    own(&house, 1, json!({})).await;
    own(&house, 3, json!({"Tag": []})).await;
    let behind = async |viewer: &Viewer, id: &str| {
        let found = events::behind(&house.ground, viewer, PLACE, id, 10)
            .await
            .unwrap();
        found
            .into_iter()
            .map(|event| event.info)
            .collect::<Vec<_>>()
    };
    let (one, three) = (
        format!("report--{}", uuid(1)),
        format!("report--{}", uuid(3)),
    );
    let id = |of: &str, other: &str| [of.to_owned(), of.replace("report", other)];
    for id in id(&one, "grouping") {
        let found = behind(&guest, &id).await;
        assert!(found.is_empty() || found == ["event 1"], "{found:?}");
    }
    let mut found = 0;
    for id in id(&three, "grouping") {
        found += behind(&house.analyst, &id).await.len();
        assert_eq!(behind(&guest, &id).await, Vec::<String>::new());
    }
    assert_eq!(found, 1);
    assert_eq!(behind(&guest, "report--x").await, Vec::<String>::new());
}
