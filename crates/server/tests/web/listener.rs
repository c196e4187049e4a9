//! Who is refused at the door, and in what form.

use axum::http::StatusCode;
use serde_json::Value;

use crate::support::{OPEN, ask, concrete, request, web};

#[tokio::test]
async fn every_operation_but_signing_in_refuses_whoever_is_not_signed_in() {
    let web = web(10_000).await;
    let document = serde_json::to_value(&web.document).unwrap();
    let mut asked = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            if OPEN.contains(&(method.as_str(), path.as_str())) {
                continue;
            }
            let request = request(method, &concrete(path), "{}");
            let (status, _, body) = ask(&web, request).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}: {body}");
            asked += 1;
        }
    }
    assert!(asked > 10, "only {asked} operations");
}

#[tokio::test]
async fn refusals_are_problem_documents_for_programs_and_pages_for_people() {
    let web = web(10_000).await;
    let (status, headers, body) = ask(&web, request("get", "/api/v1/me", "")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(headers["content-type"], "application/problem+json");
    let document: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(document["code"], "access.unauthenticated");
    assert_eq!(document["status"], 401);

    let mut page = request("get", "/no/such/page", "");
    page.headers_mut()
        .insert("accept", "text/html,*/*".parse().unwrap());
    let (status, headers, _) = ask(&web, page).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_ne!(headers["content-type"], "application/problem+json");
}

#[tokio::test]
async fn unreadable_bodies_are_bad_requests_with_a_reason() {
    let web = web(10_000).await;
    for body in [
        "{",
        "[]",
        r#"{"name":"a","password":"b","no_such_field":1}"#,
    ] {
        let (status, headers, text) = ask(&web, request("post", "/api/v1/session", body)).await;
        assert!(status.is_client_error(), "{body}: {status}");
        assert_eq!(headers["content-type"], "application/problem+json");
        let document: Value = serde_json::from_str(&text).unwrap();
        assert!(
            document["detail"]
                .as_str()
                .is_some_and(|detail| !detail.is_empty())
        );
    }
    let long = format!("\"{}\"", "a".repeat(2 * 1024 * 1024));
    let (status, ..) = ask(&web, request("post", "/api/v1/session", &long)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_falls_over_shows_an_incident_id_and_nothing_else() {
    let web = web(10_000).await;
    let (status, _, body) = ask(&web, request("get", "/falls", "")).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    let document: Value = serde_json::from_str(&body).unwrap();
    assert!(
        document["instance"]
            .as_str()
            .unwrap()
            .starts_with("urn:uuid:")
    );
    assert!(!body.contains("secret"), "{body}");
    assert_eq!(document["detail"], Value::Null);
}

#[tokio::test]
async fn every_answer_tells_the_browser_what_it_may_not_do() {
    let web = web(10_000).await;
    for path in ["/healthz", "/readyz", "/no/such/page", "/api/v1/me"] {
        let (_, headers, _) = ask(&web, request("get", path, "")).await;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("default-src 'none'") && !policy.contains("unsafe"),
            "{path}"
        );
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert!(headers.contains_key("strict-transport-security"));
        assert!(headers.contains_key("x-request-id"));
    }
}

#[tokio::test]
async fn too_many_requests_and_other_hosts_are_refused() {
    let web = web(3).await;
    for _ in 0..3 {
        let (status, ..) = ask(&web, request("get", "/healthz", "")).await;
        assert_eq!(status, StatusCode::OK);
    }
    let (status, headers, _) = ask(&web, request("get", "/healthz", "")).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    assert!(headers.contains_key("retry-after"));

    let mut elsewhere = request("get", "/healthz", "");
    elsewhere
        .headers_mut()
        .insert("host", "evil.example".parse().unwrap());
    let (status, _, body) = ask(&web, elsewhere).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(body.contains("request.wrong_host"), "{body}");
}

#[tokio::test]
async fn figures_are_not_for_strangers() {
    let web = web(10_000).await;
    let (status, ..) = ask(&web, request("get", "/metrics", "")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_method_that_a_resource_does_not_have_is_said_with_those_that_it_has() {
    let web = web(10_000).await;
    for (path, allowed) in [
        ("/api/v1/parties", "GET,HEAD,POST"),
        ("/api/v1/incidents", "GET,HEAD,POST"),
        ("/healthz", "GET,HEAD"),
    ] {
        let (status, headers, body) = ask(&web, request("patch", path, "{}")).await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
        let allow = headers["allow"].to_str().unwrap();
        assert!(
            allowed.split(',').all(|one| allow.contains(one)),
            "{path}: {allow}"
        );
        let document: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(document["code"], "request.method_not_allowed");
        assert_eq!(document["status"], 405);
    }
}
