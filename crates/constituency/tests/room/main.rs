//! The room on SQLite and on PostgreSQL.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod export;
mod files;
mod forgotten;
mod house;
mod ranges;
mod vulnerabilities;
mod whole;
