//! Parts of events that are for the house alone, on both engines.

use std::collections::BTreeSet;

use db::Db;
use intel::events::{
    model::{Asked, Filter, Which},
    ops as events,
};
use kernel::{Tlp, Viewer};
use serde_json::{Value, json};

use crate::{
    events::{all, own, uuid, whole},
    events_withdrawn::{guest, versions},
    house::{House, marking},
};

db::contract! {
    parts_for_the_house_reach_nobody_else,
}

async fn parts_for_the_house_reach_nobody_else(db: Db) {
    let house = House::open(db).await;
    let guest = guest(&house).await;
    let note = |number: u32, text: &str, distribution: &str| {
        json!({"uuid": uuid(number), "note": text, "distribution": distribution,
            "created": "2026-11-20 00:00:00", "modified": "2026-11-20 00:00:00"})
    };
    let cluster = |number: u32, name: &str, distribution: &str| {
        json!({"name": "Tool", "type": "tool", "GalaxyCluster": [{"uuid": uuid(number), "type": "tool",
            "value": name, "tag_name": format!("misp-galaxy:tool=\"{name}\""),
            "distribution": distribution}]})
    };
    let report = |number: u32, text: &str, distribution: &str| {
        json!({"uuid": uuid(number), "name": text, "content": text, "distribution": distribution,
            "timestamp": "1795132800"})
    };
    let tags = json!([{"name": "tlp:green"}, {"name": "misp-galaxy:tool=\"Hidden one\""}]);
    let kept = own(
        &house,
        1,
        json!({
            "Tag": tags,
            "Galaxy": [cluster(101, "Hidden one", "0"), cluster(102, "Open one", "3")],
            "Note": [note(103, "hidden two", "0"), note(104, "open two", "5")],
            "EventReport": [report(105, "hidden three", "4"), report(106, "open three", "3")],
            "Attribute": [{"uuid": uuid(11), "type": "ip-dst", "value": "198.51.100.7", "to_ids": true,
                "timestamp": "1795132800", "Note": [note(107, "hidden four", "0"),
                    note(108, "open four", "1")], "Galaxy": [cluster(109, "Hidden five", "17")]}],
            "Object": [{"uuid": uuid(60), "name": "file", "timestamp": "1795132800",
                "Note": [note(110, "hidden six", "0")],
                "Attribute": [{"uuid": uuid(61), "type": "filename", "object_relation": "filename",
                    "value": "a.exe", "to_ids": false, "timestamp": "1795132800",
                    "Note": [note(111, "hidden seven", "0")]}]}],
        }),
    )
    .await;
    assert_eq!(kept.refused, []);
    // As STIX: what is hidden is there for the house, with the label of the house.
    let of_house = versions(&house, &house.analyst).await;
    for one in &of_house {
        let hidden = count(&one.to_string(), "hidden") > 0;
        let strict = one["object_marking_refs"] == json!([marking(Tlp::AmberStrict)]);
        assert!(!hidden || strict, "{one}");
    }
    let words: BTreeSet<_> = ["one", "two", "three", "four", "five", "six", "seven"].into();
    let text = Value::Array(of_house.clone()).to_string().to_lowercase();
    for word in words {
        assert!(text.contains(&format!("hidden {word}")), "{word}");
    }
    let seen = versions(&house, &guest).await;
    let text = Value::Array(seen.clone()).to_string();
    assert_eq!(count(&text, "hidden"), 0, "{text}");
    assert_eq!(
        count(&text, "open two") + count(&text, "open three"),
        3,
        "{text}"
    );
    // What he sees leads nowhere that he does not see.
    let ids: BTreeSet<_> = seen.iter().map(|one| one["id"].as_str().unwrap()).collect();
    for one in &of_house {
        let id = one["id"].as_str().unwrap();
        assert!(ids.contains(id) || !text.contains(id), "{id}");
    }
    as_misp_shows_it(&house, &guest, kept.id).await;
}

fn count(text: &str, word: &str) -> usize {
    text.to_lowercase().matches(word).count()
}

async fn as_misp_shows_it(house: &House, guest: &Viewer, event: i64) {
    let of_house = whole(house, &house.analyst, event).await.unwrap();
    assert!(count(&of_house.to_string(), "hidden") >= 7, "{of_house}");
    let shown = whole(house, guest, event).await.unwrap();
    assert_eq!(count(&shown.to_string(), "hidden"), 0, "{shown}");
    assert_eq!(count(&shown.to_string(), "open four"), 1);
    let (ground, scope) = (&house.ground, all());
    let asked = Asked { after: 0, most: 10 };
    let any = Filter::default();
    let found = events::attributes(ground, guest, &scope, (&any, false), asked);
    let mut bodies: Vec<_> = found
        .await
        .unwrap()
        .into_iter()
        .map(|one| one.body)
        .collect();
    let which = |number| Which::Uuid(uuid(number).parse().unwrap());
    let (attribute, _) = events::attribute(ground, guest, &scope, which(11))
        .await
        .unwrap();
    let ((object, inside), _) = events::object(ground, guest, &scope, which(60))
        .await
        .unwrap();
    bodies.extend([attribute.body, object.body]);
    bodies.extend(inside.into_iter().map(|one| one.body));
    assert_eq!(bodies.len(), 5);
    assert_eq!(count(&bodies.join(""), "hidden"), 0, "{bodies:?}");
}
