//! SQLite and PostgreSQL behind one SQL text.
//!
//! A [`Db`] is opened from an [`Address`] and brought to the newest schema. Work happens in a
//! [`Tx`]; a [`query`] runs on whichever engine it belongs to, and a [`row!`] takes what comes back.
//! What the two engines say differently stands in [`dialect`], side by side. Words that people
//! search for become tokens in [`search`].
//!
//! On SQLite there is one connection that writes, so writers queue in order instead of failing;
//! readers have connections of their own. Every connection is checked for write-ahead logging and
//! `synchronous=FULL` before it is used: what was committed stays committed when the power goes.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod address;
pub mod dialect;
mod due;
mod engine;
mod error;
mod hints;
mod insert;
mod memory;
mod migrations;
mod open;
mod postgres;
mod query;
mod row;
#[cfg(any(test, feature = "scratch"))]
pub mod scratch;
pub mod search;
pub mod setting;
mod sqlite;
mod tx;
mod wal;
pub mod wipe;

pub use address::{Address, AddressError, Engine};
pub use due::Due;
pub use engine::Boxed;
pub use error::{Corrupt, DbError};
pub use insert::{Rows, rows};
pub use open::{Db, Options};
pub use query::{Query, Value, query};
#[doc(hidden)]
pub use row::At;
pub use row::{Column, FromRow, Row};
pub use tx::Tx;
