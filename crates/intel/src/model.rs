//! Collections, who reads them, and what is asked of them.

mod class;
mod collection;
mod decay;
mod filter;
mod import;
mod key;
mod reader;
mod sighting;
mod text;
mod warninglist;

pub use class::{Class, Spec};
pub use collection::{Collection, Root, Settings, Shown};
pub use decay::{Decay, Life, Polynomial, State, Vital};
pub use filter::{
    Cut, Entry, Fetched, Filter, PAGE_BYTES_MAX, PAGE_ENTRIES_MAX, Versions, WORDS_MAX,
};
pub use import::{Import, Outcome, Refusal, Refusals};
pub(crate) use key::host_of;
pub use key::{Key, Relation};
pub use reader::Reader;
pub(crate) use sighting::Sighted;
pub use sighting::{NewSighting, Seen, SightingKind, Sightings, Tally, identity_of};
pub use text::{Invalid, Name, Prose, Title};
pub use warninglist::{Listed, Warninglist, list_kind_word};
pub(crate) use warninglist::{list_kind_code, list_kind_from_code};
