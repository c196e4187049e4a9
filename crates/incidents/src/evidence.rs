//! Evidence of an incident, and its chain of custody: what was found, where and by whom, whose hands it
//! went through, and that it is still what it was.
//!
//! An item is bytes that never change, with a SHA-256 taken while they came in. Whatever is done with it
//! is a line of its custody and, in the same transaction, a leaf of the `acts` ledger: that it came in,
//! each look, each copy taken and why, each hand-over and how it was answered, each time the bytes were
//! hashed anew, that it was sealed, opened, or destroyed. Lines are only ever added. The bytes lie sealed
//! in the folder of files, piece by piece, under a key of the item's own; nothing here unpacks or
//! interprets them, so an archive that would fill the disk stays the few bytes that it is.

pub mod http;
pub mod jobs;
pub mod model;
pub mod ops;
pub(crate) mod store;
pub mod wire;

use std::fmt;

use audit::Ground;
use axum::extract::FromRef;
use federation::files::Files;
use seal::data::DataKey;

/// What the ops of evidence work with.
#[derive(Clone)]
pub struct Locker {
    /// The database, the time, chance.
    pub ground: Ground,
    /// Where the sealed bytes lie.
    pub files: Files,
    /// Seals the key of each item.
    pub data_key: DataKey,
}

impl FromRef<Locker> for Ground {
    fn from_ref(locker: &Locker) -> Self {
        locker.ground.clone()
    }
}

impl fmt::Debug for Locker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locker")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}
