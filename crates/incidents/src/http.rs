//! JSON routes of the register.

mod add;
mod attach;
mod create;
mod edit;
mod export;
mod import;
mod link;
mod list;
mod statistics;
mod view;

use access::http::Refusal;
use audit::Ground;
use axum::{
    Json,
    extract::{
        FromRef, Path, Query,
        rejection::{JsonRejection, PathRejection, QueryRejection},
    },
};
use kernel::IncidentRef;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes, to be nested under `/api/v1`.
pub fn router<S>() -> OpenApiRouter<S>
where
    S: Clone + Send + Sync + 'static,
    Ground: FromRef<S>,
{
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(list::count))
        .routes(routes!(list::stages))
        .routes(routes!(export::export))
        .routes(routes!(import::import))
        .routes(routes!(view::view, edit::edit))
        .routes(routes!(view::history))
        .routes(routes!(edit::advance))
        .routes(routes!(add::timeline))
        .routes(routes!(add::harm))
        .routes(routes!(add::statement))
        .routes(routes!(link::link, link::unlink))
        .routes(routes!(attach::attach))
        .routes(routes!(statistics::statistics))
}

type Sent<T> = Result<Json<T>, JsonRejection>;
type Asked<T> = Result<Query<T>, QueryRejection>;
type Named = Result<Path<IncidentRef>, PathRejection>;

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

fn named(id: Named) -> Result<IncidentRef, Refusal> {
    match id {
        Ok(Path(id)) => Ok(id),
        Err(rejection) => Err(Refusal::from_path(&rejection)),
    }
}
