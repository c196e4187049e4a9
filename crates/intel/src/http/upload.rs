use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
};
use kernel::{ImportId, Problem, ProblemKind};

use crate::{
    ops,
    wire::{ImportBody, ImportsBody, NewUploadBody, PreviewBody},
};

/// Open an upload: a file that comes in pieces and is looked at before it is taken in. It can be a
/// bundle, an envelope or lines of STIX 2.1 or 2.0, events of MISP, or a list of indicators, up to
/// 2 GiB. What is not begun within a day is forgotten.
#[utoipa::path(
    post,
    path = "/intel/roots/{root}/collections/{collection}/imports",
    operation_id = "open_upload",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    request_body = NewUploadBody,
    extensions(("x-act" = json!("intel.write"))),
    responses((status = 201, description = "Opened", body = ImportBody))
)]
pub(super) async fn open(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    body: Sent<NewUploadBody>,
) -> Result<(StatusCode, Json<ImportBody>), Refusal> {
    let (root, name) = named(path)?;
    let body = sent(body)?;
    let import = ops::open_upload(&ground, &viewer, (&root, &name), &body.source).await?;
    Ok((StatusCode::CREATED, Json(import.into())))
}

/// List the caller's latest imports into a collection.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/imports",
    operation_id = "list_imports",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The imports", body = ImportsBody))
)]
pub(super) async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
) -> Result<Json<ImportsBody>, Refusal> {
    let (root, name) = named(path)?;
    let imports = ops::imports(&ground, &viewer, &root, &name).await?;
    let items = imports.into_iter().map(ImportBody::from).collect();
    Ok(Json(ImportsBody { items }))
}

/// Hand in a piece of a file, up to 16 MiB, numbered from 0. It is kept when the answer comes, and may
/// come again.
#[utoipa::path(
    put,
    path = "/intel/roots/{root}/imports/{import}/parts/{part}",
    operation_id = "put_part",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("import" = String, Path, description = "The id of the import"),
        ("part" = i32, Path, description = "The number of the piece")
    ),
    request_body(content = String, content_type = "application/octet-stream"),
    extensions(("x-act" = json!("intel.write"))),
    responses((status = 200, description = "Kept", body = ImportBody))
)]
pub(super) async fn put_part(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, ImportId, i32)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<ImportBody>, Refusal> {
    let (root, id, number) = named(path)?;
    let body = body.map_err(|rejection| {
        let detail = rejection.to_string();
        Problem::new(ProblemKind::TooLarge, "request.too_large", detail)
    })?;
    let import = ops::put_part(&ground, &viewer, &root, id, (number, &body)).await?;
    Ok(Json(import.into()))
}

/// Say that all pieces of a file are here. Its format is found out.
#[utoipa::path(
    post,
    path = "/intel/roots/{root}/imports/{import}/seal",
    operation_id = "seal_upload",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("import" = String, Path, description = "The id of the import")
    ),
    extensions(("x-act" = json!("intel.write"))),
    responses((status = 200, description = "It waits", body = ImportBody))
)]
pub(super) async fn seal(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, ImportId)>,
) -> Result<Json<ImportBody>, Refusal> {
    let (root, id) = named(path)?;
    let import = ops::seal(&ground, &viewer, &root, id).await?;
    Ok(Json(import.into()))
}

/// See what would become of a file that waits.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/imports/{import}/preview",
    operation_id = "preview_import",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("import" = String, Path, description = "The id of the import")
    ),
    extensions(("x-act" = json!("intel.write"))),
    responses((status = 200, description = "What would become of it", body = PreviewBody))
)]
pub(super) async fn preview(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, ImportId)>,
) -> Result<Json<PreviewBody>, Refusal> {
    let (root, id) = named(path)?;
    let preview = ops::preview(&ground, &viewer, &root, id).await?;
    Ok(Json(preview.into()))
}

/// Take in a file that waits. A job does it; the import tells how far it has come.
#[utoipa::path(
    post,
    path = "/intel/roots/{root}/imports/{import}/begin",
    operation_id = "begin_import",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("import" = String, Path, description = "The id of the import")
    ),
    extensions(("x-act" = json!("intel.write"))),
    responses((status = 202, description = "Begun", body = ImportBody))
)]
pub(super) async fn begin(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, ImportId)>,
) -> Result<(StatusCode, Json<ImportBody>), Refusal> {
    let (root, id) = named(path)?;
    let import = ops::begin(&ground, &viewer, &root, id).await?;
    Ok((StatusCode::ACCEPTED, Json(import.into())))
}

/// Forget a file that has not begun.
#[utoipa::path(
    delete,
    path = "/intel/roots/{root}/imports/{import}",
    operation_id = "discard_upload",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("import" = String, Path, description = "The id of the import")
    ),
    extensions(("x-act" = json!("intel.write"))),
    responses((status = 204, description = "Forgotten"))
)]
pub(super) async fn discard(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, ImportId)>,
) -> Result<StatusCode, Refusal> {
    let (root, id) = named(path)?;
    ops::discard(&ground, &viewer, &root, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
