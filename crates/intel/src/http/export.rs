use access::http::{Asked, Named, Refusal, SignedIn, asked, named};
use audit::Ground;
use axum::{
    Json,
    body::Body,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use kernel::Viewer;

use crate::{
    Error,
    ops::{self, Export, Exporting},
    wire::{ExportQuery, ExportReportBody},
};

/// Write what the caller sees of a collection to a file of another format. A download that breaks off
/// is not whole. Each export stands in the ledger of acts.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/export",
    operation_id = "export_collection",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        ExportQuery
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The file", body = String))
)]
pub(super) async fn export(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    query: Asked<ExportQuery>,
) -> Result<Response, Refusal> {
    let (root, name) = named(path)?;
    let exporting = Exporting::try_from(asked(query)?)?;
    Ok(download(&ground, &viewer, (&root, &name), exporting).await?)
}

/// The file as a download.
pub async fn download(
    ground: &Ground,
    viewer: &Viewer,
    place: (&str, &str),
    exporting: Exporting,
) -> Result<Response, Error> {
    let target = exporting.target;
    let export = Export::begin(ground, viewer, place, exporting).await?;
    let name = ops::file_name(export.collection(), target);
    let pages = stream::try_unfold(export, |mut export| async move {
        let page = export.next().await?;
        Ok::<_, Error>(page.map(|page| (page, export)))
    });
    let fields = [
        (header::CONTENT_TYPE, target.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((fields, Body::from_stream(pages)).into_response())
}

/// See what an export would lose and leave out. Of a long collection the first 20,000 objects are
/// looked at.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/export/report",
    operation_id = "report_export",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        ExportQuery
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The report", body = ExportReportBody))
)]
pub(super) async fn report(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    query: Asked<ExportQuery>,
) -> Result<Json<ExportReportBody>, Refusal> {
    let (root, name) = named(path)?;
    let exporting = Exporting::try_from(asked(query)?)?;
    let report = ops::look_at_export(&ground, &viewer, (&root, &name), exporting).await?;
    Ok(Json(report.into()))
}
