use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State};
use kernel::IncidentRef;

use crate::{
    error::Error,
    model::Facts,
    ops,
    wire::{AdvanceBody, ChangedBody, EditBody},
};

/// Change the facts of an incident that is at the named version.
#[utoipa::path(
    put,
    path = "/incidents/{id}",
    operation_id = "edit_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = EditBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 200, description = "Changed", body = ChangedBody),
        (status = 409, description = "It is at another version")
    )
)]
pub(super) async fn edit(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<EditBody>,
) -> Result<Json<ChangedBody>, Refusal> {
    let body = sent(body)?;
    let facts = Facts::try_from(body.facts).map_err(Error::from)?;
    let incident = ops::edit(&ground, &viewer, named(id)?, body.version, facts).await?;
    Ok(Json(ChangedBody::from(&incident)))
}

/// Move an incident on in its life.
#[utoipa::path(
    post,
    path = "/incidents/{id}/status",
    operation_id = "advance_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = AdvanceBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 200, description = "Moved on", body = ChangedBody),
        (status = 409, description = "It is at another version, or the step is not possible")
    )
)]
pub(super) async fn advance(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<AdvanceBody>,
) -> Result<Json<ChangedBody>, Refusal> {
    let body = sent(body)?;
    let id = named(id)?;
    let incident = ops::advance(&ground, &viewer, id, body.version, body.event).await?;
    Ok(Json(ChangedBody::from(&incident)))
}
