//! MISP: events in and out, feeds, malware samples, warninglists, taxonomies, galaxies, and events as
//! STIX.
//!
//! - [`read_events`] hands on the attributes of events one by one, as they come, and each event at
//!   its end, since its tags may stand behind its attributes. Members that are not known are passed
//!   over and counted, proposals (`ShadowAttribute`) are passed over.
//! - [`full`] has events with all that they say, in and out without loss.
//! - [`vocabulary`] has the types and categories of attributes, and what their values look like.
//! - [`stix`] turns events into objects of STIX 2.1 and back.
//! - [`read_manifest`] and [`read_hashes`] read what a feed says of its events, [`ManifestWriter`] and
//!   [`write_hashes`] write it.
//! - [`read_sample`] and [`write_sample`] unpack and pack malware samples.
//! - [`read_warninglist`] reads a list of values that are mostly no threat, [`read_taxonomy`] a family
//!   of tags, [`read_galaxy`] and [`read_clusters`] what clusters there are.
//!
//! MISP writes numbers and truth values as such or as texts; both are read. Every reader takes
//! hostile input and has limits; every error says where it is and has a code.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod bounded;
mod composite;
mod error;
mod event;
mod feed;
mod fields;
pub mod full;
mod galaxy;
mod index;
mod manifest;
mod place;
mod sample;
pub mod stix;
mod stream;
pub mod suricata;
mod taxonomy;
mod texts;
pub mod transfer;
pub mod vocabulary;
mod warninglist;
mod whole;

pub use bounded::Limits;
pub use composite::split as composite;
pub use error::{MispError, MispErrorKind};
pub use event::{Attribute, Event};
pub use feed::{ManifestWriter, event_file, read_hashes, value_hash, write_hashes};
pub use galaxy::{
    CLUSTER_TAG, ClusterFile, cluster_named, cluster_tag, read_clusters, read_galaxy,
};
pub use index::{IndexEntry, IndexWriter, read_index};
pub use manifest::{ManifestEntry, read_manifest};
pub use place::Place;
pub use sample::{
    Sample, SampleEntry, SampleError, SampleLimits, list_sample, read_sample, write_sample,
};
pub use stream::{Part, Seen, read_events};
pub use taxonomy::{Predicate, TagOf, Taxonomy, Term, read_taxonomy};
pub use warninglist::{ListKind, Warninglist, read_warninglist};

/// The README's examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadmeExamples;
