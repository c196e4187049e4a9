//! Durable jobs, enqueued in the transaction of the change that asks for them.
//!
//! A change writes its job with [`enqueue`] in its own transaction, so that either both happen or
//! neither. A [`Runner`] takes due jobs under a lease and gives each to the handler of its kind. A
//! job runs **at least once**: handlers are idempotent. One that fails is tried again after a
//! growing, jittered delay, and after its last try it becomes a dead letter, which stays visible
//! ([`dead_letters`]) until a person revives or buries it.
//!
//! Several processes may share one queue. A lease is short, and its [`Holder`] renews it as long as it
//! is at the job, so that what a dead process held is taken up by another after half a minute, or at
//! once by whoever knows that it is dead ([`release`]).
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod backoff;
mod error;
mod job;
mod runner;
mod store;

pub use backoff::{backoff, jittered};
pub use error::QueueError;
pub use job::{DeadLetter, Holder, Job, JobFailure, Stand, Standing};
pub use runner::{Handler, HandlerFuture, Runner};
pub use store::{
    bury, cancel, count_waiting, dead_letters, enqueue, find, release, revive, standing,
};
