use access::http::{Asked, Refusal, SignedIn, asked};
use axum::Json;

use crate::{
    ops,
    wire::{StatisticBody, StatisticQuery},
};

/// List statements of United Nations documents that are no incidents. No figure among them may be
/// added to another.
#[utoipa::path(
    get,
    path = "/statistics",
    operation_id = "list_statistics",
    tag = "incidents",
    params(StatisticQuery),
    extensions(("x-act" = json!("statistics.read"))),
    responses((status = 200, description = "All of them", body = Vec<StatisticBody>))
)]
pub(super) async fn statistics(
    SignedIn(viewer): SignedIn,
    query: Asked<StatisticQuery>,
) -> Result<Json<Vec<StatisticBody>>, Refusal> {
    let found = ops::statistics(&viewer, asked(query)?.kind)?;
    Ok(Json(found.iter().map(StatisticBody::from).collect()))
}
