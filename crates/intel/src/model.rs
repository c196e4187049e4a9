//! Collections, who reads them, and what is asked of them.

mod class;
mod collection;
mod filter;
mod import;
mod reader;
mod remote;
mod text;

pub use class::{Class, Spec};
pub use collection::{Collection, Root, Settings, Shown};
pub use filter::{
    Cut, Entry, Fetched, Filter, PAGE_BYTES_MAX, PAGE_ENTRIES_MAX, Versions, WORDS_MAX,
};
pub use import::{Import, Outcome, Refusal, Refusals};
pub use reader::Reader;
pub use remote::{
    Direction, Here, NOTES_MAX, Note, NoteKind, Remote, RemoteKind, RemoteSettings, Run,
    RunOutcome, Tally, TestStep,
};
pub use text::{Invalid, Name, Prose, Title};
