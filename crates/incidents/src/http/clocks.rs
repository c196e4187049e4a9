use access::{
    http::{Named, Refusal, Sent, SignedIn, named, sent},
    policy::{self, Act},
};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::IncidentRef;

use crate::{
    error::Error,
    model::Line,
    ops,
    wire::{
        ChangedBody, DropDutyBody, DutyBody, FilingBody, MomentBody, RegimeBody, RequestBody,
        regimes,
    },
};

/// Enter when a moment of an incident was, from which clocks run. The last entry of a moment holds.
#[utoipa::path(
    post,
    path = "/incidents/{id}/moments",
    operation_id = "enter_incident_moment",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = MomentBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Entered", body = ChangedBody))
)]
pub(super) async fn occurred(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<MomentBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let body = sent(body)?;
    let incident = ops::occurred(&ground, &viewer, named(id)?, (body.moment, body.at)).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Decide that an incident is reported by a regime. A second time changes nothing.
#[utoipa::path(
    post,
    path = "/incidents/{id}/duties",
    operation_id = "take_incident_duty",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = DutyBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Decided", body = ChangedBody))
)]
pub(super) async fn follow(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<DutyBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let body = sent(body)?;
    let regime = Line::required(&body.regime, "regime").map_err(Error::from)?;
    let zone = Line::required(&body.zone, "zone").map_err(Error::from)?;
    let incident = ops::follow(&ground, &viewer, named(id)?, (regime, zone)).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Say that a regime by which an incident is reported does not apply after all. What was filed stays.
#[utoipa::path(
    post,
    path = "/incidents/{id}/duties/{regime}/drop",
    operation_id = "drop_incident_duty",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("regime" = String, Path, description = "The key of the regime")
    ),
    request_body = DropDutyBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "Dropped", body = ChangedBody))
)]
pub(super) async fn drop(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    at: Named<(IncidentRef, String)>,
    body: Sent<DropDutyBody>,
) -> Result<Json<ChangedBody>, Refusal> {
    let ((id, regime), body) = (named(at)?, sent(body)?);
    let regime = Line::required(&regime, "regime").map_err(Error::from)?;
    let why = Line::required(&body.reason, "reason").map_err(Error::from)?;
    let incident = ops::drop_duty(&ground, &viewer, id, (regime, why)).await?;
    Ok(Json(ChangedBody::from(&incident)))
}

/// Enter that a report on an incident was filed with an authority.
#[utoipa::path(
    post,
    path = "/incidents/{id}/filings",
    operation_id = "file_incident_report",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = FilingBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Entered", body = ChangedBody))
)]
pub(super) async fn file(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<FilingBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let by = viewer.label().parse().map_err(Error::Invalid)?;
    let filing = sent(body)?.filing((by, ground.now()));
    let filing = filing.map_err(Error::from)?;
    let incident = ops::file(&ground, &viewer, named(id)?, filing).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Enter that an authority asked for a report which is due only then, such as the intermediate report
/// under NIS2.
#[utoipa::path(
    post,
    path = "/incidents/{id}/report-requests",
    operation_id = "enter_report_request",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = RequestBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Entered", body = ChangedBody))
)]
pub(super) async fn request(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<RequestBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let by = viewer.label().parse().map_err(Error::Invalid)?;
    let request = sent(body)?.request((by, ground.now()));
    let request = request.map_err(Error::from)?;
    let incident = ops::request(&ground, &viewer, named(id)?, request).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// List the regimes that ask for reports, as they ship with the program: each with its source and
/// with whether anybody has verified it.
#[utoipa::path(
    get,
    path = "/reporting-regimes",
    operation_id = "list_reporting_regimes",
    tag = "incidents",
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "All of them", body = Vec<RegimeBody>))
)]
pub(super) async fn list(SignedIn(viewer): SignedIn) -> Result<Json<Vec<RegimeBody>>, Refusal> {
    policy::check_house(&viewer, Act::IncidentRead).map_err(Error::Refused)?;
    Ok(Json(regimes()?))
}
