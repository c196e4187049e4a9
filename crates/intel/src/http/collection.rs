use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};

use crate::{
    error::Error,
    model::{Reader, Settings},
    ops,
    wire::{
        CollectionBody, CollectionsBody, ContentBody, ContentsBody, EditBody, NewCollectionBody,
        ReaderBody, ReadersBody, SetReadersBody,
    },
};

/// List the collections that the caller may know of, in the order in which they were made.
#[utoipa::path(
    get,
    path = "/intel/collections",
    operation_id = "list_collections",
    tag = "intel",
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The collections", body = CollectionsBody))
)]
pub(super) async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<CollectionsBody>, Refusal> {
    let all = ops::collections(&ground, &viewer, None).await?;
    let items = all.iter().map(CollectionBody::from).collect();
    Ok(Json(CollectionsBody { items }))
}

/// Make a collection. It is real or exercise as its root is.
#[utoipa::path(
    post,
    path = "/intel/collections",
    operation_id = "create_collection",
    tag = "intel",
    request_body = NewCollectionBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 201, description = "Made", body = CollectionBody))
)]
pub(super) async fn create(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<NewCollectionBody>,
) -> Result<(StatusCode, Json<CollectionBody>), Refusal> {
    let body = sent(body)?;
    let root = body.root.parse().map_err(Error::from)?;
    let settings = Settings::try_from(&body.settings)?;
    let collection = ops::create(&ground, &viewer, &root, settings).await?;
    let body = CollectionBody::of(&collection, true);
    Ok((StatusCode::CREATED, Json(body)))
}

/// See a collection.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}",
    operation_id = "view_collection",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The collection", body = CollectionBody))
)]
pub(super) async fn view(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
) -> Result<Json<CollectionBody>, Refusal> {
    let (root, name) = named(path)?;
    let shown = ops::collection(&ground, &viewer, &root, &name).await?;
    Ok(Json(CollectionBody::from(&shown)))
}

/// Change the settings of a collection. What is left out gets its default.
#[utoipa::path(
    put,
    path = "/intel/roots/{root}/collections/{collection}",
    operation_id = "edit_collection",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    request_body = EditBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "Changed", body = CollectionBody))
)]
pub(super) async fn edit(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    body: Sent<EditBody>,
) -> Result<Json<CollectionBody>, Refusal> {
    let (root, name) = named(path)?;
    let body = sent(body)?;
    let settings = Settings::try_from(&body.settings)?;
    let place = (root.as_str(), name.as_str());
    let collection = ops::edit(&ground, &viewer, place, body.version, settings).await?;
    Ok(Json(CollectionBody::of(&collection, true)))
}

/// The version of a collection that the caller has seen.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Seen {
    /// The version that the caller has seen.
    version: i64,
}

/// Take a collection away, with all that it holds.
#[utoipa::path(
    delete,
    path = "/intel/roots/{root}/collections/{collection}",
    operation_id = "delete_collection",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        Seen
    ),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 204, description = "Taken away"))
)]
pub(super) async fn drop(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    seen: Asked<Seen>,
) -> Result<StatusCode, Refusal> {
    let (root, name) = named(path)?;
    let seen = asked(seen)?;
    let place = (root.as_str(), name.as_str());
    ops::drop_collection(&ground, &viewer, place, seen.version).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// See whom a collection names as its readers.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/readers",
    operation_id = "list_collection_readers",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "The readers", body = ReadersBody))
)]
pub(super) async fn readers(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
) -> Result<Json<ReadersBody>, Refusal> {
    let (root, name) = named(path)?;
    let readers = ops::readers(&ground, &viewer, &root, &name).await?;
    let items = readers.iter().map(ReaderBody::from).collect();
    Ok(Json(ReadersBody { items }))
}

/// Name others as the readers of a collection: guests of this node, other parties, circles.
#[utoipa::path(
    put,
    path = "/intel/roots/{root}/collections/{collection}/readers",
    operation_id = "set_collection_readers",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    request_body = SetReadersBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "Named", body = CollectionBody))
)]
pub(super) async fn set_readers(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    body: Sent<SetReadersBody>,
) -> Result<Json<CollectionBody>, Refusal> {
    let (root, name) = named(path)?;
    let body = sent(body)?;
    let readers: Result<Vec<(Reader, bool)>, Error> =
        body.readers.iter().map(TryFrom::try_from).collect();
    let place = (root.as_str(), name.as_str());
    let set = ops::set_readers(&ground, &viewer, place, body.version, readers?);
    Ok(Json(CollectionBody::of(&set.await?, true)))
}

/// Count what a collection has, of what the caller sees.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/contents",
    operation_id = "count_collection",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "Counts", body = ContentsBody))
)]
pub(super) async fn contents(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
) -> Result<Json<ContentsBody>, Refusal> {
    let (root, name) = named(path)?;
    let contents = ops::contents(&ground, &viewer, &root, &name).await?;
    let items = contents.iter().map(ContentBody::from).collect();
    Ok(Json(ContentsBody { items }))
}
