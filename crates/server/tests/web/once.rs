//! The same request twice has its effect once.

use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use kernel::Role;
use serde_json::Value;

use crate::support::{Person, Web, ask, request, web};

const INCIDENT: &str =
    r#"{"kind": "incident", "title": "Ransomware at a hospital", "determination": "suspected"}"#;

fn keyed(person: &Person, key: &str, body: &str) -> Request<Body> {
    let mut request = person.asks(request("post", "/api/v1/incidents", body));
    request
        .headers_mut()
        .insert("idempotency-key", key.parse().unwrap());
    request
}

async fn send(web: &Web, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let (status, headers, body) = ask(web, request).await;
    (status, headers, serde_json::from_str(&body).unwrap())
}

async fn incidents(web: &Web, person: &Person) -> usize {
    let list = person.asks(request("get", "/api/v1/incidents", ""));
    let (_, _, list) = send(web, list).await;
    list["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_request_that_comes_again_is_answered_again_and_done_once() {
    let web = web(10_000).await;
    let duty = Person::with(&web, Role::DutyOfficer).await;
    let (first, headers, made) = send(&web, keyed(&duty, "k-1", INCIDENT)).await;
    assert_eq!(first, StatusCode::CREATED, "{made}");
    assert!(!headers.contains_key("idempotent-replayed"));
    for _ in 0..2 {
        let (again, headers, told) = send(&web, keyed(&duty, "k-1", INCIDENT)).await;
        assert_eq!((again, &told), (first, &made));
        assert_eq!(headers["idempotent-replayed"], "true");
        assert_eq!(headers["content-type"], "application/json");
    }
    assert_eq!(incidents(&web, &duty).await, 1);
    let (other, ..) = send(&web, keyed(&duty, "k-2", INCIDENT)).await;
    assert_eq!(other, StatusCode::CREATED);
    assert_eq!(incidents(&web, &duty).await, 2);
}

#[tokio::test]
async fn another_request_under_the_key_is_refused() {
    let web = web(10_000).await;
    let duty = Person::with(&web, Role::DutyOfficer).await;
    send(&web, keyed(&duty, "k", INCIDENT)).await;
    let other = INCIDENT.replace("hospital", "port");
    let (status, _, problem) = send(&web, keyed(&duty, "k", &other)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["code"], "request.key_reused");
    assert_eq!(incidents(&web, &duty).await, 1);
    // The key of one user says nothing of another's.
    let analyst = Person::with(&web, Role::Analyst).await;
    let (status, ..) = send(&web, keyed(&analyst, "k", &other)).await;
    assert_eq!(status, StatusCode::CREATED);
}

#[tokio::test]
async fn what_was_refused_may_be_sent_again() {
    let web = web(10_000).await;
    let duty = Person::with(&web, Role::DutyOfficer).await;
    let (status, ..) = send(&web, keyed(&duty, "k", "{}")).await;
    assert!(status.is_client_error());
    let (status, ..) = send(&web, keyed(&duty, "k", INCIDENT)).await;
    assert_eq!(status, StatusCode::CREATED);
    let diplomat = Person::with(&web, Role::Diplomat).await;
    let (status, _, problem) = send(&web, keyed(&diplomat, "k", INCIDENT)).await;
    assert_eq!(
        (status, &problem["code"]),
        (StatusCode::FORBIDDEN, &"access.role".into())
    );
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let web = web(10_000).await;
    let duty = Person::with(&web, Role::DutyOfficer).await;
    for key in ["", "two words", &"k".repeat(129)] {
        let (status, _, problem) = send(&web, keyed(&duty, key, INCIDENT)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{key}");
        assert_eq!(problem["field"], "idempotency-key");
    }
    assert_eq!(incidents(&web, &duty).await, 0);
}

#[tokio::test]
async fn a_kept_answer_is_sealed() {
    const SQL: &str = "SELECT answer FROM access_answer";
    let web = web(10_000).await;
    let admin = Person::with(&web, Role::Admin).await;
    let body = r#"{"name": "boris", "display": "Boris", "roles": ["analyst"], "language": "en"}"#;
    let mut new = admin.asks(request("post", "/api/v1/users", body));
    new.headers_mut()
        .insert("idempotency-key", "k".parse().unwrap());
    let (status, _, made) = send(&web, new).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    let mut tx = web.ground.db.begin_read().await.unwrap();
    let (answer,): (Vec<u8>,) = db::query(SQL).fetch_one(&mut tx).await.unwrap();
    let text = String::from_utf8_lossy(&answer);
    assert!(!text.contains("boris"), "{text}");
}
