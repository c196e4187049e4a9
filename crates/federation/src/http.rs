//! What peers may ask of this node, over the mutually authenticated connection.
//!
//! Who asks is known by the TLS key that the connection proved ([`PeerKey`]); a key that belongs to
//! no peer gets 403. No page, cookie or API key leads here, and nothing here leads to a page.

mod notes;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Extension, FromRef, FromRequestParts, Path, Query, State},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use kernel::{MessageId, Mode, PartyCode, Problem};
use seal::{Digest, dsse::ENVELOPE_BYTES_MAX};
use serde::Deserialize;
use tracing::error;

use crate::{
    error::Error,
    post::Post,
    transport::PeerKey,
    wire::{Answer, Held, PIECE_BYTES_MAX},
};

/// The longest consistency request: no ledger has more leaves.
const BODY_BYTES_MAX: usize = if ENVELOPE_BYTES_MAX > PIECE_BYTES_MAX {
    ENVELOPE_BYTES_MAX
} else {
    PIECE_BYTES_MAX
};

/// The routes of the federation listener.
pub fn router(state: Post) -> Router {
    Router::new()
        .route("/federation/v1/messages", post(message))
        .route("/federation/v1/receipts/{id}", get(receipt))
        .route("/federation/v1/again/{id}", post(again))
        .route("/federation/v1/blobs/{sha256}", get(held).put(piece))
        .route("/federation/v1/consistency", get(consistency))
        .route("/federation/v1/keysets", get(key_sets))
        .route("/federation/v1/ledger/{mode}/checkpoint", get(checkpoint))
        .route("/federation/v1/ledger/{mode}/tile/{*path}", get(tile))
        .merge(notes::router())
        .route(
            "/federation/v1/witness/{mode}/add-checkpoint",
            post(add_checkpoint),
        )
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(state)
}

/// A refusal to a peer: a code, and nothing that it may not see.
struct Refused(Error);

impl<E: Into<Error>> From<E> for Refused {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let transient = self.0.is_transient();
        let problem = Problem::from(self.0);
        if problem.status() >= 500 {
            error!("a peer's request failed: {}", problem.chain());
        }
        let status = if transient { 503 } else { problem.status() };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(serde_json::json!({ "code": problem.code }))).into_response()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    #[serde(default)]
    known: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InMode {
    mode: Mode,
    #[serde(default)]
    known: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sizes {
    mode: Mode,
    old: u64,
    new: u64,
    #[serde(default)]
    epoch: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    mode: Mode,
    after: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    size: u64,
    offset: u64,
}

/// The peer whose connection this is. Nobody else gets anything, whatever he asks.
#[derive(Clone, Debug)]
pub struct Peer(pub PartyCode);

impl<S> FromRequestParts<S> for Peer
where
    S: Send + Sync,
    Post: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Extension(PeerKey(key)) = Extension::from_request_parts(parts, state)
            .await
            .map_err(IntoResponse::into_response)?;
        Post::from_ref(state)
            .peer_by_tls_key(&key)
            .map(Self)
            .ok_or_else(|| {
                let body = Json(serde_json::json!({ "code": "federation.no_peer" }));
                (StatusCode::FORBIDDEN, body).into_response()
            })
    }
}

async fn message(
    State(post): State<Post>,
    Peer(peer): Peer,
    Query(query): Query<Known>,
    body: Bytes,
) -> Result<Response, Refused> {
    match post.arrived(&peer, &body, query.known).await {
        Ok(arrival) => Ok(Json(arrival.answer).into_response()),
        // Told as "later": the sender keeps it and tries again.
        Err(error) if error.is_transient() => {
            let why = Problem::from(error);
            error!("a message of {peer} cannot be stored: {}", why.chain());
            let code = "node.storage".to_owned();
            Ok(Json(Answer::Later { code }).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn receipt(
    State(post): State<Post>,
    Peer(peer): Peer,
    Path(id): Path<MessageId>,
    Query(query): Query<InMode>,
) -> Result<Response, Refused> {
    let answer = post
        .receipt_asked((&peer, query.mode), id, query.known)
        .await?;
    Ok(Json(answer).into_response())
}

async fn again(
    State(post): State<Post>,
    Peer(peer): Peer,
    Path(id): Path<MessageId>,
    Query(query): Query<InMode>,
) -> Result<Response, Refused> {
    post.send_again((&peer, query.mode), id).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

async fn held(
    State(post): State<Post>,
    Peer(peer): Peer,
    Path(sha256): Path<Digest>,
) -> Result<Response, Refused> {
    let held: Held = post.held(&peer, &sha256).await?;
    Ok(Json(held).into_response())
}

async fn piece(
    State(post): State<Post>,
    Peer(peer): Peer,
    Path(sha256): Path<Digest>,
    Query(query): Query<Piece>,
    body: Bytes,
) -> Result<Response, Refused> {
    let held = post
        .piece(&peer, &sha256, (query.size, query.offset), body.to_vec())
        .await?;
    Ok(Json(held).into_response())
}

async fn consistency(
    State(post): State<Post>,
    _peer: Peer,
    Query(query): Query<Sizes>,
) -> Result<Response, Refused> {
    let ground = post.ground();
    let mut tx = ground.db.begin_read().await?;
    let log = audit::Log::of(query.mode);
    if query.epoch != ground.epoch(log) {
        // Of another tree: a proof from this one would look like a lie.
        return Ok(StatusCode::NOT_FOUND.into_response());
    }
    let proof = audit::consistency(&mut tx, ground, log, query.old, query.new).await?;
    let proof: Vec<Digest> = proof
        .into_iter()
        .map(|hash| Digest::from_bytes(*hash.as_bytes()))
        .collect();
    Ok(Json(proof).into_response())
}

async fn key_sets(
    State(post): State<Post>,
    _peer: Peer,
    Query(query): Query<After>,
) -> Result<Response, Refused> {
    let keys = post.keys();
    let newer: Vec<String> = keys
        .chain(query.mode)
        .sets()
        .filter(|signed| signed.set().seq > query.after)
        .map(|signed| String::from_utf8_lossy(&signed.to_bytes()).into_owned())
        .collect();
    Ok(Json(newer).into_response())
}

async fn checkpoint(
    State(post): State<Post>,
    _peer: Peer,
    Path(mode): Path<Mode>,
) -> Result<Response, Refused> {
    let ground = post.ground();
    let mut tx = ground.db.begin_read().await?;
    let note = audit::newest_checkpoint(&mut tx, ground, audit::Log::of(mode)).await?;
    Ok(match note {
        Some(note) => note.to_string().into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn tile(
    State(post): State<Post>,
    _peer: Peer,
    Path((mode, path)): Path<(Mode, String)>,
) -> Result<Response, Refused> {
    let Ok(path) = ledger::TilePath::parse(format!("tile/{path}").as_bytes()) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let ground = post.ground();
    let mut tx = ground.db.begin_read().await?;
    let tile = audit::tile(&mut tx, ground, audit::Log::of(mode), path).await?;
    Ok(match tile {
        Some(tile) => tile.into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn add_checkpoint(
    State(post): State<Post>,
    Peer(peer): Peer,
    Path(mode): Path<Mode>,
    body: Bytes,
) -> Result<Response, Refused> {
    let answer = post.witness(&peer, mode, &body).await?;
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    Ok((status, answer.body).into_response())
}
