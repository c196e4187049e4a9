//! Comparing notes, giving back, and coming back from a backup.

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use kernel::{MessageId, Mode};
use seal::Digest;
use serde::Deserialize;

use super::{Peer, Refused};
use crate::post::Post;

pub(super) fn router() -> Router<Post> {
    Router::new()
        .route("/federation/v1/holdings", get(holdings))
        .route("/federation/v1/names", get(names))
        .route("/federation/v1/given/{id}", get(given))
        .route("/federation/v1/given/{id}/files/{sha256}", get(given_file))
        .route("/federation/v1/seen", get(seen))
        .route("/federation/v1/restored", get(statement).post(restored))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Of {
    mode: Mode,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Between {
    mode: Mode,
    after: Option<MessageId>,
    until: Option<MessageId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct From {
    mode: Mode,
    offset: u64,
}

async fn holdings(
    State(post): State<Post>,
    Peer(peer): Peer,
    Query(query): Query<Of>,
) -> Result<Response, Refused> {
    Ok(Json(post.holdings((&peer, query.mode)).await?).into_response())
}

async fn names(
    State(post): State<Post>,
    Peer(peer): Peer,
    Query(query): Query<Between>,
) -> Result<Response, Refused> {
    let range = (query.after, query.until);
    Ok(Json(post.names((&peer, query.mode), range).await?).into_response())
}

async fn given(
    State(post): State<Post>,
    Peer(peer): Peer,
    Path(id): Path<MessageId>,
    Query(query): Query<Of>,
) -> Result<Response, Refused> {
    Ok(Json(post.give_back((&peer, query.mode), id).await?).into_response())
}

async fn given_file(
    State(post): State<Post>,
    Peer(peer): Peer,
    Path((id, sha256)): Path<(MessageId, Digest)>,
    Query(query): Query<From>,
) -> Result<Response, Refused> {
    let at = (&peer, query.mode);
    let piece = post.give_back_file(at, (id, sha256), query.offset).await?;
    Ok(piece.into_response())
}

async fn seen(
    State(post): State<Post>,
    Peer(peer): Peer,
    Query(query): Query<Of>,
) -> Result<Response, Refused> {
    Ok(Json(post.seen((&peer, query.mode)).await?).into_response())
}

async fn statement(
    State(post): State<Post>,
    _peer: Peer,
    Query(query): Query<Of>,
) -> Result<Response, Refused> {
    Ok(match post.statement(query.mode).await? {
        Some(statement) => statement.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn restored(
    State(post): State<Post>,
    Peer(peer): Peer,
    Query(query): Query<Of>,
    body: Bytes,
) -> Result<Response, Refused> {
    post.take_statement((&peer, query.mode), &body).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
