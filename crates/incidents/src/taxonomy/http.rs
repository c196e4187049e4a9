//! JSON routes of taxonomies, and of the classes of incidents.

mod class;

use access::http::{Asked, Named, Refusal, SignedIn, asked, named};
use audit::Ground;
use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Problem, ProblemKind};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    FILE_BYTES_MAX, Name, Version, Walk, WalkRow, ops,
    read::Given,
    table,
    wire::{
        EntriesQuery, EntryBody, ImportQuery, ReportBody, TaxonomiesBody, TaxonomyBody,
        TaxonomyPageBody, WalkBody, WalkRowBody, WalksBody, WholeWalkBody,
    },
};
use crate::{error::Error, model::Invalid};

/// The routes, to be nested under `/api/v1`.
pub fn router(ground: Ground) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list, import))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX))
        .routes(routes!(view))
        .routes(routes!(remove))
        .routes(routes!(crosswalks))
        .routes(routes!(crosswalk, remove_crosswalk))
        .routes(routes!(crosswalk_table))
        .routes(routes!(class::classify, class::unclassify))
        .routes(routes!(class::suggestions))
        .with_state(ground)
}

/// List the taxonomies of classes for incidents, those that ship with the program too.
#[utoipa::path(
    get,
    path = "/taxonomies",
    operation_id = "list_class_taxonomies",
    tag = "taxonomies",
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "The taxonomies", body = TaxonomiesBody))
)]
async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<TaxonomiesBody>, Refusal> {
    let all = ops::taxonomies(&ground, &viewer).await?;
    let items = all.iter().map(TaxonomyBody::from).collect();
    Ok(Json(TaxonomiesBody { items }))
}

/// Import a taxonomy or a cross-walk from a file of up to 64 MiB: MISP's `machinetag.json`, a STIX bundle
/// of ATT&CK, the enumerations of VERIS, or our JSON or CSV; a cross-walk in our JSON or CSV. With `preview`
/// nothing changes.
#[utoipa::path(
    post,
    path = "/taxonomies",
    operation_id = "import_class_taxonomy",
    tag = "taxonomies",
    params(ImportQuery),
    request_body(content = String, content_type = "application/octet-stream"),
    extensions(("x-act" = json!("incident.import"))),
    responses(
        (status = 200, description = "What was done, or would be", body = ReportBody),
        (status = 409, description = "The version is here with other contents")
    )
)]
async fn import(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<ImportQuery>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<ReportBody>, Refusal> {
    let query = asked(query)?;
    let given = given(query.name.as_deref(), query.version.as_deref()).map_err(Error::from)?;
    let body = body.map_err(|rejection| {
        let detail = rejection.to_string();
        Problem::new(ProblemKind::TooLarge, "request.too_large", detail)
    })?;
    let report = if query.preview {
        ops::preview(&ground, &viewer, &body, &given).await?
    } else {
        ops::import(&ground, &viewer, &body, &given).await?
    };
    Ok(Json(ReportBody::of(&report, query.preview)))
}

/// What an importer says of a file; blanks are nothing.
pub fn given(name: Option<&str>, version: Option<&str>) -> Result<Given, Invalid> {
    let told = |text: Option<&str>| {
        text.map(str::trim)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    Ok(Given {
        name: told(name).map(|text| text.parse()).transpose()?,
        version: told(version).map(|text| text.parse()).transpose()?,
    })
}

/// Read a taxonomy and a page of its entries: all, or those whose code or name has a text.
#[utoipa::path(
    get,
    path = "/taxonomies/{name}",
    operation_id = "read_class_taxonomy",
    tag = "taxonomies",
    params(("name" = String, Path, description = "The taxonomy"), EntriesQuery),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "It", body = TaxonomyPageBody))
)]
async fn view(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    name: Named<String>,
    query: Asked<EntriesQuery>,
) -> Result<Json<TaxonomyPageBody>, Refusal> {
    let (name, query) = (named(name)?, asked(query)?);
    let name: Name = name.parse().map_err(Error::Invalid)?;
    let version: Option<Version> = query
        .version
        .as_deref()
        .map(str::parse)
        .transpose()
        .map_err(Error::Invalid)?;
    let wanted = ops::Asked {
        text: query.q.unwrap_or_default(),
        after: query.after.unwrap_or(0),
        limit: query.limit,
    };
    let at = (&name, version.as_ref());
    let (taxonomy, entries, next) = ops::entries(&ground, &viewer, at, &wanted).await?;
    Ok(Json(TaxonomyPageBody {
        taxonomy: TaxonomyBody::from(&taxonomy),
        entries: entries.iter().map(EntryBody::from).collect(),
        next,
    }))
}

/// Take out an imported version of a taxonomy that no incident has a class of.
#[utoipa::path(
    delete,
    path = "/taxonomies/{name}/{version}",
    operation_id = "remove_class_taxonomy",
    tag = "taxonomies",
    params(
        ("name" = String, Path, description = "The taxonomy"),
        ("version" = String, Path, description = "Its version")
    ),
    extensions(("x-act" = json!("incident.import"))),
    responses(
        (status = 204, description = "Taken out"),
        (status = 409, description = "It ships with the program, or incidents have classes of it")
    )
)]
async fn remove(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    at: Named<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let (name, version) = place(&named(at)?)?;
    ops::remove(&ground, &viewer, (&name, &version)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List the cross-walks between taxonomies.
#[utoipa::path(
    get,
    path = "/crosswalks",
    operation_id = "list_crosswalks",
    tag = "taxonomies",
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "The cross-walks", body = WalksBody))
)]
async fn crosswalks(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<WalksBody>, Refusal> {
    let all = ops::walks(&ground, &viewer).await?;
    let items = all.iter().map(WalkBody::from).collect();
    Ok(Json(WalksBody { items }))
}

/// Read a cross-walk.
#[utoipa::path(
    get,
    path = "/crosswalks/{name}/{version}",
    operation_id = "read_crosswalk",
    tag = "taxonomies",
    params(
        ("name" = String, Path, description = "The cross-walk"),
        ("version" = String, Path, description = "Its version")
    ),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "It", body = WholeWalkBody))
)]
async fn crosswalk(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    at: Named<(String, String)>,
) -> Result<Json<WholeWalkBody>, Refusal> {
    let (name, version) = place(&named(at)?)?;
    let (walk, rows) = ops::walk(&ground, &viewer, (&name, &version)).await?;
    Ok(Json(WholeWalkBody {
        crosswalk: WalkBody::from(&walk),
        rows: rows.iter().map(WalkRowBody::from).collect(),
    }))
}

/// Export a cross-walk as CSV, which is imported as the same.
#[utoipa::path(
    get,
    path = "/crosswalks/{name}/{version}/csv",
    operation_id = "export_crosswalk",
    tag = "taxonomies",
    params(
        ("name" = String, Path, description = "The cross-walk"),
        ("version" = String, Path, description = "Its version")
    ),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "The table", body = String, content_type = "text/csv"))
)]
async fn crosswalk_table(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    at: Named<(String, String)>,
) -> Result<Response, Refusal> {
    let (name, version) = place(&named(at)?)?;
    let (walk, rows) = ops::walk(&ground, &viewer, (&name, &version)).await?;
    Ok(table_answer(&walk, &rows))
}

/// A cross-walk as a file of CSV.
#[must_use]
pub fn table_answer(walk: &Walk, rows: &[WalkRow]) -> Response {
    let (name, version) = (&walk.name, &walk.version);
    let named = format!("attachment; filename=\"{name}-{version}.csv\"");
    // The mark lets spreadsheets know that it is UTF-8.
    let text = format!("\u{feff}{}", table::write(walk, rows));
    let kind = "text/csv; charset=utf-8".to_owned();
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CONTENT_DISPOSITION, named),
        ],
        text,
    )
        .into_response()
}

/// Take out an imported version of a cross-walk.
#[utoipa::path(
    delete,
    path = "/crosswalks/{name}/{version}",
    operation_id = "remove_crosswalk",
    tag = "taxonomies",
    params(
        ("name" = String, Path, description = "The cross-walk"),
        ("version" = String, Path, description = "Its version")
    ),
    extensions(("x-act" = json!("incident.import"))),
    responses(
        (status = 204, description = "Taken out"),
        (status = 409, description = "It ships with the program")
    )
)]
async fn remove_crosswalk(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    at: Named<(String, String)>,
) -> Result<StatusCode, Refusal> {
    let (name, version) = place(&named(at)?)?;
    ops::remove_walk(&ground, &viewer, (&name, &version)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn place((name, version): &(String, String)) -> Result<(Name, Version), Error> {
    Ok((name.parse()?, version.parse()?))
}
