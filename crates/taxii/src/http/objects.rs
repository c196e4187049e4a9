use access::http::{Asked, Named, Refusal, asked, named};
use axum::{
    body::Bytes,
    extract::{self, rejection::BytesRejection},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use intel::{
    model::{Filter, Versions as Chosen},
    ops,
};
use kernel::{Problem, ProblemKind, Viewer};

use super::{State, answer, text_answer};
use crate::{
    ask::{Ask, Matches},
    media,
    who::Asker,
    wire::{Envelope, ImportStatus, VersionList, envelope},
};

/// Objects of a collection, in the order in which they were added.
#[utoipa::path(
    get,
    path = "/taxii2/{root}/collections/{collection}/objects/",
    operation_id = "taxii_objects",
    tag = "taxii",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The id or alias of the collection")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "A page", body = Envelope, content_type = "application/taxii+json;version=2.1"))
)]
pub(super) async fn list(
    extract::State(state): extract::State<State>,
    asker: Asker,
    path: Named<(String, String)>,
    query: Asked<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (root, name) = named(path)?;
    let viewer = asker.under(&state, &root).await?;
    let ask = Ask::read(&asked(query)?, Matches::All)?;
    let place = (root.as_str(), name.as_str());
    let page = ops::objects(&state.ground, &viewer, place, &ask.filter, ask.cut).await?;
    Ok(text_answer(StatusCode::OK, envelope(&page), page.places))
}

/// Adds the objects of an envelope. A long one is kept, and its status tells how it goes on.
#[utoipa::path(
    post,
    path = "/taxii2/{root}/collections/{collection}/objects/",
    operation_id = "taxii_add_objects",
    tag = "taxii",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The id or alias of the collection")
    ),
    request_body(content = Envelope, content_type = "application/taxii+json;version=2.1"),
    extensions(("x-act" = json!("intel.write"))),
    responses((status = 202, description = "Kept", body = ImportStatus, content_type = "application/taxii+json;version=2.1"))
)]
pub(super) async fn add(
    extract::State(state): extract::State<State>,
    asker: Asker,
    path: Named<(String, String)>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let (root, name) = named(path)?;
    let viewer = asker.under(&state, &root).await?;
    media::sent(&headers)?;
    let body = body.map_err(|rejection| {
        let detail = format!("at most {} bytes: {rejection}", ops::BYTES_MAX);
        Problem::new(ProblemKind::TooLarge, "request.too_large", detail)
    })?;
    let place = (root.as_str(), name.as_str());
    let done = ops::import(&state.ground, &viewer, place, body.into()).await?;
    Ok(answer(
        StatusCode::ACCEPTED,
        &ImportStatus::from(&done),
        None,
    ))
}

/// Versions of one object.
#[utoipa::path(
    get,
    path = "/taxii2/{root}/collections/{collection}/objects/{object}/",
    operation_id = "taxii_object",
    tag = "taxii",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The id or alias of the collection"),
        ("object" = String, Path, description = "The id of the object")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "A page", body = Envelope, content_type = "application/taxii+json;version=2.1"))
)]
pub(super) async fn view(
    extract::State(state): extract::State<State>,
    asker: Asker,
    path: Named<(String, String, String)>,
    query: Asked<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (root, name, id) = named(path)?;
    let viewer = asker.under(&state, &root).await?;
    let mut ask = Ask::read(&asked(query)?, Matches::OfObject)?;
    ask.filter.ids = vec![id];
    let place = (root.as_str(), name.as_str());
    let page = ops::objects(&state.ground, &viewer, place, &ask.filter, ask.cut).await?;
    if page.places.is_none() {
        known(&state, &viewer, place, &ask).await?;
    }
    Ok(text_answer(StatusCode::OK, envelope(&page), page.places))
}

/// Tells an empty page from an object of which the viewer sees no version at all, which he is told
/// nothing of.
async fn known(
    state: &State,
    viewer: &Viewer,
    place: (&str, &str),
    ask: &Ask,
) -> Result<(), intel::Error> {
    let any = Filter {
        ids: ask.filter.ids.clone(),
        ..Filter::everything()
    };
    let cut = intel::model::Cut {
        after: i64::MIN,
        entries: 1,
    };
    let found = ops::manifest(&state.ground, viewer, place, &any, cut).await?;
    if found.content.is_empty() {
        return Err(intel::Error::NotFound { what: "object" });
    }
    Ok(())
}

/// Takes an object out: all of it, or the versions that the query names.
#[utoipa::path(
    delete,
    path = "/taxii2/{root}/collections/{collection}/objects/{object}/",
    operation_id = "taxii_delete_object",
    tag = "taxii",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The id or alias of the collection"),
        ("object" = String, Path, description = "The id of the object")
    ),
    extensions(("x-act" = json!("intel.delete"))),
    responses((status = 200, description = "Taken out"))
)]
pub(super) async fn delete(
    extract::State(state): extract::State<State>,
    asker: Asker,
    path: Named<(String, String, String)>,
    query: Asked<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (root, name, id) = named(path)?;
    let viewer = asker.under(&state, &root).await?;
    let mut filter = Ask::read(&asked(query)?, Matches::OfObject)?.filter;
    let everything = Filter::everything();
    if filter.versions == Chosen::default() {
        filter.versions = everything.versions;
    }
    if filter.specs.is_empty() {
        filter.specs = everything.specs;
    }
    ops::delete(&state.ground, &viewer, (&root, &name), &id, &filter).await?;
    Ok(text_answer(StatusCode::OK, "{}".to_owned(), None))
}

/// Which versions of an object there are.
#[utoipa::path(
    get,
    path = "/taxii2/{root}/collections/{collection}/objects/{object}/versions/",
    operation_id = "taxii_versions",
    tag = "taxii",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The id or alias of the collection"),
        ("object" = String, Path, description = "The id of the object")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "A page", body = VersionList, content_type = "application/taxii+json;version=2.1"))
)]
pub(super) async fn versions(
    extract::State(state): extract::State<State>,
    asker: Asker,
    path: Named<(String, String, String)>,
    query: Asked<Vec<(String, String)>>,
) -> Result<Response, Refusal> {
    let (root, name, id) = named(path)?;
    let viewer = asker.under(&state, &root).await?;
    let mut ask = Ask::read(&asked(query)?, Matches::Spec)?;
    ask.filter.ids = vec![id];
    ask.filter.versions = Chosen::All;
    let place = (root.as_str(), name.as_str());
    let page = ops::manifest(&state.ground, &viewer, place, &ask.filter, ask.cut).await?;
    if page.places.is_none() {
        known(&state, &viewer, place, &ask).await?;
    }
    Ok(answer(
        StatusCode::OK,
        &VersionList::from(&page),
        page.places,
    ))
}
