//! Files of MISP that are handed in, as a script with `PyMISP` meets them afterwards.

use axum::http::StatusCode;
use intel::{
    model::{Fate, Settings},
    ops,
};
use kernel::{Mode, Role, Tlp};
use serde_json::{Value, json};

use crate::{
    misp_client::{ATTRIBUTE, EVENT, analyst, call},
    support::{PASSWORD, Person, Web, basic, web},
};

const MAKER: &str = "10000000-0000-4000-8000-000000000090";

/// A node with a collection, and an analyst.
async fn node() -> Web {
    let web = web(100_000).await;
    let settings = Settings {
        alias: Some("misp".parse().unwrap()),
        title: "Events".parse().unwrap(),
        description: "".parse().unwrap(),
        ceiling: Tlp::AmberStrict,
        unmarked: Tlp::Amber,
    };
    let (root, who) = ("exercise".parse().unwrap(), analyst(Mode::Exercise));
    ops::create(&web.ground, &who, &root, settings)
        .await
        .unwrap();
    Person::with(&web, Role::Analyst).await;
    web
}

/// Hands a file in, looks at it, and lets it be taken in to the end. Gives what was foreseen, and what
/// came: added and known.
async fn handed_in(web: &Web, file: &Value) -> (Fate, (i64, i64)) {
    let (ground, viewer) = (&web.ground, analyst(Mode::Exercise));
    let place = ("exercise", "misp");
    let opened = ops::open_upload(ground, &viewer, place, "event.json").await;
    let id = opened.unwrap().id;
    let text = file.to_string();
    let part = ops::put_part(ground, &viewer, "exercise", id, (0, text.as_bytes())).await;
    part.unwrap();
    ops::seal(ground, &viewer, "exercise", id).await.unwrap();
    let seen = ops::preview(ground, &viewer, "exercise", id).await.unwrap();
    ops::begin(ground, &viewer, "exercise", id).await.unwrap();
    let done = ops::finish(ground, &viewer, "exercise", id).await.unwrap();
    assert_eq!((&done.import.failure, done.import.refused), (&None, 0));
    (seen.objects[0].fate, (done.import.added, done.import.known))
}

#[tokio::test]
async fn an_event_of_a_file_is_found_as_misp_shows_events() {
    let web = node().await;
    let sign = basic("analyst", PASSWORD);
    let file = json!({"response": [{"Event": {
        "uuid": EVENT, "info": "An event", "timestamp": "1795132800", "published": true,
        "Orgc": {"uuid": MAKER, "name": "CSIRT of Brevonia"},
        "Tag": [{"name": "tlp:green"}],
        "Attribute": [{"uuid": ATTRIBUTE, "type": "domain", "value": "evil.example",
            "category": "Network activity", "to_ids": true, "timestamp": "1795132800"}],
    }}]});
    assert_eq!(handed_in(&web, &file).await, (Fate::New, (1, 0)));

    let (status, body) = call(&web, &sign, &format!("/events/view/{EVENT}"), &Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let event = &body["Event"];
    assert_eq!(
        (&event["uuid"], &event["info"]),
        (&json!(EVENT), &json!("An event"))
    );
    assert_eq!(event["Orgc"]["uuid"], MAKER);
    assert_eq!(event["Attribute"][0]["uuid"], ATTRIBUTE);
    let asks = json!({"value": "evil.example", "returnFormat": "json"});
    let (_, found) = call(&web, &sign, "/events/restSearch", &asks).await;
    assert_eq!(found["response"][0]["Event"]["uuid"], EVENT);

    assert_eq!(handed_in(&web, &file).await, (Fate::Known, (0, 1)));
    let (_, index) = call(&web, &sign, "/events/index", &Value::Null).await;
    assert_eq!(index.as_array().unwrap().len(), 1);
}
