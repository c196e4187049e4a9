//! How messages travel between nodes: protocol, peers, outbox, inbox, receipts, blobs, witnesses.
//!
//! [`protocol`] is the heart and does no I/O; [`model`] is the header that is signed; [`state`] is
//! the life of one envelope; [`transport`] is the seam to the network.
#![forbid(unsafe_code)]

pub mod body;
pub mod compose;
pub mod error;
pub mod files;
pub mod http;
pub mod inspect;
pub mod model;
pub mod own;
pub mod post;
pub mod protocol;
pub mod restored;
pub mod state;
pub mod store;
pub mod transport;
pub mod verify;
pub mod wire;
