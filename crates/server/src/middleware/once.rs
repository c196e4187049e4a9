//! `Idempotency-Key`: the same request twice has its effect once.
//!
//! Whoever sends something that changes the node, and does not hear the answer, sends it again under
//! the same key and is told what he was to be told. Keys are the user's own; the same key with
//! another request is refused. Only what succeeded is kept, sealed under the node's data key, for a
//! day: a refusal changed nothing, so it is thought over anew. The work goes on when the caller hangs
//! up, since what he asks next is how it ended.

use access::{
    Error as AccessError,
    http::{Refusal, SignedIn},
    model::OnceKey,
    ops::{self, Once},
};
use audit::Ground;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{FromRequestParts, Request},
    http::{
        HeaderName, HeaderValue, Method, StatusCode,
        header::{CONTENT_TYPE, ETAG, LOCATION},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Problem, ProblemKind, UserId, Viewer};
use seal::{Digest, data::DataKey};
use serde::{Deserialize, Serialize};
use tracing::error;

use crate::shutdown::Shutdown;

/// The header in which the caller names the request.
pub const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// What an answer that is given again says.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// The longest body that is read, and the longest answer that is kept.
const BYTES_MAX: usize = 1024 * 1024;

/// What the answers are kept with.
#[derive(Clone)]
pub struct Answers {
    /// Where.
    pub ground: Ground,
    /// Seals them: an answer may hold a one-time code or the secret of an API key.
    pub data_key: DataKey,
    /// Runs requests to their end.
    pub shutdown: Shutdown,
}

impl std::fmt::Debug for Answers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answers").finish_non_exhaustive()
    }
}

/// Answers a request with a key once.
pub async fn answer(answers: Answers, request: Request, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    match answers.once(request, next).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

/// An answer as it is kept.
#[derive(Deserialize, Serialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    /// Nothing where it was too long to be kept, or no text.
    body: Option<String>,
}

impl Answers {
    async fn once(self, request: Request, next: Next) -> Result<Response, Refusal> {
        let (mut parts, body) = request.into_parts();
        let key = key(&parts)?;
        // Signing in has no user yet, and no effect that a second time would double.
        let signed_in = SignedIn::from_request_parts(&mut parts, &self.ground).await;
        let caller = signed_in
            .ok()
            .and_then(|SignedIn(viewer)| Some((viewer.user()?, viewer)));
        let Some((user, viewer)) = caller else {
            return Ok(next.run(Request::from_parts(parts, body)).await);
        };
        let body = to_bytes(body, BYTES_MAX).await.map_err(|_too_long| {
            let detail = "with an idempotency key a request is 1 MiB at most";
            Problem::new(ProblemKind::TooLarge, "request.too_large", detail)
        })?;
        let digest = digest(&viewer, &parts, &body);
        match ops::begin_once(&self.ground, user, &key, &digest).await? {
            Once::First => {}
            Once::Begun => return Err(begun()),
            Once::Answered(sealed) => return self.again(user, &key, &sealed),
        }
        let request = Request::from_parts(parts, Body::from(body));
        let tracker = self.shutdown.clone();
        let work = tracker.spawn(async move { self.first(user, key, request, next).await });
        Ok(work
            .await
            .map_err(|fell| Problem::internal("internal", fell))?)
    }

    /// The first time: the answer is kept before it is given.
    async fn first(self, user: UserId, key: OnceKey, request: Request, next: Next) -> Response {
        let response = next.run(request).await;
        if response.status().is_client_error() || response.status().is_server_error() {
            if let Err(error) = ops::release_once(&self.ground, user, &key).await {
                error!(error = %error, "an idempotency key could not be given back");
            }
            return response;
        }
        let (parts, body) = response.into_parts();
        let body = match to_bytes(body, usize::MAX).await {
            Ok(body) => body,
            Err(error) => return Refusal(Problem::internal("internal", error)).into_response(),
        };
        let headers = [CONTENT_TYPE, LOCATION, ETAG]
            .into_iter()
            .filter_map(|name| {
                let value = parts.headers.get(&name)?.to_str().ok()?.to_owned();
                Some((name.to_string(), value))
            });
        let text = String::from_utf8(body.to_vec()).ok();
        let kept = Kept {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: text.filter(|text| text.len() <= BYTES_MAX),
        };
        let record = serde_json::to_vec(&kept).unwrap_or_default();
        let mut entropy = |bytes: &mut [u8]| self.ground.rng.fill(bytes);
        let sealed = self
            .data_key
            .seal(&record, &place(user, &key), &mut entropy);
        if let Err(error) = ops::keep_answer(&self.ground, user, &key, &sealed).await {
            // The key stays reserved, so that nothing is done twice.
            error!(error = %error, "an answer could not be kept");
        }
        Response::from_parts(parts, Body::from(body))
    }

    fn again(&self, user: UserId, key: &OnceKey, sealed: &[u8]) -> Result<Response, Refusal> {
        let internal = |cause: &'static str| Problem::internal("internal", cause);
        let record = self.data_key.open(sealed, &place(user, key));
        let record = record.map_err(|_unsealed| internal("a kept answer does not open"))?;
        let kept: Kept = serde_json::from_slice(&record)
            .map_err(|_unreadable| internal("a kept answer cannot be read"))?;
        let Some(body) = kept.body else {
            return Err(begun());
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
        for (name, value) in kept.headers {
            let name = name.parse::<HeaderName>();
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(&value)) {
                response.headers_mut().insert(name, value);
            }
        }
        let again = HeaderValue::from_static("true");
        response.headers_mut().insert(REPLAYED, again);
        Ok(response)
    }
}

fn key(parts: &Parts) -> Result<OnceKey, Refusal> {
    let value = parts.headers.get(KEY).and_then(|value| value.to_str().ok());
    let key = value.unwrap_or_default().parse();
    key.map_err(|invalid| AccessError::Invalid(invalid).into())
}

fn begun() -> Refusal {
    let detail = "a request with this key was begun; look what became of it before you try again";
    Refusal(Problem::new(ProblemKind::Conflict, "request.begun", detail))
}

fn digest(viewer: &Viewer, parts: &Parts, body: &Bytes) -> [u8; 32] {
    let media_type = parts.headers.get(CONTENT_TYPE);
    let media_type = media_type.map_or(&[][..], HeaderValue::as_bytes);
    let uri = parts.uri.to_string();
    let mut whole = Vec::with_capacity(body.len() + uri.len() + 64);
    for part in [
        viewer.mode.as_str().as_bytes(),
        parts.method.as_str().as_bytes(),
        uri.as_bytes(),
        media_type,
    ] {
        whole.extend_from_slice(part);
        whole.push(0);
    }
    whole.extend_from_slice(body);
    *Digest::of(&whole).as_bytes()
}

fn place(user: UserId, key: &OnceKey) -> String {
    format!("access_answer.answer/{}/{}", user.uuid(), key.as_str())
}
