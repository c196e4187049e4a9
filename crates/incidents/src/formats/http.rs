//! JSON routes of other formats.

use access::http::{Asked, Refusal, Sent, SignedIn, asked, sent};
use audit::Ground;
use axum::{
    Json,
    extract::{DefaultBodyLimit, Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use kernel::{IncidentRef, PageRequest, Problem, ProblemKind};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    model::{UPLOAD_BYTES_MAX, Written},
    ops::{self, Exported},
    wire::{FormatsBody, ImportBody, ImportReportBody},
};
use crate::{error::Error, model::Filter, wire::IncidentQuery};

/// A text of the most bytes as JSON writes it.
const BODY_BYTES_MAX: usize = 2 * UPLOAD_BYTES_MAX;
/// Tells where the next file goes on.
const NEXT: &str = "comity-next";

/// The routes, to be nested under `/api/v1`.
pub fn router(ground: Ground) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(import))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .routes(routes!(formats))
        .routes(routes!(export_page))
        .routes(routes!(export_one))
        .with_state(ground)
}

/// Take in a file of incidents: VERIS JSON, CSV, STIX 2.1 or MISP events. What is there as it is stays
/// as it is; bad documents are refused one by one, the others are taken in.
#[utoipa::path(
    post,
    path = "/incidents/import",
    operation_id = "import_incidents",
    tag = "incidents",
    request_body = ImportBody,
    extensions(("x-act" = json!("incident.import"))),
    responses((status = 200, description = "What was done", body = ImportReportBody))
)]
pub(super) async fn import(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<ImportBody>,
) -> Result<Json<ImportReportBody>, Refusal> {
    let body = sent(body)?;
    let settings = body.settings();
    let (format, report, first) = ops::import_text(
        &ground,
        &viewer,
        (&body.text, body.format),
        &settings,
        body.preview,
    )
    .await?;
    Ok(Json(ImportReportBody::of(format, &report, &first)))
}

/// The formats that incidents go out in, each with what it has no place for.
#[utoipa::path(
    get,
    path = "/incidents/formats",
    operation_id = "list_incident_formats",
    tag = "incidents",
    extensions(("x-act" = json!("incident.export"))),
    responses((status = 200, description = "The formats", body = FormatsBody))
)]
pub(super) async fn formats(SignedIn(viewer): SignedIn) -> Result<Json<FormatsBody>, Refusal> {
    access::policy::check_house(&viewer, access::policy::Act::IncidentExport)
        .map_err(Error::Refused)?;
    Ok(Json(FormatsBody::all()))
}

/// Export a page of incidents as one file of a format. Where there are more, the header `comity-next`
/// holds what the next page is asked for with as `after`.
#[utoipa::path(
    get,
    path = "/incidents/export/{format}",
    operation_id = "export_incidents_as",
    tag = "incidents",
    params(("format" = Written, Path, description = "The format"), IncidentQuery),
    extensions(("x-act" = json!("incident.export"))),
    responses((status = 200, description = "A file", body = String, content_type = "application/octet-stream"))
)]
pub(super) async fn export_page(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    Path(format): Path<String>,
    query: Asked<IncidentQuery>,
) -> Result<Response, Refusal> {
    let format = written(&format)?;
    let query = asked(query)?;
    let filter = Filter::try_from(&query).map_err(Error::from)?;
    let request = PageRequest::try_from(&query).map_err(Error::from)?;
    let file = ops::export_as(&ground, &viewer, (&filter, request), format).await?;
    Ok(answer(&file, "incidents"))
}

/// Export one incident as a file of a format.
#[utoipa::path(
    get,
    path = "/incidents/{id}/export/{format}",
    operation_id = "export_incident_as",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("format" = Written, Path, description = "The format")
    ),
    extensions(("x-act" = json!("incident.export"))),
    responses((status = 200, description = "A file", body = String, content_type = "application/octet-stream"))
)]
pub(super) async fn export_one(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    Path((id, format)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let id: IncidentRef = id.parse().map_err(|_no_id| Error::NotFound)?;
    let file = ops::export_one(&ground, &viewer, id, written(&format)?).await?;
    Ok(answer(&file, &id.to_string()))
}

fn written(format: &str) -> Result<Written, Problem> {
    let missing = |_unknown| {
        let detail = "no such format";
        Problem::new(ProblemKind::NotFound, "incident.no_format", detail)
    };
    format.parse().map_err(missing)
}

/// A file as an answer, under a name.
#[must_use]
pub fn answer(file: &Exported, name: &str) -> Response {
    let named = format!("attachment; filename=\"{name}.{}\"", file.ending);
    let mut response = (
        [
            (header::CONTENT_TYPE, file.media_type.to_owned()),
            (header::CONTENT_DISPOSITION, named),
        ],
        file.text.clone(),
    )
        .into_response();
    let next = file.next.and_then(|next| next.to_string().parse().ok());
    if let Some(next) = next {
        response.headers_mut().insert(NEXT, next);
    }
    response
}
