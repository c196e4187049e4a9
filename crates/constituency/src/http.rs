//! JSON routes of the room.

mod asset;
mod file;
mod vulnerability;

use audit::Ground;
use axum::extract::DefaultBodyLimit;
use kernel::{Cursor, Limit, PageRequest};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Error, kev, model::Invalid};

/// The longest piece of a file, with some room.
const PART_BYTES_MAX: usize = 5 << 20;

/// The routes, to be nested under `/api/v1`.
pub fn router(ground: Ground) -> OpenApiRouter {
    let parts = OpenApiRouter::new()
        .routes(routes!(file::put_part))
        .layer(DefaultBodyLimit::max(PART_BYTES_MAX));
    let catalogue = OpenApiRouter::new()
        .routes(routes!(vulnerability::import_kev))
        .routes(routes!(vulnerability::import_cve))
        .layer(DefaultBodyLimit::max(kev::FILE_BYTES_MAX));
    OpenApiRouter::new()
        .routes(routes!(asset::assets))
        .routes(routes!(asset::count))
        .routes(routes!(asset::export))
        .routes(routes!(asset::remove))
        .routes(routes!(asset::products))
        .routes(routes!(asset::organisations))
        .routes(routes!(asset::organisation))
        .routes(routes!(asset::review))
        .routes(routes!(file::list, file::open))
        .routes(routes!(file::status, file::discard))
        .routes(routes!(file::seal))
        .routes(routes!(file::preview))
        .routes(routes!(file::begin))
        .routes(routes!(file::retire))
        .routes(routes!(file::refused))
        .routes(routes!(vulnerability::matches))
        .routes(routes!(vulnerability::look))
        .routes(routes!(vulnerability::state_versions))
        .routes(routes!(vulnerability::take_back))
        .routes(routes!(vulnerability::remedies, vulnerability::plan))
        .routes(routes!(vulnerability::change))
        .merge(parts)
        .merge(catalogue)
        .with_state(ground)
}

/// The page that is asked for.
fn page(limit: Option<u16>, after: Option<Cursor>) -> Result<PageRequest, Error> {
    let limit = limit.map_or(Ok(Limit::default()), Limit::new);
    Ok(PageRequest {
        after,
        limit: limit.map_err(|_range| Invalid {
            field: "limit",
            rule: "from 1 to 200",
        })?,
    })
}
