//! The addresses of incidents, of their evidence, and of reports for authorities.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use super::{
    FORM_BYTES_MAX, House, INCIDENT_BYTES_MAX, cross_border, incident, incident_edit,
    incident_evidence, incident_evidence_put, incident_hold, incident_import, incident_merge,
    incident_split, incident_submissions, incidents, retention, tally,
};

/// The pages of incidents.
pub(super) fn pages() -> Router<House> {
    Router::new()
        .route("/incidents", get(incidents::list))
        .route("/incidents/statistics", get(tally::show))
        .route("/incidents/cross-border", get(cross_border::show))
        .route(
            "/incidents/new",
            get(incident_edit::blank).post(incident_edit::create),
        )
        .route(
            "/incidents/import",
            get(incident_import::blank)
                .post(incident_import::take)
                .layer(DefaultBodyLimit::max(FORM_BYTES_MAX)),
        )
        .route(
            "/incidents/{id}/export/{format}",
            get(incident_import::file),
        )
        .route("/incidents/{id}", get(incident::summary))
        .merge(evidence_pages())
        .merge(submission_pages())
        .route(
            "/incidents/{id}/merge",
            get(incident_merge::show).post(incident_merge::change),
        )
        .route("/incidents/{id}/unmerge", post(incident_merge::undo))
        .route(
            "/incidents/{id}/delete",
            get(retention::ask).post(retention::delete),
        )
        .route(
            "/incidents/{id}/split",
            get(incident_split::show)
                .post(incident_split::change)
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
            get(incident_submissions::list)
                .post(incident_submissions::write)
                .layer(DefaultBodyLimit::max(INCIDENT_BYTES_MAX)),
        )
        .route(
            "/incidents/{id}/submissions/{number}",
            get(incident_submissions::show),
        )
        .route(
            "/incidents/{id}/submissions/{number}/{place}/{part}",
            get(incident_submissions::file).post(incident_submissions::release),
        )
}

/// The pages of evidence. What is put in may be large: it is held to its own bounds as it comes.
fn evidence_pages() -> Router<House> {
    Router::new()
        .route(
            "/incidents/{id}/evidence",
            get(incident::evidence)
                .post(incident_evidence_put::put)
                .layer(DefaultBodyLimit::disable()),
        )
        .route("/incidents/{id}/hold", post(incident_hold::place))
        .route("/incidents/{id}/hold/{number}", post(incident_hold::lift))
        .route(
            "/incidents/{id}/evidence/{evidence}",
            get(incident_evidence::show),
        )
        .route(
            "/incidents/{id}/evidence/{evidence}/record",
            get(incident_evidence::record),
        )
        .route(
            "/incidents/{id}/evidence/{evidence}/{act}",
            post(incident_evidence::change),
        )
}
