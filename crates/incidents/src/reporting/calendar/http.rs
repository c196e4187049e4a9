//! JSON routes of calendars.

use access::http::{Named, Refusal, Sent, SignedIn, named, sent};
use audit::Ground;
use axum::{
    Json,
    body::Bytes,
    extract::{DefaultBodyLimit, State, rejection::BytesRejection},
    http::StatusCode,
};
use kernel::{Problem, ProblemKind};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    FILE_BYTES_MAX,
    wire::{CalendarBody, DaysOffBody, TakenBody},
};
use crate::{
    clocks::{DaysOff, Reach},
    error::Error,
};

/// The routes, to be nested under `/api/v1`.
pub(crate) fn router() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(import))
        .layer(DefaultBodyLimit::max(FILE_BYTES_MAX))
        .routes(routes!(list))
        .routes(routes!(keep, remove))
}

fn reach(calendar: Named<String>) -> Result<Reach, Refusal> {
    Ok(named(calendar)?.parse().map_err(Error::Invalid)?)
}

/// List the calendars by which business days are counted: for the rules of a State, or for all rules.
#[utoipa::path(
    get,
    path = "/reporting-calendars",
    operation_id = "list_reporting_calendars",
    tag = "incidents",
    extensions(("x-act" = json!("case.read"))),
    responses((status = 200, description = "The calendars", body = Vec<CalendarBody>))
)]
async fn list(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
) -> Result<Json<Vec<CalendarBody>>, Refusal> {
    let all = super::calendars(&ground, &viewer).await?;
    Ok(Json(CalendarBody::all(&all)))
}

/// Keep a calendar, in the place of what was there. Open reports are reckoned anew.
#[utoipa::path(
    put,
    path = "/reporting-calendars/{calendar}",
    operation_id = "keep_reporting_calendar",
    tag = "incidents",
    params(("calendar" = String, Path, description = "The code of a State, or `all`")),
    request_body = DaysOffBody,
    extensions(("x-act" = json!("reporting.manage"))),
    responses((status = 200, description = "Kept", body = CalendarBody))
)]
async fn keep(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    calendar: Named<String>,
    body: Sent<DaysOffBody>,
) -> Result<Json<CalendarBody>, Refusal> {
    let (reach, body) = (reach(calendar)?, sent(body)?);
    let kept = DaysOff::try_from(body)?;
    let kept = super::keep(&ground, &viewer, reach, kept).await?;
    Ok(Json(CalendarBody::new(reach, &kept)))
}

/// Keep a calendar no longer. Open reports are reckoned anew.
#[utoipa::path(
    delete,
    path = "/reporting-calendars/{calendar}",
    operation_id = "remove_reporting_calendar",
    tag = "incidents",
    params(("calendar" = String, Path, description = "The code of a State, or `all`")),
    extensions(("x-act" = json!("reporting.manage"))),
    responses((status = 204, description = "Removed"))
)]
async fn remove(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    calendar: Named<String>,
) -> Result<StatusCode, Refusal> {
    super::remove(&ground, &viewer, reach(calendar)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Add the days of a file of up to 256 KiB to a calendar; its weekend stays. The file is a table with a
/// date such as 2026-11-26 and a name on each line, or iCalendar, of which events of whole days are
/// taken, also such as come again each year.
#[utoipa::path(
    post,
    path = "/reporting-calendars/{calendar}/days",
    operation_id = "import_reporting_calendar",
    tag = "incidents",
    params(("calendar" = String, Path, description = "The code of a State, or `all`")),
    request_body(content = String, content_type = "text/calendar"),
    extensions(("x-act" = json!("reporting.manage"))),
    responses((status = 200, description = "What became of the file", body = TakenBody))
)]
async fn import(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    calendar: Named<String>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Json<TakenBody>, Refusal> {
    let reach = reach(calendar)?;
    let body = body.map_err(|rejection| {
        let detail = rejection.to_string();
        Problem::new(ProblemKind::TooLarge, "request.too_large", detail)
    })?;
    let taken = super::import(&ground, &viewer, reach, &body).await?;
    Ok(Json(TakenBody::from(&taken)))
}
