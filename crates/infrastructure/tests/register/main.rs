//! The register of critical infrastructure on SQLite and on PostgreSQL.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod house;
mod http;
mod records;
mod values;
