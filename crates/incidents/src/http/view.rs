use access::http::{Asked, Named, Refusal, SignedIn, asked, named};
use audit::Ground;
use axum::{Json, extract::State};
use kernel::{IncidentRef, PageRequest};

use crate::{
    error::Error,
    ops,
    wire::{CaseBody, HistoryPageBody, PageQuery},
};

/// Read an incident with everything that belongs to it.
#[utoipa::path(
    get,
    path = "/incidents/{id}",
    operation_id = "read_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "The incident", body = CaseBody))
)]
pub(super) async fn view(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<CaseBody>, Refusal> {
    let case = ops::view(&ground, &viewer, named(id)?).await?;
    Ok(Json(CaseBody::from(&case).shown()))
}

/// Read what was done to an incident, newest first.
#[utoipa::path(
    get,
    path = "/incidents/{id}/history",
    operation_id = "read_incident_history",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident"), PageQuery),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "A page", body = HistoryPageBody))
)]
pub(super) async fn history(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    query: Asked<PageQuery>,
) -> Result<Json<HistoryPageBody>, Refusal> {
    let request = PageRequest::try_from(asked(query)?).map_err(Error::from)?;
    let page = ops::history(&ground, &viewer, named(id)?, request).await?;
    Ok(Json(HistoryPageBody::from(&page)))
}
