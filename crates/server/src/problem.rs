//! Turns problems into answers: RFC 9457 documents for programs, pages for people.
//!
//! What is ours (5xx) is logged once, here, with its whole chain of causes; the caller is shown the
//! id of the incident and nothing else.

use axum::{
    Json,
    body::Body,
    extract::Request,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Problem, ProblemKind, SharedRng};
use serde::Serialize;
use serde_json::{Map, Value};
use tracing::error;

use crate::router;

/// The type of problem documents.
pub(crate) const MEDIA_TYPE: &str = "application/problem+json";

/// An RFC 9457 problem document.
#[derive(Debug, Serialize)]
pub struct Document {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    params: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instance: Option<String>,
}

/// How a problem is drawn for a person: the status, its code, the incident's id where there is one,
/// and the request's header fields, for the language.
pub type ErrorPage = fn(StatusCode, &str, Option<&str>, &HeaderMap) -> Response;

/// What [`render`] needs.
#[derive(Clone)]
pub struct Renderer {
    /// For incident ids.
    pub rng: SharedRng,
    /// Draws the page.
    pub page: ErrorPage,
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renderer").finish_non_exhaustive()
    }
}

impl Renderer {
    /// The answer to a request that met this problem.
    pub fn answer(&self, problem: &Problem, form: Form, headers: &HeaderMap) -> Response {
        let status = StatusCode::from_u16(problem.status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let incident = status
            .is_server_error()
            .then(|| kernel::uuid_v4(self.rng.as_ref()).to_string());
        if let Some(incident) = &incident {
            error!(incident.id = incident, "{}", problem.chain());
        }
        let mut response = match form {
            Form::Page => (self.page)(status, problem.code, incident.as_deref(), headers),
            Form::Document => document(problem, status, incident),
            Form::Taxii => taxii(problem, status, incident),
            Form::Misp => misp(problem, status, incident),
        };
        if let ProblemKind::TooMany {
            retry_after_seconds,
        } = problem.kind
        {
            let seconds = HeaderValue::from(retry_after_seconds);
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}

/// An error of TAXII 2.1 (§3.6.1).
fn taxii(problem: &Problem, status: StatusCode, incident: Option<String>) -> Response {
    let ours = status.is_server_error();
    let mut error = Map::new();
    let title = status.canonical_reason().unwrap_or("Problem");
    error.insert("title".to_owned(), title.into());
    if !ours {
        error.insert("description".to_owned(), problem.detail.clone().into());
    }
    if let Some(incident) = incident {
        error.insert("error_id".to_owned(), incident.into());
    }
    let code = if ours { "internal" } else { problem.code };
    error.insert("error_code".to_owned(), code.into());
    error.insert("http_status".to_owned(), status.as_str().into());
    let mut response = (status, Json(Value::Object(error))).into_response();
    let media_type = HeaderValue::from_static(taxii::TAXII);
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    if status == StatusCode::UNAUTHORIZED {
        for challenge in [
            "Bearer realm=\"Comity\"",
            "Basic realm=\"Comity\", charset=\"UTF-8\"",
        ] {
            let challenge = HeaderValue::from_static(challenge);
            response.headers_mut().append(WWW_AUTHENTICATE, challenge);
        }
    }
    response
}

/// An error as MISP writes it.
fn misp(problem: &Problem, status: StatusCode, incident: Option<String>) -> Response {
    let message = match incident {
        Some(incident) => format!("An Internal Error Has Occurred. Error id: {incident}"),
        None => problem.detail.clone(),
    };
    let body = Json(misp::error_body(&message, ""));
    (misp::status_of(status), body).into_response()
}

fn document(problem: &Problem, status: StatusCode, incident: Option<String>) -> Response {
    let title = status.canonical_reason().unwrap_or("Problem").to_owned();
    let ours = status.is_server_error();
    let code = if ours && status == StatusCode::INTERNAL_SERVER_ERROR {
        "internal"
    } else {
        problem.code
    };
    let params = problem.params.iter().filter(|_| !ours);
    let document = Document {
        kind: format!("urn:comity:problem:{code}"),
        title,
        status: status.as_u16(),
        code: code.to_owned(),
        detail: (!ours).then(|| problem.detail.clone()),
        field: problem.field.clone().filter(|_| !ours),
        params: params
            .map(|(name, value)| ((*name).to_owned(), Value::String(value.clone())))
            .collect(),
        instance: incident.map(|id| format!("urn:uuid:{id}")),
    };
    let mut response = (status, Json(document)).into_response();
    let media_type = HeaderValue::from_static(MEDIA_TYPE);
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}

/// How a caller is told of a problem.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// A problem document.
    Document,
    /// A page, for a request of a browser.
    Page,
    /// An error of TAXII.
    Taxii,
    /// An error of MISP.
    Misp,
}

/// The form that fits a request: a browser asks for a page, and not under `/api/`.
pub(crate) fn form_of(path: &str, headers: &HeaderMap) -> Form {
    if router::is_taxii(path) {
        return Form::Taxii;
    }
    if router::is_misp(path) {
        return Form::Misp;
    }
    let accepts = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    if !path.starts_with("/api/") && accepts.is_some_and(|accept| accept.contains("text/html")) {
        Form::Page
    } else {
        Form::Document
    }
}

/// Gives every failure one of the forms: a [`Problem`] that a handler left among the response's
/// extensions, and what the framework refuses by itself (no such route, unreadable JSON, too large).
pub async fn render(renderer: Renderer, request: Request, next: Next) -> Response {
    let form = form_of(request.uri().path(), request.headers());
    let headers = request.headers().clone();
    let mut response = next.run(request).await;
    if let Some(problem) = response
        .extensions_mut()
        .remove::<std::sync::Arc<Problem>>()
    {
        return merge(
            renderer.answer(&problem, form, &headers),
            response.headers(),
        );
    }
    let (status, formed) = (response.status(), is_formed(response.headers()));
    if formed || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let original = response.headers().clone();
    let problem = Problem::new(kind_of(status), code_of(status), reason(response).await);
    merge(renderer.answer(&problem, form, &headers), &original)
}

/// Header fields that a handler set, such as cookies that end a session, stay; so does what the
/// framework says of the methods that a resource has.
fn merge(mut answer: Response, original: &HeaderMap) -> Response {
    for (name, value) in original {
        if ["allow", "set-cookie", "www-authenticate"].contains(&name.as_str()) {
            answer.headers_mut().append(name.clone(), value.clone());
        }
    }
    answer
}

/// Whether the handler has given the failure a form already.
fn is_formed(headers: &HeaderMap) -> bool {
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    media_type.is_some_and(|media_type| !media_type.starts_with("text/plain"))
}

/// What the framework says is wrong with a request, which came from its caller; bounded.
async fn reason(response: Response) -> String {
    const REASON_BYTES_MAX: usize = 1024;
    let status = response.status();
    let (_, body): (_, Body) = response.into_parts();
    let text = axum::body::to_bytes(body, REASON_BYTES_MAX).await;
    let text = text
        .ok()
        .and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
    text.filter(|text| !text.is_empty())
        .unwrap_or_else(|| status.canonical_reason().unwrap_or("refused").to_owned())
}

const fn kind_of(status: StatusCode) -> ProblemKind {
    match status.as_u16() {
        401 => ProblemKind::Unauthenticated,
        403 => ProblemKind::Forbidden,
        404 => ProblemKind::NotFound,
        405 => ProblemKind::NotAllowed,
        406 => ProblemKind::NotAcceptable,
        409 => ProblemKind::Conflict,
        413 => ProblemKind::TooLarge,
        415 => ProblemKind::Unsupported,
        422 => ProblemKind::AtOdds,
        429 => ProblemKind::TooMany {
            retry_after_seconds: 1,
        },
        408 | 503 | 504 => ProblemKind::Unavailable,
        400..=499 => ProblemKind::Invalid,
        _ => ProblemKind::Internal,
    }
}

const fn code_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "access.unauthenticated",
        403 => "access.forbidden",
        404 => "request.no_such_resource",
        405 => "request.method_not_allowed",
        413 => "request.too_large",
        415 => "request.unsupported_media_type",
        408 | 503 | 504 => "request.took_too_long",
        400..=499 => "request.invalid",
        _ => "internal",
    }
}
