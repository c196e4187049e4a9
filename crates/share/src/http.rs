//! JSON routes of sharing, and what peers may ask on the connection between nodes.

mod collection;
mod peer;
mod room;

use audit::Ground;
use axum::extract::FromRef;
use federation::post::Post;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use room::federation;

use crate::Sharing;

/// The routes, to be nested under `/api/v1`.
pub fn router(sharing: Sharing) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(peer::list))
        .routes(routes!(peer::read))
        .routes(routes!(peer::compare))
        .routes(routes!(peer::again))
        .routes(routes!(peer::accept))
        .routes(routes!(peer::decline))
        .routes(routes!(collection::shared_with))
        .routes(routes!(collection::preview))
        .routes(routes!(collection::share, collection::unshare))
        .routes(routes!(collection::onward))
        .with_state(sharing)
}

// Who asks is looked up on the ground.
impl FromRef<Sharing> for Ground {
    fn from_ref(sharing: &Sharing) -> Self {
        sharing.ground.clone()
    }
}

// Which peer asks, the post office knows.
impl FromRef<Sharing> for Post {
    fn from_ref(sharing: &Sharing) -> Self {
        sharing.post.clone()
    }
}
