//! MISP's events in collections.
//!
//! An event stands in one collection and has its readers, ceiling and mode; the same event in another
//! collection is another row. What it says is kept without loss: the event itself as its `head`,
//! objects and attributes as rows of their own, so that an event of any size is read in pages and
//! changed part by part. Numbers that MISP's users know things by are the node's.
//!
//! Whatever is written is put into the same collection as STIX too, in the same transaction, or by a
//! job where the event is large.
//!
//! Who may do what: an event is changed by the organisation that made it, and by a peer that brings
//! it ([`model::Origin::Sync`]); it is deleted by these and by whom the policy lets delete. An UUID that
//! stands in one event of a collection is refused in another.

mod label;
pub mod model;
mod moments;
mod norm;
pub mod ops;
mod parts;
mod reach;
mod store;

pub(crate) use store::{stix::behind_in, take_numbers};
