//! Reports: what people outside the house tell, before it is an incident.
//!
//! A reporter needs no account. What he holds is a code, given with a one-time link or when a form of
//! the public address is first saved; it is stored as a hash and opens his report alone: he fills it in,
//! sends it, adds to it, and sees what became of it. Officers look at reports and decide: a new incident, part of
//! one that is there, two reports, or refused with the reason. Everything that a report says is what a
//! stranger says: bounded, drawn as text, and never a fact of the register until an officer takes it.

pub mod http;
pub mod model;
pub mod ops;
pub mod personal;
mod store;
pub mod wire;
