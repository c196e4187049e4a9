//! The register on SQLite and on PostgreSQL.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod clocks;
mod formats;
mod harm;
mod house;
mod http;
mod import;
mod list;
mod reports;
mod search;
mod severity;
mod store;
mod sums;
mod tally;
mod transfer;
mod work;
