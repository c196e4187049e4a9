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

use crate::house::ground;

db::contract! {
    an_incident_is_entered_read_edited_and_closed,
    bad_input_names_its_field,
    parts_are_added_and_read_back,
    a_key_without_the_scope_is_refused,
    statistics_are_text_and_not_numbers,
    an_incident_is_judged_and_rated,
}

pub(crate) const READ_WRITE: [Scope; 2] = [Scope::IncidentsRead, Scope::IncidentsWrite];
type Told = (StatusCode, Value);

/// A router, and the key of an analyst.
pub(crate) struct Client {
    router: Router,
    key: String,
}

pub(crate) async fn client(db: Db, scopes: &[Scope]) -> Client {
    client_as(db, Role::Analyst, scopes).await
}

/// A router, and the key of somebody with that role.
pub(crate) async fn client_as(db: Db, role: Role, scopes: &[Scope]) -> Client {
    let ground = ground(db).await;
    let party: kernel::PartyCode = "FR".parse().unwrap();
    let mut tx = ground.db.begin().await.unwrap();
    access_ops::set_node_party_in(&mut tx, &party)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let node = Viewer::node("test", party, Mode::Real);
    let new = NewUser {
        name: "amina".parse().unwrap(),
        display: "Amina".parse().unwrap(),
        roles: [role].into_iter().collect(),
        language: Language::En,
        password: None,
    };
    let (user, _code) = access_ops::create_user(&ground, &node, new).await.unwrap();
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
        scopes: scopes.iter().copied().collect(),
        mode: Mode::Real,
        days: 1,
    };
    let (_key, secret) = access_ops::create_key(&ground, &amina, new).await.unwrap();
    let (router, _description) = incidents::http::router(ground).split_for_parts();
    Client {
        router,
        key: secret.to_text(),
    }
}

impl Client {
    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Told {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.key))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        if let Some(problem) = response
            .extensions()
            .get::<std::sync::Arc<kernel::Problem>>()
        {
            let told = json!({ "code": problem.code, "field": problem.field });
            return (status, told);
        }
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    pub(crate) async fn get(&self, path: &str) -> Told {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Told {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Told {
        self.ask(Method::PUT, path, Some(body)).await
    }
}

pub(crate) fn hospital() -> Value {
    json!({
        "kind": "incident",
        "title": "Hospital",
        "victims": ["IE"],
        "sectors": ["health"],
        "rsit": "information-content-security/unauthorised-information-modification",
        "period": { "from": "2021-05" },
        "determination": "confirmed",
        "tlp": "GREEN"
    })
}

async fn an_incident_is_entered_read_edited_and_closed(db: Db) {
    let client = client(db, &READ_WRITE).await;
    let (status, entered) = client.post("/incidents", hospital()).await;
    assert_eq!(
        (status, &entered["version"]),
        (StatusCode::CREATED, &json!(1))
    );
    let path = format!("/incidents/{}", entered["id"].as_str().unwrap());
    let (_, listed) = client
        .get("/incidents?country=IE&sector=health&from=2021&text=hospital")
        .await;
    assert_eq!(listed["items"][0]["id"], entered["id"]);
    assert_eq!(listed["items"][0]["period"]["from"], "2021-05");
    let mut facts = hospital();
    facts["title"] = json!("Clinic");
    let edit = json!({ "version": 1, "facts": facts });
    assert_eq!(client.put(&path, edit.clone()).await.1["version"], 2);
    let (status, stale) = client.put(&path, edit).await;
    assert_eq!(
        (status, &stale["code"]),
        (StatusCode::CONFLICT, &json!("incident.stale"))
    );
    let close = json!({ "version": 2, "event": "close" });
    assert_eq!(
        client.post(&format!("{path}/status"), close).await.0,
        StatusCode::OK
    );
    let (_, case) = client.get(&path).await;
    assert_eq!(case["facts"]["title"], "Clinic");
    assert_eq!(case["facts"]["rsit_version"], "1003");
    assert_eq!(case["status"]["stage"], "closed");
    assert_eq!(case["status"]["allows"], json!(["reopen"]));
    let (_, history) = client.get(&format!("{path}/history")).await;
    let codes: Vec<_> = history["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|act| &act["code"])
        .collect();
    assert_eq!(
        codes,
        ["incident.closed", "incident.edited", "incident.created"]
    );
    assert_eq!(history["items"][1]["what"]["fields"], json!(["title"]));
    let (_, stages) = client.get("/incidents/stages").await;
    assert_eq!(stages[3], json!({ "stage": "closed", "count": 1 }));
    let (_, count) = client.get("/incidents/count").await;
    assert_eq!(count, json!({ "count": 1, "more": false }));
    let (_, exported) = client.get("/incidents/export").await;
    assert_eq!(exported["items"][0], client.get(&path).await.1);
}

async fn bad_input_names_its_field(db: Db) {
    let client = client(db, &READ_WRITE).await;
    for (field, value) in [
        ("title", json!("")),
        ("victims", json!(["XA"])),
        ("organisation", json!("x".repeat(301))),
        ("period.to", json!(null)),
    ] {
        let mut body = hospital();
        if field == "period.to" {
            body["period"] = json!({ "from": "2021-05", "to": "2021-04" });
        } else {
            body[field] = value;
        }
        let (status, told) = client.post("/incidents", body).await;
        assert_eq!(
            (status, &told["field"]),
            (StatusCode::BAD_REQUEST, &json!(field))
        );
    }
    for path in [
        "/incidents?limit=0",
        "/incidents?after=x",
        "/incidents?country=ZZ",
        "/incidents?x=1",
    ] {
        assert_eq!(client.get(path).await.0, StatusCode::BAD_REQUEST, "{path}");
    }
    for path in [
        "/incidents/nothing",
        "/incidents/incident--6f9c1c44-0000-4000-8000-000000000000",
    ] {
        assert_eq!(client.get(path).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    let mut body = hospital();
    body["sevrity"] = json!(3);
    let (status, _) = client.post("/incidents", body).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
}

async fn parts_are_added_and_read_back(db: Db) {
    let client = client(db, &READ_WRITE).await;
    let (_, entered) = client.post("/incidents", hospital()).await;
    let path = format!("/incidents/{}", entered["id"].as_str().unwrap());
    let parts = [
        (
            "timeline",
            json!({ "at": "2021-05-14T07:00Z", "what": "ransomware", "source": null }),
        ),
        (
            "harm",
            json!({ "what": "downtime", "measure": "H-DWN", "bound": "at_least", "value": "1.5",
                    "low": null, "high": null, "unit": "day", "grade": "A", "source": null, "note": null }),
        ),
        (
            "statements",
            json!({ "kind": "account", "by": "Ireland", "country": "IE", "role": null, "actor": null,
                    "says": "It happened.", "cites": null, "document": "S/PV.9779", "line": 67,
                    "at": "2024-11-08", "note": null }),
        ),
        (
            "links",
            json!({ "kind": "thread", "target": "thread--1", "label": "Request" }),
        ),
        (
            "attachments",
            json!({ "sha256": "0f".repeat(32), "size": 9, "name": "a.txt", "media_type": "text/plain" }),
        ),
    ];
    for (part, body) in &parts {
        let (status, _) = client.post(&format!("{path}/{part}"), body.clone()).await;
        assert_eq!(status, StatusCode::CREATED, "{part}");
    }
    let (_, case) = client.get(&path).await;
    for (part, body) in parts {
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(&case[part][0][name], value, "{part}");
        }
    }
    let unlink = format!("{path}/links?kind=thread&target=thread--1");
    assert_eq!(
        client.ask(Method::DELETE, &unlink, None).await.0,
        StatusCode::OK
    );
    assert_eq!(client.get(&path).await.1["links"], json!([]));
}

async fn a_key_without_the_scope_is_refused(db: Db) {
    let client = client(db, &[Scope::IncidentsRead]).await;
    let (status, told) = client.post("/incidents", hospital()).await;
    assert_eq!(
        (status, &told["code"]),
        (StatusCode::FORBIDDEN, &json!("access.scope"))
    );
    let (status, _) = client.post("/incidents/import-shipped", json!(null)).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(client.get("/incidents").await.0, StatusCode::OK);
}

async fn statistics_are_text_and_not_numbers(db: Db) {
    let client = client(db, &READ_WRITE).await;
    let (_, done) = client.post("/incidents/import-shipped", json!(null)).await;
    assert_eq!(done["created"], 36);
    let (_, found) = client.get("/statistics?kind=statistic").await;
    let kenya = found
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["row"] == "INC-009")
        .unwrap();
    assert_eq!(kenya["figures"][0]["of"], "attempts");
    assert_eq!(kenya["figures"][0]["text"], "860000000");
}

async fn an_incident_is_judged_and_rated(db: Db) {
    let client = client(db, &READ_WRITE).await;
    let (_, entered) = client.post("/incidents", hospital()).await;
    let path = format!("/incidents/{}", entered["id"].as_str().unwrap());
    assert_eq!(client.get(&path).await.1["severity"], json!(null));
    let assess = |points: Value, evidence: &str| {
        json!({ "known": 0, "note": null, "factors": [
            { "factor": "F3", "points": points, "reason": "diverted", "evidence": [evidence] },
        ] })
    };
    let to = format!("{path}/assessments");
    for (body, field) in [
        (assess(json!(5), "document: Report"), "F3"),
        (assess(json!(3), "Report"), "F3"),
        (assess(json!(3), "link: thread thread--1"), "F3"),
    ] {
        let (status, told) = client.post(&to, body).await;
        assert_eq!(
            (status, &told["field"]),
            (StatusCode::BAD_REQUEST, &json!(field))
        );
    }
    let right = assess(json!(3), "document: Report");
    assert_eq!(client.post(&to, right.clone()).await.0, StatusCode::CREATED);
    let (status, told) = client.post(&to, right).await;
    assert_eq!(
        (status, &told["code"]),
        (StatusCode::CONFLICT, &json!("incident.assessed_meanwhile"))
    );
    let rating = json!({ "scale": "nis2", "nis2": { "disruption": "yes", "damage": "unknown" },
                         "said_by": "National authority", "country": "IE" });
    let (status, _) = client.post(&format!("{path}/ratings"), rating).await;
    assert_eq!(status, StatusCode::CREATED);
    let (_, case) = client.get(&path).await;
    let severity = &case["severity"];
    assert_eq!(severity["level"], 4);
    assert_eq!(
        (&severity["lowest"], &severity["highest"]),
        (&json!(3), &json!(5))
    );
    assert_eq!(
        (&severity["point"], &severity["low"]),
        (&json!("75.0"), &json!("17.6"))
    );
    assert_eq!(severity["coverage"], "23.5");
    assert_eq!(severity["crosswalk"], json!({ "ncsc": [1, 2], "cisss": 4 }));
    assert_eq!(case["ratings"][0]["result"], "significant");
    assert_eq!(case["assessments"][0]["by"], "key:amina/test");
    let (_, listed) = client.get("/incidents?level=4").await;
    assert_eq!(listed["items"][0]["level"], 4);
    assert_eq!(
        client.get("/incidents?level=6").await.0,
        StatusCode::BAD_REQUEST
    );
    let (_, levels) = client.get("/incidents/levels").await;
    assert_eq!(levels[1], json!({ "level": 4, "count": 1 }));
}
