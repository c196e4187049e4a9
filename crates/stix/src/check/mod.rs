//! Whether an object keeps to the specification, and what is wrong where it does not.
//!
//! Each MUST of STIX 2.1 that an object alone can break is an error, each SHOULD a warning. A
//! [`Finding`] has a stable code, the clause, a JSON pointer and a sentence. Nothing stops at the
//! first: an object with ten faults has ten findings.

mod bundle;
mod extensions;
mod finding;
mod general;
mod object;
mod selector;
mod text;
mod value;

pub use bundle::check_bundle;
pub use finding::{Finding, Report, Severity};
pub use object::check_object;
