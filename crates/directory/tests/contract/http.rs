//! The JSON routes, as users with their roles meet them.

use access::ops::{self as access_ops, NewKey, NewUser};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use db::Db;
use directory::ops;
use http_body_util::BodyExt;
use kernel::{Language, Mode, Role, Scope, Viewer, Who};
use seal::keys::Purpose;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::support::{House, Maker, desk};

db::contract! {
    an_administrator_adds_freezes_and_removes_a_party,
    a_look_at_contact_data_is_recorded_with_its_reason,
    users_of_an_unlisted_party_see_no_contact_data,
    each_role_gets_what_the_policy_gives_it,
}

/// A program that asks with the key of a user.
struct Client {
    router: Router,
    key: String,
}

impl Client {
    async fn of(house: &House, name: &str, role: Role) -> Self {
        let new = NewUser {
            name: name.parse().unwrap(),
            display: name.parse().unwrap(),
            roles: [role].into_iter().collect(),
            language: Language::En,
            password: None,
        };
        let (user, _code) = access_ops::create_user(&house.ground, &house.node, new)
            .await
            .unwrap();
        let viewer = Viewer {
            who: Who::User {
                id: user.id,
                name: name.to_owned(),
            },
            roles: user.roles,
            ..house.node.clone()
        };
        let new = NewKey {
            label: "test".parse().unwrap(),
            scopes: [Scope::DirectoryRead, Scope::DirectoryWrite]
                .into_iter()
                .collect(),
            mode: Mode::Exercise,
            days: 1,
        };
        let (_key, secret) = access_ops::create_key(&house.ground, &viewer, new)
            .await
            .unwrap();
        let (router, _description) =
            directory::http::router(house.ground.clone(), house.key.clone()).split_for_parts();
        Self {
            router,
            key: secret.to_text(),
        }
    }

    async fn ask(&self, method: Method, path: &str, body: Value) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let problem = response
            .extensions()
            .get::<std::sync::Arc<kernel::Problem>>();
        if let Some(problem) = problem {
            return (status, json!(problem.code));
        }
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        )
    }
}

async fn an_administrator_adds_freezes_and_removes_a_party(db: Db) {
    let house = House::open(db).await;
    let admin = Client::of(&house, "admin", Role::Admin).await;
    let maker = Maker::new("XB", 2);
    let card: Value =
        serde_json::from_slice(&maker.card(&[Purpose::Exercise]).to_bytes().unwrap()).unwrap();
    let mut body = json!({ "card": card, "fingerprint": "00".repeat(32) });
    let (status, code) = admin.ask(Method::POST, "/parties", body.clone()).await;
    assert_eq!(
        (status, code),
        (StatusCode::CONFLICT, json!("directory.fingerprint_differs"))
    );
    body["fingerprint"] = json!(maker.root.fingerprint().words());
    let (status, added) = admin.ask(Method::POST, "/parties", body).await;
    assert_eq!(
        (status, &added[0]["code"]),
        (StatusCode::CREATED, &json!("XB"))
    );

    let frozen = json!({ "trust": "frozen", "reason": "two ledgers" });
    let (status, party) = admin
        .ask(Method::PUT, "/parties/XB/trust", frozen.clone())
        .await;
    assert_eq!(
        (status, &party["trust"]),
        (StatusCode::OK, &json!("frozen"))
    );
    let (status, code) = admin.ask(Method::PUT, "/parties/XA/trust", frozen).await;
    assert_eq!(
        (status, code),
        (StatusCode::CONFLICT, json!("directory.own"))
    );
    let unknown = json!({ "trust": "loved", "reason": "" });
    let (status, _) = admin.ask(Method::PUT, "/parties/XB/trust", unknown).await;
    assert!(status.is_client_error());
    assert_eq!(house.acts("directory.trust").await, 1);

    let moved = json!({ "federation": "node.example:8461", "web": null });
    let (status, card) = admin.ask(Method::PUT, "/card/addresses", moved).await;
    assert_eq!(
        (status, &card["federation"]),
        (StatusCode::OK, &json!("node.example:8461"))
    );
    let nowhere = json!({ "federation": "node.example", "web": null });
    let (status, _) = admin.ask(Method::PUT, "/card/addresses", nowhere).await;
    assert!(status.is_client_error());

    let (status, _) = admin.ask(Method::DELETE, "/parties/XB", Value::Null).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    let (status, code) = admin.ask(Method::GET, "/parties/XB", Value::Null).await;
    assert_eq!(
        (status, code),
        (StatusCode::NOT_FOUND, json!("directory.no_party"))
    );
}

async fn a_look_at_contact_data_is_recorded_with_its_reason(db: Db) {
    let house = House::open(db).await;
    let code = "XA".parse().unwrap();
    ops::add_contact(&house.ground, &house.key, &house.node, &code, desk())
        .await
        .unwrap();
    let duty = Client::of(&house, "amina", Role::DutyOfficer).await;
    let (status, page) = duty.ask(Method::GET, "/parties/XA", Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    assert!(!page.to_string().contains("Marchetti"), "{page}");
    assert_eq!(house.acts("directory.looked").await, 0);
    let id = page["contacts"][0]["id"].as_str().unwrap();
    let look = format!("/contacts/{id}/looks");
    let (status, _) = duty.ask(Method::POST, &look, json!({})).await;
    assert!(status.is_client_error(), "a look has a reason");
    let reason = json!({ "reason": "overdue request" });
    let (status, looked) = duty.ask(Method::POST, &look, reason).await;
    assert_eq!(
        (status, &looked["reach"]["person"]),
        (StatusCode::OK, &json!("Ines Marchetti"))
    );
    assert_eq!(house.acts("directory.looked").await, 1);
}

async fn users_of_an_unlisted_party_see_no_contact_data(db: Db) {
    const UNLIST: &str = "UPDATE directory_party SET trust = 'frozen' WHERE code = 'XA'";
    let house = House::open(db).await;
    let code = "XA".parse().unwrap();
    let contact = ops::add_contact(&house.ground, &house.key, &house.node, &code, desk())
        .await
        .unwrap();
    let duty = Client::of(&house, "amina", Role::DutyOfficer).await;
    let mut tx = house.ground.db.begin().await.unwrap();
    db::query(UNLIST).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let look = format!("/contacts/{}/looks", contact.id);
    let reason = json!({ "reason": "overdue request" });
    let (status, code) = duty.ask(Method::POST, &look, reason).await;
    assert_eq!(
        (status, code),
        (StatusCode::FORBIDDEN, json!("directory.not_listed"))
    );
    assert_eq!(house.acts("directory.looked").await, 0);
}

async fn each_role_gets_what_the_policy_gives_it(db: Db) {
    let house = House::open(db).await;
    let code = "XA".parse().unwrap();
    let contact = ops::add_contact(&house.ground, &house.key, &house.node, &code, desk())
        .await
        .unwrap();
    let look = format!("/contacts/{}/looks", contact.id);
    let trust = json!({ "trust": "frozen", "reason": "" });
    // A reporter makes no keys.
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Reporter) {
        let client = Client::of(&house, role.as_str(), role).await;
        let reads = client.ask(Method::GET, "/parties", Value::Null).await.0;
        let looks = client
            .ask(Method::POST, &look, json!({ "reason": "r" }))
            .await
            .0;
        let manages = client
            .ask(Method::PUT, "/parties/XA/trust", trust.clone())
            .await
            .0;
        let got = (
            reads.is_success(),
            looks.is_success(),
            manages != StatusCode::FORBIDDEN,
        );
        let expected = match role {
            Role::Reporter | Role::Auditor => (true, false, false),
            Role::Admin => (true, false, true),
            Role::DutyOfficer | Role::Analyst | Role::Diplomat | Role::PolicyOfficer => {
                (true, true, false)
            }
        };
        assert_eq!(got, expected, "{role:?}");
    }
}
