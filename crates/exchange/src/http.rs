//! JSON routes of the exchange.

mod clocks;
mod evidence;
mod files;
mod message;
mod proof;
mod threads;

use access::http::Refusal;
use audit::Ground;
use axum::{
    Json,
    extract::{
        FromRef, Path, Query,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Exchange;

/// The routes, to be nested under `/api/v1`.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Ground: FromRef<S>,
    Exchange: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(threads::list, threads::open))
        .routes(routes!(threads::read))
        .routes(routes!(threads::mark_read))
        .routes(routes!(message::send))
        .routes(routes!(message::preview))
        .routes(routes!(message::read))
        .routes(routes!(message::retry))
        .routes(routes!(proof::proof))
        .routes(routes!(proof::receipt))
        .routes(routes!(proof::envelope))
        .routes(routes!(files::put))
        .routes(routes!(files::get))
        .routes(routes!(evidence::evidence))
        .routes(routes!(clocks::clocks))
}

type Sent<T> = Result<Json<T>, JsonRejection>;
type Asked<T> = Result<Query<T>, QueryRejection>;
type Named<T> = Result<Path<T>, PathRejection>;

fn sent<T>(body: Sent<T>) -> Result<T, Refusal> {
    match body {
        Ok(Json(body)) => Ok(body),
        Err(rejection) => Err(Refusal::from_json(&rejection)),
    }
}

fn asked<T>(query: Asked<T>) -> Result<T, Refusal> {
    match query {
        Ok(Query(query)) => Ok(query),
        Err(rejection) => Err(Refusal::from_query(&rejection)),
    }
}

fn named<T>(id: Named<T>) -> Result<T, Refusal> {
    match id {
        Ok(Path(id)) => Ok(id),
        Err(rejection) => Err(Refusal::from_path(&rejection)),
    }
}
