//! How large a request may be and how long it may take. What is put in as evidence may be larger and take
//! longer than anything else; it is written down piece by piece as it comes.

use std::time::Duration;

use axum::{
    body::{Body, HttpBody},
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_body_util::Limited;
use incidents::evidence::model::ITEM_BYTES_MAX;

/// How long a request may take until its answer begins.
pub(crate) const TIME_MAX: Duration = Duration::from_mins(2);
/// The longest body that any other route takes: an attachment and the form around it.
const BODY_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// How long a piece of evidence may take to come.
const EVIDENCE_TIME_MAX: Duration = Duration::from_hours(6);
/// What a form may hold beside the piece of evidence.
const FORM_BYTES: u64 = 1024 * 1024;

/// Holds a request to its bounds.
pub async fn hold(request: Request, next: Next) -> Response {
    let (bytes_max, time_max) = if takes_evidence(request.method(), request.uri().path()) {
        (ITEM_BYTES_MAX.saturating_add(FORM_BYTES), EVIDENCE_TIME_MAX)
    } else {
        (BODY_BYTES_MAX, TIME_MAX)
    };
    if request.body().size_hint().lower() > bytes_max {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let bytes_max = usize::try_from(bytes_max).unwrap_or(usize::MAX);
    let request = request.map(|body| Body::new(Limited::new(body, bytes_max)));
    let answer = tokio::time::timeout(time_max, next.run(request)).await;
    answer.unwrap_or_else(|_late| StatusCode::SERVICE_UNAVAILABLE.into_response())
}

/// Whether a request puts in a piece of evidence, by the interface or on the page.
fn takes_evidence(method: &Method, path: &str) -> bool {
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    let within = path.strip_prefix("/incidents/");
    let of = within.and_then(|within| within.strip_suffix("/evidence"));
    method == Method::POST && of.is_some_and(|id| !id.is_empty() && !id.contains('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_puts_in_evidence_may_be_large() {
        let post = |path| takes_evidence(&Method::POST, path);
        assert!(post("/api/v1/incidents/incident--1/evidence"));
        assert!(post("/incidents/incident--1/evidence"));
        for path in [
            "/api/v1/incidents",
            "/incidents//evidence",
            "/incidents/a/b/evidence",
            "/api/v1/files",
            "/incidents/a/evidence/b",
        ] {
            assert!(!post(path), "{path}");
        }
        assert!(!takes_evidence(&Method::GET, "/incidents/a/evidence"));
    }
}
