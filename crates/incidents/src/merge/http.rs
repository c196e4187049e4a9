//! JSON routes of merging.

use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use audit::Ground;
use axum::{Json, extract::State};
use kernel::IncidentRef;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    model::Order,
    ops,
    wire::{FromQuery, MergesBody, OrderBody, PreviewBody, UnmergeBody},
};
use crate::{error::Error, model::Line, wire::ChangedBody};

/// The routes, to be nested under `/api/v1`.
pub(crate) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(preview, merge))
        .routes(routes!(merges))
        .routes(routes!(unmerge))
}

/// See what would happen if another incident were merged into this one. Nothing happens.
#[utoipa::path(
    get,
    path = "/incidents/{id}/merge",
    operation_id = "preview_incident_merge",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident into which the other goes"), FromQuery),
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "What would happen", body = PreviewBody))
)]
async fn preview(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    query: Asked<FromQuery>,
) -> Result<Json<PreviewBody>, Refusal> {
    let from = asked(query)?.from;
    let preview = ops::preview(&ground, &viewer, named(id)?, from).await?;
    Ok(Json(PreviewBody::from(&preview)))
}

/// Merge another incident into this one. Both must be at the versions that the preview gave.
#[utoipa::path(
    post,
    path = "/incidents/{id}/merge",
    operation_id = "merge_incidents",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident into which the other goes")),
    request_body = OrderBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 200, description = "Merged", body = ChangedBody),
        (status = 409, description = "One has changed since, or they cannot be merged")
    )
)]
async fn merge(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<OrderBody>,
) -> Result<Json<ChangedBody>, Refusal> {
    let order = Order::try_from(sent(body)?).map_err(Error::from)?;
    let incident = ops::merge(&ground, &viewer, named(id)?, &order).await?;
    Ok(Json(ChangedBody::from(&incident)))
}

/// Read with which incidents this one was merged.
#[utoipa::path(
    get,
    path = "/incidents/{id}/merges",
    operation_id = "read_incident_merges",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "Those", body = MergesBody))
)]
async fn merges(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<MergesBody>, Refusal> {
    let merges = ops::merges(&ground, &viewer, named(id)?).await?;
    Ok(Json(MergesBody::from(&merges)))
}

/// Take a merge back: this incident, which was merged into another, stands by itself again.
#[utoipa::path(
    post,
    path = "/incidents/{id}/unmerge",
    operation_id = "unmerge_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident that was merged")),
    request_body = UnmergeBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 200, description = "Taken back", body = ChangedBody),
        (status = 409, description = "It cannot be taken back")
    )
)]
async fn unmerge(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<UnmergeBody>,
) -> Result<Json<ChangedBody>, Refusal> {
    let why = Line::required(&sent(body)?.reason, "reason").map_err(Error::from)?;
    let incident = ops::unmerge(&ground, &viewer, named(id)?, &why).await?;
    Ok(Json(ChangedBody::from(&incident)))
}
