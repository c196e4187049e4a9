//! STIX 2.1: objects, checks and patterns.
//!
//! - [`Stream`] reads bundles of any size, an object at a time, as [`json::Value`]s that borrow the
//!   text; [`json::Document`] parses one value.
//! - [`check::check_object`] holds an object to the specification and reports every fault.
//! - [`objects::Object`] is an object as a Rust type; what the specification does not know is kept.
//!   [`schema::Schema`] is what both go by, made from one declaration.
//! - [`pattern`] parses, prints and evaluates patterns; [`pattern_set::PatternSet`] evaluates up to a
//!   million at once.
//! - [`Id`] and [`Timestamp`] are what their names say; [`objects::observable_id`] makes the
//!   deterministic id of an observable.
//!
//! Nothing here does I/O of its own, reads a clock or draws a random number. Every reader takes
//! hostile input and has limits.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod check;
pub mod equal;
mod format;
mod id;
pub mod json;
pub mod lift;
pub mod marking;
pub mod objects;
pub mod pattern;
pub mod pattern_set;
pub mod schema;
mod stream;
mod timestamp;
pub mod version;

pub use format::pretty;
pub use id::{Id, IdError};
pub use stream::{Envelope, Place, ReadLimits, Seen, Stream, StreamError};
pub use timestamp::{Timestamp, TimestampError};

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
