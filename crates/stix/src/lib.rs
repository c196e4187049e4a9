//! STIX 2.1.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod bundle;
pub mod check;
mod format;
mod id;
pub mod json;
pub mod objects;
pub mod pattern;
pub mod pattern_set;
pub mod schema;
mod timestamp;

pub use bundle::{Place, ReadLimits, Stream, StreamError};
pub use format::pretty;
pub use id::{Id, IdError};
pub use timestamp::{Timestamp, TimestampError};
