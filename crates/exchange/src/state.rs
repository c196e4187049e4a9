//! The life of requests and threads.
//!
//! [`RequestState`] and [`ThreadState`] are the two machines: what a node does itself must be a step
//! that they allow. What *arrives* may come in any order, so a node does not step through them as it
//! receives: [`Thread`] keeps the messages of an exchange and derives both states from the set. Two
//! nodes that hold the same messages therefore show the same states, whatever the order in which
//! they came; an answer that overtakes its acknowledgement is an answered request, to which the
//! acknowledgement adds its time when it comes. That both views agree is model-checked.

mod clock;
mod request;
mod thread;

pub use clock::{Overdue, Request};
pub use request::{RequestEvent, RequestState};
pub use thread::{Act, Allowed, Ended, SILENCE, Said, Stranger, Thread, ThreadEvent, ThreadState};

/// An event that a life cycle does not allow in its present state.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a {machine} that is {from} does not allow {event}")]
pub struct InvalidTransition {
    /// `request` or `thread`.
    pub machine: &'static str,
    /// The state's name.
    pub from: &'static str,
    /// The event's name.
    pub event: &'static str,
}
