//! Markings: what one may do with an object or with parts of it (STIX 2.1 §7.2).
//!
//! The specification leaves it open how several markings of one thing go together (§7.2). Here they
//! add up: the strictest colour counts, and what has no colour has none. Nothing is ever taken for
//! public because nobody marked it.

mod effective;
mod tlp;

pub use effective::{Markings, SelectorError, markings_of};
pub use tlp::{TLP_2_EXTENSION, Tlp, Tlp1, TlpDefinitions};
