//! Two houses speak with each other, on SQLite and on PostgreSQL.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod arrivals;
mod house;
mod reading;
mod sending;
mod whole;
mod withdrawal;
