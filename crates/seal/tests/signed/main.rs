//! Signed documents: key sets, how they follow each other, and what happens to one that is changed.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod key_sets;
mod support;
mod tamper;
