//! MISP's interface, as scripts know it that were written with `PyMISP`.
//!
//! Everything stands below `/misp/`. What can be asked for stands in [`ROUTES`]; a path is read as
//! MISP does, with or without `.json`, and with `/name:value` in it. Below
//! `/misp/in/ROOT/COLLECTION/` the same stands for one collection alone. What is asked is read in
//! [`ask`], what is answered is written in [`out`]; all else is done by `intel`. Long answers are
//! sent page by page, so that memory does not grow with them.
//!
//! The other way round, [`sync`] exchanges events with instances and reads feeds.
#![forbid(unsafe_code)]

mod answer;
mod ask;
mod call;
mod http;
mod mark;
mod out;
mod route;
pub mod sync;
mod who;

pub use answer::{error_body, status_of};
pub use http::{State, router};
pub use route::{ROUTES, Route};
