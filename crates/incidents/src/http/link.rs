use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::IncidentRef;

use crate::{
    error::Error,
    model::{Link, LinkKind},
    ops,
    wire::{ChangedBody, LinkBody, LinkQuery},
};

/// Link an incident to something that another part of the program holds.
#[utoipa::path(
    post,
    path = "/incidents/{id}/links",
    operation_id = "link_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = LinkBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Added", body = ChangedBody))
)]
pub(super) async fn link(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<LinkBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let link = Link::try_from(sent(body)?).map_err(Error::from)?;
    let incident = ops::link(&ground, &viewer, named(id)?, &link).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Remove a link. Nothing happens if there is none.
#[utoipa::path(
    delete,
    path = "/incidents/{id}/links",
    operation_id = "unlink_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident"), LinkQuery),
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "There is no such link", body = ChangedBody))
)]
pub(super) async fn unlink(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    query: Asked<LinkQuery>,
) -> Result<Json<ChangedBody>, Refusal> {
    let query = asked(query)?;
    let kind: LinkKind = query.kind.parse().map_err(Error::Invalid)?;
    let incident = ops::unlink(&ground, &viewer, named(id)?, &kind, &query.target).await?;
    Ok(Json(ChangedBody::from(&incident)))
}
