//! Parties, their contacts and their keys.
#![forbid(unsafe_code)]
