//! MISP between nodes and instances.
#![forbid(unsafe_code)]

pub mod sync;
