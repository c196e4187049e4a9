use access::http::{Asked, Refusal, SignedIn, asked};
use audit::Ground;
use axum::{Json, extract::State};
use kernel::PageRequest;

use crate::{
    error::Error,
    model::Filter,
    ops,
    wire::{CountBody, IncidentQuery, ListedPageBody, StageCountBody},
};

/// List incidents, newest first.
#[utoipa::path(
    get,
    path = "/incidents",
    operation_id = "list_incidents",
    tag = "incidents",
    params(IncidentQuery),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "A page", body = ListedPageBody))
)]
pub(super) async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<IncidentQuery>,
) -> Result<Json<ListedPageBody>, Refusal> {
    let query = asked(query)?;
    let filter = Filter::try_from(&query).map_err(Error::from)?;
    let request = PageRequest::try_from(&query).map_err(Error::from)?;
    let page = ops::list(&ground, &viewer, &filter, request).await?;
    Ok(Json(ListedPageBody::from(&page)))
}

/// Count incidents, up to 1,000. `after` and `limit` have no meaning here.
#[utoipa::path(
    get,
    path = "/incidents/count",
    operation_id = "count_incidents",
    tag = "incidents",
    params(IncidentQuery),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "How many match", body = CountBody))
)]
pub(super) async fn count(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<IncidentQuery>,
) -> Result<Json<CountBody>, Refusal> {
    let query = asked(query)?;
    let filter = Filter::try_from(&query).map_err(Error::from)?;
    let count = ops::count(&ground, &viewer, &filter).await?;
    Ok(Json(CountBody::from(count)))
}

/// Count incidents at each stage.
#[utoipa::path(
    get,
    path = "/incidents/stages",
    operation_id = "count_incidents_by_stage",
    tag = "incidents",
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "One count a stage", body = Vec<StageCountBody>))
)]
pub(super) async fn stages(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<StageCountBody>>, Refusal> {
    let stages = ops::stages(&ground, &viewer).await?;
    Ok(Json(stages.into_iter().map(StageCountBody::from).collect()))
}
