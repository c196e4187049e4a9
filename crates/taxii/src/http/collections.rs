use access::http::{Asked, Named, Refusal, asked, named};
use axum::{extract, http::StatusCode, response::Response};
use intel::ops;

use super::{State, answer};
use crate::{
    ask::{Ask, Matches},
    who::Asker,
    wire::{Collection, Collections, Manifest},
};

/// The collections of a root that the caller may know of.
#[utoipa::path(
    get,
    path = "/taxii2/{root}/collections/",
    operation_id = "taxii_collections",
    tag = "taxii",
    params(("root" = String, Path, description = "The root")),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The collections", body = Collections, content_type = "application/taxii+json;version=2.1"))
)]
pub(super) async fn list(
    extract::State(state): extract::State<State>,
    asker: Asker,
    root: Named<String>,
) -> Result<Response, Refusal> {
    let root = named(root)?;
    let viewer = asker.under(&state, &root).await?;
    let all = ops::collections(&state.ground, &viewer, Some(&root)).await?;
    Ok(answer(StatusCode::OK, &Collections::from(&all[..]), None))
}

/// A collection, by its id or alias.
#[utoipa::path(
    get,
    path = "/taxii2/{root}/collections/{collection}/",
    operation_id = "taxii_collection",
    tag = "taxii",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The id or alias of the collection")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The collection", body = Collection, content_type = "application/taxii+json;version=2.1"))
)]
pub(super) async fn view(
    extract::State(state): extract::State<State>,
    asker: Asker,
    path: Named<(String, String)>,
) -> Result<Response, Refusal> {
    let (root, name) = named(path)?;
    let viewer = asker.under(&state, &root).await?;
    let shown = ops::collection(&state.ground, &viewer, &root, &name).await?;
    Ok(answer(StatusCode::OK, &Collection::from(&shown), None))
}

/// What a collection holds, without the objects.
#[utoipa::path(
    get,
    path = "/taxii2/{root}/collections/{collection}/manifest/",
    operation_id = "taxii_manifest",
    tag = "taxii",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The id or alias of the collection")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "A page", body = Manifest, content_type = "application/taxii+json;version=2.1"))
)]
pub(super) async fn manifest(
    extract::State(state): extract::State<State>,
    asker: Asker,
    path: Named<(String, String)>,
    query: Asked<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (root, name) = named(path)?;
    let viewer = asker.under(&state, &root).await?;
    let ask = Ask::read(&asked(query)?, Matches::All)?;
    let place = (root.as_str(), name.as_str());
    let page = ops::manifest(&state.ground, &viewer, place, &ask.filter, ask.cut).await?;
    Ok(answer(StatusCode::OK, &Manifest::from(&page), page.places))
}
