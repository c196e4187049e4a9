//! Circles.

use access::http::{Asked, Named, Refusal, Sent, SignedIn, asked, named, sent};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use directory::{
    ops::{NewWish, Wish, list_circles, read_version},
    state::Change,
};
use kernel::{CircleId, PartyCode};

use crate::{
    Exchange, ops,
    wire::{
        AskedBody, CircleBody, CirclePageBody, CircleVersionQuery, CirclesBody, DescribeBody,
        InviteBody, JoinBody, NewCircleBody,
    },
};

/// List the circles that this party keeps or was told of.
#[utoipa::path(
    get,
    path = "/circles",
    operation_id = "list_circles",
    tag = "circles",
    extensions(("x-act" = json!("circle.read"))),
    responses((status = 200, description = "All circles of the mode", body = CirclesBody))
)]
pub(super) async fn list(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<CirclesBody>, Refusal> {
    let (circles, wishes) = list_circles(&x.ground, &viewer).await?;
    let circles = circles.iter();
    Ok(Json(CirclesBody {
        circles: circles
            .map(|one| CircleBody::seen_by(&viewer.party, one))
            .collect(),
        asked: wishes.iter().map(AskedBody::from).collect(),
    }))
}

/// Make a circle that this party keeps.
#[utoipa::path(
    post,
    path = "/circles",
    operation_id = "create_circle",
    tag = "circles",
    request_body = NewCircleBody,
    extensions(("x-act" = json!("circle.steward"))),
    responses((status = 201, description = "Made, with this party as its first member", body = CircleBody))
)]
pub(super) async fn create(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    body: Sent<NewCircleBody>,
) -> Result<(StatusCode, Json<CircleBody>), Refusal> {
    let issued = ops::create_circle(&x, &viewer, sent(body)?.into()).await?;
    let body = CircleBody::seen_by(&viewer.party, &issued.circle);
    Ok((StatusCode::CREATED, Json(body)))
}

/// Read a circle: its members, its versions, and who has confirmed the newest one.
#[utoipa::path(
    get,
    path = "/circles/{id}",
    operation_id = "read_circle",
    tag = "circles",
    params(("id" = String, Path, description = "The circle")),
    extensions(("x-act" = json!("circle.read"))),
    responses((status = 200, description = "The circle", body = CirclePageBody))
)]
pub(super) async fn read(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<CircleId>,
) -> Result<Json<CirclePageBody>, Refusal> {
    let state = ops::read_circle(&x, &viewer, named(id)?).await?;
    Ok(Json(CirclePageBody::seen_by(&viewer.party, state)))
}

/// Get a version of a circle as its steward signed it.
#[utoipa::path(
    get,
    path = "/circles/{id}/versions/{number}",
    operation_id = "read_circle_version",
    tag = "circles",
    params(
        ("id" = String, Path, description = "The circle"),
        ("number" = u64, Path, description = "The version")
    ),
    extensions(("x-act" = json!("circle.read"))),
    responses((status = 200, description = "The envelope", body = Vec<u8>, content_type = "application/json"))
)]
pub(super) async fn version(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    at: Named<(CircleId, u64)>,
) -> Result<impl IntoResponse, Refusal> {
    let (id, number) = named(at)?;
    let signed = read_version(&x.ground, &viewer, id, number).await?;
    let name = format!("attachment; filename=\"{id}.{number}.dsse.json\"");
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((AppendHeaders(headers), signed.to_bytes()))
}

/// Say what a circle is called and what it is for.
#[utoipa::path(
    put,
    path = "/circles/{id}",
    operation_id = "describe_circle",
    tag = "circles",
    params(("id" = String, Path, description = "The circle")),
    request_body = DescribeBody,
    extensions(("x-act" = json!("circle.steward"))),
    responses(
        (status = 200, description = "The next version", body = CircleBody),
        (status = 409, description = "The circle has changed")
    )
)]
pub(super) async fn describe(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<CircleId>,
    body: Sent<DescribeBody>,
) -> Result<Json<CircleBody>, Refusal> {
    let at = (named(id)?, sent(body)?);
    let change = Change::Describe {
        name: at.1.name,
        purpose: at.1.purpose,
    };
    let issued = ops::change_circle(&x, &viewer, (at.0, at.1.version), change).await?;
    Ok(Json(CircleBody::seen_by(&viewer.party, &issued.circle)))
}

/// Dissolve a circle. Everybody in it is told.
#[utoipa::path(
    delete,
    path = "/circles/{id}",
    operation_id = "dissolve_circle",
    tag = "circles",
    params(("id" = String, Path, description = "The circle"), CircleVersionQuery),
    extensions(("x-act" = json!("circle.steward"))),
    responses(
        (status = 200, description = "The last version", body = CircleBody),
        (status = 409, description = "The circle has changed")
    )
)]
pub(super) async fn dissolve(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<CircleId>,
    query: Asked<CircleVersionQuery>,
) -> Result<Json<CircleBody>, Refusal> {
    let at = (named(id)?, asked(query)?.version);
    let issued = ops::change_circle(&x, &viewer, at, Change::Dissolve).await?;
    Ok(Json(CircleBody::seen_by(&viewer.party, &issued.circle)))
}

/// Invite a party. One that asked to be let in is a member at once.
#[utoipa::path(
    post,
    path = "/circles/{id}/members",
    operation_id = "invite_to_circle",
    tag = "circles",
    params(("id" = String, Path, description = "The circle")),
    request_body = InviteBody,
    extensions(("x-act" = json!("circle.steward"))),
    responses(
        (status = 201, description = "The next version", body = CircleBody),
        (status = 409, description = "The circle has changed, or the party is in it or not trusted")
    )
)]
pub(super) async fn invite(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<CircleId>,
    body: Sent<InviteBody>,
) -> Result<(StatusCode, Json<CircleBody>), Refusal> {
    let (id, body) = (named(id)?, sent(body)?);
    let change = Change::Invite(body.party);
    let issued = ops::change_circle(&x, &viewer, (id, body.version), change).await?;
    let body = CircleBody::seen_by(&viewer.party, &issued.circle);
    Ok((StatusCode::CREATED, Json(body)))
}

/// Put a party out, or take its invitation back. It is told.
#[utoipa::path(
    delete,
    path = "/circles/{id}/members/{party}",
    operation_id = "remove_from_circle",
    tag = "circles",
    params(
        ("id" = String, Path, description = "The circle"),
        ("party" = String, Path, description = "The party"),
        CircleVersionQuery
    ),
    extensions(("x-act" = json!("circle.steward"))),
    responses(
        (status = 200, description = "The next version", body = CircleBody),
        (status = 409, description = "The circle has changed, or the party is not in it")
    )
)]
pub(super) async fn remove(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    at: Named<(CircleId, PartyCode)>,
    query: Asked<CircleVersionQuery>,
) -> Result<Json<CircleBody>, Refusal> {
    let ((id, party), given) = (named(at)?, asked(query)?.version);
    let change = Change::Remove(party);
    let issued = ops::change_circle(&x, &viewer, (id, given), change).await?;
    Ok(Json(CircleBody::seen_by(&viewer.party, &issued.circle)))
}

/// Let in a party that asked.
#[utoipa::path(
    post,
    path = "/circles/{id}/requests/{party}",
    operation_id = "admit_to_circle",
    tag = "circles",
    params(
        ("id" = String, Path, description = "The circle"),
        ("party" = String, Path, description = "The party")
    ),
    request_body = CircleVersionQuery,
    extensions(("x-act" = json!("circle.steward"))),
    responses(
        (status = 200, description = "The next version", body = CircleBody),
        (status = 409, description = "The circle has changed, or the party did not ask")
    )
)]
pub(super) async fn admit(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    at: Named<(CircleId, PartyCode)>,
    body: Sent<CircleVersionQuery>,
) -> Result<Json<CircleBody>, Refusal> {
    let ((id, party), given) = (named(at)?, sent(body)?.version);
    let change = Change::Admit(party);
    let issued = ops::change_circle(&x, &viewer, (id, given), change).await?;
    Ok(Json(CircleBody::seen_by(&viewer.party, &issued.circle)))
}

/// Forget that a party asked to be let in.
#[utoipa::path(
    delete,
    path = "/circles/{id}/requests/{party}",
    operation_id = "decline_request",
    tag = "circles",
    params(
        ("id" = String, Path, description = "The circle"),
        ("party" = String, Path, description = "The party")
    ),
    extensions(("x-act" = json!("circle.steward"))),
    responses((status = 204, description = "Forgotten"))
)]
pub(super) async fn decline(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    at: Named<(CircleId, PartyCode)>,
) -> Result<StatusCode, Refusal> {
    let (id, party) = named(at)?;
    ops::decline_request(&x, &viewer, id, &party).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Join a circle: by its invitation, or by asking its steward to be let in.
#[utoipa::path(
    post,
    path = "/circles/{id}/join",
    operation_id = "join_circle",
    tag = "circles",
    params(("id" = String, Path, description = "The circle")),
    request_body = JoinBody,
    extensions(("x-act" = json!("circle.member"))),
    responses((status = 202, description = "The steward is asked", body = AskedBody))
)]
pub(super) async fn join(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<CircleId>,
    body: Sent<JoinBody>,
) -> Result<(StatusCode, Json<AskedBody>), Refusal> {
    let wish = NewWish {
        circle: named(id)?,
        steward: sent(body)?.steward,
        wish: Wish::Join,
    };
    let asked = ops::ask_steward(&x, &viewer, wish).await?;
    Ok((StatusCode::ACCEPTED, Json(AskedBody::from(&asked))))
}

/// Leave a circle, or decline its invitation. The steward's next version says so.
#[utoipa::path(
    post,
    path = "/circles/{id}/leave",
    operation_id = "leave_circle",
    tag = "circles",
    params(("id" = String, Path, description = "The circle")),
    extensions(("x-act" = json!("circle.member"))),
    responses((status = 202, description = "The steward is told", body = AskedBody))
)]
pub(super) async fn leave(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    id: Named<CircleId>,
) -> Result<(StatusCode, Json<AskedBody>), Refusal> {
    let wish = NewWish {
        circle: named(id)?,
        steward: None,
        wish: Wish::Leave,
    };
    let asked = ops::ask_steward(&x, &viewer, wish).await?;
    Ok((StatusCode::ACCEPTED, Json(AskedBody::from(&asked))))
}
