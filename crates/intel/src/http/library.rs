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
        EnableBody, GalaxiesBody, GalaxyBody, TakenGalaxyBody, TakenTaxonomyBody, TaxonomiesBody,
        TaxonomyBody,
    },
};

fn whole(body: Result<Bytes, BytesRejection>) -> Result<Vec<u8>, Problem> {
    let body = body.map_err(|rejection| {
        let detail = rejection.to_string();
        Problem::new(ProblemKind::TooLarge, "request.too_large", detail)
    })?;
    Ok(body.into())
}

/// List the taxonomies, by namespace.
#[utoipa::path(
    get,
    path = "/intel/taxonomies",
    operation_id = "list_taxonomies",
    tag = "intel",
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The taxonomies", body = TaxonomiesBody))
)]
pub(super) async fn taxonomies(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<TaxonomiesBody>, Refusal> {
    let all = ops::taxonomies(&ground, &viewer).await?;
    let items = all.iter().map(TaxonomyBody::from).collect();
    Ok(Json(TaxonomiesBody { items }))
}

/// Take in a taxonomy, MISP's file `machinetag.json`, up to 8 MiB, in place of an older one of the same
/// namespace.
#[utoipa::path(
    post,
    path = "/intel/taxonomies",
    operation_id = "import_taxonomy",
    tag = "intel",
    request_body(content = String, content_type = "application/json"),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 201, description = "Taken in", body = TakenTaxonomyBody))
)]
pub(super) async fn import_taxonomy(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<TakenTaxonomyBody>), Refusal> {
    let taken = ops::import_taxonomy(&ground, &viewer, whole(body)?).await?;
    Ok((StatusCode::CREATED, Json(TakenTaxonomyBody::from(&taken))))
}

/// Say whether the tags of a taxonomy are offered.
#[utoipa::path(
    put,
    path = "/intel/taxonomies/{taxonomy}",
    operation_id = "enable_taxonomy",
    tag = "intel",
    params(("taxonomy" = i64, Path, description = "The number of the taxonomy")),
    request_body = EnableBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "Changed", body = TaxonomyBody))
)]
pub(super) async fn enable_taxonomy(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<i64>,
    body: Sent<EnableBody>,
) -> Result<Json<TaxonomyBody>, Refusal> {
    let number = named(path)?;
    let body = sent(body)?;
    let taxonomy = ops::enable_taxonomy(&ground, &viewer, number, body.enabled).await?;
    Ok(Json(TaxonomyBody::from(&taxonomy)))
}

/// Take a taxonomy out. Tags that something has stay.
#[utoipa::path(
    delete,
    path = "/intel/taxonomies/{taxonomy}",
    operation_id = "delete_taxonomy",
    tag = "intel",
    params(("taxonomy" = i64, Path, description = "The number of the taxonomy")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 204, description = "Taken out"))
)]
pub(super) async fn delete_taxonomy(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<i64>,
) -> Result<StatusCode, Refusal> {
    let number = named(path)?;
    ops::delete_taxonomy(&ground, &viewer, number).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the galaxies, by number.
#[utoipa::path(
    get,
    path = "/intel/galaxies",
    operation_id = "list_galaxies",
    tag = "intel",
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The galaxies", body = GalaxiesBody))
)]
pub(super) async fn galaxies(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<GalaxiesBody>, Refusal> {
    let all = ops::galaxies(&ground, &viewer).await?;
    let items = all.iter().map(GalaxyBody::from).collect();
    Ok(Json(GalaxiesBody { items }))
}

/// Take in a galaxy of MISP, a file of `galaxies/`, or its clusters, a file of `clusters/`, up to
/// 64 MiB, in place of an older version. A galaxy comes before its clusters.
#[utoipa::path(
    post,
    path = "/intel/galaxies",
    operation_id = "import_galaxy",
    tag = "intel",
    request_body(content = String, content_type = "application/json"),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 201, description = "Taken in", body = TakenGalaxyBody))
)]
pub(super) async fn import_galaxy(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<TakenGalaxyBody>), Refusal> {
    let taken = ops::import_galaxy(&ground, &viewer, whole(body)?).await?;
    Ok((StatusCode::CREATED, Json(TakenGalaxyBody::from(&taken))))
}

/// Take a galaxy out with its clusters. What events say of them stays.
#[utoipa::path(
    delete,
    path = "/intel/galaxies/{galaxy}",
    operation_id = "delete_galaxy",
    tag = "intel",
    params(("galaxy" = i64, Path, description = "The number of the galaxy")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 204, description = "Taken out"))
)]
pub(super) async fn delete_galaxy(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<i64>,
) -> Result<StatusCode, Refusal> {
    let number = named(path)?;
    ops::delete_galaxy(&ground, &viewer, number).await?;
    Ok(StatusCode::NO_CONTENT)
}
