//! JSON routes of the exchange.

mod circles;
mod clocks;
mod evidence;
mod files;
mod message;
mod proof;
mod threads;

use audit::Ground;
use axum::extract::FromRef;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Exchange;

/// The routes, to be nested under `/api/v1`.
pub fn router(exchange: Exchange) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(threads::list, threads::open))
        .routes(routes!(threads::read))
        .routes(routes!(threads::mark_read))
        .routes(routes!(message::send))
        .routes(routes!(message::preview))
        .routes(routes!(message::read))
        .routes(routes!(message::retry))
        .routes(routes!(proof::proof))
        .routes(routes!(proof::receipt))
        .routes(routes!(proof::envelope))
        .routes(routes!(files::put))
        .routes(routes!(files::get))
        .routes(routes!(evidence::evidence))
        .routes(routes!(clocks::clocks))
        .routes(routes!(circles::list, circles::create))
        .routes(routes!(circles::read, circles::describe, circles::dissolve))
        .routes(routes!(circles::version))
        .routes(routes!(circles::invite))
        .routes(routes!(circles::remove))
        .routes(routes!(circles::admit, circles::decline))
        .routes(routes!(circles::join))
        .routes(routes!(circles::leave))
        .with_state(exchange)
}

// Who asks is looked up on the ground.
impl FromRef<Exchange> for Ground {
    fn from_ref(exchange: &Exchange) -> Self {
        exchange.ground.clone()
    }
}
