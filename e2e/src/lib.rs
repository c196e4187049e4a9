//! Journeys through the real binary and a real browser.
#![forbid(unsafe_code)]
