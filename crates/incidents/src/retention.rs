//! Deleting for good: rules that say after how long, and the one operation that does it.
//!
//! Nothing is deleted unless somebody set a rule ([`model::Rule`]) or deletes an incident by hand. Each
//! entry goes in one transaction with everything that hangs on it: its rows, the tokens by which it is
//! found, the reports that led to it and their mails, the bodies, digests and salts of its acts. Its
//! sealed files go right after, by a job that the same transaction wrote. What stays is that it was
//! deleted, when and on what ground: an act, and a row that people read. The ledger still verifies.
//!
//! A legal hold is asked for in that transaction, behind the lock that placing a hold takes too, so it
//! wins whenever it was placed.

pub mod http;
pub mod jobs;
pub mod model;
pub mod ops;
mod store;
pub mod wire;

use std::fmt;

use audit::Ground;
use axum::extract::FromRef;
use federation::files::Files;

use crate::evidence::Locker;

/// What deleting works with. It opens nothing, so it has no key.
#[derive(Clone)]
pub struct Shredder {
    /// The database, the time, chance.
    pub ground: Ground,
    /// Where the sealed bytes lie.
    pub files: Files,
}

impl From<&Locker> for Shredder {
    fn from(locker: &Locker) -> Self {
        Self {
            ground: locker.ground.clone(),
            files: locker.files.clone(),
        }
    }
}

impl FromRef<Shredder> for Ground {
    fn from_ref(shredder: &Shredder) -> Self {
        shredder.ground.clone()
    }
}

impl fmt::Debug for Shredder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shredder")
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}
