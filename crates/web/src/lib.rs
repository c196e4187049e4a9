//! The pages: templates, style, scripts and words; it composes what the rooms offer.
//!
//! A request comes to a handler in `pages`, which asks the rooms' ops, puts what they answer into a
//! view (`views`: plain data, no room's types) and lets a template draw it in the reader's words
//! (`words`). Pages work without scripts and load nothing from elsewhere.
#![forbid(unsafe_code)]

pub mod assets;
mod pages;
pub mod views;
pub mod words;

pub use pages::{House, Introduce, error_page, reminder_mail, router};
