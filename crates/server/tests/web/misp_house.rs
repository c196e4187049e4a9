//! What an instance of MISP and its scripts ask of the house: its words, its warninglists, and what
//! instances hand on to each other.

use axum::http::StatusCode;
use intel::ops;
use kernel::Mode;
use serde_json::{Value, json};

use crate::{
    misp_client::{ATTRIBUTE, EVENT, REAL, analyst, asks, call, node_and_guest},
    support::{Web, ask},
};

const TAXONOMY: &str = r##"{"namespace":"course","description":"Of what","version":4,"predicates":[
    {"value":"done","expanded":"It is done","colour":"#00ff00"},
    {"value":"stage","expanded":"Stage","exclusive":true}],
    "values":[{"predicate":"stage","entry":[{"value":"first","expanded":"The first",
        "numerical_value":10}]}]}"##;
const GALAXY: &str = r#"{"uuid":"20000000-0000-4000-8000-000000000001","type":"vessel",
    "name":"Vessels","description":"What sails","version":1,"icon":"ship","namespace":"sea"}"#;
const CLUSTERS: &str = r#"{"uuid":"20000000-0000-4000-8000-000000000002","type":"vessel",
    "name":"Vessels","version":2,"values":[{"uuid":"21000000-0000-4000-8000-000000000001",
        "value":"barge","description":"A barge","meta":{"synonyms":["lighter"]}}]}"#;
const LIST: &str = r#"{"name":"Names of ours","type":"hostname","version":1,"description":"",
    "list":["evil.example"]}"#;

/// A node whose house has one of each, with an event, its analyst, and a guest who reads it.
async fn furnished() -> (Web, String, String) {
    let (web, sign, guest) = node_and_guest(true).await;
    let viewer = analyst(Mode::Real);
    let ground = &web.ground;
    let taken = ops::import_taxonomy(ground, &viewer, TAXONOMY.into()).await;
    taken.unwrap();
    for file in [GALAXY, CLUSTERS] {
        let taken = ops::import_galaxy(ground, &viewer, file.into()).await;
        taken.unwrap();
    }
    let taken = ops::import_warninglist(ground, &viewer, LIST.into()).await;
    taken.unwrap();
    (web, sign, guest)
}

async fn got(web: &Web, sign: &str, path: &str, body: &Value) -> Value {
    let (status, body) = call(web, sign, &format!("{REAL}{path}"), body).await;
    assert_eq!(status, StatusCode::OK, "{path}: {body}");
    body
}

#[tokio::test]
async fn taxonomies_are_shown_as_misp_shows_them() {
    let (web, sign, _) = furnished().await;
    let all = got(&web, &sign, "/taxonomies/index", &Value::Null).await;
    assert_eq!(
        all[0]["Taxonomy"],
        json!({"id": "1", "namespace": "course", "description": "Of what", "version": "4",
            "enabled": true, "exclusive": false, "required": false, "highlighted": false})
    );
    assert_eq!(all[0]["total_count"], 2);
    for name in ["1", "course"] {
        let one = got(
            &web,
            &sign,
            &format!("/taxonomies/view/{name}"),
            &Value::Null,
        )
        .await;
        assert_eq!(one["Taxonomy"]["namespace"], "course");
        let entry = &one["entries"][1];
        assert_eq!(entry["tag"], "course:stage=\"first\"");
        assert_eq!(entry["expanded"], "Stage: The first");
        assert_eq!(entry["exclusive_predicate"], true);
        assert_eq!(entry["numerical_value"], 10);
        assert_eq!(
            one["entries"][0]["existing_tag"]["Tag"]["colour"],
            "#00ff00"
        );
    }
    let tags = got(&web, &sign, "/tags/index", &Value::Null).await;
    let tags = tags["Tag"].as_array().unwrap();
    let done = tags
        .iter()
        .find(|tag| tag["name"] == "course:done")
        .unwrap();
    assert_eq!(done["Taxonomy"]["expanded"], "It is done");
    let found = got(
        &web,
        &sign,
        "/tags/search",
        &json!({"tagname": "course:stage"}),
    )
    .await;
    assert_eq!(found[0]["Tag"]["numerical_value"], 10);
    assert_eq!(found[0]["Taxonomy"]["namespace"], "course");
}

#[tokio::test]
async fn galaxies_are_shown_as_misp_shows_them() {
    let (web, sign, _) = furnished().await;
    let all = got(&web, &sign, "/galaxies/index", &Value::Null).await;
    let galaxy = &all[0]["Galaxy"];
    assert_eq!(
        (&galaxy["type"], &galaxy["icon"]),
        (&json!("vessel"), &json!("ship"))
    );
    for sought in [json!({"value": "sails"}), json!({"value": "VESSEL"})] {
        let found = got(&web, &sign, "/galaxies", &sought).await;
        assert_eq!(found.as_array().unwrap().len(), 1, "{sought}");
    }
    let none = got(&web, &sign, "/galaxies", &json!({"value": "horse"})).await;
    assert_eq!(none, json!([]));
    for name in ["1", "20000000-0000-4000-8000-000000000001"] {
        let one = got(&web, &sign, &format!("/galaxies/view/{name}"), &Value::Null).await;
        assert_eq!(one["Galaxy"]["name"], "Vessels");
        let cluster = &one["GalaxyCluster"][0];
        assert_eq!(cluster["tag_name"], "misp-galaxy:vessel=\"barge\"");
        assert_eq!(
            cluster["GalaxyElement"],
            json!([{"galaxy_cluster_id": "1", "key": "synonyms", "value": "lighter"}])
        );
        assert_eq!(
            (&cluster["version"], &cluster["galaxy_id"]),
            (&json!("2"), &json!("1"))
        );
    }
    let listed = async |asked: Value| {
        let found = got(&web, &sign, "/galaxy_clusters/index/1", &asked).await;
        found.as_array().unwrap().len()
    };
    assert_eq!(listed(Value::Null).await, 1);
    assert_eq!(
        listed(json!({"context": "all", "searchall": "lighter"})).await,
        1
    );
    assert_eq!(listed(json!({"context": "custom"})).await, 0);
    assert_eq!(
        listed(json!({"context": "default", "searchall": "tug"})).await,
        0
    );
    let by_uuid = "/galaxy_clusters/view/21000000-0000-4000-8000-000000000001";
    let one = got(&web, &sign, by_uuid, &Value::Null).await;
    assert_eq!(one["GalaxyCluster"]["Galaxy"]["type"], "vessel");
    let missing = format!("{REAL}/galaxy_clusters/view/77");
    let (status, _) = call(&web, &sign, &missing, &Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_guest_is_told_of_no_list_of_the_house() {
    let (web, _, guest) = furnished().await;
    for (path, none) in [
        ("/taxonomies/index", json!([])),
        ("/galaxies/index", json!([])),
        ("/warninglists/index", json!({"Warninglists": []})),
    ] {
        assert_eq!(got(&web, &guest, path, &Value::Null).await, none, "{path}");
    }
    let values = json!(["evil.example"]);
    let found = got(&web, &guest, "/warninglists/checkValue", &values).await;
    assert_eq!(found, json!([]));
    for path in [
        "/taxonomies/view/1",
        "/galaxies/view/1",
        "/galaxy_clusters/view/1",
    ] {
        let (status, _) = call(&web, &guest, &format!("{REAL}{path}"), &Value::Null).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    // Nor does a search tell him what stands on one.
    let asked = json!({"enforceWarninglist": 1, "includeWarninglistHits": 1});
    let found = got(&web, &guest, "/attributes/restSearch", &asked).await;
    let found = found["response"]["Attribute"].as_array().unwrap();
    assert_eq!(found.len(), 1);
    assert!(found[0].get("warnings").is_none());
}

#[tokio::test]
async fn what_warninglists_have_is_left_out_or_said() {
    let (web, sign, _) = furnished().await;
    let more = json!([
        {"type": "domain|ip", "value": "www.evil.example|198.51.100.9"},
        {"type": "domain", "value": "other.example"},
    ]);
    got(&web, &sign, &format!("/attributes/add/{EVENT}"), &more).await;
    let values = |found: &Value| -> Vec<String> {
        let all = found.as_array().unwrap().iter();
        all.map(|one| one["value"].as_str().unwrap().to_owned())
            .collect()
    };
    let enforced = json!({"enforceWarninglist": 1});
    let found = got(&web, &sign, "/attributes/restSearch", &enforced).await;
    assert_eq!(values(&found["response"]["Attribute"]), ["other.example"]);
    let found = got(&web, &sign, "/events/restSearch", &enforced).await;
    assert_eq!(
        values(&found["response"][0]["Event"]["Attribute"]),
        ["other.example"]
    );
    let off = json!({"enforceWarninglist": 0});
    let found = got(&web, &sign, "/attributes/restSearch", &off).await;
    assert_eq!(values(&found["response"]["Attribute"]).len(), 3);
    let text = json!({"enforceWarninglist": true, "returnFormat": "text"}).to_string();
    let path = format!("/misp{REAL}/attributes/restSearch");
    let (_, _, body) = ask(&web, asks("POST", &path, &sign, &text)).await;
    assert_eq!(body, "other.example\n");
    let bundle = json!({"enforceWarninglist": 1, "returnFormat": "stix2"});
    let bundle = got(&web, &sign, "/events/restSearch", &bundle).await;
    assert!(!bundle.to_string().contains("evil.example"));

    let hits = json!({"includeWarninglistHits": 1});
    let found = got(&web, &sign, "/events/restSearch", &hits).await;
    let event = &found["response"][0]["Event"];
    assert_eq!(event["warnings"], json!({"1": "Names of ours"}));
    let hit = &event["Attribute"][0]["warnings"][0];
    assert_eq!(hit["warninglist_name"], "Names of ours");
    assert_eq!(
        event["Attribute"][1]["warnings"][0]["value"],
        "www.evil.example"
    );
    assert!(event["Attribute"][2].get("warnings").is_none());
    let found = got(&web, &sign, "/attributes/restSearch", &hits).await;
    assert_eq!(found["response"]["Attribute"][0]["warnings"][0], *hit);
    let found = got(&web, &sign, "/attributes/restSearch", &json!({})).await;
    assert!(found["response"]["Attribute"][0].get("warnings").is_none());
}

/// A sighting as an instance hands it on.
fn sighting(number: u32) -> Value {
    json!({
        "uuid": format!("30000000-0000-4000-8000-{number:012}"), "attribute_uuid": ATTRIBUTE,
        "event_id": "71", "attribute_id": "72", "org_id": "0", "type": "0", "source": "sensor",
        "date_sighting": "1795000000",
        "Organisation": {"uuid": "40000000-0000-4000-8000-000000000001", "name": "CSIRT of Brevonia"},
    })
}

#[tokio::test]
async fn sightings_are_handed_on_as_instances_do() {
    let (web, sign, guest) = furnished().await;
    let save = format!("/sightings/bulkSaveSightings/{EVENT}");
    let filter = format!("/sightings/filterSightingUuidsForPush/{EVENT}");
    let uuid = |number: u32| sighting(number)["uuid"].clone();
    assert_eq!(
        got(&web, &sign, &filter, &json!([uuid(1), uuid(2)])).await,
        json!([])
    );
    let done = got(&web, &sign, &save, &json!([sighting(1)])).await;
    assert_eq!(
        done,
        json!({"saved": true, "success": "1 sightings added."})
    );
    // In the other form, one of them known, one of an attribute that is not here.
    let mut elsewhere = sighting(3);
    elsewhere["attribute_uuid"] = json!("10000000-0000-4000-8000-0000000000ff");
    let more = json!({"Sighting": [sighting(1), sighting(2), elsewhere]});
    let done = got(&web, &sign, &save, &more).await;
    assert_eq!(done["success"], "1 sightings added.");
    let none = got(&web, &sign, &save, &json!([sighting(1)])).await;
    assert_eq!(
        none,
        json!({"saved": false, "success": "No sightings added."})
    );
    let there = got(&web, &sign, &filter, &json!([uuid(1), uuid(9), uuid(2)])).await;
    assert_eq!(there, json!([uuid(1), uuid(2)]));

    // Who saw it stays who saw it; it is asked for as an instance asks that pulls sightings.
    let asked = json!({"returnFormat": "json", "last": 0, "includeUuid": true,
        "uuid": [EVENT, "10000000-0000-4000-8000-0000000000ee"]});
    let found = got(&web, &sign, "/sightings/restSearch/event", &asked).await;
    let found = &found["response"];
    assert_eq!(found.as_array().unwrap().len(), 2);
    let one = &found[0]["Sighting"];
    assert_eq!(one["Organisation"]["name"], "CSIRT of Brevonia");
    assert_eq!(
        (&one["event_uuid"], &one["attribute_uuid"]),
        (&json!(EVENT), &json!(ATTRIBUTE))
    );
    assert_eq!(one["date_sighting"], "1795000000");

    for (path, body) in [(&save, json!([sighting(4)])), (&filter, json!([uuid(1)]))] {
        let (status, body) = call(&web, &guest, &format!("{REAL}{path}"), &body).await;
        assert!(
            [StatusCode::FORBIDDEN, StatusCode::METHOD_NOT_ALLOWED].contains(&status),
            "{path}: {body}"
        );
    }
    let unknown = "/sightings/filterSightingUuidsForPush/10000000-0000-4000-8000-0000000000ee";
    let (status, _) = call(&web, &sign, &format!("{REAL}{unknown}"), &json!([])).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_test_of_a_connection_says_what_arrived() {
    let (web, sign, _) = furnished().await;
    let path = format!("/misp{REAL}/servers/postTest");
    let body = json!({"testString": "ěšč\u{1f600} ' \" <"});
    let mut request = asks("POST", &path, &sign, &body.to_string());
    let headers = request.headers_mut();
    headers.insert("accept", "application/json".parse().unwrap());
    headers.insert(
        "content-type",
        "application/json; charset=utf-8".parse().unwrap(),
    );
    let (status, _, text) = ask(&web, request).await;
    assert_eq!(status, StatusCode::OK);
    let said: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        said,
        json!({"body": body, "headers": {
            "Accept": "application/json", "Content-type": "application/json; charset=utf-8",
        }})
    );
    let mut request = asks("POST", &path, &sign, &body.to_string());
    request.headers_mut().remove("accept");
    let (_, _, text) = ask(&web, request).await;
    let said: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(said["headers"]["Accept"], 0);
    let (status, _, _) = ask(&web, asks("GET", &path, &sign, "")).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
}
