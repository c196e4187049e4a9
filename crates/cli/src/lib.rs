//! What the commands read: lists of indicators and logs; and what of it may be shown.
//!
//! They stand in a library so that fuzzing and benches reach them without the program around them.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod indicators;
pub mod logs;
pub mod terminal;
mod utf16;
