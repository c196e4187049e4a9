use access::http::{Named, Refusal, SignedIn, named};
use audit::Ground;
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
};
use kernel::{ImportId, Problem, ProblemKind};

use crate::{model::Filter, ops, wire::ImportBody};

/// Hand in objects of STIX: a bundle, an envelope, a list or a single one, up to 64 MiB. They are kept
/// when the answer comes; many are looked at afterwards, and the import tells what became of them.
#[utoipa::path(
    post,
    path = "/intel/roots/{root}/collections/{collection}/objects",
    operation_id = "import_objects",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    request_body(content = String, content_type = "application/json"),
    extensions(("x-act" = json!("intel.write"))),
    responses((status = 202, description = "Kept", body = ImportBody))
)]
pub(super) async fn import(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<ImportBody>), Refusal> {
    let (root, name) = named(path)?;
    let body = body.map_err(|rejection| {
        let detail = rejection.to_string();
        Problem::new(ProblemKind::TooLarge, "request.too_large", detail)
    })?;
    let done = ops::import(&ground, &viewer, (&root, &name), body.into()).await?;
    Ok((StatusCode::ACCEPTED, Json(ImportBody::from(&done))))
}

/// See what became of objects that the caller handed in.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/imports/{import}",
    operation_id = "view_import",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("import" = String, Path, description = "The id of the import")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The import", body = ImportBody))
)]
pub(super) async fn status(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, ImportId)>,
) -> Result<Json<ImportBody>, Refusal> {
    let (root, import) = named(path)?;
    let done = ops::status(&ground, &viewer, &root, import).await?;
    Ok(Json(ImportBody::from(&done)))
}

/// Take an object with all its versions out of a collection. It stays out, however often it is handed
/// in again.
#[utoipa::path(
    delete,
    path = "/intel/roots/{root}/collections/{collection}/objects/{object}",
    operation_id = "delete_object",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        ("object" = String, Path, description = "The id of the object")
    ),
    extensions(("x-act" = json!("intel.delete"))),
    responses((status = 204, description = "Taken out"))
)]
pub(super) async fn delete(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String, String)>,
) -> Result<StatusCode, Refusal> {
    let (root, name, object) = named(path)?;
    ops::delete(
        &ground,
        &viewer,
        (&root, &name),
        &object,
        &Filter::everything(),
    )
    .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let an object that was taken out be handed in again.
#[utoipa::path(
    post,
    path = "/intel/roots/{root}/collections/{collection}/objects/{object}/restore",
    operation_id = "restore_object",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        ("object" = String, Path, description = "The id of the object")
    ),
    extensions(("x-act" = json!("intel.delete"))),
    responses((status = 204, description = "It may come again"))
)]
pub(super) async fn restore(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String, String)>,
) -> Result<StatusCode, Refusal> {
    let (root, name, object) = named(path)?;
    ops::restore(&ground, &viewer, (&root, &name), &object).await?;
    Ok(StatusCode::NO_CONTENT)
}
