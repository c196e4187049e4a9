//! JSON routes of collections. A collection stands under its root, by its UUID or alias.

mod collection;
mod object;
mod remote;
mod root;

use audit::Ground;
use axum::extract::{DefaultBodyLimit, FromRef};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{ops::BYTES_MAX, remotes::Remotes};

impl FromRef<Remotes> for Ground {
    fn from_ref(remotes: &Remotes) -> Self {
        remotes.ground.clone()
    }
}

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

/// The routes of servers of other makers, to be nested under `/api/v1`.
pub fn remotes_router(remotes: Remotes) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(remote::list, remote::add))
        .routes(routes!(remote::view, remote::edit, remote::remove))
        .routes(routes!(remote::runs, remote::start))
        .routes(routes!(remote::run))
        .routes(routes!(remote::test))
        .with_state(remotes)
}
