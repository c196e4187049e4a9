//! The addresses of incidents, of their evidence, and of reports for authorities.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use super::{edit, evidence, evidence_put, hold, import, merge, split, submissions};
use crate::pages::{
    FORM_BYTES_MAX, House, INCIDENT_BYTES_MAX, cross_border, incident, incidents, retention, tally,
};

/// The pages of incidents.
pub(crate) fn pages() -> Router<House> {
    Router::new()
        .route("/incidents", get(incidents::list))
        .route("/incidents/statistics", get(tally::show))
        .route("/incidents/cross-border", get(cross_border::show))
        .route("/incidents/new", get(edit::blank).post(edit::create))
        .route(
            "/incidents/import",
            get(import::blank)
                .post(import::take)
                .layer(DefaultBodyLimit::max(FORM_BYTES_MAX)),
        )
        .route("/incidents/{id}/export/{format}", get(import::file))
        .route("/incidents/{id}", get(incident::summary))
        .merge(evidence_pages())
        .merge(submission_pages())
        .route(
            "/incidents/{id}/merge",
            get(merge::show).post(merge::change),
        )
        .route("/incidents/{id}/unmerge", post(merge::undo))
        .route(
            "/incidents/{id}/delete",
            get(retention::ask).post(retention::delete),
        )
        .route(
            "/incidents/{id}/split",
            get(split::show)
                .post(split::change)
                .layer(DefaultBodyLimit::max(INCIDENT_BYTES_MAX)),
        )
        .route(
            "/incidents/{id}/{tab}",
            get(incident::tab)
                .post(incident::change)
                .layer(DefaultBodyLimit::max(INCIDENT_BYTES_MAX)),
        )
}

/// The pages of what is written for authorities.
fn submission_pages() -> Router<House> {
    Router::new()
        .route(
            "/incidents/{id}/submissions",
            get(submissions::list)
                .post(submissions::write)
                .layer(DefaultBodyLimit::max(INCIDENT_BYTES_MAX)),
        )
        .route(
            "/incidents/{id}/submissions/{number}",
            get(submissions::show),
        )
        .route(
            "/incidents/{id}/submissions/{number}/{place}/{part}",
            get(submissions::file).post(submissions::release),
        )
}

/// The pages of evidence. What is put in may be large: it is held to its own bounds as it comes.
fn evidence_pages() -> Router<House> {
    Router::new()
        .route(
            "/incidents/{id}/evidence",
            get(evidence::list)
                .post(evidence_put::put)
                .layer(DefaultBodyLimit::disable()),
        )
        .route("/incidents/{id}/hold", post(hold::place))
        .route("/incidents/{id}/hold/{number}", post(hold::lift))
        .route("/incidents/{id}/evidence/{evidence}", get(evidence::show))
        .route(
            "/incidents/{id}/evidence/{evidence}/record",
            get(evidence::record),
        )
        .route(
            "/incidents/{id}/evidence/{evidence}/{act}",
            post(evidence::change),
        )
}
