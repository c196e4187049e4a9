use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::IncidentRef;
use serde_json::Value;

use crate::{
    course::Draft,
    error::Error,
    model::HarmFigure,
    ops,
    wire::{ChangedBody, CourseBody, EnteredBody, EntryBody, HarmBody, HarmViewBody, stix},
};

/// Add a figure of harm to an incident, or one that takes the place of an earlier figure, with the reason.
#[utoipa::path(
    post,
    path = "/incidents/{id}/harm",
    operation_id = "add_incident_harm",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = HarmBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 201, description = "Added", body = ChangedBody),
        (status = 409, description = "The figure was corrected already")
    )
)]
pub(super) async fn harm(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<HarmBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let figure = HarmFigure::try_from(sent(body)?).map_err(Error::from)?;
    let incident = ops::add_harm(&ground, &viewer, named(id)?, &figure).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Read the harm of an incident: the figures, what follows from its course and how, and the sums. Small
/// groups of people are held back.
#[utoipa::path(
    get,
    path = "/incidents/{id}/harm",
    operation_id = "read_incident_harm",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "The harm", body = HarmViewBody))
)]
pub(super) async fn view(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<HarmViewBody>, Refusal> {
    let case = ops::view(&ground, &viewer, named(id)?).await?;
    Ok(Json(HarmViewBody::from(&case)))
}

/// Add to the course of an incident: services, capacity, milestones, effects, and the boards of health
/// care. All entries are added, or none.
#[utoipa::path(
    post,
    path = "/incidents/{id}/course",
    operation_id = "add_incident_course",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = CourseBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 201, description = "Added", body = EnteredBody),
        (status = 409, description = "Somebody entered something about the same meanwhile")
    )
)]
pub(super) async fn enter(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<CourseBody>,
) -> Result<(StatusCode, Json<EnteredBody>), Refusal> {
    let drafts = sent(body)?.entries.into_iter().map(Draft::try_from);
    let drafts = drafts.collect::<Result<_, _>>().map_err(Error::from)?;
    let (incident, numbers) = ops::enter(&ground, &viewer, named(id)?, drafts).await?;
    let body = EnteredBody {
        id: incident.public,
        version: incident.version,
        numbers,
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// Read what was entered of the course of an incident, in the order of entry, corrected entries among it.
#[utoipa::path(
    get,
    path = "/incidents/{id}/course",
    operation_id = "read_incident_course",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "The entries", body = Vec<EntryBody>))
)]
pub(super) async fn course(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<Vec<EntryBody>>, Refusal> {
    let case = ops::view(&ground, &viewer, named(id)?).await?;
    Ok(Json(case.course.iter().map(EntryBody::from).collect()))
}

/// Take out an incident and its harm as a STIX 2.1 bundle with the Incident Core extension, which is
/// recorded in the ledger of acts.
#[utoipa::path(
    get,
    path = "/incidents/{id}/stix",
    operation_id = "export_incident_stix",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("incident.export"))),
    responses((status = 200, description = "The bundle", body = Value))
)]
pub(super) async fn bundle(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<Value>, Refusal> {
    let case = ops::take_out(&ground, &viewer, named(id)?).await?;
    Ok(Json(stix::bundle(&case)))
}
