//! The web listener as a caller meets it.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod contract;
mod evidence;
mod listener;
mod misp_client;
mod misp_files;
mod misp_house;
mod once;
mod pressed;
mod support;
mod taxii_client;
