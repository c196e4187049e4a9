use access::http::{Refusal, Sent, SignedIn, sent};
use axum::{Json, body::Bytes, extract::State, http::header, response::IntoResponse};

use crate::{
    Error, Register, ops,
    wire::{InfrastructureImportedBody, InfrastructureTableBody, InfrastructureTableReportBody},
};

/// Write all of the register to a file.
#[utoipa::path(
    get,
    path = "/infrastructure/file",
    operation_id = "export_infrastructure",
    tag = "infrastructure",
    extensions(("x-act" = json!("infrastructure.export"))),
    responses((status = 200, description = "The file", content_type = "application/json"))
)]
pub(super) async fn export_json(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
) -> Result<impl IntoResponse, Refusal> {
    let text = ops::export_json(&register, &viewer).await?;
    let fields = [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"infrastructure.json\"",
        ),
    ];
    Ok((fields, text))
}

/// Take a file of the register in, all of it or nothing. What the file does not have stays.
#[utoipa::path(
    post,
    path = "/infrastructure/file",
    operation_id = "import_infrastructure",
    tag = "infrastructure",
    request_body(content = String, content_type = "application/json"),
    extensions(("x-act" = json!("infrastructure.export"))),
    responses((status = 200, description = "What was done", body = InfrastructureImportedBody))
)]
pub(super) async fn import_json(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    body: Bytes,
) -> Result<Json<InfrastructureImportedBody>, Refusal> {
    let done = ops::import_json(&register, &viewer, &body).await?;
    Ok(Json(done.into()))
}

/// Write all of the register as a table, which can be taken in again.
#[utoipa::path(
    get,
    path = "/infrastructure/table",
    operation_id = "export_infrastructure_table",
    tag = "infrastructure",
    extensions(("x-act" = json!("infrastructure.export"))),
    responses((status = 200, description = "The table", content_type = "text/csv"))
)]
pub(super) async fn export_csv(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
) -> Result<impl IntoResponse, Refusal> {
    let text = ops::export_csv(&register, &viewer).await?;
    let fields = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"infrastructure.csv\"",
        ),
    ];
    Ok((fields, text))
}

/// Look at a table of the register, or take it in, all of it or nothing. What the table does not name
/// stays. The same key is the same record in each file; without a key, the same name.
#[utoipa::path(
    post,
    path = "/infrastructure/table",
    operation_id = "import_infrastructure_table",
    tag = "infrastructure",
    request_body = InfrastructureTableBody,
    extensions(("x-act" = json!("infrastructure.export"))),
    responses((status = 200, description = "What became of it, or would", body = InfrastructureTableReportBody))
)]
pub(super) async fn import_csv(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    body: Sent<InfrastructureTableBody>,
) -> Result<Json<InfrastructureTableReportBody>, Refusal> {
    // Whoever is not named learns nothing of what he sent.
    let rights = ops::rights(&register, &viewer).await?;
    let body = if rights.is_named {
        sent(body)?
    } else {
        InfrastructureTableBody::default()
    };
    let columns = body.columns().map_err(Error::from)?;
    let table = (body.text.as_str(), &columns);
    let looked = ops::import_csv(&register, &viewer, table, body.step()).await?;
    Ok(Json(InfrastructureTableReportBody::from(&looked)))
}
