//! What is said between parties: threads, message kinds, requests and their clocks.
//!
//! [`model`] holds the kinds of messages and their bodies, [`state`] the life of requests and threads,
//! both without I/O. [`ops`] sends, takes, shows and proves; `federation` carries. Bodies and files
//! stay sealed at rest; what a viewer sees, `access::policy` decides. Nothing that follows from the
//! messages of a thread is stored but what lists are narrowed by.
#![forbid(unsafe_code)]

pub mod error;
mod evidence_page;
pub mod http;
pub mod jobs;
pub mod model;
pub mod ops;
mod record;
pub mod state;
mod store;
pub mod wire;

use std::fmt;

use audit::Ground;
use federation::post::Post;
use seal::data::DataKey;

pub use error::Error;

/// What the ops of the exchange work with. Clones share it.
#[derive(Clone)]
pub struct Exchange {
    /// The database, the time, chance.
    pub ground: Ground,
    /// The post office, with keys and files.
    pub post: Post,
    /// Seals what is kept.
    pub data_key: DataKey,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").finish_non_exhaustive()
    }
}
