//! What access promises, on both engines.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod answer;
mod basic;
mod guesses;
mod http;
mod people;
mod store;
mod support;
