//! The register of critical infrastructure: operators, their services, what depends on what, and whom
//! to call.
//!
//! It is the one part of the house that most people of the house must not see. A record is TLP:RED,
//! and its readers are those whom the register names ([`ops::grant`]); whoever is not named hears that
//! there is nothing, with the same answer and by the same work whether there is something or not.
//! Records are sealed in the database. Each look is an act in the ledger, under the id of the record
//! and never under that of an incident, whose history others read. Nothing of it is in search, counts,
//! exports or messages of other rooms.
#![forbid(unsafe_code)]

pub mod error;
pub mod graph;
pub mod http;
pub mod model;
pub mod ops;
pub mod questions;
mod store;
pub mod table;
pub mod wire;

use std::fmt;

use audit::Ground;
use axum::extract::FromRef;
use seal::data::DataKey;

pub use error::Error;

/// What the ops of the register work with.
#[derive(Clone)]
pub struct Register {
    /// The database, the time, chance.
    pub ground: Ground,
    /// Seals the records.
    pub data_key: DataKey,
}

impl FromRef<Register> for Ground {
    fn from_ref(register: &Register) -> Self {
        register.ground.clone()
    }
}

impl fmt::Debug for Register {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Register").finish_non_exhaustive()
    }
}
