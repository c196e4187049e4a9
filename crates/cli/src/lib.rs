//! What the commands read: lists of indicators and logs.
//!
//! They stand in a library so that fuzzing and benches reach them without the program around them.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod indicators;
pub mod logs;
mod utf16;
