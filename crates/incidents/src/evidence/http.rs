//! JSON routes of evidence.

use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use axum::{
    Json,
    body::Body,
    extract::State,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use futures_util::StreamExt;
use kernel::{EvidenceRef, IncidentRef};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Locker,
    model::{State as Stands, reason},
    ops,
    wire::{
        AnswerBody, CustodyBody, HandOverBody, ItemBody, ItemsBody, LineBody, PutQuery, ReasonBody,
        StateBody, VerifiedBody,
    },
};
use crate::{
    error::{Error, EvidenceFault},
    model::{Invalid, Line},
};

type At = (IncidentRef, EvidenceRef);

/// The routes, to be nested under `/api/v1`.
pub fn router(locker: Locker) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list, put))
        .routes(routes!(view))
        .routes(routes!(copy))
        .routes(routes!(verify))
        .routes(routes!(hand_over))
        .routes(routes!(answer))
        .routes(routes!(stand))
        .routes(routes!(record))
        .with_state(locker)
}

/// List the evidence of an incident.
#[utoipa::path(
    get,
    path = "/incidents/{id}/evidence",
    operation_id = "list_incident_evidence",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident")),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "The evidence", body = ItemsBody))
)]
async fn list(
    State(locker): State<Locker>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
) -> Result<Json<ItemsBody>, Refusal> {
    let items = ops::list(&locker, &viewer, named(id)?).await?;
    let items = items.iter().map(ItemBody::from).collect();
    Ok(Json(ItemsBody { items }))
}

/// Put in a piece of evidence of up to 4 GiB; the body is its bytes, which are hashed as they come. One
/// that breaks off leaves nothing. No `Idempotency-Key` is needed where `sha256` is given and compared.
#[utoipa::path(
    post,
    path = "/incidents/{id}/evidence",
    operation_id = "put_incident_evidence",
    tag = "incidents",
    params(("id" = String, Path, description = "The incident"), PutQuery),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 201, description = "It is kept, sealed", body = ItemBody),
        (status = 413, description = "It is too large"),
        (status = 422, description = "Its SHA-256 is another one")
    )
)]
async fn put(
    State(locker): State<Locker>,
    SignedIn(viewer): SignedIn,
    id: Named<IncidentRef>,
    query: Asked<PutQuery>,
    body: Body,
) -> Result<(StatusCode, Json<ItemBody>), Refusal> {
    let (facts, announced) = asked(query)?.read().map_err(Error::from)?;
    let mut upload = ops::begin(&locker, &viewer, named(id)?, &facts).await?;
    let mut bytes = body.into_data_stream();
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(|_gone| Error::from(EvidenceFault::BrokenOff))?;
        upload.piece(&piece).await?;
    }
    let item = upload.finish(announced).await?;
    Ok((StatusCode::CREATED, Json(ItemBody::from(&item))))
}

/// Read what is known of a piece of evidence, and its custody. The look is a line of it.
#[utoipa::path(
    get,
    path = "/incidents/{id}/evidence/{evidence}",
    operation_id = "read_incident_evidence",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("evidence" = String, Path, description = "The piece of evidence")
    ),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "The evidence and its custody", body = CustodyBody))
)]
async fn view(
    State(locker): State<Locker>,
    SignedIn(viewer): SignedIn,
    at: Named<At>,
) -> Result<Json<CustodyBody>, Refusal> {
    let at = named(at)?;
    let (item, lines) = ops::view(&locker, &viewer, at).await?;
    Ok(Json(CustodyBody::new(at.0, &item, &lines)))
}

/// Take a copy of the bytes of a piece of evidence, and say why. It is a POST so that the reason stands
/// in no address.
#[utoipa::path(
    post,
    path = "/incidents/{id}/evidence/{evidence}/copy",
    operation_id = "copy_incident_evidence",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("evidence" = String, Path, description = "The piece of evidence")
    ),
    request_body = ReasonBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "The bytes", body = Vec<u8>, content_type = "application/octet-stream"))
)]
async fn copy(
    State(locker): State<Locker>,
    SignedIn(viewer): SignedIn,
    at: Named<At>,
    body: Sent<ReasonBody>,
) -> Result<impl IntoResponse, Refusal> {
    let why = reason(&sent(body)?.reason).map_err(Error::from)?;
    let (item, bytes) = ops::copy(&locker, &viewer, named(at)?, &why).await?;
    Ok(attachment(item.facts.name.as_str(), item.size, bytes))
}

/// Bytes as a browser is to keep them and never to show them, whatever they are.
pub fn attachment(name: &str, size: u64, bytes: ops::Bytes) -> impl IntoResponse + use<> {
    let name = format!("attachment; filename*=UTF-8''{}", percent(name));
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_LENGTH, size.to_string()),
        (header::CONTENT_DISPOSITION, name),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox".to_owned(),
        ),
    ];
    let body = Body::from_stream(bytes.map(|piece| {
        piece.inspect_err(|error| {
            tracing::warn!("a copy of evidence broke off: {}", kernel::chain(error));
        })
    }));
    (AppendHeaders(headers), body)
}

/// A name as RFC 8187 has it, without the folders that it claims to lie in.
fn percent(name: &str) -> String {
    use std::fmt::Write;

    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let mut out = String::with_capacity(last.len());
    for byte in last.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
            out.push(char::from(byte));
        } else if write!(out, "%{byte:02X}").is_err() {
            return out;
        }
    }
    if out.trim_matches('.').is_empty() {
        "evidence".clone_into(&mut out);
    }
    out
}

/// Hash the bytes of a piece of evidence anew. What came of it is a line of its custody.
#[utoipa::path(
    post,
    path = "/incidents/{id}/evidence/{evidence}/verification",
    operation_id = "verify_incident_evidence",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("evidence" = String, Path, description = "The piece of evidence")
    ),
    extensions(("x-act" = json!("incident.edit"))),
    responses((status = 200, description = "What came of it", body = VerifiedBody))
)]
async fn verify(
    State(locker): State<Locker>,
    SignedIn(viewer): SignedIn,
    at: Named<At>,
) -> Result<Json<VerifiedBody>, Refusal> {
    let outcome = ops::verify(&locker, &viewer, named(at)?).await?;
    Ok(Json(VerifiedBody { at: None, outcome }))
}

/// Hand a piece of evidence over to a user of this node or to somebody else.
#[utoipa::path(
    post,
    path = "/incidents/{id}/evidence/{evidence}/hand-over",
    operation_id = "hand_over_incident_evidence",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("evidence" = String, Path, description = "The piece of evidence")
    ),
    request_body = HandOverBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 201, description = "It waits for the receiver's answer", body = LineBody),
        (status = 409, description = "Another hand-over waits for its answer")
    )
)]
async fn hand_over(
    State(locker): State<Locker>,
    SignedIn(viewer): SignedIn,
    at: Named<At>,
    body: Sent<HandOverBody>,
) -> Result<(StatusCode, Json<LineBody>), Refusal> {
    let body = sent(body)?;
    let to = body.receiver().map_err(Error::from)?;
    let why = reason(&body.reason).map_err(Error::from)?;
    let line = ops::hand_over(&locker, &viewer, named(at)?, (to, &why)).await?;
    Ok((StatusCode::CREATED, Json(LineBody::from(&line))))
}

/// Answer a hand-over: a user of this node for himself, an officer for somebody else.
#[utoipa::path(
    post,
    path = "/incidents/{id}/evidence/{evidence}/answer",
    operation_id = "answer_evidence_hand_over",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("evidence" = String, Path, description = "The piece of evidence")
    ),
    request_body = AnswerBody,
    extensions(("x-act" = json!("case.read"))),
    responses(
        (status = 200, description = "Answered", body = ItemBody),
        (status = 409, description = "No such hand-over waits for an answer of yours")
    )
)]
async fn answer(
    State(locker): State<Locker>,
    SignedIn(viewer): SignedIn,
    at: Named<At>,
    body: Sent<AnswerBody>,
) -> Result<Json<ItemBody>, Refusal> {
    let body = sent(body)?;
    let note = Line::optional(body.note.as_deref(), "note").map_err(Error::from)?;
    let of = (body.hand_over, body.received);
    let item = ops::answer(&locker, &viewer, named(at)?, of, note.as_ref()).await?;
    Ok(Json(ItemBody::from(&item)))
}

/// Seal a piece of evidence, break its seal, or destroy its bytes for good.
#[utoipa::path(
    put,
    path = "/incidents/{id}/evidence/{evidence}/state",
    operation_id = "set_evidence_state",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("evidence" = String, Path, description = "The piece of evidence")
    ),
    request_body = StateBody,
    extensions(("x-act" = json!("incident.edit"))),
    responses(
        (status = 200, description = "It is so", body = ItemBody),
        (status = 409, description = "It cannot be brought there from where it stands")
    )
)]
async fn stand(
    State(locker): State<Locker>,
    SignedIn(viewer): SignedIn,
    at: Named<At>,
    body: Sent<StateBody>,
) -> Result<Json<ItemBody>, Refusal> {
    let (at, body) = (named(at)?, sent(body)?);
    let why = reason(&body.reason).map_err(Error::from)?;
    let item = match body.state {
        Stands::Sealed => ops::seal(&locker, &viewer, at, (true, &why)).await?,
        Stands::Held => ops::seal(&locker, &viewer, at, (false, &why)).await?,
        Stands::Destroyed => ops::destroy(&locker, &viewer, at, &why).await?,
        Stands::Coming => {
            return Err(Error::from(Invalid {
                field: "state",
                rule: "sealed, held or destroyed",
            })
            .into());
        }
    };
    Ok(Json(ItemBody::from(&item)))
}

/// Write out the record of custody of a piece of evidence, to go with it. That it was is a line too.
#[utoipa::path(
    get,
    path = "/incidents/{id}/evidence/{evidence}/record",
    operation_id = "export_custody_record",
    tag = "incidents",
    params(
        ("id" = String, Path, description = "The incident"),
        ("evidence" = String, Path, description = "The piece of evidence")
    ),
    extensions(("x-act" = json!("incident.export"))),
    responses((status = 200, description = "The record", body = CustodyBody))
)]
async fn record(
    State(locker): State<Locker>,
    SignedIn(viewer): SignedIn,
    at: Named<At>,
) -> Result<impl IntoResponse, Refusal> {
    let at = named(at)?;
    let (item, lines) = ops::export(&locker, &viewer, at).await?;
    let name = format!("attachment; filename=\"{}.json\"", item.id);
    let headers = [(header::CONTENT_DISPOSITION, name)];
    let body = CustodyBody::new(at.0, &item, &lines);
    Ok((AppendHeaders(headers), Json(body)))
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_name_cannot_break_out_of_its_header_or_folder() {
        assert_eq!(percent("../../etc/pass wd"), "pass%20wd");
        assert_eq!(percent("C:\\a\\b\"; x.exe"), "b%22%3B%20x.exe");
        assert_eq!(percent("a/.."), "evidence");
        assert_eq!(percent("\u{202e}é"), "%E2%80%AE%C3%A9");
    }
}
