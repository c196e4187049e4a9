use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use federation::http::Peer;
use kernel::{CollectionRef, Mode, Problem};
use serde::Deserialize;

use crate::{Error, Sharing, ops};

/// What peers may ask about collections, for the listener between nodes.
pub fn federation(sharing: Sharing) -> Router {
    Router::new()
        .route("/federation/v1/shares", get(shares))
        .route("/federation/v1/shares/{collection}/names", get(names))
        .with_state(sharing)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    mode: Mode,
    after: Option<CollectionRef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AfterId {
    mode: Mode,
    #[serde(default)]
    after: String,
}

/// A refusal to a peer: a code, and nothing that it may not see.
struct Refused(Error);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = Problem::from(self.0);
        if problem.status() >= 500 {
            tracing::error!("a peer's request failed: {}", problem.chain());
        }
        let status = StatusCode::from_u16(problem.status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(serde_json::json!({ "code": problem.code }))).into_response()
    }
}

async fn shares(
    State(x): State<Sharing>,
    Peer(peer): Peer,
    Query(query): Query<After>,
) -> Result<Response, Refused> {
    let stated = ops::held(&x, (&peer, query.mode), query.after).await;
    Ok(Json(stated.map_err(Refused)?).into_response())
}

async fn names(
    State(x): State<Sharing>,
    Peer(peer): Peer,
    Path(collection): Path<CollectionRef>,
    Query(query): Query<AfterId>,
) -> Result<Response, Refused> {
    let cut = (collection, query.after.as_str());
    let named = ops::names(&x, (&peer, query.mode), cut).await;
    Ok(Json(named.map_err(Refused)?).into_response())
}
