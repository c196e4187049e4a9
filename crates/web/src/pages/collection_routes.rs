//! The addresses of collections, of servers of other makers, and of values.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use super::{
    FORM_BYTES_MAX, House, collection, collection_export, collection_files, collection_search,
    collection_settings, collection_tools, collections, event, events, object, remote, remote_edit,
    remote_run, remotes, values, warninglists,
};

/// The pages of collections and objects.
pub(super) fn collection_pages() -> Router<House> {
    Router::new()
        .route(
            "/collections",
            get(collections::list).post(collections::make),
        )
        .route(
            "/collections/tools",
            get(collection_tools::show).post(collection_tools::check),
        )
        .route("/collections/search", get(collection_search::show))
        .route("/collections/{root}/{name}", get(collection::show))
        .route(
            "/collections/{root}/{name}/upload",
            get(collection_files::blank)
                .post(collection_files::upload)
                .layer(DefaultBodyLimit::max(FORM_BYTES_MAX)),
        )
        .route(
            "/collections/{root}/{name}/export",
            get(collection_export::show),
        )
        .route(
            "/collections/{root}/{name}/export/file",
            get(collection_export::file),
        )
        .route(
            "/collections/{root}/{name}/settings",
            get(collection_settings::show),
        )
        .route(
            "/collections/{root}/{name}/settings/{act}",
            post(collection_settings::change),
        )
        .route("/collections/{root}/{name}/events", get(events::list))
        .route("/collections/{root}/{name}/events/{uuid}", get(event::show))
        .route("/collections/{root}/{name}/objects/{id}", get(object::show))
        .route(
            "/collections/{root}/{name}/objects/{id}/{act}",
            post(object::change),
        )
        .route("/imports/{root}/{id}", get(collection_files::show))
        .route("/imports/{root}/{id}/{act}", post(collection_files::change))
}

/// The pages of servers of other makers, and of what is known of values.
pub(super) fn remote_pages() -> Router<House> {
    Router::new()
        .route("/remotes", get(remotes::list))
        .route(
            "/remotes/new",
            get(remote_edit::blank).post(remote_edit::add),
        )
        .route("/remotes/{id}", get(remote::show))
        .route("/remotes/{id}/{act}", post(remote::change))
        .route(
            "/remotes/{id}/edit",
            get(remote_edit::show).post(remote_edit::save),
        )
        .route("/remotes/{id}/runs/{run}", get(remote_run::show))
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
