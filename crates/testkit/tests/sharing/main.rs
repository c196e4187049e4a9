//! Collections shared between three real nodes on loopback, on both engines.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod event;
mod files;
mod forged;
mod hops;
mod house;
mod members;
mod property;
mod rule;
