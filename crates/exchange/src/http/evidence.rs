use access::http::{Asked, Named, Refusal, SignedIn, asked, named};
use axum::{
    extract::State,
    http::header,
    response::{AppendHeaders, IntoResponse},
};
use kernel::ThreadId;

use crate::{Exchange, ops, wire::PartyQuery};

/// Get the evidence of a thread for a third party, as a tar archive. The export is recorded.
#[utoipa::path(
    get,
    path = "/threads/{id}/evidence",
    operation_id = "export_evidence",
    tag = "exchange",
    params(("id" = String, Path, description = "The thread"), PartyQuery),
    extensions(("x-act" = json!("exchange.evidence"))),
    responses((status = 200, description = "The archive", body = Vec<u8>, content_type = "application/x-tar"))
)]
pub(super) async fn evidence(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<ThreadId>,
    query: Asked<PartyQuery>,
) -> Result<impl IntoResponse, Refusal> {
    let (id, party) = (named(id)?, asked(query)?.party);
    let archive = ops::evidence_archive(&x, &viewer, id, party.as_ref()).await?;
    let name = format!("attachment; filename=\"{id}.tar\"");
    let headers = [
        (header::CONTENT_TYPE, "application/x-tar".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((AppendHeaders(headers), archive))
}
