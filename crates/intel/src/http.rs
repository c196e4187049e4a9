//! JSON routes of collections. A collection stands under its root, by its UUID or alias.

mod collection;
mod export;
mod library;
mod life;
mod object;
mod remote;
mod root;
mod upload;
mod value;
mod warninglist;

use audit::Ground;
use axum::extract::{DefaultBodyLimit, FromRef};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use export::download;

use crate::{
    ops::{BYTES_MAX, GALAXY_BYTES_MAX, PART_BYTES_MAX, TAXONOMY_BYTES_MAX, WARNINGLIST_BYTES_MAX},
    remotes::Remotes,
};

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
    let parts = OpenApiRouter::new()
        .routes(routes!(upload::put_part))
        .layer(DefaultBodyLimit::max(PART_BYTES_MAX));
    let lists = OpenApiRouter::new()
        .routes(routes!(warninglist::list, warninglist::import))
        .layer(DefaultBodyLimit::max(WARNINGLIST_BYTES_MAX));
    let taxonomies = OpenApiRouter::new()
        .routes(routes!(library::taxonomies, library::import_taxonomy))
        .layer(DefaultBodyLimit::max(TAXONOMY_BYTES_MAX));
    let galaxies = OpenApiRouter::new()
        .routes(routes!(library::galaxies, library::import_galaxy))
        .layer(DefaultBodyLimit::max(GALAXY_BYTES_MAX));
    OpenApiRouter::new()
        .routes(routes!(root::list, root::add))
        .routes(routes!(collection::list, collection::create))
        .routes(routes!(
            collection::view,
            collection::edit,
            collection::drop
        ))
        .routes(routes!(collection::readers, collection::set_readers))
        .routes(routes!(collection::contents))
        .routes(routes!(object::delete))
        .routes(routes!(object::restore))
        .routes(routes!(object::status, upload::discard))
        .routes(routes!(upload::open, upload::list))
        .routes(routes!(upload::seal))
        .routes(routes!(upload::preview))
        .routes(routes!(upload::begin))
        .routes(routes!(export::export))
        .routes(routes!(export::report))
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
        .routes(routes!(library::enable_taxonomy, library::delete_taxonomy))
        .routes(routes!(library::delete_galaxy))
        .merge(objects)
        .merge(parts)
        .merge(lists)
        .merge(taxonomies)
        .merge(galaxies)
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
