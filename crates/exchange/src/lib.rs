//! What is said between parties: threads, message kinds, requests and their clocks.
//!
//! [`model`] holds the kinds of messages and their bodies, [`state`] the life of requests and threads.
#![forbid(unsafe_code)]

pub mod model;
pub mod state;
