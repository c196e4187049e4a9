//! HTTP to servers that others made.
//!
//! What a person types as an address is where this node will connect to, from inside of the house.
//! So every connection goes to an address that was looked at after its name was resolved: one of our
//! own network (loopback, private, link-local and what else is not of the public internet) is refused
//! unless the operator named its network. Everything has a limit: the time for connecting, for each
//! piece of an answer and for all of it, the bytes of a body as they came and unpacked, the number of
//! redirects. Credentials go to the server that they are for, over TLS, and stand in no error and no
//! log.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod address;
mod body;
mod connect;
mod credentials;
mod error;
mod network;
mod session;
mod trust;
mod wait;

pub use address::{Address, AddressError};
pub use body::Answer;
pub use credentials::{Credentials, Secret};
pub use error::{Error, Stage};
pub use network::{Network, NetworkError, is_public};
pub use session::{Client, Limits, Request, Session, is_passing};
pub use wait::retry_after;
