use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use axum::{Json, extract::State, http::StatusCode};
use kernel::ThreadId;

use crate::{
    Exchange, ops,
    wire::{PartyQuery, SendBody, SentBody, ThreadBody, ThreadPageBody, ThreadQuery},
};

/// List threads, the liveliest first.
#[utoipa::path(
    get,
    path = "/threads",
    operation_id = "list_threads",
    tag = "exchange",
    params(ThreadQuery),
    extensions(("x-act" = json!("exchange.read"))),
    responses((status = 200, description = "A page", body = ThreadPageBody))
)]
pub(super) async fn list(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    query: Asked<ThreadQuery>,
) -> Result<Json<ThreadPageBody>, Refusal> {
    let (filter, request) = asked(query)?.read()?;
    let page = ops::list_threads(&x, &viewer, &filter, request).await?;
    Ok(Json(page.into()))
}

/// Open a thread with its first message, which asks something.
#[utoipa::path(
    post,
    path = "/threads",
    operation_id = "open_thread",
    tag = "exchange",
    request_body = SendBody,
    extensions(("x-act" = json!("exchange.send"))),
    responses((status = 201, description = "It is in the outbox", body = SentBody))
)]
pub(super) async fn open(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    body: Sent<SendBody>,
) -> Result<(StatusCode, Json<SentBody>), Refusal> {
    let mut new = sent(body)?.read(None)?;
    new.thread = None;
    let sent = ops::send(&x, &viewer, new).await?;
    Ok((StatusCode::CREATED, Json(sent.into())))
}

/// Read a thread with everything that the user sees of it.
#[utoipa::path(
    get,
    path = "/threads/{id}",
    operation_id = "read_thread",
    tag = "exchange",
    params(("id" = String, Path, description = "The thread"), PartyQuery),
    extensions(("x-act" = json!("exchange.read"))),
    responses((status = 200, description = "The thread", body = ThreadBody))
)]
pub(super) async fn read(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<ThreadId>,
    query: Asked<PartyQuery>,
) -> Result<Json<ThreadBody>, Refusal> {
    let party = asked(query)?.party;
    let view = ops::read_thread(&x, &viewer, named(id)?, party.as_ref()).await?;
    Ok(Json(ThreadBody::at(view, x.ground.now())?))
}

/// Note that the user has read a thread.
#[utoipa::path(
    post,
    path = "/threads/{id}/read",
    operation_id = "mark_thread_read",
    tag = "exchange",
    params(("id" = String, Path, description = "The thread")),
    extensions(("x-act" = json!("exchange.read"))),
    responses((status = 204, description = "Noted"))
)]
pub(super) async fn mark_read(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<ThreadId>,
) -> Result<StatusCode, Refusal> {
    ops::mark_read(&x, &viewer, named(id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
