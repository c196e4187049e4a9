//! Two houses speak with each other, on SQLite and on PostgreSQL.
#![expect(
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod arrivals;
mod house;
mod http;
mod party;
mod raw;
mod reading;
mod sending;
mod whole;
mod withdrawal;
mod words;
