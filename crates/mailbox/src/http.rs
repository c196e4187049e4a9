//! JSON routes of the mailbox.

mod manage;

use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use kernel::{Cursor, Limit, MailId, PageRequest};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Error, Mailbox, ops,
    wire::{
        FileMailBody, MailBody, MailStatusBody, MailsBody, ReminderMailBody, ReplyBody,
        SetMailAsideBody, ShownMailBody, TellMeBody, TrustBody, TrustedBody,
    },
};

/// The routes, to be nested under `/api/v1`.
pub fn router(mailbox: Mailbox) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(view))
        .routes(routes!(whole))
        .routes(routes!(reply))
        .routes(routes!(settle))
        .routes(routes!(file))
        .routes(routes!(set_aside))
        .routes(routes!(trusted, trust))
        .routes(routes!(distrust))
        .routes(routes!(status))
        .routes(routes!(reminder, remind))
        .merge(manage::router())
        .with_state(mailbox)
}

/// Which mails, and which page of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListQuery {
    direction: Option<Direction>,
    waiting: Option<bool>,
    limit: Option<u16>,
    after: Option<Cursor>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Direction {
    In,
    Out,
}

/// List the mails that came to the node's mailbox, or those that went out, newest first.
#[utoipa::path(
    get,
    path = "/mails",
    operation_id = "list_mails",
    tag = "mail",
    params(
        ("direction" = Option<String>, Query, description = "`in`, which is the default, or `out`"),
        ("waiting" = Option<bool>, Query, description = "Only those that came in and wait for somebody"),
        ("limit" = Option<u16>, Query, description = "1 to 200, else 50"),
        ("after" = Option<String>, Query, description = "Where the page begins")
    ),
    extensions(("x-act" = json!("mail.read"))),
    responses((status = 200, description = "A page", body = MailsBody))
)]
async fn list(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    query: Asked<ListQuery>,
) -> Result<Json<MailsBody>, Refusal> {
    let query = asked(query)?;
    let limit = query.limit.map_or(Ok(Limit::default()), Limit::new);
    let page = PageRequest {
        after: query.after,
        limit: limit.map_err(|_range| Error::Invalid {
            field: "limit",
            rule: "from 1 to 200",
        })?,
    };
    let is_incoming = query.direction != Some(Direction::Out);
    let page = if is_incoming && query.waiting == Some(true) {
        ops::waiting(&mailbox, &viewer, page).await?
    } else {
        ops::list(&mailbox, &viewer, is_incoming, page).await?
    };
    Ok(Json(MailsBody {
        items: page.items.iter().map(MailBody::from).collect(),
        next: page.next,
    }))
}

/// Read a mail, with the keys that are known now, and see the others of its matter.
#[utoipa::path(
    get,
    path = "/mails/{id}",
    operation_id = "view_mail",
    tag = "mail",
    params(("id" = String, Path, description = "The mail")),
    extensions(("x-act" = json!("mail.read"))),
    responses((status = 200, description = "The mail", body = ShownMailBody))
)]
async fn view(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    id: Named<MailId>,
) -> Result<Json<ShownMailBody>, Refusal> {
    let shown = ops::view(&mailbox, &viewer, named(id)?).await?;
    Ok(Json(shown.into()))
}

/// Take a mail out as it came. It may hold what harms; that it was taken out stands in the ledger.
#[utoipa::path(
    get,
    path = "/mails/{id}/whole",
    operation_id = "download_mail",
    tag = "mail",
    params(("id" = String, Path, description = "The mail")),
    extensions(("x-act" = json!("mail.read"))),
    responses((status = 200, description = "The mail", content_type = "application/octet-stream"))
)]
async fn whole(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    id: Named<MailId>,
) -> Result<impl IntoResponse, Refusal> {
    let mail = ops::whole(&mailbox, &viewer, named(id)?).await?;
    let fields = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"mail.eml\"",
        ),
    ];
    Ok((fields, mail))
}

/// Answer a mail. The answer goes out by itself, and the mail is settled.
#[utoipa::path(
    post,
    path = "/mails/{id}/reply",
    operation_id = "answer_mail",
    tag = "mail",
    params(("id" = String, Path, description = "The mail")),
    request_body = ReplyBody,
    extensions(("x-act" = json!("mail.answer"))),
    responses((status = 201, description = "The answer, which waits to go out", body = MailBody))
)]
async fn reply(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    id: Named<MailId>,
    body: Sent<ReplyBody>,
) -> Result<(StatusCode, Json<MailBody>), Refusal> {
    let body = sent(body)?;
    let item = ops::reply(&mailbox, &viewer, named(id)?, &body.text).await?;
    Ok((StatusCode::CREATED, Json(MailBody::from(&item))))
}

/// Say that a mail was dealt with. A second time changes nothing.
#[utoipa::path(
    post,
    path = "/mails/{id}/settle",
    operation_id = "settle_mail",
    tag = "mail",
    params(("id" = String, Path, description = "The mail")),
    extensions(("x-act" = json!("mail.answer"))),
    responses((status = 200, description = "Settled", body = MailBody))
)]
async fn settle(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    id: Named<MailId>,
) -> Result<Json<MailBody>, Refusal> {
    let item = ops::settle(&mailbox, &viewer, named(id)?).await?;
    Ok(Json(MailBody::from(&item)))
}

/// Make a report of a mail that waits and is in none, or add it to a report. Nothing goes out. Whoever
/// holds the code of that report reads what is added.
#[utoipa::path(
    post,
    path = "/mails/{id}/file",
    operation_id = "file_mail",
    tag = "mail",
    params(("id" = String, Path, description = "The mail")),
    request_body = FileMailBody,
    extensions(("x-act" = json!("mail.answer"))),
    responses((status = 200, description = "The mail, settled, with the number of its report", body = MailBody))
)]
async fn file(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    id: Named<MailId>,
    body: Sent<FileMailBody>,
) -> Result<Json<MailBody>, Refusal> {
    let body = sent(body)?;
    let item = ops::file(&mailbox, &viewer, named(id)?, body.reference.as_deref()).await?;
    Ok(Json(MailBody::from(&item)))
}

/// Say that nothing is to be done with a mail that waits, and why.
#[utoipa::path(
    post,
    path = "/mails/{id}/set-aside",
    operation_id = "set_mail_aside",
    tag = "mail",
    params(("id" = String, Path, description = "The mail")),
    request_body = SetMailAsideBody,
    extensions(("x-act" = json!("mail.answer"))),
    responses((status = 200, description = "Settled", body = MailBody))
)]
async fn set_aside(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    id: Named<MailId>,
    body: Sent<SetMailAsideBody>,
) -> Result<Json<MailBody>, Refusal> {
    let body = sent(body)?;
    let item = ops::set_aside(&mailbox, &viewer, named(id)?, &body.reason).await?;
    Ok(Json(MailBody::from(&item)))
}

/// List the OpenPGP keys of senders for which somebody here vouched.
#[utoipa::path(
    get,
    path = "/mail/senders",
    operation_id = "list_mail_senders",
    tag = "mail",
    extensions(("x-act" = json!("mail.read"))),
    responses((status = 200, description = "All of them, by address", body = Vec<TrustedBody>))
)]
async fn trusted(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<TrustedBody>>, Refusal> {
    let all = ops::trusted(&mailbox, &viewer).await?;
    Ok(Json(all.into_iter().map(TrustedBody::from).collect()))
}

/// Vouch for the OpenPGP key of a sender, after its fingerprint was compared with him. Answers to
/// him are encrypted from now on.
#[utoipa::path(
    post,
    path = "/mail/senders",
    operation_id = "trust_mail_sender",
    tag = "mail",
    request_body = TrustBody,
    extensions(("x-act" = json!("mail.trust"))),
    responses((status = 201, description = "Known from now on", body = TrustedBody))
)]
async fn trust(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    body: Sent<TrustBody>,
) -> Result<(StatusCode, Json<TrustedBody>), Refusal> {
    let body = sent(body)?;
    let trusted = ops::trust(&mailbox, &viewer, (&body.address, &body.key)).await?;
    Ok((StatusCode::CREATED, Json(trusted.into())))
}

/// Take the trust in a key back.
#[utoipa::path(
    delete,
    path = "/mail/senders/{fingerprint}",
    operation_id = "distrust_mail_sender",
    tag = "mail",
    params(("fingerprint" = String, Path, description = "The fingerprint")),
    extensions(("x-act" = json!("mail.trust"))),
    responses((status = 204, description = "Not known any more"))
)]
async fn distrust(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    fingerprint: Named<String>,
) -> Result<StatusCode, Refusal> {
    ops::distrust(&mailbox, &viewer, &named(fingerprint)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// See how the mailbox is, and the key that people encrypt for.
#[utoipa::path(
    get,
    path = "/mail",
    operation_id = "mail_status",
    tag = "mail",
    extensions(("x-act" = json!("own.settings"))),
    responses((status = 200, description = "The mailbox", body = MailStatusBody))
)]
async fn status(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<MailStatusBody>, Refusal> {
    Ok(Json(ops::status(&mailbox, &viewer).await?.into()))
}

/// See where you are reminded by mail of reports that are due, and whether this node sends mails.
#[utoipa::path(
    get,
    path = "/me/reminder-mail",
    operation_id = "get_reminder_mail",
    tag = "mail",
    extensions(("x-act" = json!("own.settings"))),
    responses((status = 200, description = "Where", body = ReminderMailBody))
)]
async fn reminder(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<ReminderMailBody>, Refusal> {
    let address = ops::reminded_at(&mailbox, &viewer).await?;
    Ok(Json(ReminderMailBody::new(address, mailbox.sends())))
}

/// Choose where you are reminded by mail of reports that are due, or that you are not.
#[utoipa::path(
    put,
    path = "/me/reminder-mail",
    operation_id = "set_reminder_mail",
    tag = "mail",
    request_body = TellMeBody,
    extensions(("x-act" = json!("own.settings"))),
    responses((status = 200, description = "Chosen", body = ReminderMailBody))
)]
async fn remind(
    State(mailbox): State<Mailbox>,
    SignedIn(viewer): SignedIn,
    body: Sent<TellMeBody>,
) -> Result<Json<ReminderMailBody>, Refusal> {
    let body = sent(body)?;
    let address = ops::remind_at(&mailbox, &viewer, body.address.as_deref()).await?;
    Ok(Json(ReminderMailBody::new(address, mailbox.sends())))
}
