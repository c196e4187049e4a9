use access::http::{Asked, Refusal, SignedIn, asked};
use axum::{Json, extract::State};

use crate::{
    Exchange, ops,
    wire::{ClockPageBody, PageQuery},
};

/// List the clocks that run, those that have run out first.
#[utoipa::path(
    get,
    path = "/clocks",
    operation_id = "list_clocks",
    tag = "exchange",
    params(PageQuery),
    extensions(("x-act" = json!("exchange.read"))),
    responses((status = 200, description = "A page", body = ClockPageBody))
)]
pub(super) async fn clocks(
    State(x): State<Exchange>,
    SignedIn(viewer): SignedIn,
    query: Asked<PageQuery>,
) -> Result<Json<ClockPageBody>, Refusal> {
    let request = asked(query)?.try_into()?;
    let page = ops::clocks(&x, &viewer, request).await?;
    Ok(Json(page.into()))
}
