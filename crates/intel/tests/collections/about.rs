//! What relates an object and is about it, on both engines.
use db::Db;
use intel::{
    model::{Filter, Reader},
    ops,
};
use kernel::{Role, Tlp, Viewer};
use serde_json::{Value, json};

use crate::{
    house::{House, PLACE, id, malware, marking, user},
    values::numbered,
};

db::contract! {
    relations_and_reports_lead_from_their_objects,
    what_is_not_seen_is_about_nothing,
    an_object_has_so_many_at_most,
}

fn relation(number: u32, source: &str, target: &str, tlp: Tlp) -> Value {
    let object = json!({
        "type": "relationship", "relationship_type": "related-to",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "source_ref": source, "target_ref": target,
    });
    numbered(number, object, Some(tlp))
}

fn report(number: u32, second: u32, about: &[String]) -> Value {
    let object = json!({
        "type": "report", "name": "r", "published": "2026-01-01T00:00:00Z",
        "created": "2026-01-01T00:00:00.000Z",
        "modified": format!("2026-01-01T00:00:{second:02}.000Z"),
        "object_refs": about,
    });
    numbered(number, object, Some(Tlp::Green))
}

async fn about(house: &House, viewer: &Viewer, id: &str) -> Vec<String> {
    let found = ops::referring(&house.ground, viewer, PLACE, id)
        .await
        .unwrap();
    assert!(!found.more);
    let short = |id: String| {
        let number = id
            .rsplit('-')
            .next()
            .unwrap()
            .trim_start_matches('0')
            .to_owned();
        format!("{} {number}", id.split("--").next().unwrap())
    };
    let ids = found.objects.into_iter().map(|object| object.stix_id);
    ids.map(short).collect()
}

async fn relations_and_reports_lead_from_their_objects(db: Db) {
    let house = House::open(db).await;
    let green = Some(Tlp::Green);
    let objects = [
        malware(1, 0, green),
        malware(2, 0, green),
        relation(3, &id(1), &id(2), Tlp::Green),
        report(4, 0, &[id(1), id(2)]),
    ];
    house.import(&objects).await;
    let analyst = &house.analyst;
    assert_eq!(
        about(&house, analyst, &id(1)).await,
        ["report 4", "relationship 3"]
    );
    assert_eq!(
        about(&house, analyst, &id(2)).await,
        ["report 4", "relationship 3"]
    );
    // A newer version says what it is about.
    house.import(&[report(4, 5, &[id(1)])]).await;
    assert_eq!(about(&house, analyst, &id(2)).await, ["relationship 3"]);
    let gone = "relationship--00000000-0000-4000-8000-000000000003";
    let everything = Filter::everything();
    ops::delete(&house.ground, analyst, PLACE, gone, &everything)
        .await
        .unwrap();
    assert_eq!(about(&house, analyst, &id(2)).await, Vec::<String>::new());
    assert_eq!(about(&house, analyst, &id(1)).await, ["report 4"]);
    let missing = ops::referring(&house.ground, analyst, PLACE, &id(9)).await;
    assert_eq!(missing.unwrap_err().code(), "intel.not_found");
}

async fn what_is_not_seen_is_about_nothing(db: Db) {
    let house = House::open(db).await;
    let guest = user(5, Role::Reporter);
    house.name(Reader::of(&guest).remove(0), false).await;
    house
        .import(&[
            malware(1, 0, Some(Tlp::Green)),
            malware(2, 0, Some(Tlp::AmberStrict)),
            relation(3, &id(1), &id(2), Tlp::AmberStrict),
            relation(4, &id(1), &id(2), Tlp::Green),
        ])
        .await;
    assert_eq!(about(&house, &guest, &id(1)).await, ["relationship 4"]);
    let hidden = ops::referring(&house.ground, &guest, PLACE, &id(2)).await;
    assert_eq!(hidden.unwrap_err().code(), "intel.not_found");
    let marked = ops::referring(&house.ground, &house.analyst, PLACE, &id(1))
        .await
        .unwrap();
    assert_eq!(marked.objects[1].tlp, Tlp::AmberStrict);
    assert!(marked.objects[1].body.contains(marking(Tlp::AmberStrict)));
}

async fn an_object_has_so_many_at_most(db: Db) {
    let house = House::open(db).await;
    let mut objects = vec![malware(1, 0, None)];
    objects.extend((2..103).map(|number| relation(number, &id(1), &id(9), Tlp::Green)));
    house.import(&objects).await;
    let found = ops::referring(&house.ground, &house.analyst, PLACE, &id(1))
        .await
        .unwrap();
    assert_eq!(
        (found.objects.len(), found.more),
        (ops::ABOUT_SHOWN_MAX, true)
    );
}
