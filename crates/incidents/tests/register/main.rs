//! The register on SQLite and on PostgreSQL.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod calendars;
mod classed;
mod clocks;
mod clocks_http;
mod evidence;
mod formats;
mod harm;
mod hold;
mod house;
mod http;
mod import;
mod list;
mod merge;
mod merge_numbers;
mod office;
mod past;
mod reporting;
mod reports;
mod requests;
mod retention;
mod search;
mod severity;
mod split;
mod split_conserves;
mod store;
mod submission;
mod sums;
mod tally;
mod taxonomies;
mod taxonomies_http;
mod transfer;
mod walks;
mod work;
