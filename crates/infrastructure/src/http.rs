//! JSON routes of the register. They are for signed-in people: no API key may read it.

mod file;
mod people;

use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use kernel::{IncidentRef, InfrastructureId};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Register, graph,
    model::Content,
    ops, questions,
    table::TABLE_BYTES_MAX,
    wire::{
        InfrastructureChangeBody, InfrastructureReachedBody, QuestionnaireBody, RecordBody,
        RecordsBody, ViewedBody, reached,
    },
};

/// A table of the most bytes as JSON writes it.
const FILE_BYTES_MAX: usize = 2 * TABLE_BYTES_MAX;

/// The routes, to be nested under `/api/v1`.
pub fn router(register: Register) -> OpenApiRouter {
    let files = OpenApiRouter::new()
        .routes(routes!(file::export_json, file::import_json))
        .routes(routes!(file::export_csv, file::import_csv))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX));
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(questionnaire))
        .merge(files)
        .routes(routes!(people::grants))
        .routes(routes!(people::namings))
        .routes(routes!(people::grant, people::revoke))
        .routes(routes!(hit))
        .routes(routes!(view, change, remove))
        .routes(routes!(link, unlink))
        .with_state(register)
}

/// List the register of critical infrastructure, by name. Each look stands in the ledger.
#[utoipa::path(
    get,
    path = "/infrastructure",
    operation_id = "list_infrastructure",
    tag = "infrastructure",
    extensions(("x-act" = json!("infrastructure.read"))),
    responses((status = 200, description = "The records", body = RecordsBody))
)]
async fn list(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<RecordsBody>, Refusal> {
    let records = ops::list(&register, &viewer).await?;
    let items = records.iter().map(RecordBody::from).collect();
    Ok(Json(RecordsBody { items }))
}

/// Enter an operator or a service.
#[utoipa::path(
    post,
    path = "/infrastructure",
    operation_id = "create_infrastructure",
    tag = "infrastructure",
    request_body = Content,
    extensions(("x-act" = json!("infrastructure.edit"))),
    responses((status = 201, description = "Entered", body = RecordBody))
)]
async fn create(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    body: Sent<Content>,
) -> Result<(StatusCode, Json<RecordBody>), Refusal> {
    // Whoever is not named learns nothing of what he sent.
    let rights = ops::rights(&register, &viewer).await?;
    let body = if rights.is_named {
        sent(body)?
    } else {
        Content::Operator(<_>::default())
    };
    let record = ops::create(&register, &viewer, body).await?;
    Ok((StatusCode::CREATED, Json(RecordBody::from(&record))))
}

/// Read the questionnaire. It is public, and says nothing of any service.
#[utoipa::path(
    get,
    path = "/infrastructure/questionnaire",
    operation_id = "infrastructure_questionnaire",
    tag = "infrastructure",
    extensions(("x-act" = json!("statistics.read"))),
    responses((status = 200, description = "The questions", body = QuestionnaireBody))
)]
async fn questionnaire(SignedIn(viewer): SignedIn) -> Result<Json<QuestionnaireBody>, Refusal> {
    access::policy::check_house(&viewer, access::policy::Act::StatisticsRead)?;
    Ok(Json(QuestionnaireBody::from(questions::questionnaire()?)))
}

/// Read what an incident hit, and what depends on that, directly and through others.
#[utoipa::path(
    get,
    path = "/infrastructure/incidents/{incident}",
    operation_id = "view_infrastructure_hit",
    tag = "infrastructure",
    params(("incident" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("infrastructure.read"))),
    responses((status = 200, description = "What is reached", body = Vec<InfrastructureReachedBody>))
)]
async fn hit(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    incident: Named<IncidentRef>,
) -> Result<Json<Vec<InfrastructureReachedBody>>, Refusal> {
    let hit = ops::hit(&register, &viewer, named(incident)?).await?;
    Ok(Json(<Vec<InfrastructureReachedBody>>::from(&hit)))
}

/// Read a record, with what depends on it.
#[utoipa::path(
    get,
    path = "/infrastructure/{id}",
    operation_id = "view_infrastructure",
    tag = "infrastructure",
    params(("id" = String, Path, description = "The record")),
    extensions(("x-act" = json!("infrastructure.read"))),
    responses((status = 200, description = "The record", body = ViewedBody))
)]
async fn view(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    id: Named<InfrastructureId>,
) -> Result<Json<ViewedBody>, Refusal> {
    let (record, records) = ops::view(&register, &viewer, named(id)?).await?;
    let sum = match record.content.service() {
        None => None,
        Some(service) => {
            let asked = questions::questionnaire()?;
            Some(questions::sum(asked, &service.assessment).into())
        }
    };
    let reach = graph::reach(&records, &[record.id]);
    Ok(Json(ViewedBody {
        record: RecordBody::from(&record),
        sum,
        dependents: reached(&records, &reach),
    }))
}

/// Change a record, at the version that the caller has.
#[utoipa::path(
    put,
    path = "/infrastructure/{id}",
    operation_id = "change_infrastructure",
    tag = "infrastructure",
    params(("id" = String, Path, description = "The record")),
    request_body = InfrastructureChangeBody,
    extensions(("x-act" = json!("infrastructure.edit"))),
    responses((status = 200, description = "Changed", body = RecordBody))
)]
async fn change(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    id: Named<InfrastructureId>,
    body: Sent<InfrastructureChangeBody>,
) -> Result<Json<RecordBody>, Refusal> {
    let id = named(id)?;
    let rights = ops::rights(&register, &viewer).await?;
    let (version, content) = if rights.is_named {
        let body = sent(body)?;
        (body.version, body.content)
    } else {
        (0, Content::Operator(<_>::default()))
    };
    let record = ops::change(&register, &viewer, (id, version), content).await?;
    Ok(Json(RecordBody::from(&record)))
}

/// Take a record out, unless another one refers to it.
#[utoipa::path(
    delete,
    path = "/infrastructure/{id}",
    operation_id = "remove_infrastructure",
    tag = "infrastructure",
    params(("id" = String, Path, description = "The record")),
    extensions(("x-act" = json!("infrastructure.edit"))),
    responses((status = 204, description = "Taken out"))
)]
async fn remove(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    id: Named<InfrastructureId>,
) -> Result<StatusCode, Refusal> {
    ops::remove(&register, &viewer, named(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say that an incident hit a service.
#[utoipa::path(
    put,
    path = "/infrastructure/{id}/incidents/{incident}",
    operation_id = "link_infrastructure",
    tag = "infrastructure",
    params(
        ("id" = String, Path, description = "The service"),
        ("incident" = String, Path, description = "The incident")
    ),
    extensions(("x-act" = json!("infrastructure.edit"))),
    responses((status = 200, description = "Said", body = RecordBody))
)]
async fn link(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    path: Named<(InfrastructureId, IncidentRef)>,
) -> Result<Json<RecordBody>, Refusal> {
    let (id, incident) = named(path)?;
    let record = ops::link(&register, &viewer, id, (incident, true)).await?;
    Ok(Json(RecordBody::from(&record)))
}

/// Say that an incident did not hit a service.
#[utoipa::path(
    delete,
    path = "/infrastructure/{id}/incidents/{incident}",
    operation_id = "unlink_infrastructure",
    tag = "infrastructure",
    params(
        ("id" = String, Path, description = "The service"),
        ("incident" = String, Path, description = "The incident")
    ),
    extensions(("x-act" = json!("infrastructure.edit"))),
    responses((status = 204, description = "Said"))
)]
async fn unlink(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    path: Named<(InfrastructureId, IncidentRef)>,
) -> Result<StatusCode, Refusal> {
    let (id, incident) = named(path)?;
    ops::link(&register, &viewer, id, (incident, false)).await?;
    Ok(StatusCode::NO_CONTENT)
}
