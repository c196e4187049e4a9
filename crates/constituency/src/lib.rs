//! The constituency's vulnerabilities: what its organisations run, what of it is known to be
//! exploited, and what is done about it until when.
//!
//! An asset is a product in a version that stands somewhere in an organisation. Lists of assets are
//! taken in from files by a job that tells what became of every line and that can be interrupted
//! anywhere. Products and entries of the catalogue of known exploited vulnerabilities are held
//! against each other when either comes in, by their names; a match says how sure it is
//! ([`names::Sure`]), and whether a version is affected is said only where somebody stated the
//! versions ([`version::Verdict`]): people here, or records of the CVE Program ([`cve`]). Asset lists never leave the node by federation or search.
#![forbid(unsafe_code)]

pub mod csv;
pub mod cve;
pub mod day;
pub mod error;
pub mod http;
pub mod jobs;
pub mod kev;
pub mod line;
pub mod model;
pub mod names;
pub mod ops;
mod store;
pub mod version;
pub mod wire;

pub use error::Error;
