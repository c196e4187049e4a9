//! Collections that travel between nodes.
//!
//! A collection that names a party or a circle among its readers is shared. [`ops`] decides object by
//! object what goes to whom, at the moment of sending; sends what is new and takes back what is gone,
//! each in one message a receiving party, numbered without gaps; takes what other parties share; and
//! compares, so that no difference stays unseen. What a message says stands in [`model`].
#![forbid(unsafe_code)]

pub mod error;
pub mod http;
pub mod jobs;
pub mod model;
pub mod ops;
mod store;
pub mod wire;

use std::fmt;

use audit::Ground;
use federation::post::Post;

pub use error::Error;

/// What the ops of sharing work with. Clones share it.
#[derive(Clone)]
pub struct Sharing {
    /// The database, the time, chance.
    pub ground: Ground,
    /// The post office, with keys and files.
    pub post: Post,
}

impl fmt::Debug for Sharing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sharing").finish_non_exhaustive()
    }
}
