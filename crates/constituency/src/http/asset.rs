use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use audit::Ground;
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use futures_util::stream;
use kernel::{AssetId, Cursor};
use serde::Deserialize;

use super::page;
use crate::{
    Error,
    model::{Filter, Form, Invalid},
    ops,
    wire::{
        AssetBody, AssetsBody, CountedBody, NewReviewBody, OrganisationBody, ProductBody,
        ReviewBody,
    },
};

/// Which assets, and which page of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AssetQuery {
    organisation: Option<i64>,
    product: Option<i64>,
    name: Option<String>,
    #[serde(default)]
    retired: bool,
    form: Option<String>,
    limit: Option<u16>,
    after: Option<Cursor>,
}

impl From<&AssetQuery> for Filter {
    fn from(query: &AssetQuery) -> Self {
        Self {
            organisation: query.organisation,
            product: query.product,
            name: query.name.clone().filter(|name| !name.trim().is_empty()),
            retired: query.retired,
        }
    }
}

/// A text that names hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TextQuery {
    #[serde(default)]
    q: String,
}

/// List assets by their names.
#[utoipa::path(
    get,
    path = "/constituency/assets",
    operation_id = "list_assets",
    tag = "constituency",
    params(
        ("organisation" = Option<i64>, Query, description = "The number of an organisation"),
        ("product" = Option<i64>, Query, description = "The number of a product"),
        ("name" = Option<String>, Query, description = "What the name begins with"),
        ("retired" = Option<bool>, Query, description = "True for those that are retired"),
        ("limit" = Option<u16>, Query, description = "1 to 200, else 50"),
        ("after" = Option<String>, Query, description = "Where the page begins")
    ),
    extensions(("x-act" = json!("constituency.read"))),
    responses((status = 200, description = "A page", body = AssetsBody))
)]
pub(super) async fn assets(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<AssetQuery>,
) -> Result<Json<AssetsBody>, Refusal> {
    let query = asked(query)?;
    let request = page(query.limit, query.after)?;
    let found = ops::assets(&ground, &viewer, &Filter::from(&query), request).await?;
    Ok(Json(AssetsBody {
        items: found.items.iter().map(AssetBody::from).collect(),
        next: found.next,
    }))
}

/// Count assets, up to 1,000. `after` and `limit` have no meaning here.
#[utoipa::path(
    get,
    path = "/constituency/assets/count",
    operation_id = "count_assets",
    tag = "constituency",
    params(
        ("organisation" = Option<i64>, Query, description = "The number of an organisation"),
        ("product" = Option<i64>, Query, description = "The number of a product"),
        ("name" = Option<String>, Query, description = "What the name begins with"),
        ("retired" = Option<bool>, Query, description = "True for those that are retired")
    ),
    extensions(("x-act" = json!("constituency.read"))),
    responses((status = 200, description = "How many match", body = CountedBody))
)]
pub(super) async fn count(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<AssetQuery>,
) -> Result<Json<CountedBody>, Refusal> {
    let query = asked(query)?;
    let counted = ops::count(&ground, &viewer, &Filter::from(&query)).await?;
    Ok(Json(CountedBody {
        count: counted.count,
        more: counted.more,
    }))
}

/// Write assets to a file that an import takes in again, however many there are. `after` and `limit` have
/// no meaning here. That it is written stands in the ledger.
#[utoipa::path(
    get,
    path = "/constituency/assets/file",
    operation_id = "export_assets",
    tag = "constituency",
    params(
        ("form" = Option<String>, Query, description = "`csv`, or `jsonl` for one JSON object a line; else `csv`"),
        ("organisation" = Option<i64>, Query, description = "The number of an organisation"),
        ("product" = Option<i64>, Query, description = "The number of a product"),
        ("name" = Option<String>, Query, description = "What the name begins with"),
        ("retired" = Option<bool>, Query, description = "True for those that are retired")
    ),
    extensions(("x-act" = json!("constituency.edit"))),
    responses((status = 200, description = "The file", content_type = "text/csv"))
)]
pub(super) async fn export(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<AssetQuery>,
) -> Result<impl IntoResponse, Refusal> {
    let query = asked(query)?;
    let form = match query.form.as_deref() {
        None => Form::Csv,
        Some(word) => Form::from_word(word).ok_or_else(|| {
            let rule = "csv or jsonl";
            Error::from(Invalid {
                field: "form",
                rule,
            })
        })?,
    };
    let writing = ops::export(&ground, &viewer, &Filter::from(&query), form).await?;
    let pieces = stream::try_unfold(writing, move |mut writing| {
        let (ground, viewer) = (ground.clone(), viewer.clone());
        async move {
            let piece = writing.next(&ground, &viewer).await?;
            Ok::<_, Error>(piece.map(|piece| (piece, writing)))
        }
    });
    let (media_type, name) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "assets.csv"),
        Form::Lines => ("application/jsonl; charset=utf-8", "assets.jsonl"),
    };
    let fields = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((fields, Body::from_stream(pieces)))
}

/// Take an asset out. The next import of a file that has it brings it back.
#[utoipa::path(
    delete,
    path = "/constituency/assets/{id}",
    operation_id = "remove_asset",
    tag = "constituency",
    params(("id" = String, Path, description = "The asset")),
    extensions(("x-act" = json!("constituency.edit"))),
    responses((status = 204, description = "Taken out"))
)]
pub(super) async fn remove(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<AssetId>,
) -> Result<StatusCode, Refusal> {
    ops::remove(&ground, &viewer, named(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List products that organisations run and whose names, or whose makers' names, hold a text, up to
/// fifty.
#[utoipa::path(
    get,
    path = "/constituency/products",
    operation_id = "list_products",
    tag = "constituency",
    params(("q" = Option<String>, Query, description = "The text")),
    extensions(("x-act" = json!("constituency.read"))),
    responses((status = 200, description = "The products", body = Vec<ProductBody>))
)]
pub(super) async fn products(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<TextQuery>,
) -> Result<Json<Vec<ProductBody>>, Refusal> {
    let found = ops::products(&ground, &viewer, &asked(query)?.q).await?;
    Ok(Json(found.iter().map(ProductBody::from).collect()))
}

/// List organisations whose names hold a text, up to fifty.
#[utoipa::path(
    get,
    path = "/constituency/organisations",
    operation_id = "list_organisations",
    tag = "constituency",
    params(("q" = Option<String>, Query, description = "The text")),
    extensions(("x-act" = json!("constituency.read"))),
    responses((status = 200, description = "The organisations", body = Vec<OrganisationBody>))
)]
pub(super) async fn organisations(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<TextQuery>,
) -> Result<Json<Vec<OrganisationBody>>, Refusal> {
    let found = ops::organisations(&ground, &viewer, &asked(query)?.q).await?;
    Ok(Json(found.iter().map(OrganisationBody::from).collect()))
}

/// Read an organisation, and the latest reviews of its list.
#[utoipa::path(
    get,
    path = "/constituency/organisations/{number}",
    operation_id = "view_organisation",
    tag = "constituency",
    params(("number" = i64, Path, description = "The organisation")),
    extensions(("x-act" = json!("constituency.read"))),
    responses((status = 200, description = "The organisation", body = OrganisationBody))
)]
pub(super) async fn organisation(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    number: Named<i64>,
) -> Result<Json<OrganisationBody>, Refusal> {
    let (found, reviews) = ops::organisation(&ground, &viewer, named(number)?).await?;
    Ok(Json(OrganisationBody {
        reviews: reviews.iter().map(ReviewBody::from).collect(),
        ..OrganisationBody::from(&found)
    }))
}

/// Record that an organisation's list was reviewed. The next review is due half a year later.
#[utoipa::path(
    post,
    path = "/constituency/organisations/{number}/reviews",
    operation_id = "review_organisation",
    tag = "constituency",
    params(("number" = i64, Path, description = "The organisation")),
    request_body = NewReviewBody,
    extensions(("x-act" = json!("constituency.edit"))),
    responses((status = 200, description = "Recorded", body = OrganisationBody))
)]
pub(super) async fn review(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    number: Named<i64>,
    body: Sent<NewReviewBody>,
) -> Result<Json<OrganisationBody>, Refusal> {
    let (number, body) = (named(number)?, sent(body)?);
    let held_on = body.held_on.parse().map_err(|_no_day| {
        Error::from(Invalid {
            field: "held_on",
            rule: "a day between 1970-01-01 and 2199-12-31",
        })
    })?;
    let found = ops::review(&ground, &viewer, number, (held_on, &body.found)).await?;
    Ok(Json(OrganisationBody::from(&found)))
}
