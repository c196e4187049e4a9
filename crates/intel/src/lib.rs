//! What is known of threats: STIX objects in collections.
//!
//! A collection has entries in a stable order. The **place** of an entry is the moment at which it
//! was added, in microseconds, moved on where two would be the same: no two entries of the node share
//! one, and whoever has read up to a place misses nothing by asking for what came after it. An entry
//! is a version of an object, kept and given back byte by byte as it came.
//!
//! Every read takes a viewer and gives what `access::policy` lets that viewer see. People of the
//! house see all collections, as far as labels reach; guests and other parties see those that name
//! them as readers. What is not marked gets the label of its collection, which is never CLEAR.
//!
//! What a page costs depends on the page alone: entries are indexed by their [`model::Class`], so
//! that neither what a viewer may not see nor older versions are read on the way to it.
//!
//! Each entry is also found by its values in normal form ([`model::Key`]): a row a value, written in
//! the transaction that adds the entry. Nothing is stored of what has values in common: that is found
//! when it is asked for, among what the viewer sees. Sightings are entries too, and who saw what is
//! counted among those that the viewer sees. Whether an indicator holds is computed for the moment
//! that is asked for.
#![forbid(unsafe_code)]

pub mod convert;
pub mod error;
pub mod events;
pub mod export;
mod facts;
pub mod http;
pub mod intake;
pub mod jobs;
mod listed;
pub mod model;
pub mod ops;
mod record;
pub mod remotes;
mod steps;
mod store;
pub mod wire;

pub use error::{Error, Untaken};
