use access::http::{Asked, Refusal, SignedIn, asked};
use audit::Ground;
use axum::{Json, extract::State};
use kernel::PageRequest;

use crate::{
    error::Error,
    model::Filter,
    ops,
    wire::{CasePageBody, IncidentQuery},
};

/// Export whole incidents, page by page. Each page is recorded in the ledger of acts.
#[utoipa::path(
    get,
    path = "/incidents/export",
    operation_id = "export_incidents",
    tag = "incidents",
    params(IncidentQuery),
    extensions(("x-act" = json!("incident.export"))),
    responses((status = 200, description = "A page", body = CasePageBody))
)]
pub(super) async fn export(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<IncidentQuery>,
) -> Result<Json<CasePageBody>, Refusal> {
    let query = asked(query)?;
    let filter = Filter::try_from(&query).map_err(Error::from)?;
    let request = PageRequest::try_from(&query).map_err(Error::from)?;
    let page = ops::export(&ground, &viewer, &filter, request).await?;
    Ok(Json(CasePageBody::from(&page)))
}
