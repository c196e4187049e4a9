//! JSON routes of the directory.

mod contact;
mod party;

use audit::Ground;
use axum::extract::FromRef;
use seal::data::DataKey;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What the routes need: the ground, and the key that opens contact data.
#[derive(Clone)]
struct Needs {
    ground: Ground,
    data_key: DataKey,
}

impl FromRef<Needs> for Ground {
    fn from_ref(needs: &Needs) -> Self {
        needs.ground.clone()
    }
}

impl FromRef<Needs> for DataKey {
    fn from_ref(needs: &Needs) -> Self {
        needs.data_key.clone()
    }
}

/// The routes, to be nested under `/api/v1`.
pub fn router(ground: Ground, data_key: DataKey) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(party::list, party::add))
        .routes(routes!(party::read, party::remove))
        .routes(routes!(party::trust))
        .routes(routes!(party::card))
        .routes(routes!(party::addresses))
        .routes(routes!(contact::add))
        .routes(routes!(contact::edit))
        .routes(routes!(contact::look))
        .with_state(Needs { ground, data_key })
}
