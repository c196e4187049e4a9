//! What the ledgers promise, on both engines.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code: a surprise ends the test"
)]

mod acts;
mod erased;
mod house;
mod ledgers;
mod proofs;
mod witness;
