//! Collections, who reads them, and what is asked of them.

mod class;
mod collection;
mod decay;
mod filter;
mod import;
mod key;
mod library;
mod preview;
mod reader;
mod remote;
mod sighting;
mod text;
mod warninglist;

pub(crate) use class::{ALL_LABELS, holds};
pub use class::{Class, Holds, Spec};
pub use collection::{Collection, Root, Settings, Shown};
pub use decay::{Decay, Life, Polynomial, State, Vital};
pub use filter::{
    Cut, Entry, Fetched, Filter, Listed, PAGE_BYTES_MAX, PAGE_ENTRIES_MAX, Versions, WORDS_MAX,
};
pub use import::{Import, Loss, Outcome, Refusal, Refusals, Stage};
pub(crate) use key::host_of;
pub use key::{Key, Relation};
pub use library::{Cluster, Galaxy, Taxonomy, TaxonomyTag};
pub use preview::{Fate, FateCount, Foreseen, Preview};
pub use reader::Reader;
pub use remote::{
    Direction, Here, NOTES_MAX, Note, NoteKind, Remote, RemoteKind, RemoteSettings, Run,
    RunOutcome, Tally, TestStep,
};
pub(crate) use sighting::Sighted;
pub use sighting::{NewSighting, Seen, SightingCount, SightingKind, Sightings, identity_of};
pub use text::{Invalid, Name, Prose, Title};
pub use warninglist::{Listing, Warninglist, list_kind_word};
pub(crate) use warninglist::{list_kind_code, list_kind_from_code};
