//! JSON routes of the directory.

mod contact;
mod party;

use audit::Ground;
use axum::extract::FromRef;
use seal::data::DataKey;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes, to be nested under `/api/v1`. The state holds the node's data key besides the
/// ground.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Ground: FromRef<S>,
    DataKey: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(party::list, party::add))
        .routes(routes!(party::read, party::remove))
        .routes(routes!(party::trust))
        .routes(routes!(party::card))
        .routes(routes!(party::addresses))
        .routes(routes!(contact::add))
        .routes(routes!(contact::edit))
        .routes(routes!(contact::look))
}
