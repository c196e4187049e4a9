//! Parties.

use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::PartyCode;
use seal::{data::DataKey, keys::Fingerprint};

use crate::{
    Card, Error,
    model::Invalid,
    ops,
    wire::{AddressesBody, ContactBody, NewPeerBody, PartyBody, PartyPageBody, TrustBody},
};

/// List the parties.
#[utoipa::path(
    get,
    path = "/parties",
    tag = "directory",
    extensions(("x-act" = json!("directory.read"))),
    responses((status = 200, description = "All parties of the mode", body = Vec<PartyBody>))
)]
pub(super) async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<PartyBody>>, Refusal> {
    let parties = ops::list_parties(&ground, &viewer).await?;
    Ok(Json(parties.iter().map(PartyBody::from).collect()))
}

/// Add a party from its card and the fingerprint that was compared.
#[utoipa::path(
    post,
    path = "/parties",
    tag = "directory",
    request_body = NewPeerBody,
    extensions(("x-act" = json!("directory.peers"))),
    responses(
        (status = 201, description = "Added, in each mode that the card has keys for", body = Vec<PartyBody>),
        (status = 409, description = "The fingerprint differs, or another root is listed")
    )
)]
pub(super) async fn add(
    State(ground): State<Ground>,
    State(key): State<DataKey>,
    SignedIn(viewer): SignedIn,
    body: Sent<NewPeerBody>,
) -> Result<(StatusCode, Json<Vec<PartyBody>>), Refusal> {
    let body = sent(body)?;
    let compared: Fingerprint = body.fingerprint.parse().map_err(|_unreadable| {
        Error::Invalid(Invalid {
            field: "fingerprint",
            rule: "64 hexadecimal digits, 32 words, or the text of the QR code",
        })
    })?;
    let parties = ops::add_peer(&ground, &key, &viewer, &body.card, &compared).await?;
    let bodies = parties.iter().map(PartyBody::from).collect();
    Ok((StatusCode::CREATED, Json(bodies)))
}

/// Read a party and its contacts, without contact data.
#[utoipa::path(
    get,
    path = "/parties/{code}",
    tag = "directory",
    params(("code" = String, Path, description = "The party")),
    extensions(("x-act" = json!("directory.read"))),
    responses((status = 200, description = "The party", body = PartyPageBody))
)]
pub(super) async fn read(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    code: Named<PartyCode>,
) -> Result<Json<PartyPageBody>, Refusal> {
    let code = named(code)?;
    let (party, contacts) = ops::read_party(&ground, &viewer, &code).await?;
    Ok(Json(PartyPageBody {
        party: PartyBody::from(&party),
        contacts: contacts.iter().map(ContactBody::from).collect(),
    }))
}

/// Remove a party. Its keys and messages stay, so that what was said can be proved.
#[utoipa::path(
    delete,
    path = "/parties/{code}",
    tag = "directory",
    params(("code" = String, Path, description = "The party")),
    extensions(("x-act" = json!("directory.peers"))),
    responses((status = 204, description = "Removed"))
)]
pub(super) async fn remove(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    code: Named<PartyCode>,
) -> Result<StatusCode, Refusal> {
    let code = named(code)?;
    ops::remove_peer(&ground, &viewer, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Freeze a party, trust it again, or remove it. The reason is recorded.
#[utoipa::path(
    put,
    path = "/parties/{code}/trust",
    tag = "directory",
    params(("code" = String, Path, description = "The party")),
    request_body = TrustBody,
    extensions(("x-act" = json!("directory.peers"))),
    responses((status = 200, description = "The party", body = PartyBody))
)]
pub(super) async fn trust(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    code: Named<PartyCode>,
    body: Sent<TrustBody>,
) -> Result<Json<PartyBody>, Refusal> {
    let code = named(code)?;
    let body = sent(body)?;
    let party = ops::set_trust(&ground, &viewer, &code, body.trust, &body.reason).await?;
    Ok(Json(PartyBody::from(&party)))
}

/// Say where the node is reached; its card tells peers.
#[utoipa::path(
    put,
    path = "/card/addresses",
    tag = "directory",
    request_body = AddressesBody,
    extensions(("x-act" = json!("directory.peers"))),
    responses((status = 200, description = "The card", body = Object))
)]
pub(super) async fn addresses(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<AddressesBody>,
) -> Result<Json<Card>, Refusal> {
    let body = sent(body)?;
    let (federation, web) = (body.federation.as_ref(), body.web.as_ref());
    ops::set_addresses(&ground, &viewer, federation, web).await?;
    Ok(Json(ops::own_card(&ground, &viewer, None).await?))
}

/// The node's own card, without contact data, to be given to other parties.
#[utoipa::path(
    get,
    path = "/card",
    tag = "directory",
    extensions(("x-act" = json!("directory.read"))),
    responses((status = 200, description = "The card", body = Object))
)]
pub(super) async fn card(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Card>, Refusal> {
    Ok(Json(ops::own_card(&ground, &viewer, None).await?))
}
