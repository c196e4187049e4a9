//! Another instance, of which a test says what it has and what is wrong with it.

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What is wrong with an event there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// It is cut in the middle.
    Cut,
    /// It is another event than was asked for.
    Other,
    /// A page of a server before it, of that status.
    Page(u16),
    /// It is no JSON.
    Html,
}

/// What the instance has, and what was done with it.
#[derive(Debug, Default)]
pub(crate) struct Inside {
    pub(crate) events: BTreeMap<String, Value>,
    pub(crate) faults: HashMap<String, Fault>,
    /// The methods and paths of requests.
    pub(crate) asked: Vec<String>,
    /// What was handed on, by path.
    pub(crate) received: Vec<(String, Value)>,
    pub(crate) without_sync: bool,
    /// Put into the index as they are.
    pub(crate) listed: Vec<Value>,
    /// Wanted besides what is new.
    pub(crate) wants: Vec<String>,
    pub(crate) without_etag: bool,
    /// Answers to what is handed on, where it is refused.
    pub(crate) refuses: Option<(u16, &'static str)>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Stub(Arc<Mutex<Inside>>);

impl Stub {
    pub(crate) fn new(events: impl IntoIterator<Item = Value>) -> Self {
        let stub = Self::default();
        for event in events {
            stub.has(event);
        }
        stub
    }

    pub(crate) fn has(&self, event: Value) {
        let uuid = event["uuid"].as_str().unwrap().to_owned();
        self.inside().events.insert(uuid, event);
    }

    pub(crate) fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap()
    }

    /// What was asked since the last time, without the parameters of an event.
    pub(crate) fn asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut self.inside().asked);
        let short = |one: String| one.split("/deleted").next().unwrap().to_owned();
        asked.into_iter().map(short).collect()
    }

    pub(crate) async fn start(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }
}

async fn answer(
    State(stub): State<Stub>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut inside = stub.inside();
    let path = uri.path().trim_start_matches('/').to_owned();
    inside.asked.push(format!("{method} {path}"));
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let parts: Vec<&str> = path.split('/').collect();
    match (method.as_str(), &*parts) {
        ("GET", ["servers", "getVersion"]) => json_answer(&json!({
            "version": "2.5.17", "perm_sync": !inside.without_sync, "perm_sighting": true,
        })),
        ("POST", ["events", "index"]) => {
            let index = index(&inside, &body);
            listed(&inside, &headers, &index)
        }
        ("GET", ["manifest.json"]) => {
            let manifest: BTreeMap<_, _> = inside
                .events
                .iter()
                .map(|(uuid, event)| (uuid, manifest_entry(event)))
                .collect();
            listed(&inside, &headers, &json!(manifest))
        }
        ("GET", ["events", "view", uuid, ..]) => event(&inside, uuid),
        ("GET", [file]) => event(&inside, file.trim_end_matches(".json")),
        ("HEAD", ["events", "view", uuid]) => {
            let there = inside.events.contains_key(*uuid);
            if there {
                StatusCode::OK
            } else {
                StatusCode::NOT_FOUND
            }
            .into_response()
        }
        ("POST", ["events", "filterEventIdsForPush"]) => json_answer(&wanted(&inside, &body)),
        ("POST", ["events", "delete", uuid]) => {
            let gone = inside.events.remove(*uuid).is_some();
            let status = if gone {
                StatusCode::OK
            } else {
                StatusCode::NOT_FOUND
            };
            (
                status,
                json_answer(&json!({"saved": gone, "message": "Event deleted."})),
            )
                .into_response()
        }
        ("POST", ["events", "add" | "edit", ..]) => {
            if let Some((status, message)) = inside.refuses {
                let status = StatusCode::from_u16(status).unwrap();
                return (status, json_answer(&json!({"message": message}))).into_response();
            }
            let uuid = body["Event"]["uuid"].as_str().unwrap().to_owned();
            inside.events.insert(uuid, body["Event"].clone());
            inside.received.push((path, body.clone()));
            json_answer(&body)
        }
        _ => (
            StatusCode::NOT_FOUND,
            json_answer(&json!({"message": "Not Found"})),
        )
            .into_response(),
    }
}

/// What is new or newer of an offer, and what a test wants besides.
fn wanted(inside: &Inside, offer: &Value) -> Value {
    let mut wanted = inside.wants.clone();
    for one in offer.as_array().unwrap() {
        let uuid = one["Event"]["uuid"].as_str().unwrap();
        let stored = inside.events.get(uuid).map(timestamp);
        if stored.is_none_or(|stored| stored < timestamp(&one["Event"])) {
            wanted.push(uuid.to_owned());
        }
    }
    json!(wanted)
}

fn timestamp(event: &Value) -> i64 {
    let text = event["timestamp"].as_str().map(str::to_owned);
    text.unwrap_or_else(|| event["timestamp"].to_string())
        .parse()
        .unwrap()
}

fn index(inside: &Inside, asked: &Value) -> Value {
    assert_eq!(asked["minimal"], json!(1));
    let entry = |event: &Value| {
        json!({
            "id": "1", "uuid": event["uuid"], "timestamp": event["timestamp"],
            "published": event["published"], "sighting_timestamp": "0",
            "orgc_uuid": event["Orgc"]["uuid"],
        })
    };
    let mut all: Vec<_> = inside.events.values().map(entry).collect();
    all.extend(inside.listed.clone());
    json!(all)
}

fn manifest_entry(event: &Value) -> Value {
    json!({
        "info": event["info"], "date": event["date"], "timestamp": event["timestamp"],
        "Orgc": event["Orgc"], "Tag": event["Tag"],
    })
}

fn listed(inside: &Inside, headers: &HeaderMap, list: &Value) -> Response {
    let text = list.to_string();
    if inside.without_etag {
        return json_answer(list);
    }
    let sum: u64 = text
        .bytes()
        .zip(1..)
        .map(|(byte, place)| u64::from(byte) * place)
        .sum();
    let etag = format!("\"{sum}\"");
    let given = headers.get(header::IF_NONE_MATCH);
    if given.is_some_and(|given| given.to_str().unwrap() == etag) {
        return StatusCode::NOT_MODIFIED.into_response();
    }
    let mut response = json_answer(list);
    response
        .headers_mut()
        .insert(header::ETAG, etag.parse().unwrap());
    response
}

fn event(inside: &Inside, uuid: &str) -> Response {
    let Some(event) = inside.events.get(uuid) else {
        return (
            StatusCode::NOT_FOUND,
            json_answer(&json!({"message": "Invalid event"})),
        )
            .into_response();
    };
    let whole = json!({ "Event": event });
    match inside.faults.get(uuid) {
        None => json_answer(&whole),
        Some(Fault::Cut) => {
            let text = whole.to_string();
            text[..text.len() / 2].to_owned().into_response()
        }
        Some(Fault::Other) => {
            let mut other = whole;
            other["Event"]["uuid"] = json!("99999999-0000-4000-8000-000000000001");
            json_answer(&other)
        }
        Some(Fault::Page(status)) => {
            let page = "<html><body>not now</body></html>";
            (StatusCode::from_u16(*status).unwrap(), page).into_response()
        }
        Some(Fault::Html) => "<html><body>Welcome</body></html>".into_response(),
    }
}

/// As an instance behind some servers answers: without the type that it is.
fn json_answer(value: &Value) -> Response {
    Response::new(Body::from(value.to_string()))
}
