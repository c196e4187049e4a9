use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use axum::{Json, extract::State, http::StatusCode};
use intel::model::Reader;

use crate::{
    Error, Sharing, ops,
    wire::{OnwardBody, OutgoingBody, PreviewBody, PreviewQueryBody, SharedBody},
};

/// See who is told of a collection, and how that stands.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/sharing",
    operation_id = "list_collection_sharing",
    tag = "sharing",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "By party", body = SharedBody))
)]
pub(super) async fn shared_with(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
) -> Result<Json<SharedBody>, Refusal> {
    let (root, name) = named(path)?;
    let views = ops::shared_with(&x, &viewer, (&root, &name)).await?;
    let items = views.iter().map(OutgoingBody::from).collect();
    Ok(Json(SharedBody { items }))
}

/// See who would get a collection if it named more readers, and what of it. Nothing leaves.
#[utoipa::path(
    post,
    path = "/intel/roots/{root}/collections/{collection}/sharing/preview",
    operation_id = "preview_collection_sharing",
    tag = "sharing",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    request_body = PreviewQueryBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "Who, and what", body = PreviewBody))
)]
pub(super) async fn preview(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    body: Sent<PreviewQueryBody>,
) -> Result<Json<PreviewBody>, Refusal> {
    let (root, name) = named(path)?;
    let readers: Result<Vec<Reader>, _> = sent(body)?
        .readers
        .iter()
        .map(|text| text.parse())
        .collect();
    let readers = readers.map_err(intel::Error::from).map_err(Error::from)?;
    let preview = ops::preview(&x.ground, &viewer, (&root, &name), &readers).await?;
    Ok(Json(PreviewBody::from(&preview)))
}

/// Share a collection with a party or a circle.
#[utoipa::path(
    put,
    path = "/intel/roots/{root}/collections/{collection}/sharing/{reader}",
    operation_id = "share_collection",
    tag = "sharing",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        ("reader" = String, Path, description = "`party--CODE` or `circle--UUID`")
    ),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 202, description = "It is sent"))
)]
pub(super) async fn share(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String, String)>,
) -> Result<StatusCode, Refusal> {
    set(&x, &viewer, named(path)?, true).await
}

/// Share a collection with a party or a circle no longer. It is told to remove what it has.
#[utoipa::path(
    delete,
    path = "/intel/roots/{root}/collections/{collection}/sharing/{reader}",
    operation_id = "unshare_collection",
    tag = "sharing",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        ("reader" = String, Path, description = "`party--CODE` or `circle--UUID`")
    ),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 202, description = "Those who do not get it in another way are told"))
)]
pub(super) async fn unshare(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String, String)>,
) -> Result<StatusCode, Refusal> {
    set(&x, &viewer, named(path)?, false).await
}

async fn set(
    x: &Sharing,
    viewer: &kernel::Viewer,
    (root, name, reader): (String, String, String),
    shared: bool,
) -> Result<StatusCode, Refusal> {
    let reader: Result<Reader, _> = reader.parse();
    let reader = reader.map_err(intel::Error::from).map_err(Error::from)?;
    ops::set_shared(&x.ground, viewer, (&root, &name), (reader, shared)).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Say whether those who get a collection may pass it on, as far as labels let them.
#[utoipa::path(
    put,
    path = "/intel/roots/{root}/collections/{collection}/onward",
    operation_id = "set_collection_onward",
    tag = "sharing",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    request_body = OnwardBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "Set", body = OnwardBody))
)]
pub(super) async fn onward(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    body: Sent<OnwardBody>,
) -> Result<Json<OnwardBody>, Refusal> {
    let ((root, name), body) = (named(path)?, sent(body)?);
    let place = (root.as_str(), name.as_str());
    let set = intel::ops::set_onward(&x.ground, &viewer, place, body.version, body.onward);
    let collection = set.await.map_err(Error::from)?;
    Ok(Json(OnwardBody {
        version: collection.version,
        onward: collection.onward,
    }))
}
