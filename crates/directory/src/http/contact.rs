//! Contacts.

use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::{ContactId, PartyCode};
use seal::data::DataKey;

use crate::{
    ops,
    wire::{ContactBody, EditContactBody, LookBody, LookedBody, NewContactBody, ReachBody},
};

/// Add a contact to a party.
#[utoipa::path(
    post,
    path = "/parties/{code}/contacts",
    tag = "directory",
    params(("code" = String, Path, description = "The party")),
    request_body = NewContactBody,
    extensions(("x-act" = json!("directory.edit"))),
    responses((status = 201, description = "Added", body = ContactBody))
)]
pub(super) async fn add(
    State(ground): State<Ground>,
    State(key): State<DataKey>,
    SignedIn(viewer): SignedIn,
    code: Named<PartyCode>,
    body: Sent<NewContactBody>,
) -> Result<(StatusCode, Json<ContactBody>), Refusal> {
    let code = named(code)?;
    let body = sent(body)?;
    let contact = ops::add_contact(&ground, &key, &viewer, &code, body.try_into()?).await?;
    Ok((StatusCode::CREATED, Json(ContactBody::from(&contact))))
}

/// Change a contact, or remove it.
#[utoipa::path(
    put,
    path = "/contacts/{id}",
    tag = "directory",
    params(("id" = String, Path, description = "The contact")),
    request_body = EditContactBody,
    extensions(("x-act" = json!("directory.edit"))),
    responses(
        (status = 200, description = "Changed", body = ContactBody),
        (status = 409, description = "The contact has changed")
    )
)]
pub(super) async fn edit(
    State(ground): State<Ground>,
    State(key): State<DataKey>,
    SignedIn(viewer): SignedIn,
    id: Named<ContactId>,
    body: Sent<EditContactBody>,
) -> Result<Json<ContactBody>, Refusal> {
    let id = named(id)?;
    let body = sent(body)?;
    let change = (body.contact.try_into()?, body.standing);
    let contact = ops::edit_contact(&ground, &key, &viewer, id, body.version, change).await?;
    Ok(Json(ContactBody::from(&contact)))
}

/// Look at how a contact is reached. The look is recorded with its reason.
#[utoipa::path(
    post,
    path = "/contacts/{id}/looks",
    tag = "directory",
    params(("id" = String, Path, description = "The contact")),
    request_body = LookBody,
    extensions(("x-act" = json!("directory.look"))),
    responses(
        (status = 200, description = "The contact and how to reach it", body = LookedBody),
        (status = 403, description = "The viewer's party is not listed")
    )
)]
pub(super) async fn look(
    State(ground): State<Ground>,
    State(key): State<DataKey>,
    SignedIn(viewer): SignedIn,
    id: Named<ContactId>,
    body: Sent<LookBody>,
) -> Result<Json<LookedBody>, Refusal> {
    let id = named(id)?;
    let body = sent(body)?;
    let (contact, reach) = ops::look(&ground, &key, &viewer, id, &body.reason).await?;
    Ok(Json(LookedBody {
        contact: ContactBody::from(&contact),
        reach: ReachBody::from(&reach),
    }))
}
