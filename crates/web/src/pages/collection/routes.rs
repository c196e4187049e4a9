//! The addresses of collections, of servers of other makers, and of values.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use super::{export, files, search, settings, tools};
use crate::pages::{
    FORM_BYTES_MAX, House, collection, collections, event, events, object, remote, remotes, values,
    warninglists,
};

/// The pages of collections and objects.
pub(crate) fn collection_pages() -> Router<House> {
    Router::new()
        .route(
            "/collections",
            get(collections::list).post(collections::make),
        )
        .route("/collections/tools", get(tools::show).post(tools::check))
        .route("/collections/search", get(search::show))
        .route("/collections/{root}/{name}", get(collection::show))
        .route(
            "/collections/{root}/{name}/upload",
            get(files::blank)
                .post(files::upload)
                .layer(DefaultBodyLimit::max(FORM_BYTES_MAX)),
        )
        .route("/collections/{root}/{name}/export", get(export::show))
        .route("/collections/{root}/{name}/export/file", get(export::file))
        .route("/collections/{root}/{name}/settings", get(settings::show))
        .route(
            "/collections/{root}/{name}/settings/{act}",
            post(settings::change),
        )
        .route("/collections/{root}/{name}/events", get(events::list))
        .route("/collections/{root}/{name}/events/{uuid}", get(event::show))
        .route("/collections/{root}/{name}/objects/{id}", get(object::show))
        .route(
            "/collections/{root}/{name}/objects/{id}/{act}",
            post(object::change),
        )
        .route("/imports/{root}/{id}", get(files::show))
        .route("/imports/{root}/{id}/{act}", post(files::change))
}

/// The pages of servers of other makers, and of what is known of values.
pub(crate) fn remote_pages() -> Router<House> {
    Router::new()
        .route("/remotes", get(remotes::list))
        .route(
            "/remotes/new",
            get(remote::edit::blank).post(remote::edit::add),
        )
        .route("/remotes/{id}", get(remote::show))
        .route("/remotes/{id}/{act}", post(remote::change))
        .route(
            "/remotes/{id}/edit",
            get(remote::edit::show).post(remote::edit::save),
        )
        .route("/remotes/{id}/runs/{run}", get(remote::run::show))
        .route(
            "/warninglists",
            get(warninglists::list)
                .post(warninglists::import)
                .layer(DefaultBodyLimit::max(FORM_BYTES_MAX)),
        )
        .route("/warninglists/{number}", get(warninglists::show))
        .route("/warninglists/{number}/{act}", post(warninglists::change))
        .route("/values/check", get(values::blank).post(values::check))
        .route("/values/common", get(values::common))
}
