//! JSON routes of sessions, users and keys, and what every other room's routes stand on: who asks
//! ([`SignedIn`], [`Seated`]) and how a refusal leaves ([`Refusal`]).

mod key;
mod read;
mod refusal;
mod session;
mod signed_in;
mod user;

use audit::Ground;
use utoipa_axum::{router::OpenApiRouter, routes};

pub use read::{Asked, Named, Sent, asked, named, sent};
pub use refusal::Refusal;
pub use session::{clear_cookie, set_cookie};
pub use signed_in::{ClientAddress, CsrfForm, Door, Seated, SignedIn};

/// The routes, to be nested under `/api/v1`.
pub fn router(ground: Ground) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(
            session::sign_in,
            session::change,
            session::sign_out
        ))
        .routes(routes!(session::me))
        .routes(routes!(session::password))
        .routes(routes!(session::redeem))
        .routes(routes!(user::list, user::create))
        .routes(routes!(user::read, user::change))
        .routes(routes!(user::reset))
        .routes(routes!(key::list, key::create))
        .routes(routes!(key::revoke))
        .routes(routes!(key::list_of, key::create_for))
        .routes(routes!(key::revoke_of))
        .with_state(ground)
}
