//! JSON routes of retention.

use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use axum::{Json, extract::State, http::StatusCode};
use kernel::IncidentRef;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Shredder,
    model::Kind,
    ops,
    wire::{
        DeleteBody, DeletionBody, DeletionsBody, DoneBody, NewRuleBody, PreviewBody, RuleBody,
        RulesBody,
    },
};
use crate::{error::Error, model::Line};

/// How many things one request deletes.
const RUN_MAX: u64 = 1_000;

/// The routes, to be nested under `/api/v1`.
pub fn router(shredder: Shredder) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(rules))
        .routes(routes!(set, unset))
        .routes(routes!(preview))
        .routes(routes!(run))
        .routes(routes!(deletions))
        .routes(routes!(delete))
        .with_state(shredder)
}

/// List after how long what is deleted.
#[utoipa::path(
    get,
    path = "/retention/rules",
    operation_id = "list_retention_rules",
    tag = "incidents",
    extensions(("x-act" = json!("retention.read"))),
    responses((status = 200, description = "The rules", body = RulesBody))
)]
async fn rules(
    State(shredder): State<Shredder>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<RulesBody>, Refusal> {
    let rules = ops::rules(&shredder.ground, &viewer).await?;
    let rules = rules.iter().map(RuleBody::from).collect();
    Ok(Json(RulesBody { rules }))
}

/// Say after how long things of a kind are deleted, in place of what was said before. A job deletes
/// what is due once a day.
#[utoipa::path(
    put,
    path = "/retention/rules/{kind}",
    operation_id = "set_retention_rule",
    tag = "incidents",
    params(("kind" = String, Path, description = "What is deleted")),
    request_body = NewRuleBody,
    extensions(("x-act" = json!("retention.manage"))),
    responses((status = 200, description = "The rule", body = RuleBody))
)]
async fn set(
    State(shredder): State<Shredder>,
    SignedIn(viewer): SignedIn,
    kind: Named<Kind>,
    body: Sent<NewRuleBody>,
) -> Result<Json<RuleBody>, Refusal> {
    let (what, basis) = sent(body)?.read(named(kind)?).map_err(Error::from)?;
    let rule = ops::set(&shredder.ground, &viewer, what, basis).await?;
    Ok(Json(RuleBody::from(&rule)))
}

/// Remove a rule: things of that kind are kept from now on.
#[utoipa::path(
    delete,
    path = "/retention/rules/{kind}",
    operation_id = "remove_retention_rule",
    tag = "incidents",
    params(("kind" = String, Path, description = "What is deleted")),
    extensions(("x-act" = json!("retention.manage"))),
    responses((status = 204, description = "There is none any more"))
)]
async fn unset(
    State(shredder): State<Shredder>,
    SignedIn(viewer): SignedIn,
    kind: Named<Kind>,
) -> Result<StatusCode, Refusal> {
    ops::unset(&shredder.ground, &viewer, named(kind)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// See what the rules would delete today and within the next 30 days, and what is held back and why.
#[utoipa::path(
    get,
    path = "/retention/preview",
    operation_id = "preview_retention",
    tag = "incidents",
    extensions(("x-act" = json!("retention.read"))),
    responses((status = 200, description = "Rule by rule", body = PreviewBody))
)]
async fn preview(
    State(shredder): State<Shredder>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<PreviewBody>, Refusal> {
    let all = ops::preview(&shredder.ground, &viewer).await?;
    Ok(Json(PreviewBody::from(all.as_slice())))
}

/// Delete what is due now, up to 1,000 things, without waiting for the daily job.
#[utoipa::path(
    post,
    path = "/retention/run",
    operation_id = "run_retention",
    tag = "incidents",
    extensions(("x-act" = json!("retention.manage"))),
    responses((status = 200, description = "What was deleted", body = DoneBody))
)]
async fn run(
    State(shredder): State<Shredder>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<DoneBody>, Refusal> {
    Ok(Json(ops::run(&shredder, &viewer, RUN_MAX).await?.into()))
}

/// List what was deleted: which, when, by whom and on what ground.
#[utoipa::path(
    get,
    path = "/retention/deletions",
    operation_id = "list_retention_deletions",
    tag = "incidents",
    extensions(("x-act" = json!("retention.read"))),
    responses((status = 200, description = "The last hundred", body = DeletionsBody))
)]
async fn deletions(
    State(shredder): State<Shredder>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<DeletionsBody>, Refusal> {
    let all = ops::deletions(&shredder.ground, &viewer).await?;
    let deletions = all.iter().map(DeletionBody::from).collect();
    Ok(Json(DeletionsBody { deletions }))
}

/// Delete an incident for good, with those that were merged into it, its evidence, and what the reports
/// say that led to it. It cannot be brought back.
#[utoipa::path(
    post,
    path = "/incidents/{id}/delete",
    operation_id = "delete_incident",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    request_body = DeleteBody,
    extensions(("x-act" = json!("incident.delete"))),
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "A hold lasts, evidence is sealed, it was merged or changed")
    )
)]
async fn delete(
    State(shredder): State<Shredder>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    body: Sent<DeleteBody>,
) -> Result<StatusCode, Refusal> {
    let (id, body) = (named(id)?, sent(body)?);
    let why = Line::required(&body.reason, "reason").map_err(Error::from)?;
    ops::delete(&shredder, &viewer, (id, body.version), &why).await?;
    Ok(StatusCode::NO_CONTENT)
}
