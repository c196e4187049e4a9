//! Exchanges with other instances and with feeds, on both engines. The other side is a stub that does
//! what instances do, and what they should not.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "test code: a surprise ends the test"
)]

mod faults;
mod house;
mod moving;
mod nodes;
mod pull;
mod push;
mod stub;
