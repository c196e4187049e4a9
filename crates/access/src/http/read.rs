//! What a caller sends, or why it cannot be read.
//!
//! Handlers take it as it was read, so that who asks is known before anything is said about it.

use axum::{
    Json,
    extract::{
        Path, Query,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
};

use super::Refusal;

/// A body.
pub type Sent<T> = Result<Json<T>, JsonRejection>;
/// A query.
pub type Asked<T> = Result<Query<T>, QueryRejection>;
/// The parts of a path.
pub type Named<T> = Result<Path<T>, PathRejection>;

/// The body that was sent.
pub fn sent<T>(body: Sent<T>) -> Result<T, Refusal> {
    match body {
        Ok(Json(body)) => Ok(body),
        Err(rejection) => Err(Refusal::from_json(&rejection)),
    }
}

/// What was asked for.
pub fn asked<T>(query: Asked<T>) -> Result<T, Refusal> {
    match query {
        Ok(Query(query)) => Ok(query),
        Err(rejection) => Err(Refusal::from_query(&rejection)),
    }
}

/// What the path names.
pub fn named<T>(id: Named<T>) -> Result<T, Refusal> {
    match id {
        Ok(Path(id)) => Ok(id),
        Err(rejection) => Err(Refusal::from_path(&rejection)),
    }
}
