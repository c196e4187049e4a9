//! How the mailbox does, without its mails.

use access::http::{Named, Refusal, SignedIn, named};
use axum::{Json, extract::State, http::StatusCode};
use kernel::JobId;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Error, Mailbox, ops,
    wire::{MailOverviewBody, MailStepBody},
};

pub(super) fn router() -> OpenApiRouter<Mailbox> {
    OpenApiRouter::new()
        .routes(routes!(overview))
        .routes(routes!(test))
        .routes(routes!(retry))
        .routes(routes!(discard))
}

/// See how the mailbox does: its servers, its settings without secrets, how many mails came and went
/// today, and what goes out. No mail is shown, and no address of a reader.
#[utoipa::path(
    get,
    path = "/mail/overview",
    operation_id = "mail_overview",
    tag = "mail",
    extensions(("x-act" = json!("mail.manage"))),
    responses((status = 200, description = "The mailbox", body = MailOverviewBody))
)]
async fn overview(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<MailOverviewBody>, Refusal> {
    let overview = ops::overview(&mailbox, &viewer).await?;
    let overview = overview.ok_or(Error::Unset { what: "mail" })?;
    Ok(Json(MailOverviewBody::from(&overview)))
}

/// Try the servers of the mailbox step by step, both at once. Nothing is read or sent.
#[utoipa::path(
    post,
    path = "/mail/test",
    operation_id = "test_mail",
    tag = "mail",
    extensions(("x-act" = json!("mail.manage"))),
    responses((status = 200, description = "Every step, in its order", body = Vec<MailStepBody>))
)]
async fn test(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<MailStepBody>>, Refusal> {
    let steps = ops::test(&mailbox, &viewer).await?;
    Ok(Json(steps.iter().map(MailStepBody::from).collect()))
}

/// Give a mail that was given up all its tries again.
#[utoipa::path(
    post,
    path = "/mail/outgoing/{id}/retry",
    operation_id = "retry_mail",
    tag = "mail",
    params(("id" = String, Path, description = "The job, as the overview names it")),
    extensions(("x-act" = json!("mail.manage"))),
    responses((status = 204, description = "It is tried at once"))
)]
async fn retry(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    id: Named<JobId>,
) -> Result<StatusCode, Refusal> {
    ops::retry(&mailbox, &viewer, named(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Say that a mail that was given up goes out no more. It stays where it is kept, as one that failed.
#[utoipa::path(
    post,
    path = "/mail/outgoing/{id}/discard",
    operation_id = "discard_mail",
    tag = "mail",
    params(("id" = String, Path, description = "The job, as the overview names it")),
    extensions(("x-act" = json!("mail.manage"))),
    responses((status = 204, description = "It is tried no more"))
)]
async fn discard(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    id: Named<JobId>,
) -> Result<StatusCode, Refusal> {
    ops::discard(&mailbox, &viewer, named(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
