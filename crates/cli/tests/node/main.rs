//! Nodes by the real binary: made, tended, introduced, backed up, and what goes from one to another.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod backup;
mod collections;
mod command;
mod doctor;
mod keys;
mod library;
mod life;
mod mail;
mod peers;
mod taxonomy;
mod transfer;
