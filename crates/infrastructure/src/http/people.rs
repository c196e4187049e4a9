use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use axum::{Json, extract::State, http::StatusCode};
use kernel::UserId;
use serde::Deserialize;

use crate::{
    Register,
    model::Rights,
    ops,
    wire::{GrantBody, NamingBody, RightsBody},
};

/// Why somebody is named no more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Why {
    #[serde(default)]
    reason: String,
}

/// List whom the register names. That tells nothing of what is in it.
#[utoipa::path(
    get,
    path = "/infrastructure/people",
    operation_id = "list_infrastructure_grants",
    tag = "infrastructure",
    extensions(("x-act" = json!("infrastructure.grant"))),
    responses((status = 200, description = "Who", body = Vec<GrantBody>))
)]
pub(super) async fn grants(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<GrantBody>>, Refusal> {
    let found = ops::grants(&register, &viewer).await?;
    Ok(Json(found.iter().map(GrantBody::from).collect()))
}

/// List who was named and named no more, the latest first; up to a hundred.
#[utoipa::path(
    get,
    path = "/infrastructure/namings",
    operation_id = "list_infrastructure_namings",
    tag = "infrastructure",
    extensions(("x-act" = json!("infrastructure.grant"))),
    responses((status = 200, description = "What was said", body = Vec<NamingBody>))
)]
pub(super) async fn namings(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<NamingBody>>, Refusal> {
    let found = ops::namings(&register, &viewer).await?;
    Ok(Json(found.iter().map(NamingBody::from).collect()))
}

/// Name somebody, or say anew what he may do.
#[utoipa::path(
    put,
    path = "/infrastructure/people/{user}",
    operation_id = "grant_infrastructure",
    tag = "infrastructure",
    params(("user" = String, Path, description = "The user")),
    request_body = RightsBody,
    extensions(("x-act" = json!("infrastructure.grant"))),
    responses((status = 204, description = "Named"))
)]
pub(super) async fn grant(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    user: Named<UserId>,
    body: Sent<RightsBody>,
) -> Result<StatusCode, Refusal> {
    let (user, body) = (named(user)?, sent(body)?);
    access::ops::read_user(&register.ground, &viewer, user).await?;
    let rights = Rights {
        is_named: true,
        may_edit: body.may_edit,
        may_export: body.may_export,
    };
    ops::grant(&register, &viewer, user, (rights, &body.reason)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Name somebody no more. The last one who can read it and may change it stays.
#[utoipa::path(
    delete,
    path = "/infrastructure/people/{user}",
    operation_id = "revoke_infrastructure",
    tag = "infrastructure",
    params(
        ("user" = String, Path, description = "The user"),
        ("reason" = String, Query, description = "Why, in 1 to 500 characters")
    ),
    extensions(("x-act" = json!("infrastructure.grant"))),
    responses((status = 204, description = "Named no more"))
)]
pub(super) async fn revoke(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    user: Named<UserId>,
    why: Asked<Why>,
) -> Result<StatusCode, Refusal> {
    let (user, why) = (named(user)?, asked(why)?);
    ops::revoke(&register, &viewer, user, &why.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
