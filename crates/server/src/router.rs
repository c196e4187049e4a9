//! What the two listeners answer: the rooms' JSON under `/api/v1`, the pages, the node's own health.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request},
    http::StatusCode,
    middleware::{self, Next},
    routing::get,
};
use tower_http::{
    catch_panic::CatchPanicLayer, compression::CompressionLayer, limit::RequestBodyLimitLayer,
    timeout::TimeoutLayer,
};
use utoipa::{
    OpenApi,
    openapi::{Info, OpenApiBuilder},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    health::{self, Health},
    middleware::{
        bounds::{self, TIME_MAX},
        door::{self, Door},
        headers,
        once::{self, Answers},
    },
    openapi,
    problem::{self, Renderer},
};

/// The longest body of a route that says nothing else.
const BODY_BYTES_DEFAULT: usize = 1024 * 1024;
/// The longest body on the listener for nodes: one piece of a file, or an envelope.
const FEDERATION_BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Where the endpoints of TAXII stand.
const TAXII: &str = "/taxii2";

/// Where MISP's interface stands.
const MISP: &str = "/misp";

/// Whether a path is one of TAXII's.
pub(crate) fn is_taxii(path: &str) -> bool {
    is_below(TAXII, path)
}

/// Whether a path is one of MISP's.
pub(crate) fn is_misp(path: &str) -> bool {
    is_below(MISP, path)
}

fn is_below(root: &str, path: &str) -> bool {
    let below = path.strip_prefix(root);
    below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
}

/// What stands on the web listener.
pub struct Faces {
    /// The rooms' JSON routes, relative to `/api/v1`.
    pub api: OpenApiRouter,
    /// The endpoints of TAXII, all below `/taxii2/`.
    pub taxii: OpenApiRouter,
    /// MISP's interface, all below `/misp/`.
    pub misp: Router,
    /// The pages.
    pub pages: Router,
}

impl std::fmt::Debug for Faces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Faces").finish_non_exhaustive()
    }
}

/// What the web listener needs besides.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Who may come in.
    pub door: Arc<Door>,
    /// How failures are shown.
    pub renderer: Renderer,
    /// How the node is.
    pub health: Health,
    /// Where answers are kept for requests that come again.
    pub answers: Answers,
    /// Whether people reach the pages by HTTPS.
    pub https: bool,
}

#[derive(OpenApi)]
#[openapi(info(title = "Comity", description = "The JSON interface of a node."))]
struct Document;

/// The interface's description, and the routes it describes under `/api/v1`.
pub fn api(rooms: OpenApiRouter, taxii: OpenApiRouter) -> (Router, utoipa::openapi::OpenApi) {
    let info = Info::new("Comity", env!("CARGO_PKG_VERSION"));
    let info = OpenApiBuilder::from(Document::openapi()).info(info).build();
    let (router, mut document) = OpenApiRouter::with_openapi(info)
        .nest("/api/v1", rooms)
        .merge(taxii)
        .split_for_parts();
    openapi::complete(&mut document);
    (router, document)
}

/// Everything on the web listener.
pub fn web(faces: Faces, frame: Frame) -> Router {
    let (api, document) = api(faces.api, faces.taxii);
    let document = Arc::new(document);
    let describe = get(move || {
        let document = Arc::clone(&document);
        async move { Json((*document).clone()) }
    });
    let answers = frame.answers;
    let inner = api
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            once::answer(answers.clone(), request, next)
        }))
        .route("/api/v1/openapi.json", describe)
        .merge(faces.misp)
        .merge(health::routes(frame.health))
        .merge(faces.pages)
        .layer(DefaultBodyLimit::max(BODY_BYTES_DEFAULT))
        .layer(middleware::from_fn(bounds::hold))
        .layer(CatchPanicLayer::new());
    let (door, https) = (frame.door, frame.https);
    let (outer, inner_renderer) = (frame.renderer.clone(), frame.renderer);
    inner
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            problem::render(inner_renderer.clone(), request, next)
        }))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            door::enter(Arc::clone(&door), outer.clone(), request, next)
        }))
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            headers::add(https, request, next)
        }))
}

/// Everything on the listener for nodes. Who the peer is, its key says; the room looks it up.
pub fn federation(room: Router, renderer: Renderer) -> Router {
    room.layer(DefaultBodyLimit::max(FEDERATION_BODY_BYTES_MAX))
        .layer(RequestBodyLimitLayer::new(FEDERATION_BODY_BYTES_MAX))
        .layer(TimeoutLayer::with_status_code(
            StatusCode::SERVICE_UNAVAILABLE,
            TIME_MAX,
        ))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn(move |request: Request, next: Next| {
            problem::render(renderer.clone(), request, next)
        }))
}
