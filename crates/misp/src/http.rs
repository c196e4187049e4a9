//! One door for all that stands below `/misp/`.

mod attribute;
mod event;
mod feed;
mod galaxy;
mod house;
mod object;
mod packed;
mod peer;
mod search;
mod sighting;
mod tag;
mod taxonomy;

use std::sync::Arc;

use access::{http::ClientAddress, ops::Remembered};
use audit::Ground;
use axum::{
    Router,
    body::Body,
    extract::{self, Request},
    http::{Method, StatusCode, header, request::Parts},
    response::Response,
    routing::any,
};
use intel::events::model::Scope;

use crate::{
    answer::Fail,
    call::{Call, Path},
    route::{self, Endpoint, Found},
    who,
};

/// The longest body that is read.
const BODY_BYTES_MAX: usize = 64 << 20;

/// What the endpoints work with.
#[derive(Clone, Debug)]
pub struct State {
    /// The database, the time, chance.
    pub ground: Ground,
    /// Passwords that were right a short while ago.
    pub remembered: Arc<Remembered>,
}

impl State {
    /// A state that remembers nothing yet.
    pub fn new(ground: Ground) -> Self {
        Self {
            remembered: Arc::new(Remembered::new(&ground)),
            ground,
        }
    }
}

/// Everything below `/misp/`.
pub fn router(state: State) -> Router {
    Router::new()
        .route("/misp", any(enter))
        .route("/misp/", any(enter))
        .route("/misp/{*path}", any(enter))
        .with_state(state)
}

async fn enter(extract::State(state): extract::State<State>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path();
    let url = path.strip_prefix("/misp").unwrap_or(path).to_owned();
    match answered(&state, &parts, (body, url.clone())).await {
        Ok(response) => response,
        Err(fail) => fail.into_answer(&url),
    }
}

async fn answered(
    state: &State,
    parts: &Parts,
    (body, url): (Body, String),
) -> Result<Response, Fail> {
    // Whoever is not known is told so, whatever he asks for.
    let address = parts.extensions.get::<ClientAddress>();
    let viewer = who::asks(state, &parts.headers, address).await?;
    let path = Path::read(&url).ok_or_else(|| Fail::missing("Not Found"))?;
    let route = match route::find(parts.method.as_str(), &path.controller, &path.action) {
        Found::Route(route) => route,
        Found::Method => {
            let message = "This function is not accessible by this method.";
            return Err(Fail::Said(
                StatusCode::METHOD_NOT_ALLOWED,
                message.to_owned(),
            ));
        }
        Found::Nothing => return Err(Fail::missing("Not Found")),
    };
    let viewer = match &path.place {
        Some((root, _)) => who::under(state, viewer, root).await?,
        None => viewer,
    };
    let body = axum::body::to_bytes(body, BODY_BYTES_MAX).await;
    let body = body.map_err(|_cut| {
        let message = format!("The request is larger than {BODY_BYTES_MAX} bytes, or was cut.");
        Fail::Said(StatusCode::PAYLOAD_TOO_LARGE, message)
    })?;
    let query = extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
    let query = query.map_err(|_unreadable| Fail::bad("The query cannot be read."))?;
    let body = packed::unpacked(&parts.headers, body)?;
    let header = |name| {
        let value = parts.headers.get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let scope = Scope {
        place: path.place.clone(),
    };
    let call = Call {
        ground: state.ground.clone(),
        viewer,
        scope,
        path,
        url,
        query: query.0,
        accept: header(header::ACCEPT),
        content_type: header(header::CONTENT_TYPE),
        mark: header(header::IF_NONE_MATCH),
        body,
    };
    if parts.method == Method::DELETE && !call.path.action.eq_ignore_ascii_case("delete") {
        return Err(Fail::missing("Not Found"));
    }
    dispatch(route.endpoint, call).await
}

async fn dispatch(endpoint: Endpoint, call: Call) -> Result<Response, Fail> {
    match endpoint {
        Endpoint::Version => house::version(&call).await,
        Endpoint::PymispVersion => house::pymisp_version(&call).await,
        Endpoint::User => house::user(&call).await,
        Endpoint::Roles => house::roles(&call).await,
        Endpoint::Organisations => house::organisations(&call).await,
        Endpoint::Organisation => house::organisation(&call).await,
        Endpoint::SharingGroups => house::sharing_groups(&call).await,
        Endpoint::Taxonomies => taxonomy::index(&call).await,
        Endpoint::Taxonomy => taxonomy::view(&call).await,
        Endpoint::Galaxies | Endpoint::SearchGalaxies => galaxy::index(&call).await,
        Endpoint::Galaxy => galaxy::view(call).await,
        Endpoint::Clusters | Endpoint::SearchClusters => galaxy::clusters(call).await,
        Endpoint::Cluster => galaxy::cluster(&call).await,
        Endpoint::Servers | Endpoint::Feeds | Endpoint::Proposals | Endpoint::ProposalsOf => {
            house::nothing(&call).await
        }
        Endpoint::Warninglists => house::warninglists(&call).await,
        Endpoint::CheckValue => house::check_value(&call).await,
        Endpoint::DescribeTypes => house::describe_types(&call).await,
        Endpoint::Events | Endpoint::SearchIndex => event::index(&call).await,
        Endpoint::Event | Endpoint::EventWith => event::view(call).await,
        Endpoint::AddEvent => event::add(call).await,
        Endpoint::EditEvent => event::edit(call).await,
        Endpoint::DeleteEvent => event::delete(&call).await,
        Endpoint::Publish | Endpoint::Alert => event::publish(&call, true).await,
        Endpoint::Unpublish => event::publish(&call, false).await,
        Endpoint::UploadStix => event::upload_stix(call).await,
        Endpoint::SearchEvents | Endpoint::SearchEventsBy => search::events(call).await,
        Endpoint::Attributes => search::attribute_index(call).await,
        Endpoint::Attribute => attribute::view(&call).await,
        Endpoint::AddAttribute => attribute::add(&call).await,
        Endpoint::EditAttribute => attribute::edit(&call).await,
        Endpoint::DeleteAttribute => attribute::delete(&call).await,
        Endpoint::RestoreAttribute => attribute::restore(&call).await,
        Endpoint::SearchAttributes | Endpoint::SearchAttributesBy => search::attributes(call).await,
        Endpoint::Object => object::view(&call).await,
        Endpoint::AddObject => object::add(&call).await,
        Endpoint::EditObject => object::edit(&call).await,
        Endpoint::DeleteObject => object::delete(&call).await,
        Endpoint::SearchObjects => search::objects(call).await,
        Endpoint::Tags => tag::index(&call).await,
        Endpoint::Tag => tag::view(&call).await,
        Endpoint::SearchTags => tag::search(&call).await,
        Endpoint::AddTag => tag::add(&call).await,
        Endpoint::AttachTag => tag::attach(&call).await,
        Endpoint::RemoveTag => tag::remove(&call).await,
        Endpoint::FilterEvents => peer::filter_event_ids(&call).await,
        Endpoint::FilterSightings => peer::filter_sightings(&call).await,
        Endpoint::SaveSightings => peer::save_sightings(&call).await,
        Endpoint::PostTest => peer::post_test(&call).await,
        Endpoint::FeedManifest => feed::manifest(call).await,
        Endpoint::FeedHashes => feed::hashes(call).await,
        Endpoint::FeedEvent => feed::event(call).await,
        Endpoint::AddSighting => sighting::add(&call).await,
        Endpoint::ListSightings => sighting::list(&call).await,
        Endpoint::SearchSightings => sighting::search(&call).await,
    }
}
