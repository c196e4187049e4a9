//! The client against our own server, and against one with every defect that is known of others.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "test code: a surprise ends the test"
)]

mod defects;
mod house;
mod own;
mod push;
mod stub;
