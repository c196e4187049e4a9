//! MISP: events in and out, manifests of feeds, warninglists, and events as STIX.
//!
//! - [`read_events`] hands on the attributes of events one by one, as they come, and each event at
//!   its end, since its tags may stand behind its attributes. Members that are not known are passed
//!   over and counted, proposals (`ShadowAttribute`) are passed over.
//! - [`full`] has events with all that they say, in and out without loss.
//! - [`vocabulary`] has the types and categories of attributes, and what their values look like.
//! - [`stix`] turns events into objects of STIX 2.1 and back.
//! - [`read_manifest`] reads what a feed says of its events, [`read_warninglist`] a list of values
//!   that are mostly no threat.
//!
//! MISP writes numbers and truth values as such or as texts; both are read. Every reader takes
//! hostile input and has limits; every error says where it is and has a code.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod bounded;
mod composite;
mod error;
mod event;
mod fields;
pub mod full;
mod manifest;
mod place;
pub mod stix;
mod stream;
pub mod vocabulary;
mod warninglist;
mod whole;

pub use bounded::Limits;
pub use composite::split as composite;
pub use error::{MispError, MispErrorKind};
pub use event::{Attribute, Event};
pub use manifest::{ManifestEntry, read_manifest};
pub use place::Place;
pub use stream::{Part, Seen, read_events};
pub use warninglist::{ListKind, Warninglist, read_warninglist};

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
