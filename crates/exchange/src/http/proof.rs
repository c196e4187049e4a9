use access::http::{Named, Refusal, SignedIn, named};
use axum::{
    Json,
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse},
};
use kernel::MessageId;

use crate::{Error, Exchange, ops, wire::ProofBody};

/// Verify a message and its receipt.
#[utoipa::path(
    get,
    path = "/messages/{id}/proof",
    operation_id = "prove_message",
    tag = "exchange",
    params(("id" = String, Path, description = "The message")),
    extensions(("x-act" = json!("exchange.read"))),
    responses((status = 200, description = "What was found", body = ProofBody))
)]
pub(super) async fn proof(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<MessageId>,
) -> Result<Json<ProofBody>, Refusal> {
    Ok(Json(ops::proof(&x, &viewer, named(id)?).await?.into()))
}

/// Get the addressee's receipt for a message, in the form of `c2sp.org/tlog-proof`.
#[utoipa::path(
    get,
    path = "/messages/{id}/receipt",
    operation_id = "read_receipt",
    tag = "exchange",
    params(("id" = String, Path, description = "The message")),
    extensions(("x-act" = json!("exchange.read"))),
    responses((status = 200, description = "The receipt", body = String, content_type = "text/plain"))
)]
pub(super) async fn receipt(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<MessageId>,
) -> Result<impl IntoResponse, Refusal> {
    let id = named(id)?;
    let proof = ops::proof(&x, &viewer, id).await?;
    let receipt = proof.receipt.ok_or(Error::NoMessage)?;
    let name = format!("attachment; filename=\"{id}.tlog-proof\"");
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((AppendHeaders(headers), receipt))
}

/// Get the envelope of a message: its signed header, and its sealed body if that is still there.
#[utoipa::path(
    get,
    path = "/messages/{id}/envelope",
    operation_id = "read_envelope",
    tag = "exchange",
    params(("id" = String, Path, description = "The message")),
    extensions(("x-act" = json!("exchange.read"))),
    responses((status = 200, description = "The envelope", body = Vec<u8>, content_type = "application/json"))
)]
pub(super) async fn envelope(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<MessageId>,
) -> Result<impl IntoResponse, Refusal> {
    let id = named(id)?;
    let envelope = ops::envelope(&x, &viewer, id).await?;
    let name = format!("attachment; filename=\"{id}.dsse.json\"");
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((AppendHeaders(headers), envelope))
}
