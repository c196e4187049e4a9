//! JSON routes of reports for authorities.

use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::{IncidentRef, Viewer};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    NewSubmission, ops,
    wire::{ReleaseBody, SentBody, SubmissionBody, WriteBody},
};
use crate::error::Error;

/// The routes, to be nested under `/api/v1`.
pub(crate) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(list, write))
        .routes(routes!(release, shown))
}

/// List the reports of an incident for authorities, the first one first.
#[utoipa::path(
    get,
    path = "/incidents/{id}/submissions",
    operation_id = "list_submissions",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "The reports", body = Vec<SubmissionBody>))
)]
async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<Vec<SubmissionBody>>, Refusal> {
    Ok(Json(all(&ground, &viewer, named(id)?).await?))
}

async fn all(
    ground: &Ground,
    viewer: &Viewer,
    id: IncidentRef,
) -> Result<Vec<SubmissionBody>, Error> {
    let (all, clocks) = ops::submissions(ground, viewer, id).await?;
    let now = ground.now();
    let bodies = all.iter().map(|one| SubmissionBody::new(one, &clocks, now));
    bodies.collect()
}

/// Write a report of a stage for authorities, part by part. Nobody gets anything by that.
#[utoipa::path(
    post,
    path = "/incidents/{id}/submissions",
    operation_id = "write_submission",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = WriteBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Written: all of them", body = Vec<SubmissionBody>))
)]
async fn write(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<WriteBody>,
) -> Result<(StatusCode, Json<Vec<SubmissionBody>>), Refusal> {
    let (id, body) = (named(id)?, sent(body)?);
    let new = NewSubmission::try_from(body).map_err(Error::from)?;
    ops::write(&ground, &viewer, id, new).await?;
    let all = all(&ground, &viewer, id).await?;
    Ok((StatusCode::CREATED, Json(all)))
}

/// Release parts of a report to an authority: they have gone to it. The first release of a stage is a
/// filing with the authority.
#[utoipa::path(
    post,
    path = "/incidents/{id}/submissions/{number}/authorities/{place}",
    operation_id = "release_submission",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("number" = i64, Path, description = "The report"),
        ("place" = i64, Path, description = "The authority's place in it")
    ),
    request_body = ReleaseBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "Released: all reports", body = Vec<SubmissionBody>))
)]
async fn release(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    at: Named<(IncidentRef, i64, i64)>,
    body: Sent<ReleaseBody>,
) -> Result<Json<Vec<SubmissionBody>>, Refusal> {
    let (at, body) = (named(at)?, sent(body)?);
    ops::release(&ground, &viewer, at, &body.parts).await?;
    Ok(Json(all(&ground, &viewer, at.0).await?))
}

/// See what of a report went to an authority, to hand it over or to show it later.
#[utoipa::path(
    get,
    path = "/incidents/{id}/submissions/{number}/authorities/{place}",
    operation_id = "get_released_submission",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("number" = i64, Path, description = "The report"),
        ("place" = i64, Path, description = "The authority's place in it")
    ),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "What went to it", body = SentBody))
)]
async fn shown(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    at: Named<(IncidentRef, i64, i64)>,
) -> Result<Json<SentBody>, Refusal> {
    let (id, number, place) = named(at)?;
    let submission = ops::submission(&ground, &viewer, (id, number)).await?;
    let sent = SentBody::new(id, &submission, place).ok_or(Error::NotFound)?;
    Ok(Json(sent))
}
