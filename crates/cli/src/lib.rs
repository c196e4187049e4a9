//! What the commands read beside lists of indicators: logs.
//!
//! It stands in a library so that fuzzing and benches reach it without the program around it.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod logs;
