//! The real program is killed, and its disk fails: nothing acknowledged is lost, nothing is doubled,
//! and no receipt leaves before what it promises was synced.
#![expect(clippy::unwrap_used, reason = "test code: a surprise ends the test")]

mod binary;
mod disk;
mod held;
mod killed;
mod shared;
