//! Events in full, in and out without loss.
//!
//! - [`read_events`] hands on whole events; each record also reads and writes itself through serde,
//!   from and into JSON.
//! - [`write_event`] writes one, [`EventWriter`] one whose attributes and objects come as a stream.
//!
//! # What is kept
//!
//! Everything. What is known stands in the members of the records; what is not known, or has not the
//! form that is known, stands in their [`Rest`] as it came, to the digits of numbers. What is written
//! equals what was read, as JSON values, but for this:
//!
//! - a whole number, where MISP writes numbers as texts, is written as a text (`5` as `"5"`);
//! - a number, where MISP writes a text, is written as a text;
//! - `0`, `1`, and the texts `"0"`, `"1"`, `"true"` and `"false"`, where MISP writes truth values,
//!   are written as `true` and `false`;
//! - of two members of one name the last counts, as everywhere in JSON;
//! - members beside `Event` in the object that wraps it are passed over, and counted.
//!
//! A list of records that has something else than an object in it is an error.

mod analyst;
mod attached;
mod coded;
mod context;
mod event;
mod member;
mod parties;
mod read;
mod record;
mod rest;
mod write;

pub use analyst::{AnalystNote, AnalystOpinion, AnalystRelationship, EventReport, Sighting};
pub use attached::DataError;
pub use coded::{Analysis, Distribution, SightingType, ThreatLevel};
pub use context::{Galaxy, GalaxyCluster, GalaxyClusterRelation, Tag};
pub use event::{Attribute, Event, Object, ObjectReference, RelatedEvent, ShadowAttribute};
pub use parties::{
    CryptographicKey, Organisation, Server, SharingGroup, SharingGroupOrg, SharingGroupServer,
};
pub use read::{EventLimits, EventsSeen, read_events};
pub use rest::Rest;
pub use write::{EventWriter, write_event};
