//! The objects of STIX 2.1, typed.
//!
//! Each is declared once: the declaration makes the type, what reads and writes it, and the
//! [`Schema`] that [`crate::check`] holds input to. Properties that the specification does not know
//! are kept in `custom` and written back as they came.

mod common;
mod custom;
mod parts;

pub use common::{Domain, Marking, Meta, Observable};
pub use custom::{Custom, CustomObject, Extensions};
pub use parts::{ExternalReference, GranularMarking, KillChainPhase};
