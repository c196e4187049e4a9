//! The chores of the project: check, test, tidy, bless, fuzz, audit, bench.
#![forbid(unsafe_code)]

fn main() {}
