//! The web listener as a caller meets it: who is refused, and in what form.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

use std::sync::Arc;

use access::http::Door as PageDoor;
use audit::Ground;
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, Response, StatusCode},
    routing::get,
};
use db::{Address, Db, Options};
use kernel::{OsRng, SystemClock};
use seal::data::DataKey;
use serde_json::Value;
use server::{
    health::Health,
    listen::Remote,
    middleware::{door::Door, rate::Rates},
    problem::Renderer,
    rooms::{self, House},
    router::{self, Faces, Frame},
    shutdown::Shutdown,
};
use tower::ServiceExt;

/// Operations for whoever has no session yet.
const OPEN: [(&str, &str); 2] = [
    ("post", "/api/v1/session"),
    ("post", "/api/v1/password-resets"),
];

struct Web {
    router: Router,
    document: utoipa::openapi::OpenApi,
    _folder: tempfile::TempDir,
}

async fn web(a_minute: u32) -> Web {
    let folder = tempfile::tempdir().unwrap();
    let address = Address::Sqlite(folder.path().join("comity.db"));
    let db = Db::open(&address, Options::default()).await.unwrap();
    let ground = Ground::open(db.clone(), Arc::new(SystemClock), Arc::new(OsRng))
        .await
        .unwrap();
    let mut tx = db.begin().await.unwrap();
    access::ops::set_node_party_in(&mut tx, &"XA".parse().unwrap())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let frame = Frame {
        door: Arc::new(Door {
            proxies: Vec::new(),
            hosts: vec!["comity.example".to_owned()],
            pages: PageDoor {
                cookie: "comity-XA".into(),
                secure: true,
            },
            rates: Rates::new(Arc::new(SystemClock), a_minute),
        }),
        renderer: Renderer {
            rng: Arc::new(OsRng),
            page: rooms::error_page,
        },
        health: Health {
            db,
            shutdown: Shutdown::new(),
            token: None,
        },
        https: true,
    };
    let house = House {
        ground,
        data_key: DataKey::from_bytes(zeroize::Zeroizing::new([7; 32])),
    };
    let (_, document) = router::api(rooms::api(house.clone()));
    let faces = Faces {
        api: rooms::api(house),
        pages: Router::new().route("/falls", get(falls)),
    };
    Web {
        router: router::web(faces, frame),
        document,
        _folder: folder,
    }
}

#[expect(clippy::panic, reason = "a handler that falls over")]
async fn falls() -> &'static str {
    panic!("a secret of the house");
}

fn request(method: &str, path: &str, body: &str) -> Request<Body> {
    let mut request = Request::builder()
        .method(Method::from_bytes(method.to_uppercase().as_bytes()).unwrap())
        .uri(path)
        .header("host", "comity.example")
        .header("content-type", "application/json")
        .body(Body::from(body.to_owned()))
        .unwrap();
    let remote = Remote("192.0.2.1".parse().unwrap());
    request.extensions_mut().insert(remote);
    request
}

async fn ask(web: &Web, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
    let response: Response<Body> = web.router.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let text = String::from_utf8(body.to_vec()).unwrap();
    (head.status, head.headers, text)
}

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
            let concrete: Vec<_> = path
                .split('/')
                .map(|part| match part.strip_prefix('{') {
                    Some(_) => "018f0000-0000-7000-8000-000000000000",
                    None => part,
                })
                .collect();
            let request = request(method, &concrete.join("/"), "{}");
            let (status, _, body) = ask(&web, request).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{method} {path}: {body}");
            asked += 1;
        }
    }
    assert!(asked > 10, "only {asked} operations");
}

#[tokio::test]
async fn every_operation_names_the_act_that_the_policy_decides() {
    let web = web(10_000).await;
    let document = serde_json::to_value(&web.document).unwrap();
    let acts: Vec<String> = access::policy::Act::ALL
        .iter()
        .map(ToString::to_string)
        .collect();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let act = operation["x-act"].as_str().unwrap_or("none");
            let known = ["open", "signed_in"].contains(&act) || acts.iter().any(|one| one == act);
            assert!(known, "{method} {path} names the act {act}");
        }
    }
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
