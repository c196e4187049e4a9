//! The register of critical infrastructure on SQLite and on PostgreSQL.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod bounds;
mod house;
mod http;
mod people;
mod records;
mod table;
mod values;
