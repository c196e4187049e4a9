//! Lists of indicators: what each format brings, what is refused, and what real lists hold.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod exclusions;
mod gather;
mod hostile;
mod json;
mod large;
mod misp;
mod plain;
mod published;
mod stix;
mod tables;
