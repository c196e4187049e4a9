//! Collections, who reads them, and what is asked of them.

mod class;
mod collection;
mod filter;
mod import;
mod preview;
mod reader;
mod text;

pub use class::{Class, Spec};
pub use collection::{Collection, Root, Settings, Shown};
pub use filter::{
    Cut, Entry, Fetched, Filter, Listed, PAGE_BYTES_MAX, PAGE_ENTRIES_MAX, Versions, WORDS_MAX,
};
pub use import::{Import, Loss, Outcome, Refusal, Refusals, Stage};
pub use preview::{Fate, Foreseen, Preview, Tally};
pub use reader::Reader;
pub use text::{Invalid, Name, Prose, Title};
