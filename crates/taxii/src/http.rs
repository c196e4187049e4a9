//! The endpoints. With and without a slash at their end, since clients write both.

mod collections;
mod objects;
mod server;

use std::sync::Arc;

use access::ops::Remembered;
use audit::Ground;
use axum::{
    extract::DefaultBodyLimit,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::Timestamp;
use serde::Serialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::media::TAXII;

const FIRST: HeaderName = HeaderName::from_static("x-taxii-date-added-first");
const LAST: HeaderName = HeaderName::from_static("x-taxii-date-added-last");

/// What the endpoints work with.
#[derive(Clone, Debug)]
pub struct State {
    /// The database, the time, chance.
    pub ground: Ground,
    /// Passwords that were right a short while ago.
    pub remembered: Arc<Remembered>,
}

impl State {
    /// A state that remembers nothing yet.
    pub fn new(ground: Ground) -> Self {
        Self {
            remembered: Arc::new(Remembered::new(&ground)),
            ground,
        }
    }
}

/// The endpoints, all below `/taxii2/`.
pub fn router(state: State) -> OpenApiRouter {
    let plain = OpenApiRouter::new()
        .routes(routes!(server::discovery))
        .routes(routes!(server::root))
        .routes(routes!(server::status))
        .routes(routes!(collections::list))
        .routes(routes!(collections::view))
        .routes(routes!(collections::manifest))
        .routes(routes!(objects::list, objects::add))
        .routes(routes!(objects::view, objects::delete))
        .routes(routes!(objects::versions));
    plain
        .layer(DefaultBodyLimit::max(intel::ops::BYTES_MAX))
        .with_state(state)
}

/// An answer in JSON, with the moments of its first and last entry where it is a page.
fn answer<T: Serialize>(status: StatusCode, body: &T, places: Option<(i64, i64)>) -> Response {
    match serde_json::to_string(body) {
        Ok(text) => text_answer(status, text, places),
        Err(error) => {
            let problem = kernel::Problem::internal("taxii.unwritable", error);
            access::http::Refusal(problem).into_response()
        }
    }
}

fn text_answer(status: StatusCode, text: String, places: Option<(i64, i64)>) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(TAXII));
    for (name, place) in [
        (FIRST, places.map(|of| of.0)),
        (LAST, places.map(|of| of.1)),
    ] {
        let moment = place.map(|place| Timestamp::from_micros(place).to_string());
        if let Some(value) = moment.and_then(|moment| HeaderValue::from_str(&moment).ok()) {
            headers.insert(name, value);
        }
    }
    (status, headers, text).into_response()
}
