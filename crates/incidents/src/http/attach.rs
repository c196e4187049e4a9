use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::IncidentRef;

use crate::{
    error::Error,
    model::Attachment,
    ops,
    wire::{AttachmentBody, ChangedBody},
};

/// Add what is known of a file whose bytes are in the object store.
#[utoipa::path(
    post,
    path = "/incidents/{id}/attachments",
    operation_id = "add_incident_attachment",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = AttachmentBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Added", body = ChangedBody))
)]
pub(super) async fn attach(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<AttachmentBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let file = Attachment::try_from(sent(body)?).map_err(Error::from)?;
    let incident = ops::attach(&ground, &viewer, named(id)?, &file).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}
