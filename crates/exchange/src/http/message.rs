use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use axum::{Json, extract::State, http::StatusCode};
use kernel::{MessageId, ThreadId};

use crate::{
    Exchange, ops,
    wire::{MessageBody, PreviewBody, SendBody, SentBody},
};

/// Send a message in a thread.
#[utoipa::path(
    post,
    path = "/threads/{id}/messages",
    operation_id = "send_message",
    tag = "exchange",
    params(("id" = String, Path, description = "The thread")),
    request_body = SendBody,
    extensions(("x-act" = json!("exchange.send"))),
    responses((status = 201, description = "It is in the outbox", body = SentBody))
)]
pub(super) async fn send(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<ThreadId>,
    body: Sent<SendBody>,
) -> Result<(StatusCode, Json<SentBody>), Refusal> {
    let new = sent(body)?.read(Some(named(id)?))?;
    let sent = ops::send(&x, &viewer, new).await?;
    Ok((StatusCode::CREATED, Json(sent.into())))
}

/// See who would see a message, and what of it would leave the house in which form. Nothing is
/// written.
#[utoipa::path(
    post,
    path = "/messages/preview",
    operation_id = "preview_message",
    tag = "exchange",
    request_body = SendBody,
    extensions(("x-act" = json!("exchange.compose"))),
    responses((status = 200, description = "What would happen", body = PreviewBody))
)]
pub(super) async fn preview(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    body: Sent<SendBody>,
) -> Result<Json<PreviewBody>, Refusal> {
    let new = sent(body)?.read(None)?;
    let preview = ops::preview(&x, &viewer, &new).await?;
    Ok(Json(preview.try_into()?))
}

/// Read a message.
#[utoipa::path(
    get,
    path = "/messages/{id}",
    operation_id = "read_message",
    tag = "exchange",
    params(("id" = String, Path, description = "The message")),
    extensions(("x-act" = json!("exchange.read"))),
    responses((status = 200, description = "The message", body = MessageBody))
)]
pub(super) async fn read(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<MessageId>,
) -> Result<Json<MessageBody>, Refusal> {
    let view = ops::read_message(&x, &viewer, named(id)?).await?;
    Ok(Json(view.try_into()?))
}

/// Try to deliver a message again now.
#[utoipa::path(
    post,
    path = "/messages/{id}/retry",
    operation_id = "retry_message",
    tag = "exchange",
    params(("id" = String, Path, description = "The message")),
    extensions(("x-act" = json!("exchange.send"))),
    responses((status = 202, description = "It is tried"))
)]
pub(super) async fn retry(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<MessageId>,
) -> Result<StatusCode, Refusal> {
    ops::retry(&x, &viewer, named(id)?).await?;
    Ok(StatusCode::ACCEPTED)
}
