//! TAXII 2.1 as a client meets it.

use access::{model::Label, ops as people};
use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode},
};
use intel::{
    model::{Reader, Settings},
    ops,
};
use kernel::{Mode, Role, Scope, Tlp, UserId, Viewer, Who};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, Web, ask, basic, request, web};

const OBJECTS: &str = "/taxii2/intel/collections/feed/objects/";

fn analyst() -> Viewer {
    Viewer {
        who: Who::User {
            id: UserId::from_uuid(uuid::Uuid::from_u128(1)),
            name: "somebody".to_owned(),
        },
        roles: [Role::Analyst].into_iter().collect(),
        party: "XA".parse().unwrap(),
        circles: Vec::new(),
        mode: Mode::Real,
    }
}

/// A node with a collection, and an analyst who has a password.
async fn node() -> (Web, String) {
    let (web, sign, _) = node_and_analyst().await;
    (web, sign)
}

async fn node_and_analyst() -> (Web, String, Person) {
    let web = web(100_000).await;
    let settings = Settings {
        alias: Some("feed".parse().unwrap()),
        title: "A feed".parse().unwrap(),
        description: "".parse().unwrap(),
        ceiling: Tlp::Red,
        unmarked: Tlp::AmberStrict,
    };
    let root = "intel".parse().unwrap();
    ops::create(&web.ground, &analyst(), &root, settings)
        .await
        .unwrap();
    let person = Person::with(&web, Role::Analyst).await;
    (web, basic("analyst", PASSWORD), person)
}

fn asks(method: &str, path: &str, sign: &str, body: &str) -> Request<Body> {
    let mut request = request(method, path, body);
    *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
    let headers = request.headers_mut();
    headers.insert("authorization", sign.parse().unwrap());
    headers.insert("accept", taxii::TAXII.parse().unwrap());
    headers.insert("content-type", taxii::TAXII.parse().unwrap());
    request
}

async fn get(web: &Web, sign: &str, path: &str) -> (StatusCode, HeaderMap, Value) {
    let (status, headers, body) = ask(web, asks("GET", path, sign, "")).await;
    assert_eq!(headers["content-type"], taxii::TAXII, "{path}: {body}");
    (status, headers, serde_json::from_str(&body).unwrap())
}

fn malware(number: u32) -> Value {
    json!({
        "type": "malware", "spec_version": "2.1", "is_family": false, "name": format!("m{number}"),
        "id": format!("malware--00000000-0000-4000-8000-{number:012}"),
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
    })
}

async fn post(web: &Web, sign: &str, objects: &[Value]) -> Value {
    let body = json!({ "objects": objects }).to_string();
    let (status, _, body) = ask(web, asks("POST", OBJECTS, sign, &body)).await;
    assert_eq!(status, StatusCode::ACCEPTED, "{body}");
    serde_json::from_str(&body).unwrap()
}

#[tokio::test]
async fn a_client_finds_its_way_from_discovery_to_the_last_page() {
    let (web, sign) = node().await;
    let (_, _, discovery) = get(&web, &sign, "/taxii2/").await;
    assert_eq!(
        discovery["api_roots"],
        json!([
            "https://comity.example/taxii2/exercise/",
            "https://comity.example/taxii2/intel/"
        ]),
        "a person of an exercising party begins with the exercise"
    );
    let (_, _, root) = get(&web, &sign, "/taxii2/intel/").await;
    assert_eq!(root["versions"], json!([taxii::TAXII]));
    let (_, _, collections) = get(&web, &sign, "/taxii2/intel/collections/").await;
    let collection = &collections["collections"][0];
    assert_eq!(
        (&collection["alias"], &collection["can_write"]),
        (&json!("feed"), &json!(true))
    );

    let objects: Vec<_> = (0..5).map(malware).collect();
    let status = post(&web, &sign, &objects).await;
    assert_eq!(
        (&status["status"], &status["success_count"]),
        (&json!("complete"), &json!(5))
    );
    let id = collection["id"].as_str().unwrap();
    let (mut found, mut next) = (Vec::new(), String::new());
    loop {
        let path = format!("/taxii2/intel/collections/{id}/objects/?limit=2{next}");
        let (_, headers, page) = get(&web, &sign, &path).await;
        assert!(headers["x-taxii-date-added-first"] <= headers["x-taxii-date-added-last"]);
        found.extend(page["objects"].as_array().unwrap().clone());
        match page["next"].as_str() {
            Some(cursor) => next = format!("&next={cursor}"),
            None => break,
        }
        assert_eq!(page["more"], true);
    }
    assert_eq!(found, objects);
}

#[tokio::test]
async fn added_after_leaves_nothing_out_and_repeats_nothing() {
    let (web, sign) = node().await;
    post(&web, &sign, &(0..4).map(malware).collect::<Vec<_>>()).await;
    let (_, headers, _) = get(&web, &sign, &format!("{OBJECTS}?limit=3")).await;
    let last = headers["x-taxii-date-added-last"].to_str().unwrap();
    let (_, _, rest) = get(&web, &sign, &format!("{OBJECTS}?added_after={last}")).await;
    assert_eq!(rest, json!({"objects": [malware(3)]}));
    let (_, headers, none) = get(
        &web,
        &sign,
        &format!("{OBJECTS}?added_after=2030-01-01T00:00:00Z"),
    )
    .await;
    assert_eq!(none, json!({}));
    assert!(!headers.contains_key("x-taxii-date-added-last"));
}

#[tokio::test]
async fn one_object_has_versions_and_a_manifest() {
    let (web, sign) = node().await;
    let mut newer = malware(1);
    newer["modified"] = json!("2026-02-01T00:00:00.000Z");
    post(&web, &sign, &[malware(1), newer.clone()]).await;
    let object = format!("{OBJECTS}{}/", newer["id"].as_str().unwrap());
    let (_, _, page) = get(&web, &sign, &object).await;
    assert_eq!(page, json!({"objects": [newer]}));
    let (_, _, versions) = get(&web, &sign, &format!("{object}versions/")).await;
    let both = json!(["2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"]);
    assert_eq!(versions, json!({ "versions": both }));
    let (_, _, manifest) = get(&web, &sign, "/taxii2/intel/collections/feed/manifest/").await;
    let entry = &manifest["objects"][0];
    assert_eq!(entry["media_type"], "application/stix+json;version=2.1");
    assert_eq!(entry["version"], "2026-02-01T00:00:00.000Z");

    let (status, _, _) = ask(&web, asks("DELETE", &object, &sign, "")).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _, error) = get(&web, &sign, &object).await;
    assert_eq!(
        (status, &error["http_status"]),
        (StatusCode::NOT_FOUND, &json!("404"))
    );
    let again = post(&web, &sign, &[malware(1)]).await;
    assert_eq!(again["failure_count"], 1);
    assert!(
        again["failures"][0]["message"]
            .as_str()
            .unwrap()
            .contains("intel.deleted")
    );
}

#[tokio::test]
async fn a_status_is_for_who_sent_the_envelope() {
    let (web, sign) = node().await;
    let status = post(&web, &sign, &[malware(1), json!({"id": "bad"})]).await;
    let path = format!("/taxii2/intel/status/{}/", status["id"].as_str().unwrap());
    let (_, _, again) = get(&web, &sign, &path).await;
    assert_eq!(again, status);
    Person::with(&web, Role::DutyOfficer).await;
    let other = basic("duty-officer", PASSWORD);
    assert_eq!(get(&web, &other, &path).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn who_does_not_sign_is_told_how() {
    let (web, _) = node().await;
    let bad = basic("analyst", "not this");
    for sign in ["Bearer nothing", "Digest x", "Basic !", bad.as_str()] {
        let (status, headers, error) = get(&web, sign, "/taxii2/").await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{sign}");
        assert_eq!(headers.get_all("www-authenticate").iter().count(), 2);
        assert_eq!(error["error_code"], "access.unauthenticated");
    }
}

#[tokio::test]
async fn a_key_signs_as_bearer_and_as_a_password() {
    let (web, sign, person) = node_and_analyst().await;
    post(&web, &sign, &[malware(1)]).await;
    let viewer = Viewer {
        who: Who::User {
            id: person.id,
            name: "analyst".to_owned(),
        },
        ..analyst()
    };
    let new = people::NewKey {
        label: "feed".parse::<Label>().unwrap(),
        scopes: [Scope::IntelRead].into_iter().collect(),
        mode: Mode::Real,
        days: 3,
    };
    let (_, secret) = people::create_key(&web.ground, &viewer, new).await.unwrap();
    for sign in [
        format!("Bearer {}", secret.to_text()),
        basic("whoever", &secret.to_text()),
    ] {
        let (status, _, page) = get(&web, &sign, OBJECTS).await;
        assert_eq!(
            (status, page),
            (StatusCode::OK, json!({"objects": [malware(1)]}))
        );
        let (status, _, error) = get(&web, &sign, "/taxii2/exercise/").await;
        assert_eq!(
            (status, &error["error_code"]),
            (StatusCode::NOT_FOUND, &json!("intel.not_found"))
        );
        let sent = asks("POST", OBJECTS, &sign, r#"{"objects":[]}"#);
        let (status, _, body) = ask(&web, sent).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
    }
}

#[tokio::test]
async fn a_guest_sees_nothing_that_does_not_name_him() {
    let (web, sign) = node().await;
    let mut green = malware(1);
    green["object_marking_refs"] =
        json!(["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]);
    post(&web, &sign, &[green.clone(), malware(2)]).await;
    let person = Person::with(&web, Role::Reporter).await;
    let guest = basic("reporter", PASSWORD);
    let (_, _, none) = get(&web, &guest, "/taxii2/intel/collections/").await;
    assert_eq!(none, json!({}));
    let hidden = get(&web, &guest, OBJECTS).await;
    let absent = get(&web, &guest, "/taxii2/intel/collections/nothing/objects/").await;
    assert_eq!(
        (hidden.0, hidden.2),
        (absent.0, absent.2),
        "hidden is as absent"
    );

    let readers = vec![(Reader::User(person.id), false)];
    ops::set_readers(&web.ground, &analyst(), ("intel", "feed"), 1, readers)
        .await
        .unwrap();
    let (_, _, page) = get(&web, &guest, OBJECTS).await;
    assert_eq!(page, json!({ "objects": [green] }));
}

#[tokio::test]
async fn what_cannot_be_answered_is_refused_by_its_name() {
    let (web, sign) = node().await;
    let status_of = async |path: &str| get(&web, &sign, path).await.0.as_u16();
    assert_eq!(status_of(&format!("{OBJECTS}?limit=0")).await, 400);
    assert_eq!(status_of(&format!("{OBJECTS}?next=forged")).await, 400);
    assert_eq!(status_of("/taxii2/nothing/").await, 404);
    assert_eq!(status_of("/taxii2/intel/status/x/").await, 404);
    assert_eq!(status_of("/taxii2/intel/nothing/").await, 404);
    let mut wrong = asks("GET", "/taxii2/", &sign, "");
    wrong.headers_mut().insert(
        "accept",
        "application/taxii+json;version=2.0".parse().unwrap(),
    );
    assert_eq!(ask(&web, wrong).await.0, StatusCode::NOT_ACCEPTABLE);
    let mut wrong = asks("POST", OBJECTS, &sign, "{}");
    wrong
        .headers_mut()
        .insert("content-type", "application/json".parse().unwrap());
    assert_eq!(ask(&web, wrong).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let cut = ask(&web, asks("POST", OBJECTS, &sign, r#"{"objects":["#)).await;
    assert_eq!(cut.0, StatusCode::BAD_REQUEST, "{}", cut.2);
}
