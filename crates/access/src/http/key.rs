//! API keys of one's own, and those that an administrator makes for guests.

use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::{ApiKeyId, UserId, Viewer};

use super::{Named, Refusal, Sent, SignedIn, named, sent};
use crate::{
    Error,
    model::ApiKey,
    ops::{self, NewKey},
    secret::KeySecret,
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
    let new = new_key(sent(body)?, &viewer)?;
    let made = ops::create_key(&ground, &viewer, new).await?;
    Ok(created(&made))
}

fn new_key(body: NewKeyBody, viewer: &Viewer) -> Result<NewKey, Error> {
    Ok(NewKey {
        label: body.label.parse().map_err(Error::Invalid)?,
        scopes: body.scopes.into_iter().collect(),
        mode: body.mode.unwrap_or(viewer.mode),
        days: body.days,
    })
}

fn created((key, secret): &(ApiKey, KeySecret)) -> (StatusCode, Json<CreatedKeyBody>) {
    let body = CreatedKeyBody {
        key: KeyBody::from(key),
        secret: secret.to_text(),
    };
    (StatusCode::CREATED, Json(body))
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

/// List the API keys of a guest.
#[utoipa::path(
    get,
    path = "/users/{id}/keys",
    tag = "users",
    params(("id" = String, Path, description = "The guest")),
    extensions(("x-act" = json!("user.manage"))),
    responses((status = 200, description = "The newest 200 keys", body = Vec<KeyBody>))
)]
pub(super) async fn list_of(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<UserId>,
) -> Result<Json<Vec<KeyBody>>, Refusal> {
    let keys = ops::list_keys_of(&ground, &viewer, named(id)?).await?;
    Ok(Json(keys.iter().map(KeyBody::from).collect()))
}

/// Make an API key for a guest, who makes none: for the programs of another party. Its scopes are
/// `intel_read` and `intel_write` at most. The answer holds the whole key, once.
#[utoipa::path(
    post,
    path = "/users/{id}/keys",
    tag = "users",
    params(("id" = String, Path, description = "The guest")),
    request_body = NewKeyBody,
    extensions(("x-act" = json!("user.manage"))),
    responses((status = 201, description = "Made", body = CreatedKeyBody))
)]
pub(super) async fn create_for(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<UserId>,
    body: Sent<NewKeyBody>,
) -> Result<(StatusCode, Json<CreatedKeyBody>), Refusal> {
    let new = new_key(sent(body)?, &viewer)?;
    let made = ops::create_key_for(&ground, &viewer, named(id)?, new).await?;
    Ok(created(&made))
}

/// Revoke an API key of a guest.
#[utoipa::path(
    delete,
    path = "/users/{id}/keys/{key}",
    tag = "users",
    params(
        ("id" = String, Path, description = "The guest"),
        ("key" = String, Path, description = "The key")
    ),
    extensions(("x-act" = json!("user.manage"))),
    responses((status = 204, description = "Revoked"))
)]
pub(super) async fn revoke_of(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    which: Named<(UserId, ApiKeyId)>,
) -> Result<StatusCode, Refusal> {
    ops::revoke_key_of(&ground, &viewer, named(which)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
