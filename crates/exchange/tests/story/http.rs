//! The JSON routes, through the router and an API key.

use access::ops::{self as access_ops, NewKey, NewUser};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use db::Db;
use http_body_util::BodyExt;
use kernel::{Language, Mode, Role, Scope, Viewer, Who};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::house::{House, mitigation, two};

db::contract! {
    a_request_with_a_file_is_previewed_sent_and_proved,
    bad_input_names_its_field,
}

/// A router, and the key of a duty officer.
struct Client {
    router: Router,
    key: String,
}

async fn client(house: &House) -> Client {
    let ground = &house.x.ground;
    let node = house.node(Mode::Exercise);
    let new = NewUser {
        name: "amina".parse().unwrap(),
        display: "Amina".parse().unwrap(),
        roles: [Role::DutyOfficer].into_iter().collect(),
        language: Language::En,
        password: None,
    };
    let (user, _code) = access_ops::create_user(ground, &node, new).await.unwrap();
    let amina = Viewer {
        who: Who::User {
            id: user.id,
            name: "amina".to_owned(),
        },
        roles: user.roles,
        ..node
    };
    let new = NewKey {
        label: "test".parse().unwrap(),
        scopes: [Scope::ExchangeRead, Scope::ExchangeWrite]
            .into_iter()
            .collect(),
        mode: Mode::Exercise,
        days: 1,
    };
    let (_key, secret) = access_ops::create_key(ground, &amina, new).await.unwrap();
    let (router, _description) = exchange::http::router(house.x.clone()).split_for_parts();
    Client {
        router,
        key: secret.to_text(),
    }
}

impl Client {
    async fn ask(
        &self,
        method: Method,
        path: &str,
        (media_type, body): (&str, Vec<u8>),
    ) -> (StatusCode, Vec<u8>) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header(header::CONTENT_TYPE, media_type)
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let problem = response
            .extensions()
            .get::<std::sync::Arc<kernel::Problem>>();
        if let Some(problem) = problem {
            let told = json!({ "code": problem.code, "field": problem.field });
            return (status, told.to_string().into_bytes());
        }
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, bytes.to_vec())
    }

    async fn get(&self, path: &str) -> (StatusCode, Vec<u8>) {
        self.ask(Method::GET, path, ("text/plain", Vec::new()))
            .await
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let body = ("application/json", body.to_string().into_bytes());
        let (status, answer) = self.ask(Method::POST, path, body).await;
        (status, json_of(&answer))
    }
}

fn json_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap_or(Value::Null)
}

fn body(files: &[Value]) -> Value {
    json!({
        "to": "XB",
        "kind": "RFM",
        "tlp": "AMBER",
        "statement": {"title": "Please act", "details": mitigation()},
        "files": files,
    })
}

async fn a_request_with_a_file_is_previewed_sent_and_proved(db: Db) {
    let (a, b, _line) = two(db).await;
    let duty = client(&a).await;
    let log = b"a log line\n".repeat(50_000);
    let put = ("text/x-log", log.clone());
    let (status, put) = duty
        .ask(Method::POST, "/files?name=the%20log.txt", put)
        .await;
    assert_eq!(status, StatusCode::CREATED);
    let put = json_of(&put);
    assert_eq!(
        (&put["size"], &put["media_type"]),
        (&json!(550_000), &json!("text/x-log"))
    );
    let new = body(&[put["id"].clone()]);
    let (status, shown) = duty.post("/messages/preview", new.clone()).await;
    assert_eq!((status, &shown["refused"]), (StatusCode::OK, &Value::Null));
    assert_eq!(shown["readers_there"], "house_and_clients");
    let (status, sent) = duty.post("/threads", new).await;
    assert_eq!(status, StatusCode::CREATED);
    a.x.post.drain().await;
    let (thread, id) = (
        sent["thread"].as_str().unwrap(),
        sent["id"].as_str().unwrap(),
    );
    let (_, listed) = duty.get("/threads?state=waiting_for_them").await;
    assert_eq!(json_of(&listed)["items"][0]["id"], sent["thread"]);
    let (_, read) = duty.get(&format!("/threads/{thread}")).await;
    let read = json_of(&read);
    assert_eq!(read["messages"][0]["delivery"]["state"], "receipted");
    assert_eq!(read["requests"][0]["state"]["state"], "open");
    let (status, file) = duty.get(&format!("/messages/{id}/files/1")).await;
    assert!(status == StatusCode::OK && file == log);
    let (_, proof) = duty.get(&format!("/messages/{id}/proof")).await;
    assert_eq!(json_of(&proof)["outcome"], "proven");
    let (_, receipt) = duty.get(&format!("/messages/{id}/receipt")).await;
    assert!(receipt.starts_with(b"c2sp.org/tlog-proof@v1"));
    let (_, envelope) = duty.get(&format!("/messages/{id}/envelope")).await;
    assert!(json_of(&envelope)["payload"].is_string());
    let (status, archive) = duty.get(&format!("/threads/{thread}/evidence")).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        tar::Archive::new(archive.as_slice())
            .entries()
            .unwrap()
            .count()
            >= 7
    );
    let (_, clocks) = duty.get("/clocks").await;
    assert_eq!(json_of(&clocks)["items"][0]["ours"], false);
    let (status, _) = duty
        .post(&format!("/threads/{thread}/read"), json!({}))
        .await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, _) = duty.post(&format!("/messages/{id}/retry"), json!({})).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    b.end().await;
}

async fn bad_input_names_its_field(db: Db) {
    let (a, b, _line) = two(db).await;
    let duty = client(&a).await;
    let mut new = body(&[]);
    new["statement"]["details"]["measures"] = json!([]);
    let (status, told) = duty.post("/threads", new).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(
        told,
        json!({"code": "statement.field_count", "field": "details.measures"})
    );
    let mut new = body(&[]);
    new["unknown"] = json!(1);
    let (status, _) = duty.post("/threads", new).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let nobody = "/threads/thread--6f9c1c44-0000-4000-8000-000000000000";
    let (status, told) = duty.get(nobody).await;
    assert_eq!(
        (status, &json_of(&told)["code"]),
        (StatusCode::NOT_FOUND, &json!("thread.not_found"))
    );
    let (status, _) = duty.get("/threads/nonsense").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    b.end().await;
}
