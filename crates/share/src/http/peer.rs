use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use axum::{Json, extract::State, http::StatusCode};
use kernel::{PartyCode, ShareId, Tlp};

use crate::{
    Sharing, ops,
    wire::{AcceptBody, PeerBody, PeerRowBody, PeersBody},
};

/// List the peers: what is shared with each, what each shares, and what differs.
#[utoipa::path(
    get,
    path = "/sharing",
    operation_id = "list_sharing",
    tag = "sharing",
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "All peers of the mode", body = PeersBody))
)]
pub(super) async fn list(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<PeersBody>, Refusal> {
    let rows = ops::peers(&x, &viewer).await?;
    let items = rows.into_iter().map(PeerRowBody::from).collect();
    Ok(Json(PeersBody { items }))
}

/// Read everything about one peer: all traffic, each shared collection, differences, confirmations.
#[utoipa::path(
    get,
    path = "/sharing/{party}",
    operation_id = "read_sharing",
    tag = "sharing",
    params(("party" = String, Path, description = "The party")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "The peer", body = PeerBody))
)]
pub(super) async fn read(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
    party: Named<PartyCode>,
) -> Result<Json<PeerBody>, Refusal> {
    let view = ops::peer(&x, &viewer, &named(party)?).await?;
    Ok(Json(PeerBody::from(&view)))
}

/// Compare with a peer now: all traffic, and each shared collection.
#[utoipa::path(
    post,
    path = "/sharing/{party}/compare",
    operation_id = "compare_sharing",
    tag = "sharing",
    params(("party" = String, Path, description = "The party")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 200, description = "How it stands afterwards", body = PeerBody))
)]
pub(super) async fn compare(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
    party: Named<PartyCode>,
) -> Result<Json<PeerBody>, Refusal> {
    let party = named(party)?;
    ops::compare(&x, &viewer, &party).await?;
    let view = ops::peer(&x, &viewer, &party).await?;
    Ok(Json(PeerBody::from(&view)))
}

/// Have what a party misses of a collection sent again, and what it should not have removed.
#[utoipa::path(
    post,
    path = "/sharing/outgoing/{id}/again",
    operation_id = "send_share_again",
    tag = "sharing",
    params(("id" = String, Path, description = "The share")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 202, description = "It is sent"))
)]
pub(super) async fn again(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
    id: Named<ShareId>,
) -> Result<StatusCode, Refusal> {
    ops::send_again(&x, &viewer, named(id)?).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Keep what a party shares from now on.
#[utoipa::path(
    post,
    path = "/sharing/incoming/{id}/accept",
    operation_id = "accept_share",
    tag = "sharing",
    params(("id" = String, Path, description = "The share")),
    request_body = AcceptBody,
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 202, description = "It is kept as soon as it is opened"))
)]
pub(super) async fn accept(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
    id: Named<ShareId>,
    body: Sent<AcceptBody>,
) -> Result<StatusCode, Refusal> {
    let ceiling = Tlp::from_foreign(Some(&sent(body)?.ceiling));
    ops::accept(&x, &viewer, named(id)?, ceiling).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Do not keep what a party shares, and tell it so.
#[utoipa::path(
    post,
    path = "/sharing/incoming/{id}/decline",
    operation_id = "decline_share",
    tag = "sharing",
    params(("id" = String, Path, description = "The share")),
    extensions(("x-act" = json!("intel.manage"))),
    responses((status = 202, description = "The party is told"))
)]
pub(super) async fn decline(
    State(x): State<Sharing>,
    SignedIn(viewer): SignedIn,
    id: Named<ShareId>,
) -> Result<StatusCode, Refusal> {
    ops::decline(&x, &viewer, named(id)?).await?;
    Ok(StatusCode::ACCEPTED)
}
