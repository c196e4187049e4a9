//! Users, sessions, API keys and roles, and the one policy that decides who may see and do what.
//!
//! Every operation of every room asks [`policy`] first. Who asks is a [`kernel::Viewer`], made here
//! from a session cookie or an API key ([`http::SignedIn`]), or by the node for itself. Passwords,
//! tokens, keys and codes are stored hashed only.
#![forbid(unsafe_code)]

pub mod error;
pub mod http;
pub mod model;
pub mod ops;
mod password;
pub mod policy;
pub mod secret;
pub mod spoken;
mod store;
pub mod wire;

pub use error::Error;
pub use policy::Refused;
