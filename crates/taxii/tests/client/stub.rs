//! A server that speaks TAXII 2.1 in its own way.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// 2026-11-20T00:00:00Z in microseconds.
const START: i64 = 1_795_132_800_000_000;

/// What is odd about it.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is an oddity by itself")]
pub(crate) struct Oddities {
    /// How many objects a page has, whatever is asked for.
    pub(crate) page: usize,
    /// No `next`.
    pub(crate) no_next: bool,
    /// The cursor is given and ignored.
    pub(crate) next_ignored: bool,
    /// Every third cursor is refused.
    pub(crate) cursors_forgotten: bool,
    /// `more` is not said.
    pub(crate) no_more: bool,
    /// `more` is said for ever.
    pub(crate) more_for_ever: bool,
    /// No `X-TAXII-Date-Added-Last`.
    pub(crate) no_moments: bool,
    /// Moments without fractions.
    pub(crate) no_fractions: bool,
    /// All objects have one moment.
    pub(crate) one_moment: bool,
    pub(crate) media_type: &'static str,
    /// The numbers of the requests for objects that are answered so.
    pub(crate) failing: HashMap<usize, (u16, &'static str)>,
    /// The numbers of the requests for objects that are never answered.
    pub(crate) silent: Vec<usize>,
    pub(crate) versions: &'static str,
    pub(crate) max_content_length: usize,
    /// How often a status is pending.
    pub(crate) pending: usize,
    /// An object with this in it spoils its whole envelope.
    pub(crate) poison: &'static str,
    /// An object with this in it is refused alone.
    pub(crate) refused: &'static str,
}

impl Default for Oddities {
    fn default() -> Self {
        Self {
            page: 10,
            no_next: false,
            next_ignored: false,
            cursors_forgotten: false,
            no_more: false,
            more_for_ever: false,
            no_moments: false,
            no_fractions: false,
            one_moment: false,
            media_type: "application/taxii+json;version=2.1",
            failing: HashMap::new(),
            silent: Vec::new(),
            versions: "application/taxii+json;version=2.1",
            max_content_length: 1 << 20,
            pending: 0,
            poison: "\u{0}",
            refused: "\u{0}",
        }
    }
}

#[derive(Default)]
struct Inner {
    objects: Vec<Value>,
    oddities: Oddities,
    asked: Vec<String>,
    envelopes: Vec<usize>,
    looks: usize,
    status: Value,
}

/// The server, running.
#[derive(Clone)]
pub(crate) struct Stub {
    inner: Arc<Mutex<Inner>>,
    pub(crate) address: String,
}

impl Stub {
    pub(crate) async fn start(objects: Vec<Value>, oddities: Oddities) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/taxii2/", listener.local_addr().unwrap());
        let inner = Inner {
            objects,
            oddities,
            ..Inner::default()
        };
        let stub = Self {
            inner: Arc::new(Mutex::new(inner)),
            address,
        };
        let router = Router::new()
            .route("/taxii2/", get(discovery))
            .route("/root/", get(root))
            .route("/root/collections/", get(collections))
            .route(
                "/root/collections/{id}/objects/",
                get(objects_of).post(take),
            )
            .route("/root/status/{id}/", get(status))
            .with_state(stub.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        stub
    }

    pub(crate) fn objects(&self) -> Vec<Value> {
        self.inner.lock().unwrap().objects.clone()
    }

    pub(crate) fn add(&self, object: Value) {
        self.inner.lock().unwrap().objects.push(object);
    }

    /// The queries that objects were asked for with.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.inner.lock().unwrap().asked.clone()
    }

    /// How many objects each envelope had.
    pub(crate) fn envelopes(&self) -> Vec<usize> {
        self.inner.lock().unwrap().envelopes.clone()
    }
}

fn answer(inner: &Inner, body: &Value) -> Response {
    let kind = [("content-type", inner.oddities.media_type)];
    (kind, body.to_string()).into_response()
}

async fn discovery(State(stub): State<Stub>) -> Response {
    let inner = stub.inner.lock().unwrap();
    answer(&inner, &json!({"title": "A stub", "api_roots": ["/root/"]}))
}

async fn root(State(stub): State<Stub>) -> Response {
    let inner = stub.inner.lock().unwrap();
    let odd = &inner.oddities;
    let length = odd.max_content_length;
    let body = json!({"title": "Root", "versions": [odd.versions], "max_content_length": length});
    answer(&inner, &body)
}

async fn collections(State(stub): State<Stub>, headers: HeaderMap) -> Response {
    if headers
        .get("authorization")
        .is_some_and(|shown| shown == "Bearer wrong")
    {
        let body = json!({"title": "no such key"}).to_string();
        return (StatusCode::UNAUTHORIZED, body).into_response();
    }
    let inner = stub.inner.lock().unwrap();
    let collection = |id: &str, title: &str| json!({"id": id, "title": title, "can_read": true, "can_write": true});
    let all = [collection("c1", "First"), collection("c2", "Second")];
    answer(&inner, &json!({ "collections": all }))
}

fn moment(odd: &Oddities, place: usize) -> i64 {
    let place = i64::try_from(place).unwrap();
    START + if odd.one_moment { 0 } else { place * 300_000 }
}

fn written(odd: &Oddities, micros: i64) -> String {
    let text = kernel::Timestamp::from_micros(micros).to_string();
    if odd.no_fractions {
        format!("{}Z", text.split('.').next().unwrap())
    } else {
        text
    }
}

async fn objects_of(
    State(stub): State<Stub>,
    Path(_id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    uri: axum::http::Uri,
) -> Response {
    let answered = page(&stub, &query, uri.query().unwrap_or_default());
    match answered {
        Some(answered) => answered,
        None => std::future::pending().await,
    }
}

/// A page; nothing where the server falls silent.
fn page(stub: &Stub, query: &HashMap<String, String>, asked: &str) -> Option<Response> {
    let mut inner = stub.inner.lock().unwrap();
    let number = inner.asked.len();
    inner.asked.push(asked.to_owned());
    if inner.oddities.silent.contains(&number) {
        return None;
    }
    let odd = inner.oddities.clone();
    if let Some((status, wait)) = odd.failing.get(&number) {
        let status = StatusCode::from_u16(*status).unwrap();
        return Some((status, [("retry-after", *wait)], "{}").into_response());
    }
    let after = query.get("added_after").map(|text| {
        let after: kernel::Timestamp = text.parse().unwrap();
        after.as_micros()
    });
    let all: Vec<usize> = (0..inner.objects.len())
        .filter(|place| after.is_none_or(|after| moment(&odd, *place) > after))
        .collect();
    let from = match query.get("next") {
        Some(_) if odd.cursors_forgotten && number.is_multiple_of(3) => {
            let body = json!({"title": "unknown cursor"}).to_string();
            return Some((StatusCode::BAD_REQUEST, body).into_response());
        }
        Some(from) if !odd.next_ignored => from.parse().unwrap(),
        _ => 0,
    };
    let got: Vec<usize> = all.iter().copied().skip(from).take(odd.page).collect();
    let more = from + got.len() < all.len() || odd.more_for_ever;
    let mut body = json!({});
    if !got.is_empty() {
        body["objects"] = got
            .iter()
            .map(|place| inner.objects[*place].clone())
            .collect();
    }
    if more && !odd.no_more {
        body["more"] = json!(true);
    }
    if more && !odd.no_next {
        body["next"] = json!((from + got.len()).to_string());
    }
    let mut response = answer(&inner, &body);
    if let (Some(first), Some(last), false) = (got.first(), got.last(), odd.no_moments) {
        for (name, place) in [("first", *first), ("last", *last)] {
            let name = format!("x-taxii-date-added-{name}");
            let name = axum::http::HeaderName::try_from(name).unwrap();
            let value = written(&odd, moment(&odd, place)).parse().unwrap();
            response.headers_mut().insert(name, value);
        }
    }
    Some(response)
}

async fn take(State(stub): State<Stub>, body: String) -> Response {
    let mut inner = stub.inner.lock().unwrap();
    let odd = inner.oddities.clone();
    if body.len() > odd.max_content_length {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    if body.contains(odd.poison) {
        let body = json!({"title": "bad envelope", "description": "an object is not liked"});
        return (StatusCode::UNPROCESSABLE_ENTITY, body.to_string()).into_response();
    }
    let body: Value = serde_json::from_str(&body).unwrap();
    let objects = body["objects"].as_array().unwrap().clone();
    inner.envelopes.push(objects.len());
    let (bad, good): (Vec<_>, Vec<_>) = objects
        .into_iter()
        .partition(|object| object.to_string().contains(odd.refused));
    let failures: Vec<_> = bad
        .iter()
        .map(|object| json!({"id": object["id"], "version": object["modified"], "message": "no"}))
        .collect();
    inner.status = json!({
        "id": "5f7b", "status": "complete", "total_count": good.len() + bad.len(),
        "success_count": good.len(), "failure_count": bad.len(), "failures": failures,
        "pending_count": 0,
    });
    inner.objects.extend(good);
    inner.looks = 0;
    let mut said = inner.status.clone();
    if odd.pending > 0 {
        said = json!({"id": "5f7b", "status": "pending"});
    }
    let mut response = answer(&inner, &said);
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

async fn status(State(stub): State<Stub>, Path(_id): Path<String>) -> Response {
    let mut inner = stub.inner.lock().unwrap();
    inner.looks += 1;
    if inner.looks < inner.oddities.pending {
        return answer(&inner, &json!({"id": "5f7b", "status": "pending"}));
    }
    let said = inner.status.clone();
    answer(&inner, &said)
}
