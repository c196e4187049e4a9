use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::IncidentRef;

use super::place;
use crate::{
    taxonomy::{
        ops,
        wire::{ClassBody, ClassQuery, SuggestionBody, SuggestionsBody},
    },
    wire::ChangedBody,
};

/// Give an incident a class of a taxonomy. RSIT and the sectors of NIS2, at the versions that ship, go
/// into its facts.
#[utoipa::path(
    post,
    path = "/incidents/{id}/classes",
    operation_id = "classify_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = ClassBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 201, description = "It has the class", body = ChangedBody),
        (status = 409, description = "It has another class where one stands at most")
    )
)]
pub(super) async fn classify(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<ClassBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let (id, body) = (named(id)?, sent(body)?);
    let (name, version) = place(&(body.taxonomy, body.version))?;
    let class = (&name, &version, body.code.as_str());
    let incident = ops::classify(&ground, &viewer, id, class).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Take a class from an incident.
#[utoipa::path(
    delete,
    path = "/incidents/{id}/classes",
    operation_id = "unclassify_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident"), ClassQuery),
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "It has the class no more", body = ChangedBody))
)]
pub(super) async fn unclassify(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    query: Asked<ClassQuery>,
) -> Result<Json<ChangedBody>, Refusal> {
    let (id, query) = (named(id)?, asked(query)?);
    let (name, version) = place(&(query.taxonomy, query.version))?;
    let class = (&name, &version, query.code.as_str());
    let incident = ops::unclassify(&ground, &viewer, id, class).await?;
    Ok(Json(ChangedBody::from(&incident)))
}

/// Read which classes cross-walks lead to from those that an incident has. None is applied.
#[utoipa::path(
    get,
    path = "/incidents/{id}/classes/suggestions",
    operation_id = "read_class_suggestions",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "Those", body = SuggestionsBody))
)]
pub(super) async fn suggestions(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<SuggestionsBody>, Refusal> {
    let all = ops::suggestions(&ground, &viewer, named(id)?).await?;
    let items = all.iter().map(SuggestionBody::from).collect();
    Ok(Json(SuggestionsBody { items }))
}
