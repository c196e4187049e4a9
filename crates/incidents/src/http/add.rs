use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::IncidentRef;

use crate::{
    error::Error,
    model::{Statement, TimelineEntry},
    ops,
    wire::{ChangedBody, StatementBody, TimelineBody},
};

/// Add to the timeline of an incident.
#[utoipa::path(
    post,
    path = "/incidents/{id}/timeline",
    operation_id = "add_incident_timeline",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = TimelineBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Added", body = ChangedBody))
)]
pub(super) async fn timeline(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<TimelineBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let entry = TimelineEntry::try_from(sent(body)?).map_err(Error::from)?;
    let incident = ops::add_timeline(&ground, &viewer, named(id)?, &entry).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Add what somebody said of an incident. Attribution is always a statement of somebody.
#[utoipa::path(
    post,
    path = "/incidents/{id}/statements",
    operation_id = "add_incident_statement",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = StatementBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Added", body = ChangedBody))
)]
pub(super) async fn statement(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<StatementBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let statement = Statement::try_from(sent(body)?).map_err(Error::from)?;
    let incident = ops::add_statement(&ground, &viewer, named(id)?, &statement).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}
