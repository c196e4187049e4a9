//! The addresses of the constituency and of critical infrastructure.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use super::{calendar, files, matches, ranges};
use crate::pages::{FORM_BYTES_MAX, House, constituency, infrastructure};

/// The pages of the constituency, and of critical infrastructure.
pub(crate) fn pages() -> Router<House> {
    let files = DefaultBodyLimit::max(FORM_BYTES_MAX);
    Router::new()
        .route("/constituency", get(constituency::assets))
        .route(
            "/constituency/organisations",
            get(constituency::organisations),
        )
        .route(
            "/constituency/organisations/{number}",
            get(constituency::organisation).post(constituency::review),
        )
        .route(
            "/constituency/imports",
            get(files::list).post(files::upload).layer(files),
        )
        .route("/constituency/imports/{id}", get(files::show))
        .route("/constituency/imports/{id}/{act}", post(files::change))
        .route(
            "/constituency/matches",
            get(matches::list).post(matches::import).layer(files),
        )
        .route("/constituency/matches/{id}", get(matches::show))
        .route("/constituency/matches/{id}/{act}", post(matches::change))
        .route("/constituency/ranges", post(ranges::import).layer(files))
        .route("/constituency/calendar", get(calendar::list))
        .route(
            "/constituency/calendar/{id}",
            get(calendar::show).post(calendar::change),
        )
        .route(
            "/infrastructure",
            get(infrastructure::list).post(infrastructure::add),
        )
        .route(
            "/infrastructure/incidents/{incident}",
            get(infrastructure::hit),
        )
        .route(
            "/infrastructure/import",
            get(infrastructure::import::start)
                .post(infrastructure::import::upload)
                .layer(files),
        )
        .route(
            "/infrastructure/import/{step}",
            post(infrastructure::import::step).layer(files),
        )
        .route(
            "/settings/infrastructure",
            get(infrastructure::people::show),
        )
        .route(
            "/settings/infrastructure/{act}",
            post(infrastructure::people::change),
        )
        .route("/infrastructure/{id}", get(infrastructure::show))
        .route("/infrastructure/{id}/{act}", post(infrastructure::change))
}
