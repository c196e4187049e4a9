//! The addresses of the constituency and of critical infrastructure.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use super::{
    FORM_BYTES_MAX, House, constituency, constituency_calendar, constituency_files,
    constituency_matches, constituency_ranges, infrastructure, infrastructure_import,
    infrastructure_people,
};

/// The pages of the constituency, and of critical infrastructure.
pub(super) fn pages() -> Router<House> {
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
            get(constituency_files::list)
                .post(constituency_files::upload)
                .layer(files),
        )
        .route("/constituency/imports/{id}", get(constituency_files::show))
        .route(
            "/constituency/imports/{id}/{act}",
            post(constituency_files::change),
        )
        .route(
            "/constituency/matches",
            get(constituency_matches::list)
                .post(constituency_matches::import)
                .layer(files),
        )
        .route(
            "/constituency/matches/{id}",
            get(constituency_matches::show),
        )
        .route(
            "/constituency/matches/{id}/{act}",
            post(constituency_matches::change),
        )
        .route(
            "/constituency/ranges",
            post(constituency_ranges::import).layer(files),
        )
        .route("/constituency/calendar", get(constituency_calendar::list))
        .route(
            "/constituency/calendar/{id}",
            get(constituency_calendar::show).post(constituency_calendar::change),
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
            get(infrastructure_import::start)
                .post(infrastructure_import::upload)
                .layer(files),
        )
        .route(
            "/infrastructure/import/{step}",
            post(infrastructure_import::step).layer(files),
        )
        .route("/settings/infrastructure", get(infrastructure_people::show))
        .route(
            "/settings/infrastructure/{act}",
            post(infrastructure_people::change),
        )
        .route("/infrastructure/{id}", get(infrastructure::show))
        .route("/infrastructure/{id}/{act}", post(infrastructure::change))
}
