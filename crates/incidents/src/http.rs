//! JSON routes of the register.

mod add;
mod attach;
mod clocks;
mod create;
mod edit;
mod export;
mod harm;
mod import;
mod link;
mod list;
mod severity;
mod statistics;
mod tally;
mod view;
mod work;

use audit::Ground;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes, to be nested under `/api/v1`.
pub fn router(ground: Ground) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(list::count))
        .routes(routes!(list::stages))
        .routes(routes!(severity::levels))
        .routes(routes!(export::export))
        .routes(routes!(import::import))
        .routes(routes!(view::view, edit::edit))
        .routes(routes!(view::history))
        .routes(routes!(edit::advance))
        .routes(routes!(add::timeline))
        .routes(routes!(harm::harm, harm::view))
        .routes(routes!(harm::enter, harm::course))
        .routes(routes!(harm::bundle))
        .routes(routes!(add::statement))
        .routes(routes!(link::link, link::unlink))
        .routes(routes!(attach::attach))
        .routes(routes!(severity::assess))
        .routes(routes!(severity::rate))
        .routes(routes!(clocks::occurred))
        .routes(routes!(clocks::follow))
        .routes(routes!(clocks::drop))
        .routes(routes!(clocks::file))
        .routes(routes!(clocks::request))
        .routes(routes!(clocks::list))
        .routes(routes!(statistics::statistics))
        .routes(routes!(tally::tally))
        .routes(routes!(tally::csv))
        .merge(work_routes())
        .merge(crate::merge::http::router())
        .merge(crate::split::http::router())
        .merge(crate::hold::http::router())
        .merge(crate::reporting::http::router())
        .with_state(ground.clone())
        .merge(crate::formats::http::router(ground.clone()))
        .merge(crate::taxonomy::http::router(ground.clone()))
        .merge(crate::intake::http::router(ground))
}

/// The routes of the work on incidents.
fn work_routes() -> OpenApiRouter<Ground> {
    OpenApiRouter::new()
        .routes(routes!(work::work))
        .routes(routes!(work::mine))
        .routes(routes!(work::add_task))
        .routes(routes!(work::change_task))
        .routes(routes!(work::add_note))
        .routes(routes!(work::seen))
        .routes(routes!(work::watch, work::unwatch))
        .routes(routes!(work::find))
        .routes(routes!(work::keep, work::indicators))
        .routes(routes!(work::add_lesson))
        .routes(routes!(work::apply))
        .routes(routes!(work::list_templates))
        .routes(routes!(work::changes))
}
