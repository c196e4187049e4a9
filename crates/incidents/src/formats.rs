//! Incidents in the formats of others: what comes in, what goes out, and what each loses.
//!
//! A document becomes a [`Draft`](model::Draft): what the register has a field for is mapped, and the
//! document itself is kept whole under a pointer such as `/veris`, so that it goes out again with all
//! that it said. A term of one scheme becomes a term of another only where the importer asks for it.

mod classes;
mod clean;
pub mod csv;
pub mod decode;
pub mod http;
pub mod iodef;
mod loss;
pub mod misp;
pub mod model;
pub mod ops;
mod split;
pub mod stix;
pub(crate) mod store;
pub mod veris;
pub mod wire;

pub use loss::{Loss, losses};
pub use split::{Entry, entries};

#[cfg(test)]
mod tests;
