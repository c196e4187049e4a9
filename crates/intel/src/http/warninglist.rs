use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{
    Json,
    body::Bytes,
    extract::{State, rejection::BytesRejection},
    http::StatusCode,
};
use kernel::{Problem, ProblemKind};

use crate::{
    ops,
    wire::{
        CheckBody, CheckedBody, CheckedValueBody, EnableBody, WarninglistBody, WarninglistsBody,
    },
};

/// List the warninglists, by name.
#[utoipa::path(
    get,
    path = "/intel/warninglists",
    operation_id = "list_warninglists",
    tag = "intel",
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The lists", body = WarninglistsBody))
)]
pub(super) async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<WarninglistsBody>, Refusal> {
    let all = ops::warninglists(&ground, &viewer).await?;
    let items = all.iter().map(WarninglistBody::from).collect();
    Ok(Json(WarninglistsBody { items }))
}

/// Take in a warninglist in MISP's format, up to 128 MiB, in place of one of the same name.
#[utoipa::path(
    post,
    path = "/intel/warninglists",
    operation_id = "import_warninglist",
    tag = "intel",
    request_body(content = String, content_type = "application/json"),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 201, description = "Taken in", body = WarninglistBody))
)]
pub(super) async fn import(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<WarninglistBody>), Refusal> {
    let body = body.map_err(|rejection| {
        let detail = rejection.to_string();
        Problem::new(ProblemKind::TooLarge, "request.too_large", detail)
    })?;
    let list = ops::import_warninglist(&ground, &viewer, body.into()).await?;
    Ok((StatusCode::CREATED, Json(WarninglistBody::from(&list))))
}

/// Say whether values are held against a list.
#[utoipa::path(
    put,
    path = "/intel/warninglists/{list}",
    operation_id = "enable_warninglist",
    tag = "intel",
    params(("list" = i64, Path, description = "The number of the list")),
    request_body = EnableBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "Changed", body = WarninglistBody))
)]
pub(super) async fn enable(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<i64>,
    body: Sent<EnableBody>,
) -> Result<Json<WarninglistBody>, Refusal> {
    let number = named(path)?;
    let body = sent(body)?;
    let list = ops::enable_warninglist(&ground, &viewer, number, body.enabled).await?;
    Ok(Json(WarninglistBody::from(&list)))
}

/// Take a list out.
#[utoipa::path(
    delete,
    path = "/intel/warninglists/{list}",
    operation_id = "delete_warninglist",
    tag = "intel",
    params(("list" = i64, Path, description = "The number of the list")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 204, description = "Taken out"))
)]
pub(super) async fn delete(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<i64>,
) -> Result<StatusCode, Refusal> {
    let number = named(path)?;
    ops::delete_warninglist(&ground, &viewer, number).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hold values against the enabled lists.
#[utoipa::path(
    post,
    path = "/intel/warninglists/check",
    operation_id = "check_values",
    tag = "intel",
    request_body = CheckBody,
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The lists of each", body = CheckedBody))
)]
pub(super) async fn check(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<CheckBody>,
) -> Result<Json<CheckedBody>, Refusal> {
    let body = sent(body)?;
    let lists = ops::check_values(&ground, &viewer, &body.values).await?;
    let items = body.values.iter().zip(&lists);
    let items = items.map(|(value, lists)| CheckedValueBody::of(value, lists));
    Ok(Json(CheckedBody {
        items: items.collect(),
    }))
}
