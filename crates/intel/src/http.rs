//! JSON routes of collections. A collection stands under its root, by its UUID or alias.

mod collection;
mod life;
mod object;
mod root;
mod value;
mod warninglist;

use audit::Ground;
use axum::extract::DefaultBodyLimit;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::ops::{BYTES_MAX, WARNINGLIST_BYTES_MAX};

/// The routes, to be nested under `/api/v1`.
pub fn router(ground: Ground) -> OpenApiRouter {
    let objects = OpenApiRouter::new()
        .routes(routes!(object::import))
        .layer(DefaultBodyLimit::max(BYTES_MAX));
    let lists = OpenApiRouter::new()
        .routes(routes!(warninglist::list, warninglist::import))
        .layer(DefaultBodyLimit::max(WARNINGLIST_BYTES_MAX));
    OpenApiRouter::new()
        .routes(routes!(root::list, root::add))
        .routes(routes!(collection::list, collection::create))
        .routes(routes!(collection::view, collection::edit))
        .routes(routes!(collection::readers, collection::set_readers))
        .routes(routes!(collection::contents))
        .routes(routes!(object::delete))
        .routes(routes!(object::restore))
        .routes(routes!(object::status))
        .routes(routes!(value::look_up))
        .routes(routes!(value::common))
        .routes(routes!(value::related))
        .routes(routes!(life::sight))
        .routes(routes!(life::sightings))
        .routes(routes!(life::decay, life::set_decay))
        .routes(routes!(life::life))
        .routes(routes!(life::live))
        .routes(routes!(warninglist::enable, warninglist::delete))
        .routes(routes!(warninglist::check))
        .merge(objects)
        .merge(lists)
        .with_state(ground)
}
