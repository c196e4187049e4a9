//! API keys of one's own.

use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::ApiKeyId;

use super::{Named, Refusal, Sent, SignedIn, named, sent};
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
    body: Sent<NewKeyBody>,
) -> Result<(StatusCode, Json<CreatedKeyBody>), Refusal> {
    let body = sent(body)?;
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
    id: Named<ApiKeyId>,
) -> Result<StatusCode, Refusal> {
    let id = named(id)?;
    ops::revoke_key(&ground, &viewer, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
