//! Collections on both engines: who sees what, pages, versions, imports.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "test code: a surprise ends the test"
)]

mod about;
mod barred;
mod correlation;
mod delete;
mod events;
mod events_found;
mod events_kept;
mod events_moments;
mod events_of_house;
mod events_restored;
mod events_shown;
mod events_withdrawn;
mod export;
mod export_misp;
mod foreign;
mod gaps;
mod given;
mod house;
mod import;
mod index;
mod library;
mod life;
mod marks;
mod pages;
mod peer;
mod readers;
mod remotes;
mod sightings;
mod unseen;
mod upload;
mod upload_events;
mod values;
mod warninglists;
