//! Collections on both engines: who sees what, pages, versions, imports.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: a surprise ends the test"
)]

mod delete;
mod events;
mod events_found;
mod house;
mod import;
mod pages;
mod peer;
mod readers;
mod remotes;
