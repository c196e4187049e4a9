use access::http::{Refusal, Sent, SignedIn, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};

use crate::{
    error::Error,
    model::Root,
    ops,
    wire::{RootBody, RootsBody},
};

/// List the roots of the session's or key's mode, by name.
#[utoipa::path(
    get,
    path = "/intel/roots",
    operation_id = "list_intel_roots",
    tag = "intel",
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The roots", body = RootsBody))
)]
pub(super) async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<RootsBody>, Refusal> {
    let roots = ops::roots(&ground, &viewer).await?;
    let items = roots.iter().map(RootBody::from).collect();
    Ok(Json(RootsBody { items }))
}

/// Make a root. It is real or exercise as the session or key is.
#[utoipa::path(
    post,
    path = "/intel/roots",
    operation_id = "add_intel_root",
    tag = "intel",
    request_body = RootBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 201, description = "Made", body = RootBody))
)]
pub(super) async fn add(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<RootBody>,
) -> Result<(StatusCode, Json<RootBody>), Refusal> {
    let body = sent(body)?;
    let root = Root {
        name: body.name.parse().map_err(Error::from)?,
        mode: viewer.mode,
        title: body.title.parse().map_err(Error::from)?,
        description: body.description.parse().map_err(Error::from)?,
    };
    let root = ops::add_root(&ground, &viewer, root).await?;
    Ok((StatusCode::CREATED, Json(RootBody::from(&root))))
}
