use access::http::{Refusal, Sent, SignedIn, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};

use crate::{
    error::Error,
    model::Facts,
    ops,
    wire::{ChangedBody, FactsBody},
};

/// Enter an incident. It is real or exercise as the session or key is.
#[utoipa::path(
    post,
    path = "/incidents",
    operation_id = "create_incident",
    tag = "incidents",
    request_body = FactsBody,
    extensions(("x-act" = json!("incident.create"))),
    responses((status = 201, description = "Entered", body = ChangedBody))
)]
pub(super) async fn create(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<FactsBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let facts = Facts::try_from(sent(body)?).map_err(Error::from)?;
    let incident = ops::create(&ground, &viewer, facts).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}
