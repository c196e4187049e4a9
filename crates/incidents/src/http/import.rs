use access::http::{Refusal, SignedIn};
use audit::Ground;
use axum::{Json, extract::State};

use crate::{ops, wire::ImportedBody};

/// Bring in the historical incidents that ship with the program. A second time changes nothing.
#[utoipa::path(
    post,
    path = "/incidents/import-shipped",
    operation_id = "import_shipped_incidents",
    tag = "incidents",
    extensions(("x-act" = json!("incident.import"))),
    responses((status = 200, description = "What was done", body = ImportedBody))
)]
pub(super) async fn import(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<ImportedBody>, Refusal> {
    let done = ops::import_shipped(&ground, &viewer).await?;
    Ok(Json(ImportedBody::from(done)))
}
