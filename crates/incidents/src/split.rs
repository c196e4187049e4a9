//! Parts of an entry that turn out to be an incident of its own.
//!
//! What is chosen goes to a new entry with its author and its time; nothing is copied and nothing is lost.
//! The new entry begins with the facts, the marking and the readers of the old one, so that every part is
//! seen by the same people as before. What corrects a figure goes with it, and back. The way back is a
//! merge of the new entry into the old one.

pub mod http;
pub mod model;
pub mod ops;
pub(crate) mod store;
pub mod wire;
