//! MISP to STIX 2.1 and back.
//!
//! [`to_stix`] makes objects of an event, [`from_stix`] an event of objects. Each says what it could
//! not carry over, by name and place: nothing is left out in silence. What becomes what stands in
//! `docs/integrators/misp-stix.md`.
//!
//! Every object that is made passes [`stix::check::check_object`] without an error. Ids are made of
//! the UUIDs of what they are made from, or of the facts themselves, so that the same event makes the
//! same objects.

mod back;
mod back_attribute;
mod back_context;
mod back_said;
mod galaxy;
mod house;
mod loss;
mod observed;
mod out;
mod out_attribute;
mod out_context;
mod out_said;
mod terms;
mod time;

pub use back::from_stix;
pub use loss::Loss;
pub use out::to_stix;
