//! The routes, as a browser and a program with a key meet them.
use std::sync::Arc;

use access::http::{self, CsrfForm, Door, Seated};
use axum::{
    Extension, Router,
    body::Body,
    http::{Method, Request, Response, StatusCode, header},
    routing::post,
};
use db::Db;
use http_body_util::BodyExt;
use kernel::{Problem, Role};
use serde_json::{Value, json};
use tower::ServiceExt;
use utoipa_axum::router::OpenApiRouter;

use crate::support::{House, PASSWORD};

db::contract! {
    a_browser_signs_in_asks_and_signs_out,
    a_change_without_the_token_is_refused,
    a_form_needs_its_token,
    a_key_is_judged_by_itself,
    what_cannot_be_read_is_a_bad_request,
}

#[derive(serde::Deserialize)]
struct Note {
    text: String,
}

async fn note(_seated: Seated, CsrfForm(note): CsrfForm<Note>) -> String {
    note.text
}

fn app(house: &House) -> Router {
    let door = Door {
        cookie: Arc::from("comity-FR"),
        secure: true,
    };
    let (api, _) = OpenApiRouter::new()
        .nest("/api/v1", http::router(house.ground.clone()))
        .split_for_parts();
    let pages = Router::new().route("/note", post(note));
    api.merge(pages.with_state(house.ground.clone()))
        .layer(Extension(door))
}

struct Call<'c> {
    method: Method,
    path: &'c str,
    headers: Vec<(&'static str, String)>,
    body: Value,
}

impl Call<'_> {
    async fn send(self, app: &Router) -> Response<Body> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        let request = request
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(self.body.to_string()))
            .unwrap();
        app.clone().oneshot(request).await.unwrap()
    }
}

fn call(method: Method, path: &str, body: Value) -> Call<'_> {
    Call {
        method,
        path,
        headers: Vec::new(),
        body,
    }
}

async fn json(response: Response<Body>) -> Value {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    serde_json::from_slice(&bytes).unwrap()
}

fn code(response: &Response<Body>) -> &'static str {
    response.extensions().get::<Arc<Problem>>().unwrap().code
}

/// The cookie and the token of a new session.
async fn sign_in(app: &Router, name: &str) -> (String, String) {
    let body = json!({ "name": name, "password": PASSWORD });
    let response = call(Method::POST, "/api/v1/session", body).send(app).await;
    assert_eq!(response.status(), StatusCode::CREATED);
    let cookie = response.headers().get(header::SET_COOKIE).unwrap();
    let cookie = cookie.to_str().unwrap().to_owned();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(
        attributes,
        "Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure"
    );
    let csrf = json(response).await["csrf"].as_str().unwrap().to_owned();
    (pair.to_owned(), csrf)
}

async fn a_browser_signs_in_asks_and_signs_out(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::Admin]).await;
    let app = app(&house);
    let nobody = call(Method::GET, "/api/v1/me", Value::Null)
        .send(&app)
        .await;
    assert_eq!(
        (nobody.status().as_u16(), code(&nobody)),
        (401, "access.unauthenticated")
    );

    let (cookie, csrf) = sign_in(&app, "amina").await;
    let mut ask = call(Method::GET, "/api/v1/me", Value::Null);
    ask.headers.push(("cookie", format!("other=1; {cookie}")));
    let me = json(ask.send(&app).await).await;
    assert_eq!(
        (&me["label"], &me["party"]),
        (&json!("user:amina"), &json!("FR"))
    );
    assert!(
        me["acts"]
            .as_array()
            .unwrap()
            .contains(&json!("user.manage"))
    );

    let mut leave = call(Method::DELETE, "/api/v1/session", Value::Null);
    leave.headers = vec![("cookie", cookie.clone()), ("x-csrf-token", csrf)];
    assert_eq!(leave.send(&app).await.status(), StatusCode::NO_CONTENT);
    let mut ask = call(Method::GET, "/api/v1/me", Value::Null);
    ask.headers.push(("cookie", cookie));
    assert_eq!(ask.send(&app).await.status(), StatusCode::UNAUTHORIZED);
}

async fn a_change_without_the_token_is_refused(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::Admin]).await;
    let app = app(&house);
    let (cookie, csrf) = sign_in(&app, "amina").await;
    let body = json!({ "name": "boris", "display": "Boris", "roles": ["analyst"] });
    let create = |headers: Vec<(&'static str, String)>| Call {
        headers,
        ..call(Method::POST, "/api/v1/users", body.clone())
    };
    for headers in [
        vec![("cookie", cookie.clone())],
        vec![("cookie", cookie.clone()), ("x-csrf-token", "x".into())],
        vec![
            ("cookie", cookie.clone()),
            ("x-csrf-token", csrf.clone()),
            ("sec-fetch-site", "cross-site".into()),
        ],
    ] {
        let refused = create(headers).send(&app).await;
        assert_eq!(
            (refused.status().as_u16(), code(&refused)),
            (403, "access.forged")
        );
    }
    let made = create(vec![("cookie", cookie), ("x-csrf-token", csrf)])
        .send(&app)
        .await;
    assert_eq!(made.status(), StatusCode::CREATED);
    assert_eq!(json(made).await["code"].as_str().unwrap().len(), 23);
}

async fn a_form_needs_its_token(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::Analyst]).await;
    let app = app(&house);
    let (cookie, csrf) = sign_in(&app, "amina").await;
    let send = async |body: String| {
        let request = Request::post("/note")
            .header("cookie", &cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        app.clone().oneshot(request).await.unwrap()
    };
    for body in ["text=hello", "csrf=x&text=hello"] {
        assert_eq!(code(&send(body.into()).await), "access.forged");
    }
    let done = send(format!("csrf={csrf}&text=hello")).await;
    assert_eq!(
        done.into_body().collect().await.unwrap().to_bytes(),
        "hello"
    );
}

async fn a_key_is_judged_by_itself(db: Db) {
    let house = House::open(db).await;
    house.user("amina", &[Role::Analyst, Role::Admin]).await;
    let app = app(&house);
    let (cookie, csrf) = sign_in(&app, "amina").await;
    let body = json!({ "label": "sync", "scopes": ["incidents_read"], "days": 3 });
    let make = Call {
        headers: vec![("cookie", cookie.clone()), ("x-csrf-token", csrf)],
        ..call(Method::POST, "/api/v1/keys", body)
    };
    let secret = json(make.send(&app).await).await["secret"].clone();
    let bearer = format!("Bearer {}", secret.as_str().unwrap());
    let ask = |path| Call {
        headers: vec![
            ("cookie", cookie.clone()),
            ("authorization", bearer.clone()),
        ],
        ..call(Method::GET, path, Value::Null)
    };
    let me = json(ask("/api/v1/me").send(&app).await).await;
    assert_eq!(me["label"], "key:amina/sync");
    assert_eq!(
        me["acts"],
        json!([
            "incident.read",
            "case.read",
            "incident.export",
            "mail.read",
            "constituency.read",
            "statistics.read"
        ])
    );
    let users = ask("/api/v1/users").send(&app).await;
    assert_eq!(
        (users.status().as_u16(), code(&users)),
        (403, "access.scope")
    );
    let mut wrong = ask("/api/v1/me");
    wrong.headers = vec![
        ("cookie", cookie.clone()),
        ("authorization", "Bearer x".into()),
    ];
    assert_eq!(wrong.send(&app).await.status(), StatusCode::UNAUTHORIZED);
}

async fn what_cannot_be_read_is_a_bad_request(db: Db) {
    let house = House::open(db).await;
    let app = app(&house);
    let body = json!({ "name": "amina", "password": "x", "colour": "red" });
    let odd = call(Method::POST, "/api/v1/session", body).send(&app).await;
    assert_eq!(
        (odd.status().as_u16(), code(&odd)),
        (400, "request.unreadable")
    );
}
