//! JSON routes of legal holds.

use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::IncidentRef;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ops,
    wire::{HoldBody, HoldsBody, LiftBody, NewHoldBody},
};
use crate::{error::Error, model::Line};

/// The routes, to be nested under `/api/v1`.
pub(crate) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(list, place))
        .routes(routes!(lift))
}

/// List the legal holds of an incident.
#[utoipa::path(
    get,
    path = "/incidents/{id}/holds",
    operation_id = "list_legal_holds",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "The holds", body = HoldsBody))
)]
async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<HoldsBody>, Refusal> {
    Ok(Json(all(&ground, &viewer, named(id)?).await?))
}

async fn all(
    ground: &Ground,
    viewer: &kernel::Viewer,
    id: IncidentRef,
) -> Result<HoldsBody, Refusal> {
    let holds = ops::holds(ground, viewer, id).await?;
    let now = ground.now();
    let holds = holds.iter().map(|hold| HoldBody::new(hold, now)).collect();
    Ok(HoldsBody { holds })
}

/// Place a legal hold: while it lasts, nothing of the incident is destroyed or erased.
#[utoipa::path(
    post,
    path = "/incidents/{id}/holds",
    operation_id = "place_legal_hold",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = NewHoldBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Placed", body = HoldsBody))
)]
async fn place(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<NewHoldBody>,
) -> Result<(StatusCode, Json<HoldsBody>), Refusal> {
    let (id, body) = (named(id)?, sent(body)?);
    let why = Line::required(&body.reason, "reason").map_err(Error::from)?;
    ops::place(&ground, &viewer, id, (&why, body.until)).await?;
    Ok((StatusCode::CREATED, Json(all(&ground, &viewer, id).await?)))
}

/// Lift a legal hold.
#[utoipa::path(
    post,
    path = "/incidents/{id}/holds/{number}/lift",
    operation_id = "lift_legal_hold",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("number" = i64, Path, description = "The hold")
    ),
    request_body = LiftBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 200, description = "Lifted", body = HoldsBody),
        (status = 409, description = "It does not last any more")
    )
)]
async fn lift(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    at: Named<(IncidentRef, i64)>,
    body: Sent<LiftBody>,
) -> Result<Json<HoldsBody>, Refusal> {
    let at = named(at)?;
    let why = Line::required(&sent(body)?.reason, "reason").map_err(Error::from)?;
    ops::lift(&ground, &viewer, at, &why).await?;
    Ok(Json(all(&ground, &viewer, at.0).await?))
}
