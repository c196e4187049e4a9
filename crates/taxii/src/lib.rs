//! TAXII 2.1 (OASIS, 10 June 2021): collections of intelligence for the tools that people have.
//!
//! All endpoints of the specification stand below `/taxii2/`. What is asked is read in [`ask`], what
//! is answered is written in [`wire`]; all else is done by `intel`. Objects are sent as they were
//! given, and a page is put together by the database.
#![forbid(unsafe_code)]

mod ask;
pub mod client;
mod http;
mod media;
mod who;
mod wire;

pub use http::{State, router};
pub use media::TAXII;
