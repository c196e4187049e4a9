//! JSON routes of splitting.

use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::IncidentRef;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    model::Order,
    ops,
    wire::{ForeseenBody, LookBody, OrderBody, PartsBody, SplitBody, SplitsBody},
};
use crate::error::Error;

/// The routes, to be nested under `/api/v1`.
pub(crate) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(parts, split))
        .routes(routes!(preview))
        .routes(routes!(splits))
}

/// Read which parts of an incident can go to a new one.
#[utoipa::path(
    get,
    path = "/incidents/{id}/split",
    operation_id = "list_incident_parts",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "Its parts", body = PartsBody))
)]
async fn parts(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<PartsBody>, Refusal> {
    let (incident, parts) = ops::parts(&ground, &viewer, named(id)?).await?;
    Ok(Json(PartsBody::new(&incident, &parts)))
}

/// See what would happen if parts of an incident went to a new one. Nothing happens.
#[utoipa::path(
    post,
    path = "/incidents/{id}/split/preview",
    operation_id = "preview_incident_split",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = LookBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 200, description = "What would happen", body = ForeseenBody),
        (status = 409, description = "The parts cannot leave")
    )
)]
async fn preview(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<LookBody>,
) -> Result<Json<ForeseenBody>, Refusal> {
    let wanted = sent(body)?.names();
    let seen = ops::preview(&ground, &viewer, named(id)?, &wanted).await?;
    Ok(Json(ForeseenBody::from(&seen)))
}

/// Make a new incident of parts of this one, which must be at the version that was read. A merge of the
/// new one into this one takes it back.
#[utoipa::path(
    post,
    path = "/incidents/{id}/split",
    operation_id = "split_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident from which parts go")),
    request_body = OrderBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 201, description = "Split", body = SplitBody),
        (status = 409, description = "The incident has changed since, or the parts cannot leave")
    )
)]
async fn split(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<OrderBody>,
) -> Result<(StatusCode, Json<SplitBody>), Refusal> {
    let order = Order::try_from(sent(body)?).map_err(Error::from)?;
    let done = ops::split(&ground, &viewer, named(id)?, &order).await?;
    Ok((StatusCode::CREATED, Json(SplitBody::from(&done))))
}

/// Read from which incident this one was split, and which were split from it.
#[utoipa::path(
    get,
    path = "/incidents/{id}/splits",
    operation_id = "read_incident_splits",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "Those", body = SplitsBody))
)]
async fn splits(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<SplitsBody>, Refusal> {
    let splits = ops::splits(&ground, &viewer, named(id)?).await?;
    Ok(Json(SplitsBody::from(&splits)))
}
