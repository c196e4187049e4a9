//! The pages: templates, style, scripts and words; it composes what the rooms offer.
#![forbid(unsafe_code)]
