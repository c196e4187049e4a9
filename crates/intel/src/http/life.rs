use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};

use crate::{
    error::Error,
    model::{Cut, Filter},
    ops,
    wire::{
        AtQuery, DecayBody, LifeBody, LiveBody, LiveQuery, NewSightingBody, SightedBody,
        SightingsBody,
    },
};

/// Objects of a page where nothing is said.
const PAGE: u32 = 1_000;

/// Record that an object or a value was seen. Each sighting is an object of the collection.
#[utoipa::path(
    post,
    path = "/intel/roots/{root}/collections/{collection}/sightings",
    operation_id = "record_sighting",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    request_body = NewSightingBody,
    extensions(("x-act" = json!("intel.write"))),
    responses((status = 201, description = "Recorded", body = SightedBody))
)]
pub(super) async fn sight(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    body: Sent<NewSightingBody>,
) -> Result<(StatusCode, Json<SightedBody>), Refusal> {
    let (root, name) = named(path)?;
    let new = sent(body)?.read(ground.now())?;
    let items = ops::sight(&ground, &viewer, (&root, &name), new).await?;
    Ok((StatusCode::CREATED, Json(SightedBody { items })))
}

/// Count who saw an object, of what the caller sees in all collections.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/objects/{object}/sightings",
    operation_id = "count_sightings",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        ("object" = String, Path, description = "The id of the object")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "Counts", body = SightingsBody))
)]
pub(super) async fn sightings(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String, String)>,
) -> Result<Json<SightingsBody>, Refusal> {
    let (root, name, object) = named(path)?;
    let counted = ops::sightings(&ground, &viewer, (&root, &name), &object).await?;
    Ok(Json(SightingsBody::from(&counted)))
}

/// See how what a collection has grows old.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/decay",
    operation_id = "view_decay",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "The model", body = DecayBody))
)]
pub(super) async fn decay(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
) -> Result<Json<DecayBody>, Refusal> {
    let (root, name) = named(path)?;
    let (version, decay) = ops::decay(&ground, &viewer, (&root, &name)).await?;
    Ok(Json(DecayBody::of(version, &decay)))
}

/// Choose how what a collection has grows old.
#[utoipa::path(
    put,
    path = "/intel/roots/{root}/collections/{collection}/decay",
    operation_id = "set_decay",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection")
    ),
    request_body = DecayBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "Chosen", body = DecayBody))
)]
pub(super) async fn set_decay(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    body: Sent<DecayBody>,
) -> Result<Json<DecayBody>, Refusal> {
    let (root, name) = named(path)?;
    let (version, decay) = sent(body)?.read()?;
    let set = ops::set_decay(&ground, &viewer, (&root, &name), version, decay).await?;
    Ok(Json(DecayBody::of(set.0, &set.1)))
}

/// See whether an object holds at a moment, and its score.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/objects/{object}/life",
    operation_id = "view_life",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        ("object" = String, Path, description = "The id of the object"),
        AtQuery
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "Its life", body = LifeBody))
)]
pub(super) async fn life(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String, String)>,
    query: Asked<AtQuery>,
) -> Result<Json<LifeBody>, Refusal> {
    let (root, name, object) = named(path)?;
    let at = asked(query)?.at.unwrap_or_else(|| ground.now());
    let life = ops::life(&ground, &viewer, (&root, &name), &object, at).await?;
    Ok(Json(LifeBody::from(life)))
}

/// See what of a collection holds at a moment: indicators that are valid, not revoked and not decayed,
/// and all other objects that are not revoked.
#[utoipa::path(
    get,
    path = "/intel/roots/{root}/collections/{collection}/live",
    operation_id = "list_live_objects",
    tag = "intel",
    params(
        ("root" = String, Path, description = "The root"),
        ("collection" = String, Path, description = "The UUID or alias of the collection"),
        LiveQuery
    ),
    extensions(("x-act" = json!("intel.read"))),
    responses((status = 200, description = "A page", body = LiveBody))
)]
pub(super) async fn live(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    path: Named<(String, String)>,
    query: Asked<LiveQuery>,
) -> Result<Json<LiveBody>, Refusal> {
    let (root, name) = named(path)?;
    let query = asked(query)?;
    let at = query.at.unwrap_or_else(|| ground.now());
    let cut = Cut {
        after: query.after.unwrap_or(i64::MIN),
        entries: query.limit.unwrap_or(PAGE),
    };
    let asked = (&Filter::default(), cut);
    let page = ops::live_objects(&ground, &viewer, (&root, &name), asked, at).await?;
    let read = serde_json::from_str(&format!("[{}]", page.content));
    let objects = read.map_err(|error| Error::Unreadable {
        detail: error.to_string(),
    })?;
    let last = page.places.map(|(_, last)| last).filter(|_| page.more);
    Ok(Json(LiveBody {
        objects,
        next: last,
    }))
}
