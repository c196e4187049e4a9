//! JSON routes of the register. They are for signed-in people: no API key may read it.

use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use kernel::{IncidentRef, InfrastructureId, UserId};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Register, graph,
    model::{Content, Rights},
    ops, questions,
    wire::{
        GrantBody, InfrastructureChangeBody, InfrastructureImportedBody, InfrastructureReachedBody,
        QuestionnaireBody, RecordBody, RecordsBody, RightsBody, ViewedBody, reached,
    },
};

/// The routes, to be nested under `/api/v1`.
pub fn router(register: Register) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(questionnaire))
        .routes(routes!(export_json, import_json))
        .routes(routes!(export_csv))
        .routes(routes!(grants))
        .routes(routes!(grant, revoke))
        .routes(routes!(hit))
        .routes(routes!(view, change, remove))
        .routes(routes!(link, unlink))
        .with_state(register)
}

/// List the register of critical infrastructure. Each look stands in the ledger.
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

/// Write all of the register to a file.
#[utoipa::path(
    get,
    path = "/infrastructure/file",
    operation_id = "export_infrastructure",
    tag = "infrastructure",
    extensions(("x-act" = json!("infrastructure.export"))),
    responses((status = 200, description = "The file", content_type = "application/json"))
)]
async fn export_json(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
) -> Result<impl IntoResponse, Refusal> {
    let text = ops::export_json(&register, &viewer).await?;
    let fields = [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"infrastructure.json\"",
        ),
    ];
    Ok((fields, text))
}

/// Take a file of the register in, all of it or nothing. What the file does not have stays.
#[utoipa::path(
    post,
    path = "/infrastructure/file",
    operation_id = "import_infrastructure",
    tag = "infrastructure",
    request_body(content = String, content_type = "application/json"),
    extensions(("x-act" = json!("infrastructure.export"))),
    responses((status = 200, description = "What was done", body = InfrastructureImportedBody))
)]
async fn import_json(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    body: Bytes,
) -> Result<Json<InfrastructureImportedBody>, Refusal> {
    let done = ops::import_json(&register, &viewer, &body).await?;
    Ok(Json(done.into()))
}

/// Write a table of the register for people.
#[utoipa::path(
    get,
    path = "/infrastructure/table",
    operation_id = "export_infrastructure_table",
    tag = "infrastructure",
    extensions(("x-act" = json!("infrastructure.export"))),
    responses((status = 200, description = "The table", content_type = "text/csv"))
)]
async fn export_csv(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
) -> Result<impl IntoResponse, Refusal> {
    let text = ops::export_csv(&register, &viewer).await?;
    let fields = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"infrastructure.csv\"",
        ),
    ];
    Ok((fields, text))
}

/// List whom the register names. That tells nothing of what is in it.
#[utoipa::path(
    get,
    path = "/infrastructure/people",
    operation_id = "list_infrastructure_grants",
    tag = "infrastructure",
    extensions(("x-act" = json!("infrastructure.grant"))),
    responses((status = 200, description = "Who", body = Vec<GrantBody>))
)]
async fn grants(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<GrantBody>>, Refusal> {
    let found = ops::grants(&register, &viewer).await?;
    Ok(Json(found.iter().map(GrantBody::from).collect()))
}

/// Name somebody, or say anew what he may do.
#[utoipa::path(
    put,
    path = "/infrastructure/people/{user}",
    operation_id = "grant_infrastructure",
    tag = "infrastructure",
    params(("user" = String, Path, description = "The user")),
    request_body = RightsBody,
    extensions(("x-act" = json!("infrastructure.grant"))),
    responses((status = 204, description = "Named"))
)]
async fn grant(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    user: Named<UserId>,
    body: Sent<RightsBody>,
) -> Result<StatusCode, Refusal> {
    let (user, body) = (named(user)?, sent(body)?);
    access::ops::read_user(&register.ground, &viewer, user).await?;
    let rights = Rights {
        is_named: true,
        may_edit: body.may_edit,
        may_export: body.may_export,
    };
    ops::grant(&register, &viewer, user, rights).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Name somebody no more.
#[utoipa::path(
    delete,
    path = "/infrastructure/people/{user}",
    operation_id = "revoke_infrastructure",
    tag = "infrastructure",
    params(("user" = String, Path, description = "The user")),
    extensions(("x-act" = json!("infrastructure.grant"))),
    responses((status = 204, description = "Named no more"))
)]
async fn revoke(
    State(register): State<Register>,
    SignedIn(viewer): SignedIn,
    user: Named<UserId>,
) -> Result<StatusCode, Refusal> {
    ops::revoke(&register, &viewer, named(user)?).await?;
    Ok(StatusCode::NO_CONTENT)
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
