//! Nodes and fleets for tests: real ones on loopback, and a simulated network under a clock of its own.
#![forbid(unsafe_code)]

pub mod fleet;
pub mod sim;

pub use fleet::{Fleet, Words};
pub use server::loopback::Member as Node;
