use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use access::policy::{self, Act};
use audit::Ground;
use axum::{Json, extract::State, http::StatusCode};
use kernel::{IncidentRef, Language};

use crate::{
    error::Error,
    model::Invalid,
    ops,
    wire::{
        ApplyBody, ChangedBody, FieldChangeBody, FoundBody, FromQuery, KeepBody, KeptBody,
        KeptPageBody, LessonBody, MineBody, NewNoteBody, PastedBody, TaskFactsBody, TemplateBody,
        WorkBody,
    },
    work::{TaskFacts, templates, written},
};

/// How many indicators are on a page where nothing else is asked for, and at most.
const PAGE: u16 = 200;
const PAGE_MAX: u16 = 1_000;

/// Read how an incident is worked on: tasks, notes, lessons. None of it leaves with an export.
#[utoipa::path(
    get,
    path = "/incidents/{id}/work",
    operation_id = "read_incident_work",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "The work on it", body = WorkBody))
)]
pub(super) async fn work(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<WorkBody>, Refusal> {
    let work = ops::work(&ground, &viewer, named(id)?).await?;
    Ok(Json(WorkBody::from(&work)))
}

/// Read what waits for you: your tasks, notes that mention you, incidents that you watch.
#[utoipa::path(
    get,
    path = "/my-work",
    operation_id = "read_my_work",
    tag = "incidents",
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "What waits for you", body = MineBody))
)]
pub(super) async fn mine(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<MineBody>, Refusal> {
    let mine = ops::mine(&ground, &viewer).await?;
    Ok(Json(MineBody::from(&mine)))
}

/// Add a task to an incident.
#[utoipa::path(
    post,
    path = "/incidents/{id}/tasks",
    operation_id = "add_incident_task",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = TaskFactsBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Added", body = ChangedBody))
)]
pub(super) async fn add_task(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<TaskFactsBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let facts = TaskFacts::try_from(sent(body)?).map_err(Error::from)?;
    let (incident, _number) = ops::add_task(&ground, &viewer, named(id)?, facts).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Change a task that is at the version that the body names.
#[utoipa::path(
    put,
    path = "/incidents/{id}/tasks/{number}",
    operation_id = "change_incident_task",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("number" = i64, Path, description = "The task")
    ),
    request_body = TaskFactsBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 200, description = "Changed", body = ChangedBody),
        (status = 409, description = "Somebody else was quicker")
    )
)]
pub(super) async fn change_task(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<(IncidentRef, i64)>,
    body: Sent<TaskFactsBody>,
) -> Result<Json<ChangedBody>, Refusal> {
    let (id, number) = named(id)?;
    let body = sent(body)?;
    let version = body.version;
    let facts = TaskFacts::try_from(body).map_err(Error::from)?;
    let incident = ops::change_task(&ground, &viewer, id, (number, version), facts).await?;
    Ok(Json(ChangedBody::from(&incident)))
}

/// Add a note for colleagues. Whoever it mentions by `@name` finds it on the desk.
#[utoipa::path(
    post,
    path = "/incidents/{id}/notes",
    operation_id = "add_incident_note",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = NewNoteBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Added", body = ChangedBody))
)]
pub(super) async fn add_note(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<NewNoteBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let body = written(&sent(body)?.body, "body").map_err(Error::from)?;
    let incident = ops::add_note(&ground, &viewer, named(id)?, body).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Mark the notes of an incident that mention you as seen.
#[utoipa::path(
    post,
    path = "/incidents/{id}/mentions/seen",
    operation_id = "see_incident_mentions",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "Seen", body = ChangedBody))
)]
pub(super) async fn seen(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<ChangedBody>, Refusal> {
    let incident = ops::see_mentions(&ground, &viewer, named(id)?).await?;
    Ok(Json(ChangedBody::from(&incident)))
}

/// Watch an incident: its changes are told on your desk.
#[utoipa::path(
    put,
    path = "/incidents/{id}/watch",
    operation_id = "watch_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "Watched", body = ChangedBody))
)]
pub(super) async fn watch(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<ChangedBody>, Refusal> {
    let incident = ops::watch(&ground, &viewer, named(id)?, true).await?;
    Ok(Json(ChangedBody::from(&incident)))
}

/// Watch an incident no more.
#[utoipa::path(
    delete,
    path = "/incidents/{id}/watch",
    operation_id = "unwatch_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "Not watched", body = ChangedBody))
)]
pub(super) async fn unwatch(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<ChangedBody>, Refusal> {
    let incident = ops::watch(&ground, &viewer, named(id)?, false).await?;
    Ok(Json(ChangedBody::from(&incident)))
}

/// Find the indicators in a pasted text that the incident does not have yet. Nothing is kept.
#[utoipa::path(
    post,
    path = "/incidents/{id}/indicators/find",
    operation_id = "find_incident_indicators",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = PastedBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "What was found, each value once", body = Vec<FoundBody>))
)]
pub(super) async fn find(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<PastedBody>,
) -> Result<Json<Vec<FoundBody>>, Refusal> {
    let text = sent(body)?.text;
    let found = ops::find_indicators(&ground, &viewer, named(id)?, &text).await?;
    Ok(Json(found.iter().map(FoundBody::from).collect()))
}

/// Keep indicators with an incident. What it has already stays as it is.
#[utoipa::path(
    post,
    path = "/incidents/{id}/indicators",
    operation_id = "keep_incident_indicators",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = KeepBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Kept", body = ChangedBody))
)]
pub(super) async fn keep(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<KeepBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let values = sent(body)?.values().map_err(Error::from)?;
    let incident = ops::keep_indicators(&ground, &viewer, named(id)?, values).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// List the indicators of an incident in the order in which they were kept.
#[utoipa::path(
    get,
    path = "/incidents/{id}/indicators",
    operation_id = "list_incident_indicators",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident"), FromQuery),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "A page", body = KeptPageBody))
)]
pub(super) async fn indicators(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    query: Asked<FromQuery>,
) -> Result<Json<KeptPageBody>, Refusal> {
    let query = asked(query)?;
    let limit = query.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX);
    let page = (query.from.unwrap_or(0), limit);
    let (items, next) = ops::indicators(&ground, &viewer, named(id)?, page).await?;
    let items = items.iter().map(KeptBody::from).collect();
    Ok(Json(KeptPageBody { items, next }))
}

/// Add what was learnt of an incident.
#[utoipa::path(
    post,
    path = "/incidents/{id}/lessons",
    operation_id = "add_incident_lesson",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = LessonBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Added", body = ChangedBody))
)]
pub(super) async fn add_lesson(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<LessonBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let body = sent(body)?;
    let text = written(&body.body, "body").map_err(Error::from)?;
    let incident = ops::add_lesson(&ground, &viewer, named(id)?, (body.kind, text)).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// Apply a template to an incident: its tasks are added. A second time changes nothing.
#[utoipa::path(
    post,
    path = "/incidents/{id}/templates",
    operation_id = "apply_case_template",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = ApplyBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 201, description = "Applied", body = ChangedBody))
)]
pub(super) async fn apply(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<ApplyBody>,
) -> Result<(StatusCode, Json<ChangedBody>), Refusal> {
    let body = sent(body)?;
    let language = match body.language.as_deref() {
        None | Some("en") => Language::En,
        Some("zh") => Language::Zh,
        Some(_) => {
            let invalid = Invalid {
                field: "language",
                rule: "en or zh",
            };
            return Err(Error::from(invalid).into());
        }
    };
    let what = (body.template.as_str(), language);
    let incident = ops::apply_template(&ground, &viewer, named(id)?, what).await?;
    Ok((StatusCode::CREATED, Json(ChangedBody::from(&incident))))
}

/// List the templates for incidents of a type that ship with the program.
#[utoipa::path(
    get,
    path = "/case-templates",
    operation_id = "list_case_templates",
    tag = "incidents",
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "All of them", body = Vec<TemplateBody>))
)]
pub(super) async fn list_templates(
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<TemplateBody>>, Refusal> {
    policy::check_house(&viewer, Act::CaseRead).map_err(Error::Refused)?;
    Ok(Json(templates()?.iter().map(TemplateBody::from).collect()))
}

/// Read which fields edits of an incident changed, with what stood there and what stands there since;
/// the latest edit first, up to 2,000 fields.
#[utoipa::path(
    get,
    path = "/incidents/{id}/changes",
    operation_id = "read_incident_changes",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "The fields", body = Vec<FieldChangeBody>))
)]
pub(super) async fn changes(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<Vec<FieldChangeBody>>, Refusal> {
    let changes = ops::changes(&ground, &viewer, named(id)?).await?;
    Ok(Json(changes.iter().map(FieldChangeBody::from).collect()))
}
