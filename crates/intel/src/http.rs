//! JSON routes of collections. A collection stands under its root, by its UUID or alias.

mod collection;
mod object;
mod root;

use audit::Ground;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::ops::BYTES_MAX;

/// The routes, to be nested under `/api/v1`.
pub fn router(ground: Ground) -> OpenApiRouter {
    let objects = OpenApiRouter::new()
        .routes(routes!(object::import))
        .layer(DefaultBodyLimit::max(BYTES_MAX));
    OpenApiRouter::new()
        .routes(routes!(root::list, root::add))
        .routes(routes!(collection::list, collection::create))
        .routes(routes!(collection::view, collection::edit))
        .routes(routes!(collection::readers, collection::set_readers))
        .routes(routes!(collection::contents))
        .routes(routes!(object::delete))
        .routes(routes!(object::restore))
        .routes(routes!(object::status))
        .merge(objects)
        .with_state(ground)
}
