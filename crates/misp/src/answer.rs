//! Answers and refusals, as MISP writes them.

use access::http::Refusal;
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use intel::events::model::{Fault, Refused};
use kernel::Problem;
use serde_json::{Value, json};

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=UTF-8");
/// What MISP says to who may not.
const FORBIDDEN: &str = "You do not have permission to do that.";
const UNAUTHENTICATED: &str = "Authentication failed. Please make sure you pass the API key of an \
                               API enabled user along in the Authorization header.";

/// Why something is not done.
#[derive(Debug)]
pub(crate) enum Fail {
    /// With what MISP says of it.
    Said(StatusCode, String),
    /// What was given cannot be saved: what of which member is wrong.
    Unsaved { name: String, errors: Value },
    /// A problem of the rooms.
    Problem(Problem),
}

/// The body of an error.
pub fn error_body(message: &str, url: &str) -> Value {
    json!({ "name": message, "message": message, "url": url })
}

/// The status by which MISP says what others say by another: it has no 401.
pub const fn status_of(status: StatusCode) -> StatusCode {
    match status {
        StatusCode::UNAUTHORIZED => StatusCode::FORBIDDEN,
        other => other,
    }
}

impl Fail {
    /// There is no such thing, or the caller may not know of it.
    pub(crate) fn missing(message: &str) -> Self {
        Self::Said(StatusCode::NOT_FOUND, message.to_owned())
    }

    /// What was sent cannot be read.
    pub(crate) fn bad(message: impl Into<String>) -> Self {
        Self::Said(StatusCode::BAD_REQUEST, message.into())
    }

    /// Parts that were not taken: the first says why.
    pub(crate) fn unsaved(name: &str, refused: &[Refused]) -> Self {
        Self::Unsaved {
            name: name.to_owned(),
            errors: errors_of(refused),
        }
    }

    /// The answer to the request of that address.
    pub(crate) fn into_answer(self, url: &str) -> Response {
        match self {
            Self::Said(status, message) => {
                (status, json_answer(&error_body(&message, url))).into_response()
            }
            Self::Unsaved { name, errors } => {
                let body = json!({
                    "saved": false, "name": name, "message": name, "url": url, "errors": errors,
                });
                (StatusCode::FORBIDDEN, json_answer(&body)).into_response()
            }
            // The server logs it, and says it as an error of MISP.
            Self::Problem(problem) => Refusal(problem).into_response(),
        }
    }
}

/// What is wrong, by the members that MISP names.
pub(crate) fn errors_of(refused: &[Refused]) -> Value {
    let mut errors = serde_json::Map::new();
    for one in refused {
        let said = errors.entry(one.field).or_insert_with(|| json!([]));
        if let Some(list) = said.as_array_mut() {
            list.push(json!(one.detail));
        }
    }
    Value::Object(errors)
}

impl From<intel::Error> for Fail {
    fn from(error: intel::Error) -> Self {
        use intel::Error;
        match error {
            Error::NotFound { what } => {
                let message = format!("Invalid {what}");
                Self::Said(StatusCode::NOT_FOUND, message)
            }
            Error::ReadOnly | Error::Event(Fault::Foreign) => {
                Self::Said(StatusCode::FORBIDDEN, FORBIDDEN.to_owned())
            }
            Error::Event(Fault::Exists { .. }) => Self::Said(
                StatusCode::NOT_FOUND,
                "Event already exists, if you would like to edit it, use the url in the location \
                 header."
                    .to_owned(),
            ),
            Error::Event(Fault::Older) => unsaved(
                "Event could not be saved: Event in the request not newer than the local copy.",
                "timestamp",
                "Event in the request not newer than the local copy.",
            ),
            Error::Event(Fault::Invalid { field, detail }) => {
                unsaved("Invalid input.", field, &detail)
            }
            Error::Event(fault) => unsaved(&fault.to_string(), "Event", &fault.to_string()),
            other => {
                let problem = Problem::from(other);
                match problem.status() {
                    403 => Self::Said(StatusCode::FORBIDDEN, FORBIDDEN.to_owned()),
                    400..=499 => {
                        let status = StatusCode::from_u16(problem.status());
                        let status = status.unwrap_or(StatusCode::BAD_REQUEST);
                        Self::Said(status, problem.detail)
                    }
                    _ => Self::Problem(problem),
                }
            }
        }
    }
}

fn unsaved(name: &str, field: &str, detail: &str) -> Fail {
    Fail::Unsaved {
        name: name.to_owned(),
        errors: json!({ field: [detail] }),
    }
}

impl From<access::Error> for Fail {
    fn from(error: access::Error) -> Self {
        let problem = Problem::from(error);
        match problem.status() {
            401 => Self::Said(StatusCode::FORBIDDEN, UNAUTHENTICATED.to_owned()),
            403 => Self::Said(StatusCode::FORBIDDEN, FORBIDDEN.to_owned()),
            _ => Self::Problem(problem),
        }
    }
}

/// An answer in JSON.
pub(crate) fn json_answer(body: &Value) -> Response {
    let mut response = Response::new(Body::from(body.to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// That something was done.
pub(crate) fn done(message: &str, url: &str) -> Response {
    json_answer(&json!({
        "saved": true, "success": true, "name": message, "message": message, "url": url,
    }))
}

/// An answer of another media type, which goes out as it is made.
pub(crate) fn streamed(body: Body, media_type: &'static str) -> Response {
    let mut response = Response::new(body);
    let media_type = HeaderValue::from_static(media_type);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, media_type);
    response
}
