use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::IncidentRef;

use crate::{
    error::Error,
    ops,
    severity::{Proposal, Stated},
    wire::{AssessBody, ChangedBody, LevelCountBody, RatingBody},
};

/// Judge how severe an incident is, by the factors of SEV-1. The assessment stands after the earlier
/// ones, which stay, and holds from then on.
#[utoipa::path(
    post,
    path = "/incidents/{id}/assessments",
    operation_id = "assess_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = AssessBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 201, description = "Added", body = ChangedBody),
        (status = 409, description = "Somebody assessed it meanwhile")
    )
)]
pub(super) async fn assess(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<AssessBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let body = sent(body)?;
    let known = body.known;
    let proposal = Proposal::try_from(body).map_err(Error::from)?;
    let incident = ops::assess(&ground, &viewer, named(id)?, known, proposal).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Add how severe somebody says an incident is, by another scale. It stands beside what is computed
/// here and changes nothing of it.
#[utoipa::path(
    post,
    path = "/incidents/{id}/ratings",
    operation_id = "rate_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = RatingBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Added", body = ChangedBody))
)]
pub(super) async fn rate(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<RatingBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let stated = Stated::try_from(sent(body)?).map_err(Error::from)?;
    let incident = ops::rate(&ground, &viewer, named(id)?, stated).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Count the incidents on which work goes on at each level of severity, the gravest first.
#[utoipa::path(
    get,
    path = "/incidents/levels",
    operation_id = "count_incidents_by_level",
    tag = "incidents",
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "One count a level", body = Vec<LevelCountBody>))
)]
pub(super) async fn levels(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<LevelCountBody>>, Refusal> {
    let levels = ops::levels(&ground, &viewer).await?;
    Ok(Json(levels.into_iter().map(LevelCountBody::from).collect()))
}
