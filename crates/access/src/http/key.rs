//! API keys of one's own.

use audit::Ground;
use axum::{
    Json,
    extract::{
        Path, State,
        rejection::{JsonRejection, PathRejection},
    },
    http::StatusCode,
};
use kernel::ApiKeyId;

use super::{Refusal, SignedIn};
use crate::{
    Error,
    ops::{self, NewKey},
    wire::{CreatedKeyBody, KeyBody, NewKeyBody},
};

/// List one's own API keys.
#[utoipa::path(
    get,
    path = "/keys",
    tag = "keys",
    extensions(("x-act" = json!("own.keys"))),
    responses((status = 200, description = "The newest 200 keys", body = Vec<KeyBody>))
)]
pub(super) async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<KeyBody>>, Refusal> {
    let keys = ops::list_keys(&ground, &viewer).await?;
    Ok(Json(keys.iter().map(KeyBody::from).collect()))
}

/// Make an API key. The answer holds the whole key, once.
#[utoipa::path(
    post,
    path = "/keys",
    tag = "keys",
    request_body = NewKeyBody,
    extensions(("x-act" = json!("own.keys"))),
    responses((status = 201, description = "Made", body = CreatedKeyBody))
)]
pub(super) async fn create(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Result<Json<NewKeyBody>, JsonRejection>,
) -> Result<(StatusCode, Json<CreatedKeyBody>), Refusal> {
    let Json(body) = body.map_err(|rejection| Refusal::from_json(&rejection))?;
    let new = NewKey {
        label: body.label.parse().map_err(Error::Invalid)?,
        scopes: body.scopes.into_iter().collect(),
        mode: body.mode.unwrap_or(viewer.mode),
        days: body.days,
    };
    let (key, secret) = ops::create_key(&ground, &viewer, new).await?;
    let body = CreatedKeyBody {
        key: KeyBody::from(&key),
        secret: secret.to_text(),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// Revoke an API key of one's own.
#[utoipa::path(
    delete,
    path = "/keys/{id}",
    tag = "keys",
    params(("id" = String, Path, description = "The key")),
    extensions(("x-act" = json!("own.keys"))),
    responses((status = 204, description = "Revoked"))
)]
pub(super) async fn revoke(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Result<Path<ApiKeyId>, PathRejection>,
) -> Result<StatusCode, Refusal> {
    let Path(id) = id.map_err(|rejection| Refusal::from_path(&rejection))?;
    ops::revoke_key(&ground, &viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
