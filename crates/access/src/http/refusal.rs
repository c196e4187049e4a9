//! How a refusal leaves a handler.

use std::sync::Arc;

use axum::{
    extract::rejection::{FormRejection, JsonRejection, PathRejection, QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use kernel::{Problem, ProblemKind};

/// A [`Problem`] on its way out. The response has its status, no body, and the problem as
/// `Arc<Problem>` among its extensions, from which the server renders a problem document or a page.
#[derive(Debug)]
pub struct Refusal(pub Problem);

impl<E: Into<Problem>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl Refusal {
    /// A body that cannot be read as JSON.
    pub fn from_json(rejection: &JsonRejection) -> Self {
        Self::of_request(rejection.status(), rejection.body_text())
    }

    /// A form that cannot be read.
    pub fn from_form(rejection: &FormRejection) -> Self {
        Self::of_request(rejection.status(), rejection.body_text())
    }

    /// A query that cannot be read.
    pub fn from_query(rejection: &QueryRejection) -> Self {
        Self::of_request(rejection.status(), rejection.body_text())
    }

    /// A path with a part that cannot be read: there is nothing under it.
    pub fn from_path(_rejection: &PathRejection) -> Self {
        Self::of_request(StatusCode::NOT_FOUND, "there is nothing here".into())
    }

    fn of_request(status: StatusCode, detail: String) -> Self {
        let (kind, code) = match status {
            StatusCode::NOT_FOUND => (ProblemKind::NotFound, "request.not_found"),
            StatusCode::PAYLOAD_TOO_LARGE => (ProblemKind::TooLarge, "request.too_large"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (ProblemKind::Unsupported, "request.media_type"),
            _ => (ProblemKind::Invalid, "request.unreadable"),
        };
        Self(Problem::new(kind, code, detail))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Arc::new(self.0));
        response
    }
}
