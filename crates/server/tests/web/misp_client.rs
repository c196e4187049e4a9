//! MISP's interface as a script meets it.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use intel::{
    model::{Collection, Reader, Settings},
    ops,
};
use kernel::{Mode, Role, Tlp, UserId, Viewer, Who};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Person, Web, ask, basic, concrete, request, web};

pub(crate) const EVENT: &str = "10000000-0000-4000-8000-000000000001";
pub(crate) const ATTRIBUTE: &str = "10000000-0000-4000-8000-00000000000a";

pub(crate) fn analyst(mode: Mode) -> Viewer {
    Viewer {
        who: Who::User {
            id: UserId::from_uuid(uuid::Uuid::from_u128(1)),
            name: "somebody".to_owned(),
        },
        roles: [Role::Analyst].into_iter().collect(),
        party: "XA".parse().unwrap(),
        circles: Vec::new(),
        mode,
    }
}

async fn collection(web: &Web, root: &str, mode: Mode) -> Collection {
    let settings = Settings {
        alias: Some("misp".parse().unwrap()),
        title: "Events".parse().unwrap(),
        description: "".parse().unwrap(),
        ceiling: Tlp::AmberStrict,
        unmarked: Tlp::Amber,
    };
    let root = root.parse().unwrap();
    let new = ops::create(&web.ground, &analyst(mode), &root, settings).await;
    new.unwrap()
}

/// A node with a collection of each mode, and an analyst.
async fn node() -> (Web, String) {
    let web = web(100_000).await;
    collection(&web, "intel", Mode::Real).await;
    collection(&web, "exercise", Mode::Exercise).await;
    Person::with(&web, Role::Analyst).await;
    (web, basic("analyst", PASSWORD))
}

pub(crate) fn asks(method: &str, path: &str, sign: &str, body: &str) -> Request<Body> {
    let mut request = request(method, path, body);
    let headers = request.headers_mut();
    headers.insert("authorization", sign.parse().unwrap());
    request
}

pub(crate) async fn call(web: &Web, sign: &str, path: &str, body: &Value) -> (StatusCode, Value) {
    let (method, text) = match body {
        Value::Null => ("GET", String::new()),
        body => ("POST", body.to_string()),
    };
    let path = format!("/misp{path}");
    let (status, headers, body) = ask(web, asks(method, &path, sign, &text)).await;
    let media_type = headers["content-type"].to_str().unwrap();
    assert!(media_type.starts_with("application/json"), "{path}: {body}");
    (status, serde_json::from_str(&body).unwrap())
}

pub(crate) fn event(tag: &str) -> Value {
    json!({"Event": {
        "uuid": EVENT, "info": "An event", "Tag": [{"name": tag}],
        "Attribute": [{"uuid": ATTRIBUTE, "type": "domain", "value": "evil.example"}],
    }})
}

#[tokio::test]
async fn refusals_have_the_form_that_misp_gives_them() {
    let (web, sign) = node().await;
    for sign in ["", "comity_0123456789ab_AAAA", "Basic AAAA", "Digest x"] {
        let (status, body) = call(&web, sign, "/events/index", &Value::Null).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{sign}");
        let message = body["message"].as_str().unwrap();
        assert!(message.starts_with("Authentication failed."), "{body}");
        assert_eq!(
            (&body["name"], &body["url"]),
            (&body["message"], &json!("/events/index"))
        );
    }
    let (status, body) = call(&web, &sign, "/nothing/here.json", &Value::Null).await;
    assert_eq!(
        (status, &body["name"]),
        (StatusCode::NOT_FOUND, &json!("Not Found"))
    );
    let (status, body) = call(&web, &sign, "/events/view/77", &Value::Null).await;
    assert_eq!(
        (status, &body["message"]),
        (StatusCode::NOT_FOUND, &json!("Invalid event"))
    );
    let (status, _) = call(&web, &sign, "/events/add", &Value::Null).await;
    assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
    let (status, body) = call(&web, &sign, "/events/add", &json!({"Event": {"info": " "}})).await;
    assert_eq!(
        (status, &body["saved"]),
        (StatusCode::FORBIDDEN, &json!(false))
    );
    assert_eq!(body["errors"]["info"][0], "Info cannot be empty.");
    let (status, body) = call(
        &web,
        &sign,
        "/events/restSearch",
        &json!({"returnFormat": "xml"}),
    )
    .await;
    assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    let large = "x".repeat((64 << 20) + 1);
    let (status, _, body) = ask(&web, asks("POST", "/misp/events/add", &sign, &large)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(serde_json::from_str::<Value>(&body).unwrap()["message"].is_string());
    for bad in ["{", "[1]", "\"x\"", "{\"Event\":[]}"] {
        let (status, _, body) = ask(&web, asks("POST", "/misp/events/add", &sign, bad)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{bad}: {body}");
    }
}

#[tokio::test]
async fn what_is_refused_is_named_and_nothing_ends_in_an_error_of_the_server() {
    let (web, sign) = node().await;
    let add = format!("{REAL}/events/add");
    let strange = json!({"Event": {"info": "x", "distribution": "99"}});
    let (status, body) = call(&web, &sign, &add, &strange).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "{body}");
    assert!(body["errors"]["distribution"][0].is_string(), "{body}");

    let green = json!({"Event": {"info": "x", "Tag": [{"name": "tlp:green"}]}});
    let (_, body) = call(&web, &sign, &add, &green).await;
    let number = body["Event"]["id"].as_str().unwrap().to_owned();
    let object = json!({"name": "domain-ip", "Attribute": [
        {"type": "domain", "object_relation": "domain", "value": "good.example"},
        {"type": "ip-dst", "object_relation": "ip", "value": "not an ip"}]});
    let (status, body) = call(
        &web,
        &sign,
        &format!("{REAL}/objects/add/{number}"),
        &object,
    )
    .await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let kept = body["Object"]["Attribute"].as_array().unwrap();
    assert_eq!((kept.len(), &kept[0]["value"]), (1, &json!("good.example")));
    assert!(body["errors"]["value"][0].is_string(), "{body}");

    let asked = json!({"eventid": number, "returnFormat": "stix2"});
    for search in ["/events/restSearch", "/attributes/restSearch"] {
        let (_, _, body) = ask(
            &web,
            asks(
                "POST",
                &format!("/misp{REAL}{search}"),
                &sign,
                &asked.to_string(),
            ),
        )
        .await;
        let bundle: Value = serde_json::from_str(&body).unwrap();
        let id = bundle["id"].as_str().unwrap();
        let uuid: uuid::Uuid = id.strip_prefix("bundle--").unwrap().parse().unwrap();
        assert_eq!(uuid.get_version_num(), 4, "{search}: {id}");
    }
}

#[tokio::test]
async fn every_route_refuses_whoever_is_not_known() {
    let (web, _) = node().await;
    for route in misp::ROUTES {
        let request = request(route.method, &concrete(&route.path()), "{}");
        let (status, _, body) = ask(&web, request).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{}: {body}", route.path());
    }
}

/// Where the real collection stands.
pub(crate) const REAL: &str = "/in/intel/misp";

/// A node with an event, its analyst, and a guest who is named as a reader or is not.
pub(crate) async fn node_and_guest(named: bool) -> (Web, String, String) {
    let (web, sign) = node().await;
    let guest = Person::with(&web, Role::Reporter).await;
    let path = format!("{REAL}/events/add");
    let (status, body) = call(&web, &sign, &path, &event("tlp:green")).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    if named {
        let viewer = analyst(Mode::Real);
        let place = ("intel", "misp");
        let seen = ops::collection(&web.ground, &viewer, place.0, place.1).await;
        let version = seen.unwrap().collection.version;
        let readers = vec![(Reader::User(guest.id), false)];
        let set = ops::set_readers(&web.ground, &viewer, place, version, readers);
        set.await.unwrap();
    }
    (web, sign, basic("reporter", PASSWORD))
}

#[tokio::test]
async fn who_may_not_know_of_an_event_meets_none() {
    let (web, sign, guest) = node_and_guest(false).await;
    let by_uuid = format!("{REAL}/events/view/{}", EVENT.to_uppercase());
    let (status, body) = call(&web, &sign, &by_uuid, &Value::Null).await;
    assert_eq!(
        (status, &body["Event"]["info"]),
        (StatusCode::OK, &json!("An event"))
    );
    let id = body["Event"]["id"].as_str().unwrap().to_owned();
    let view = async |id: &str| {
        let path = format!("{REAL}/events/view/{id}");
        let (status, body) = call(&web, &guest, &path, &Value::Null).await;
        (status, body["message"].clone())
    };
    assert_eq!(view(&id).await, view("999999").await);
    assert_eq!(view(&id).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_guest_sees_of_an_event_what_its_labels_allow() {
    let (web, sign, guest) = node_and_guest(true).await;
    let view = format!("{REAL}/events/view/{EVENT}");
    let (status, body) = call(&web, &guest, &view, &Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let tag = json!({"uuid": ATTRIBUTE, "tag": "tlp:amber+strict"});
    let path = format!("{REAL}/tags/attachTagToObject");
    let (status, body) = call(&web, &sign, &path, &tag).await;
    assert_eq!(status, StatusCode::OK, "{body}");
    let (_, body) = call(&web, &guest, &view, &Value::Null).await;
    assert_eq!(body["Event"]["Attribute"], json!([]));
    let search = json!({"value": "evil.example"});
    for path in ["/attributes/restSearch", "/events/restSearch"] {
        let (_, body) = call(&web, &guest, &format!("{REAL}{path}"), &search).await;
        let response = &body["response"];
        let found = response.as_array().or(response["Attribute"].as_array());
        assert_eq!(found.unwrap().len(), 0, "{path}: {body}");
    }
    for (verb, body) in [("delete", json!({})), ("edit", json!({"info": "changed"}))] {
        let path = format!("{REAL}/events/{verb}/{EVENT}");
        let (status, _) = call(&web, &guest, &path, &body).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{verb}");
    }
}

#[tokio::test]
async fn real_and_exercise_do_not_meet() {
    let (web, sign) = node().await;
    let (status, _) = call(
        &web,
        &sign,
        "/in/exercise/misp/events/add",
        &event("tlp:green"),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    let path = format!("/in/intel/misp/events/view/{EVENT}");
    let (status, _) = call(&web, &sign, &path, &Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (_, tags) = call(&web, &sign, "/in/intel/misp/tags/index", &Value::Null).await;
    assert_eq!(tags["Tag"], json!([]));
    let (_, events) = call(&web, &sign, "/in/intel/misp/events/index", &Value::Null).await;
    assert_eq!(events, json!([]));
    let (_, events) = call(
        &web,
        &sign,
        "/in/exercise/misp/events/index.json",
        &Value::Null,
    )
    .await;
    assert_eq!(events[0]["uuid"], EVENT);
}

#[tokio::test]
async fn a_table_and_a_list_hold_what_was_searched() {
    let (web, sign) = node().await;
    let mut given = event("=cmd()");
    given["Event"]["Attribute"][0]["comment"] = json!("-2+3, \"quoted\"");
    let (status, body) = call(
        &web,
        &sign,
        "/in/exercise/misp/events/add/metadata:1",
        &given,
    )
    .await;
    assert_eq!(
        (status, &body["Event"]["Attribute"]),
        (StatusCode::OK, &Value::Null)
    );
    let get = async |path: &str| {
        let path = format!("/misp/in/exercise/misp{path}");
        let (status, headers, body) = ask(&web, asks("GET", &path, &sign, "")).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        (headers["content-type"].to_str().unwrap().to_owned(), body)
    };
    let (media_type, table) = get("/events/restSearch/returnFormat:csv/includeContext:1").await;
    assert!(media_type.starts_with("text/csv"));
    assert!(
        table.contains("evil.example,\"'-2+3, \"\"quoted\"\"\","),
        "{table}"
    );
    assert!(table.contains("\"'=cmd()\""), "{table}");
    let (_, text) = get("/attributes/restSearch/text").await;
    assert_eq!(text, "evil.example\n");
}
