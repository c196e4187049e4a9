//! JSON routes of reporting.

use access::http::{Asked, Refusal, Sent, SignedIn, asked, sent};
use audit::Ground;
use axum::{Json, extract::State};
use kernel::{Limit, PageRequest, Timestamp};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    choice::Choice,
    contact, ops,
    wire::{
        ChoiceBody, CrossingBody, CrossingPageBody, CrossingsQuery, ReminderBody, RemindersQuery,
    },
};
use crate::error::Error;

/// The routes, to be nested under `/api/v1`.
pub(crate) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(choice, choose))
        .routes(routes!(reminders))
        .routes(routes!(crossings))
        .merge(super::calendar::http::router())
        .merge(super::submission::http::router())
}

/// See by what the party reports, unless people decide otherwise for an incident.
#[utoipa::path(
    get,
    path = "/reporting-choice",
    operation_id = "get_reporting_choice",
    tag = "incidents",
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "The choice", body = ChoiceBody))
)]
async fn choice(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<ChoiceBody>, Refusal> {
    let choice = ops::choice(&ground, &viewer).await?;
    Ok(Json(ChoiceBody::from(&choice)))
}

/// Choose by what the party reports. It holds for incidents that are entered or edited from now on.
#[utoipa::path(
    put,
    path = "/reporting-choice",
    operation_id = "set_reporting_choice",
    tag = "incidents",
    request_body = ChoiceBody,
    extensions(("x-act" = json!("reporting.manage"))),
    responses((status = 200, description = "Chosen", body = ChoiceBody))
)]
async fn choose(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    body: Sent<ChoiceBody>,
) -> Result<Json<ChoiceBody>, Refusal> {
    let choice = Choice::try_from(sent(body)?).map_err(Error::from)?;
    let choice = ops::choose(&ground, &viewer, choice).await?;
    Ok(Json(ChoiceBody::from(&choice)))
}

/// List what people were reminded of, of reports that are still to be filed: of each report the last
/// reminder, the latest first, up to 200.
#[utoipa::path(
    get,
    path = "/reporting-reminders",
    operation_id = "list_reporting_reminders",
    tag = "incidents",
    params(RemindersQuery),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "The reminders", body = Vec<ReminderBody>))
)]
async fn reminders(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<RemindersQuery>,
) -> Result<Json<Vec<ReminderBody>>, Refusal> {
    let since = asked(query)?.since;
    let since = since.unwrap_or(Timestamp::from_micros(0));
    let all = ops::reminders(&ground, &viewer, since).await?;
    Ok(Json(all.iter().map(ReminderBody::from).collect()))
}

/// List the incidents that cross borders, for a single point of contact: what is due of each and what
/// was passed on to whom.
#[utoipa::path(
    get,
    path = "/cross-border-incidents",
    operation_id = "list_cross_border_incidents",
    tag = "incidents",
    params(CrossingsQuery),
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "A page", body = CrossingPageBody))
)]
async fn crossings(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<CrossingsQuery>,
) -> Result<Json<CrossingPageBody>, Refusal> {
    let request = PageRequest {
        after: asked(query)?.after,
        limit: Limit::default(),
    };
    let page = contact::crossings(&ground, &viewer, request).await?;
    Ok(Json(CrossingPageBody {
        items: page.items.iter().map(CrossingBody::from).collect(),
        next: page.next,
    }))
}
