//! Whether the node lives, whether it can work, and its figures.

use std::sync::OnceLock;

use access::http::{ClientAddress, Refusal};
use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header::AUTHORIZATION},
    response::{IntoResponse, Response},
    routing::get,
};
use db::Db;
use kernel::{Problem, ProblemKind};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use seal::Digest;

use crate::{config::Token, listen::Remote, shutdown::Shutdown};

/// One process has one recorder, however many nodes run in it.
static FIGURES: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// What the answers follow from.
#[derive(Clone, Debug)]
pub struct Health {
    /// The database.
    pub db: Db,
    /// Whether the node is stopping.
    pub shutdown: Shutdown,
    /// What a reader of the figures from elsewhere has to show.
    pub token: Option<Token>,
}

/// `/healthz`, `/readyz`, `/metrics`.
pub fn routes(health: Health) -> Router {
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(health)
}

/// Begins to count.
pub fn start_counting() {
    FIGURES.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok().map(|()| handle)
    });
}

async fn ready(State(health): State<Health>) -> Response {
    let stopping = health.shutdown.token().is_cancelled();
    let looked = async {
        let mut tx = health.db.begin_read().await?;
        db::setting::read(&mut tx, "node.restored").await
    };
    match looked.await {
        Ok(_) if !stopping => "ready\n".into_response(),
        Ok(_) => (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response(),
        Err(error) => Refusal(
            Problem::new(
                ProblemKind::Unavailable,
                "node.not_ready",
                "the node is not ready",
            )
            .caused_by(error),
        )
        .into_response(),
    }
}

async fn metrics(State(health): State<Health>, request: Request) -> Response {
    let extensions = request.extensions();
    // Behind a proxy on the same machine everybody would come from loopback: both must be there.
    let near = extensions
        .get::<Remote>()
        .is_some_and(|remote| remote.0.is_loopback())
        && extensions
            .get::<ClientAddress>()
            .is_some_and(|client| client.0.is_loopback())
        && !request.headers().contains_key("x-forwarded-for");
    let shown = request.headers().get(AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let known = match (&health.token, shown) {
        // Digests are compared, so that the time tells nothing of the token.
        (Some(token), Some(shown)) => {
            Digest::of(token.expose().as_bytes()) == Digest::of(shown.as_bytes())
        }
        _ => false,
    };
    let figures = FIGURES.get().and_then(Option::as_ref);
    match figures.filter(|_| near || known) {
        Some(figures) => figures.render().into_response(),
        None => Refusal(Problem::new(
            ProblemKind::NotFound,
            "request.no_such_resource",
            "there is no such resource",
        ))
        .into_response(),
    }
}
