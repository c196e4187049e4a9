use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use audit::Ground;
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
};
use kernel::{ImportId, Problem, ProblemKind};
use serde::Deserialize;

use crate::{
    Error,
    ops::{self, Begin},
    wire::{
        AssetImportBody, AssetImportsBody, AssetPreviewBody, BeginBody, NewAssetImportBody,
        RefusedLineBody, RefusedLinesBody,
    },
};

/// From where on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LineQuery {
    after: Option<i64>,
}

/// What could not be received.
pub(super) fn received(body: Result<Bytes, BytesRejection>) -> Result<Bytes, Problem> {
    body.map_err(|rejection| {
        let detail = rejection.to_string();
        Problem::new(ProblemKind::TooLarge, "request.too_large", detail)
    })
}

fn begin_of(body: BeginBody) -> Result<Begin, Error> {
    Ok(Begin::try_from(body)?)
}

/// List the latest imports of assets.
#[utoipa::path(
    get,
    path = "/constituency/imports",
    operation_id = "list_asset_imports",
    tag = "constituency",
    extensions(("x-act" = json!("constituency.read"))),
    responses((status = 200, description = "The imports", body = AssetImportsBody))
)]
pub(super) async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<AssetImportsBody>, Refusal> {
    let found = ops::imports(&ground, &viewer).await?;
    let items = found.iter().map(AssetImportBody::from).collect();
    Ok(Json(AssetImportsBody { items }))
}

/// Open an import of assets: a file of comma-separated values with a first record of names, or of one
/// JSON object a line, which comes in pieces, up to 1 GiB. What is not begun within a day is
/// forgotten.
#[utoipa::path(
    post,
    path = "/constituency/imports",
    operation_id = "open_asset_import",
    tag = "constituency",
    request_body = NewAssetImportBody,
    extensions(("x-act" = json!("constituency.edit"))),
    responses((status = 201, description = "Opened", body = AssetImportBody))
)]
pub(super) async fn open(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<NewAssetImportBody>,
) -> Result<(StatusCode, Json<AssetImportBody>), Refusal> {
    let body = sent(body)?;
    let import = ops::open(&ground, &viewer, &body.source).await?;
    Ok((StatusCode::CREATED, Json(AssetImportBody::from(&import))))
}

/// Hand in a piece of a file, up to 4 MiB, numbered from 0. It is kept when the answer comes, and may
/// come again.
#[utoipa::path(
    put,
    path = "/constituency/imports/{import}/parts/{part}",
    operation_id = "put_asset_part",
    tag = "constituency",
    params(
        ("import" = String, Path, description = "The import"),
        ("part" = i32, Path, description = "The number of the piece")
    ),
    request_body(content = String, content_type = "application/octet-stream"),
    extensions(("x-act" = json!("constituency.edit"))),
    responses((status = 200, description = "Kept", body = AssetImportBody))
)]
pub(super) async fn put_part(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(ImportId, i32)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<AssetImportBody>, Refusal> {
    let (id, part) = named(path)?;
    let body = received(body)?;
    let import = ops::put_part(&ground, &viewer, id, (part, &body)).await?;
    Ok(Json(AssetImportBody::from(&import)))
}

/// Say that all pieces of a file are here. What it is, is found out.
#[utoipa::path(
    post,
    path = "/constituency/imports/{import}/seal",
    operation_id = "seal_asset_import",
    tag = "constituency",
    params(("import" = String, Path, description = "The import")),
    extensions(("x-act" = json!("constituency.edit"))),
    responses((status = 200, description = "It waits", body = AssetImportBody))
)]
pub(super) async fn seal(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<ImportId>,
) -> Result<Json<AssetImportBody>, Refusal> {
    let import = ops::seal(&ground, &viewer, named(id)?).await?;
    Ok(Json(AssetImportBody::from(&import)))
}

/// See what the first lines of a file that waits would become under these columns and, where it is said
/// to be the whole list of its organisations, how many assets it would retire.
#[utoipa::path(
    post,
    path = "/constituency/imports/{import}/preview",
    operation_id = "preview_asset_import",
    tag = "constituency",
    params(("import" = String, Path, description = "The import")),
    request_body = BeginBody,
    extensions(("x-act" = json!("constituency.edit"))),
    responses((status = 200, description = "What it would become", body = AssetPreviewBody))
)]
pub(super) async fn preview(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<ImportId>,
    body: Sent<BeginBody>,
) -> Result<Json<AssetPreviewBody>, Refusal> {
    let (id, begin) = (named(id)?, begin_of(sent(body)?)?);
    let preview = ops::preview(&ground, &viewer, id, &begin).await?;
    let retires = if begin.whole {
        let found = ops::foresee(&ground, &viewer, id, &begin).await?;
        Some(found.into())
    } else {
        None
    };
    Ok(Json(AssetPreviewBody {
        retires,
        ..AssetPreviewBody::from(&preview)
    }))
}

/// Take in a file that waits. A job does it; the import tells how far it has come.
#[utoipa::path(
    post,
    path = "/constituency/imports/{import}/begin",
    operation_id = "begin_asset_import",
    tag = "constituency",
    params(("import" = String, Path, description = "The import")),
    request_body = BeginBody,
    extensions(("x-act" = json!("constituency.edit"))),
    responses((status = 202, description = "Begun", body = AssetImportBody))
)]
pub(super) async fn begin(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<ImportId>,
    body: Sent<BeginBody>,
) -> Result<(StatusCode, Json<AssetImportBody>), Refusal> {
    let (id, begin) = (named(id)?, begin_of(sent(body)?)?);
    let import = ops::begin(&ground, &viewer, id, begin).await?;
    Ok((StatusCode::ACCEPTED, Json(AssetImportBody::from(&import))))
}

/// Retire what a whole list has not named and what was held back because it was more than a tenth.
#[utoipa::path(
    post,
    path = "/constituency/imports/{import}/retire",
    operation_id = "retire_held_assets",
    tag = "constituency",
    params(("import" = String, Path, description = "The import")),
    extensions(("x-act" = json!("constituency.edit"))),
    responses((status = 200, description = "Retired", body = AssetImportBody))
)]
pub(super) async fn retire(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<ImportId>,
) -> Result<Json<AssetImportBody>, Refusal> {
    let import = ops::retire_held(&ground, &viewer, named(id)?).await?;
    Ok(Json(AssetImportBody::from(&import)))
}

/// Read how far an import has come.
#[utoipa::path(
    get,
    path = "/constituency/imports/{import}",
    operation_id = "view_asset_import",
    tag = "constituency",
    params(("import" = String, Path, description = "The import")),
    extensions(("x-act" = json!("constituency.read"))),
    responses((status = 200, description = "The import", body = AssetImportBody))
)]
pub(super) async fn status(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<ImportId>,
) -> Result<Json<AssetImportBody>, Refusal> {
    let import = ops::status(&ground, &viewer, named(id)?).await?;
    Ok(Json(AssetImportBody::from(&import)))
}

/// Forget a file that has not begun.
#[utoipa::path(
    delete,
    path = "/constituency/imports/{import}",
    operation_id = "discard_asset_import",
    tag = "constituency",
    params(("import" = String, Path, description = "The import")),
    extensions(("x-act" = json!("constituency.edit"))),
    responses((status = 204, description = "Forgotten"))
)]
pub(super) async fn discard(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<ImportId>,
) -> Result<StatusCode, Refusal> {
    ops::discard(&ground, &viewer, named(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the lines of a file that were refused, up to a thousand after one of them.
#[utoipa::path(
    get,
    path = "/constituency/imports/{import}/refused",
    operation_id = "list_refused_lines",
    tag = "constituency",
    params(
        ("import" = String, Path, description = "The import"),
        ("after" = Option<i64>, Query, description = "The number of a line")
    ),
    extensions(("x-act" = json!("constituency.read"))),
    responses((status = 200, description = "The lines", body = RefusedLinesBody))
)]
pub(super) async fn refused(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<ImportId>,
    query: Asked<LineQuery>,
) -> Result<Json<RefusedLinesBody>, Refusal> {
    let (id, query) = (named(id)?, asked(query)?);
    let after = query.after.unwrap_or_default();
    let lines = ops::refused(&ground, &viewer, id, after).await?;
    let items = lines.iter().map(RefusedLineBody::from).collect();
    Ok(Json(RefusedLinesBody { items }))
}
