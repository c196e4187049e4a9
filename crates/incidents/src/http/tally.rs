use access::http::{Asked, Refusal, SignedIn, asked};
use audit::Ground;
use axum::{
    Json,
    extract::State,
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::IntoResponse,
};

use crate::{
    error::Error,
    ops,
    tally::Question,
    wire::{TallyBody, TallyQuery},
};

/// Count incidents by sector, class, severity, region, month and more.
///
/// Counted as they stand now, of what the caller may read. An incident of several sectors or regions
/// counts in each of them, and once in the total. Each row names the query that counts its entries
/// alone.
#[utoipa::path(
    get,
    path = "/incidents/tally",
    operation_id = "tally_incidents",
    tag = "incidents",
    params(TallyQuery),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "The counts", body = TallyBody))
)]
pub(super) async fn tally(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<TallyQuery>,
) -> Result<Json<TallyBody>, Refusal> {
    let query = asked(query)?;
    let question = Question::try_from(&query).map_err(Error::from)?;
    let tally = ops::tally(&ground, &viewer, &question, query.outward).await?;
    Ok(Json(TallyBody::new(&tally, &question)))
}

/// Count incidents, as a file of comma-separated values (RFC 4180).
#[utoipa::path(
    get,
    path = "/incidents/tally.csv",
    operation_id = "tally_incidents_as_csv",
    tag = "incidents",
    params(TallyQuery),
    extensions(("x-act" = json!("incident.read"))),
    responses((status = 200, description = "The counts", body = String, content_type = "text/csv"))
)]
pub(super) async fn csv(
    State(ground): State<Ground>,
    SignedIn(viewer): SignedIn,
    query: Asked<TallyQuery>,
) -> Result<impl IntoResponse, Refusal> {
    let query = asked(query)?;
    let question = Question::try_from(&query).map_err(Error::from)?;
    let tally = ops::tally(&ground, &viewer, &question, query.outward).await?;
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"incidents.csv\"",
        ),
    ];
    Ok((headers, TallyBody::new(&tally, &question).to_csv()))
}
